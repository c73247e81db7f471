"""What committees see of many projects at once (utsikter i kolumner): the same as of each.

All arithmetic is that of `ProspectEvaluator`, in the same order, so that every number is the same
to the last bit. A return model that offers no array method is asked one project at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    padded,
)
from sifrules.rules.conditions import Value
from sifrules.values.dates import Month
from sifrules.values.money import in_lowest_terms
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.projects import Project
from sifrules_simulation.model.streams import Array
from sifrules_simulation.model.structure import Structure

_ORE = 100
#: The structural assumptions as they usually are.
AS_STATED = Structure()


@frozen
class Considered:
    """One project that a committee considers: what it sees depends on these.

    ``facts`` gives what its application says, which few return models ask for.
    """

    idea: Idea
    project: Project
    start: Month
    facts: Callable[[], Mapping[str, Value]]


@frozen
class Stake:
    """What a committee loses on failure, as `ProspectEvaluator.at_stake` gives it."""

    loss: float
    depends: bool


@frozen(slots=False, eq=False)
class ForesightColumns:
    """What is seen of some projects under one adapter. There is at least one.

    Each is settled in the ways in which it may turn out, and as if it had been evaluated and had
    failed, or come out as hoped: that is what is at stake.
    """

    evaluator: ProspectEvaluator
    rows: Sequence[Considered]

    def prospects(self) -> ProspectColumns:
        """The prospects of all the projects."""
        adapter = self.evaluator.adapter
        weighing = adapter.scenario.parameters.behaviour
        success, partly = self._of_ideas("success"), self._of_ideas("partly")
        chance = np.column_stack([success, partly, 1.0 - success - partly])
        human = self._of_ideas("believed_human") * self._scale / _ORE
        savings = np.array([self.evaluator.savings(row.idea, row.project) for row in self.rows])
        return ProspectColumns(
            chance=np.where(chance > 0, chance, 0.0),
            human=human[:, None] * self._share,
            savings=savings[:, None] * self._share,
            claims=self._claims(),
            effort=weighing.effort * adapter.demands if adapter.switches.effort else 0.0,
            burden=(weighing.burden * self._cost + self._own) / _ORE,
            grant_chance=weighing.grant_chance,
            luck=np.array([row.idea.luck["choice"] for row in self.rows]),
        )

    def stakes(self) -> list[Stake] | None:
        """What each committee loses on failure; None where that has to be worked out one by one."""
        if self._settled is None:
            return None
        owed = np.zeros((len(self.rows), _WAYS), np.int64)
        for each in self._settled:
            owed += each.amount.reshape(owed.shape)
        failed, hoped = owed[:, -2], owed[:, -1]
        loss = np.minimum(1.0, (failed + self._own) / self._cost)
        return list(map(Stake, loss.tolist(), (failed != hoped).tolist()))

    # --- the projects ---------------------------------------------------------------

    def _of_ideas(self, name: str) -> Array:
        return np.array([getattr(row.idea, name) for row in self.rows])

    def _of_projects(self, name: str) -> Array:
        return np.array([getattr(row.project, name) for row in self.rows])

    @cached_property
    def _cost(self) -> Array:
        return self._of_projects("cost")

    @cached_property
    def _own(self) -> Array:
        return self._of_projects("own")

    @cached_property
    def _scale(self) -> Array:
        return self._of_projects("scale")

    @cached_property
    def _share(self) -> Array:
        """The share of the hoped-for effect, in each way in which a project may turn out."""
        partial = self._of_ideas("partial")
        return np.column_stack([np.ones_like(partial), partial, np.zeros_like(partial)])

    # --- claims ---------------------------------------------------------------------

    @cached_property
    def _settled(self) -> tuple[ClaimColumns, ...] | None:
        """The claims on every project in every way, None where each has to be settled by itself."""
        adapter = self.evaluator.adapter
        if adapter.scenario.structure != AS_STATED or not adapter.switches.claims_expected:
            return None  # the columns know the usual assumptions alone
        if not adapter.settles:
            return ()
        method = array_method(adapter.policy.return_model, "claims_many")
        if method is None:
            return None
        share = np.column_stack([self._share, np.zeros(len(self.rows)), np.ones(len(self.rows))])
        hoped = self._of_ideas("believed_effect") * self._scale * self._of_ideas("attributable")
        effect, reached = (hoped[:, None] * share).astype(np.int64), share == 1
        known = np.column_stack([self._of_ideas("evaluable")] * (_WAYS - 2) + [reached[:, -1]] * 2)
        reached[:, -1] = effect[:, -1] > 0
        if not adapter.switches.write_down:
            effect[:], reached[:] = effect[:, -1:], True
        columns = InvestmentColumns(
            granted=np.repeat(self._cost - self._own, _WAYS),
            start=np.repeat(
                [12 * row.start.year + row.start.month - 1 for row in self.rows], _WAYS
            ),
            months=np.repeat(self._of_projects("months"), _WAYS),
            effect=(effect.clip(min=0) * known).ravel(),
            known=known.ravel(),
            reached=np.where(known, reached, -1).ravel(),
            effects_begin=np.repeat(self._of_ideas("delay"), _WAYS),
            return_months=adapter.return_months,
        )
        claims: tuple[ClaimColumns, ...] | None = method(columns, adapter.policy.write_down)
        return claims

    def _claims(self) -> Array:
        """The claims to expect in each way in which a project may turn out (kronor, discounted)."""
        if self._settled is None:
            return np.array([list(self._claims_of(row)) for row in self.rows])
        weights, shares = self._payers()
        ways, discounts = self._share.shape[1], self.evaluator.discounts
        terms = [np.zeros((len(weights), 1))]
        for each in self._settled:
            expected = ClaimColumns(each.kind, _first(each.amount, ways), _first(each.due, ways))
            ahead = discounts[np.minimum(expected.due, len(discounts) - 1)]
            owed = instalments(expected, PayerColumns(shares)) * weights[:, :, None]
            terms.append((owed * ahead[:, None, :]).reshape(len(weights), -1))
        # Added one after the other, to the last bit as they are for a single project.
        worth: Array = np.cumsum(np.concatenate(terms, axis=1), axis=1)[:, -1] / _ORE
        return worth.reshape(-1, ways)

    def _claims_of(self, row: Considered) -> Iterator[float]:
        shares = (1.0, row.idea.partial, 0.0)
        claims = self.evaluator.claims(row.idea, row.project, row.start, row.facts(), shares)
        return (claims[share] for share in shares)

    def _payers(self) -> tuple[Array, Array]:
        """Who pays, in each way in which a project may turn out: at what weight, and what share."""
        others = self.evaluator.adapter.scenario.parameters.behaviour.others_weight
        gains = [(row.idea.gains, row.idea.payer) for row in self.rows]
        shares = [in_lowest_terms(tuple(each.values())) if each else (1,) for each, _ in gains]
        own = [[not of or payer == name for name in of] or [True] for of, payer in gains]
        weights = np.where(padded(own), 1.0, others)
        ways = self._share.shape[1]
        return np.repeat(weights, ways, axis=0), np.repeat(padded(shares), ways, axis=0)


def _first(rows: Array, ways: int) -> Array:
    """Of the rows of each project, in all ways, those of the first ways."""
    each = rows.reshape(-1, _WAYS, *rows.shape[1:])
    return each[:, :ways].reshape(-1, *rows.shape[1:])


#: The ways in which each project is settled: those in which it may turn out, and the two at stake.
_WAYS = 5
