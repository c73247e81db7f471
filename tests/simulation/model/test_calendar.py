"""The calendar of a simulation: in which year each sum comes, and what is reported of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import FaultyFile, FundPolicy, Idea, Portfolio, Registry, SifError, ore
from sifrules.plugin.simulation import Event, Step
from sifrules.policy.binding import Binding
from sifrules.policy.contracts import funding_of
from sifrules.policy.fund_policy import Reform
from sifrules.policy.timeline import with_reforms
from sifrules.testing import toy_policy
from sifrules_simulation import scenario
from sifrules_simulation.model.fingerprints import of_scenario
from sifrules_simulation.model.mechanisms import ALL_ON
from sifrules_simulation.model.money_notes import money_notes
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import world

DATED = {"2013": 10, "2016": 10, "2017": 12, "2018": 15}


def _dated(**more: Any) -> FundPolicy:
    sums = [{"date": date, "amount": amount} for date, amount in DATED.items()]
    funding = {"kind": "endowment", "cite": "guide: 1", "sums": sums, **more}
    return toy_policy(funding=funding)


def _endowed(portfolio: Portfolio) -> dict[str, int]:
    """What was set aside, by the date in the ledger (kronor)."""
    posted = [each for each in portfolio.ledger.postings if each.reason == "endowment"]
    return {str(each.date): each.amount // 100 for each in posted}


@pytest.mark.parametrize(
    ("begins", "put_in"),
    [
        (None, [10, 0, 0, 10, 12, 15, 0, 0, 0]),
        ("2013", [10, 0, 0, 10, 12, 15, 0, 0, 0]),
        ("2010", [0, 0, 0, 10, 0, 0, 10, 12, 15]),
        ("2016", [20, 12, 15, 0, 0, 0, 0, 0, 0]),
        ("2030-07", [47, 0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_dated_sums_come_in_their_years(
    begins: str | None, put_in: list[int], lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """By the calendar where it is asked for, else counted from the year of the first sum."""
    around = plain if begins is None else plain.beginning(begins)
    portfolio = lived(_dated(), years=9, around=around)
    assert [amount // 100 for amount in portfolio.put_in] == put_in


def test_the_ledger_dates_each_sum_in_its_own_year(
    lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """10, 10, 12 and 15 are booked in 2013, 2016, 2017 and 2018."""
    portfolio = lived(_dated(), years=6, around=plain.beginning("2013"))
    assert _endowed(portfolio) == {f"{year}-01": amount for year, amount in DATED.items()}


def test_a_fund_without_dates_begins_when_the_simulation_does(
    lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """Whatever year that is."""
    funding = {"kind": "endowment", "cite": "guide: 1", "amount": 10}
    portfolio = lived(toy_policy(funding=funding), years=3, around=plain.beginning("1999"))
    assert [amount // 100 for amount in portfolio.put_in] == [10, 0, 0]


def test_the_beginning_is_written_on_the_command_line_and_kept() -> None:
    """The scenario says it in its name, its options and its fingerprint."""
    default = scenario("default")
    found = default.assuming(("begins=2013-05", "behaviour.horizon=24"))
    assert (str(found.begins), found.calendar) == ("2013-05", "begins")
    assert found.options[:2] == ("--assume", "begins=2013-05")
    again = default.assuming(found.options[1::2])
    assert of_scenario(again) == of_scenario(found) != of_scenario(default)
    with pytest.raises(SifError, match="expected a month"):
        default.assuming(("begins=13",))


def test_a_scenario_file_may_state_its_calendar(tmp_path: Path) -> None:
    """And nothing but the two there are."""
    file = tmp_path / "mine.toml"
    file.write_text('id = "mine"\nbase = "default"\nbegins = "2016-01"\ncalendar = "begins"\n')
    assert scenario(file).calendar == "begins"
    file.write_text('id = "mine"\nbase = "default"\ncalendar = "julian"\n')
    with pytest.raises(FaultyFile, match="calendar"):
        scenario(file)


def test_no_surplus_is_earmarked_unless_the_scenario_says_so() -> None:
    """What a guideline only allows does not come by itself."""
    off = scenario("default").changed({"municipality.surplus": 1})
    on = off.assuming(("surplus_earmarks=true",))
    drawn = [world(around, 5, 1, 0, ALL_ON).surplus for around in (off, on)]
    assert drawn == [(False,) * 5, (True,) * 5]


def test_what_is_left_out_of_the_money_is_told(everything: Registry) -> None:
    """Undated sums, possible earmarks, and funds that are older or younger than the time."""
    default = scenario("default")
    reported = {note.code for note in money_notes("a", _dated(total=50), default)}
    assert reported == {"money_note.undated"}
    reported = {note.code for note in money_notes("a", _dated(), default.beginning("2015"))}
    assert reported == {"money_note.before"}
    reported = {note.code for note in money_notes("a", _dated(), default.beginning("2010"))}
    assert reported == {"money_note.later"}
    earmark = everything.policy("norrkoping@2022")
    assert {n.code for n in money_notes("n", earmark, default)} == {"money_note.surplus"}
    on = default.assuming(("surplus_earmarks=true",))
    assert not list(money_notes("n", earmark, on))
    assert not list(money_notes("o", everything.policy("orebro@2016"), default))


def test_the_notes_stand_in_every_output_of_a_comparison(sif: Callable[..., Any]) -> None:
    """In the lines about the run, in both languages."""
    asked = ("compare", "norrkoping@2022", "--replications", "1", "--years", "1", "--jobs", "1")
    assert "surplus is possible" in sif(*asked, "--lang", "en").out
    assert "överskott är möjlig" in sif(*asked, "--lang", "sv").out


def test_a_closed_fund_grants_nothing_and_keeps_nothing(
    lived: Callable[..., Portfolio], idea: Callable[..., Idea], plain: Scenario
) -> None:
    """What is left goes at the new year, and what comes back later goes at the next."""
    funding = {"kind": "endowment", "cite": "guide: 1", "amount": 5_000_000}
    funding |= {"decided": "2013", "closes": "2014", "closes_by": "winding_up"}
    policy = toy_policy(funding=funding)
    portfolio = lived(policy, idea(0), idea(1, arises=20), years=6, around=plain)
    assert [life.granted for life in portfolio.lives] == [True, False]
    assert portfolio.balances[23] == ore(3_800_000)
    gone = [each for each in portfolio.ledger.postings if each.reason == "wound up"]
    (left, *later) = [(each.date - plain.begins, each.amount) for each in gone]
    assert left == (24, ore(3_800_000))
    assert [month % 12 for month, _ in later] == [0] * len(later)
    assert sum(amount for _, amount in later) + portfolio.balances[-1] == ore(1_200_000)


def test_a_years_pot_that_is_closed_grants_nothing(
    lived: Callable[..., Portfolio], idea: Callable[..., Idea], plain: Scenario
) -> None:
    """Nor does one whose rule is held against what was granted in the year: there is no money."""
    funding = {"kind": "yearly_pot", "cite": "guide: 1", "amount": 5_000_000, "decided": "2013"}
    policy = toy_policy(funding={**funding, "closes": "2014"})
    seen: list[Event] = []
    ideas = (idea(0), idea(1, arises=20))
    portfolio = lived(policy, *ideas, years=6, around=plain, watching=(seen.append,))
    assert [life.granted for life in portfolio.lives] == [True, False]
    assert portfolio.lives[1].stopped is Step.WITHDRAWN
    (queued,) = [each for each in seen if each.step is Step.QUEUED]
    assert str(queued.citations[0]) == str(funding_of(policy).set_aside_cited)
    assert lived(policy, *ideas, years=6, around=plain).balances == portfolio.balances


def test_a_years_pot_by_a_reform_grants_when_its_first_year_opens(
    lived: Callable[..., Portfolio], idea: Callable[..., Idea], plain: Scenario
) -> None:
    """Until then there is what the fund before it left: the second of two applications waits."""
    before = toy_policy(funding={"kind": "endowment", "cite": "guide: 1", "amount": 1_500_000})
    after = toy_policy(funding={"kind": "yearly_pot", "cite": "guide: 1", "amount": 5_000_000})
    since = plain.begins + 5
    policy = with_reforms(before, [Reform(since, after)], "toy@reformed", Binding())
    around = plain.changed({"handling.lead_least": 1, "handling.lead_most": 1})
    ideas = (idea(arises=5), idea(1, arises=5))
    portfolio = lived(policy, *ideas, years=3, around=around)
    assert [life.granted_in for life in portfolio.lives] == [6, 12]


def test_a_fund_whose_beginning_is_not_known_is_not_closed_and_that_is_told(
    lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """By the calendar it is closed all the same."""
    funding = {"kind": "endowment", "cite": "guide: 1", "amount": 10, "closes": "2014"}
    policy = toy_policy(funding=funding)
    assert lived(policy, years=4).balances[-1] == ore(10)
    assert lived(policy, years=4, around=plain.beginning("2013")).balances[-1] == 0
    reported = {note.code for note in money_notes("a", policy, plain)}
    assert reported == {"money_note.closes_unplaced"}


def test_a_return_that_comes_back_at_the_closing_is_not_there_before(
    lived: Callable[..., Portfolio], idea: Callable[..., Idea], plain: Scenario
) -> None:
    """Every instalment of a year is in the fund in its December."""
    flow = {"kind": "return_flow", "cite": "guide: 3", "share": 1, "begins": "effects"}
    paid = {}
    for when in ("instalment", "closing"):
        policy = toy_policy(return_model={**flow, "comes_back": when}, write_down=None)
        books = lived(policy, idea(), years=8, around=plain).ledger
        paid[when] = [
            (p.date, p.amount)
            for p in books.postings
            if p.debit == ("fund", "") and p.reason == "return"
        ]
    at_once, closing = paid["instalment"], paid["closing"]
    assert {date.month for date, _ in closing} == {12} != {date.month for date, _ in at_once}
    assert [(d.year, a) for d, a in closing] == [(d.year, a) for d, a in at_once]
