"""The parameters that a scenario states: their groups, words, units and what is possible.

Everything that steers a simulated fund and is not stated by a policy is one of these.
What value each has, its plausible range and where that comes from stands in the
scenario files; here is what each means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
from attrs import frozen

from sifrules.values.text import LocalizedText

#: Units of parameters. A share lies from 0 to 1.
SHARE, RATIO, COUNT, MONTHS, SEK, PER_YEAR = "share", "ratio", "count", "months", "SEK", "a year"

_BOUNDS: dict[str, tuple[float, float]] = {
    SHARE: (0.0, 1.0),
    RATIO: (0.0, 100.0),
    COUNT: (0.0, 1_000.0),
    MONTHS: (0.0, 600.0),
    SEK: (0.0, 1e10),
    PER_YEAR: (0.0, 1_000.0),
}


def parameter(
    sv: str,
    en: str,
    unit: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    whole: bool = False,
) -> Any:
    """A parameter: its words, its unit, what it may be at least and most, and whether whole."""
    low, high = _BOUNDS[unit]
    bounds = (low if at_least is None else at_least, high if at_most is None else at_most)
    words = LocalizedText(sv=sv, en=en)
    return attrs.field(metadata={"words": words, "unit": unit, "bounds": bounds, "whole": whole})


@frozen(kw_only=True)
class Municipality:
    """The municipality (kommunen): how large, and how many projects it can run."""

    population: int = parameter(
        "invånare", "inhabitants", COUNT, at_least=100, at_most=20e6, whole=True
    )
    committees: int = parameter("nämnder", "committees", COUNT, at_least=1, at_most=200, whole=True)
    capacity: float = parameter(
        "projekt som en nämnd orkar med samtidigt, vid 100 000 invånare",
        "projects that a committee can run at once, at 100,000 inhabitants",
        COUNT,
    )
    size_elasticity: float = parameter(
        "hur idéer och kapacitet följer folkmängden (1: i proportion)",
        "how ideas and capacity follow the population (1: in proportion)",
        RATIO,
    )
    surplus: float = parameter(
        "chans per år för ett överskott som det avsätts ur",
        "chance a year of a surplus out of which money is set aside",
        SHARE,
    )


@frozen(kw_only=True)
class Ideas:
    """The ideas (idéer): how many come, when, from whom, and what they are."""

    stock: float = parameter(
        "idéer som väntar när fonden öppnar, per 100 000 invånare",
        "ideas waiting when the fund opens, per 100,000 inhabitants",
        COUNT,
    )
    flow: float = parameter(
        "nya idéer per år, per 100 000 invånare", "new ideas a year, per 100,000 inhabitants", COUNT
    )
    novelty: float = parameter(
        "månader som väntande idéer i genomsnitt dröjer",
        "months that waiting ideas take to come, on average",
        MONTHS,
    )
    attention: float = parameter(
        "andel idéer som någon tar sig an", "share of ideas that somebody takes up", SHARE
    )
    civil_society: float = parameter(
        "andel idéer från civilsamhället", "share of ideas from civil society", SHARE
    )
    partner: float = parameter(
        "andel av dem som har en nämnd eller förvaltning med sig",
        "share of those with a committee or administration as partner",
        SHARE,
    )
    regular: float = parameter(
        "andel av kommunens egna idéer som är ordinarie verksamhet",
        "share of the municipality's own ideas that are regular operations",
        SHARE,
    )
    regular_civil: float = parameter(
        "andel av civilsamhällets idéer som är pågående arbete",
        "share of civil society's ideas that are work under way",
        SHARE,
    )
    evaluable: float = parameter(
        "andel idéer som kan utvärderas", "share of ideas that can be evaluated", SHARE
    )
    several_areas: float = parameter(
        "andel idéer över två eller flera verksamhetsområden",
        "share of ideas across two or more areas of operation",
        SHARE,
    )
    cost_median: float = parameter("kostnad, median", "cost, median", SEK, at_least=1_000)
    cost_spread: float = parameter(
        "kostnadens spridning (standardavvikelse i logaritmer)",
        "spread of the cost (standard deviation in logarithms)",
        RATIO,
    )
    shortest: int = parameter(
        "kortaste projekttid", "shortest project time", MONTHS, at_least=1, whole=True
    )
    longest: int = parameter(
        "längsta projekttid", "longest project time", MONTHS, at_least=1, whole=True
    )


@frozen(kw_only=True)
class Facts:
    """What holds of an idea (villkor): the share of ideas of which each fact is true."""

    reduces_exclusion: float = parameter("minskar utanförskap", "reduces exclusion", SHARE)
    lowers_unemployment: float = parameter("sänker arbetslösheten", "lowers unemployment", SHARE)
    new_thinking: float = parameter("nytänkande", "new thinking", SHARE)
    preventive: float = parameter("förebyggande", "preventive", SHARE)
    early: float = parameter("tidig", "early", SHARE)
    children_and_young: float = parameter("barn och unga", "children and young people", SHARE)
    public_health: float = parameter("folkhälsa", "public health", SHARE)
    within_goal_areas: float = parameter("inom målområden", "within goal areas", SHARE)
    committees_agree: float = parameter("nämnderna är ense", "the committees agree", SHARE)
    other: float = parameter(
        "varje annan uppgift, från ett tillägg", "each other fact, from a plugin", SHARE
    )


@frozen(kw_only=True)
class Effects:
    """What an investment brings (effekter): how much, when, to whom, how surely."""

    in_municipality: float = parameter(
        "andel idéer som väntas ha någon effekt i kommunen",
        "share of ideas that are expected to have any effect in the municipality",
        SHARE,
    )
    municipal_median: float = parameter(
        "kommunal effekt i förhållande till kostnaden, om allt går som hoppats, median",
        "municipal effect relative to the cost, if all goes as hoped, median",
        RATIO,
    )
    human_median: float = parameter(
        "mänskliga vinster i förhållande till kostnaden, median",
        "human gains relative to the cost, median",
        RATIO,
    )
    outside_median: float = parameter(
        "vinster utanför kommunen i förhållande till kostnaden, median",
        "gains outside the municipality relative to the cost, median",
        RATIO,
    )
    spread: float = parameter(
        "effekternas spridning (standardavvikelse i logaritmer)",
        "spread of the effects (standard deviation in logarithms)",
        RATIO,
    )
    success: float = parameter(
        "chans att det går som hoppats, medel", "chance that all goes as hoped, mean", SHARE
    )
    success_spread: float = parameter(
        "chansens spridning mellan idéer", "spread of that chance between ideas", SHARE
    )
    partly: float = parameter(
        "andel av det övriga som lyckas delvis", "share of the rest that succeeds in part", SHARE
    )
    partial: float = parameter(
        "hur stor del av effekten som då uppnås", "how much of the effect that then is", SHARE
    )
    delay_least: int = parameter(
        "månader från start till effekt, minst",
        "months to the effect, at least",
        MONTHS,
        whole=True,
    )
    delay_most: int = parameter(
        "månader från start till effekt, högst", "months to the effect, at most", MONTHS, whole=True
    )
    lifetime_least: int = parameter(
        "månader som effekten varar, minst",
        "months the effect lasts, at least",
        MONTHS,
        at_least=1,
        whole=True,
    )
    lifetime_most: int = parameter(
        "månader som effekten varar, högst",
        "months the effect lasts, at most",
        MONTHS,
        at_least=1,
        whole=True,
    )
    cashable: float = parameter(
        "andel av effekten som frigör pengar, medel",
        "share of the effect that frees money, mean",
        SHARE,
    )
    attributable: float = parameter(
        "andel av effekten som en utvärdering kan härleda, medel",
        "share of the effect that an evaluation can attribute, mean",
        SHARE,
    )
    share_spread: float = parameter(
        "spridning kring dessa båda andelar (uniform, ±)",
        "spread around those two shares (uniform, ±)",
        SHARE,
    )
    own_least: float = parameter(
        "andel av effekten hos den egna nämnden, minst",
        "share of the effect at the committee itself, at least",
        SHARE,
        at_least=0.01,
    )
    own_most: float = parameter(
        "andel av effekten hos den egna nämnden, högst",
        "share of the effect at the committee itself, at most",
        SHARE,
        at_least=0.01,
    )
    belief_noise: float = parameter(
        "felet i nämndens tro om effekten (standardavvikelse i logaritmer)",
        "the error of the committee's belief (standard deviation in logarithms)",
        RATIO,
    )
    optimism: float = parameter(
        "tro i förhållande till sanning, medel", "belief relative to truth, mean", RATIO
    )
    kept_without: float = parameter(
        "andel av effekten som består utan implementering",
        "share of the effect that lasts without implementation",
        SHARE,
    )
    early_rise: float = parameter(
        "hur mycket kostnaderna stiger innan effekten kommer, mot besparingen per månad därefter",
        "by how much costs rise before the effect comes, relative to the monthly saving after it",
        RATIO,
    )
    volume_growth: float = parameter(
        "volymernas tillväxt, som döljer effekten",
        "growth of volumes, which hides the effect",
        PER_YEAR,
    )
    shifted: float = parameter(
        "andel av den kommunala effekten som är kostnader som flyttas till andra, som staten",
        "share of the municipal effect that is costs moved to others, such as the state",
        SHARE,
    )


@frozen(kw_only=True)
class Behaviours:
    """How committees weigh (beteende)."""

    mission_weight: float = parameter(
        "vad en krona mänskliga vinster är värd för nämnden",
        "what a krona of human gains is worth to the committee",
        RATIO,
    )
    others_weight: float = parameter(
        "vikt vid andra nämnders vinster och krav, mot de egna",
        "weight of other committees' gains and claims, against its own",
        SHARE,
    )
    horizon: int = parameter(
        "planeringshorisont för besparingar", "planning horizon for savings", MONTHS, whole=True
    )
    discount: float = parameter("diskontering per år", "discount a year", PER_YEAR)
    risk_aversion: float = parameter(
        "premie per krona väntat underskott (krav över besparing)",
        "premium per krona of expected shortfall (claims above savings)",
        RATIO,
    )
    effort: float = parameter(
        "vad varje krav i ansökan och varje rapport kostar att uppfylla",
        "what each demand on the application and each report costs to meet",
        SEK,
    )
    proof: float = parameter(
        "vad det kostar att övertyga en förvaltning om dess egen del av effekten, varje gång",
        "what it costs to convince one administration of its own part of the effect, each time",
        SEK,
    )
    burden: float = parameter(
        "egen insats under projektet, andel av kostnaden",
        "own effort during the project, share of the cost",
        SHARE,
    )
    cofunding: float = parameter(
        "andel av kostnaden som nämnden betalar själv, också där inget krävs",
        "share of the cost that the committee pays itself, also where none is demanded",
        SHARE,
        at_most=0.9,
    )
    grant_chance: float = parameter(
        "hur trolig nämnden tror att ett beviljande är",
        "how likely the committee thinks a grant",
        SHARE,
    )
    knows_rules: float = parameter(
        "andel som förutser ett avslag på kriterierna och låter bli",
        "share that foresees a refusal on the criteria and refrains",
        SHARE,
    )
    priority_loss: float = parameter(
        "hur mycket chansen sjunker där nämnden inte står någon risk",
        "how much the chance falls where the committee bears no risk",
        SHARE,
    )
    loss_aversion: float = parameter(
        "prospektteori: hur mycket tyngre en förlust väger än en vinst",
        "prospect theory: how much heavier a loss weighs than a gain",
        RATIO,
    )
    curvature: float = parameter(
        "prospektteori: värdefunktionens exponent",
        "prospect theory: exponent of the value function",
        RATIO,
    )
    propensity: float = parameter(
        "nollmodellen: fast benägenhet att söka", "null model: fixed propensity to apply", SHARE
    )
    announced: int = parameter(
        "hur långt före en regeländring nämnderna känner till den",
        "how long before a reform the committees know of it",
        MONTHS,
        whole=True,
    )


@frozen(kw_only=True)
class Handling:
    """How applications and investments are handled (handläggning)."""

    idea_test: int = parameter("idéprövningens tid", "time of the idea test", MONTHS, whole=True)
    lead_least: int = parameter(
        "från behov till beslut, minst, där riktlinjen inte anger det",
        "from need to decision, at least, where the guideline does not say",
        MONTHS,
        whole=True,
    )
    lead_most: int = parameter(
        "från behov till beslut, högst, där riktlinjen inte anger det",
        "from need to decision, at most, where the guideline does not say",
        MONTHS,
        whole=True,
    )
    completeness: float = parameter(
        "chans att ett krav på ansökan är uppfyllt",
        "chance that a demand on the application is met",
        SHARE,
    )
    board_refusal: float = parameter(
        "andel behöriga ansökningar som styrelsen ändå avslår",
        "share of eligible applications that the board refuses all the same",
        SHARE,
    )
    patience: int = parameter(
        "hur länge en nämnd väntar på kapacitet, pengar eller plats under taket",
        "how long a committee waits for capacity, money or room under the cap",
        MONTHS,
        whole=True,
    )
    fits_fund: float = parameter(
        "det mesta av fonden som ett projekt begär",
        "the most of the fund that one project asks for",
        SHARE,
    )
    spent_least: float = parameter(
        "andel av beviljade medel som används, minst",
        "share of the granted money that is used, at least",
        SHARE,
    )
    start_lag: int = parameter(
        "från beviljande till projektets start",
        "from the grant to the start of the project",
        MONTHS,
        whole=True,
    )
    evaluation_lag: int = parameter(
        "från projektets slut till slututvärdering (under noll: före slutet)",
        "from the end of the project to the final evaluation (below zero: before the end)",
        MONTHS,
        at_least=-60,
        whole=True,
    )
    evaluation_interest: float = parameter(
        "ökad chans till utvärdering där krav beror på den",
        "added chance of an evaluation where claims depend on it",
        SHARE,
    )
    return_months: int = parameter(
        "återföringsplanens längd, där riktlinjen inte anger den",
        "length of the return plan, where the guideline does not say",
        MONTHS,
        at_least=1,
        whole=True,
    )
    exemption: float = parameter(
        "chans till befrielse när effekten uteblir och riktlinjen medger det",
        "chance of an exemption on failure where the guideline allows one",
        SHARE,
    )
    implemented_success: float = parameter(
        "chans till implementering efter framgång", "chance of implementation after success", SHARE
    )
    implemented_failure: float = parameter(
        "chans till implementering utan effekt", "chance of implementation without effect", SHARE
    )


@frozen(kw_only=True)
class Administration:
    """What running the fund costs centrally (administration)."""

    posts: float = parameter("heltidstjänster centralt", "full-time posts centrally", COUNT)
    post_cost: float = parameter("kostnad per tjänst och år", "cost of a post a year", SEK)
    application_cost: float = parameter(
        "handläggning av en ansökan", "handling one application", SEK
    )
    claim_cost: float = parameter("handläggning av ett krav", "handling one claim", SEK)


@frozen(kw_only=True)
class Unstated:
    """What a guideline leaves open and a simulation must know (inte angivet)."""

    funding: float = parameter(
        "fondens belopp, där det inte är angivet", "the fund's amount, where not stated", SEK
    )
    return_share: float = parameter(
        "andel av kostnaden som återförs, där den inte är angiven",
        "share of the cost that is returned, where not stated",
        SHARE,
    )


@frozen(kw_only=True)
class Parameters:
    """All parameters of a scenario, by group."""

    municipality: Municipality
    ideas: Ideas
    facts: Facts
    effects: Effects
    behaviour: Behaviours
    handling: Handling
    administration: Administration
    unstated: Unstated


GROUPS: dict[str, type[Any]] = {
    field.name: field.type for field in attrs.fields(attrs.resolve_types(Parameters)) if field.type
}


def declared() -> Iterator[tuple[str, Any]]:
    """Every parameter's path (``ideas.stock``) and its declaration, in order."""
    for group, kind in GROUPS.items():
        for field in attrs.fields(attrs.resolve_types(kind)):
            yield f"{group}.{field.name}", field


#: Pairs of which the first may not lie above the second.
ORDERED = (
    ("ideas.shortest", "ideas.longest"),
    ("effects.delay_least", "effects.delay_most"),
    ("effects.lifetime_least", "effects.lifetime_most"),
    ("effects.own_least", "effects.own_most"),
    ("handling.lead_least", "handling.lead_most"),
)
