"""Facts are typed, and what is impossible is refused at the edge with advice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from sifrules import decide, decide_many, registry
from sifrules.errors import FactError, RuleError
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import FACTS, Vocabulary, application
from sifrules.values.text import same

WORDS = same("a fact")
OF_KIND = {
    kind: Fact(f"test.{kind}", kind, WORDS, ("red", "blue") if kind is Kind.CHOICE else ())
    for kind in Kind
}


@given(st.sampled_from(list(Kind)), st.floats())
def test_a_float_is_refused_for_every_kind_of_fact(kind: Kind, written: float) -> None:
    """Exponents, infinity and NaN included: a float never gets in, and the fact is named."""
    with pytest.raises(FactError, match=rf"test\.{kind}: expected .*float"):
        OF_KIND[kind].value(written)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Kind.FLAG, 1),
        (Kind.FLAG, "true"),
        (Kind.COUNT, True),
        (Kind.COUNT, Decimal(2)),
        (Kind.COUNT, -1),
        (Kind.COUNT, 10**7),
        (Kind.MONTHS, 1201),
        (Kind.YEAR, 16),
        (Kind.YEAR, 20166),
        (Kind.MONEY, True),
        (Kind.MONEY, "hundra"),
        (Kind.MONEY, 10**13),
        (Kind.MONEY, Decimal("Infinity")),
        (Kind.SHARE, Decimal("1.0001")),
        (Kind.SHARE, Decimal("NaN")),
        (Kind.SHARE, Decimal("0.00001")),
        (Kind.SHARE, 30),
        (Kind.SHARE, True),
        (Kind.CHOICE, "green"),
        (Kind.CHOICE, 1),
    ],
)
def test_a_value_of_the_wrong_kind_or_out_of_bounds_is_refused(kind: Kind, written: object) -> None:
    """The refusal names the fact and what was expected."""
    with pytest.raises(FactError, match=rf"test\.{kind}: expected"):
        OF_KIND[kind].value(written)


def test_a_share_with_more_decimals_than_it_may_have_is_refused_however_long() -> None:
    """Many decimals do not slip through by being rounded."""
    with pytest.raises(FactError, match="four decimals"):
        OF_KIND[Kind.SHARE].value(Decimal("0.5" + "0" * 40 + "1"))


@given(st.decimals(0, 1, places=4))
def test_a_share_is_shown_as_it_was_written(share: Decimal) -> None:
    """What is kept inside and shown again is the same share."""
    fact = OF_KIND[Kind.SHARE]
    assert Decimal(str(fact.written(fact.value(share)))) == share


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Kind.FLAG, True),
        (Kind.COUNT, 3),
        (Kind.MONEY, -5),
        (Kind.MONTHS, 12),
        (Kind.YEAR, 2016),
        (Kind.CHOICE, "red"),
    ],
)
def test_a_value_is_shown_as_it_was_written(kind: Kind, written: object) -> None:
    """`written` is the inverse of `value`."""
    assert OF_KIND[kind].written(OF_KIND[kind].value(written)) == written


@pytest.mark.parametrize(
    ("name", "impossible", "possible"),
    [
        ("application.cost", -5, 0),
        ("application.cost", Decimal("-0.01"), Decimal("0.01")),
        ("application.cofunding", -1, 0),
        ("application.areas", 0, 1),
        ("application.duration", 0, 1),
        ("fund.available", -1, 0),
        ("fund.granted_this_year", -1, 0),
    ],
)
def test_each_fact_has_bounds_of_its_own(name: str, impossible: Any, possible: Any) -> None:
    """A cost is not negative, and a project that takes no time or no area is none."""
    assert FACTS.read({name: possible})
    with pytest.raises(
        FactError, match=rf"^{name}: expected .*(at least|from) {FACTS[name].least}"
    ):
        FACTS.read({name: impossible})


def test_a_saving_may_be_negative() -> None:
    """Costs may be expected to rise: the fact of expected savings has no bound at nothing."""
    assert FACTS.read({"application.expected_savings": -5}) == {
        "application.expected_savings": -500
    }


@pytest.mark.parametrize(
    ("dtype", "value"), [(pl.Int64, -5), (pl.Decimal(20, 2), Decimal("-0.01"))], ids=str
)
def test_an_impossible_fact_is_refused_on_every_way_in(dtype: Any, value: Any) -> None:
    """One application, a table of them and a demand of a guideline have the same bounds."""
    policy = registry().policy("orebro@2016")
    expected = "application.cost: .*expected kronor of at least 0"
    with pytest.raises(FactError, match=expected):
        decide(policy, {"application.cost": value})
    with pytest.raises(FactError, match=expected):
        decide_many(policy, pl.DataFrame({"application.cost": pl.Series([value], dtype=dtype)}))
    with pytest.raises(FactError, match=expected):
        _ = application.cost >= value


def test_a_misspelt_fact_fails_when_the_rule_is_written() -> None:
    """The name that was probably meant is given."""
    with pytest.raises(FactError, match="did you mean areas"):
        _ = application.area


def test_a_mistyped_option_names_the_nearest() -> None:
    """A choice outside its options is answered with advice."""
    with pytest.raises(FactError, match="did you mean committee"):
        application.applicant.is_("comittee")


@pytest.mark.parametrize("kind", [Kind.FLAG, Kind.CHOICE])
def test_what_has_no_order_cannot_be_ordered(kind: Kind) -> None:
    """A flag is not less than another."""
    with pytest.raises(FactError, match="no order"):
        _ = OF_KIND[kind] < OF_KIND[kind]


def test_facts_of_different_kinds_cannot_be_compared() -> None:
    """Kronor are not compared with months."""
    with pytest.raises(FactError, match="cannot be compared"):
        _ = application.cost >= application.duration


@pytest.mark.parametrize("share", [Decimal("NaN"), Decimal("Infinity"), Decimal("0.00001")])
def test_a_share_that_is_not_exact_cannot_be_compared_with(share: Decimal) -> None:
    """The right-hand side stays within whole numbers."""
    with pytest.raises(RuleError, match="share"):
        _ = application.cost * share


def test_one_of_nothing_is_refused() -> None:
    """A choice among no values can never hold, and it hangs durable-rules."""
    with pytest.raises((FactError, RuleError)):
        application.applicant.one_of()


def test_a_null_is_a_missing_fact() -> None:
    """None is left out, never kept as a value."""
    assert FACTS.read({"application.areas": None}) == {}


def test_every_fault_among_the_facts_is_reported_at_once() -> None:
    """Unknown and impossible facts come in one refusal, a line each."""
    with pytest.raises(FactError) as caught:
        FACTS.read({"application.aeras": 1, "application.cost": "much", "fund.exists": 1})
    told = str(caught.value).splitlines()
    assert len(told) == 3
    assert "did you mean application.areas" in told[0]


def test_two_facts_of_one_name_are_refused_unless_they_are_the_same() -> None:
    """A name means one thing; the same fact twice is the same fact."""
    flag = Fact("test.x", Kind.FLAG, WORDS)
    assert len(Vocabulary([flag, flag])) == 1
    with pytest.raises(FactError, match="two different facts"):
        Vocabulary([flag, Fact("test.x", Kind.COUNT, WORDS)])


def test_every_fact_of_the_vocabulary_is_known_by_its_own_name() -> None:
    """The common facts can be looked up and have words in both languages."""
    for name, fact in FACTS.items():
        assert fact.name == name
        assert fact.words.sv != fact.words.en
