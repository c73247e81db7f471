"""Every trap of durable-rules is fenced in, and is really there.

Tests named "raw" show what durable-rules does by itself: if one fails after an upgrade,
the fence that it stands for may no longer be needed.
"""

from __future__ import annotations

import gc
import itertools
import os
import random
import resource
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from sifrules.errors import EngineError, FactError
from sifrules.rules.conditions import Compare, Condition, Fact, Value
from sifrules.rules.decisions import Decision, Verdict
from sifrules.rules.engines import engine_for
from sifrules.rules.kinds import Kind
from sifrules.rules.rulebook import Derivation, Rule, RuleBook, Stage
from sifrules.rules.vocabulary import FACTS, application, fund
from sifrules.values.citations import Citation
from sifrules.values.text import same

pytestmark = pytest.mark.usefixtures("durable_engine")

CITED = Citation("A guideline")
DEMAND = same("a demand")
#: durable-rules fails near this many sessions
SESSIONS = 1_024
Fired = list[str]


def _book(*wanted: Fact | Condition, derivations: tuple[Derivation, ...] = ()) -> RuleBook:
    rules = [Rule(f"r{n}", Stage.IDEA_TEST, DEMAND, each, CITED) for n, each in enumerate(wanted)]
    return RuleBook("toy", rules, derivations)


def _decide(book: RuleBook, values: Mapping[str, Value]) -> Decision:
    return engine_for(book, "durable").decide(values)


def _verdicts(book: RuleBook, values: Mapping[str, Value]) -> list[str]:
    return [finding.verdict.value for finding in _decide(book, values).findings]


def _script(code: str, *, seconds: int = 60) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, freed memory filled with rubbish."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env={**os.environ, "MALLOC_PERTURB_": "165"},
    )


class _Raw:
    """durable-rules itself, with rule sets of one message each."""

    def __init__(self, host: Any, unhandled: type[Exception]) -> None:
        self._host, self._unhandled = host, unhandled
        self._ids = itertools.count()
        self.fired: Fired = []

    def rule_set(self, **conditions: Mapping[str, object]) -> str:
        """Register rules by name; the name of the rule set."""
        rules = {
            name: {"all": [{"m": condition}], "run": self._note(name)}
            for name, condition in conditions.items()
        }
        return self.register(rules)

    def register(self, rules: dict[str, Any]) -> str:
        name = f"raw-{os.getpid()}-{id(self)}-{next(self._ids)}"
        self._host.register_rulesets({name: rules})
        return name

    def _note(self, name: str) -> Callable[[object], None]:
        def note(_: object) -> None:
            self.fired.append(name)

        return note

    def send(self, rules: str, how: str = "assert_fact", **message: object) -> Fired:
        """Send one message in a session of its own; the rules that fired."""
        number = next(self._ids)
        self.fired.clear()
        try:
            getattr(self._host, how)(rules, {"sid": f"s{number}", "id": f"m{number}", **message})
        except self._unhandled:
            return []
        return list(self.fired)


@pytest.fixture
def raw(durable_engine: Any) -> _Raw:
    """durable-rules without our engine around it."""
    module = durable_engine.durable
    return _Raw(durable_engine._host(), module.MessageNotHandledException)


def _leaves(tree: object) -> Iterator[object]:
    """Every key and value of a nested definition."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from _leaves(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _leaves(value)
    else:
        yield tree


# --- facts reach every rule ---------------------------------------------------------


def test_facts_reach_every_rule() -> None:
    """Two rules on the same fact are both decided."""
    book = _book(application.areas >= 1, application.areas >= 2, application.areas >= 3)
    assert _verdicts(book, {"application.areas": 2}) == ["met", "met", "not_met"]


def test_raw_a_posted_event_reaches_only_the_first_rule(raw: _Raw) -> None:
    """`post` is consumed by one rule; `assert_fact` is not."""
    rules = raw.rule_set(low={"$gt": {"x": 0}}, high={"$gt": {"x": 1}})
    assert len(raw.send(rules, "post", x=5)) == 1
    assert sorted(raw.send(rules, x=5)) == ["high", "low"]


# --- presence -----------------------------------------------------------------------


def test_presence_is_never_asked_for(durable_engine: Any) -> None:
    """No definition holds ``+m.x``, ``-m.x`` (``$ex``, ``$nex``) or another fact (``$m``)."""
    book = _book(
        application.early | ~application.evaluable,
        ~(application.areas >= 2) & application.applicant.one_of("committee", "company"),
        application.cost <= fund.available,
        derivations=(Derivation("d", application.early, application.areas >= 1, CITED),),
    )
    definition = durable_engine._Durable(book)._rule_set()
    operators = {each for each in _leaves(definition) if str(each).startswith(("$", "+", "-"))}
    assert operators <= {"$and", "$or", "$neq", "$lt", "$lte", "$gt", "$gte"}


@pytest.mark.once
def test_raw_asking_for_absence_alone_never_ends() -> None:
    """``-m.x`` as a whole condition hangs, so it is tried in a process that is ended."""
    with pytest.raises(subprocess.TimeoutExpired):
        _script(
            """
            from durable import engine
            host = engine.Host()
            rule = {"all": [{"m": {"$nex": {"x": 1}}}], "run": lambda c: None}
            host.register_rulesets({"r": {"a": rule}})
            host.assert_fact("r", {"sid": "1", "id": "1", "y": 1})
            """,
            seconds=2,
        )


# --- sessions -----------------------------------------------------------------------


def test_far_more_decisions_than_sessions_are_possible_and_memory_stays() -> None:
    """Each session is deleted: past the 1,024th, with next to no memory kept."""
    book = _book(application.areas >= 2)
    _verdicts(book, {"application.areas": 1})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(SESSIONS + SESSIONS // 2):
        areas = number % 4
        expected = ["met" if areas >= 2 else "not_met"]
        assert _verdicts(book, {"application.areas": areas}) == expected
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 20_000  # kB; left undeleted the sessions take some 150,000


def test_raw_sessions_that_are_kept_run_out() -> None:
    """Near the 1,024th session there is a MemoryError, or worse."""
    done = _script(
        f"""
        from durable import engine
        host = engine.Host()
        rule = {{"all": [{{"m": {{"x": 1}}}}], "run": lambda c: None}}
        host.register_rulesets({{"r": {{"a": rule}}}})
        for n in range({SESSIONS + 1}):
            host.assert_fact("r", {{"sid": str(n), "id": str(n), "x": 1}})
        print("alive")
        """
    )
    assert done.stdout == ""


def test_deciding_on_too_little_to_fire_a_rule_does_not_harm_the_process() -> None:
    """A session in which nothing fired can be deleted, many times, in many rule books."""
    done = _script(
        """
        import gc
        from sifrules import Citation, Rule, RuleBook, Stage, Words, application
        from sifrules.rules.engines import engine_for
        kept = []
        for n in range(1_000):
            wanted = application.areas >= 1
            rule = Rule("r", Stage.IDEA_TEST, Words("a", "a"), wanted, Citation("x"))
            kept.append(RuleBook("toy", [rule]))
            engine_for(kept[-1], "durable").decide({})
        print("alive")
        """
    )
    assert done.stdout == "alive\n", f"exit code {done.returncode}: {done.stderr[-200:]}"


def test_raw_deleting_a_session_in_which_nothing_fired_corrupts_memory() -> None:
    """It frees pointers that were never set (state.c, deleteStateNode)."""
    done = _script(
        """
        from durable import engine
        host = engine.Host()
        for n in range(1_000):
            rule = {"all": [{"m": {"$gt": {"x": 0}}}], "run": lambda c: None}
            host.register_rulesets({f"r{n}": {"a": rule}})
            try:
                host.assert_fact(f"r{n}", {"sid": "1", "id": "1", "y": 0})
            except engine.MessageNotHandledException:
                pass
            host.delete_state(f"r{n}", "1")
        print("alive")
        """
    )
    assert done.returncode != 0


# --- numbers ------------------------------------------------------------------------

UNFIT = [1e22, 1e-7, float("inf"), float("nan"), Decimal(5), 0.5, 2**63, -(2**63) - 1, None]


@pytest.mark.parametrize("value", UNFIT, ids=repr)
def test_a_number_that_durable_rules_takes_wrongly_is_refused_by_the_engine(value: Any) -> None:
    """Floats, decimals and what needs more than 64 bits end in an `EngineError`."""
    with pytest.raises(EngineError, match=r"application\.areas: expected"):
        _verdicts(_book(application.areas >= 1), {"application.areas": value})


@pytest.mark.parametrize("value", [1e22, 1e-7, float("inf"), float("-inf"), float("nan")], ids=repr)
def test_a_float_is_refused_at_the_edge_with_advice(value: float) -> None:
    """The person who wrote it reads which fact it was, and what to write."""
    with pytest.raises(
        FactError, match=r"application\.cost: expected kronor of at least 0, got the float"
    ) as bad:
        FACTS.read({"application.cost": value})
    assert "write a whole number" in str(bad.value)


def test_an_engine_that_refused_a_value_still_decides() -> None:
    """A refusal leaves nothing behind."""
    book = _book(application.areas >= 1)
    unfit: Any = {"application.areas": float("inf")}
    with pytest.raises(EngineError):
        _verdicts(book, unfit)
    assert _verdicts(book, {"application.areas": 1}) == ["met"]


@pytest.mark.parametrize("value", [1e22, 1e-7, float("inf"), Decimal(5)], ids=repr)
def test_raw_such_a_number_is_an_error_code_or_a_type_error(raw: _Raw, value: object) -> None:
    """What comes out of durable-rules itself says nothing of what to do."""
    rules = raw.rule_set(a={"$gt": {"x": 0}})
    with pytest.raises(Exception, match=r"error code|not JSON serializable"):
        raw.send(rules, x=value)


@pytest.mark.parametrize("amount", [-(2**63), -(10**14), -1, 0, 1, 2**53 + 1, 10**14, 2**63 - 2])
def test_whole_numbers_are_compared_exactly_to_the_last(amount: int) -> None:
    """No whole number passes through a float on its way."""
    book = _book(*(Compare(application.cost, op, amount) for op in ("==", ">", ">=")))
    assert _verdicts(book, {"application.cost": amount}) == ["met", "not_met", "met"]
    assert _verdicts(book, {"application.cost": amount + 1}) == ["not_met", "met", "met"]


# --- booleans -----------------------------------------------------------------------


@pytest.mark.parametrize("value", [True, False])
def test_booleans_stay_booleans(durable_engine: Any, value: bool) -> None:
    """A flag is asserted and compared as true or false, never as 1 or 0."""
    book = _book(application.early, ~application.early)
    definition = durable_engine._Durable(book)._rule_set()
    assert not any(each is not value and each == value for each in _flags(definition))
    assert type(durable_engine._plain("x", value)) is bool
    expected = ["met", "not_met"] if value else ["not_met", "met"]
    assert _verdicts(book, {"application.early": value}) == expected


def _flags(definition: Mapping[str, Any]) -> Iterator[object]:
    """What the rules compare flags with; the number of the wave aside."""
    for rule in definition.values():
        for part in rule["all"][0]["m"].get("$and", ()):
            if "wave" not in part:
                yield from _leaves(part)


# --- two facts ----------------------------------------------------------------------


@pytest.mark.parametrize("given", ["application.cost", "fund.available"])
def test_a_comparison_of_facts_with_one_side_missing_cannot_be_determined(given: str) -> None:
    """Also after other decisions have had both sides."""
    book = _book(application.cost <= fund.available, application.cost > fund.available)
    for amount in range(30):
        _verdicts(book, {"application.cost": amount, "fund.available": 15})
        assert _verdicts(book, {given: amount}) == ["cannot_tell"] * 2


def test_raw_a_comparison_of_facts_matches_on_what_was_left_behind(raw: _Raw) -> None:
    """With one side missing a rule fires on an earlier session's value."""
    both = {"$m": "b"}
    rules = raw.rule_set(
        less={"$and": [{"w": 0}, {"$lt": {"a": both}}]},
        more={"$and": [{"w": 0}, {"$gte": {"a": both}}]},
    )
    chance = random.Random(1)
    wrong = []
    for _ in range(300):
        sides: dict[str, Any] = {key: chance.randrange(10) for key in "ab" if chance.random() < 0.7}
        fired = raw.send(rules, w=0, **sides)
        if len(sides) < 2 and fired:
            wrong.append((sides, fired))
    assert wrong


def test_a_share_and_a_fixed_part_are_worked_out_before() -> None:
    """Arithmetic never reaches durable-rules."""
    half = application.cofunding >= application.cost * Decimal("0.3333")
    left = application.cost <= fund.granted_this_year * -1 + 5
    values = {"application.cofunding": 3333, "application.cost": 10_000}
    assert _verdicts(_book(half, left), values) == ["met", "cannot_tell"]
    values |= {
        "application.cofunding": 3332,
        "application.cost": 300,
        "fund.granted_this_year": 200,
    }
    assert _verdicts(_book(half, left), values) == ["met", "met"]


# --- firing -------------------------------------------------------------------------


def test_a_rule_that_fires_twice_gives_one_verdict() -> None:
    """Both sides of an *or* being met is one *met*."""
    both = {"application.early": True, "application.evaluable": True}
    decision = _decide(_book(application.early | application.evaluable), both)
    assert [finding.verdict for finding in decision.findings] == [Verdict.MET]


def test_raw_a_rule_fires_twice_for_an_or(raw: _Raw) -> None:
    """Each side that is met fires the rule."""
    assert raw.send(raw.rule_set(a={"$or": [{"x": 1}, {"y": 1}]}), x=1, y=1) == ["a", "a"]


def test_no_match_is_an_answer() -> None:
    """Where nothing is known, every rule is *cannot tell*, and nothing is raised."""
    decision = _decide(_book(application.areas >= 1, application.early), {})
    assert {finding.verdict for finding in decision.findings} == {Verdict.CANNOT_TELL}
    assert decision.missing == ("application.areas", "application.early")


def test_raw_no_match_is_raised(durable_engine: Any, raw: _Raw) -> None:
    """durable-rules takes it for an error."""
    rules = raw.rule_set(a={"x": 1})
    with pytest.raises(durable_engine.durable.MessageNotHandledException):
        durable_engine._host().assert_fact(rules, {"sid": "s", "id": "m", "x": 2})


def test_a_rule_book_without_rules_is_decided() -> None:
    """A policy may have no rules at a stage: then nothing speaks against."""
    assert _verdicts(_book(), {"application.areas": 1}) == []


def test_an_exception_in_an_action_is_raised(
    durable_engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own does not end as a *cannot tell*."""

    def faulty(*_: object) -> Callable[[object], None]:
        def action(_: object) -> None:
            raise ZeroDivisionError("our own fault")

        return action

    monkeypatch.setattr(durable_engine._Durable, "_note", faulty)
    with pytest.raises(EngineError, match="our own fault"):
        _verdicts(_book(application.areas >= 1), {"application.areas": 1})


def test_raw_an_exception_in_an_action_is_swallowed(raw: _Raw) -> None:
    """It only stands in the state that comes back."""

    def action(_: object) -> None:
        raise ZeroDivisionError

    rules = raw.register({"a": {"all": [{"m": {"x": 1}}], "run": action}})
    assert raw.send(rules, x=1) == []


# --- names --------------------------------------------------------------------------


def test_two_rule_books_of_one_policy_live_side_by_side() -> None:
    """A what-if and its base may both be called orebro@2016."""
    one, other = _book(application.areas >= 1), _book(application.areas >= 5)
    for _ in range(3):
        assert _verdicts(one, {"application.areas": 3}) == ["met"]
        assert _verdicts(other, {"application.areas": 3}) == ["not_met"]


def test_raw_a_name_is_taken_for_ever(raw: _Raw, durable_engine: Any) -> None:
    """The names of rule sets are global to a host."""
    name = raw.rule_set(a={"x": 1})
    rule = {"all": [{"m": {"x": 1}}], "run": lambda _: None}
    with pytest.raises(Exception, match="already registered"):
        durable_engine._host().register_rulesets({name: {"a": rule}})


def test_a_rule_book_that_is_gone_takes_its_rule_set_along(durable_engine: Any) -> None:
    """Trying thousands of what-ifs does not fill the host."""
    host = durable_engine._host()
    gc.collect()
    before = set(host._ruleset_directory)
    books = [_book(application.areas >= 1) for _ in range(5)]
    for book in books:
        _verdicts(book, {"application.areas": 1})
    assert len(set(host._ruleset_directory) - before) == len(books)
    books.clear()
    del book
    gc.collect()
    assert set(host._ruleset_directory) <= before
    assert len(host._ruleset_list) == len(host._ruleset_directory)


@pytest.mark.parametrize("name", ["id", "sid", "wave", "a.b__c", "application.x y", "å.ä", "$m.x"])
def test_a_fact_may_have_any_name(name: str) -> None:
    """A name that durable-rules or the engine uses itself does not change the decision."""
    count = Fact(name, Kind.COUNT, DEMAND)
    assert _verdicts(_book(count >= 2, count < 2), {name: 3}) == ["met", "not_met"]


def test_two_facts_are_distinguished_however_their_names_are_written() -> None:
    """``a.b__c`` and ``a__b.c`` are two facts in the engine too."""
    one, other = (Fact(name, Kind.FLAG, DEMAND) for name in ("a.b__c", "a__b.c"))
    assert _verdicts(_book(one, other), {"a.b__c": True, "a__b.c": False}) == ["met", "not_met"]
