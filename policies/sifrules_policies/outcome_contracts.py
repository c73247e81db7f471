"""Outcome contracts (utfallskontrakt): what is paid back depends on the outcome.

The money may be a financier's from outside (extern finansiär), who is then paid instead of the
fund. A part may be owed whatever comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import attrs
from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.columns import ClaimColumns, InvestmentColumns, shares_of
from sifrules.policy.parts import WriteDown, clause, proper_share
from sifrules.policy.settlement import Claim, ClaimKind, Investment, Rest, Settlement
from sifrules.rules.conditions import Fact
from sifrules.rules.vocabulary import investment as investment_facts
from sifrules.values.messages import Message, Text
from sifrules.values.money import Ore, share_of, split
from sifrules.values.text import LocalizedText
from sifrules_policies.return_base import (
    EFFECT_WHY,
    EXEMPT_WHY,
    NOT_MEASURED,
    ReturnPart,
    kept_many,
    left,
    payers,
    written_down,
)

if TYPE_CHECKING:
    from sifrules.policy.columns import Array

_REACHED = investment_facts.target_reached
_CERTAIN_WHY = LocalizedText(sv="återbetalas oavsett utfall", en="paid back whatever comes out")
_SAVED_WHY = LocalizedText(sv="del av det sparade", en="share of what is saved")
_NOTHING_SAVED = LocalizedText(
    sv="ingenting är sparat, och ingenting återbetalas oavsett utfall",
    en="nothing is saved, and nothing is paid back whatever comes out",
)
_TARGET_WHY = LocalizedText(sv="målet är nått", en="the target is reached")
_TARGET_MISSED = LocalizedText(sv="målet är inte nått", en="the target is not reached")
_TARGET_OPEN = LocalizedText(
    sv="det är inte känt om målet är nått", en="it is not known whether the target is reached"
)


def up_to_tenfold(share: Decimal) -> Text | None:
    """The check for a share of the cost that may exceed the cost: from 0 to 10."""
    return None if 0 <= share <= 10 else Message("expected.share_from_0_to_10")


@frozen(kw_only=True)
class OutcomeShare(ReturnPart):
    """A share of the measured effect, up to a ceiling (utfallsbaserad återföring).

    ``split`` is the fund's share of the effect, ``ceiling`` a share of the cost. Before
    anything is measured it cannot be determined.

    >>> from sifrules.values.citations import Citation
    >>> from sifrules.values.dates import Month
    >>> model = OutcomeShare(sources={"": Citation("Example guideline")},
    ...                      split=Decimal("0.5"), ceiling=Decimal("1.2"))
    >>> project = Investment(cost=Ore(100), start=Month(2022, 3), months=12, effect=Ore(180))
    >>> [claim.amount for claim in model.settle(project, None).claims]
    [90]
    """

    kind: ClassVar[str] = "outcome_share"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="utfallsbaserad återföring", en="outcome-based return"
    )

    split: Decimal = clause(
        "fondens andel av effekten",
        "the fund's share of the effect",
        default=attrs.NOTHING,
        check=proper_share,
    )
    ceiling: Decimal | None = clause(
        "tak, andel av kostnaden",
        "ceiling, share of the cost",
        check=up_to_tenfold,
    )

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        if investment.measured is None and not investment.exempt:
            return Settlement(reason=NOT_MEASURED, citation=self.cite("split"), settled=False)
        planned = share_of(investment.measured or 0, self.split)
        if self.ceiling is not None:
            planned = Ore(min(planned, share_of(investment.granted, self.ceiling)))
        reductions = list(written_down(planned, investment, write_down))
        if investment.exempt:
            reductions += self.exempted(left(planned, reductions))
            return Settlement(reductions=tuple(reductions), reason=EXEMPT_WHY)
        shares = payers(investment)
        owed = split(left(planned, reductions), list(shares.values()))
        due = investment.return_from or investment.end
        claims = tuple(
            Claim(due, part, ClaimKind.RETURN, self.words, self.cite("split"), payer)
            for payer, part in zip(shares, owed, strict=True)
            if part > 0
        )
        reason = None if claims else reductions[-1].why if reductions else EFFECT_WHY
        return Settlement(claims, tuple(reductions), reason, self.cite("split"))

    def claims_many(
        self, investments: InvestmentColumns, write_down: WriteDown | None
    ) -> tuple[ClaimColumns, ...] | None:
        planned = shares_of(investments.effect, self.split)
        if self.ceiling is not None:
            planned = planned.clip(max=shares_of(investments.granted, self.ceiling))
        kept = kept_many(planned, investments, write_down)
        return None if kept is None else (_at_the_end(kept * investments.known, investments),)


@frozen(kw_only=True)
class _ContractPart(ReturnPart):
    """A return of which a part is certain, paid to the fund or to a financier from outside."""

    certain: Decimal | None = clause(
        "återbetalas oavsett utfall, andel av kostnaden",
        "paid back whatever comes out, share of the cost",
        check=proper_share,
    )
    #: who puts in the money, and is paid back, instead of the municipality
    financier: str | None = clause("extern finansiär", "financier from outside")

    def _sure(self, investment: Investment) -> Ore:
        """What is owed whatever comes out."""
        return share_of(investment.granted, self.certain or Decimal(0))

    def _settled(
        self,
        investment: Investment,
        write_down: WriteDown | None,
        outcome: int,
        why: LocalizedText,
        clause: str,
        nothing: LocalizedText,
    ) -> Settlement:
        """The settlement where the outcome is known; a write-down leaves the certain part."""
        reductions = list(written_down(outcome, investment, write_down))
        paid = left(outcome, reductions)
        sure = self._sure(investment)
        if investment.exempt:
            reductions += self.exempted(sure + paid)
            return Settlement(reductions=tuple(reductions), reason=EXEMPT_WHY)
        claims = (
            *self._claims(investment, sure, _CERTAIN_WHY, "certain"),
            *self._claims(investment, paid, why, clause),
        )
        reason = None if claims else reductions[-1].why if reductions else nothing
        return Settlement(claims, tuple(reductions), reason, self.cite(clause))

    def _claimed_many(
        self,
        investments: InvestmentColumns,
        write_down: WriteDown | None,
        outcome: Array,
        known: Array,
    ) -> tuple[ClaimColumns, ...] | None:
        """The claims on many: the certain part and, where it is known, what the outcome adds."""
        kept = kept_many(outcome, investments, write_down)
        if kept is None:
            return None
        sure = self._sure_many(investments)
        return _at_the_end(sure, investments), _at_the_end(kept * known, investments)

    def _sure_many(self, investments: InvestmentColumns) -> Array:
        return shares_of(investments.granted, self.certain or Decimal(0))

    def _open(
        self, investment: Investment, why: LocalizedText, clause: str, most: int | None
    ) -> Settlement:
        """The settlement where the outcome is not known: the certain part, and an open rest."""
        sure = self._sure(investment)
        if investment.exempt:
            return Settlement(reductions=tuple(self.exempted(sure)), reason=EXEMPT_WHY)
        claims = tuple(self._claims(investment, sure, _CERTAIN_WHY, "certain"))
        cited = self.cite(clause)
        if not claims:
            return Settlement(reason=why, citation=cited, settled=False)
        rest = Rest(why, cited, Ore(most) if most else None) if most != 0 else None
        return Settlement(claims, rest=rest)

    def _claims(
        self, investment: Investment, amount: int, why: LocalizedText, clause: str
    ) -> Iterator[Claim]:
        if amount == 0:
            return
        due, cited = investment.return_from or investment.end, self.cite(clause)
        shares = payers(investment)
        for payer, part in zip(shares, split(amount, list(shares.values())), strict=True):
            if part > 0:
                yield Claim(due, part, ClaimKind.RETURN, why, cited, payer, self.financier)


@frozen(kw_only=True)
class OutcomeContract(_ContractPart):
    """A certain part, and a share of each saved krona until break-even and another after.

    ``certain`` is the share of the cost that is owed whatever comes out. Of what is saved,
    ``split`` is paid back until the break-even, and ``split_after`` of what is saved beyond.
    ``break_even`` is the saving at which the split changes, as a share of the cost.
    ``ceiling`` (a share of the cost, which may exceed it) bounds all that is paid back. Until
    the effect is measured the certain part is owed, and the rest is open.

    Ten million put in, four of them certain. Of each saved krona 60 öre until the saving covers
    the certain part, and then the whole krona, in all at most 20 percent above the cost:

    >>> from sifrules.values.citations import Citation
    >>> from sifrules.values.dates import Month
    >>> model = OutcomeContract(
    ...     sources={"": Citation("Example contract")}, certain=Decimal("0.4"),
    ...     split=Decimal("0.6"), break_even=Decimal("0.4"), split_after=Decimal(1),
    ...     ceiling=Decimal("1.2"), financier="Example Ventures",
    ... )
    >>> for saved in (0, 4, 10):
    ...     project = Investment(cost=Ore(10_000_000_00), start=Month(2016, 8), months=24,
    ...                          effect=Ore(saved * 1_000_000_00))
    ...     print(model.settle(project, None).total // 100)
    4000000
    6400000
    12000000
    """

    kind: ClassVar[str] = "outcome_contract"
    words: ClassVar[LocalizedText] = LocalizedText(sv="utfallskontrakt", en="outcome contract")

    split: Decimal = clause(
        "andel av varje sparad krona till brytpunkten",
        "share of each saved krona until break-even",
        default=attrs.NOTHING,
        check=proper_share,
    )
    break_even: Decimal | None = clause(
        "brytpunkt, sparat som andel av kostnaden",
        "break-even, saved as a share of the cost",
        check=up_to_tenfold,
    )
    split_after: Decimal | None = clause(
        "andel av varje sparad krona därefter",
        "share of each saved krona after that",
        check=proper_share,
    )
    ceiling: Decimal | None = clause(
        "tak, andel av kostnaden", "ceiling, share of the cost", check=up_to_tenfold
    )

    def __attrs_post_init__(self) -> None:
        if (self.break_even is None) != (self.split_after is None):
            raise SifError(Message("return.break_even_and_after"))
        if self.ceiling is not None and (self.certain or 0) > self.ceiling:
            raise SifError(Message("return.certain_above_ceiling"))

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        saved = investment.measured
        if saved is None:
            most = None if self.ceiling is None else self._room(investment)
            return self._open(investment, NOT_MEASURED, "split", most)
        return self._settled(
            investment,
            write_down,
            self._outcome(investment, saved),
            _SAVED_WHY,
            "split",
            _NOTHING_SAVED,
        )

    def _room(self, investment: Investment) -> int:
        """What the ceiling leaves above the certain part."""
        ceiling = self.ceiling if self.ceiling is not None else Decimal(0)
        return max(0, share_of(investment.granted, ceiling) - self._sure(investment))

    def _outcome(self, investment: Investment, saved: int) -> int:
        """What is paid back of what is saved, within the ceiling."""
        turn = saved
        if self.break_even is not None:
            turn = min(saved, share_of(investment.granted, self.break_even))
        paid = share_of(turn, self.split) + share_of(saved - turn, self.split_after or Decimal(0))
        return paid if self.ceiling is None else min(paid, self._room(investment))

    def claims_many(
        self, investments: InvestmentColumns, write_down: WriteDown | None
    ) -> tuple[ClaimColumns, ...] | None:
        saved, granted = investments.effect, investments.granted
        turn = saved
        if self.break_even is not None:
            turn = saved.clip(max=shares_of(granted, self.break_even))
        paid = shares_of(turn, self.split)
        paid = paid + shares_of(saved - turn, self.split_after or Decimal(0))
        if self.ceiling is not None:
            room = shares_of(granted, self.ceiling) - self._sure_many(investments)
            paid = paid.clip(max=room.clip(min=0))
        return self._claimed_many(investments, write_down, paid, investments.known)


@frozen(kw_only=True)
class PaymentOnTarget(_ContractPart):
    """A share of the cost is paid back if an agreed target is reached (målersättning).

    Whether it is, the fact ``investment.target_reached`` says; where ``saved`` is stated, it
    is reached when at least that share of the cost has been measured as saved. Until that is
    known the ``certain`` part is owed, and the rest is open. A simulation takes the fact to
    hold where an evaluated project came out as hoped.

    >>> from sifrules.values.citations import Citation
    >>> from sifrules.values.dates import Month
    >>> model = PaymentOnTarget(sources={"": Citation("Example contract")}, share=Decimal("1.1"))
    >>> for reached in (True, False):
    ...     project = Investment(cost=Ore(100), start=Month(2022, 3), months=12,
    ...                          facts={"investment.target_reached": reached})
    ...     print(model.settle(project, None).total)
    110
    0
    """

    kind: ClassVar[str] = "payment_on_target"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="ersättning vid nått mål", en="payment on target"
    )

    share: Decimal = clause(
        "återbetalas när målet är nått, andel av kostnaden",
        "paid back when the target is reached, share of the cost",
        default=attrs.NOTHING,
        check=up_to_tenfold,
    )
    saved: Decimal | None = clause(
        "målet: minst så mycket sparat, andel av kostnaden",
        "the target: at least this much saved, share of the cost",
        check=up_to_tenfold,
    )

    @property
    def settled_by(self) -> tuple[Fact, ...]:
        """Whether the target is reached, where no saving says so."""
        return () if self.saved is not None else (_REACHED,)

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        promised = share_of(investment.granted, self.share)
        reached = self._reached(investment)
        if reached is None:
            return self._open(investment, _TARGET_OPEN, "share", promised)
        outcome = promised if reached else 0
        return self._settled(investment, write_down, outcome, _TARGET_WHY, "share", _TARGET_MISSED)

    def _reached(self, investment: Investment) -> bool | None:
        """Whether the target is reached, None where that is not known."""
        if self.saved is None:
            said = investment.facts.get(_REACHED.name)
            return said if isinstance(said, bool) else None
        if investment.measured is None:
            return None
        return investment.measured >= share_of(investment.granted, self.saved)

    def claims_many(
        self, investments: InvestmentColumns, write_down: WriteDown | None
    ) -> tuple[ClaimColumns, ...] | None:
        reached, known = investments.reached == 1, investments.reached >= 0
        if self.saved is not None:
            reached = investments.effect >= shares_of(investments.granted, self.saved)
            known = investments.known
        outcome = shares_of(investments.granted, self.share) * reached
        return self._claimed_many(investments, write_down, outcome, known)


def _at_the_end(amount: Array, investments: InvestmentColumns) -> ClaimColumns:
    """Claims that are due when the project has ended."""
    return ClaimColumns(ClaimKind.RETURN, amount, investments.months[:, None])


PARTS = (OutcomeShare, OutcomeContract, PaymentOnTarget)
