"""Return models (återföringsmodeller): whether money comes back, how much, and when it is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

import attrs
from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.columns import ClaimColumns, InvestmentColumns, shares_of
from sifrules.policy.parts import WriteDown, clause, positive, proper_share
from sifrules.policy.settlement import (
    Claim,
    ClaimKind,
    Investment,
    Reduction,
    ReductionKind,
    Settlement,
)
from sifrules.rules.rulebook import Derivation, Rule
from sifrules.rules.wording import months_words, share_words
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.money import Ore, share_of, split, split_evenly
from sifrules.values.text import LocalizedText
from sifrules_policies.index_clauses import Index
from sifrules_policies.return_base import (
    EFFECT_WHY,
    EXEMPT_WHY,
    ReturnPart,
    kept_many,
    left,
    payers,
    written_down,
)
from sifrules_policies.return_words import (
    ALL_WHY,
    BEGINS,
    BEGINS_WHY,
    COMES_BACK,
    FEE_PLACES,
    FEE_WHY,
    FLOOR_WHY,
    INTEREST_FROM,
    INTEREST_WHY,
    KEPT_WHY,
    MECHANISMS,
    NO_DELAY,
    NO_PLAN,
    UNBOUNDED_WHY,
    UNMEASURED,
    UNMEASURED_WHY,
)
from sifrules_policies.share_by_delay import ShareWithin, delay_words, rising
from sifrules_policies.transitions import Transition

if TYPE_CHECKING:
    from sifrules.policy.columns import Array

#: Months between instalments where the application states a period and no interval.
_A_YEAR = 12


def _no_lower(reduction: Reduction, most: int, floor: Decimal) -> Iterator[Reduction]:
    """A reduction of at most so much: all of it, or what leaves the floor."""
    if reduction.amount <= most:
        yield reduction
    elif most > 0:
        why = KEPT_WHY.format(written_down=reduction.why, floor=share_words(floor))
        yield attrs.evolve(reduction, amount=Ore(most), why=why)


@frozen(kw_only=True)
class ReturnFlow(ReturnPart):
    """The committees whose costs fall pay the money back (återföringsmodellen).

    ``share`` of the cost is returned. ``bounded_by_effect``: no more than the measured
    effect, but never less than ``floor`` (a share of the cost). A floor is never undercut:
    it is what is returned where the share is lower, and it limits a write-down as well, unless
    the guideline says otherwise (``floor_limits_write_down = false``). An exemption is from the
    whole return, the floor included. ``fee`` is a share of
    the cost too, ``fee_place`` on top of what is returned or within it. The return
    ``begins`` as effects appear, at a deadline (``begins_within`` months after the
    start) or by the application's own plan, and lasts ``lasts`` months in instalments
    ``instalment_every`` that many months. ``unmeasured`` is what is claimed where no effect
    has been measured: all of the return, its floor, nothing, or what is decided in each
    case; where a return bounded by the effect does not state it, all is claimed and the
    claim says so. ``nothing`` gives up the floor too. Where the investment itself states a return
    period, that is used, in yearly instalments unless another interval is stated. Months
    that nothing states are taken as the end of the project.

    ``share_by_delay`` is stated instead of ``share`` where the share depends on how long it
    takes from the start until costs begin to fall; after the last of its times nothing is
    returned. ``interest`` is simple, a year, and runs ``interest_from`` the start or the end
    of the project until each instalment is due. An ``index`` revises each instalment to the
    year in which it is due.

    ``comes_back = "closing"``: an instalment is in the fund again when the accounts of its year
    are closed, in December, and not before.

    Örebro's rule, on a cost of 12.2 million with effects of 2, 8 and 20 million:

    >>> from sifrules.values.citations import Citation
    >>> model = ReturnFlow(
    ...     path="return_model", sources={"": Citation("Example guideline")},
    ...     share=Decimal(1), bounded_by_effect=True, floor=Decimal("0.30"),
    ...     fee=Decimal("0.05"), fee_place="on_top", begins="plan",
    ... )
    >>> for millions in (2, 8, 20):
    ...     project = Investment(cost=Ore(1_220_000_000), start=Month(2017, 8), months=29,
    ...                          effect=Ore(millions * 100_000_000))
    ...     claims = model.settle(project, None)
    ...     print(claims.of(ClaimKind.RETURN) // 100, claims.of(ClaimKind.FEE) // 100)
    3660000 610000
    8000000 610000
    12200000 610000
    """

    kind: ClassVar[str] = "return_flow"
    words: ClassVar[LocalizedText] = LocalizedText(sv="återföringsmodell", en="return-flow model")

    share: Decimal | None = clause("andel av kostnaden", "share of the cost", check=proper_share)
    bounded_by_effect: bool | None = clause(
        "högst den uppmätta effekten", "no more than the measured effect"
    )
    floor: Decimal | None = clause(
        "golv, andel av kostnaden", "floor, share of the cost", check=proper_share
    )
    unmeasured: Literal["all", "floor", "nothing", "decision"] | None = clause(
        "utan uppmätt effekt", "where no effect is measured", say=lambda what: UNMEASURED[what]
    )
    floor_limits_write_down: bool | None = clause(
        "golvet gäller även vid nedskrivning", "the floor limits a write-down too"
    )
    fee: Decimal | None = clause(
        "administrativ avgift, andel av kostnaden",
        "administrative fee, share of the cost",
        check=proper_share,
    )
    fee_place: Literal["on_top", "within"] | None = clause(
        "avgiftens plats", "place of the fee", say=lambda place: FEE_PLACES[place]
    )
    begins: Literal["effects", "deadline", "plan"] | None = clause(
        "börjar", "begins", say=lambda begins: BEGINS[begins]
    )
    begins_within: int | None = clause(
        "senast efter start", "at the latest after the start", check=positive, say=months_words
    )
    lasts: int | None = clause(
        "avslutad senast efter att den börjat",
        "completed at the latest after it began",
        check=positive,
        say=months_words,
    )
    instalment_every: int | None = clause(
        "delbetalning var", "an instalment every", check=positive, say=months_words
    )
    mechanism: Literal["frame_lowered", "payment"] | None = clause(
        "sätt", "mechanism", say=lambda way: MECHANISMS[way]
    )
    share_by_delay: tuple[ShareWithin, ...] | None = clause(
        "andel av kostnaden efter dröjsmål",
        "share of the cost by delay",
        check=rising,
        say=delay_words,
    )
    interest: Decimal | None = clause("ränta om året", "interest a year", check=proper_share)
    interest_from: Literal["start", "end"] | None = clause(
        "ränta räknas från", "interest runs from", say=lambda since: INTEREST_FROM[since]
    )
    index: Index | None = clause("indexuppräkning", "revision by an index")
    comes_back: Literal["instalment", "closing"] | None = clause(
        "åter i fonden", "back in the fund", say=lambda when: COMES_BACK[when]
    )
    transition: Transition | None = clause("övergångsbestämmelse", "transitional provision")

    def __attrs_post_init__(self) -> None:
        if self.share is not None and self.share_by_delay is not None:
            raise SifError(Message("return.share_or_by_delay"))
        if (self.interest is None) != (self.interest_from is None):
            raise SifError(Message("return.interest_and_from"))
        if self.floor is not None and not self.bounded_by_effect:
            raise SifError(Message("return.floor_without_bound"))
        if self.unmeasured == "floor" and self.floor is None:
            raise SifError(Message("return.unmeasured_floor"))
        if self.floor_limits_write_down is not None and self.floor is None:
            raise SifError(Message("return.limit_without_floor"))
        if (self.fee is None) != (self.fee_place is None):
            raise SifError(Message("return.fee_and_place"))
        if (self.begins == "deadline") != (self.begins_within is not None):
            raise SifError(Message("return.begins_deadline"))

    @property
    def states_share(self) -> bool:
        """Whether the guideline states what share of the cost is returned."""
        return self.share is not None or self.share_by_delay is not None

    @property
    def period(self) -> int | None:
        """Months within which the return is completed, None where not stated."""
        return self.lasts

    def derivations(self) -> Iterable[Derivation]:
        return self.transition.derivations() if self.transition else ()

    def rules(self) -> Iterable[Rule]:
        return self.transition.rules() if self.transition else ()

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        refused = self.transition.refusal(investment.start) if self.transition else None
        if refused is not None:
            return refused
        if not self.states_share:
            return Settlement(reason=NO_PLAN, citation=self.cite(), settled=False)
        unknown = investment.measured is None
        if unknown and self.unmeasured == "decision" and not investment.exempt:
            why = UNMEASURED_WHY.format(what=UNMEASURED["decision"])
            return Settlement(reason=why, citation=self.cite("unmeasured"), settled=False)
        share, clause = self._share(investment)
        if share is None:
            return Settlement(reason=NO_DELAY, citation=self.cite(clause), settled=False)
        planned = share_of(investment.granted, max(share, self.floor or share))
        reductions = list(self._written_down(planned, investment, write_down))
        reductions += self._bounded(investment, left(planned, reductions))
        returned = left(planned, reductions)
        fee = share_of(investment.granted, self.fee or Decimal(0))
        if self.fee_place == "within":
            fee = Ore(min(fee, returned))
            returned = Ore(returned - fee)
        if investment.exempt:
            reductions += self.exempted(returned + fee)
            return Settlement(reductions=tuple(reductions), reason=EXEMPT_WHY)
        due = self._due(investment)
        if self.comes_back == "closing":
            due = [Month(month.year, 12) for month in due]
        why = self._why
        if unknown and self.unmeasured == "all":
            why, clause = self._all_why, "unmeasured"
        elif unknown and self.unmeasured is None and self.bounded_by_effect:
            why = self._unbounded_why
        claims = (
            *self._claims(investment, returned, ClaimKind.RETURN, due, why, clause),
            *self._interest(investment, returned, due),
            *self._indexed(investment, returned, due),
            *self._claims(investment, fee, ClaimKind.FEE, due[:1], FEE_WHY, "fee"),
        )
        reason = None if claims else reductions[-1].why if reductions else self.words
        rest = self.index.rest(investment, due) if self.index and returned else None
        return Settlement(claims, tuple(reductions), reason, rest=rest)

    def _written_down(
        self, planned: int, investment: Investment, write_down: WriteDown | None
    ) -> Iterator[Reduction]:
        """What is written down: no more than leaves the floor, unless the guideline says so."""
        reductions = written_down(planned, investment, write_down)
        if self.floor is None or self.floor_limits_write_down is False:
            yield from reductions
            return
        least = share_of(investment.granted, self.floor)
        for reduction in reductions:
            yield from _no_lower(reduction, planned - least, self.floor)

    def _share(self, investment: Investment) -> tuple[Decimal | None, str]:
        """The share to return, None where it is not known when costs begin to fall, and where."""
        if self.share_by_delay is None:
            return self.share, "share"
        if investment.effects_begin is None:
            return None, "share_by_delay"
        delay = investment.effects_begin - investment.start
        shares = (each.share for each in self.share_by_delay if delay <= each.within)
        return next(shares, Decimal(0)), "share_by_delay"

    def _interest(self, investment: Investment, returned: int, due: list[Month]) -> Iterator[Claim]:
        """Simple interest on each instalment until it is due."""
        if self.interest is None or returned == 0:
            return
        since = investment.start if self.interest_from == "start" else investment.end
        rate = Fraction(self.interest) / _A_YEAR
        for month, instalment in zip(due, split_evenly(returned, len(due)), strict=True):
            amount = share_of(instalment, rate * max(0, month - since))
            yield from self._claims(
                investment, amount, ClaimKind.INTEREST, [month], INTEREST_WHY, "interest"
            )

    def _indexed(self, investment: Investment, returned: int, due: list[Month]) -> Iterator[Claim]:
        """By how much the index raises each instalment until it is due."""
        revisions = self.index.revisions(investment, returned, due) if self.index else ()
        for month, amount, why in revisions:
            yield from self._claims(investment, amount, ClaimKind.INDEX, [month], why, "index")

    def _bounded(self, investment: Investment, returned: int) -> Iterator[Reduction]:
        """What is given up because the measured effect falls short, or is not known."""
        if investment.measured is None:
            yield from self._unknown(investment, returned)
            return
        if not self.bounded_by_effect:
            return
        least = share_of(investment.granted, self.floor or Decimal(0))
        kept = min(returned, max(investment.measured, least))
        if kept < returned:
            at_floor = self.floor is not None and kept == least
            why = self._floor_words if at_floor else EFFECT_WHY
            cited = self.cite("floor" if at_floor else "bounded_by_effect")
            yield Reduction(ReductionKind.WRITTEN_DOWN, Ore(returned - kept), why, cited)

    def _unknown(self, investment: Investment, returned: int) -> Iterator[Reduction]:
        """What is given up because no effect has been measured."""
        if self.unmeasured not in ("floor", "nothing"):
            return
        floor = share_of(investment.granted, self.floor or Decimal(0))
        kept = min(returned, floor) if self.unmeasured == "floor" else 0
        if kept < returned:
            why = UNMEASURED_WHY.format(what=UNMEASURED[self.unmeasured])
            cited = self.cite("unmeasured")
            yield Reduction(ReductionKind.WRITTEN_DOWN, Ore(returned - kept), why, cited)

    def _due(self, investment: Investment) -> list[Month]:
        """When instalments are due; the first, where there is a deadline, as late as it allows."""
        first = investment.return_from or self._first(investment)
        if self.begins_within is not None and first - investment.start > self.begins_within:
            raise SifError(
                Message(
                    "return.begins_too_late",
                    first=first,
                    begins_within=self.begins_within,
                ),
                fix=Message("return.begin_by", value=investment.start + self.begins_within),
            )
        length = investment.return_months or self.lasts
        if self.lasts is not None and length is not None and length > self.lasts:
            raise SifError(Message("return.too_long", length=length, lasts=self.lasts))
        every = self.instalment_every
        if every is None and investment.return_months is not None:
            every = _A_YEAR  # the application's own period; budget frames are set by the year
        if length is None or every is None:
            return [first]
        return [first + months for months in range(0, length, every)]

    def _first(self, investment: Investment) -> Month:
        if self.begins_within is not None:
            return investment.start + self.begins_within
        if self.begins == "effects" and investment.effects_begin is not None:
            return max(investment.effects_begin, investment.start)
        return investment.end

    def _claims(
        self,
        investment: Investment,
        amount: int,
        kind: ClaimKind,
        due: list[Month],
        why: LocalizedText,
        clause: str,
    ) -> Iterator[Claim]:
        """An amount shared among the committees that gain, each in equal instalments."""
        if amount == 0:
            return
        shares, cited, count = payers(investment), self.cite(clause), len(due)
        for payer, owed in zip(shares, split(amount, tuple(shares.values())), strict=True):
            instalments = split_evenly(owed, count) if count > 1 else (owed,)
            for month, instalment in zip(due, instalments, strict=True):
                if instalment > 0:
                    yield Claim(month, instalment, kind, why, cited, payer)

    # --- many at once ---------------------------------------------------------------

    def claims_many(
        self, investments: InvestmentColumns, write_down: WriteDown | None
    ) -> tuple[ClaimColumns, ...] | None:
        if not self.states_share:
            return ()
        length = investments.return_months or self.lasts
        too_long = self.lasts is not None and (length or 0) > self.lasts
        one_by_one = self.transition or self.interest is not None or self.index
        if one_by_one or too_long:
            return None
        granted = investments.granted
        planned = self._planned_many(investments)
        left = self._written_down_many(planned, investments, write_down)
        if left is None:
            return None
        returned = self._bounded_many(left, investments)
        fee = shares_of(granted, self.fee or Decimal(0))
        if self.unmeasured == "decision":
            returned, fee = returned * investments.known, fee * investments.known
        if self.fee_place == "within":
            fee = fee.clip(max=returned)
            returned = returned - fee
        due = self._due_many(investments, length)
        return (
            ClaimColumns(ClaimKind.RETURN, returned, due),
            ClaimColumns(ClaimKind.FEE, fee, due[:, :1]),
        )

    def _planned_many(self, investments: InvestmentColumns) -> Array:
        import numpy as np

        def planned(share: Decimal) -> Array:
            return shares_of(investments.granted, max(share, self.floor or share))

        if self.share_by_delay is None:
            return planned(self.share or Decimal(0))
        delays = [investments.effects_begin <= each.within for each in self.share_by_delay]
        shares = [planned(each.share) for each in self.share_by_delay]
        return np.select(delays, shares, planned(Decimal(0)))

    def _written_down_many(
        self, planned: Array, investments: InvestmentColumns, write_down: WriteDown | None
    ) -> Array | None:
        """What is left of many returns when they are written down, the floor in any case."""
        kept = kept_many(planned, investments, write_down)
        if kept is None or self.floor is None or self.floor_limits_write_down is False:
            return kept
        least = shares_of(investments.granted, self.floor)
        return kept.clip(min=least.clip(max=planned))

    def _bounded_many(self, returned: Array, investments: InvestmentColumns) -> Array:
        """What is left of many returns, by what was measured or as nothing was."""
        import numpy as np

        floor = shares_of(investments.granted, self.floor or Decimal(0))
        known = unknown = returned
        if self.bounded_by_effect:
            known = returned.clip(max=np.maximum(investments.effect, floor))
        if self.unmeasured == "floor":
            unknown = returned.clip(max=floor)
        elif self.unmeasured == "nothing":
            unknown = np.zeros_like(returned)
        return np.where(investments.known, known, unknown)

    def _due_many(self, investments: InvestmentColumns, length: int | None) -> Array:
        """When the instalments of many are due, in months from the start."""
        import numpy as np

        first = investments.months
        if self.begins_within is not None:
            first = np.full_like(first, self.begins_within)
        elif self.begins == "effects":
            first = investments.effects_begin.clip(min=0)
        every = self.instalment_every
        if every is None and investments.return_months is not None:
            every = _A_YEAR
        later = [0] if length is None or every is None else range(0, length, every)
        due: Array = first[:, None] + np.array(later)
        if self.comes_back == "closing":
            due = due + _A_YEAR - 1 - (investments.start[:, None] + due) % _A_YEAR
        return due

    # Texts made once: millions of settlements use them when portfolios are simulated.
    @cached_property
    def _why(self) -> LocalizedText:
        begins = BEGINS_WHY[self.begins]
        if self.begins_within is not None:
            return begins.format(within=self.begins_within)
        return begins

    @cached_property
    def _all_why(self) -> LocalizedText:
        return ALL_WHY.format(why=self._why)

    @cached_property
    def _unbounded_why(self) -> LocalizedText:
        return UNBOUNDED_WHY.format(why=self._why)

    @cached_property
    def _floor_words(self) -> LocalizedText:
        return FLOOR_WHY.format(floor=share_words(self.floor or Decimal(0)))


PARTS = (ReturnFlow,)
