"""What committees see of many projects at once (utsikter i kolumner): the same as of each.

All arithmetic is that of `ProspectEvaluator`, in the same order, so that every number is the same
to the last bit. A return model that offers no array method is asked one project at a time.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import frozen

from sifrules.plugin.simulation import Idea, ProspectColumns
from sifrules.policy.columns import (
    ClaimColumns,
    InvestmentColumns,
    PayerColumns,
    array_method,
    instalments,
)
from sifrules.rules.conditions import Value
from sifrules.values.dates import Month
from sifrules_simulation.model.application_columns import Applications, month_of
from sifrules_simulation.model.foresight import FAR, ProspectEvaluator
from sifrules_simulation.model.parts_in_columns import claims_of_part, of_part
from sifrules_simulation.model.projects import Project
from sifrules_simulation.model.streams import Array

_ORE = 100


@frozen
class Stake:
    """What a committee loses on failure, as `ProspectEvaluator.at_stake` gives it."""

    loss: float
    depends: bool


@frozen(slots=False, eq=False)
class ForesightColumns:
    """What is seen of some projects under one adapter.

    ``start`` is the month in which each would start, since the year 0. Each is settled in the ways
    in which it may turn out, and as if it had been evaluated and had failed, or come out as hoped:
    that is what is at stake.
    """

    evaluator: ProspectEvaluator
    applications: Applications
    start: Array

    def prospects(self) -> ProspectColumns:
        """The prospects of all the projects."""
        adapter = self.evaluator.adapter
        weighing = adapter.scenario.parameters.behaviour
        success, partly = self._of("success"), self._of("partly")
        chance = np.stack([success, partly, 1.0 - success - partly], axis=1)
        human = self._of("believed_human") * self._scale / _ORE
        effort = weighing.effort * adapter.demands if adapter.switches.effort else 0.0
        proof = weighing.proof * self._to_convince()
        return ProspectColumns(
            chance=np.where(chance > 0, chance, 0.0),
            human=human[:, None] * self._share,
            savings=self._savings()[:, None] * self._share - self._early_costs()[:, None],
            claims=self._claims(),
            effort=effort + proof,
            burden=(weighing.burden * self._cost + self._own) / _ORE + proof,
            grant_chance=weighing.grant_chance,
            luck=self.applications.table.luck["choice"][self.applications.rows],
        )

    def stakes(self) -> tuple[Array, Array] | None:
        """What each committee loses on failure, and if claims depend on the evaluation.

        None where that has to be worked out one by one.
        """
        if self._settled is None:
            return None
        owed = np.zeros((len(self.start), _WAYS), np.int64)
        for each in self._settled:
            owed += each.amount.reshape(owed.shape)
        failed, hoped = owed[:, -2], owed[:, -1]
        return np.minimum(1.0, (failed + self._own) / self._cost), failed != hoped

    # --- the projects ---------------------------------------------------------------

    def _of(self, name: str) -> Array:
        return self.applications.of(name)

    @property
    def _cost(self) -> Array:
        return self.applications.projects.cost

    @property
    def _own(self) -> Array:
        return self.applications.projects.own

    @property
    def _scale(self) -> Array:
        return self.applications.projects.scale

    @cached_property
    def _share(self) -> Array:
        """The share of the hoped-for effect, in each way in which a project may turn out."""
        partial = self._of("partial")
        return np.stack([np.ones_like(partial), partial, np.zeros_like(partial)], axis=1)

    def _savings(self) -> Array:
        """The cashable savings within the horizon if all goes as hoped (kronor, discounted)."""
        weighing = self.evaluator.adapter.scenario.parameters.behaviour
        delay, lifetime = self._of("delay"), self._of("lifetime")
        total = self._of("believed_effect") * self._scale * self._of("cashable") / _ORE
        first = np.minimum(delay, weighing.horizon)
        last = np.minimum(np.minimum(delay + lifetime, weighing.horizon), FAR)
        _, _, _, up_to = self.evaluator.visible
        worth = total / lifetime * (up_to[last] - up_to[first])
        own = self.applications.payers.own_share
        savings: Array = worth * (own + weighing.others_weight * (1 - own))
        return savings

    def _early_costs(self) -> Array:
        """By what costs rise before the effect, as `ProspectEvaluator.early_costs` has it."""
        given = self.evaluator.adapter.scenario.parameters
        weighing, delay = given.behaviour, self._of("delay")
        total = self._of("believed_effect") * self._scale * self._of("cashable") / _ORE
        _, _, _, up_to = self.evaluator.discounted
        before = up_to[np.minimum(np.minimum(delay, weighing.horizon), FAR)]
        worth = total / self._of("lifetime") * (given.effects.early_rise * before)
        own = self.applications.payers.own_share
        costs: Array = worth * (own + weighing.others_weight * (1 - own))
        return costs

    def _to_convince(self) -> Array | int:
        """How many administrations have to be convinced, as `ProspectEvaluator` counts them."""
        if not self.evaluator.counts_proof:
            return 0
        if self._settled is None:
            convince, rows = of_part(self.evaluator.to_convince), range(len(self.start))
            return np.array([convince(*self._row(row)) for row in rows], int)
        claimed = np.zeros(len(self.start), np.int64)
        for each in self._settled:
            claimed += each.amount.reshape(-1, _WAYS)[:, 0]
        gaining = (self.applications.payers.shares > 0).sum(axis=1)
        convinced: Array = np.where(claimed > 0, gaining, 0)
        return convinced

    # --- claims ---------------------------------------------------------------------

    @cached_property
    def _found(self) -> Array:
        """The share of an effect that the final evaluation finds, if it can be evaluated."""
        structure, month = self.evaluator.adapter.scenario.structure, self._evaluated_in
        seen = structure.seen_of(self._of("delay"), self._of("lifetime"), month)
        found: Array = self._of("attributable") * seen * self.evaluator.in_sight[2][month]
        return found

    @property
    def _risen(self) -> Array:
        """The costs that rose first as the final evaluation finds them, as a share."""
        scenario, month = self.evaluator.adapter.scenario, self._evaluated_in
        seen = scenario.structure.risen_of(self._of("delay"), self._of("lifetime"), month)
        risen = scenario.parameters.effects.early_rise * seen
        found: Array = self._of("attributable") * risen * self.evaluator.in_sight[2][month]
        return found

    @cached_property
    def _evaluated_in(self) -> Array:
        """Months from the start to the final evaluation, one at the least."""
        month = self.applications.projects.months + self.evaluator.adapter.scenario.evaluation_lag
        within: Array = np.minimum(np.maximum(1, month), FAR - 1)
        return within

    @cached_property
    def _settled(self) -> tuple[ClaimColumns, ...] | None:
        """The claims on every project in every way, None where each has to be settled by itself."""
        adapter = self.evaluator.adapter
        if not adapter.settles:
            return ()
        policy = adapter.settled_by_policy
        method = array_method(policy.return_model, "claims_many")
        if method is None:
            return None
        rows = len(self.start)
        share = np.concatenate(
            [self._share, np.broadcast_to(np.array([0.0, 1.0]), (rows, 2))], axis=1
        )
        whole = self._of("believed_effect") * self._scale
        found, risen = (whole * self._found)[:, None], (whole * self._risen)[:, None]
        effect, reached = (found * share - risen).astype(np.int64), share == 1
        known = np.ones((rows, _WAYS), bool)
        known[:, :-2] = self._of("evaluable")[:, None]
        reached[:, -1] = effect[:, -1] > 0
        if not adapter.switches.write_down:
            effect[:], reached[:] = effect[:, -1:], True
        columns = InvestmentColumns(
            granted=np.repeat(self.applications.projects.applied_for, _WAYS),
            start=np.repeat(self.start, _WAYS),
            months=np.repeat(self.applications.projects.months, _WAYS),
            effect=(effect.clip(min=0) * known).ravel(),
            known=known.ravel(),
            reached=np.where(known, reached, -1).ravel(),
            effects_begin=np.repeat(self._of("delay"), _WAYS),
            return_months=adapter.return_months,
        )
        claims = of_part(method)(columns, policy.write_down)
        name = f"{type(policy.return_model).__name__}.claims_many"
        return claims_of_part(claims, name, len(columns.granted))

    def _claims(self) -> Array:
        """The claims to expect in each way in which a project may turn out (kronor, discounted)."""
        rows, ways = len(self.start), self._share.shape[1]
        adapter = self.evaluator.adapter
        if not (adapter.settles and adapter.switches.claims_expected):
            return np.zeros((rows, ways))
        if self._settled is None:
            return np.array(list(map(self._claims_of, range(rows)))).reshape(rows, ways)
        payers, behaviour = self.applications.payers, adapter.scenario.parameters.behaviour
        weights = np.repeat(np.where(payers.own, 1.0, behaviour.others_weight), ways, axis=0)
        shares, discounts = np.repeat(payers.shares, ways, axis=0), self.evaluator.discounts
        as_savings = adapter.scenario.structure.claims_horizon == "savings"
        terms = [np.zeros((len(weights), 1))]
        for each in self._settled:
            expected = ClaimColumns(each.kind, _first(each.amount, ways), _first(each.due, ways))
            ahead = discounts[np.minimum(expected.due, len(discounts) - 1)]
            if as_savings:
                ahead = np.where(expected.due < behaviour.horizon, ahead, 0.0)
            owed = instalments(expected, PayerColumns(shares)) * weights[:, :, None]
            terms.append((owed * ahead[:, None, :]).reshape(len(weights), -1))
        # Added one after the other, to the last bit as they are for a single project.
        worth: Array = np.cumsum(np.concatenate(terms, axis=1), axis=1)[:, -1] / _ORE
        return worth.reshape(-1, ways)

    def _claims_of(self, row: int) -> list[float]:
        """The claims to expect of one project, which has to be settled by itself."""
        idea, project, start, said = self._row(row)
        shares = (1.0, idea.partial, 0.0)
        claims = of_part(self.evaluator.claims)(idea, project, start, said, shares)
        return [claims[share] for share in shares]

    def _row(self, row: int) -> tuple[Idea, Project, Month, dict[str, Value]]:
        """One project by itself: its idea, its start, and what its application says."""
        applications = self.applications
        idea, own = applications.idea(row), applications.own_of(row)
        project, month = (
            applications.projects.project(row),
            month_of(applications.start[row].item()),
        )
        said = self.evaluator.adapter.facts(idea, project, month, own)
        return idea, project, month_of(self.start[row].item()), said


def _first(rows: Array, ways: int) -> Array:
    """Of the rows of each project, in all ways, those of the first ways."""
    each = rows.reshape(-1, _WAYS, *rows.shape[1:])
    return each[:, :ways].reshape(-1, *rows.shape[1:])


#: The ways in which each project is settled: those in which it may turn out, and the two at stake.
_WAYS = 5
