"""The fund's ledger (huvudbok): double entry, append-only, every krona accounted for.

Each entry moves an amount from one account to another, so debits equal credits by
construction. A grant moves from the fund, or one of its sub-pots, to what is reserved, a
payment from there to what the investment has spent; a claim stands as outstanding until it
is paid, written down or exempted, and what is paid comes out of a committee's frame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import frozen

from sifrules.errors import LedgerError, shown
from sifrules.policy.wording import money_words
from sifrules.values.citations import Citation
from sifrules.values.dates import Month, PartialDate
from sifrules.values.messages import Joined, Message
from sifrules.values.money import Ore

#: When something was posted.
When = PartialDate | Month

#: Accounts. Money that exists: equity → fund → reserved → spent, and back.
EQUITY: Final = "equity"
FUND: Final = "fund"
RESERVED: Final = "reserved"
SPENT: Final = "spent"
FRAMES: Final = "frames"
ADMINISTRATION: Final = "administration"
#: Outside financiers (externa finansiärer): below nothing as long as more is put in than paid back.
FINANCIERS: Final = "financiers"
#: What is owed: claimed = paid + outstanding + written down + exempted.
CLAIMED: Final = "claimed"
OUTSTANDING: Final = "outstanding"
PAID: Final = "paid"
WRITTEN_DOWN: Final = "written_down"
EXEMPTED: Final = "exempted"


@frozen
class Posting:
    """One entry: ``amount`` öre from the ``credit`` account to the ``debit`` account.

    ``debit`` and ``credit`` are an account and, where it has one, its holder: the
    investment for what is reserved, the committee for a frame, the track for a sub-pot.
    """

    date: When
    debit: tuple[str, str]
    credit: tuple[str, str]
    amount: Ore
    investment: str
    reason: str
    citation: Citation | None


#: A posting as the books hold it: its fields in their order. Millions are made, few are looked at.
_Entry = tuple[When, tuple[str, str], tuple[str, str], int, str, str, Citation | None]


class Ledger:
    """A fund's books. Every method either posts the whole amount or refuses and changes nothing.

    >>> from sifrules.values.money import ore
    >>> books, year = Ledger(), PartialDate.parse("2013")
    >>> books.endow(year, ore(40_000_000))
    >>> books.grant(year, "SkolFam2", ore(3_960_000))
    >>> books.available // 100
    36040000
    """

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._balances: dict[tuple[str, str], int] = defaultdict(int)
        #: the sub-pots there are, and the one that an investment was granted from
        self._pots: dict[str, None] = {}
        self._granted_from: dict[str, str] = {}

    @property
    def postings(self) -> tuple[Posting, ...]:
        """Every posting, in the order made."""
        return tuple(
            Posting(date, debit, credit, Ore(amount), investment, reason, citation)
            for date, debit, credit, amount, investment, reason, citation in self._entries
        )

    def changes(self, account: str) -> Iterator[tuple[When, int]]:
        """When an account, of all its holders, was changed and by how much (öre), in order."""
        for when, (debit, _), (credit, _), amount, *_ in self._entries:
            if (debit == account) is not (credit == account):
                yield when, amount if debit == account else -amount

    def balance(self, account: str, whose: str | None = None) -> int:
        """An account's balance in öre; of all its holders unless ``whose`` is given."""
        if whose is not None:
            return self._balances.get((account, whose), 0)
        return sum([value for (name, _), value in self._balances.items() if name == account])

    @property
    def balances(self) -> Mapping[tuple[str, str], int]:
        """Every account and holder with its balance."""
        return dict(self._balances)

    @property
    def available(self) -> int:
        """What the fund has left to grant (öre), in its sub-pots (delpotter) and in common."""
        common = self._balances.get((FUND, ""), 0)
        return common + sum(map(self.left, self._pots)) if self._pots else common

    def left(self, pot: str) -> int:
        """What is left to grant in one sub-pot (öre), or in common where ``pot`` is empty."""
        return self._balances.get((FUND, pot), 0)

    # --- events ---------------------------------------------------------------------

    def endow(
        self,
        date: When,
        amount: int,
        reason: str = "endowment",
        citation: Citation | None = None,
        pot: str = "",
    ) -> None:
        """Money is set aside into the fund (avsättning, påfyllning, markering), or a sub-pot."""
        _whole(amount)
        self._post(date, self._of(pot), (EQUITY, ""), amount, "", reason, citation)

    def finance(
        self,
        date: When,
        amount: int,
        financier: str,
        citation: Citation | None = None,
        pot: str = "",
    ) -> None:
        """A financier from outside puts money into the fund (extern finansiering)."""
        _whole(amount)
        self._post(date, self._of(pot), (FINANCIERS, financier), amount, "", "financing", citation)

    def withdraw(
        self,
        date: When,
        amount: int,
        reason: str = "wound up",
        citation: Citation | None = None,
        pot: str = "",
    ) -> None:
        """Money leaves the fund for equity: the fund is wound up, or lowered."""
        self._require(amount, self.left(pot), "ledger.more_than_available")
        self._post(date, (EQUITY, ""), (FUND, pot), amount, "", reason, citation)

    def move(
        self,
        date: When,
        amount: int,
        out_of: str,
        into: str,
        reason: str,
        citation: Citation | None = None,
    ) -> None:
        """Money goes from one sub-pot to another, or to or from what is common."""
        self._require(amount, self.left(out_of), "ledger.more_than_available")
        self._post(date, self._of(into), (FUND, out_of), amount, "", reason, citation)

    def grant(
        self,
        date: When,
        investment: str,
        amount: int,
        citation: Citation | None = None,
        pot: str = "",
    ) -> None:
        """An investment is granted money (beviljade medel), reserved until it is paid out.

        What comes back of it comes back to the sub-pot that it was last granted from.
        """
        self._require(amount, self.left(pot), "ledger.more_than_available")
        if pot:
            self._granted_from[investment] = pot
        self._post(date, (RESERVED, investment), (FUND, pot), amount, investment, "grant", citation)

    def pay_out(
        self,
        date: When,
        investment: str,
        amount: int,
        citation: Citation | None = None,
    ) -> None:
        """Granted money is paid out to the investment."""
        self._require(
            amount,
            self.balance(RESERVED, investment),
            "ledger.more_than_reserved",
            investment,
        )
        self._post(
            date,
            (SPENT, investment),
            (RESERVED, investment),
            amount,
            investment,
            "payment",
            citation,
        )

    def hand_back(
        self,
        date: When,
        investment: str,
        amount: int,
        citation: Citation | None = None,
    ) -> None:
        """Unspent money is handed back and stays granted; it is no return out of savings."""
        self._require(
            amount, self.balance(SPENT, investment), "ledger.more_than_paid_out", investment
        )
        self._post(
            date,
            (RESERVED, investment),
            (SPENT, investment),
            amount,
            investment,
            "handed back",
            citation,
        )

    def release(
        self,
        date: When,
        investment: str,
        amount: int,
        citation: Citation | None = None,
    ) -> None:
        """Granted money that will not be used goes back to the fund."""
        self._require(
            amount,
            self.balance(RESERVED, investment),
            "ledger.more_than_reserved",
            investment,
        )
        self._post(
            date,
            self._home(investment),
            (RESERVED, investment),
            amount,
            investment,
            "released",
            citation,
        )

    def claim(
        self,
        date: When,
        investment: str,
        amount: int,
        citation: Citation | None = None,
    ) -> None:
        """A return is claimed (återföringskrav)."""
        _whole(amount)
        self._post(
            date,
            (OUTSTANDING, investment),
            (CLAIMED, investment),
            amount,
            investment,
            "claim",
            citation,
        )

    def pay(
        self,
        date: When,
        investment: str,
        amount: int,
        committee: str,
        *,
        fee: bool = False,
        payee: str | None = None,
        citation: Citation | None = None,
    ) -> None:
        """A committee pays on a claim: its frame is lowered and the fund gets the money.

        A ``fee`` goes to administration instead of the fund, and what a financier from
        outside is owed to that ``payee``.
        """
        owed = (OUTSTANDING, investment)
        there = self._balances.get(owed, 0)
        self._require(amount, there, "ledger.more_than_outstanding", investment)
        to = self._home(investment)
        if fee:
            to = (ADMINISTRATION, "")
        elif payee is not None:
            to = (FINANCIERS, payee)
        reason, paid = "fee" if fee else "return", (PAID, investment)
        self._post(date, to, (FRAMES, committee), amount, investment, reason, citation)
        self._post(date, paid, owed, amount, investment, reason, citation)

    def write_down(
        self,
        date: When,
        investment: str,
        amount: int,
        citation: Citation | None = None,
    ) -> None:
        """A part of a claim is written down (nedskrivning)."""
        self._give_up(date, investment, amount, WRITTEN_DOWN, "write-down", citation)

    def exempt(
        self,
        date: When,
        investment: str,
        amount: int,
        citation: Citation | None = None,
    ) -> None:
        """A part of a claim is exempted (befrielse)."""
        self._give_up(date, investment, amount, EXEMPTED, "exemption", citation)

    # --- sub-pots -------------------------------------------------------------------

    def _of(self, pot: str) -> tuple[str, str]:
        """The account of a sub-pot, which is there from its first money on."""
        if pot:
            self._pots[pot] = None
        return FUND, pot

    def pot_of(self, investment: str) -> str:
        """The sub-pot that an investment was granted from, empty for what is common."""
        return self._granted_from.get(investment, "")

    def _home(self, investment: str) -> tuple[str, str]:
        """The account that an investment was granted from."""
        return FUND, self.pot_of(investment)

    # --- posting --------------------------------------------------------------------

    def _give_up(
        self,
        date: When,
        investment: str,
        amount: int,
        account: str,
        reason: str,
        citation: Citation | None,
    ) -> None:
        owed = self.balance(OUTSTANDING, investment)
        self._require(amount, owed, "ledger.more_than_outstanding", investment)
        debit, credit = (account, investment), (OUTSTANDING, investment)
        self._post(date, debit, credit, amount, investment, reason, citation)

    def _require(self, amount: int, there: int, code: str, whom: str = "") -> None:
        if type(amount) is int and 0 < amount <= there:
            return
        _whole(amount)
        words = {"amount": money_words(amount), "there": money_words(there), "whom": whom}
        raise LedgerError(Message(code, **words))

    def _post(
        self,
        date: When,
        debit: tuple[str, str],
        credit: tuple[str, str],
        amount: int,
        investment: str,
        reason: str,
        citation: Citation | None,
    ) -> None:
        """Book an amount that has been checked."""
        self._entries.append((date, debit, credit, amount, investment, reason, citation))
        self._balances[debit] += amount
        self._balances[credit] -= amount

    def check(self) -> None:
        """Raise `LedgerError` unless the books hold together; see the module's first lines."""
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for _, debit, credit, amount, *_ in self._entries:
            sums[debit] += amount
            sums[credit] -= amount
        if dict(sums) != dict(self._balances):
            raise LedgerError(Message("ledger.balance_differs"))
        if sum(sums.values()) != 0:
            raise LedgerError(Message("ledger.not_balanced"))
        settled = sum(self.balance(each) for each in (PAID, OUTSTANDING, WRITTEN_DOWN, EXEMPTED))
        if settled != -self.balance(CLAIMED):
            raise LedgerError(Message("ledger.claims_differ"))
        for (account, whose), value in sums.items():
            if account in (FUND, RESERVED, SPENT, OUTSTANDING) and value < 0:
                raise LedgerError(
                    Message("ledger.below_nothing", account=Joined.of(" ", str(account), whose))
                )


def _whole(amount: object) -> None:
    if type(amount) is not int or amount <= 0:
        raise LedgerError(Message("ledger.amount_not_positive", amount=shown(amount)))
