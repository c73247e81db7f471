"""What a committee sees before it applies: cash flows, risk and effort (utsikter).

The claims it expects come from running the policy's own return and write-down rules on
the ways in which the project may turn out. No policy is passed on: a `Prospect` is all
that a behaviour gets.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

import attrs
import numpy as np
from attrs import frozen

from sifrules.plugin.simulation import Idea, OutcomeForecast, ProjectOutcome, Prospect
from sifrules.policy.settlement import Settlement
from sifrules.rules.conditions import Value
from sifrules.values.dates import Month
from sifrules_simulation.model.parameters import Parameters
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.projects import Project
from sifrules_simulation.model.streams import Array

#: Öre in a krona: prospects are in kronor.
_ORE = 100


@frozen(slots=False, eq=False)
class ProspectEvaluator:
    """Works out prospects under one adapter."""

    adapter: PolicyAdapter

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    @cached_property
    def on_tracks(self) -> Mapping[str, ProspectEvaluator]:
        """The evaluator of each track of the fund, by name; nothing where there are none."""
        return {name: ProspectEvaluator(each) for name, each in self.adapter.tracks.items()}

    @cached_property
    def _given(self) -> Parameters:
        return self.adapter.scenario.parameters

    @cached_property
    def _discounts(self) -> list[float]:
        """What a krona so many months ahead is worth today."""
        return _discounts_at(self._given.behaviour.discount)[0]

    @cached_property
    def discounts(self) -> Array:
        """The same as an array, for many amounts at once."""
        return _discounts_at(self._given.behaviour.discount)[2]

    def prospect(
        self, idea: Idea, project: Project, start: Month, facts: Mapping[str, Value]
    ) -> Prospect:
        """What the committee sees of a project that would start in a month.

        ``facts`` is what its application says.
        """
        weighing = self._given.behaviour
        effort = weighing.effort * self.adapter.demands if self.adapter.switches.effort else 0.0
        proof = weighing.proof * self.to_convince(idea, project, start, facts)
        effort += proof
        burden = (weighing.burden * project.cost + project.own) / _ORE + proof
        saved, rise = self.savings(idea, project), self.early_costs(idea, project)
        human = idea.believed_human * project.scale / _ORE
        claims = self.claims(idea, project, start, facts, (1.0, idea.partial, 0.0))
        expectations = tuple(
            OutcomeForecast(
                outcome,
                chance,
                human * share,
                saved * share - rise,
                claims[share],
            )
            for outcome, chance, share in (
                (ProjectOutcome.AS_HOPED, idea.success, 1.0),
                (ProjectOutcome.PARTLY, idea.partly, idea.partial),
                (ProjectOutcome.FAILS, 1.0 - idea.success - idea.partly, 0.0),
            )
            if chance > 0
        )
        return Prospect(expectations, effort, burden, weighing.grant_chance, idea.luck["choice"])

    def savings(self, idea: Idea, project: Project) -> float:
        """The cashable savings within the horizon if all goes as hoped (kronor, discounted)."""
        weighing = self._given.behaviour
        total = idea.believed_effect * project.scale * idea.cashable / _ORE
        first = min(idea.delay, weighing.horizon)
        last = min(idea.delay + idea.lifetime, weighing.horizon, FAR)
        _, up_to, _, _ = self.visible
        worth = total / idea.lifetime * (up_to[last] - up_to[first])
        own = float(idea.gains.get(idea.payer, 0))
        return worth * (own + weighing.others_weight * (1 - own))

    def early_costs(self, idea: Idea, project: Project) -> float:
        """By what costs rise before the effect, within the horizon (kronor, discounted).

        They rise whatever comes later; of marginal costs the same share is money as of savings.
        """
        weighing = self._given.behaviour
        total = idea.believed_effect * project.scale * idea.cashable / _ORE
        _, up_to, _, _ = self.discounted
        before = up_to[min(idea.delay, weighing.horizon, FAR)]
        worth = total / idea.lifetime * (self._given.effects.early_rise * before)
        own = float(idea.gains.get(idea.payer, 0))
        return worth * (own + weighing.others_weight * (1 - own))

    @cached_property
    def discounted(self) -> tuple[list[float], list[float], Array, Array]:
        """The discount of each month and the sum of those before it, as lists and as arrays."""
        return _discounts_at(self._given.behaviour.discount)

    @cached_property
    def visible(self) -> tuple[list[float], list[float], Array, Array]:
        """The same of a saving that growing volumes hide more and more of."""
        growth, discount = self._given.effects.volume_growth, self._given.behaviour.discount
        return _discounts_at((1 + discount) * (1 + growth) - 1 if growth else discount)

    @cached_property
    def in_sight(self) -> tuple[list[float], list[float], Array, Array]:
        """How much of an effect growing volumes leave to see, so many months after the start."""
        return _discounts_at(self._given.effects.volume_growth)

    def to_convince(
        self, idea: Idea, project: Project, start: Month, facts: Mapping[str, Value]
    ) -> int:
        """How many administrations have to be convinced of their own part of the effect.

        Those whose costs fall, where something is to be claimed if all goes as hoped. Nobody
        where that takes no work, or where no claims are expected.
        """
        if not self.counts_proof:
            return 0
        hoped = self.measured(idea, project, 1.0)
        reached = None if hoped is None else True
        settled = self._settlement(idea, project, start, facts, hoped, hoped, reached)
        return (len(idea.gains) or 1) if settled.total > 0 else 0

    @cached_property
    def counts_proof(self) -> bool:
        """Whether convincing takes work."""
        adapter, switches = self.adapter, self.adapter.switches
        expected = adapter.settles and switches.claims_expected and switches.effort
        return expected and self._given.behaviour.proof > 0

    def claims(
        self,
        idea: Idea,
        project: Project,
        start: Month,
        facts: Mapping[str, Value],
        shares: tuple[float, ...],
    ) -> dict[float, float]:
        """The claims to expect if such shares of the hoped-for effect come (kronor, discounted)."""
        if not (self.adapter.settles and self.adapter.switches.claims_expected):
            return dict.fromkeys(shares, 0.0)
        hoped = self.measured(idea, project, 1.0)
        if hoped is None:  # nothing will be measured, however it turns out
            settlement = self._settlement(idea, project, start, facts, None, None, None)
            return dict.fromkeys(shares, self._claimed(idea, start, settlement))
        settled = {
            share: self._settlement(
                idea,
                project,
                start,
                facts,
                self.measured(idea, project, share),
                hoped,
                reached=share == 1,
                failed=share == 0,
            )
            for share in shares
        }
        return {share: self._claimed(idea, start, each) for share, each in settled.items()}

    def _claimed(self, idea: Idea, start: Month, settlement: Settlement) -> float:
        """What a settlement claims: at the committee's weight and discount (kronor)."""
        others, payer = self._given.behaviour.others_weight, idea.payer
        as_savings = self.adapter.scenario.structure.claims_horizon == "savings"
        furthest = self._given.behaviour.horizon if as_savings else None
        total = 0.0
        for claim in settlement.claims:
            if furthest is not None and claim.due - start >= furthest:
                continue
            later = min(claim.due - start, FAR - 1)
            weight = 1.0 if claim.payer is None or claim.payer == payer else others
            total += claim.amount * weight * self._discounts[later]
        return total / _ORE

    def _settlement(
        self,
        idea: Idea,
        project: Project,
        start: Month,
        facts: Mapping[str, Value],
        effect: int | None,
        hoped: int | None,
        reached: bool | None,
        failed: bool = False,
    ) -> Settlement:
        """How it would be settled if an effect is measured."""
        return self.adapter.settle(
            self.adapter.investment(
                idea,
                project,
                start,
                granted=project.applied_for,
                effect=effect,
                failed=failed,
                hoped=hoped,
                reached=reached,
                facts=facts,
            )
        )

    def measured(self, idea: Idea, project: Project, share: float) -> int | None:
        """What the committee believes an evaluation would find (öre); None if it could not."""
        return self._believed(idea, project, share) if idea.evaluable else None

    def hoped(self, idea: Idea, project: Project) -> int:
        """What an evaluation would find if all goes as the committee believes (öre)."""
        return max(0, self._believed(idea, project, 1.0))

    def _believed(self, idea: Idea, project: Project, share: float) -> int:
        found, risen = self.found(idea, project), self.risen(idea, project)
        whole = idea.believed_effect * project.scale
        return int(whole * found * share - whole * risen)

    def found(self, idea: Idea, project: Project) -> float:
        """The share of an effect that the final evaluation finds, if it can be evaluated."""
        month = self._evaluated_in(project)
        seen = self.adapter.scenario.structure.seen(idea.delay, idea.lifetime, month)
        return idea.attributable * seen * self.in_sight[0][month]

    def risen(self, idea: Idea, project: Project) -> float:
        """The costs that rose first as the final evaluation finds them, as a share of the effect.

        Nothing where they do not rise.
        """
        month = self._evaluated_in(project)
        seen = self.adapter.scenario.structure.risen(idea.delay, idea.lifetime, month)
        risen = self._given.effects.early_rise * seen
        return idea.attributable * risen * self.in_sight[0][month]

    def _evaluated_in(self, project: Project) -> int:
        """Months from the start to the final evaluation, one at the least."""
        return min(max(1, project.months + self.adapter.scenario.evaluation_lag), FAR - 1)

    def at_stake(
        self, idea: Idea, project: Project, start: Month, facts: Mapping[str, Value]
    ) -> tuple[float, bool]:
        """What of the cost the committee loses on failure (0 to 1), and if claims depend on it.

        It loses its own part of the cost and what would be owed.
        Claims depend on the evaluation where what is owed on failure is not what is owed
        if all goes as hoped.
        """
        hoped = self.hoped(idea, project)
        owed, owed_if_hoped = (
            self.adapter.settle(
                self.adapter.investment(
                    idea,
                    project,
                    start,
                    granted=project.applied_for,
                    effect=effect,
                    failed=effect == 0,
                    hoped=hoped,
                    reached=effect > 0,
                    facts=facts,
                )
            ).total
            for effect in (0, hoped)
        )
        return min(1.0, (owed + project.own) / project.cost), owed != owed_if_hoped


@lru_cache(maxsize=32)
def _discounts_at(rate: float) -> tuple[list[float], list[float], Array, Array]:
    """The discount of each month, and the sum of those of all months before one, also as arrays."""
    monthly = (1 + rate) ** (-1 / 12)
    discounts = [monthly**month for month in range(FAR)]
    up_to = [0.0, *accumulate(discounts)]
    return discounts, up_to, np.array(discounts), np.array(up_to)


#: Months further ahead than this count as this.
FAR = 1201


def costs_of_applying(prospect: Prospect) -> float:
    """What applying costs by what is expected (kronor): claims, and the application's effort."""
    return prospect.grant_chance * prospect.expected("claims") + prospect.effort
