"""Whether conditions can be met together by any application at all.

A condition on ordered facts is a row of whole numbers, ``sum of terms <= most``; rows are
combined exactly until no fact is left. "Not possible" is therefore always sure; "possible"
may also mean that it could not be settled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from sifrules.rules.conditions import (
    AllOf,
    AnyOf,
    Compare,
    CompareFacts,
    Condition,
    Fact,
    OneOf,
)
from sifrules.rules.kinds import Kind

#: Above this many branches, or rows, the search stops and everything counts as possible.
_BRANCHES, _ROWS = 256, 400

Atom = Compare | CompareFacts | OneOf


@frozen
class _Row:
    """Terms of facts whose sum is no more than ``most``."""

    terms: Mapping[str, int]
    most: int


def possible(conditions: Iterable[Condition]) -> bool:
    """Whether some application may meet all of these; False only where none surely can.

    >>> from sifrules.rules.vocabulary import application as a
    >>> possible([a.duration >= 36, a.duration <= 24]), possible([a.cost <= a.expected_savings])
    (False, True)
    """
    left = [_BRANCHES]
    return _search(list(conditions), [], left)


def _search(todo: list[Condition], atoms: list[Atom], left: list[int]) -> bool:
    """Whether one of the ways to meet the conditions is consistent."""
    left[0] -= 1
    todo = list(todo)
    choices: list[AnyOf] = []
    while todo:
        match todo.pop():
            case AllOf(parts):
                todo.extend(parts)
            case AnyOf() as choice:
                choices.append(choice)
            case Compare(fact, "!=", value) if _ordered(fact):
                choices.append(AnyOf((Compare(fact, "<", value), Compare(fact, ">", value))))
            case OneOf(fact, values, inside) if _ordered(fact):
                each = tuple(Compare(fact, "==" if inside else "!=", value) for value in values)
                todo.append(AnyOf(each) if inside else AllOf(each))
            case Compare() | CompareFacts() | OneOf() as atom:
                atoms = [*atoms, atom]
            case _:  # a condition of an unknown kind is taken to demand nothing
                pass
    if not _consistent(atoms):
        return False
    if not choices:
        return True
    first, *rest = choices
    return any(left[0] <= 0 or _search([part, *rest], atoms, left) for part in first.parts)


def _ordered(fact: Fact) -> bool:
    return fact.kind not in (Kind.FLAG, Kind.CHOICE)


def _consistent(atoms: Iterable[Atom]) -> bool:
    """Whether comparisons can all be met together."""
    rows: list[_Row] = []
    facts: dict[str, Fact] = {}
    allowed: dict[str, set[object]] = {}
    for atom in atoms:
        if isinstance(atom, CompareFacts) or (isinstance(atom, Compare) and _ordered(atom.fact)):
            rows += _rows(atom)
            facts |= {fact.name: fact for fact in atom.facts()}
            continue
        fact = atom.fact
        within = allowed.setdefault(
            fact.name, {True, False} if fact.kind is Kind.FLAG else set(fact.options)
        )
        named = set(atom.values) if isinstance(atom, OneOf) else {atom.value}
        inside = atom.inside if isinstance(atom, OneOf) else atom.op == "=="
        allowed[fact.name] = within & named if inside else within - named
    if not all(allowed.values()):
        return False
    for fact in facts.values():
        low, high = fact.inner_bounds
        rows += [_Row({fact.name: 1}, high), _Row({fact.name: -1}, -low)]
    return _solvable(rows)


def _rows(atom: Compare | CompareFacts) -> Iterator[_Row]:
    """A comparison as rows: left minus right is at most a bound, or at least, or both."""
    if isinstance(atom, Compare):
        terms, fixed = {atom.fact.name: 1}, int(atom.value)
    else:
        upper, lower = atom.ratio
        terms = {atom.left.name: lower}
        name = atom.right.fact.name
        terms[name] = terms.get(name, 0) - upper
        fixed = atom.right.plus * lower
    strict = 1 if atom.op in ("<", ">") else 0
    if atom.op in ("<", "<=", "=="):
        yield _row(terms, fixed - strict)
    if atom.op in (">", ">=", "=="):
        yield _row({name: -factor for name, factor in terms.items()}, -fixed - strict)


def _row(terms: Mapping[str, int], most: int) -> _Row:
    """A row in lowest terms; as facts are whole numbers, its bound may be rounded down."""
    kept = {name: factor for name, factor in terms.items() if factor}
    common = math.gcd(*kept.values()) or 1
    return _Row({name: factor // common for name, factor in kept.items()}, most // common)


def _solvable(rows: list[_Row]) -> bool:
    """Whether some values meet every row (Fourier and Motzkin: one fact after the other)."""
    while True:
        if any(not row.terms and row.most < 0 for row in rows):
            return False
        rows = _tightest(rows)
        names = {name for row in rows for name in row.terms}
        if not names or len(rows) > _ROWS:
            return True
        rows = _without(min(sorted(names), key=lambda name: _pairs(rows, name)), rows)


def _tightest(rows: Iterable[_Row]) -> list[_Row]:
    """Of rows with the same terms, the one that allows the least."""
    best: dict[tuple[tuple[str, int], ...], _Row] = {}
    for row in rows:
        key = tuple(sorted(row.terms.items()))
        if key and (key not in best or row.most < best[key].most):
            best[key] = row
    return list(best.values())


def _pairs(rows: Iterable[_Row], name: str) -> int:
    above = sum(1 for row in rows if row.terms.get(name, 0) > 0)
    below = sum(1 for row in rows if row.terms.get(name, 0) < 0)
    return above * below


def _without(name: str, rows: list[_Row]) -> list[_Row]:
    """The rows that are left when a fact is taken out, each bound above with each below."""
    above = [row for row in rows if row.terms.get(name, 0) > 0]
    below = [row for row in rows if row.terms.get(name, 0) < 0]
    kept = [row for row in rows if name not in row.terms]
    return kept + [_combined(name, upper, lower) for upper in above for lower in below]


def _combined(name: str, upper: _Row, lower: _Row) -> _Row:
    a, b = -lower.terms[name], upper.terms[name]
    names = upper.terms.keys() | lower.terms.keys()
    terms = {each: a * upper.terms.get(each, 0) + b * lower.terms.get(each, 0) for each in names}
    return _row(terms, a * upper.most + b * lower.most)
