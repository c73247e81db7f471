"""Whether a project is worth applying for: by hand, and as the simulation has it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from sifrules import FundPolicy, registry
from sifrules.loading.application import read_application
from sifrules.plugin.simulation import ProjectOutcome
from sifrules_simulation import scenario
from sifrules_simulation.analysis.assessed_project import ProjectDetails, assessed_project
from sifrules_simulation.analysis.assessment import Assessor, PolicyAssessment
from sifrules_simulation.analysis.cash_flows import outcomes_of, settlement
from sifrules_simulation.model.behaviours import Weighing
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.mechanisms import ALL_ON
from sifrules_simulation.model.policy_adapter import PolicyAdapter

ROOT = Path(__file__).parents[3]
REGISTRY = registry()
COMPLETE = read_application(ROOT / "examples" / "applications" / "invented-complete.toml").facts
WORLD = scenario("default")
#: The invented application: 6 million over 36 months from 2017. If all goes as hoped costs fall by
#: 7.5 million over 60 months from 2018, of which 60 % at the committee itself.
DETAILS = ProjectDetails(delay=12, lifetime=60, own_share=Decimal("0.6"))

# By hand, in thousands of kronor. 40 % of the effect can be cashed: 7500 × 0.4 × 0.6 = 1800 are the
# committee's own savings, 360 a year from 2018 to 2022; 40 % of that if it succeeds in part.
# Running the project takes 20 % of 6000: 400 a year from 2017 to 2019. An evaluation can attribute
# half of the effect: 3750, in part 1500, else nothing. Of every claim 60 % is the committee's own.
SAVED = {"as_hoped": 1800, "partly": 720, "fails": 0}
NOTHING = {"as_hoped": {}, "partly": {}, "fails": {}}
#: The whole cost in three years after the project, whatever the effect: 6000 / 3 × 0.6.
ALL_AFTER = {outcome: {2020: 1200, 2021: 1200, 2022: 1200} for outcome in SAVED}
#: The effect, at least 30 % of the cost: 3750 / 3 × 0.6, or 1800 / 3 × 0.6. On top of the first
#: instalment the fee, 5 % of the cost: 300 × 0.6.
OREBRO = {
    "as_hoped": {2020: 750 + 180, 2021: 750, 2022: 750},
    "partly": {2020: 360 + 180, 2021: 360, 2022: 360},
    "fails": {2020: 360 + 180, 2021: 360, 2022: 360},
}
#: The claims on the committee by year and outcome, and how many demands applying has to meet
#: (rules and reports) at 15 each.
BY_HAND = {
    "lulea@2017": (NOTHING, 4),
    "malmo@2016": (ALL_AFTER, 4),
    # No more than the effect, from when costs begin to fall: 3750 / 3 × 0.6, 1500 / 3 × 0.6.
    "norrkoping@2010": (
        {
            "as_hoped": dict.fromkeys((2018, 2019, 2020), 750),
            "partly": dict.fromkeys((2018, 2019, 2020), 300),
            "fails": {},
        },
        15,
    ),
    "norrkoping@2022": (NOTHING, 19),
    "nynashamn@2018": (NOTHING, 3),
    "orebro@2013": (OREBRO, 16),
    "orebro@2016": (OREBRO, 17),
    "skane@2013": (NOTHING, 11),
    "skane@2018": (NOTHING, 6),
    # The whole cost in five years that begin five years after the start: 6000 / 5 × 0.6.
    "sodertalje@2015": ({outcome: dict.fromkeys(range(2022, 2027), 720) for outcome in SAVED}, 15),
    "sodertalje@2018": (NOTHING, 15),
    "vingaker@undated": (ALL_AFTER, 6),
}
#: The invented application asks for more a year than these grant: what counts is a smaller project,
#: whose figures are not the ones above.
CUT = {"gavleborg@2019", "lulea@2024"}
THOUSAND = 100_000


@cache
def assessed(policy: str, details: ProjectDetails = DETAILS, *settings: str) -> PolicyAssessment:
    """The invented application under a policy."""
    found = REGISTRY.policy(policy, settings)
    return Assessor(REGISTRY, COMPLETE, details, WORLD).under(found)


def test_every_bundled_policy_with_a_fund_is_worked_out_by_hand() -> None:
    """No bundled policy is left out of the figures but those that cut it, or have no fund."""
    ids = {policy.id for policy in REGISTRY.policies}
    assert ids - BY_HAND.keys() - CUT == {"botkyrka@2018"}
    for policy in CUT:
        found = assessed(policy)
        assert found.project.project.cost < found.written.project.cost
    assert assessed("botkyrka@2018").valuation is None


@pytest.mark.parametrize("policy", BY_HAND)
def test_claims_and_net_by_year_are_those_by_hand(policy: str) -> None:
    """Every year's savings, claims, own work and net are the hand's, to the öre."""
    claims, demands = BY_HAND[policy]
    for way in assessed(policy).outcomes:
        saved, owed = SAVED[way.outcome], claims[way.outcome]
        for year, flow in way.years.items():
            savings = saved // 5 if 2018 <= year <= 2022 else 0
            work = (400 if year <= 2019 else 0) + (15 * demands if year == 2017 else 0)
            by_hand = (savings, owed.get(year, 0), work, savings - owed.get(year, 0) - work)
            found = (flow.savings, flow.claims, flow.own_work, flow.net)
            assert found == tuple(THOUSAND * amount for amount in by_hand), year
        assert set(owed) <= set(way.years)
        net = saved - sum(owed.values()) - 1200 - 15 * demands
        assert way.in_all.net == THOUSAND * net


@pytest.mark.parametrize("policy", ["orebro@2016", "sodertalje@2015", "lulea@2017"])
def test_the_terms_are_those_of_the_behaviour(policy: str) -> None:
    """The terms add up to what the simulation's own behaviour finds that applying is worth."""
    found = assessed(policy)
    assert found.valuation is not None
    of = found.project
    sees = ProspectEvaluator(PolicyAdapter(REGISTRY.policy(policy), WORLD, ALL_ON))
    track = (found.cut or found.decision).track
    if track is not None:
        sees = sees.on_tracks[track]
    prospect = sees.prospect(of.idea, of.project, of.start, of.idea.facts)
    behaviour = Weighing().given(WORLD.values)
    assert isclose(found.valuation.worth, behaviour.worth(prospect), rel_tol=1e-12)
    assert found.valuation.pays is behaviour.applies(prospect)


@given(
    effect=st.integers(0, 30_000_000_00),
    share=st.sampled_from((0.0, 0.4, 1.0)),
    policy=st.sampled_from(("orebro@2016", "sodertalje@2015")),
)
@settings(max_examples=30)
def test_the_claims_that_are_shown_are_those_that_are_valued(
    effect: int, share: float, policy: str
) -> None:
    """Discounted and weighed, what is due by month is what the simulated committee expects."""
    found = REGISTRY.policy(policy)
    sees = ProspectEvaluator(PolicyAdapter(found, WORLD, ALL_ON))
    of = assessed_project(
        found.vocabulary.read({k: v for k, v in COMPLETE.items() if k in found.vocabulary}),
        ProjectDetails(effect=effect, own_share=Decimal("0.6")),  # type: ignore[arg-type]
        WORLD,
    )
    given = WORLD.parameters.behaviour
    monthly = (1 + given.discount) ** (-1 / 12)
    valued = sum(
        claim.amount
        / 100
        * monthly ** (claim.due - of.start)
        * (1 if claim.payer in (None, of.idea.payer) else given.others_weight)
        for claim in settlement(sees, of, share).claims
    )
    expected = sees.claims(of.idea, of.project, of.start, of.idea.facts, (share, 1.0))[share]
    assert isclose(valued, expected, rel_tol=1e-9, abs_tol=1e-6)


def test_the_least_effect_is_where_applying_begins_to_pay() -> None:
    """At the least effect applying pays, and with a thousand kronor less it does not."""
    least = assessed("lulea@2017").least_effect_in_money
    assert least is not None
    for effect, pays in ((least, True), (least - THOUSAND, False)):
        details = ProjectDetails(delay=12, lifetime=60, own_share=Decimal("0.6"), effect=effect)  # type: ignore[arg-type]
        valued = assessed("lulea@2017", details).valuation
        assert valued is not None
        assert (valued.in_money > 0) is pays


def test_where_claims_grow_faster_than_savings_a_large_effect_need_not_pay() -> None:
    """Norrköping 2010 pays at no effect, stops paying where the hand says, and begins again."""
    at = {}
    for effect in (0, 6_000_000_00):
        details = ProjectDetails(delay=12, lifetime=60, own_share=Decimal("0.6"), effect=effect)  # type: ignore[arg-type]
        valued = assessed("norrkoping@2010", details).valuation
        assert valued is not None
        at[effect] = valued.worth
    # No effect, no claims: human gains at the committee's weight, less the burden, by the chance.
    none = valued_at_no_effect()
    assert isclose(at[0], none)
    # Up to the cost, claims and savings grow evenly: the worth is a line between the two.
    by_hand = at[0] / (at[0] - at[6_000_000_00]) * 6_000_000
    first, second = assessed("norrkoping@2010").pays_at
    assert (first.least, second.most) == (0, None)
    assert first.most is not None
    assert 0 <= by_hand - first.most / 100 < 1000
    # No more than the cost is claimed: beyond an effect of which half is the cost, savings go on.
    assert second.least > 12_000_000_00
    assert assessed("norrkoping@2010").least_effect == 0


def valued_at_no_effect() -> float:
    """What applying is worth under Norrköping 2010 at no effect, from the scenario's figures."""
    given = WORLD.values
    chance = given["behaviour.grant_chance"]
    found = assessed("norrkoping@2010", ProjectDetails(delay=12, lifetime=60, effect=0))  # type: ignore[arg-type]
    assert found.valuation is not None
    assert (found.valuation.claims, found.valuation.savings, found.valuation.risk) == (0, 0, 0)
    effort = given["behaviour.effort"] * 15
    assert isclose(found.valuation.burden, given["behaviour.burden"] * 6_000_000)
    return chance * (found.valuation.human - given["behaviour.burden"] * 6_000_000) - effort


def test_where_no_effect_makes_applying_pay_there_is_no_least() -> None:
    """Where savings come after the planning horizon, no effect makes it pay in money alone."""
    late = ProjectDetails(delay=60, lifetime=60, own_share=Decimal("0.6"))
    assert assessed("lulea@2017", late).least_effect_in_money is None


def test_a_project_above_a_ceiling_is_cut_as_applicants_cut_theirs() -> None:
    """A ceiling refuses the application as written; amounts are those of the project within it."""
    found = assessed(
        "orebro@2016",
        DETAILS,
        "caps.amount.kind=amount_per_investment",
        "caps.amount.limit=2000000",
    )
    assert found.cut is not None
    assert found.decision.outcome == "not_eligible"
    assert found.cut.outcome == "eligible"
    assert found.granted is not None
    assert 0 < found.granted <= 2_000_000_00
    assert found.written.project.cost == 6_000_000_00


def test_what_an_application_says_is_not_assumed() -> None:
    """A figure that is stated replaces the scenario's, and is no longer among what is assumed."""
    values = REGISTRY.policy("orebro@2016").vocabulary.read(
        {k: v for k, v in COMPLETE.items() if k in REGISTRY.policy("orebro@2016").vocabulary}
    )
    silent = assessed_project({"application.cost": 100_000_000}, ProjectDetails(), WORLD)
    spoken = assessed_project(values, DETAILS, WORLD)
    assert {"effects.municipal_median", "ideas.shortest", "effects.own_least"} <= {*silent.assumed}
    stated = {"effects.municipal_median", "ideas.shortest", "effects.own_least"}
    assert stated.isdisjoint(spoken.assumed)
    assert (spoken.idea.believed_effect, spoken.project.months) == (7_500_000_00, 36)


def test_what_others_pay_is_neither_the_funds_nor_the_committees() -> None:
    """Funding from others lowers what is applied for, and is no share of the committee's own."""
    facts = {
        **COMPLETE,
        "application.cofunding": 500_000,
        "application.funded_by_others": 1_000_000,
    }
    found = Assessor(REGISTRY, facts, DETAILS, WORLD).under(REGISTRY.policy("lulea@2017"))
    assert found.project.project.applied_for == 4_500_000_00
    for way in found.outcomes:
        assert way.in_all.own_share == 500_000_00
    alone = assessed("lulea@2017").valuation
    assert found.valuation is not None
    assert alone is not None
    assert isclose(found.valuation.burden - alone.burden, 500_000)


def test_the_name_of_a_policy_does_not_count() -> None:
    """The same clauses under another name are worth the same."""
    from attrs import evolve

    policy: FundPolicy = evolve(REGISTRY.policy("orebro@2016"), id="elsewhere@2016")
    renamed = Assessor(REGISTRY, COMPLETE, DETAILS, WORLD).under(policy)
    assert renamed.valuation == assessed("orebro@2016").valuation


def test_what_the_answer_depends_on_comes_strongest_first() -> None:
    """Each assumption is tried at both ends of its range, and the largest swing stands first."""
    found = assessed("orebro@2016").depends_on
    assert [each.swing for each in found] == sorted((e.swing for e in found), reverse=True)
    mission = next(each for each in found if each.path == "behaviour.mission_weight")
    assert mission.worth_low < mission.worth_high
    assert mission.turns


def test_chances_of_the_outcomes_sum_to_one() -> None:
    """The three ways in which a project may turn out are all there are."""
    ways = assessed("lulea@2017").outcomes
    assert [way.outcome for way in ways] == list(ProjectOutcome)
    assert isclose(sum(way.chance for way in ways), 1)


@pytest.mark.parametrize(
    "setting", ["proof=each", "early_costs=rise", "volumes=growing", "evaluation=fixed_date"]
)
def test_flows_follow_the_structural_assumptions(setting: str) -> None:
    """Undiscounted and over the whole lifetime, years sum to what the committee foresees."""
    values = {"behaviour.discount": 0, "behaviour.others_weight": 0, "behaviour.horizon": 600}
    around = WORLD.changed(values).assuming((f"structure.{setting}",))
    sees = ProspectEvaluator(PolicyAdapter(REGISTRY.policy("orebro@2016"), around, ALL_ON))
    of = assessed("orebro@2016").project
    prospect = sees.prospect(of.idea, of.project, of.start, of.idea.facts)
    for way, seen in zip(outcomes_of(sees, of), prospect.expectations, strict=True):
        assert isclose(way.in_all.savings / 100, seen.savings, rel_tol=1e-9, abs_tol=1)
        assert isclose(way.in_all.own_work / 100, prospect.burden + prospect.effort, abs_tol=1)
