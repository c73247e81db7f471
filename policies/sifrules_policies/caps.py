"""Caps (tak): how much may be granted, to how many, for how long."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

import attrs
from attrs import frozen

from sifrules.policy.parts import Part, Slot, clause, positive, proper_share
from sifrules.policy.wording import money_words
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


@frozen(kw_only=True)
class AmountPerInvestment(Cap):
    """A limit on the amount of one investment (belopp per satsning).

    >>> from sifrules.values.money import ore
    >>> rule = next(iter(_cited(AmountPerInvestment, limit=ore(5_000_000)).rules()))
    >>> rule.condition.test({"application.cost": ore(5_000_001)})
    False
    """

    kind: ClassVar[str] = "amount_per_investment"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="belopp per satsning", en="amount for one investment"
    )

    limit: Ore = clause("högst", "at most", default=attrs.NOTHING, check=positive, say=money_words)

    def rules(self) -> Iterable[Rule]:
        within = application.cost <= Decimal(self.limit) / 100
        yield self.rule(self.stage, within, condition_words(within))


@frozen(kw_only=True)
class AmountPerYear(Cap):
    """A limit on the amount granted in one year (beviljat per år).

    >>> from sifrules.values.money import ore
    >>> rule = next(iter(_cited(AmountPerYear, limit=ore(5_000_000)).rules()))
    >>> spent = {"fund.granted_this_year": ore(4_000_000)}
    >>> [rule.condition.test({**spent, "application.cost": ore(c)}) for c in (1_000_000, 1_000_001)]
    [True, False]
    """

    kind: ClassVar[str] = "amount_per_year"
    words: ClassVar[LocalizedText] = LocalizedText(sv="beviljat per år", en="granted in a year")

    limit: Ore = clause("högst", "at most", default=attrs.NOTHING, check=positive, say=money_words)

    def rules(self) -> Iterable[Rule]:
        left = fund.granted_this_year * -1 + Decimal(self.limit) / 100
        within = application.cost <= left
        yield self.rule(self.stage, within, condition_words(within))


@frozen(kw_only=True)
class DurationCap(Cap):
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
        within = application.duration <= self.limit
        yield self.rule(self.stage, within, condition_words(within))


@frozen(kw_only=True)
class CofundingShare(Cap):
    """The applicant carries at least a share of the cost itself (medfinansiering).

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

    def rules(self) -> Iterable[Rule]:
        demand = LocalizedText(
            sv="den sökande bär minst {share} av kostnaden",
            en="the applicant carries at least {share} of the cost",
        ).format(share=share_words(self.at_least))
        wanted = application.cofunding >= application.cost * self.at_least
        yield self.rule(self.stage, wanted, demand)


def _cited(part: type[Cap], **fields: Any) -> Cap:
    """A part cited to an example guideline, for the worked examples above."""
    return part(path="caps.example", sources={"": Citation("Example guideline")}, **fields)


PARTS = (NewInvestmentsPerYear, AmountPerInvestment, AmountPerYear, DurationCap, CofundingShare)
