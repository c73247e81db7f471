"""The hypotheses (hypoteserna) on the return flow, each stated before the run, and their verdicts.

Each has an estimand (a measure, and two arms whose difference is taken), a direction, a margin and
one rule: it holds in a world where the difference passes the margin in its direction, and the
verdict follows from the share of worlds in which it does, with the noise of few replications taken
out. *Direct* is what the expectation of claims does alone: they are not expected, but come and
are paid. *Indirect* is what the refill does alone: claims are expected by nobody, and do not come.
The two sum to the whole, draw by draw, as each begins where the other ends.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from attrs import field, frozen

from sifrules_simulation.analysis.paired_effects import (
    UNSEEN,
    WITH,
    WITHOUT,
    Array,
    Effects,
    means,
    over_draws,
)
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import CONFIDENCE
from sifrules_simulation.statistics.worlds import ShareOfWorlds, Worlds, comparable


class Contrast(StrEnum):
    """Which arms are compared (kontrast): the later minus the earlier."""

    WHOLE = "whole"
    DIRECT = "direct"
    INDIRECT = "indirect"

    @property
    def arms(self) -> tuple[int, int]:
        """The arm that another is taken from, and that other."""
        return _ARMS[self]


_ARMS = {
    Contrast.WHOLE: (WITHOUT, WITH),
    Contrast.DIRECT: (UNSEEN, WITH),
    Contrast.INDIRECT: (WITHOUT, UNSEEN),
}


@frozen
class StatedHypothesis:
    """One hypothesis: its code, what is measured, which arms differ, and in which direction.

    ``sign`` is 1 where it says that the measure is higher in the first of the two arms than in the
    other by more than the margin, and -1 where it says lower.
    """

    code: str
    measure: str
    contrast: Contrast
    sign: int


#: All hypotheses, in the order of the answer.
HYPOTHESES = (
    StatedHypothesis("deters", "willingness", Contrast.WHOLE, 1),
    StatedHypothesis("through_choice", "application_uptake", Contrast.DIRECT, 1),
    StatedHypothesis("refills", "application_uptake", Contrast.INDIRECT, -1),
    StatedHypothesis("fewer_in_all", "application_uptake", Contrast.WHOLE, 1),
    StatedHypothesis("fewer_early", "uptake_early", Contrast.WHOLE, 1),
    StatedHypothesis("more_later", "uptake_later", Contrast.WHOLE, -1),
    StatedHypothesis("less_used", "money_used", Contrast.WHOLE, 1),
    StatedHypothesis("other_projects", "countable_pull", Contrast.WHOLE, -1),
    StatedHypothesis("better_evaluated", "evaluated", Contrast.WHOLE, -1),
)
#: What they measure that the registry offers; the rest are the measures of periods.
MEASURES = ("willingness", "application_uptake", "money_used", "countable_pull", "evaluated")


class Grade(StrEnum):
    """In how many plausible worlds a hypothesis holds (utslag), as a code."""

    NEARLY_ALL = "nearly_all"
    MOST = "most"
    DEPENDS = "depends"
    FEW = "few"
    REVERSED = "reversed"
    CANNOT_TELL = "cannot_tell"


#: The least share of worlds for each grade; reversed is what is reversed in most.
LEAST = {Grade.NEARLY_ALL: 0.9, Grade.MOST: 0.6, Grade.DEPENDS: 0.2, Grade.FEW: 0.0}


def graded(holds: ShareOfWorlds, reverse: ShareOfWorlds) -> Grade:
    """The verdict: it cannot be told only where the interval takes in three grades or more.

    >>> def share(of, low, high):
    ...     return ShareOfWorlds(share=of, low=low, high=high, draws=100)
    >>> none = share(0.0, 0.0, 0.02)
    >>> graded(share(0.93, 0.88, 0.96), none), graded(share(0.5, 0.15, 0.85), none)
    (<Grade.NEARLY_ALL: 'nearly_all'>, <Grade.CANNOT_TELL: 'cannot_tell'>)
    """
    grades = list(LEAST)
    if grades.index(_grade(holds.low)) - grades.index(_grade(holds.high)) > 1:
        return Grade.CANNOT_TELL
    if reverse.share >= LEAST[Grade.MOST]:
        return Grade.REVERSED
    return _grade(holds.share)


def _grade(share: float) -> Grade:
    return next(grade for grade, least in LEAST.items() if share >= least)


@frozen(kw_only=True)
class Finding:
    """What came of one hypothesis for one policy.

    ``difference`` is the mean over draws. ``above`` and ``below`` are the shares of worlds whose
    difference is above the margin and below minus the margin, ``noise`` how much of the variance
    of the draws' means is noise. They are None where the measure is defined in too few draws.
    """

    policy: str
    hypothesis: StatedHypothesis
    difference: Estimate
    above: ShareOfWorlds | None
    below: ShareOfWorlds | None
    noise: float | None
    #: the expected effect in each draw, how likely it is to hold there, and the opposite: with the
    #: noise taken out, and not a number where that is not known
    effect: Array | None = field(default=None, repr=False, eq=False)
    likely: Array | None = field(default=None, repr=False, eq=False)
    likely_reverse: Array | None = field(default=None, repr=False, eq=False)

    @property
    def holds(self) -> ShareOfWorlds | None:
        """The share of worlds in which the hypothesis holds."""
        return self.above if self.hypothesis.sign > 0 else self.below

    @property
    def reverse(self) -> ShareOfWorlds | None:
        """The share of worlds in which the opposite holds."""
        return self.below if self.hypothesis.sign > 0 else self.above

    @property
    def grade(self) -> Grade:
        """The verdict."""
        if self.holds is None or self.reverse is None:
            return Grade.CANNOT_TELL
        return graded(self.holds, self.reverse)


def findings(found: Effects, margin: float, level: float = CONFIDENCE) -> tuple[Finding, ...]:
    """Every hypothesis for every policy, from effects with the arms that take it apart."""
    return tuple(
        _finding(found, policy, hypothesis, margin, level)
        for policy in range(len(found.design.labels))
        for hypothesis in HYPOTHESES
    )


def _finding(
    found: Effects, policy: int, hypothesis: StatedHypothesis, margin: float, level: float
) -> Finding:
    differences = found.between(policy, hypothesis.measure, *hypothesis.contrast.arms)
    worlds = Worlds.of(differences)
    difference = over_draws(means(differences), level)
    if worlds is None:
        return Finding(
            policy=found.design.labels[policy], hypothesis=hypothesis, difference=difference,
            above=None, below=None, noise=None,
        )  # fmt: skip
    sign = hypothesis.sign
    seen = (worlds.expected, worlds.likely_past(margin, sign), worlds.likely_past(margin, -sign))
    of_draws = np.full((3, len(differences)), np.nan)
    of_draws[:, comparable(differences)] = seen
    return Finding(
        policy=found.design.labels[policy],
        hypothesis=hypothesis,
        difference=difference,
        above=worlds.above(margin, level),
        below=worlds.below(-margin, level),
        noise=worlds.noise_part,
        effect=of_draws[0],
        likely=of_draws[1],
        likely_reverse=of_draws[2],
    )
