"""The finding (fyndet): hypothesis, estimand, margin and decision rule, stated before the run."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, shown
from sifrules.values.messages import Message
from sifrules_simulation.statistics.intervals import CONFIDENCE, Mean, Share, confidence_interval


class HypothesisVerdict(StrEnum):
    """What a study comes to (utslag), as a code."""

    HOLDS = "holds"
    REVERSED = "reversed"
    SMALL = "small"
    CANNOT_TELL = "cannot_tell"


#: The share of draws in which a verdict must hold, also at the lower end of its interval.
MOST = 0.75


@frozen
class Hypothesis:
    """What is tested, and by what rule; reported with every result."""

    margin: float = field(default=0.05)

    @margin.validator
    def _possible(self, _: object, margin: object) -> None:
        if isinstance(margin, bool) or not isinstance(margin, int | float) or not 0 <= margin < 1:
            raise SifError(Message("hypothesis.margin_impossible", margin=shown(margin)))

    def classify_draws(
        self, differences: NDArray[np.float64], level: float = CONFIDENCE
    ) -> VerdictCounts:
        """In how many draws it holds, from draws × replications of paired differences.

        A replication without a difference, as where no idea is viable, is left out; a draw
        with fewer than two is unclear. ``level`` is the confidence level of the shares of draws;
        that of a single draw is always `CONFIDENCE`, as its number of replications is fixed.
        """
        count = (~np.isnan(differences)).sum(axis=1)
        known, count = differences[count >= 2], count[count >= 2]
        mean = np.nanmean(known, axis=1)
        error = np.nanstd(known, axis=1, ddof=1) / np.sqrt(count)
        of_draws = zip(mean.tolist(), error.tolist(), count.tolist(), strict=True)
        ends = [confidence_interval(Mean(*each)) for each in of_draws]
        return VerdictCounts(
            draws=len(differences),
            holds=sum(low > self.margin for low, _ in ends),
            reversed=sum(high < -self.margin for _, high in ends),
            small=sum(-self.margin < low and high < self.margin for low, high in ends),
            level=level,
        )


@frozen
class VerdictCounts:
    """In how many draws the finding holds, is reversed, or is surely smaller than the margin.

    ``level`` is how sure the intervals of these shares are.
    """

    draws: int
    holds: int
    reversed: int
    small: int
    level: float = CONFIDENCE

    @property
    def unclear(self) -> int:
        """In how many it neither holds nor is reversed."""
        return self.draws - self.holds - self.reversed

    def share(self, of: str) -> float:
        """The share of draws of one kind."""
        return float(getattr(self, of)) / self.draws

    def interval(self, of: str) -> tuple[float, float]:
        """The confidence interval of a share of draws."""
        return confidence_interval(Share(getattr(self, of), self.draws), self.level)

    @property
    def verdict(self) -> HypothesisVerdict:
        """What it comes to, by the finding's rule."""
        for verdict in (
            HypothesisVerdict.HOLDS,
            HypothesisVerdict.REVERSED,
            HypothesisVerdict.SMALL,
        ):
            if self.interval(verdict.value)[0] > MOST:
                return verdict
        return HypothesisVerdict.CANNOT_TELL
