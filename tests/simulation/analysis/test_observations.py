"""The record in numbers: what can be counted is, and what cannot is reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from attrs import evolve

from sifrules import FundPolicy, Idea, Portfolio, Registry, SifError, ore
from sifrules.loading.history import Count, Entry, Grant, History, Total
from sifrules.values.citations import Citation
from sifrules.values.dates import Month, PartialDate
from sifrules.values.text import same
from sifrules_simulation.analysis.foreseen import Coverage, Interval, Predicted
from sifrules_simulation.analysis.observations import (
    CHOSEN_BY,
    Observed,
    Period,
    countable,
    in_force_longest,
    observed,
    record,
)
from sifrules_simulation.model.scenarios import Scenario, scenario
from sifrules_simulation.presentation import study_words
from sifrules_simulation.presentation.study_notes import coverage

REPORT, LIST, OTHER = (Citation("The report", place=place) for place in ("3", "4", "5"))
ALL: Mapping[str, Citation] = {"granted": LIST}


def _grant(name: str, when: str, million: int | None = None) -> Grant:
    amount = None if million is None else ore(million * 1_000_000)
    return Grant(name=name, granted=PartialDate.parse(when), amount=amount, cite=REPORT)


def _total(until: str, **stated: Any) -> Total:
    return Total(what="granted", until=PartialDate.parse(until), cite=OTHER, **stated)


def _history(*grants: Grant, until: str = "2014-12-31", **more: Any) -> History:
    more = {"complete": ALL, **more}
    return History(
        key="toy", municipality="Toy", until=PartialDate.parse(until), grants=grants, **more
    )


def _from(month: str) -> Scenario:
    return evolve(scenario("default"), begins=Month.parse(month))


def _period(each: Observed) -> str:
    return study_words.period(str(each.period)).text("en")


def _told(history: History, begins: str = "2011-01") -> list[tuple[str, str, int, int, float]]:
    return [
        (
            each.what,
            study_words.period(str(each.period)).text("en"),
            each.first,
            each.end,
            each.value,
        )
        for each in observed(history, _from(begins))
    ]


FOUR = (
    _grant("one", "2011-spring", 4),
    _grant("two", "2011-12", 6),
    _grant("three", "2012", 5),
    _grant("four", "2014-05-17", 2),
)


# --- counting -------------------------------------------------------------------------


def test_a_complete_list_is_counted_in_an_earlier_and_a_later_half() -> None:
    """Grants known to the year, the season, the month or the day each lie in one of the two."""
    assert _told(_history(*FOUR)) == [
        ("grants", "2011–2012", 0, 24, 3.0),
        ("granted", "2011–2012", 0, 24, 15_000_000.0),
        ("grants", "2013–2014", 24, 48, 1.0),
        ("granted", "2013–2014", 24, 48, 2_000_000.0),
    ]


def test_a_year_in_the_middle_is_among_the_earlier_and_one_year_is_one_period() -> None:
    """Periods are whole calendar years, the first shorter where the fund began in its middle."""
    three = _told(_history(*FOUR[:2], until="2013-12-31"), "2011-05")
    assert [row[1:4] for row in three[::2]] == [("2011-05 to 2012-12", 0, 20), ("2013", 20, 32)]
    one = _told(_history(_grant("one", "2011", 4), until="2011-12-31"))
    assert [row[1] for row in one] == ["2011", "2011"]


def test_no_amount_is_given_for_a_period_in_which_one_is_not_known() -> None:
    """The count stays; the sum of what happens to be known is not passed off as the whole."""
    rows = _told(_history(*FOUR[:3], _grant("four", "2014")))
    assert [(what, period) for what, period, *_ in rows] == [
        ("grants", "2011–2012"),
        ("granted", "2011–2012"),
        ("grants", "2013–2014"),
    ]


def test_a_total_states_how_many_came_after_the_list() -> None:
    """What a source counts up to a later day, less what is listed, was granted in between."""
    rows = observed(_history(*FOUR, totals=(_total("2018-05-18", count=6),)), _from("2011-01"))
    last = rows[-1]
    period = study_words.period(str(last.period)).text("sv")
    assert (last.what, period, last.value) == ("grants", "januari 2015 till maj 2018", 2.0)
    assert last.citations == (OTHER, LIST, REPORT)
    assert [row.what for row in rows].count("granted") == 2


def test_a_total_gives_the_amount_that_a_list_leaves_out() -> None:
    """A stated sum is used whole where the single amounts are not known."""
    unknown = (_grant("one", "2011"), _grant("two", "2013"))
    rows = _told(_history(*unknown, totals=(_total("2014", amount=ore(20_000_000)),)))
    assert rows[-1] == ("granted", "2011–2014", 0, 48, 20_000_000.0)


def test_a_total_alone_is_enough() -> None:
    """Where no list is complete, the count that a source states is the record."""
    alone = _history(complete={}, totals=(_total("2018-05", count=40, amount=ore(64_000_000)),))
    assert _told(alone, "2008-01") == [
        ("grants", "2008-01 to 2018-05", 0, 125, 40.0),
        ("granted", "2008-01 to 2018-05", 0, 125, 64_000_000.0),
    ]


# --- what is missing is reported ----------------------------------------------------------


@pytest.mark.parametrize(
    ("grants", "lacking"),
    [((), "it lists no grants"), (FOUR, "it lists 4 grants but no source says")],
)
def test_a_record_too_thin_says_what_it_lacks(grants: tuple[Grant, ...], lacking: str) -> None:
    """An incomplete list is no count: grants that nobody listed may be missing."""
    with pytest.raises(SifError, match=lacking) as raised:
        observed(_history(*grants, complete={}), _from("2011-01"))
    assert "[complete]" in str(raised.value)
    assert "[[totals]]" in str(raised.value)


def test_a_grant_from_before_the_scenario_begins_is_refused() -> None:
    """It could not be simulated."""
    with pytest.raises(SifError, match=r"one in Toy was granted .* before the scenario begins"):
        observed(_history(*FOUR), _from("2012-01"))
    with pytest.raises(SifError, match=r"ends .* before the scenario begins"):
        observed(_history(), _from("2016-01"))


def test_a_total_below_the_list_is_refused() -> None:
    """One of the two is wrong."""
    with pytest.raises(SifError, match="less than what is listed"):
        observed(_history(*FOUR, totals=(_total("2018", count=3),)), _from("2011-01"))


# --- the policy -----------------------------------------------------------------------


def test_the_guideline_in_force_longest_is_simulated(everything: Registry) -> None:
    """Örebro's first guideline held for most of its record, and its second for the rest."""

    def chosen(first: str, last: str) -> str:
        return in_force_longest(everything, "orebro", Month.parse(first), Month.parse(last)).id

    assert chosen("2013-05", "2017-12") == "orebro@2013"
    assert chosen("2016-01", "2017-12") == "orebro@2016"
    with pytest.raises(SifError, match="no guideline of orebro"):
        chosen("2001-01", "2002-12")


def test_the_bundled_records_are_counted_or_said_to_be_too_thin(everything: Registry) -> None:
    """Each municipality with a scenario is there, or is named with what its record lacks."""
    records, left_out = countable(everything)
    assert {each.policy.id for each in records} >= {
        "norrkoping@2010",
        "orebro@2013",
        "sodertalje@2015",
    }
    assert len(records) + len(left_out) == 4
    assert all("too thin" in why for why in left_out.values())


def test_a_record_has_the_years_that_its_simulation_must_run(everything: Registry) -> None:
    """The counts agree with the grants that the history lists, each cited."""
    orebro = record(everything, "orebro")
    listed = everything.history("orebro").grants
    assert sum(each.value for each in orebro.observed if each.what == "grants") == len(listed)
    assert orebro.years == 5
    (booked,) = (each for each in orebro.observed if each.what == "granted")
    assert (booked.value, booked.first, booked.end) == (50_000_000, 0, 56)
    assert all(each.citations for each in orebro.observed)


def _count(what: Any, count: int | None, first: str = "2011", **more: Any) -> Count:
    first_day, until = PartialDate.parse(first), PartialDate.parse(more.pop("until", "2014"))
    return Count(what=what, first=first_day, until=until, count=count, cite=OTHER, **more)


def test_what_the_sources_count_beside_grants_is_checked() -> None:
    """Ideas, refusals, whose grants, what became of them; one that says no number is left out."""
    counts = (
        _count("ideas", 50),
        _count("ideas_refused", None, reason=same("most")),
        _count("applications_refused", 0, "2013"),
        _count("granted", 1, origin="civil_society"),
        _count("granted", 2, "2010", until="2010"),
        _count("implemented", 4, "2010", until="2013"),
    )
    rows = _told(_history(*FOUR, counts=counts))[4:]
    assert rows == [
        ("ideas", "2011–2014", 0, 48, 50.0),
        ("refused", "2013–2014", 24, 48, 0.0),
        ("civil_grants", "2011–2014", 0, 48, 1.0),
        ("implemented", "2011–2013", 0, 36, 4.0),
    ]
    assert {row[0] for row in rows}.isdisjoint(CHOSEN_BY)


def test_money_handed_back_is_counted_where_the_list_of_it_is_complete() -> None:
    """In kronor, to the record's end."""
    day = PartialDate.parse("2013")
    back = Entry(what="handed_back", date=day, grant="one", amount=ore(1_850_000), cite=OTHER)
    assert len(_told(_history(*FOUR, entries=(back,)))) == 4
    known = _history(*FOUR, entries=(back,), complete={**ALL, "handed_back": LIST})
    assert _told(known)[-1] == ("handed_back", "2011–2014", 0, 48, 1_850_000.0)


# --- the same of a simulation, and what was foreseen ----------------------------------


def test_a_simulated_fund_is_counted_the_same_way(
    lived: Callable[..., Portfolio], idea: Callable[..., Idea], policy_of: Callable[..., FundPolicy]
) -> None:
    """Two ideas are granted six months after they arise, one within the period."""
    policy = policy_of(funding={"kind": "endowment", "cite": "guide: 1", "amount": 10_000_000})
    portfolio = lived(policy, idea(0), idea(1, arises=10))
    number = _number("grants", 12)
    assert [each.granted_in for each in portfolio.lives] == [6, 16]
    assert number.of(portfolio) == 1.0
    assert _number("granted", 12).of(portfolio) == 1_200_000.0
    assert evolve(number, end=17).of(portfolio) == 2.0


def test_checks_are_counted_of_a_simulation_in_the_month_in_which_they_happen(
    lived: Callable[..., Portfolio], idea: Callable[..., Idea], policy_of: Callable[..., FundPolicy]
) -> None:
    """Granted in month 6, ended in 18, evaluated and taken up in 24; one of civil society."""
    policy = policy_of(funding={"kind": "endowment", "cite": "guide: 1", "amount": 10_000_000})
    luck = {**idea().luck, "implementation": 0.0}
    portfolio = lived(policy, idea(0, luck=luck), idea(1, origin="civil_society", luck=luck))
    before, after = 24, 25
    for what, number in {"evaluated": 2.0, "implemented": 2.0}.items():
        assert _number(what, before).of(portfolio) == 0.0
        assert _number(what, after).of(portfolio) == number
    assert _number("civil_grants", after).of(portfolio) == 1.0
    assert _number("yearly_grants", after).of(portfolio) == 2.0
    assert _number("ideas", after).of(portfolio) == 2.0
    assert _number("refused", after).of(portfolio) == 0.0
    assert _number("handed_back", after).of(portfolio) == 0.0


def _number(what: Any, end: int, value: float = 3.0) -> Observed:
    return Observed(
        municipality="toy",
        what=what,
        first=0,
        end=end,
        period=Period(Month(2011, 1), Month(2011, 12)),
        value=value,
        citations=(REPORT,),
    )


def test_what_happened_lies_inside_or_outside_what_was_foreseen() -> None:
    """The ends count as inside; where there is no interval it is neither."""
    wide, low = Interval(0, 2, 3), Interval(0, 1, 2)
    row = Predicted(observed=_number("grants", 12), prior=wide, posterior=low)
    assert (row.inside_prior, row.inside) == (True, False)
    assert evolve(row, posterior=None).inside is None
    assert row.as_json()["posterior"] == {"low": 0, "median": 1, "high": 2}
    assert evolve(row, posterior=None).as_json()["inside"] is None


def test_the_coverage_says_how_little_it_rests_on() -> None:
    """All of four inside may still be half of them; of none nothing is said."""
    four = Coverage(inside=4, of=4, municipalities=2)
    low, high = four.interval or (0.0, 0.0)
    assert (round(low, 2), high) == (0.51, 1.0)
    assert "from 51 to 100 per cent" in coverage(four.as_json()).text("en")
    assert "från 2 kommuner" in coverage(four.as_json()).text("sv")
    none = Coverage(inside=0, of=0, municipalities=2)
    assert none.interval is None
    assert coverage(none.as_json()).text("en") == "no coverage: there is no interval"
    assert none.as_json()["low"] is None
