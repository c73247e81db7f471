"""Return models (återföringsmodeller): whether and how money comes back into the fund."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Literal

import attrs
from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.parts import (
    Part,
    ReturnModel,
    Slot,
    WriteDown,
    clause,
    months_words,
    positive,
    proper_share,
)
from sifrules.policy.settlement import (
    Claim,
    ClaimKind,
    Investment,
    Reduction,
    ReductionKind,
    Settlement,
)
from sifrules.rules.rulebook import Derivation, Rule, Stage
from sifrules.rules.vocabulary import application
from sifrules.rules.wording import share_words
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.money import Ore, share_of, split
from sifrules.values.text import LocalizedText
from sifrules_policies.transitions import Transition

_NO_PLAN = LocalizedText(
    sv="riktlinjen anger inte hur stor del som ska återföras",
    en="the guideline does not say how much is to be returned",
)


_FEE_PLACES = {
    "on_top": LocalizedText(sv="utöver det som återförs", en="on top of what is returned"),
    "within": LocalizedText(sv="inom det som återförs", en="within what is returned"),
}
_BEGINS = {
    "effects": LocalizedText(sv="när effekterna börjar synas", en="as effects appear"),
    "deadline": LocalizedText(sv="senast vid en bestämd tid", en="by a deadline"),
    "plan": LocalizedText(
        sv="enligt ansökans återföringsplan", en="by the application's return plan"
    ),
}
_MECHANISMS = {
    "frame_lowered": LocalizedText(
        sv="nämndens budgetram sänks", en="the committee's budget frame is lowered"
    ),
    "payment": LocalizedText(sv="nämnden betalar", en="the committee pays"),
}
_BEGINS_WHY = {
    None: LocalizedText(
        sv="återföring; tiden är inte angiven, här projektets slut",
        en="return; no time is stated, here the end of the project",
    ),
    "effects": LocalizedText(
        sv="återföring när effekterna syns; är de inte daterade, projektets slut",
        en="return as effects appear; where they are not dated, the end of the project",
    ),
    "deadline": LocalizedText(
        sv="återföring, börjar senast {within} månader efter start",
        en="return, begins at the latest {within} months after the start",
    ),
    "plan": LocalizedText(
        sv="återföring enligt ansökans plan; utan plan, projektets slut",
        en="return by the application's plan; without one, the end of the project",
    ),
}
_FEE_WHY = LocalizedText(sv="administrativ avgift", en="administrative fee")
_EFFECT_WHY = LocalizedText(
    sv="återföringen är högst den uppmätta effekten",
    en="no more is returned than the measured effect",
)
_FLOOR_WHY = LocalizedText(
    sv="återföringen är högst effekten, men lägst {floor} av kostnaden",
    en="no more is returned than the effect, but at least {floor} of the cost",
)
_UNMEASURED = {
    "all": LocalizedText(sv="hela återföringen krävs", en="the whole return is claimed"),
    "floor": LocalizedText(sv="golvet krävs", en="the floor is claimed"),
    "nothing": LocalizedText(sv="inget krävs", en="nothing is claimed"),
    "decision": LocalizedText(sv="beslutas i varje fall", en="decided case by case"),
}
_UNMEASURED_WHY = LocalizedText(
    sv="effekten är inte uppmätt: {what}", en="the effect has not been measured: {what}"
)
_UNBOUNDED_WHY = LocalizedText(
    sv="{why}; effekten är inte uppmätt, och inget anges då: hela återföringen krävs",
    en="{why}; the effect has not been measured, and nothing is stated for that: "
    "the whole return is claimed",
)
_EXEMPT_WHY = LocalizedText(sv="befriad från återföring", en="exempted from return")
_NOT_MEASURED = LocalizedText(sv="effekten är inte uppmätt", en="the effect has not been measured")


@frozen(kw_only=True)
class _ReturnModel(Part, ReturnModel):
    slot: ClassVar[Slot] = Slot.RETURN_MODEL

    exemption: Literal["executive_board", "council"] | None = clause(
        "befrielse beslutas av", "exemption decided by"
    )

    @property
    def allows_exemption(self) -> bool:
        """Whether the guideline says who may exempt an investment from its return."""
        return self.exemption is not None

    def _exempted(self, returned: int) -> Iterator[Reduction]:
        """The whole return, where an exemption has been decided that the guideline allows."""
        if self.exemption is None:
            raise SifError(
                Message("return.no_exemption"),
                fix=Message("return.state_exemption"),
            )
        if returned > 0:
            cited = self.cite("exemption")
            yield Reduction(ReductionKind.EXEMPTED, Ore(returned), _EXEMPT_WHY, cited)


#: Months between instalments where the application states a period and no interval.
_A_YEAR = 12


def _written_down(
    returned: int, investment: Investment, write_down: WriteDown | None
) -> Iterator[Reduction]:
    """What the policy's write-down takes off what would be returned."""
    if write_down is not None:
        kept, why, cited = write_down.keep(returned, investment)
        if kept < returned:
            yield Reduction(ReductionKind.WRITTEN_DOWN, Ore(returned - kept), why, cited)


def _left(planned: int, reductions: Iterable[Reduction]) -> Ore:
    """What is left of a planned return."""
    return Ore(planned - sum(reduction.amount for reduction in reductions))


@frozen(kw_only=True)
class ReturnFlow(_ReturnModel):
    """The committees whose costs fall pay the money back (återföringsmodellen).

    ``share`` of the cost is returned. ``bounded_by_effect``: no more than the measured
    effect, but never less than ``floor`` (a share of the cost). ``fee`` is a share of
    the cost too, ``fee_place`` on top of what is returned or within it. The return
    ``begins`` as effects appear, at a deadline (``begins_within`` months after the
    start) or by the application's own plan, and lasts ``lasts`` months in instalments
    ``instalment_every`` that many months. ``unmeasured`` is what is claimed where no effect
    has been measured: all of the return, its floor, nothing, or what is decided in each
    case; where a return bounded by the effect does not state it, all is claimed and the
    claim says so. Where the investment itself states a return
    period, that is used, in yearly instalments unless another interval is stated. Months
    that nothing states are taken as the end of the project.

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
        "utan uppmätt effekt", "where no effect is measured", say=lambda what: _UNMEASURED[what]
    )
    fee: Decimal | None = clause(
        "administrativ avgift, andel av kostnaden",
        "administrative fee, share of the cost",
        check=proper_share,
    )
    fee_place: Literal["on_top", "within"] | None = clause(
        "avgiftens plats", "place of the fee", say=lambda place: _FEE_PLACES[place]
    )
    begins: Literal["effects", "deadline", "plan"] | None = clause(
        "börjar", "begins", say=lambda begins: _BEGINS[begins]
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
        "sätt", "mechanism", say=lambda way: _MECHANISMS[way]
    )
    transition: Transition | None = clause("övergångsbestämmelse", "transitional provision")

    def __attrs_post_init__(self) -> None:
        if self.floor is not None and not self.bounded_by_effect:
            raise SifError(Message("return.floor_without_bound"))
        if self.unmeasured == "floor" and self.floor is None:
            raise SifError(Message("return.unmeasured_floor"))
        if (self.fee is None) != (self.fee_place is None):
            raise SifError(Message("return.fee_and_place"))
        if (self.begins == "deadline") != (self.begins_within is not None):
            raise SifError(Message("return.begins_deadline"))

    @property
    def states_share(self) -> bool:
        """Whether the guideline states what share of the cost is returned."""
        return self.share is not None

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
        if self.share is None:
            return Settlement(reason=_NO_PLAN, citation=self.cite(), settled=False)
        unknown = investment.measured is None
        if unknown and self.unmeasured == "decision" and not investment.exempt:
            why = _UNMEASURED_WHY.format(what=_UNMEASURED["decision"])
            return Settlement(reason=why, citation=self.cite("unmeasured"), settled=False)
        planned = share_of(investment.cost, self.share)
        reductions = list(_written_down(planned, investment, write_down))
        reductions += self._bounded(investment, _left(planned, reductions))
        returned = _left(planned, reductions)
        fee = share_of(investment.cost, self.fee or Decimal(0))
        if self.fee_place == "within":
            fee = Ore(min(fee, returned))
            returned = Ore(returned - fee)
        if investment.exempt:
            reductions += self._exempted(returned + fee)
            return Settlement(reductions=tuple(reductions), reason=_EXEMPT_WHY)
        due = self._due(investment)
        silent = unknown and self.bounded_by_effect and self.unmeasured is None
        why = self._unbounded_why if silent else self._why
        claims = (
            *self._claims(investment, returned, ClaimKind.RETURN, due, why, "share"),
            *self._claims(investment, fee, ClaimKind.FEE, due[:1], _FEE_WHY, "fee"),
        )
        reason = None if claims else reductions[-1].why if reductions else self.words
        return Settlement(claims, tuple(reductions), reason)

    def _bounded(self, investment: Investment, returned: int) -> Iterator[Reduction]:
        """What is given up because the measured effect falls short, or is not known."""
        if investment.measured is None:
            yield from self._unknown(investment, returned)
            return
        if not self.bounded_by_effect:
            return
        least = share_of(investment.cost, self.floor or Decimal(0))
        kept = min(returned, max(investment.measured, least))
        if kept < returned:
            at_floor = self.floor is not None and kept == least
            why = self._floor_words if at_floor else _EFFECT_WHY
            cited = self.cite("floor" if at_floor else "bounded_by_effect")
            yield Reduction(ReductionKind.WRITTEN_DOWN, Ore(returned - kept), why, cited)

    def _unknown(self, investment: Investment, returned: int) -> Iterator[Reduction]:
        """What is given up because no effect has been measured."""
        if self.unmeasured not in ("floor", "nothing"):
            return
        floor = share_of(investment.cost, self.floor or Decimal(0))
        kept = min(returned, floor) if self.unmeasured == "floor" else 0
        if kept < returned:
            why = _UNMEASURED_WHY.format(what=_UNMEASURED[self.unmeasured])
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
        payers, cited = _payers(investment), self.cite(clause)
        for payer, owed in zip(payers, split(amount, list(payers.values())), strict=True):
            for month, instalment in zip(due, split(owed, [1] * len(due)), strict=True):
                if instalment > 0:
                    yield Claim(month, instalment, kind, why, cited, payer)

    # Texts made once: millions of settlements use them when portfolios are simulated.
    @cached_property
    def _why(self) -> LocalizedText:
        begins = _BEGINS_WHY[self.begins]
        if self.begins_within is not None:
            return begins.format(within=self.begins_within)
        return begins

    @cached_property
    def _unbounded_why(self) -> LocalizedText:
        return _UNBOUNDED_WHY.format(why=self._why)

    @cached_property
    def _floor_words(self) -> LocalizedText:
        return _FLOOR_WHY.format(floor=share_words(self.floor or Decimal(0)))


@frozen(kw_only=True)
class BudgetModel(_ReturnModel):
    """The money is spent and does not come back (budgetmodellen).

    >>> from sifrules.values.citations import Citation
    >>> model = BudgetModel(sources={"": Citation("Example guideline")})
    >>> project = Investment(cost=Ore(100), start=Month(2022, 3), months=12)
    >>> model.settle(project, None).claims
    ()
    """

    kind: ClassVar[str] = "budget"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="budgetmodell, ingen återföring", en="budget model, no return"
    )

    transition: Transition | None = clause("övergångsbestämmelse", "transitional provision")

    def derivations(self) -> Iterable[Derivation]:
        return self.transition.derivations() if self.transition else ()

    def rules(self) -> Iterable[Rule]:
        return self.transition.rules() if self.transition else ()

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        if self.transition is not None:
            refused = self.transition.refusal(investment.start)
            if refused is None:
                reason = LocalizedText(
                    sv="inget krävs enligt denna riktlinje; för en start i {start} gäller "
                    "återföringen i den tidigare",
                    en="nothing is claimed under this guideline; for a start in {start} the return "
                    "of the earlier one applies",
                ).format(start=investment.start)
                cited = self.transition.cite("returns_before")
                return Settlement(reason=reason, citation=cited)
            return refused
        return Settlement(reason=self.words, citation=self.cite())


def _payers(investment: Investment) -> Mapping[str | None, Decimal]:
    """Who pays, by share; one payer without a name where that is not known."""
    return dict[str | None, Decimal](investment.gains.items()) or {None: Decimal(1)}


@frozen(kw_only=True)
class OutcomeShare(_ReturnModel):
    """A share of the measured effect, up to a ceiling (utfallsbaserad återföring).

    ``split`` is the fund's share of the effect, ``ceiling`` a share of the cost. Before
    anything is measured it cannot be determined.

    >>> from sifrules.values.citations import Citation
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
        check=lambda ceiling: (
            None if 0 <= ceiling <= 10 else Message("expected.share_from_0_to_10")
        ),
    )

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        if investment.measured is None and not investment.exempt:
            return Settlement(reason=_NOT_MEASURED, citation=self.cite("split"), settled=False)
        planned = share_of(investment.measured or 0, self.split)
        if self.ceiling is not None:
            planned = Ore(min(planned, share_of(investment.cost, self.ceiling)))
        reductions = list(_written_down(planned, investment, write_down))
        if investment.exempt:
            reductions += self._exempted(_left(planned, reductions))
            return Settlement(reductions=tuple(reductions), reason=_EXEMPT_WHY)
        payers = _payers(investment)
        owed = split(_left(planned, reductions), list(payers.values()))
        due = investment.return_from or investment.end
        claims = tuple(
            Claim(due, part, ClaimKind.RETURN, self.words, self.cite("split"), payer)
            for payer, part in zip(payers, owed, strict=True)
            if part > 0
        )
        reason = None if claims else reductions[-1].why if reductions else _EFFECT_WHY
        return Settlement(claims, tuple(reductions), reason, self.cite("split"))


@frozen(kw_only=True)
class CoFunding(_ReturnModel):
    """The applicant carries a share of the cost from the start (medfinansiering).

    Nothing comes back; that the share is carried is tried with the application.

    >>> from sifrules.values.citations import Citation
    >>> model = CoFunding(path="return_model", sources={"": Citation("Example guideline")},
    ...                   share=Decimal("0.25"))
    >>> rule = next(iter(model.rules()))
    >>> rule.condition.test({"application.cofunding": 24, "application.cost": 100})
    False
    """

    kind: ClassVar[str] = "co_funding"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="medfinansiering, ingen återföring", en="co-funding, no return"
    )

    share: Decimal = clause(
        "andel av kostnaden", "share of the cost", default=attrs.NOTHING, check=proper_share
    )

    def rules(self) -> Iterable[Rule]:
        wanted = application.cofunding >= application.cost * self.share
        demand = LocalizedText(
            sv="den sökande bär minst {share} av kostnaden",
            en="the applicant carries at least {share} of the cost",
        ).format(share=share_words(self.share))
        yield self.rule(Stage.APPLICATION, wanted, demand, "share")

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        return Settlement(reason=self.words, citation=self.cite("share"))


PARTS = (ReturnFlow, BudgetModel, OutcomeShare, CoFunding)
