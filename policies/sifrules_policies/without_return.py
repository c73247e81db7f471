"""Return models by which nothing comes back (utan återföring): budget model and co-funding."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Literal

import attrs
from attrs import frozen

from sifrules.policy.columns import ClaimColumns, InvestmentColumns
from sifrules.policy.parts import WriteDown, clause, proper_share
from sifrules.policy.settlement import Investment, Settlement
from sifrules.rules.rulebook import Derivation, Rule, Stage
from sifrules.rules.vocabulary import application
from sifrules.rules.wording import share_words
from sifrules.values.text import LocalizedText
from sifrules_policies.return_base import ReturnPart
from sifrules_policies.transitions import Transition

_RUNNING = {"exempted": LocalizedText(sv="befrias från återföring", en="are exempted from return")}


@frozen(kw_only=True)
class BudgetModel(ReturnPart):
    """The money is spent and does not come back (budgetmodellen).

    >>> from sifrules.values.citations import Citation
    >>> from sifrules.values.dates import Month
    >>> from sifrules.values.money import Ore
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
    running: Literal["exempted"] | None = clause(
        "pågående satsningar", "running investments", say=lambda each: _RUNNING[each]
    )

    @property
    def exempts_running(self) -> bool:
        """Whether what runs under an earlier guideline is exempted from its return."""
        return self.running == "exempted"

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

    def claims_many(
        self, investments: InvestmentColumns, write_down: WriteDown | None
    ) -> tuple[ClaimColumns, ...]:
        return ()


@frozen(kw_only=True)
class CoFunding(ReturnPart):
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

    def claims_many(
        self, investments: InvestmentColumns, write_down: WriteDown | None
    ) -> tuple[ClaimColumns, ...]:
        return ()


PARTS = (BudgetModel, CoFunding)
