"""Whether conditions can be met together: never denied where some application meets them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from hypothesis import given, strategies as st

from sifrules import Fact, Kind, LocalizedText, all_of, any_of, application
from sifrules.rules.conditions import Condition, OneOf
from sifrules.validation.satisfiability import possible

FACTS = [
    Fact(f"application.{name}", Kind.MONTHS, LocalizedText(sv=name, en=name)) for name in "abc"
]
_COMPARED = st.builds(
    lambda fact, op, value: getattr(fact, op)(value),
    st.sampled_from(FACTS),
    st.sampled_from(["__lt__", "__le__", "__gt__", "__ge__", "is_"]),
    st.integers(0, 4),
)
_BESIDE = st.builds(
    lambda left, op, right, share, plus: getattr(left, op)(right * share + plus),
    st.sampled_from(FACTS),
    st.sampled_from(["__lt__", "__le__", "__gt__", "__ge__"]),
    st.sampled_from(FACTS),
    st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(-1), Decimal(2)]),
    st.integers(0, 4),
)
_LEAVES = st.one_of(_COMPARED, _BESIDE)
_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda each: all_of(*each)),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: any_of(*each)),
        inner.map(lambda each: ~each),
    ),
    max_leaves=6,
)


def _some_way_meets(conditions: list[Condition]) -> bool:
    return any(all(each.test(way) for each in conditions) for way in _ways())


def _ways() -> Iterator[dict[str, int]]:
    """Every way to fill in the three facts with small numbers."""
    names = [fact.name for fact in FACTS]
    return (dict(zip(names, values, strict=True)) for values in product(range(7), repeat=3))


@given(st.lists(_CONDITIONS, min_size=1, max_size=4))
def test_what_some_application_meets_is_never_called_impossible(
    conditions: list[Condition],
) -> None:
    """Every way to fill in the facts is tried against the answer."""
    if _some_way_meets(conditions):
        assert possible(conditions)


@given(st.lists(_COMPARED, min_size=1, max_size=6))
def test_bounds_on_single_facts_are_decided_exactly(conditions: list[Condition]) -> None:
    """Where no facts are compared, possible means that some application meets them all."""
    assert possible(conditions) is _some_way_meets(conditions)


def test_words_and_flags_are_held_against_each_other() -> None:
    """Sets of words that share nothing, a flag that must be both, numbers left out one by one."""
    a = application
    assert not possible([a.applicant.one_of("committee"), a.applicant.is_("company")])
    assert not possible([a.early | a.preventive, ~a.early, ~a.preventive])
    assert possible([a.early | a.preventive, ~a.early])
    assert not possible([OneOf(a.areas, (2, 3)), ~(a.areas >= 2)])
    assert not possible([a.areas >= 2, a.areas <= 3, OneOf(a.areas, (2, 3), inside=False)])


def test_what_branches_without_end_is_left_open() -> None:
    """Past a number of branches nothing is claimed, so that an answer always comes soon."""
    a, b, c = FACTS
    never = [(a < 1) | (a < 1), (a > 2) | (a > 2)]
    assert not possible(never)
    either = [(b <= n) | (c <= n) for n in range(100, 110)]
    assert possible([*either, *never, *either])
