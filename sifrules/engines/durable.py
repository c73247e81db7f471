"""The durable engine: a rule book as a durable-rules rule set, the reference.

This is the only module that imports durable-rules, and it fences in what was found to
go wrong there. Each fence has a test in ``tests/sifrules/test_durable_fences.py``.

* Facts are asserted, never posted: a posted event reaches only the first rule.
* Presence is never asked for (``+m.x`` and ``-m.x`` loop); a missing fact is simply not
  in what is asserted, and neither the met-rule nor the not-met-rule of a criterion fires.
* Every decision has a session of its own, deleted after it: sessions cost memory, and
  the engine fails near the 1,024th.
* Only booleans, words and whole numbers of 64 bits are asserted.
* A boolean is compared with a boolean, as ``True`` does not match 1.
* Two facts are never compared inside the engine: with one of them missing it can match
  on what an earlier fact left behind, and arithmetic on both sides fails. Both sides are
  worked out before, and the engine gets the sign of their difference.
* A rule can fire twice for one fact: firing is a set.
* A session in which nothing fired is not sound: deleting it frees memory that was never
  set up, and the process dies. A rule of our own fires in every session.
* An exception in an action is swallowed into the state that comes back: it is looked
  for and raised.
* Names of rule sets are global: each is numbered, and dropped with its rule book.
* A host does not survive a fork: there is one for each process, made on first use, and
  one decision at a time goes through it. Its timer threads are never started: they walk
  the list of rule sets while it changes.
"""

from __future__ import annotations

import itertools
import os
import threading
import warnings
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from sifrules.conditions import AllOf, AnyOf, Compare, CompareFacts, Condition, OneOf, walk
from sifrules.decisions import VERDICTS, Decision, Finding, Link
from sifrules.errors import EngineError
from sifrules.facts import Value
from sifrules.rules import Derivation, RuleBook

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
    """A host without the two timer threads that walk its rule sets while we change them.

    We assert facts and read the answer in one call; nothing is left for a timer to do.
    """

    def _run(self) -> None:
        return None


def _host() -> Any:
    """The host of this process; one inherited through a fork is never used."""
    process = os.getpid()
    if process not in _hosts:
        _hosts.clear()
        _hosts[process] = _Host()
    return _hosts[process]


def _key(name: str) -> str:
    """A fact's name as durable-rules takes it: dots would mean nesting."""
    return name.replace(".", "__")


def _sign_key(comparison: CompareFacts) -> str:
    right = comparison.right
    return f"{_key(comparison.left.name)}__to__{_key(right.fact.name)}__{right.share}_{right.plus}"


def _definition(condition: Condition) -> Definition:
    """A condition in the form that durable-rules reads."""
    match condition:
        case Compare(fact, op, value):
            return _leaf(_key(fact.name), op, value)
        case CompareFacts(_, op, _):
            return _leaf(_sign_key(condition), op, 0)
        case OneOf(fact, values, inside):
            leaves = [_leaf(_key(fact.name), "==" if inside else "!=", value) for value in values]
            return _join("$or" if inside else "$and", leaves)
        case AllOf(parts):
            return _join("$and", [_definition(part) for part in parts])
        case AnyOf(parts):
            return _join("$or", [_definition(part) for part in parts])
    raise TypeError(f"not a condition: {condition!r}")


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
        self._signs = self._comparisons()
        self._fired: set[tuple[str, bool]] = set()
        self._process: int | None = None
        self._name = ""

    def _comparisons(self) -> dict[str, CompareFacts]:
        """The comparisons of two facts that are worked out before anything is asserted."""
        book = self._book
        links = (c for link in book.derivations for c in (link.holds, link.fails))
        roots = (*(rule.condition for rule in book.rules), *links)
        nodes = (node for root in roots for node in walk(root))
        return {_sign_key(node): node for node in nodes if isinstance(node, CompareFacts)}

    def _register(self) -> Any:
        """The rule set in this process's host; made again after a fork."""
        host = _host()
        if self._process != os.getpid():
            self._process = os.getpid()
            self._name = f"sifrules-{next(_numbers)}"
            host.register_rulesets({self._name: self._rule_set()})
            weakref.finalize(self, _drop, host, self._name)
        return host

    def _rule_set(self) -> Definition:
        rules: Definition = {
            "heard": {"all": [{"m": {_WAVE: 0}}], "run": lambda _: None},
        }

        def add(wave: int, id: str, verdict: bool, condition: Condition) -> None:
            rules[f"{wave} {id} {'met' if verdict else 'not met'}"] = {
                "all": [{"m": {"$and": [{_WAVE: wave}, _definition(condition)]}}],
                "run": self._note(id, verdict),
            }

        def add_link(wave: int, link: Derivation) -> None:
            add(wave, link.id, True, link.holds)
            add(wave, link.id, False, link.fails)

        for wave, links in enumerate(self._waves):
            for link in links:
                add_link(wave, link)
        for rule in self._book.rules:
            add(self._last, rule.id, True, rule.condition)
            add(self._last, rule.id, False, rule.condition.negated())
        for link in self._book.openings:
            add_link(self._last, link)
        return rules

    def _note(self, id: str, verdict: bool) -> Callable[[Any], None]:
        fired = self._fired
        note = (id, verdict)

        def action(_: Any) -> None:
            fired.add(note)

        return action

    def decide(self, values: Mapping[str, Value]) -> Decision:
        known = {**self._given, **values}
        chain: list[Link] = []
        with _lock:
            host = self._register()
            session = str(next(_numbers))
            try:
                for wave, links in enumerate(self._waves):
                    fired = self._assert(host, session, wave, known)
                    for link in links:
                        value = _verdict(fired, link.id)
                        if value is not None and link.fact.name not in known:
                            known[link.fact.name] = value
                            chain.append(Link(link, value))
                fired = self._assert(host, session, self._last, known)
            finally:
                host.delete_state(self._name, session)
        findings = tuple(
            [Finding(rule, VERDICTS[_verdict(fired, rule.id)], known) for rule in self._book.rules]
        )
        for link in self._book.openings:
            value = _verdict(fired, link.id)
            if value is not None:
                chain.append(Link(link, value))
        return Decision(self._book, "durable", findings, tuple(chain), known)

    def _assert(
        self, host: Any, session: str, wave: int, known: Mapping[str, Value]
    ) -> set[tuple[str, bool]]:
        """Assert the facts as one message, and give back which rules fired."""
        message: dict[str, object] = {"sid": session, "id": f"{session}-{wave}", _WAVE: wave}
        for name, value in known.items():
            message[_key(name)] = _plain(name, value)
        for key, comparison in self._signs.items():
            sides = comparison.sides(known)
            if sides is not None:
                message[key] = (sides[0] > sides[1]) - (sides[0] < sides[1])
        self._fired.clear()
        try:
            state = host.assert_fact(self._name, message)
        except durable.MessageNotHandledException:  # no rule matched: that is an answer too
            return set()
        if isinstance(state, dict) and "exception" in state:
            raise EngineError(f"durable-rules: {state['exception']}", where=self._book.policy)
        return set(self._fired)


def _plain(name: str, value: object) -> Value:
    """A value durable-rules compares rightly, or a clear refusal."""
    if isinstance(value, bool | str):
        return value
    if type(value) is int and value in _WHOLE:
        return value
    raise EngineError(
        f"expected true, false, a word or a whole number of 64 bits, got {value!r}", where=name
    )


def _verdict(fired: set[tuple[str, bool]], id: str) -> bool | None:
    met, not_met = (id, True) in fired, (id, False) in fired
    if met and not_met:
        raise EngineError("durable-rules fired a rule and its opposite", where=id)
    return True if met else False if not_met else None


def _drop(host: Any, name: str) -> None:
    """Forget a rule set whose rule book is gone."""
    with _lock:
        if host in _hosts.values() and name in host._ruleset_directory:
            rule_set = host._ruleset_directory.pop(name)
            host._ruleset_list.remove(rule_set)
            durable_rules_engine.delete_ruleset(rule_set._handle)


def prepare(book: RuleBook) -> _Durable:
    """The engine for a rule book."""
    return _Durable(book)
