"""The durable engine, the reference: a rule book as a durable-rules rule set.

This is the only module that imports durable-rules, and it works around the faults found
there. Each workaround has a test in ``tests/sifrules/rules/engines/test_durable_fences.py``.

* Facts are asserted, never posted: a posted event reaches only the first rule.
* Presence is never tested (``+m.x`` and ``-m.x`` loop); a missing fact is simply not asserted,
  and neither the met-rule nor the not-met-rule of a criterion fires.
* Every decision has a session of its own, deleted after it: sessions cost memory, and
  the engine fails near the 1,024th.
* Only booleans, words and whole numbers of 64 bits are asserted.
* A boolean is compared with a boolean: whether ``True`` matches 1 is undefined.
* Two facts are never compared inside the engine: with one of them missing it can match
  on what an earlier fact left behind, and arithmetic on both sides fails. Both sides are
  computed before, and the sign of their difference is asserted.
* A rule can fire twice for one fact: firing is a set.
* Deleting a session in which no rule fired frees memory that was never allocated, and the
  process dies. A rule of our own fires in every session.
* An exception in an action is swallowed into the returned state: it is looked for there and
  raised.
* Names of rule sets are global: each is numbered, and dropped with its rule book.
* A host does not survive a fork: each process creates one on first use, and a lock lets one
  decision at a time use it. Its timer threads are never started: they iterate over the list of
  rule sets while it changes.
"""

from __future__ import annotations

import itertools
import os
import threading
import warnings
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from sifrules.errors import EngineError
from sifrules.rules.conditions import (
    AllOf,
    AnyOf,
    Compare,
    CompareFacts,
    Condition,
    OneOf,
    Value,
    walk,
)
from sifrules.rules.decisions import Decision, Finding, Link, conclude
from sifrules.rules.rulebook import Derivation, Derived, RuleBook
from sifrules.values.messages import Message

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import durable_rules_engine
    from durable import engine as durable

Definition = dict[str, Any]
_WAVE = "wave"
_WHOLE = range(-(2**63), 2**63)
_OPERATORS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}

_lock = threading.RLock()
_numbers = itertools.count(1)
_hosts: dict[int, Any] = {}


class _Host(durable.Host):  # type: ignore[misc]  # durable-rules has no types
    """A host without the two timer threads that iterate over rule sets while we change them.

    Facts are asserted and the result is read in one call; there is nothing for a timer to do.
    """

    def _run(self) -> None:
        return None


def _reset_after_fork() -> None:
    """In a forked child, drop the parent's host and a lock that one of its threads may hold."""
    global _lock
    _lock = threading.RLock()
    _hosts.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)


def _host() -> Any:
    """The host of this process, never one inherited through a fork."""
    process = os.getpid()
    if process not in _hosts:
        _hosts.clear()
        _hosts[process] = _Host()
    return _hosts[process]


class _Keys:
    """The keys under which the facts and comparisons of a book are asserted.

    Generated ones, as a fact's name may mean something to durable-rules (``sid``, ``$m``, a dot)
    or become the name of another once it is rewritten.
    """

    def __init__(self, book: RuleBook) -> None:
        links = [*book.derivations, *(opening.link for opening in book.openings)]
        conditions = [rule.condition for rule in book.rules]
        conditions += [condition for link in links for condition in link.conditions]
        nodes = [node for condition in conditions for node in walk(condition)]
        names = dict.fromkeys(fact.name for node in nodes for fact in node.facts())
        self.facts = {name: f"f{number}" for number, name in enumerate(names)}
        signs = dict.fromkeys(_sides(node) for node in nodes if isinstance(node, CompareFacts))
        self._signs = {sides: f"s{number}" for number, sides in enumerate(signs)}

    def definition(self, condition: Condition) -> Definition:
        """A condition in the form that durable-rules reads."""
        match condition:
            case Compare(fact, op, value):
                return _leaf(self.facts[fact.name], op, value)
            case CompareFacts(_, op, _):
                return _leaf(self._signs[_sides(condition)], op, 0)
            case OneOf(fact, values, inside):
                key, op = self.facts[fact.name], "==" if inside else "!="
                leaves = [_leaf(key, op, value) for value in values]
                return _join("$or" if inside else "$and", leaves)
            case AllOf(parts):
                return _join("$and", [self.definition(part) for part in parts])
            case AnyOf(parts):
                return _join("$or", [self.definition(part) for part in parts])
        raise TypeError(f"not a condition: {condition!r}")

    def message(self, known: Mapping[str, Value]) -> dict[str, Value]:
        """The known facts that the book reads, and the sign of each comparison of two facts."""
        facts = self.facts
        asserted = {key: _plain(name, known[name]) for name, key in facts.items() if name in known}
        for comparison, key in self._signs.items():
            sides = comparison.sides(known)
            if sides is not None:
                asserted[key] = (sides[0] > sides[1]) - (sides[0] < sides[1])
        return asserted


def _sides(comparison: CompareFacts) -> CompareFacts:
    """The two sides of a comparison, whichever its operator."""
    return CompareFacts(comparison.left, "<", comparison.right)


def _leaf(key: str, op: str, value: Value) -> Definition:
    return {key: value} if op == "==" else {_OPERATORS[op]: {key: value}}


def _join(op: str, parts: list[Definition]) -> Definition:
    return parts[0] if len(parts) == 1 else {op: parts}


class _Durable:
    """A rule book as a durable-rules rule set."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._given = dict(book.given)
        self._waves = book.waves
        self._last = len(book.waves)
        self._keys = _Keys(book)
        self._fired: set[tuple[str, bool]] = set()
        self._process: int | None = None
        self._name = ""

    def _register(self) -> Any:
        """The host of this process, with the rule set registered in it, again after a fork."""
        host = _host()
        if self._process != os.getpid():
            self._process = os.getpid()
            self._name = f"sifrules-{next(_numbers)}"
            try:
                host.register_rulesets({self._name: self._rule_set()})
            except durable_rules_engine.error as error:
                self._process = None
                raise EngineError(
                    Message("durable.too_deep", error=error),
                    where=self._book.policy,
                    fix=Message("durable.use_compiled"),
                ) from None
            weakref.finalize(self, _drop, host, self._name)
        return host

    def _rule_set(self) -> Definition:
        rules: Definition = {
            "always": {"all": [{"m": {_WAVE: 0}}], "run": lambda _: None},
        }

        def add(wave: int, id: str, verdict: bool, condition: Condition) -> None:
            rules[f"{wave} {id} {'met' if verdict else 'not met'}"] = {
                "all": [{"m": {"$and": [{_WAVE: wave}, self._keys.definition(condition)]}}],
                "run": self._note(id, verdict),
            }

        def add_link(wave: int, link: Derivation) -> None:
            add(wave, link.id, True, link.holds)
            add(wave, link.id, False, link.fails)

        for wave, links in enumerate(self._waves):
            for link in links:
                if isinstance(link, Derivation):
                    add_link(wave, link)
        for rule in self._book.rules:
            add(self._last, rule.id, True, rule.condition)
            add(self._last, rule.id, False, rule.condition.negated())
        for opening in self._book.openings:
            add_link(self._last, opening.link)
        return rules

    def _note(self, id: str, verdict: bool) -> Callable[[Any], None]:
        fired = self._fired
        note = (id, verdict)

        def action(_: Any) -> None:
            fired.add(note)

        return action

    def decide(self, values: Mapping[str, Value]) -> Decision:
        known = {**values, **self._given}
        chain: list[Link] = []
        with _lock:
            session = _Session(self._register(), self._name, self._fired)
            try:
                for wave, links in enumerate(self._waves):
                    fired = session.assert_facts(wave, self._keys.message(known))
                    for link in links:
                        value = _derived(link, fired, known)
                        if value is not None and link.fact.name not in known:
                            known[link.fact.name] = value
                            chain.append(Link.of(link, value, known))
                fired = session.assert_facts(self._last, self._keys.message(known))
            finally:
                session.close()
        findings = tuple(
            Finding.of(rule, _verdict(fired, rule.id), known) for rule in self._book.rules
        )
        for opening in self._book.openings:
            passed = _follows(fired, opening.link.id)
            if passed is not None:
                chain.append(Link(opening.link, passed))
        return conclude(self._book, "durable", findings, chain, known)


class _Session:
    """The session of one decision: opened by the first message, deleted when closed."""

    def __init__(self, host: Any, name: str, fired: set[tuple[str, bool]]) -> None:
        self._host = host
        self._name = name
        self._fired = fired
        self._id = str(next(_numbers))
        self._opened = False

    def assert_facts(self, wave: int, facts: Mapping[str, Value]) -> set[tuple[str, bool]]:
        """Assert facts as one message; returns the rules that fired."""
        message = {"sid": self._id, "id": f"{self._id}-{wave}", _WAVE: wave, **facts}
        self._fired.clear()
        self._opened = True
        try:
            state = self._host.assert_fact(self._name, message)
        except durable.MessageNotHandledException:  # no rule matched: that is an answer too
            return set()
        if isinstance(state, dict) and "exception" in state:
            raise EngineError(Message("durable.exception", state=state["exception"]))
        return set(self._fired)

    def close(self) -> None:
        if self._opened:
            self._host.delete_state(self._name, self._id)


def _plain(name: str, value: object) -> Value:
    """A value that durable-rules compares correctly; `EngineError` for any other."""
    if isinstance(value, bool | str):
        return value
    if type(value) is int and value in _WHOLE:
        return value
    raise EngineError(Message("durable.unsuitable_value", value=value), where=name)


def _derived(
    link: Derived, fired: set[tuple[str, bool]], known: Mapping[str, Value]
) -> Value | None:
    """A derived value: an amount is computed here, as nested arithmetic fails in the engine."""
    return _follows(fired, link.id) if isinstance(link, Derivation) else link.value(known)


def _follows(fired: set[tuple[str, bool]], id: str) -> bool | None:
    """The derived value; ``holds`` goes before ``fails``, as in `Derivation.value`."""
    return True if (id, True) in fired else False if (id, False) in fired else None


def _verdict(fired: set[tuple[str, bool]], id: str) -> bool | None:
    met, not_met = (id, True) in fired, (id, False) in fired
    if met and not_met:
        raise EngineError(Message("durable.rule_and_opposite"), where=id)
    return True if met else False if not_met else None


def _drop(host: Any, name: str) -> None:
    """Drop a rule set whose rule book no longer exists."""
    with _lock:
        if host in _hosts.values() and name in host._ruleset_directory:
            rule_set = host._ruleset_directory.pop(name)
            host._ruleset_list.remove(rule_set)
            durable_rules_engine.delete_ruleset(rule_set._handle)


def prepare(book: RuleBook) -> _Durable:
    """The engine for a rule book."""
    return _Durable(book)
