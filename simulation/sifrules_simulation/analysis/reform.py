"""The effect of a reform (regeländring): with it and without it in the same worlds, year by year.

The counterfactual is the same timeline without the reform: the rules before it go on. What is
seen of a reform in one municipality, before and after, is another thing: `BeforeAfter` gives how
often such a count rises, stays or falls.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest
from sifrules.loading.history import History
from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy, Reform
from sifrules.policy.timeline import periods, with_reforms
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules_simulation.analysis.compare import spans_of, stages_of
from sifrules_simulation.experiments.batches import Failure, Running
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.experiments.runner import run
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.breakdowns import YEARLY
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import normal_quantile

Array = NDArray[np.float64]
#: What is counted of each year, as the yearly breakdown names it.
COUNTED = tuple(YEARLY.columns)
#: How sure a comparison of municipalities is to be that it finds a difference (styrka).
POWER = 0.8
#: The behaviour by which committees do not mind claims.
NULL = "null"


@frozen(kw_only=True)
class ReformRow:
    """One year: what is counted with the reform, without it, and the paired difference."""

    year: int
    #: years since the reform; the year in which it falls is 0
    since: int
    column: str
    reformed: Estimate
    without: Estimate
    difference: Estimate


@frozen(kw_only=True)
class BeforeAfter:
    """What a count of one municipality shows, as many years before a reform as after it.

    ``change`` is the mean change of the yearly count; ``rise``, ``same`` and ``fall`` are the
    shares of worlds in which the count after is higher, the same or lower.
    """

    years: int
    change: Estimate
    deviation: float
    rise: Estimate
    same: Estimate
    fall: Estimate


@frozen(kw_only=True)
class Power:
    """Whether counts before and after show if committees mind claims or do not.

    ``municipalities`` is how many would have to reform for a power of `POWER` at a level of
    5 per cent, None where the simulated worlds do not distinguish the two either.
    """

    minding: BeforeAfter
    not_minding: BeforeAfter
    municipalities: int | None


@frozen(eq=False, kw_only=True)
class ReformEffect:
    """A timeline with a reform and without it, in the same worlds.

    ``reformed`` and ``without`` are the yearly counts: replications × years × `COUNTED`.
    """

    timeline: str
    counterfactual: str
    reform: str
    since: Month
    begins: Month
    behaviour: str
    reformed: Array
    without: Array
    failures: tuple[Failure, ...] = ()

    @property
    def replications(self) -> int:
        """How many worlds were simulated."""
        return len(self.reformed)

    @property
    def years(self) -> int:
        """How many years were simulated."""
        return int(self.reformed.shape[1])

    @property
    def by_calendar(self) -> bool:
        """Whether the simulated years are those of the calendar."""
        return self.begins.month == 1

    @cached_property
    def _month(self) -> int:
        return self.since - self.begins

    @property
    def year_of_reform(self) -> int:
        """The simulated year in which the reform falls, from 0."""
        return self._month // 12

    @property
    def first_after(self) -> int:
        """The first simulated year that lies wholly after the reform, from 0."""
        return -(-self._month // 12)

    def rows(self, column: str) -> tuple[ReformRow, ...]:
        """Year by year what is counted, with the reform and without it."""
        at = _at(column)
        return tuple(
            ReformRow(
                year=year,
                since=year - self.year_of_reform,
                column=column,
                reformed=_mean(self.reformed[:, year, at]),
                without=_mean(self.without[:, year, at]),
                difference=_mean(self.reformed[:, year, at] - self.without[:, year, at]),
            )
            for year in range(self.years)
        )

    def after(self, column: str, within: int | None = None) -> Estimate:
        """The mean paired difference a year, over the years after the reform, or the first."""
        last = self.years if within is None else min(self.years, self.first_after + within)
        difference = self.reformed[:, :, _at(column)] - self.without[:, :, _at(column)]
        return _mean(difference[:, self.first_after : last].mean(axis=1))

    @property
    def windows(self) -> range:
        """How many years there are both before and after the reform, from one on."""
        return range(1, min(self.year_of_reform, self.years - self.first_after) + 1)

    def before_after(self, column: str, years: int) -> BeforeAfter:
        """What a count of so many years before and after shows of one municipality."""
        counts = self.reformed[:, :, _at(column)]
        first, after = self.year_of_reform, self.first_after
        later = counts[:, after : after + years].sum(axis=1)
        change = later - counts[:, first - years : first].sum(axis=1)
        trials = len(change)
        rise, fall = int((change > 0).sum()), int((change < 0).sum())
        return BeforeAfter(
            years=years,
            change=_mean(change / years),
            deviation=float(np.std(change / years, ddof=1)),
            rise=Estimate.of_share(rise, trials),
            same=Estimate.of_share(trials - rise - fall, trials),
            fall=Estimate.of_share(fall, trials),
        )


def power(minding: ReformEffect, not_minding: ReformEffect, column: str, years: int) -> Power:
    """Whether a count of so many years before and after distinguishes two behaviours."""
    one, other = (each.before_after(column, years) for each in (minding, not_minding))
    return Power(
        minding=one,
        not_minding=other,
        municipalities=municipalities_needed(
            one, other, minding.replications, not_minding.replications
        ),
    )


def municipalities_needed(
    one: BeforeAfter, other: BeforeAfter, replications: int, of_other: int
) -> int | None:
    """How many municipalities must reform to distinguish the means of ``one`` and ``other``.

    With a power of `POWER`, where the ``other`` is what is tested, at a level of 5 per cent. None
    where the difference is within the error of the simulated worlds.

    >>> from sifrules_simulation.statistics.estimates import Estimate
    >>> none = Estimate(None, None, None, 0)
    >>> def count(mean):
    ...     shares = {"rise": none, "same": none, "fall": none}
    ...     change = Estimate(mean, None, None, 10_000)
    ...     return BeforeAfter(years=1, change=change, deviation=1.0, **shares)
    >>> municipalities_needed(count(0.5), count(0.0), 10_000, 10_000)
    32
    """
    if one.change.mean is None or other.change.mean is None:
        return None
    apart = abs(one.change.mean - other.change.mean)
    error = math.hypot(
        one.deviation / math.sqrt(replications), other.deviation / math.sqrt(of_other)
    )
    sure = normal_quantile(0.95)
    if apart <= sure * error:
        return None
    wanted = sure * other.deviation + normal_quantile(2 * POWER - 1) * one.deviation
    return max(1, math.ceil((wanted / apart) ** 2))


def reform_effect(
    registry: Registry,
    policy: FundPolicy,
    without: str | None = None,
    *,
    scenario: Scenario,
    years: int = 20,
    replications: int = 200,
    seed: int = 1,
    behaviour: str = USUAL,
    running: Running | None = None,
) -> ReformEffect:
    """Simulate a timeline with a reform and without it, in the same worlds.

    ``without`` names the policy of the reform that is taken out, the last one if left out.
    Raises `SifError` for a policy without reforms, or for a reform that no simulated month sees.
    """
    reform = _reform(policy, without)
    month = reform.since - scenario.begins
    if not 0 < month < 12 * years:
        raise SifError(
            Message(
                "reform.outside",
                reform=reform.policy.id,
                since=reform.since,
                begins=scenario.begins,
                last=scenario.begins + (12 * years - 1),
            ),
            fix=Message("timeline_note.choose_within"),
        )
    others = tuple(each for each in policy.reforms if each is not reform)
    base = periods(policy)[0][1]
    label = f"{policy.id} without {reform.policy.id}"
    counterfactual = with_reforms(base, others, label, policy.binding)
    design = comparison_design(
        registry,
        [policy, counterfactual],
        scenario=scenario,
        years=years,
        seed=seed,
        behaviour=behaviour,
    )
    yearly, failures = _yearly(design, replications, running or Running())
    return ReformEffect(
        timeline=policy.id,
        counterfactual=label,
        reform=reform.policy.id,
        since=reform.since,
        begins=scenario.begins,
        behaviour=behaviour,
        reformed=yearly[:, 0],
        without=yearly[:, 1],
        failures=failures,
    )


def _reform(policy: FundPolicy, without: str | None) -> Reform:
    """The reform that is taken out."""
    if not policy.reforms:
        raise SifError(
            Message("reform.none", policy=policy.id), fix=Message("reform.name_municipality")
        )
    if without is None:
        return policy.reforms[-1]
    known = {each.policy.id: each for each in policy.reforms}
    if without not in known:
        raise SifError(
            Message("reform.unknown", policy=policy.id, reform=without),
            fix=nearest(without, known),
        )
    return known[without]


def _yearly(
    design: Design, replications: int, running: Running
) -> tuple[Array, tuple[Failure, ...]]:
    """The yearly counts of every replication: replications × policies × years × `COUNTED`."""
    gathered: list[Array] = []
    failures: list[Failure] = []
    for result in run(design, spans_of(design, stages_of(replications, False)), running):
        failures += result.failures
        if result.values is not None:
            gathered.append(result.values.breakdowns[YEARLY.name])
    if not gathered:
        raise failures[0].as_error(Message("failure.every_replication"))
    return np.concatenate(gathered), tuple(failures)


def recorded_grants(history: History) -> Mapping[int, int]:
    """The grants of a record by calendar year, for the years of which the sources settle it.

    >>> from sifrules import registry
    >>> dict(recorded_grants(registry().history("norrkoping")))
    {2010: 0, 2011: 2, 2012: 2, 2013: 1}
    """
    found: dict[int, int] = {}
    dates = [grant.granted for grant in history.grants]
    if "granted" in history.complete:
        begun = min((each.date.first.year for each in history.entries), default=None)
        first = min((date.first.year for date in dates), default=begun)
        for year in range(min(first or 0, begun or first or 0), history.until.last.year + 1):
            may = [date for date in dates if date.first.year <= year <= date.last.year]
            if all(date.first.year == date.last.year for date in may):
                found[year] = len(may)
    for count in history.counts:
        year = count.first.first.year
        one_year = (count.first.last.year, count.until.last.year) == (year, year)
        of_all = count.what == "granted" and count.origin is None
        if of_all and one_year and count.count is not None:
            found[year] = count.count
    return dict(sorted(found.items()))


def _at(column: str) -> int:
    return COUNTED.index(column)


def _mean(values: Array) -> Estimate:
    count = len(values)
    error = float(np.std(values, ddof=1)) / math.sqrt(count) if count > 1 else None
    return Estimate.of_mean(float(values.mean()), error, count)
