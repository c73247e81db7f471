"""Scenarios: complete, sourced, strict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sifrules import FaultyFile, SifError
from sifrules_simulation import scenario
from sifrules_simulation.model.fingerprints import of_scenario, ranges_of
from sifrules_simulation.model.parameters import declared
from sifrules_simulation.model.scenarios import Scenario, bundled
from sifrules_simulation.presentation.formatting import unit_of

STUDIES = Path(__file__).parents[3] / "docs" / "studies"
#: The worlds that the written study is tried in.
MADE_UP = [STUDIES / f"{name}.toml" for name in ("lasting", "certain", "uncashable")]
PATHS = [path for path, _ in declared()]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a scenario file over the default one."""

    def written(text: str) -> Path:
        file = tmp_path / "mine.toml"
        file.write_text(f'id = "mine"\nbase = "default"\n{text}', "utf-8")
        return file

    return written


@pytest.mark.parametrize("name", bundled())
def test_every_parameter_has_a_value_in_its_range_and_a_source(name: str) -> None:
    """Nothing that steers the simulation is hidden: it is cited, or says what it assumes."""
    found = scenario(name)
    assert list(found.stated) == PATHS or set(found.stated) == set(PATHS)
    for stated in found.stated.values():
        assert stated.low <= stated.value <= stated.high, stated.path
        assert stated.low < stated.high, stated.path
        assert (stated.citation is None) != (stated.assumption is None), stated.path


@pytest.mark.parametrize("name", [*bundled(), *map(str, MADE_UP)])
def test_what_a_scenario_says_is_in_both_languages(name: str) -> None:
    """A Swedish reader finds the assumptions, readings and names in Swedish."""
    found = scenario(name)
    for stated in found.stated.values():
        reading = stated.citation.reading if stated.citation else None
        for said in (stated.words, stated.assumption, reading):
            assert said is None or said.sv != said.en, stated.path
        assert unit_of(stated.unit).saved.en == stated.unit


def test_a_text_of_ones_own_may_be_in_one_language(write: Callable[[str], Path]) -> None:
    """A scenario file with a plain text shows it in both, as it stands."""
    texts = ('"Vår egen räkning."', '{ sv = "Vår egen räkning.", en = "Our own count." }')
    begun = '[ideas]\nflow = { value = 2, low = 1, high = 3, unit = "count", assumption = '
    plain, both = (scenario(write(f"{begun}{text} }}\n")) for text in texts)
    one, two = (each.stated["ideas.flow"].assumption for each in (plain, both))
    assert one is not None
    assert two is not None
    assert (one.sv, one.en) == ("Vår egen räkning.", "Vår egen räkning.")
    assert (two.sv, two.en) == ("Vår egen räkning.", "Our own count.")
    assert of_scenario(plain) == of_scenario(both)
    assert ranges_of(plain) == ranges_of(both)


def test_a_fingerprint_is_of_values_and_not_of_texts(write: Callable[[str], Path]) -> None:
    """Another wording is the same world; another value or range is another one."""
    line = (
        '[ideas]\nflow = {{ value = {}, low = 1, high = {}, unit = "count", assumption = "{}" }}\n'
    )
    asked = ((2, 3, "few"), (2, 3, "hardly any"), (2.5, 3, "few"), (2, 4, "few"))
    first, worded, valued, ranged = (scenario(write(line.format(*each))) for each in asked)
    assert of_scenario(first) == of_scenario(worded) == of_scenario(ranged)
    assert of_scenario(first) != of_scenario(valued)
    assert ranges_of(first) == ranges_of(worded) == ranges_of(valued)
    assert ranges_of(first) != ranges_of(ranged)


def test_the_named_municipalities_are_there() -> None:
    """A default one, and those of which there is a record."""
    assert bundled() == ("default", "norrkoping", "nynashamn", "orebro", "sodertalje")


def test_a_scenario_stands_on_another_and_states_what_differs(
    write: Callable[[str], Path],
) -> None:
    """One value replaced, all others as in the base."""
    file = write(
        '[ideas]\nflow = { value = 2, low = 1, high = 3, unit = "count", assumption = "few" }\n'
    )
    mine, base = scenario(file), scenario("default")
    assert mine.value("ideas.flow") == 2
    assert {path for path in PATHS if mine.value(path) != base.value(path)} == {"ideas.flow"}


FAULTS = {
    "a negative rate": (
        '[ideas]\nflow = { value = -1, low = 1, high = 3, unit = "count", assumption = "x" }',
        "ideas.flow.value: expected 0 to 1000 (count), got -1",
    ),
    "a share above one": (
        '[effects]\ncashable = { value = 1.2, low = 0, high = 1, unit = "share", '
        'assumption = "x" }',
        "effects.cashable.value: expected 0 to 1 (share), got 1.2",
    ),
    "no committees": (
        '[municipality]\ncommittees = { value = 0, low = 1, high = 3, unit = "count", '
        'assumption = "x" }',
        "municipality.committees.value: expected 1 to 200 (count), got 0",
    ),
    "half a committee": (
        '[municipality]\ncommittees = { value = 1.5, low = 1, high = 3, unit = "count", '
        'assumption = "x" }',
        "municipality.committees: expected a whole number, got 1.5",
    ),
    "no source": (
        '[ideas]\nflow = { value = 2, low = 1, high = 3, unit = "count" }',
        "ideas.flow: has no source",
    ),
    "another unit": (
        '[ideas]\nflow = { value = 2, low = 1, high = 3, unit = "SEK", assumption = "x" }',
        "ideas.flow.unit: expected \"count\", got 'SEK'",
    ),
    "an unknown parameter": (
        '[ideas]\nflows = { value = 2, low = 1, high = 3, unit = "count", assumption = "x" }',
        "ideas.flows: unknown parameter; did you mean flow?",
    ),
    "an unknown group": ("[idea]\n", "idea: unknown key; did you mean ideas"),
    "a range that ends before it begins": (
        '[ideas]\nflow = { value = 2, low = 3, high = 1, unit = "count", assumption = "x" }',
        "ideas.flow: its range ends before it begins",
    ),
    "the least above the most": (
        '[effects]\ndelay_least = { value = 99, low = 1, high = 100, unit = "months", '
        'assumption = "x" }',
        "effects.delay_least: expected no more than effects.delay_most",
    ),
    "a value alone": ("[ideas]\nflow = 2", "ideas.flow: expected { value, low, high, unit"),
    "a citation of nothing": (
        '[ideas]\nflow = { value = 2, low = 1, high = 3, unit = "count", cite = "book: 1" }',
        "ideas.flow.cite: no document 'book'",
    ),
}


@pytest.mark.parametrize(("text", "reported"), FAULTS.values(), ids=FAULTS)
def test_an_impossible_scenario_is_refused_at_its_place(
    text: str, reported: str, write: Callable[[str], Path]
) -> None:
    """File, parameter and what was expected."""
    file = write(text)
    with pytest.raises(FaultyFile) as refused:
        scenario(file)
    assert f"{file}: {reported}" in str(refused.value)


def test_all_faults_are_reported_at_once(write: Callable[[str], Path]) -> None:
    """Two impossible values, two lines."""
    text = "\n".join(FAULTS[name][0] for name in ("a negative rate", "a share above one"))
    with pytest.raises(FaultyFile) as refused:
        scenario(write(text))
    assert len(refused.value.faults) == 2


def test_an_unknown_scenario_names_the_nearest() -> None:
    """With what may be given instead."""
    with pytest.raises(SifError, match="did you mean orebro"):
        scenario("oreboro")
    with pytest.raises(FaultyFile, match="no such file"):
        scenario("nowhere.toml")


@pytest.mark.parametrize(
    ("setting", "reported"),
    [
        ("behaviour.horzon=3", "did you mean behaviour.horizon"),
        ("behaviour.horizon=long", "expected a number"),
        ("behaviour.horizon=-3", "expected 0 to 600"),
        ("behaviour.horizon=3.5", "expected a whole number"),
        ("effects.cashable=2", "expected 0 to 1"),
        ("effects.delay_least=90", "expected no more than effects.delay_most"),
    ],
)
def test_a_changed_parameter_must_be_possible(setting: str, reported: str) -> None:
    """What the command line's --assume refuses, and how it is reported."""
    with pytest.raises(SifError, match=reported):
        scenario("default").assuming((setting,))


def test_a_parameter_given_two_values_is_refused() -> None:
    """Neither of two values is taken in silence."""
    with pytest.raises(SifError, match=r"behaviour\.horizon is given two values; set each value"):
        scenario("default").assuming(("behaviour.horizon=24", "behaviour.horizon=36"))


def test_a_changed_scenario_says_so() -> None:
    """Its id states what was changed; the original is as it was."""
    base = scenario("default")
    changed: Scenario = base.assuming(("behaviour.horizon=24", "ideas.flow=2.5"))
    assert changed.id == "default with behaviour.horizon=24, ideas.flow=2.5"
    assert (changed.parameters.behaviour.horizon, changed.parameters.ideas.flow) == (24, 2.5)
    assert base.parameters.behaviour.horizon != 24


def test_bases_that_go_round_in_a_circle_are_refused(tmp_path: Path) -> None:
    """A scenario cannot stand on itself."""
    (tmp_path / "a.toml").write_text('id = "a"\nbase = "b.toml"\n', "utf-8")
    (tmp_path / "b.toml").write_text('id = "b"\nbase = "a.toml"\n', "utf-8")
    with pytest.raises(FaultyFile, match="circle"):
        scenario(tmp_path / "a.toml")


def test_amounts_and_shares_may_be_texts(tmp_path: Path) -> None:
    """In a scenario's file and on the command line; a text for a count is refused."""
    mine = tmp_path / "mine.toml"
    stated = 'value = "50 %", low = "0,25", high = 0.75, unit = "share", assumption = "mine"'
    mine.write_text(f'id = "mine"\nbase = "default"\nideas.regular = {{ {stated} }}\n', "utf-8")
    read = scenario(mine).stated["ideas.regular"]
    assert (read.value, read.low, read.high) == (0.5, 0.25, 0.75)
    assert scenario("default").assuming(("ideas.regular=12,5 %",)).value("ideas.regular") == 0.125
    with pytest.raises(SifError, match=r"ideas\.flow: expected a number, got '50 %'"):
        scenario("default").assuming(("ideas.flow=50 %",))


@pytest.mark.parametrize(
    "settings",
    [
        ("begins=2013", "begins=2014"),
        ("surplus_earmarks=true", "surplus_earmarks=false"),
        ("ideas.flow=3", "ideas.flow=4"),
    ],
)
def test_what_is_assumed_twice_is_refused(settings: tuple[str, str]) -> None:
    """A parameter, the month in which time begins, and the switch for earmarks."""
    with pytest.raises(SifError, match="is given two values; set each value once"):
        scenario("default").assuming(settings)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("effects.optimism=1,3", 1.3),
        ("municipality.population=120 000", 120_000),
        ("effects.success=0,45", 0.45),
        ("unstated.funding=5 mnkr", 5_000_000),
    ],
)
def test_a_number_may_be_written_as_in_swedish(setting: str, value: float) -> None:
    """With a decimal comma and spaces; large ones are named in full."""
    changed = scenario("default").assuming((setting,))
    path = setting.partition("=")[0]
    assert changed.value(path) == value
    assert changed.id.endswith(f" with {path}={value:.12g}")
    assert "e+" not in changed.id


def test_a_unit_is_named_in_the_language() -> None:
    """Not by its code."""
    with pytest.raises(SifError) as refused:
        scenario("default").assuming(("effects.success=45",))
    assert "(andel)" in refused.value.full_text.text("sv")
    with pytest.raises(SifError, match="expected a number"):
        scenario("default").assuming(("municipality.population=5 mnkr",))
