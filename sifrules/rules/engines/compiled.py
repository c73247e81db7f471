"""The compiled engine: conditions as Python predicates, closed over once.

A predicate takes the values by name and answers True, False or None (cannot tell).
Nothing is evaluated from text: a predicate is a closure over the condition's parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sifrules.rules.conditions import (
    OPERATORS,
    AllOf,
    AnyOf,
    Compare,
    CompareFacts,
    Condition,
    OneOf,
    Value,
    Values,
)
from sifrules.rules.decisions import Decision, Finding, Link, conclude, together
from sifrules.rules.rulebook import Rule, RuleBook

Predicate = Callable[[Values], bool | None]


def predicate(condition: Condition) -> Predicate:
    """A condition as a function of the values.

    >>> from sifrules.rules.vocabulary import application
    >>> enough = predicate(application.areas >= 2)
    >>> enough({"application.areas": 2}), enough({"application.areas": 1}), enough({})
    (True, False, None)
    """
    match condition:
        case Compare(fact, op, value):
            return _compare(fact.name, op, value)
        case OneOf(fact, values, inside):
            return _one_of(fact.name, frozenset(values), inside)
        case CompareFacts():
            return condition.test
        case AllOf(parts):
            return _settled_by(False, tuple(map(predicate, parts)))
        case AnyOf(parts):
            return _settled_by(True, tuple(map(predicate, parts)))
    raise TypeError(f"not a condition: {condition!r}")


def _compare(name: str, op: str, value: Value) -> Predicate:
    holds: Callable[[Value, Value], bool] = OPERATORS[op]

    def compare(values: Values) -> bool | None:
        found = values.get(name)
        return None if found is None else holds(found, value)

    return compare


def _one_of(name: str, among: frozenset[Value], inside: bool) -> Predicate:
    def one_of(values: Values) -> bool | None:
        found = values.get(name)
        return None if found is None else (found in among) is inside

    return one_of


def _settled_by(settles: bool, parts: tuple[Predicate, ...]) -> Predicate:
    """Kleene's ``and`` (settled by one False) and ``or`` (settled by one True)."""

    def many(values: Values) -> bool | None:
        answer: bool | None = not settles
        for part in parts:
            result = part(values)
            if result is settles:
                return settles
            if result is None:
                answer = None
        return answer

    return many


def _finder(rule: Rule) -> Callable[[Values], Finding]:
    """A rule as a function that finds how it comes out.

    A finding hangs on the values that the rule reads and on nothing else, so it is kept
    and given again for the same values. Most rules read one fact of few values.
    """
    test = predicate(rule.condition)
    kept: dict[object, Finding] = {}

    def find_anew(key: object, values: Values) -> Finding:
        if len(kept) >= _KEPT:
            kept.clear()
        found = kept[key] = Finding.of(rule, test(values), values)
        return found

    def find_by_one(values: Values) -> Finding:
        key = values.get(name)
        return kept.get(key) or find_anew(key, values)

    def find_by_many(values: Values) -> Finding:
        key = tuple(map(values.get, names))
        return kept.get(key) or find_anew(key, values)

    name, *others = names = tuple(fact.name for fact in rule.facts)
    return find_by_many if others else find_by_one


#: How many findings are kept for a rule before it begins anew.
_KEPT = 1_024


class _Compiled:
    """A rule book as predicates."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._given = dict(book.given)
        self._rules = [_finder(rule) for rule in book.rules]
        self._links = [
            (link, predicate(link.holds), predicate(link.fails)) for link in book.derivations
        ]
        self._openings = [(opening.link, opening.places) for opening in book.openings]

    def decide(self, values: Mapping[str, Value]) -> Decision:
        known = {**values, **self._given}
        chain = []
        for link, holds, fails in self._links:
            name = link.fact.name
            if name not in known and (value := _follows(holds, fails, known)) is not None:
                known[name] = value
                chain.append(Link(link, value))
        findings = tuple([find(known) for find in self._rules])
        for link, places in self._openings:
            if (value := together([findings[place] for place in places])) is not None:
                chain.append(Link(link, value))
        return conclude(self._book, "compiled", findings, chain, known)


def _follows(holds: Predicate, fails: Predicate, known: Values) -> bool | None:
    """What a derivation gives, as `Derivation.value` does."""
    if holds(known) is True:
        return True
    return False if fails(known) is True else None


def prepare(book: RuleBook) -> _Compiled:
    """The engine for a rule book."""
    return _Compiled(book)
