"""Every promise of PolicyConformance fails on the fault that it is there to find."""

from __future__ import annotations

import itertools
import unittest
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from sifrules import (
    Clause,
    Condition,
    Guideline,
    History,
    LocalizedText,
    Part,
    PartialDate,
    Rule,
    Slot,
    Stage,
    application,
    clause,
    hookimpl,
    registry,
)
from sifrules.rules.conditions import CompareFacts
from sifrules.rules.engines import durable_fault
from sifrules.testing import PolicyConformance, conformance, toy_guideline
from sifrules.values.messages import Message
from sifrules.values.money import ore
from sifrules.values.text import same

TOWN = "toy-town"
PROMISES = sorted(name for name in dir(PolicyConformance) if name.startswith("test_"))


class _Town:
    """A plugin of guidelines, parts and perhaps a record and cases."""

    def __init__(
        self,
        guidelines: Sequence[Guideline],
        parts: Sequence[type[Part]] = (),
        histories: Sequence[History] = (),
        cases_file: Path | None = None,
    ) -> None:
        self._offers = (guidelines, parts, histories)
        self.cases_file = cases_file

    @hookimpl
    def sifrules_guidelines(self) -> Sequence[Guideline]:
        return self._offers[0]

    @hookimpl
    def sifrules_parts(self) -> Sequence[type[Part]]:
        return self._offers[1]

    @hookimpl
    def sifrules_history(self) -> Sequence[History]:
        return self._offers[2]


def _of(town: _Town, **stated: Any) -> PolicyConformance:
    """The promises of a town, to be tried one by one."""
    made = type("TestTown", (PolicyConformance,), {"plugin": TOWN, "extra": {TOWN: town}, **stated})
    tests: PolicyConformance = made()
    return tests


def _toy(*parts: type[Part], **tables: object) -> PolicyConformance:
    return _of(_Town([toy_guideline(**tables)], parts))


def _fails(tests: PolicyConformance, promise: str) -> str:
    """What a promise says when it is broken."""
    with pytest.raises(AssertionError) as raised:
        getattr(tests, promise)()
    return str(raised.value)


@pytest.mark.parametrize("promise", [name for name in PROMISES if "cases" not in name])
def test_a_sound_guideline_keeps_every_promise(promise: str) -> None:
    """The toy guideline does."""
    if "engines" in promise and (fault := durable_fault()):
        pytest.skip(str(fault))
    getattr(_toy(), promise)()


# --- sources --------------------------------------------------------------------------


def test_a_value_without_a_place_is_found() -> None:
    """A document alone is no source."""
    told = _fails(
        _toy(criteria={"areas": {"kind": "minimum_areas", "cite": "guide", "areas": 2}}),
        "test_every_value_has_its_source",
    )
    assert "toy@2020: criteria.areas.areas: states 2 without a place in The guideline" in told
    assert 'write cite = "document: place"' in told


@frozen(kw_only=True)
class _Uncited(Part):
    slot: ClassVar[Slot] = Slot.CAPS
    kind: ClassVar[str] = "uncited"
    words: ClassVar[LocalizedText] = LocalizedText(sv="utan källa", en="without a source")
    limit: int = clause("tak", "limit", default=1)

    def clauses(self) -> Iterator[Clause]:
        yield from (evolve(each, citation=None) for each in Part.clauses(self))


def test_a_value_that_its_part_does_not_cite_is_found() -> None:
    """Also where the part, and not the file, loses the source."""
    told = _fails(
        _toy(_Uncited, caps={"few": {"kind": "uncited", "cite": "guide: 4"}}),
        "test_every_value_has_its_source",
    )
    assert "caps.few.limit: states 1 without a source" in told


def test_an_uncited_value_in_a_file_is_reported_by_every_promise() -> None:
    """The guideline cannot even be built, and the message has its fault."""
    tests = _toy(caps={"few": {"kind": "new_investments_per_year", "limit": 3}})
    told = _fails(tests, "test_no_money_is_lost")
    assert "toy@2020 cannot be built: toy.toml: caps.few" in told
    assert "has no citation" in told
    assert "left out" in _fails(tests, "test_the_plugin_is_fine")


def test_a_what_if_is_no_source_for_a_plugins_guideline(tmp_path: Path) -> None:
    """But it will do for a file that is tried by its path."""
    change = {"base": "toy@2020", "id": "toy@2021", "return_model": {"floor": ore(0)}}
    told = _fails(
        _of(_Town([toy_guideline(), Guideline(change, "next.toml")])),
        "test_every_value_has_its_source",
    )
    assert "toy@2021: return_model.floor: states 0 % as a what-if only" in told.replace("\xa0", " ")
    file = tmp_path / "mine.toml"
    file.write_text('base = "orebro@2016"\nreturn_model.floor = 0.1\n', "utf-8")
    made = type("TestMine", (PolicyConformance,), {"policies": [file]})
    made().test_every_value_has_its_source()


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        (
            {"documents": {"guide": {"title": "FILL IN: its title"}}},
            "documents.guide.title",
        ),
        ({"title": "FILL IN"}, "toy.toml: title: still says 'FILL IN'; write what the guideline"),
        (
            {"funding": {"kind": "endowment", "cite": "guide: FILL IN", "amount": 1}},
            "toy.toml: funding.cite: still says 'guide: FILL IN'; write cite",
        ),
        ({"not_modelled": ["FILL IN"]}, "toy.toml: not_modelled[0]"),
    ],
)
def test_what_is_still_to_be_filled_in_is_found(tables: dict[str, Any], told: str) -> None:
    """With its file, its key and what to write."""
    assert told in _fails(_toy(**tables), "test_nothing_is_left_to_fill_in")


def test_what_is_to_be_filled_in_in_a_record_is_found() -> None:
    """The record belongs to the municipality."""
    record = History(
        key="toy", municipality="Toy", until=PartialDate.parse("2020"), notes=(same("FILL IN"),)
    )
    told = _fails(
        _of(_Town([toy_guideline()], histories=[record])), "test_nothing_is_left_to_fill_in"
    )
    assert "toy (record): notes[0]" in told


# --- dates and ids --------------------------------------------------------------------


def _dated(id: str, begun: str, ended: str | None = None) -> Guideline:
    terms = {"in_force": begun, "cite": "guide: 1", **({"replaced": ended} if ended else {})}
    return toy_guideline(id=id, terms=terms)


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ([("toy@1", "2020", "2019")], "toy@1: terms.replaced: expected a day after 2020"),
        ([("toy@1", "2010", None), ("toy@2", "2020", None)], "got nothing; state when"),
        ([("toy@1", "2010", "2021"), ("toy@2", "2019", None)], "expected 2019 or before"),
    ],
)
def test_dates_out_of_order_are_found(dates: list[tuple[str, str, str | None]], told: str) -> None:
    """Ended before begun, never ended, ended too late."""
    town = _Town([_dated(*each) for each in dates])
    assert told in _fails(_of(town), "test_dates_are_in_order")


def test_guidelines_that_follow_on_each_other_are_in_order() -> None:
    """One may end on the day, or in the year, when the next begins."""
    town = _Town([_dated("toy@1", "2010", "2020-05-01"), _dated("toy@2", "2020-05-01")])
    _of(town).test_dates_are_in_order()
    _of(_Town([_dated("toy@1", "2010", "2020"), _dated("toy@2", "2020")])).test_dates_are_in_order()


def test_an_id_that_is_offered_twice_is_found() -> None:
    """Both are left out; the message says by whom."""
    twice = _of(_Town([toy_guideline(), toy_guideline(), toy_guideline(id="toy@2")]))
    told = _fails(twice, "test_ids_are_the_municipalitys_own")
    assert "toy@2020 is offered by toy-town and toy-town" in told
    assert "rename one" in told
    assert "offered by" in _fails(twice, "test_the_plugin_is_fine")


def test_two_files_of_one_id_are_found(tmp_path: Path) -> None:
    """Named by path no registry sees that they are alike."""
    text = Path("examples/what-ifs/nyby.toml").read_text("utf-8")
    files = [tmp_path / "a.toml", tmp_path / "b.toml"]
    for file in files:
        file.write_text(text, "utf-8")
    made = type("TestBoth", (PolicyConformance,), {"policies": files})
    assert "have it; rename one" in _fails(made(), "test_ids_are_the_municipalitys_own")


@pytest.mark.parametrize(
    ("id", "town", "sound"),
    [
        ("vasteras@2024", "Västerås", True),
        ("upplands-vasby@2024", "Upplands Väsby", True),
        ("upplandsvasby@2024", "Upplands Väsby kommun", True),
        ("toy", "Toy", False),
        ("toy@", "Toy", False),
        ("toyen@2024", "Toy", False),
        ("toy@2020", "Region Toy", True),
    ],
)
def test_an_id_begins_with_the_municipalitys_key(id: str, town: str, sound: bool) -> None:
    """Its name without accents; the message says how to write it."""
    tests = _toy(id=id, municipality=town)
    if sound:
        tests.test_ids_are_the_municipalitys_own()
    else:
        told = _fails(tests, "test_ids_are_the_municipalitys_own")
        assert 'write id = "toy@' in told


def test_the_key_of_a_record_is_the_municipalitys_key() -> None:
    """Where there is a record, guidelines and record must find each other."""
    record = History(key="toytown", municipality="Toy", until=PartialDate.parse("2020"))
    told = _fails(
        _of(_Town([toy_guideline()], histories=[record])), "test_ids_are_the_municipalitys_own"
    )
    assert 'write id = "toytown@2020"' in told


# --- twice the same, and by both engines ----------------------------------------------


_NUMBERS = itertools.count(1)


@frozen(kw_only=True)
class _Fickle(Part):
    slot: ClassVar[Slot] = Slot.CAPS
    kind: ClassVar[str] = "fickle"
    words: ClassVar[LocalizedText] = LocalizedText(sv="ombytligt", en="fickle")

    def rules(self) -> Iterable[Rule]:
        yield self.rule(Stage.IDEA_TEST, application.areas >= next(_NUMBERS), self.words)


def test_rules_that_depend_on_chance_are_found() -> None:
    """The same guideline, built again, demands something else."""
    tests = _toy(_Fickle, caps={"few": {"kind": "fickle", "cite": "guide: 4"}})
    told = _fails(tests, "test_the_same_comes_out_twice")
    assert "toy@2020: caps.few: the policy built twice gives another rule" in told


class _Lenient(CompareFacts):
    """A condition of an author's own that only one of the engines asks."""

    def test(self, values: Any) -> bool | None:
        return True


@frozen(kw_only=True)
class _Odd(Part):
    slot: ClassVar[Slot] = Slot.CAPS
    kind: ClassVar[str] = "odd"
    words: ClassVar[LocalizedText] = LocalizedText(sv="udda", en="odd")

    def rules(self) -> Iterable[Rule]:
        condition: Condition = _Lenient(
            application.cofunding, ">=", application.expected_savings * 1
        )
        yield self.rule(Stage.IDEA_TEST, condition, self.words)


@pytest.mark.skipif(durable_fault() is not None, reason=str(durable_fault()))
def test_engines_that_disagree_are_found() -> None:
    """With the rule, what each says, and on which facts."""
    tests = _toy(_Odd, caps={"few": {"kind": "odd", "cite": "guide: 4"}})
    told = _fails(tests, "test_both_engines_decide_alike")
    assert "toy@2020: caps.few: expected" in told
    assert "(durable), got met (compiled) on {" in told
    assert "build conditions from facts" in told


def test_one_engine_alone_is_no_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    """The promise is skipped where the reference cannot be used, and says why."""
    fault = Message("engine.durable_not_installed")
    monkeypatch.setattr(conformance, "durable_fault", lambda: fault)
    with pytest.raises(unittest.SkipTest, match="durable engine is not installed"):
        _toy().test_both_engines_decide_alike()


# --- texts ----------------------------------------------------------------------------


def _saying(words: Any) -> type[Part]:
    """A cap whose demand is said so."""

    @frozen(kw_only=True)
    class Saying(Part):
        slot: ClassVar[Slot] = Slot.CAPS
        kind: ClassVar[str] = "saying"
        words: ClassVar[LocalizedText] = LocalizedText(sv="säger", en="says")

        def rules(self) -> Iterable[Rule]:
            yield self.rule(Stage.IDEA_TEST, application.areas >= 1, words)

    return Saying


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (LocalizedText(sv=" ", en="at least one area"), "caps.few (its demand): has no text in sv"),
        (same("at least one area"), "has one text for both languages, 'at least one area'"),
        ("at least one area", "expected LocalizedText(sv=..., en=...), got 'at least one area'"),
    ],
)
def test_a_missing_swedish_text_is_found(words: Any, told: str) -> None:
    """Empty, the same in both languages, or no Words at all."""
    tests = _toy(_saying(words), caps={"few": {"kind": "saying", "cite": "guide: 4"}})
    assert told in _fails(tests, "test_it_reads_well_in_both_languages")


def test_a_policy_that_cannot_be_shown_is_found() -> None:
    """With the command that shows it fail."""
    tests = _toy(_saying("plain"), caps={"few": {"kind": "saying", "cite": "guide: 4"}})
    told = _fails(tests, "test_it_reads_well_in_both_languages")
    assert "sif show toy@2020 --lang sv --format table failed with AttributeError" in told


# --- worked cases ---------------------------------------------------------------------

_CASES = """
[[cases]]
name = "One area is enough"
policy = "toy@2020"
facts.application.areas = 1
expect.outcome = "eligible"

[[cases]]
name = "Two areas are enough"
policy = "toy@2020"
facts.application.areas = 2
expect.outcome = "eligible"
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A file of one case that fails and one that passes."""
    file = tmp_path / "cases.toml"
    file.write_text(_CASES, "utf-8")
    return file


@pytest.mark.parametrize("stated", ["by the plugin", "by the class", "as a text"])
def test_a_case_that_comes_out_otherwise_is_found(cases: Path, stated: str) -> None:
    """By its name, with what came, the rule and the file; the other is not reported."""
    if stated == "by the plugin":
        tests = _of(_Town([toy_guideline()], cases_file=cases))
    else:
        tests = _of(_Town([toy_guideline()]), cases=cases if "class" in stated else str(cases))
    told = _fails(tests, "test_worked_cases_come_out_right")
    assert "differs: One area is enough (toy@2020)" in told
    assert "outcome: expected eligible, got not_eligible (criteria.areas)" in told
    assert str(cases) in told
    assert "Two areas" not in told


def test_no_cases_are_no_failure(tmp_path: Path) -> None:
    """They may be left out; the promise is skipped."""
    for town in (_Town([toy_guideline()]), _Town([toy_guideline()], cases_file=tmp_path / "none")):
        with pytest.raises(unittest.SkipTest, match="no worked cases"):
            _of(town).test_worked_cases_come_out_right()


# --- the class itself -----------------------------------------------------------------


def test_a_plugin_that_is_not_there_names_the_nearest() -> None:
    """And says how to install one."""
    made = type("TestIt", (PolicyConformance,), {"plugin": "orebo"})
    told = _fails(made(), "test_dates_are_in_order")
    assert "did you mean orebro?" in told
    assert "pip install -e" in told


def test_a_plugin_without_policies_says_so() -> None:
    """Its problems are reported."""
    told = _fails(_of(_Town([])), "test_dates_are_in_order")
    assert "the plugin toy-town offers no policy" in told


def test_a_class_that_says_nothing_to_try_says_so() -> None:
    """It does not pass by trying nothing."""
    made = type("TestIt", (PolicyConformance,), {})
    assert "says nothing to try" in _fails(made(), "test_dates_are_in_order")


def test_a_policy_that_is_not_there_names_the_nearest() -> None:
    """As everywhere."""
    made = type("TestIt", (PolicyConformance,), {"policies": ["orebro@2106"]})
    assert "did you mean orebro@2016" in _fails(made(), "test_dates_are_in_order")


def test_a_plugin_in_extra_goes_before_an_installed_one_of_its_name() -> None:
    """So an author can try what is not installed yet."""
    town = _Town([toy_guideline(id="orebro@1", municipality="Örebro")])
    made = type("TestIt", (PolicyConformance,), {"plugin": "orebro", "extra": {"orebro": town}})
    assert [policy.id for policy in made().tried()] == ["orebro@1"]
    assert "orebro@2016" in registry().ids


def test_what_is_collected() -> None:
    """The class itself is not, one that others derive from is not, one that says what to try is."""
    assert PolicyConformance.__test__ is False
    assert type("Ours", (PolicyConformance,), {}).__test__ is False
    assert type("TestNothing", (PolicyConformance,), {}).__test__ is True
    assert type("Orebro", (PolicyConformance,), {"plugin": "orebro"}).__test__ is True
    assert type("TestOff", (PolicyConformance,), {"__test__": False}).__test__ is False


def test_a_long_list_of_faults_is_cut() -> None:
    """The first twenty, and how many more there are."""
    told = _fails(_toy(not_modelled=["FILL IN"] * 25), "test_nothing_is_left_to_fill_in")
    assert told.count("FILL IN") == 20
    assert "... and 5 more" in told
