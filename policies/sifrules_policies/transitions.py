"""Transitional provisions (övergångsbestämmelser): to which investments a return applies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

import attrs
from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.parts import Part, Slot, clause
from sifrules.policy.settlement import Settlement
from sifrules.rules.rulebook import Derivation, Rule, Stage
from sifrules.rules.vocabulary import investment
from sifrules.values.dates import Month, PartialDate
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText

_GAPS = {
    "unclear": LocalizedText(sv="oklart (unclear)", en="unclear"),
    "return": LocalizedText(sv="återföring gäller (return)", en="return applies (return)"),
    "no_return": LocalizedText(sv="återföring gäller inte (no_return)", en="no return (no_return)"),
}


@frozen(kw_only=True)
class Transition(Part):
    """To which investments a return applies, by when they started (övergångsbestämmelse).

    Return applies to starts before ``returns_before``, and not to starts after
    ``ends_after``. What lies between is covered by neither wording: ``gap`` says how it
    is read, and "unclear" leaves it open instead of guessing.

    >>> rule = Transition(
    ...     returns_before=PartialDate.parse("2021"), ends_after=PartialDate.parse("2021")
    ... )
    >>> [rule.applies(Month(year, 6)) for year in (2020, 2021, 2022)]
    [True, None, False]
    """

    slot: ClassVar[Slot] = Slot.INNER
    kind: ClassVar[str] = "transition"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="övergångsbestämmelse", en="transitional provision"
    )

    returns_before: PartialDate = clause(
        "återföring gäller start före", "return applies to starts before", default=attrs.NOTHING
    )
    ends_after: PartialDate = clause(
        "återföring gäller inte start efter",
        "return does not apply to starts after",
        default=attrs.NOTHING,
    )
    gap: Literal["unclear", "return", "no_return"] | None = clause(
        "däremellan", "in between", say=lambda gap: _GAPS[gap]
    )

    def __attrs_post_init__(self) -> None:
        if self.ends_after.before(self.returns_before) and not self._adjoin():
            raise SifError(Message("transition.reversed"))

    def _adjoin(self) -> bool:
        """Whether there is no gap: what is not before the one lies after the other."""
        return (self.returns_before.first - self.ends_after.last).days == 1

    def applies(self, start: Month) -> bool | None:
        """Whether return applies to an investment that started then."""
        begins, ends = start.date.first, start.date.last
        if ends < self.returns_before.first:
            return True
        if begins > self.ends_after.last:
            return False
        if begins < self.returns_before.first or ends > self.ends_after.last:
            return None  # the month lies across a day on which the rule changes
        return {"return": True, "no_return": False}.get(self.gap or "unclear")

    def derivations(self) -> Iterable[Derivation]:
        # Only the year of the start is known here: a year in which the rule changes stays open.
        year = investment.start_year
        first, last = self.returns_before.first, self.ends_after.last
        starts_year, ends_year = (
            (first.month, first.day) == (1, 1),
            (last.month, last.day) == (12, 31),
        )
        holds = year < first.year
        if self.gap == "return":
            holds = year <= last.year if ends_year else year < last.year
        fails = year > last.year
        if self.gap == "no_return":
            fails = year >= first.year if starts_year else year > first.year
        fact = investment.returns
        yield Derivation(f"derived.{fact.name}", fact, holds, self.cite(), fails)

    def rules(self) -> Iterable[Rule]:
        known = investment.returns | ~investment.returns
        demand = LocalizedText(
            sv="det framgår om återföring gäller", en="it can be told whether return applies"
        )
        yield self.rule(Stage.RETURN, known, demand)

    def refusal(self, start: Month) -> Settlement | None:
        """The settlement where return does not apply or it is undetermined, otherwise None."""
        applies = self.applies(start)
        if applies is True:
            return None
        if applies is False and self.ends_after.before(start.date):
            reason = LocalizedText(
                sv="ingen återföring: satsningen startade efter {after}",
                en="no return: the investment started after {after}",
            ).format(after=self.ends_after)
            return Settlement(reason=reason, citation=self.cite("ends_after"))
        if applies is False:
            reason = LocalizedText(
                sv="ingen återföring, enligt vald läsning av en start i {start}",
                en="no return, by the chosen reading of a start in {start}",
            ).format(start=start)
            return Settlement(reason=reason, citation=self.cite("gap"))
        reason = LocalizedText(
            sv="går inte att avgöra: en start i {start} ligger varken före {before} eller efter "
            "{after}; välj läsning med return_model.transition.gap",
            en="cannot tell: a start in {start} is neither before {before} nor after {after}; "
            "choose a reading with return_model.transition.gap",
        ).format(start=start, before=self.returns_before, after=self.ends_after)
        return Settlement(reason=reason, citation=self.cite("gap"), settled=False)
