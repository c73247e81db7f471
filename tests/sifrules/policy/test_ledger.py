"""The books always hold together, whatever happens in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sifrules.errors import LedgerError
from sifrules.policy.ledger import (
    ADMINISTRATION,
    CLAIMED,
    EQUITY,
    EXEMPTED,
    FRAMES,
    FUND,
    OUTSTANDING,
    PAID,
    RESERVED,
    SPENT,
    WRITTEN_DOWN,
    Ledger,
)
from sifrules.values.dates import Month
from sifrules.values.money import Ore

WHEN = Month(2020, 1)
#: öre; none, negative and too much are among them
POTS = st.sampled_from(["", "small", "large"])
AMOUNTS = st.one_of(st.integers(-2, 50), st.just(10**14))
NAMES = st.sampled_from(["SkolFam", "Bryggan"])
COMMITTEES = st.sampled_from(["school", "social"])
MONEY = (EQUITY, FUND, RESERVED, SPENT, FRAMES, ADMINISTRATION)


class Books(RuleBasedStateMachine):
    """Any sequence of events, possible or not, next to the simplest account of them."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Ledger()
        self.done = dict.fromkeys(
            (
                "endowed",
                "withdrawn",
                "moved",
                "granted",
                "paid_out",
                "handed_back",
                "released",
                "claimed",
                "returned",
                "fees",
                "written_down",
                "exempted",
            ),
            0,
        )

    def _try(self, what: str, amount: int, event: Any, *arguments: Any, **more: Any) -> None:
        before = (self.books.postings, self.books.balances)
        try:
            event(WHEN, *arguments, **more)
        except LedgerError:
            assert (self.books.postings, self.books.balances) == before
        else:
            assert amount > 0
            self.done[what] += amount

    @rule(amount=AMOUNTS, pot=POTS)
    def endow(self, amount: int, pot: str) -> None:
        self._try("endowed", amount, self.books.endow, amount, pot=pot)

    @rule(amount=AMOUNTS, pot=POTS)
    def withdraw(self, amount: int, pot: str) -> None:
        self._try("withdrawn", amount, self.books.withdraw, amount, pot=pot)

    @rule(amount=AMOUNTS, out_of=POTS, into=POTS)
    def move(self, amount: int, out_of: str, into: str) -> None:
        available = self.books.available
        self._try("moved", amount, self.books.move, amount, out_of, into, "lapsed")
        assert self.books.available == available

    @rule(name=NAMES, amount=AMOUNTS, pot=POTS)
    def grant(self, name: str, amount: int, pot: str) -> None:
        left = self.books.left(pot)
        self._try("granted", amount, self.books.grant, name, amount, pot=pot)
        assert self.books.left(pot) in (left, left - amount)

    @rule(name=NAMES, amount=AMOUNTS)
    def pay_out(self, name: str, amount: int) -> None:
        self._try("paid_out", amount, self.books.pay_out, name, amount)

    @rule(name=NAMES, amount=AMOUNTS)
    def hand_back(self, name: str, amount: int) -> None:
        self._try("handed_back", amount, self.books.hand_back, name, amount)

    @rule(name=NAMES, amount=AMOUNTS)
    def release(self, name: str, amount: int) -> None:
        self._try("released", amount, self.books.release, name, amount)

    @rule(name=NAMES, amount=AMOUNTS)
    def claim(self, name: str, amount: int) -> None:
        self._try("claimed", amount, self.books.claim, name, amount)

    @rule(name=NAMES, amount=AMOUNTS, committee=COMMITTEES, fee=st.booleans())
    def pay(self, name: str, amount: int, committee: str, fee: bool) -> None:
        what = "fees" if fee else "returned"
        self._try(what, amount, self.books.pay, name, amount, committee, fee=fee)

    @rule(name=NAMES, amount=AMOUNTS)
    def write_down(self, name: str, amount: int) -> None:
        self._try("written_down", amount, self.books.write_down, name, amount)

    @rule(name=NAMES, amount=AMOUNTS)
    def exempt(self, name: str, amount: int) -> None:
        self._try("exempted", amount, self.books.exempt, name, amount)

    @invariant()
    def the_books_hold_together(self) -> None:
        self.books.check()

    @invariant()
    def what_is_claimed_is_accounted_for(self) -> None:
        for name in ("SkolFam", "Bryggan"):
            parts = (PAID, OUTSTANDING, WRITTEN_DOWN, EXEMPTED)
            assert -self.books.balance(CLAIMED, name) == sum(
                self.books.balance(part, name) for part in parts
            )
            assert all(self.books.balance(part, name) >= 0 for part in parts)

    @invariant()
    def money_is_neither_made_nor_lost(self) -> None:
        assert sum(self.books.balance(account) for account in MONEY) == 0

    @invariant()
    def the_fund_is_what_came_in_less_what_went_out(self) -> None:
        done = self.done
        came = done["endowed"] + done["returned"] + done["released"]
        assert self.books.available == came - done["withdrawn"] - done["granted"]
        assert self.books.available >= 0

    @invariant()
    def no_sub_pot_is_below_nothing_and_together_they_are_the_fund(self) -> None:
        left = [self.books.left(pot) for pot in ("", "small", "large")]
        assert min(left) >= 0
        assert sum(left) == self.books.available == self.books.balance(FUND)

    @invariant()
    def nothing_is_paid_before_it_is_granted(self) -> None:
        done = self.done
        assert done["paid_out"] - done["handed_back"] + done["released"] <= done["granted"]
        assert self.books.balance(SPENT) == done["paid_out"] - done["handed_back"]

    @invariant()
    def handing_back_is_no_return(self) -> None:
        assert self.books.balance(PAID) == self.done["returned"] + self.done["fees"]
        assert self.books.balance(ADMINISTRATION) == self.done["fees"]
        assert -self.books.balance(FRAMES) == self.done["returned"] + self.done["fees"]


class TestAnySequenceOfEvents(Books.TestCase):  # type: ignore[valid-type,misc]  # made by hypothesis
    """Every invariant of `Books` holds after any sequence of events."""

    settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


@pytest.mark.parametrize("amount", [0, -1, 1.0, 1.5, 1e30, float("nan"), True, None, "100"])
@pytest.mark.parametrize("event", ["grant", "pay_out", "hand_back", "release", "claim"])
def test_what_is_no_amount_in_whole_ore_is_refused_and_changes_nothing(
    event: str, amount: Any
) -> None:
    """Whatever is passed by mistake ends as a `LedgerError`, with the books as they were."""
    books = Ledger()
    books.endow(WHEN, 100)
    books.grant(WHEN, "SkolFam", 50)
    before = books.postings
    with pytest.raises(LedgerError):
        getattr(books, event)(WHEN, "SkolFam", amount)
    assert books.postings == before


def test_no_grant_exceeds_what_is_left() -> None:
    """To the last öre, and the refusal says how much is there."""
    books = Ledger()
    books.endow(WHEN, 10_000)
    with pytest.raises(LedgerError, match="left in the fund"):
        books.grant(WHEN, "SkolFam", 10_001)
    books.grant(WHEN, "SkolFam", 10_000)
    assert books.available == 0


def test_money_granted_to_one_is_not_paid_to_another() -> None:
    """What is reserved is reserved by name."""
    books = Ledger()
    books.endow(WHEN, 100)
    books.grant(WHEN, "SkolFam", 100)
    with pytest.raises(LedgerError, match="Bryggan"):
        books.pay_out(WHEN, "Bryggan", 1)


@given(st.integers(1, 100), st.integers(1, 100))
def test_money_handed_back_stays_granted_until_it_is_released(paid: int, back: int) -> None:
    """Handing back lowers no claim and fills no fund."""
    books = Ledger()
    books.endow(WHEN, 100)
    books.grant(WHEN, "SkolFam", 100)
    books.pay_out(WHEN, "SkolFam", paid)
    back = min(paid, back)
    books.hand_back(WHEN, "SkolFam", back)
    assert (books.available, books.balance(PAID)) == (0, 0)
    books.release(WHEN, "SkolFam", back)
    assert books.available == back


def test_the_postings_cannot_be_changed_from_outside() -> None:
    """What is handed out is a copy; the books are append-only."""
    books = Ledger()
    books.endow(WHEN, 100)
    books.balances[(FUND, "")] = Ore(0)  # type: ignore[index]  # what a careless caller does
    assert isinstance(books.postings, tuple)
    assert books.available == 100


def test_books_that_do_not_hold_together_are_found() -> None:
    """`check` is no mere formality."""
    books = Ledger()
    books.endow(WHEN, 100)
    books._balances[(FUND, "")] += 1
    with pytest.raises(LedgerError, match="not the sum"):
        books.check()


def test_what_comes_back_comes_back_to_the_sub_pot_it_was_granted_from() -> None:
    """What is released and what is returned is there for the same track again."""
    books = Ledger()
    books.endow(WHEN, 100, pot="small")
    books.endow(WHEN, 50)
    books.grant(WHEN, "SkolFam", 80, pot="small")
    books.pay_out(WHEN, "SkolFam", 70)
    books.release(WHEN, "SkolFam", 10)
    books.claim(WHEN, "SkolFam", 30)
    books.pay(WHEN, "SkolFam", 30, "School committee")
    assert (books.left("small"), books.left(""), books.available) == (60, 50, 110)


def test_a_grant_is_bounded_by_its_sub_pot() -> None:
    """Money that is left elsewhere in the fund does not help."""
    books = Ledger()
    books.endow(WHEN, 100)
    books.endow(WHEN, 20, pot="small")
    with pytest.raises(LedgerError):
        books.grant(WHEN, "SkolFam", 21, pot="small")
    with pytest.raises(LedgerError):
        books.grant(WHEN, "Bryggan", 101)
