"""The compiled engine: conditions as Python predicates.

A predicate takes the values by name and returns True, False or None (cannot tell). Nothing is
evaluated from text: a predicate is a closure over the parts of a condition.
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
from sifrules.rules.decisions import (
    VERDICTS,
    Decision,
    Finding,
    Link,
    conclude,
    together,
)
from sifrules.rules.rulebook import Derivation, Derived, Rule, RuleBook

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
        case CompareFacts(left, op, right) if type(condition) is CompareFacts:
            return _compare_facts(left.name, op, right.fact.name, right.plus, condition.ratio)
        case CompareFacts():  # of an author's own: its test may be another
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


def _compare_facts(name: str, op: str, other: str, plus: int, ratio: tuple[int, int]) -> Predicate:
    holds: Callable[[Value, Value], bool] = OPERATORS[op]
    numerator, denominator = ratio
    added = plus * denominator

    def compare_plainly(values: Values) -> bool | None:
        left, right = values.get(name), values.get(other)
        return None if left is None or right is None else holds(left, right)

    def compare_facts(values: Values) -> bool | None:
        left, right = values.get(name), values.get(other)
        if left is None or right is None:
            return None
        return holds(int(left) * denominator, int(right) * numerator + added)

    return compare_plainly if ratio == (1, 1) and not plus else compare_facts


def _one_of(name: str, among: frozenset[Value], inside: bool) -> Predicate:
    def one_of(values: Values) -> bool | None:
        found = values.get(name)
        return None if found is None else (found in among) is inside

    return one_of


def _settled_by(settles: bool, parts: tuple[Predicate, ...]) -> Predicate:
    """Kleene's ``and`` (settled by one False) or ``or`` (settled by one True)."""

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
    """A rule as a function from the values to its finding.

    A finding depends only on the values that the rule reads, so it is cached by them: most
    rules read one fact of few values. A rule on amounts whose cache has been filled reads others
    each time, and caches no more.
    """
    test = predicate(rule.condition)
    cache: dict[object, Finding] = {}
    names = tuple(fact.name for fact in rule.facts)
    on_amounts = not all(fact.plain for fact in rule.facts)
    caching = True

    def compute(read: dict[str, Value | None], values: Values) -> Finding:
        return Finding(rule, VERDICTS[test(values)], read)

    def cached(key: object, found: Finding) -> Finding:
        nonlocal caching
        if len(cache) >= _CACHED:
            cache.clear()
            caching = not on_amounts
        cache[key] = found
        return found

    def find_by_one(values: Values) -> Finding:
        key = values.get(name)
        return cache.get(key) or cached(key, compute({name: key}, values))

    def find_by_many(values: Values) -> Finding:
        if not caching:
            return compute({name: values.get(name) for name in names}, values)
        key = tuple(map(values.get, names))
        return cache.get(key) or cached(key, compute(dict(zip(names, key, strict=True)), values))

    name, *others = names
    return find_by_many if others else find_by_one


#: The number of findings cached for a rule before its cache is emptied.
_CACHED = 1_024


class _Compiled:
    """A rule book compiled to predicates."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._given = dict(book.given)
        self._rules = [_finder(rule) for rule in book.rules]
        self._links = [(link, _computed(link)) for link in book.derivations]
        self._openings = [(opening.link, opening.places) for opening in book.openings]

    def decide(self, values: Mapping[str, Value]) -> Decision:
        known = {**values, **self._given}
        chain = []
        for link, compute in self._links:
            name = link.fact.name
            if name not in known and (value := compute(known)) is not None:
                known[name] = value
                chain.append(Link.of(link, value, known))
        findings = tuple([find(known) for find in self._rules])
        for link, places in self._openings:
            if (passed := together([findings[place] for place in places])) is not None:
                chain.append(Link(link, passed))
        return conclude(self._book, "compiled", findings, chain, known)


def _computed(link: Derived) -> Callable[[Values], Value | None]:
    """A derived fact as a function of the values, as the `value` of its derivation has it."""
    if not isinstance(link, Derivation):
        return link.value
    holds, fails = predicate(link.holds), predicate(link.fails)

    def follows(known: Values) -> bool | None:
        if holds(known) is True:
            return True
        return False if fails(known) is True else None

    return follows


def prepare(book: RuleBook) -> _Compiled:
    """The engine for a rule book."""
    return _Compiled(book)
