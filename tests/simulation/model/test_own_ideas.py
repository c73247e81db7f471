"""Ideas of the municipality's own: as they are listed, resampled, and what is lacking drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules import Comparison, FaultyFile, FundPolicy, SifError, compare, own_ideas, scenario
from sifrules.plugin.simulation import committee_name
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import Vocabulary
from sifrules.values.dates import Month
from sifrules.values.text import same
from sifrules_simulation.model.breakdowns import BALANCES
from sifrules_simulation.model.mechanisms import ALL_ON
from sifrules_simulation.model.own_ideas_notes import own_ideas_notes
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import world

CITED = {"cite": "guide: 3"}
FUND = {"kind": "endowment", "amount": 12_000_000, **CITED}
#: Half of the cost, 36 months after the start, in two parts a year apart.
RETURN = {
    "kind": "return_flow", "share": Decimal("0.5"), "begins": "deadline", "begins_within": 36,
    "lasts": 24, "instalment_every": 12, **CITED,
}  # fmt: skip


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of forty ideas, one a month, each of half a million kronor and a year."""
    file = tmp_path_factory.mktemp("ideas") / "ideas.csv"
    heads = "name;committee;arises;cost (tkr);months;delay;lifetime;effect;human;success;cashable"
    heads += ";attributable;evaluable;regular;gains;taken_up;areas;application.reduces_exclusion"
    rows = [
        f"idea {number};{1 + number % 2};{number};500;12;0;60;2 mnkr;1 mnkr;100 %;100 %;100 %"
        f";yes;no;{1 + number % 2}: 100 %;yes;2;yes"
        for number in range(40)
    ]
    file.write_text("\n".join((heads, *rows)) + "\n")
    return file


@pytest.fixture(scope="module")
def worked(
    listed: Path, policy_of: Callable[..., FundPolicy], plain: Scenario, always: Any
) -> Comparison:
    """The forty ideas under a policy, five years, with nothing left to chance."""
    given = {"handling.patience": 1, "handling.completeness": 1}
    around = plain.changed(given).with_ideas(own_ideas(str(listed)))
    return compare(
        policy_of(funding=FUND, return_model=RETURN), scenario=around, behaviour=always, years=5,
        replications=2, tables=["ideas", "investments", "claims"], jobs=1,
    )  # fmt: skip


def test_forty_ideas_as_they_are_have_the_grants_worked_out_by_hand(worked: Comparison) -> None:
    """Twelve million last for the first 24 ideas, each granted six months after it arose.

    Money comes back from month 42 on, when the last idea has waited and been laid aside.
    """
    ideas = worked.ideas.filter(replication=0).sort("idea")
    assert ideas["arises"].to_list() == list(range(40))
    assert ideas["granted"].to_list() == [*range(6, 30), *[None] * 16]
    assert ideas["cost"].unique().to_list() == [500_000.0]
    assert worked.runs["granted"].to_list() == [12_000_000.0] * 2


def test_forty_ideas_as_they_are_have_the_claims_worked_out_by_hand(worked: Comparison) -> None:
    """Half of each cost in two parts, 36 and 48 months after the start, as far as five years go.

    Investment number i starts in month 6 + i: the first part falls due in month 42 + i, the second
    in month 54 + i, and the simulation ends before month 60.
    """
    by_hand = sorted(
        (month, number, 125_000.0)
        for number in range(24)
        for month in (42 + number, 54 + number)
        if month < 60
    )
    claims = worked.claims.filter(replication=0)
    paid = claims.filter(entry="paid").select("month", "idea", "amount")
    assert sorted(paid.rows()) == by_hand
    assert claims.filter(entry="claimed")["amount"].to_list() == [250_000.0] * 24
    assert worked.runs["returned"].to_list() == [125_000.0 * len(by_hand)] * 2
    assert worked.investments["paid_back"].sum() == 2 * 125_000.0 * len(by_hand)


def test_balances_are_of_the_ends_of_months_that_are_counted_from_one(worked: Comparison) -> None:
    """What is granted in month 6 from 0 is gone at the end of month 7 from 1, and that is said."""
    left = dict(worked.balances.select("month", "mean").iter_rows())
    assert (left[1], left[6], left[7], left[60]) == (12e6, 12e6, 11.5e6, 24 * 125e3)
    assert BALANCES.step_words.en.endswith("from 1")


def test_they_are_the_same_in_every_replication_but_for_what_is_drawn(listed: Path) -> None:
    """What the list states is as it says; what it does not is drawn anew."""
    around = scenario().with_ideas(own_ideas(str(listed)))
    one, other = (world(around, 5, 1, number, ALL_ON).ideas for number in range(2))
    assert [idea.cost for idea in one] == [idea.cost for idea in other] == [50_000_000] * 40
    assert [idea.believed_effect for idea in one] != [idea.believed_effect for idea in other]
    assert [idea.arises for idea in one] == list(range(40))


def test_a_committee_that_the_municipality_does_not_have_is_refused(tmp_path: Path) -> None:
    """With its number and how many there are: it is not taken for another one."""
    file = tmp_path / "ideas.csv"
    file.write_text("cost,arises,committee\n500000,0,2\n500000,1,99\n", "utf-8")
    with pytest.raises(SifError, match="99"):
        world(scenario().with_ideas(own_ideas(str(file))), 5, 1, 0, ALL_ON)


def test_resampled_ideas_come_by_the_scenarios_rates(listed: Path) -> None:
    """As many ideas as without the list, each a row of it by chance."""
    without = world(scenario(), 5, 1, 0, ALL_ON).ideas
    resampled = scenario().with_ideas(own_ideas(str(listed), resampled=True))
    found = world(resampled, 5, 1, 0, ALL_ON).ideas
    assert [idea.arises for idea in found] == [idea.arises for idea in without]
    assert {idea.cost for idea in found} == {50_000_000}
    dated = own_ideas(pl.DataFrame({"cost": [1_000_000, 3_000_000]}), resampled=True)
    two = world(scenario().with_ideas(dated), 5, 1, 0, ALL_ON).ideas
    assert [idea.arises for idea in two] == [idea.arises for idea in without]
    assert {idea.cost for idea in two} == {100_000_000, 300_000_000}


def test_dates_facts_and_gains_are_taken_from_a_frame() -> None:
    """A date becomes the month from the beginning; facts go by name; shares to committees."""
    frame = pl.DataFrame(
        {
            "arises": [dt.date(2026, 3, 9), None],
            "application.preventive": [False, True],
            "gains": ["1: 60 % + 2: 40 %", None],
        }
    )
    first, second = world(scenario().with_ideas(own_ideas(frame)), 5, 1, 0, ALL_ON).ideas
    assert first.arises == 14
    assert not first.facts["application.preventive"]
    assert second.facts["application.preventive"]
    assert {name: str(share) for name, share in first.gains.items()} == {
        "committee 1": "0.6", "committee 2": "0.4",
    }  # fmt: skip
    assert sum(second.gains.values()) == 1


def test_every_fault_of_a_list_is_named_with_its_cell(tmp_path: Path) -> None:
    """Nothing is guessed: each cell that cannot be read is named."""
    file = tmp_path / "ideas.csv"
    file.write_text(
        "cost;mnths;success;gains;application.cost\n6,2 mnkr;12;150 %;1: 50 %;1\n-3;12;0,5;x;1\n"
    )
    with pytest.raises(FaultyFile) as raised:
        own_ideas(str(file))
    text = str(raised.value)
    for place in ("B1", "C2", "D2", "A3", "D3", "E1"):
        assert f"ideas.csv: cell {place} (" in text


def test_a_fault_in_the_first_row_of_a_frame_is_named_with_its_row() -> None:
    """Rows count from 0, as in the frame; a heading has none."""
    with pytest.raises(FaultyFile) as raised:
        own_ideas(pl.DataFrame({"cost": [-1], "mnths": [12]}))
    cost, months = sorted(raised.value.text("sv").splitlines())
    assert cost.startswith("frame: cost rad 0: ")
    assert months.startswith("frame: mnths: ")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("months", 601),
        ("delay", 1_201),
        ("lifetime", 1_201),
        ("gains", "1: 0 % + 2: 100 %"),
        ("gains", "1: 33.333333333 % + 2: 66.666666667 %"),
    ],
)
def test_what_no_investment_can_be_settled_by_is_refused_when_the_list_is_read(
    column: str, cell: Any
) -> None:
    """Otherwise only the replication in which it is granted would fail."""
    with pytest.raises(FaultyFile, match=f"frame: {column} row 0: .*at most "):
        own_ideas(pl.DataFrame({column: [cell]}))


def test_a_fact_of_ones_own_is_read_from_a_file_as_in_a_list_of_applications(
    tmp_path: Path,
) -> None:
    """A count is a number there, whatever the file's kind."""
    known = Vocabulary([Fact("x.rooms", Kind.COUNT, same("rooms"))])
    file = tmp_path / "ideas.csv"
    file.write_text("cost;x.rooms\n500000;3\n")
    assert own_ideas(str(file), vocabulary=known).facts["x.rooms"] == [3]


def test_a_scenario_file_names_its_list(listed: Path, tmp_path: Path) -> None:
    """The list stands next to the scenario's file, which says whether it is resampled."""
    (tmp_path / "ideas.csv").write_bytes(listed.read_bytes())
    file = tmp_path / "mine.toml"
    head = 'id = "mine"\nbase = "default"\ntitle = "Mine"\n'
    file.write_text(f'{head}own_ideas = {{ file = "ideas.csv", resampled = true }}\n')
    found: Scenario = scenario(file)
    assert found.own_ideas is not None
    assert (len(found.own_ideas), found.own_ideas.resampled) == (40, True)
    file.write_text(f"{head}own_ideas = 3\n")
    with pytest.raises(SifError, match="own_ideas"):
        scenario(file)


def test_a_swedish_workbook_says_yes_and_what_never_arises_is_noted(tmp_path: Path) -> None:
    """SANT and FALSKT are read as a Swedish Excel writes them; an idea of another year is noted."""
    file = tmp_path / "ideas.csv"
    file.write_text(
        "arises;cost;application.preventive\n2019-03;1000000;SANT\n2025-02;2000000;FALSKT\n",
        "cp1252",
    )
    own = own_ideas(file)
    assert list(own.facts["application.preventive"]) == [True, False]
    (note,) = own_ideas_notes(scenario().with_ideas(own), 2)
    assert "1 of 2" in note.en
    assert not list(own_ideas_notes(scenario(), 2))
    file.write_text("arises;cost\n")
    with pytest.raises(FaultyFile, match="template ideas"):
        own_ideas(file)


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({"success": [0.7], "partly": [0.6]}, "together more than 100 %"),
        ({"areas": [1], "application.areas": [2]}, "areas says otherwise"),
        ({"cost": [float("inf")]}, "expected a number"),
        ({"cost": [6.2]}, "may be kronor or millions"),
        ({"months": [100_000_000]}, "at most 600 months"),
        ({"arises": ["2025-03 or so"]}, "got '2025-03 or so'"),
        ({"success": [60.0]}, "got '60'"),
    ],
)
def test_what_an_idea_cannot_be_is_refused(columns: dict[str, list[object]], wrong: str) -> None:
    """Chances of more than one, two answers to one question, and no number at all."""
    with pytest.raises(FaultyFile, match=wrong):
        own_ideas(pl.DataFrame(columns))


def test_a_stated_chance_of_a_part_leaves_no_less_than_nothing_for_failure() -> None:
    """However high the chance that all goes as hoped is drawn."""
    listed = own_ideas(pl.DataFrame({"arises": [0] * 40, "partly": [0.6] * 40}))
    found = world(scenario().with_ideas(listed), 1, 1, 0, ALL_ON).ideas
    assert {idea.partly for idea in found} == {0.6}
    assert max(idea.success + idea.partly for idea in found) <= 1.0


def test_what_the_application_says_alone_is_true_of_the_idea_as_well() -> None:
    """One area is one area: nobody else gains, and nothing is said to further cooperation."""
    listed = own_ideas(
        pl.DataFrame(
            {
                "arises": [0] * 20,
                "application.areas": [1] * 20,
                "application.evaluable": [False] * 20,
                "application.regular_operations": [True] * 20,
            }
        )
    )
    for idea in world(scenario().with_ideas(listed), 1, 1, 0, ALL_ON).ideas:
        assert list(idea.gains) == [committee_name(idea.committee)]
        assert not idea.facts["application.furthers_cooperation"]
        assert (idea.evaluable, idea.regular) == (False, True)


def test_costs_that_fall_at_no_committee_of_the_municipality_are_refused() -> None:
    """With its number and how many there are."""
    listed = own_ideas(pl.DataFrame({"arises": [0], "gains": ["99: 100 %"]}))
    with pytest.raises(SifError, match="committee 99, but the municipality has 8"):
        world(scenario().with_ideas(listed), 1, 1, 0, ALL_ON)


def test_how_many_ideas_come_cannot_be_assumed_beside_a_list_of_them() -> None:
    """What would change nothing is refused, or said where the list came later."""
    listed = own_ideas(pl.DataFrame({"cost": [2_000_000]}))
    with pytest.raises(SifError, match=r"ideas\.flow changes nothing"):
        scenario().with_ideas(listed).changed({"ideas.flow": 9})
    (note,) = own_ideas_notes(scenario().changed({"ideas.flow": 9}).with_ideas(listed), 5)
    assert note.en.startswith("ideas.flow changes nothing")
    again = own_ideas(pl.DataFrame({"cost": [2_000_000]}), resampled=True)
    assert scenario().with_ideas(again).changed({"ideas.flow": 9}).value("ideas.flow") == 9


def test_costs_of_a_few_kronor_are_noted() -> None:
    """They are simulated as they are; most often another unit was meant."""
    listed = own_ideas(pl.DataFrame({"cost": [6_200, 2_000_000]}))
    (note,) = own_ideas_notes(scenario().with_ideas(listed), 5)
    assert note.en.startswith("1 of 2 own ideas cost less")


def test_periods_and_flags_of_pandas_are_read() -> None:
    """A month is not counted from 1970, and a column of flags with gaps is one of numbers."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.DataFrame(
        {
            "arises": pandas.PeriodIndex(["2025-03", None], freq="M"),
            "application.preventive": [1.0, None],
        }
    )
    found = own_ideas(frame)
    assert found.dates == [Month(2025, 3), None]
    assert found.facts["application.preventive"] == [True, None]


def test_what_is_no_list_of_ideas_is_refused_in_a_sentence() -> None:
    """A frame is read first, and a text is not taken for yes."""
    frame: Any = pl.DataFrame({"cost": [2_000_000]})
    with pytest.raises(SifError, match=r"got 'DataFrame'; .*own_ideas\("):
        scenario().with_ideas(frame)
    no: Any = "no"
    with pytest.raises(SifError, match="resampled: expected true or false, got 'no'"):
        own_ideas(frame, resampled=no)
