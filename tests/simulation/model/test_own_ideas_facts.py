"""Facts of a list of ideas that only a guideline knows: read when it is simulated."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sifrules import FaultyFile, SifError, compare, own_ideas, registry, scenario
from sifrules.rules.conditions import Fact
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.mechanisms import ALL_ON
from sifrules_simulation.model.own_ideas_notes import own_ideas_notes
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import world

OUTSIDE = "application.lulea_outside_actor"
#: A guideline that asks for an amount that nothing is drawn for.
BUDGETED = """
base = "orebro@2016"
id = "ours@2024"

[facts."application.our_budget"]
kind = "money"
sv = "verksamhetens budget"
en = "the unit's budget"

[criteria.budget]
kind = "fact"
cite = "guideline2016: p. 1"
fact = "application.our_budget"
at_least = "1 mnkr"
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of three ideas, of which the last does not state the fact."""
    place = tmp_path_factory.mktemp("ideas") / "ideas.csv"
    place.write_text(
        f"arises;cost;{OUTSIDE} (ja/nej)\n1;2 mnkr;ja\n# left out;;\n2;2 mnkr;nej\n3;2 mnkr;\n"
    )
    return place


def _fact() -> Fact:
    return registry().policy("lulea@2024").vocabulary[OUTSIDE]


def _around(file: Path) -> Scenario:
    return scenario().assuming(f"own_ideas={file}")


def test_what_is_stated_is_what_the_ideas_are(file: Path) -> None:
    """In every replication; what a row does not state is drawn as for any other idea."""
    facts = [world(_around(file), 1, 1, each, ALL_ON).own_fact(_fact(), 0.5) for each in range(20)]
    assert {each[0] for each in facts} == {True}
    assert {each[1] for each in facts} == {False}
    assert {each[2] for each in facts} == {True, False}


def test_a_command_reads_it_and_any_number_of_processes_give_the_same(file: Path) -> None:
    """The list goes to other processes with what was read of it."""
    one, two = (
        compare("lulea@2024", scenario=_around(file), replications=45, years=2, jobs=jobs)
        for jobs in (1, 2)
    )
    assert one.runs.equals(two.runs)


def test_a_column_that_no_guideline_knows_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    """Before anything is simulated, at its place."""
    file = tmp_path / "ideas.csv"
    file.write_text("cost;application.lulea_outside\n2 mnkr;ja\n")
    with pytest.raises(FaultyFile, match=rf"B1.*did you mean {OUTSIDE}"):
        comparison_design(registry(), ["orebro@2016"], scenario=_around(file))


def test_a_cell_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path) -> None:
    """The whole run is, and not only the guideline that asks."""
    file = tmp_path / "ideas.csv"
    file.write_text(f"cost;{OUTSIDE}\n2 mnkr;kanske\n")
    with pytest.raises(FaultyFile, match=r"cell B2 .*expected yes or no, got 'kanske'"):
        comparison_design(registry(), ["orebro@2016", "lulea@2024"], scenario=_around(file))


def test_a_fact_that_follows_from_the_project_is_refused_at_once() -> None:
    """Whatever guideline it is simulated under."""
    with pytest.raises(FaultyFile, match=r"fund\.available follows from the project"):
        own_ideas(pl.DataFrame({"fund.available": [1]}))


def test_a_fact_that_none_of_the_guidelines_asks_for_is_noted(file: Path) -> None:
    """Another guideline that is known here asks for it, so the list is no mistake."""
    design = comparison_design(registry(), ["orebro@2016"], scenario=_around(file))
    (note,) = own_ideas_notes(design.scenario, 15, design.policies)
    assert OUTSIDE in note.text("en")
    other = comparison_design(registry(), ["lulea@2024"], scenario=_around(file))
    assert not list(own_ideas_notes(other.scenario, 15, other.policies))


def test_an_amount_of_a_guidelines_own_can_be_asked_for_where_every_idea_states_it(
    tmp_path: Path,
) -> None:
    """No amount is made up, so the guideline cannot be simulated otherwise."""
    ours = tmp_path / "ours.toml"
    ours.write_text(BUDGETED)
    stated = pl.DataFrame({"cost": [2_000_000], "application.our_budget": [3_000_000]})
    around = scenario().with_ideas(own_ideas(stated))
    design = comparison_design(registry(), [ours], scenario=around)
    fact = design.policies[0].vocabulary["application.our_budget"]
    assert world(around, 1, 1, 0, ALL_ON).own_fact(fact, 0.5) == {0: 300_000_000}
    with pytest.raises(SifError, match=r"application\.our_budget"):
        comparison_design(registry(), [ours])


def test_lists_that_differ_in_such_a_fact_alone_are_told_apart() -> None:
    """Results saved with one of them are not taken for those of the other."""
    yes, no = (own_ideas(pl.DataFrame({OUTSIDE: [each]})).fingerprint for each in (True, False))
    assert yes != no
