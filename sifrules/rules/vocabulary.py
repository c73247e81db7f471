"""The vocabulary (ordförråd): facts that guidelines for social investments read.

Three subjects: the *application* (ansökan) with its required *parts* (delar), the *fund* (fond)
at the time of allocation, and the *investment* (satsning) when it is settled. A guideline or a
plugin may add facts of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sifrules.errors import FactError, nearest
from sifrules.rules.conditions import Fact, Value
from sifrules.rules.kinds import Kind
from sifrules.values.messages import Joined, Message
from sifrules.values.text import LocalizedText


class FactGroup:
    """The facts about one subject, as attributes; an unknown one is a `FactError`."""

    def __init__(self, subject: str, facts: Iterable[Fact]) -> None:
        self._facts: Final = {fact.name.removeprefix(f"{subject}."): fact for fact in facts}
        self._subject: Final = subject

    def __getattr__(self, name: str) -> Fact:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._facts[name]
        except KeyError:
            raise FactError(
                Message("fact.unknown_of", subject=self._subject, name=name),
                fix=nearest(name, self._facts),
            ) from None

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())


class Vocabulary(Mapping[str, Fact]):
    """A mapping from name to fact: those that may be stated.

    `FactError` for two different facts with one name; the same fact may come twice.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts: dict[str, Fact] = {}
        for fact in facts:
            known = self._facts.setdefault(fact.name, fact)
            if known is not fact and known != fact:  # most are the same, which is seen faster
                raise FactError(
                    Message("fact.name_twice"),
                    where=fact.name,
                    fix=Message("fact.rename_one"),
                )

    def __getitem__(self, name: str) -> Fact:
        try:
            return self._facts[name]
        except KeyError:
            raise FactError(
                Message("fact.unknown", name=name), fix=nearest(name, self._facts)
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._facts

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def read(self, written: Mapping[str, object]) -> dict[str, Value]:
        """Internal values of facts as a person writes them, by name.

        ``None`` stands for a missing fact and is left out. One `FactError` names all faults.

        >>> from sifrules import FACTS
        >>> FACTS.read({"application.areas": 2, "application.cost": None})
        {'application.areas': 2}
        """
        values: dict[str, Value] = {}
        faults: list[FactError] = []
        for name, value in written.items():
            try:
                fact = self[name]
                if value is not None:
                    values[name] = fact.value(value)
            except FactError as error:
                faults.append(error)
        if faults:
            raise FactError(Joined(faults, "\n"))
        return values


#: The types of applicant (sökande).
APPLICANTS = (
    "committee",
    "administration",
    "municipal_company",
    "civil_society",
    "public_body",
    "company",
)


def _flag(name: str, sv: str, en: str) -> Fact:
    return Fact(name, Kind.FLAG, LocalizedText(sv=sv, en=en))


application = FactGroup(
    "application",
    [
        Fact(
            "application.applicant",
            Kind.CHOICE,
            LocalizedText(sv="den som ansöker", en="the applicant"),
            APPLICANTS,
        ),
        _flag(
            "application.external_actor",
            "den sökande står utanför kommunens nämnder och förvaltningar",
            "the applicant is outside the municipality's committees and administrations",
        ),
        _flag(
            "application.municipal_partner",
            "en nämnd eller förvaltning samverkar i ansökan",
            "a committee or administration is a partner in the application",
        ),
        _flag(
            "application.cooperates_with_municipality",
            "den sökande samverkar med kommunen",
            "the applicant cooperates with the municipality",
        ),
        Fact(
            "application.areas",
            Kind.COUNT,
            LocalizedText(
                sv="antal verksamhetsområden som deltar", en="areas of operation taking part"
            ),
            least=1,
        ),
        _flag(
            "application.committees_agree",
            "nämnden som genomför och nämnderna där effekten uppstår står bakom projektet",
            "the committee that runs it and those where the effect arises stand behind it",
        ),
        _flag("application.lead_committee", "en nämnd är huvudansvarig", "one committee leads"),
        _flag(
            "application.head_approves",
            "förvaltnings- eller kontorschefen har godkänt ansökan",
            "the head of administration has approved the application",
        ),
        _flag(
            "application.committee_informed",
            "berörd nämnd har informerats",
            "the committee concerned has been informed",
        ),
        _flag(
            "application.committees_heard",
            "berörda nämnder har kunnat lämna synpunkter på idéprövningen",
            "the committees concerned have been able to comment on the idea test",
        ),
        _flag(
            "application.scientific_opinion",
            "ett vetenskapligt utlåtande är inhämtat",
            "a scientific opinion has been obtained",
        ),
        _flag(
            "application.outside_parties_considered",
            "samverkan med parter utanför kommunen har övervägts",
            "cooperation with parties outside the municipality has been considered",
        ),
        Fact(
            "application.cost",
            Kind.MONEY,
            LocalizedText(sv="satsningens kostnad", en="cost"),
            least=0,
        ),
        Fact(
            "application.applied_for",
            Kind.MONEY,
            LocalizedText(sv="sökt belopp", en="amount applied for"),
            least=0,
        ),
        Fact(
            "application.applied_for_per_year",
            Kind.MONEY,
            LocalizedText(
                sv="största sökta belopp under ett år", en="largest amount applied for in a year"
            ),
            least=0,
        ),
        _flag(
            "application.one_total_sum",
            "en totalsumma för hela projekttiden",
            "one total sum for the whole project time",
        ),
        Fact(
            "application.cofunding",
            Kind.MONEY,
            LocalizedText(sv="egen medfinansiering", en="co-funding of its own"),
            least=0,
        ),
        Fact(
            "application.cofunding_in_money",
            Kind.MONEY,
            LocalizedText(sv="egen medfinansiering i pengar", en="co-funding of its own in money"),
            least=0,
        ),
        Fact(
            "application.cofunding_in_kind",
            Kind.MONEY,
            LocalizedText(
                sv="värdet av eget arbete och egna lokaler",
                en="worth of work and premises of its own",
            ),
            least=0,
        ),
        Fact(
            "application.funded_by_others",
            Kind.MONEY,
            LocalizedText(sv="finansiering från andra", en="funding from others"),
            least=0,
        ),
        Fact(
            "application.expected_savings",
            Kind.MONEY,
            LocalizedText(sv="förväntade kostnadsminskningar", en="expected cost reductions"),
        ),
        _flag(
            "application.lowers_costs",
            "insatsen väntas sänka kommunens kostnader",
            "it is expected to lower the municipality's costs",
        ),
        _flag(
            "application.dampens_costs",
            "insatsen väntas dämpa kommunens kostnadsutveckling",
            "it is expected to dampen the growth of the municipality's costs",
        ),
        _flag(
            "application.municipal_effects",
            "ekonomiska effekter väntas inom kommunens egna verksamheter",
            "economic effects are expected inside the municipality's own operations",
        ),
        _flag(
            "application.savings_period_stated",
            "perioden då kostnadsminskningen väntas är angiven",
            "the period in which the cost reduction is foreseen is stated",
        ),
        _flag(
            "application.regular_operations",
            "medlen skulle gå till ordinarie verksamhet eller redan pågående arbete",
            "the money would go to regular operations or to work already under way",
        ),
        _flag(
            "application.reduces_exclusion",
            "insatsen minskar eller motverkar utanförskap",
            "it reduces or counters exclusion",
        ),
        _flag(
            "application.lowers_unemployment",
            "insatsen sänker på sikt arbetslösheten, direkt eller indirekt",
            "it lowers unemployment in the long run, directly or indirectly",
        ),
        _flag("application.evaluable", "insatsen kan utvärderas", "it can be evaluated"),
        _flag(
            "application.external_evaluation",
            "en extern part utvärderar med vetenskapliga metoder",
            "an external party evaluates with scientific methods",
        ),
        _flag(
            "application.new_thinking",
            "insatsen prövar nya arbetssätt eller metoder",
            "it tries new ways of working or methods",
        ),
        _flag(
            "application.furthers_cooperation",
            "insatsen främjar samverkan mellan verksamheter",
            "it furthers cooperation between operations",
        ),
        _flag(
            "application.preventive",
            "insatsen är främjande och förebyggande",
            "it is promoting and preventive",
        ),
        _flag(
            "application.early",
            "insatsen bryter en negativ utveckling tidigt",
            "it breaks a negative development early",
        ),
        _flag(
            "application.children_and_young",
            "målgruppen är barn och unga",
            "the target group is children and young people",
        ),
        _flag(
            "application.public_health",
            "insatsen främjar folkhälsan bland invånarna",
            "it furthers the inhabitants' public health",
        ),
        _flag(
            "application.within_goal_areas",
            "insatsen ligger inom fondens målområden",
            "it lies within the fund's goal areas",
        ),
        Fact(
            "application.duration",
            Kind.MONTHS,
            LocalizedText(sv="projekttid i månader", en="project time in months"),
            least=1,
        ),
        Fact("application.start_year", Kind.YEAR, LocalizedText(sv="startår", en="year of start")),
        Fact(
            "application.base_amount",
            Kind.MONEY,
            LocalizedText(sv="prisbasbeloppet", en="price base amount"),
            least=0,
        ),
    ],
)

#: The parts that an application may be required to contain, by name.
REQUIRED_PARTS = {
    "background": LocalizedText(sv="bakgrunden till behovet", en="the background to the need"),
    "present_state": LocalizedText(
        sv="en nulägesbeskrivning", en="a description of the present state"
    ),
    "description": LocalizedText(
        sv="en beskrivning av insatsen", en="a description of the measure"
    ),
    "target_group": LocalizedText(sv="målgruppen", en="the target group"),
    "evidence": LocalizedText(
        sv="evidens eller beprövad erfarenhet", en="evidence or proven experience"
    ),
    "goals": LocalizedText(sv="mål och förväntat resultat", en="goals and the expected result"),
    "indicators": LocalizedText(sv="indikatorer", en="indicators"),
    "time_plan": LocalizedText(sv="en tids- och aktivitetsplan", en="a time and activity plan"),
    "budget": LocalizedText(sv="en budget eller kostnadskalkyl", en="a budget or cost calculation"),
    "effects": LocalizedText(
        sv="beräkningar av förväntade effekter", en="calculations of expected effects"
    ),
    "return_plan": LocalizedText(sv="en återföringsplan", en="a return plan"),
    "financing": LocalizedText(sv="hur insatsen finansieras", en="how the measure is financed"),
    "follow_up_plan": LocalizedText(sv="en plan för uppföljning", en="a plan for follow-up"),
    "evaluation_plan": LocalizedText(sv="en plan för utvärdering", en="a plan for evaluation"),
    "implementation_plan": LocalizedText(
        sv="en plan för implementering i ordinarie verksamhet",
        en="a plan for implementation in regular operations",
    ),
}

parts = FactGroup(
    "parts",
    [
        _flag(
            f"parts.{name}",
            f"ansökan innehåller {each.sv}",
            f"the application contains {each.en}",
        )
        for name, each in REQUIRED_PARTS.items()
    ],
)

fund = FactGroup(
    "fund",
    [
        _flag("fund.exists", "det finns en fond att söka ur", "there is a fund to apply to"),
        Fact(
            "fund.available",
            Kind.MONEY,
            LocalizedText(sv="kvar i fonden", en="left in the fund"),
            least=0,
        ),
        Fact(
            "fund.new_investments_this_year",
            Kind.COUNT,
            LocalizedText(sv="nya satsningar hittills i år", en="new investments so far this year"),
        ),
        Fact(
            "fund.granted_this_year",
            Kind.MONEY,
            LocalizedText(sv="beviljat hittills i år", en="granted so far this year"),
            least=0,
        ),
    ],
)

investment = FactGroup(
    "investment",
    [
        Fact(
            "investment.start_year",
            Kind.YEAR,
            LocalizedText(sv="satsningens startår", en="year the investment started"),
        ),
        _flag(
            "investment.returns", "återföring gäller satsningen", "return applies to the investment"
        ),
        _flag(
            "investment.target_reached",
            "satsningen har nått det avtalade målet",
            "the investment has reached the agreed target",
        ),
    ],
)

#: Every fact above, by name.
FACTS = Vocabulary([*application, *parts, *fund, *investment])
