"""Caps (tak): how much may be granted, to how many, for how long."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, Literal

import attrs
from attrs import frozen

from sifrules.policy.parts import Part, Slot, clause, positive, proper_share
from sifrules.policy.wording import money_words
from sifrules.rules.conditions import Condition, IfThen
from sifrules.rules.rulebook import Rule, Stage
from sifrules.rules.vocabulary import application, fund
from sifrules.rules.wording import condition_words, months_words, share_words
from sifrules.values.citations import Citation
from sifrules.values.money import Ore
from sifrules.values.text import LocalizedText


@frozen(kw_only=True)
class Cap(Part):
    """What every cap has: it is tried when money is allocated."""

    slot: ClassVar[Slot] = Slot.CAPS
    stage: ClassVar[Stage] = Stage.ALLOCATION


@frozen(kw_only=True)
class ApplicationCap(Cap):
    """A cap on each application by itself, or (``where``) on some of them only.

    >>> from sifrules.rules.conditions import OneOf
    >>> outside = OneOf(application.applicant, ("civil_society",))
    >>> rule = next(iter(_cited(DurationCap, limit=12, where=outside).rules()))
    >>> [rule.condition.test({"application.applicant": who, "application.duration": 24})
    ...  for who in ("committee", "civil_society")]
    [True, False]
    """

    where: Condition | None = clause("gäller där", "holds where", say=condition_words)

    def capped(self, within: Condition, demand: LocalizedText | None = None) -> Rule:
        """The rule that an application is within the cap, where it holds."""
        demand = demand or condition_words(within)
        if self.where is None:
            return self.rule(self.stage, within, demand)
        said = _WHERE.format(where=condition_words(self.where), demand=demand)
        return self.rule(self.stage, IfThen(self.where, within), said)


_WHERE = LocalizedText(sv="om {where}, så {demand}", en="if {where}, then {demand}")


@frozen(kw_only=True)
class NewInvestmentsPerYear(Cap):
    """A limit on new investments a year (nya satsningar per år).

    >>> rule = next(iter(_cited(NewInvestmentsPerYear, limit=3).rules()))
    >>> [rule.condition.test({"fund.new_investments_this_year": n}) for n in (2, 3)]
    [True, False]
    """

    kind: ClassVar[str] = "new_investments_per_year"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="nya satsningar per år", en="new investments a year"
    )

    limit: int = clause("högst", "at most", default=attrs.NOTHING, check=positive)

    def rules(self) -> Iterable[Rule]:
        demand = LocalizedText(
            sv="högst {n} nya satsningar per år", en="at most {n} new investments a year"
        ).format(n=self.limit)
        yield self.rule(self.stage, fund.new_investments_this_year < self.limit, demand)


_OF = {"applied_for": application.applied_for.words, "cost": application.cost.words}


@frozen(kw_only=True)
class AmountPerInvestment(ApplicationCap):
    """A limit on what is applied for to one investment (belopp per satsning).

    With ``of = "cost"`` it is on the investment's whole cost, whoever pays it.

    >>> from sifrules.values.money import ore
    >>> rule = next(iter(_cited(AmountPerInvestment, limit=ore(5_000_000)).rules()))
    >>> rule.condition.test({"application.applied_for": ore(5_000_001)})
    False
    """

    kind: ClassVar[str] = "amount_per_investment"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="belopp per satsning", en="amount for one investment"
    )

    limit: Ore = clause("högst", "at most", default=attrs.NOTHING, check=positive, say=money_words)
    of: Literal["applied_for", "cost"] | None = clause("av", "of", say=lambda of: _OF[of])

    def rules(self) -> Iterable[Rule]:
        amount = application.cost if self.of == "cost" else application.applied_for
        yield self.capped(amount <= Decimal(self.limit) / 100)


@frozen(kw_only=True)
class AmountPerInvestmentAndYear(ApplicationCap):
    """A limit on what is applied for to one investment in a year (belopp per satsning och år).

    >>> from sifrules.values.money import ore
    >>> rule = next(iter(_cited(AmountPerInvestmentAndYear, limit=ore(1_000_000)).rules()))
    >>> rule.condition.test({"application.applied_for_per_year": ore(1_000_001)})
    False
    """

    kind: ClassVar[str] = "amount_per_investment_and_year"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="belopp per satsning och år", en="amount for one investment and year"
    )

    limit: Ore = clause("högst", "at most", default=attrs.NOTHING, check=positive, say=money_words)

    def rules(self) -> Iterable[Rule]:
        yield self.capped(application.applied_for_per_year <= Decimal(self.limit) / 100)


@frozen(kw_only=True)
class ShareOfCost(ApplicationCap):
    """The fund pays at most a share of the cost (andel av kostnaden); others pay the rest.

    >>> rule = next(iter(_cited(ShareOfCost, at_most=Decimal("0.7")).rules()))
    >>> rule.condition.test({"application.applied_for": 71, "application.cost": 100})
    False
    """

    kind: ClassVar[str] = "share_of_cost"
    words: ClassVar[LocalizedText] = LocalizedText(sv="andel av kostnaden", en="share of the cost")

    at_most: Decimal = clause(
        "högsta andel av kostnaden",
        "largest share of the cost",
        default=attrs.NOTHING,
        check=proper_share,
    )

    def rules(self) -> Iterable[Rule]:
        yield self.capped(application.applied_for <= application.cost * self.at_most)


@frozen(kw_only=True)
class AmountPerYear(Cap):
    """A limit on the amount granted in one year (beviljat per år).

    >>> from sifrules.values.money import ore
    >>> rule = next(iter(_cited(AmountPerYear, limit=ore(5_000_000)).rules()))
    >>> spent = {"fund.granted_this_year": ore(4_000_000)}
    >>> [rule.condition.test({**spent, "application.applied_for": ore(c)})
    ...  for c in (1_000_000, 1_000_001)]
    [True, False]
    """

    kind: ClassVar[str] = "amount_per_year"
    words: ClassVar[LocalizedText] = LocalizedText(sv="beviljat per år", en="granted in a year")

    limit: Ore = clause("högst", "at most", default=attrs.NOTHING, check=positive, say=money_words)

    def rules(self) -> Iterable[Rule]:
        left = fund.granted_this_year * -1 + Decimal(self.limit) / 100
        within = application.applied_for <= left
        yield self.rule(self.stage, within, condition_words(within))


@frozen(kw_only=True)
class DurationCap(ApplicationCap):
    """A limit on the project's duration (längsta tid), in months.

    >>> rule = next(iter(_cited(DurationCap, limit=36).rules()))
    >>> rule.condition.test({"application.duration": 37})
    False
    """

    kind: ClassVar[str] = "duration"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="längsta projekttid", en="longest project time"
    )

    limit: int = clause("högst", "at most", default=attrs.NOTHING, check=positive, say=months_words)

    def rules(self) -> Iterable[Rule]:
        yield self.capped(application.duration <= self.limit)


@frozen(kw_only=True)
class CofundingShare(ApplicationCap):
    """The applicant carries at least a share of the cost itself (medfinansiering).

    With ``in_kind = false`` it must be money: work and premises of its own do not count.

    >>> rule = next(iter(_cited(CofundingShare, at_least=Decimal("0.5")).rules()))
    >>> rule.condition.test({"application.cofunding": 49, "application.cost": 100})
    False
    """

    kind: ClassVar[str] = "cofunding_share"
    words: ClassVar[LocalizedText] = LocalizedText(sv="medfinansiering", en="co-funding")

    at_least: Decimal = clause(
        "minsta andel av kostnaden",
        "least share of the cost",
        default=attrs.NOTHING,
        check=proper_share,
    )
    in_kind: bool | None = clause("eget arbete räknas", "work in kind counts")

    def rules(self) -> Iterable[Rule]:
        demand = LocalizedText(
            sv="den sökande bär minst {share} av kostnaden",
            en="the applicant carries at least {share} of the cost",
        ).format(share=share_words(self.at_least))
        money_alone = self.in_kind is False
        own = application.cofunding_in_money if money_alone else application.cofunding
        if money_alone:
            demand = _IN_MONEY.format(demand=demand)
        yield self.capped(own >= application.cost * self.at_least, demand)


_IN_MONEY = LocalizedText(sv="{demand} i pengar", en="{demand} in money")


def _cited(part: type[Cap], **fields: Any) -> Cap:
    """A part cited to an example guideline, for the worked examples above."""
    return part(path="caps.example", sources={"": Citation("Example guideline")}, **fields)


PARTS = (
    NewInvestmentsPerYear,
    AmountPerInvestment,
    AmountPerInvestmentAndYear,
    ShareOfCost,
    AmountPerYear,
    DurationCap,
    CofundingShare,
)
