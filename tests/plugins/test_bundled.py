"""The bundled municipalities: every value cited, every worked case right, the record exact.

What SIFRULES_PLUGINS_OFF switches off is left out, so that each can be tried alone.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from importlib.resources import files
from pathlib import Path

import pytest

from sifrules import (
    FundPolicy,
    Investment,
    Month,
    Registry,
    SifError,
    Stage,
    decide,
    ore,
    registry,
    replay,
)
from sifrules.plugin.discovery import OFF
from sifrules.policy.settlement import ClaimKind
from sifrules.testing import Case, PolicyConformance, read_cases, run_cases

BUNDLED = (
    "botkyrka", "gavleborg", "lulea", "malmo", "norrkoping", "nynashamn", "orebro", "skane",
    "sodertalje", "vingaker",
)  # fmt: skip
SWITCHED_OFF = {name.strip() for name in os.environ.get(OFF, "").split(",")}
TOWNS = tuple(town for town in BUNDLED if town not in SWITCHED_OFF)
HERE = {town: files(f"sifrules_plugins.{town}") for town in TOWNS}
CASES = [case for town in TOWNS for case in read_cases(HERE[town] / "cases.toml")]
REGISTRY = registry()
POLICIES = [policy for policy in REGISTRY.policies if policy.id.partition("@")[0] in TOWNS]

BRYGGAN = {"cost": ore(12_200_000), "start": Month(2017, 8), "months": 29}


def of(town: str) -> pytest.MarkDecorator:
    """Marks what is said of one municipality; it is skipped where that is switched off."""
    return pytest.mark.skipif(town in SWITCHED_OFF, reason=f"{town} is switched off")


@pytest.fixture
def known() -> Registry:
    """The registry with every bundled municipality."""
    return REGISTRY


@of("botkyrka")
class TestBotkyrka(PolicyConformance):
    """Every promise of the kit, for Botkyrka."""

    plugin = "botkyrka"


@of("gavleborg")
class TestGavleborg(PolicyConformance):
    """Every promise of the kit, for Region Gävleborg."""

    plugin = "gavleborg"


@of("lulea")
class TestLulea(PolicyConformance):
    """Every promise of the kit, for Luleå."""

    plugin = "lulea"
    # A health measure of 2024 gets at most 100,000 kronor, and no simulated investment is so small.
    test_a_short_simulation_goes_through = None  # type: ignore[assignment]


@of("malmo")
class TestMalmo(PolicyConformance):
    """Every promise of the kit, for Malmö."""

    plugin = "malmo"


@of("norrkoping")
class TestNorrkoping(PolicyConformance):
    """Every promise of the kit, for Norrköping."""

    plugin = "norrkoping"


@of("nynashamn")
class TestNynashamn(PolicyConformance):
    """Every promise of the kit, for Nynäshamn."""

    plugin = "nynashamn"


@of("orebro")
class TestOrebro(PolicyConformance):
    """Every promise of the kit, for Örebro."""

    plugin = "orebro"


@of("skane")
class TestSkane(PolicyConformance):
    """Every promise of the kit, for Region Skåne."""

    plugin = "skane"


@of("sodertalje")
class TestSodertalje(PolicyConformance):
    """Every promise of the kit, for Södertälje."""

    plugin = "sodertalje"


@of("vingaker")
class TestVingaker(PolicyConformance):
    """Every promise of the kit, for Vingåker."""

    plugin = "vingaker"


def test_every_bundled_municipality_is_held_to_its_promises() -> None:
    """None of them is forgotten above, and none is without worked cases."""
    held = {
        each.plugin for each in PolicyConformance.__subclasses__() if each.__module__ == __name__
    }
    assert held == set(BUNDLED)
    assert {case.policy.partition("@")[0] for case in CASES} == set(TOWNS)


def test_the_shipped_parts_have_no_problem() -> None:
    """The plugin of the parts loads whole, as those of the municipalities do."""
    (parts,) = [plugin for plugin in REGISTRY.plugins if plugin.name == "parts"]
    assert parts.problems == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.policy}: {case.name}")
def test_every_worked_case_comes_out_as_it_says(case: Case, known: Registry) -> None:
    """A worked case gives what it expects, whichever engine decides.

    The classes above try them by the reference engine, where it is installed.
    """
    (tried,) = run_cases(known, [case], engine="compiled")
    assert tried.passed, str(tried)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_every_policy_says_what_is_not_modelled(policy: FundPolicy) -> None:
    """What a guideline says and we leave out is reported, in both languages."""
    assert policy.not_modelled


@pytest.mark.parametrize("town", TOWNS)
def test_every_town_has_a_readme_and_names_no_person_to_call(town: str) -> None:
    """A README stands next to the files; none of them holds an address or a telephone number."""
    folder = Path(str(HERE[town]))
    texts = [
        file.read_text("utf-8") for file in folder.rglob("*") if file.suffix in (".toml", ".md")
    ]
    assert (folder / "README.md").is_file()
    assert not [
        t for t in texts if re.search(r"[\w.]+@[\w-]+\.(se|nu|com)|\b0\d{1,3}-\d{2,3} \d{2}", t)
    ]


# --- settlements ----------------------------------------------------------------------


@of("orebro")
@pytest.mark.parametrize(("effect", "returned"), [(2, 3_660_000), (8, 8_000_000), (20, 12_200_000)])
def test_orebro_returns_the_effect_between_floor_and_cost_and_a_fee_on_top(
    known: Registry, effect: int, returned: int
) -> None:
    """At most the cost, at least three tenths of it, and five hundredths as a fee."""
    investment = Investment(**BRYGGAN, effect=ore(effect * 1_000_000))
    settlement = known.policy("orebro@2016").settle(investment)
    assert settlement.of(ClaimKind.RETURN) == ore(returned)
    assert settlement.of(ClaimKind.FEE) == ore(610_000)


@of("orebro")
def test_the_fee_can_be_read_as_within_the_return(known: Registry) -> None:
    """The other reading of Örebro's fee changes no total but the fee's place."""
    policy = known.policy("orebro@2016", ["return_model.fee_place=within"])
    settlement = policy.settle(Investment(**BRYGGAN, effect=ore(8_000_000)))
    assert settlement.total == ore(8_000_000)
    assert settlement.of(ClaimKind.FEE) == ore(610_000)


@of("norrkoping")
def test_a_failed_investment_in_norrkoping_returns_nothing(known: Registry) -> None:
    """Under the guideline of 2010 the claim ceases where there is no effect."""
    investment = Investment(cost=ore(4_600_000), start=Month(2012, 6), months=12, failed=True)
    assert known.policy("norrkoping@2010").settle(investment).claims == ()


@of("sodertalje")
def test_sodertalje_claims_the_whole_cost_within_its_two_deadlines(known: Registry) -> None:
    """Begun within sixty months of the start, completed within sixty of having begun."""
    start = Month(2017, 1)
    investment = Investment(cost=ore(6_000_000), start=start, months=36, failed=True)
    settlement = known.policy("sodertalje@2015").settle(investment)
    due = [claim.due for claim in settlement.claims]
    assert settlement.total == ore(6_000_000)
    assert min(due) - start == 60
    assert max(due) - min(due) <= 60


@of("sodertalje")
def test_an_exemption_in_sodertalje_leaves_no_claim(known: Registry) -> None:
    """What the executive board exempts is not claimed, and is counted as exempted."""
    investment = Investment(cost=ore(6_000_000), start=Month(2017, 1), months=36, exempt=True)
    settlement = known.policy("sodertalje@2015").settle(investment)
    assert settlement.claims == ()
    assert sum(r.amount for r in settlement.reductions) == ore(6_000_000)


@of("norrkoping")
@pytest.mark.parametrize("policy", ["norrkoping@2010", "norrkoping@2022"])
def test_a_start_in_2021_is_left_open_until_a_reading_is_chosen(
    known: Registry, policy: str
) -> None:
    """Neither of Norrköping's wordings covers 2021, and nothing is guessed."""
    start = Investment(cost=ore(1_000_000), start=Month(2021, 5), months=24)
    assert known.policy(policy).settle(start).settled is False
    chosen = known.policy(policy, ["return_model.transition.gap=no_return"])
    assert (chosen.settle(start).settled, chosen.settle(start).claims) == (True, ())


@of("norrkoping")
def test_the_gap_of_2021_is_seen_by_the_rule_book_too(known: Registry) -> None:
    """The return stage cannot tell for 2021, and names what follows from neither wording."""
    policy = known.policy("norrkoping@2022")
    verdicts = {
        year: decide(policy, {"investment.start_year": year}, stages=[Stage.RETURN])
        for year in (2020, 2021, 2022)
    }
    assert [verdicts[year].outcome for year in (2020, 2021, 2022)] == [
        "eligible",
        "cannot_tell",
        "eligible",
    ]
    assert verdicts[2021].missing == ("investment.returns",)


@of("orebro")
def test_a_fourth_grant_in_a_year_is_refused_in_orebro_since_2016_only(known: Registry) -> None:
    """The cap stands in the revision of 2016, and its citation comes with the refusal."""
    full = {
        "application.cost": 1_000_000,
        "fund.available": 30_000_000,
        "fund.new_investments_this_year": 3,
    }
    now = decide(known.policy("orebro@2016"), full, stages=[Stage.ALLOCATION])
    before = decide(known.policy("orebro@2013"), full, stages=[Stage.ALLOCATION])
    assert [refusal.rule.id for refusal in now.refusals] == ["caps.new_investments"]
    assert now.refusals[0].rule.citation.place
    assert before.outcome == "eligible"


# --- the record -----------------------------------------------------------------------


@of("norrkoping")
def test_norrkopings_grants_are_replayed_to_the_krona(known: Registry) -> None:
    """Five grants by the end of 2013, and what they left of forty million."""
    result = replay(known, "norrkoping", dt.date(2013, 12, 31))
    assert (result.granted, len(result.grants)) == (ore(33_524_992), 5)
    assert (result.endowment, result.available) == (ore(40_000_000), ore(6_475_008))
    assert {each.policy for each in result.grants} == {"norrkoping@2010"}


@of("sodertalje")
def test_sodertaljes_table_is_replayed_by_year(known: Registry) -> None:
    """The column sums of the municipality's own table, and handed back is no return."""
    result = replay(known, "sodertalje", dt.date(2018, 12, 31))
    assert dict(result.by_year) == {
        2016: ore(1_300_000),
        2017: ore(5_350_000),
        2018: ore(6_200_000),
    }
    assert (result.granted, result.available) == (ore(22_500_000), ore(1_500_000))
    assert (result.handed_back, result.returned) == (ore(2_350_000), 0)


@of("orebro")
def test_what_the_record_does_not_say_stays_unknown(known: Registry) -> None:
    """Örebro's total is not stated exactly, so it is not given."""
    result = replay(known, "orebro")
    assert (result.endowment, result.granted, result.available) == (ore(87_000_000), None, None)
    assert len(result.grants) == 9


@pytest.mark.parametrize("town", [history.key for history in REGISTRY.histories])
def test_every_record_can_be_replayed_at_the_end_of_any_year(known: Registry, town: str) -> None:
    """The books hold together at every year's end, however little is known."""
    for year in range(2005, 2026):
        replay(known, town, dt.date(year, 12, 31)).ledger.check()


@of("norrkoping")
def test_the_policy_in_force_is_found_by_date(known: Registry) -> None:
    """The new guideline holds from its own day, and the old one until the day before."""
    assert known.policy_on("norrkoping", dt.date(2022, 1, 10)).id == "norrkoping@2022"
    assert known.policy_on("norrkoping", dt.date(2022, 1, 9)).id == "norrkoping@2010"


@of("sodertalje")
def test_where_no_policy_was_in_force_it_is_reported(known: Registry) -> None:
    """A gap or an ambiguity raises; it is never guessed."""
    with pytest.raises(SifError, match="no guideline of sodertalje was in force"):
        known.policy_on("sodertalje", dt.date(2015, 12, 15))


@of("norrkoping")
def test_all_seven_grants_of_norrkoping_stand_as_a_total(known: Registry) -> None:
    """What is known by number only is a total beside the list, and the list stays as it is."""
    history = known.history("norrkoping")
    counts = [(total.count, str(total.until)) for total in history.totals]
    assert counts == [(7, "2018-05-18")]
    assert len(history.grants) == 5


@of("sodertalje")
def test_a_guideline_that_is_not_known_is_not_said_to_be_none(known: Registry) -> None:
    """Södertälje granted money before December 2015, under a guideline that nobody here has."""
    early = [grant.why_not for grant in replay(known, "sodertalje").grants if grant.why_not]
    assert len(early) == 2
    assert all(why.text("en").endswith("the guideline then in force is not known") for why in early)


@of("norrkoping")
def test_a_surplus_earmark_that_is_only_possible_is_a_reading(known: Registry) -> None:
    """Norrköping's guideline of 2022 allows a new earmark and promises none."""
    clauses = {clause.path: clause for clause in known.policy("norrkoping@2022").clauses}
    citation = clauses["funding.from_surplus"].citation
    assert citation is not None
    assert citation.reading is not None


@of("orebro")
def test_what_orebros_report_counts_is_replayed_up_to_the_day_asked_for(known: Registry) -> None:
    """Grants by year as stated; a count that ends after the day is not yet one."""

    def told(until: dt.date) -> list[tuple[str, str | None, int | None]]:
        return [
            (each.what, each.origin, each.count) for each in replay(known, "orebro", until).counts
        ]

    assert told(dt.date(2014, 12, 31)) == [("granted", None, 0), ("granted", None, 1)]
    whole = told(dt.date(2017, 12, 31))
    assert [count for what, origin, count in whole if (what, origin) == ("granted", None)] == [
        *(0, 1, 4, 4, 0)
    ]
    assert ("ideas", None, 50) in whole
    assert ("ideas_refused", "civil_society", None) in whole
    assert ("granted", "civil_society", 1) in whole
    assert ("implemented", None, 4) in whole
