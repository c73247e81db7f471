"""What people read is in both languages and says what the condition says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sifrules.rules.conditions import Condition, Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import FACTS, application, fund
from sifrules.rules.wording import (
    condition_words,
    months_words,
    option_words,
    share_words,
    value_words,
)
from sifrules.values.text import LocalizedText, same

CONDITIONS: list[Condition] = [
    application.areas >= 2,
    ~(application.areas >= 2),
    application.early.is_(True),
    ~application.early,
    application.applicant.is_("committee"),
    application.applicant.one_of("committee", "company"),
    ~application.applicant.one_of("committee", "company"),
    application.cost <= fund.available,
    application.cofunding >= application.cost * Decimal("0.5"),
    application.cost <= fund.granted_this_year * -1 + 5_000_000,
    (application.early | application.evaluable) & (application.duration < 36),
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: each.__class__.__name__)
def test_every_condition_has_words_in_both_languages(condition: Condition) -> None:
    """Neither language is forgotten, and they are not the same."""
    words = condition_words(condition)
    assert words.sv
    assert words.en
    assert words.sv != words.en


def test_no_two_conditions_read_alike() -> None:
    """A reader can distinguish the conditions by their words alone."""
    words = [condition_words(each) for each in CONDITIONS]
    assert len({each.sv for each in words}) == len({each.en for each in words}) == len(CONDITIONS)


def test_an_or_inside_an_and_is_bracketed() -> None:
    """The words bind as the condition does."""
    assert condition_words(CONDITIONS[-1]).en.startswith("(")


@pytest.mark.parametrize("name", list(FACTS))
def test_every_fact_can_stand_in_a_sentence(name: str) -> None:
    """A fact's words may hold no braces, which a sentence would try to fill in."""
    fact = FACTS[name]
    assert not {"{", "}"} & set(fact.words.sv + fact.words.en)


def test_braces_in_a_guidelines_own_words_are_left_alone() -> None:
    """Text out of a file is put into a sentence as it is, never filled in."""
    own = Fact("application.own", Kind.FLAG, LocalizedText(sv="med {x}", en="with {x} and {0}"))
    assert condition_words(~own & own).en == "not: with {x} and {0} and with {x} and {0}"


@pytest.mark.parametrize(
    ("share", "shown"),
    [("0", "0"), ("1", "100"), ("0.3", "30"), ("0.0001", "0.01"), ("0.125", "12.5")],
)
def test_a_share_is_shown_in_per_cent_without_needless_zeros(share: str, shown: str) -> None:
    """Neither exponents nor trailing zeros."""
    assert share_words(Decimal(share)).en.startswith(shown + "\N{NO-BREAK SPACE}") or share_words(
        Decimal(share)
    ).en.startswith(shown + " ")


def test_an_option_that_is_not_known_stands_as_it_is() -> None:
    """A guideline's own option needs no translation to be shown."""
    assert option_words("kyrkan") == same("kyrkan")


def test_money_is_shown_in_kronor() -> None:
    """Öre are never shown to people as if they were kronor."""
    assert "50" in value_words(application.cost, 5_000).en
    assert "5,000" not in value_words(application.cost, 5_000).en


def test_one_month_is_singular() -> None:
    """As the value of a fact and as that of a clause, in both languages."""
    one = value_words(Fact("a.b", Kind.MONTHS, same("period")), 1)
    assert (one.sv, one.en) == ("1 månad", "1 month")
    assert months_words(0).en == "0 months"
