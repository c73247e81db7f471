"""Simulating for the page (simulering): few replications first, then more, until nobody waits.

All runs share one process and take turns, a batch at a time, so that two sessions are both
answered, and a run that nobody waits for any more ends within a batch.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, pairwise
from threading import Event, Lock

from attrs import define, field, frozen

from sifrules.errors import SifError
from sifrules.policy.fund_policy import FundPolicy
from sifrules_simulation.analysis.compare import spans_of
from sifrules_simulation.analysis.comparison import Comparison, ComparisonBuilder
from sifrules_simulation.analysis.return_parts import RETURN_PARTS
from sifrules_simulation.app.offers import Offers
from sifrules_simulation.app.state import EQUAL, OWN, AppState
from sifrules_simulation.experiments.batches import BatchResult, Failure, Running
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import claims_nothing, comparison_design
from sifrules_simulation.experiments.provenance import provenance
from sifrules_simulation.experiments.runner import ReplicationBatch, Span, run
from sifrules_simulation.model.scenarios import Scenario, scenario
from sifrules_simulation.runs.request import middle_endowment
from sifrules_simulation.statistics.intervals import CONFIDENCE

#: Until how many replications each stage goes: an answer at once, a better one, and that of
#: `sif compare`.
STAGES = (8, 40, 200)
_SEED = 1
#: So many results are remembered, for reports and for going back.
_REMEMBERED = 12

#: Called with how many replications of how many were finished.
Tick = Callable[[int, int], None]


class Stopped(Exception):
    """Nobody waits for the run any more, or the page is being closed."""


@frozen(kw_only=True, eq=False)
class Simulated:
    """What came of a state so far: the comparison, and its policy without parts of its return.

    ``without`` is empty where the policy claims nothing back. ``last`` says that no more follow.
    """

    comparison: Comparison
    policy: str
    without: Mapping[str, Comparison]
    last: bool

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The replications that failed, of the policies or without a mechanism."""
        of_parts = (each.failures for each in self.without.values())
        return (*self.comparison.failures, *chain.from_iterable(of_parts))


@frozen(kw_only=True)
class _Plan:
    """What is run for a state: the comparison first, then its policy without each mechanism."""

    designs: tuple[Design, ...]
    policy: str


@define
class Simulations:
    """Runs states, and remembers the last results."""

    offers: Offers
    stages: tuple[int, ...] = STAGES
    closed: Event = field(factory=Event)
    _turn: Lock = field(factory=Lock)
    _done: OrderedDict[tuple[object, ...], Simulated] = field(factory=OrderedDict)

    def staged(self, state: AppState, stop: Event, tick: Tick) -> Iterator[Simulated]:
        """What comes of a state, stage by stage; at once where it is remembered.

        Raises `SifError` for what cannot be simulated, `Stopped` where it is stopped.
        """
        known = self._done.get(_key(state))
        if known is not None:
            yield known
            return
        plan = self._planned(state)
        stages = [(until, CONFIDENCE) for until in self.stages]
        spans = [spans_of(design, stages) for design in plan.designs]
        builders = [ComparisonBuilder(each, each.baseline, keep=True) for each in plan.designs]
        for before, until in pairwise((0, *self.stages)):
            done, total = 0, (until - before) * len(plan.designs)
            for builder, design, some in zip(builders, plan.designs, spans, strict=True):
                while builder.batches < len(some) and some[builder.batches][0] < until:
                    number = builder.batches
                    done += some[number][1]
                    builder.add(self._batch(design, some, number, stop))
                    tick(done, total)
            found = _so_far(plan, builders, until == self.stages[-1])
            if found.last:
                self._remember(state, found)
            yield found

    def whole(self, state: AppState) -> Simulated:
        """What comes of a state when it is run to its end."""
        *_, last = self.staged(state, self.closed, lambda _done, _of: None)
        return last

    def _batch(
        self, design: Design, spans: list[Span], at: int, stop: Event
    ) -> BatchResult[ReplicationBatch]:
        with self._turn:
            if stop.is_set() or self.closed.is_set():
                raise Stopped
            (result,) = run(design, spans, Running(jobs=1, here=True), range(at, at + 1))
        return result

    def _remember(self, state: AppState, found: Simulated) -> None:
        self._done[_key(state)] = found
        while len(self._done) > _REMEMBERED:
            self._done.popitem(last=False)

    def _planned(self, state: AppState) -> _Plan:
        policies = self.policies(state)
        around = self._around(state, policies)
        registry = self.offers.registry
        whole = comparison_design(
            registry, policies, scenario=around, years=state.years, seed=_SEED
        )
        own = self.own(state)
        out = {each.policy: each.why for each in whole.left_out}
        if own.id in out:
            raise SifError(out[own.id], where=own.id)
        filled = whole.policies[whole.labels.index(own.id)]
        if claims_nothing(filled, around):
            return _Plan(designs=(whole,), policy=own.id)
        alone = (
            comparison_design(
                registry, [own], scenario=around, years=state.years, seed=_SEED, off=(part,)
            )
            for part in RETURN_PARTS
        )
        return _Plan(designs=(whole, *alone), policy=own.id)

    def own(self, state: AppState) -> FundPolicy:
        """The policy with what was changed in it."""
        return self.offers.policy(state.policy, state.settings)

    def policies(self, state: AppState) -> list[FundPolicy]:
        """The guideline as it stands, the same with what was changed, and the others."""
        own = [self.own(state)] if state.changes else []
        others = (self.offers.policies[each] for each in state.others)
        return [self.offers.policies[state.policy], *own, *others]

    def _around(self, state: AppState, policies: list[FundPolicy]) -> Scenario:
        amount = state.money
        if amount == EQUAL:
            found = middle_endowment(
                self.offers.registry, policies, state.scenario, (), state.years
            )
            amount = str(found)
        around = scenario(state.scenario)
        return around if amount == OWN else around.assuming((f"endowment={amount}",))


def _key(state: AppState) -> tuple[object, ...]:
    """What a result depends on: all of the state but its language."""
    return (state.policy, state.changes, state.others, state.money, state.scenario, state.years)


def _so_far(plan: _Plan, builders: list[ComparisonBuilder], last: bool) -> Simulated:
    whole, *alone = (each.result(provenance(each.experiment)) for each in builders)
    for each in (whole, *alone):  # a mechanism may fail where the policy as it is does not
        if each.failure is not None:
            raise each.failure
    return Simulated(
        comparison=whole,
        policy=plan.policy,
        without=dict(zip(RETURN_PARTS, alone, strict=False)),
        last=last,
    )
