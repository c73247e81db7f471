"""A criterion of its own: a rule on two facts at once, which the ready-made ones cannot express."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from attrs import NOTHING, frozen

from sifrules import Fact, LocalizedText, Part, Rule, SifError, Slot, Stage, application, clause
from sifrules.policy.parts import proper_share
from sifrules.rules.wording import share_words

_DISTRICTS = LocalizedText(
    sv="väntade stadsdelar bland {options}", en="expected districts out of {options}"
)


@frozen(kw_only=True)
class DistrictOrShare(Part):
    """In a priority district; elsewhere the applicant bears a share of the cost itself.

    ``district`` is a fact that the guideline adds: a choice among the districts.

    >>> from sifrules import Citation, Kind
    >>> where = Fact(
    ...     "application.district",
    ...     Kind.CHOICE,
    ...     LocalizedText(sv="stadsdel", en="district"),
    ...     ("N", "S"),
    ... )
    >>> part = DistrictOrShare(
    ...     path="criteria.district", sources={"": Citation("Example guideline")},
    ...     district=where, priority=("N",), own_share=Decimal("0.25"),
    ... )
    >>> (rule,) = part.rules()
    >>> rule.condition.test({"application.district": "N"})
    True
    >>> south = {"application.district": "S", "application.cost": 400}
    >>> [rule.condition.test({**south, "application.cofunding": own}) for own in (99, 100)]
    [False, True]
    """

    slot: ClassVar[Slot] = Slot.CRITERIA
    kind: ClassVar[str] = "exempelby_district"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="prioriterad stadsdel eller egen medfinansiering",
        en="a priority district or co-funding of its own",
    )

    district: Fact = clause("uppgift om stadsdel", "fact on the district", default=NOTHING)
    priority: tuple[str, ...] = clause("prioriterade", "priority districts", default=NOTHING)
    own_share: Decimal = clause(
        "annars egen andel av kostnaden",
        "else its own share of the cost",
        default=NOTHING,
        check=proper_share,
    )

    def __attrs_post_init__(self) -> None:
        odd = [name for name in self.priority if name not in self.district.options]
        if odd or not self.priority:
            raise SifError(_DISTRICTS.format(options=", ".join(self.district.options)))

    def rules(self) -> Iterable[Rule]:
        inside = self.district.one_of(*self.priority)
        shared = application.cofunding >= application.cost * self.own_share
        demand = LocalizedText(
            sv="sker i {districts}, eller med egen medfinansiering av minst {share}",
            en="takes place in {districts}, or with co-funding of its own of at least {share}",
        ).format(districts=", ".join(self.priority), share=share_words(self.own_share))
        yield self.rule(Stage.IDEA_TEST, inside | shared, demand)
