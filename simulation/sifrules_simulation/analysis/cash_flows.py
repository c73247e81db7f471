"""What a project brings and takes by year (kassaflöden), for each way in which it may turn out.

Amounts are whole öre of the year, neither discounted nor weighed, over as long as the effect lasts
and claims are due. A share of an amount is rounded once; its years always sum to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from attrs import fields, frozen

from sifrules.plugin.simulation import Idea, ProjectOutcome
from sifrules.policy.settlement import Claim, Settlement
from sifrules.values.dates import Month
from sifrules.values.money import Ore, share_of, split
from sifrules_simulation.analysis.assessed_project import AssessedProject, exact
from sifrules_simulation.model.foresight import ProspectEvaluator


@frozen(kw_only=True)
class Flow:
    """What a committee gains and gives (öre), in a year or in all.

    ``savings`` are its own savings that can be cashed, ``claims`` what it has to return,
    ``own_share`` what it pays of the cost, ``own_work`` running the project and applying for it.
    ``claims_on_others`` is what other committees have to return; it is not in ``net``.
    """

    savings: int = 0
    claims: int = 0
    own_share: int = 0
    own_work: int = 0
    claims_on_others: int = 0

    @property
    def net(self) -> int:
        """What the committee is left with."""
        return self.savings - self.claims - self.own_share - self.own_work

    def __add__(self, other: Flow) -> Flow:
        names = [each.name for each in fields(Flow)]
        return Flow(**{name: getattr(self, name) + getattr(other, name) for name in names})


@frozen
class OutcomeFlows:
    """One way in which a project may turn out: its chance, its settlement, and each year."""

    outcome: ProjectOutcome
    chance: float
    settlement: Settlement
    years: Mapping[int, Flow]

    @property
    def in_all(self) -> Flow:
        """The sum over the years."""
        return sum(self.years.values(), Flow())


def outcomes_of(foresight: ProspectEvaluator, of: AssessedProject) -> tuple[OutcomeFlows, ...]:
    """The flows of a project if it is granted, as hoped, partly and failed."""
    idea = of.idea
    ways = (
        (ProjectOutcome.AS_HOPED, idea.success, 1.0),
        (ProjectOutcome.PARTLY, idea.partly, idea.partial),
        (ProjectOutcome.FAILS, 1.0 - idea.success - idea.partly, 0.0),
    )
    return tuple(
        OutcomeFlows(outcome, chance, settled, _years(foresight, of, share, settled))
        for outcome, chance, share in ways
        for settled in [settlement(foresight, of, share)]
    )


def settlement(foresight: ProspectEvaluator, of: AssessedProject, share: float) -> Settlement:
    """What comes back if a share of the hoped-for effect comes, as `ProspectEvaluator` has it."""
    idea, project, adapter = of.idea, of.project, foresight.adapter
    hoped = foresight.measured(idea, project, 1.0)
    known = hoped is not None
    return adapter.settle(
        adapter.investment(
            idea,
            project,
            of.start,
            granted=project.applied_for,
            effect=foresight.measured(idea, project, share),
            failed=known and share == 0,
            hoped=hoped,
            reached=share == 1 if known else None,
            facts={**idea.facts, **project.facts()},
        )
    )


def _years(
    foresight: ProspectEvaluator, of: AssessedProject, share: float, settled: Settlement
) -> dict[int, Flow]:
    idea, project = of.idea, of.project
    behaviour = foresight.adapter.scenario.parameters.behaviour
    burden = share_of(project.cost, exact(behaviour.burden))
    effort = share_of(100 * foresight.adapter.demands, exact(behaviour.effort))
    proof = _proof(foresight, of)
    others = Ore(min(project.own, of.by_others))
    columns: dict[str, Counter[int]] = {
        "savings": _savings(foresight, of, share),
        "claims": _due(claim for claim in settled.claims if _is_own(claim, idea)),
        "claims_on_others": _due(claim for claim in settled.claims if not _is_own(claim, idea)),
        "own_share": _spread(Ore(project.own - others), of.start, project.months),
        "own_work": _spread(burden, of.start, project.months),
    }
    columns["own_work"][of.start.year] += effort + proof
    columns["own_work"][(of.start + project.months).year] += proof
    named = [year for amounts in columns.values() for year in amounts]
    return {
        year: Flow(**{name: amounts[year] for name, amounts in columns.items()})
        for year in range(min(named), max(named) + 1)
    }


def _savings(foresight: ProspectEvaluator, of: AssessedProject, share: float) -> Counter[int]:
    """What is saved by year, less what costs rise by before; both as the scenario has them."""
    idea, start = of.idea, of.start
    effects = foresight.adapter.scenario.parameters.effects
    scale = exact(of.project.scale)
    cashed = exact(idea.cashable) * idea.gains.get(idea.payer, Decimal(0))
    amount = share_of(share_of(idea.believed_effect, scale * exact(share)), cashed)
    years = _spread(amount, start + idea.delay, idea.lifetime)
    if effects.volume_growth:
        years = _hidden(amount, foresight.in_sight[0], of)
    if effects.early_rise and idea.delay:
        rise = exact(effects.early_rise) * idea.delay / idea.lifetime
        risen = share_of(share_of(idea.believed_effect, scale), cashed * rise)
        years.subtract(_spread(risen, start, idea.delay))
    return years


def _hidden(amount: int, in_sight: Sequence[float], of: AssessedProject) -> Counter[int]:
    """What growing volumes leave of a saving, by year, each year rounded."""
    left: Counter[int] = Counter()
    for month in range(of.idea.delay, of.idea.delay + of.idea.lifetime):
        left[(of.start + month).year] += in_sight[min(month, len(in_sight) - 1)]  # type: ignore[assignment]  # sums of shares, until rounded
    return Counter({
        year: share_of(Ore(amount), exact(months) / of.idea.lifetime)
        for year, months in left.items()
    })  # fmt: skip


def _proof(foresight: ProspectEvaluator, of: AssessedProject) -> int:
    """What it costs to convince each administration once (öre)."""
    facts = {**of.idea.facts, **of.project.facts()}
    count = foresight.to_convince(of.idea, of.project, of.start, facts)
    behaviour = foresight.adapter.scenario.parameters.behaviour
    return share_of(Ore(100 * count), exact(behaviour.proof))


def _is_own(claim: Claim, idea: Idea) -> bool:
    return claim.payer is None or claim.payer == idea.payer


def _due(claims: Iterable[Claim]) -> Counter[int]:
    years: Counter[int] = Counter()
    for claim in claims:
        years[claim.due.year] += claim.amount
    return years


def _spread(amount: int, first: Month, months: int) -> Counter[int]:
    """An amount spread evenly over months, by calendar year."""
    lengths = Counter((first + month).year for month in range(months))
    return Counter(dict(zip(lengths, split(amount, list(lengths.values())), strict=True)))
