"""Shares of worlds (andelar av världar): in how many of them an effect passes a margin.

Each draw of the uncertain parameters is a world with an effect of its own. A few replications show
that effect with noise, and counting the draws whose mean passes the margin counts the noise, too.
So what is seen of a draw is taken to be its effect plus noise (a hierarchical model), and the
distribution of the effects is estimated with the noise taken out. It begins as the normal
distribution whose variance is that of the draws' means less that of the noise (method of moments),
and a few steps of the EM algorithm on a grid bend it to what the draws show, as where effects are
skewed or many are near nothing; the more draws, the more steps, as what few steps leave of the
normal one would lie outside the narrower interval. The share is the mean over draws of how likely
each one's effect is to pass the margin. The noise of a draw has a variance known from few
replications: these are drawn towards their mean, and the noise is Student's t. The interval is
Wilson's, for as many draws as would give the standard error that resampling of the draws finds.
"""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sifrules_simulation.statistics.intervals import CONFIDENCE, normal_quantile

Array = NDArray[np.float64]

#: How many times draws are resampled, and the points of the grid.
RESAMPLES, POINTS = 100, 40
#: The least and the most steps of the EM algorithm, and for how many draws there is one.
STEPS, MOST_STEPS, DRAWS_A_STEP = 5, 40, 25.6
_SEED = 1
_NIL = 1e-300


@frozen(kw_only=True)
class ShareOfWorlds:
    """A share of the worlds, with its interval, and the number of draws it is estimated from."""

    share: float
    low: float
    high: float
    draws: int


@frozen(eq=False)
class Worlds:
    """The effects behind some draws: what is seen of each, and how much of that is noise.

    ``seen`` is the mean of each draw, ``scale`` and ``degrees`` of freedom are those of its noise,
    ``noise`` is the mean variance of the noise.
    """

    seen: Array
    scale: Array
    degrees: Array
    noise: float
    #: the points of the grid
    points: Array = field(init=False)
    #: how likely what is seen of each draw is at each point
    _likely: Array = field(init=False)
    #: how often each draw is in each sample: in all draws once, then in each resample
    _often: Array = field(init=False)
    #: the share of worlds at each point, of each sample
    weights: Array = field(init=False)

    @classmethod
    def of(cls, differences: Array) -> Worlds | None:
        """The effects behind draws × replications of paired differences; None of fewer than two.

        A replication without a difference is left out, and so is a draw with fewer than two.
        """
        differences = differences[comparable(differences)]
        if len(differences) < 2:
            return None
        known = ~np.isnan(differences)
        counts = known.sum(axis=1)
        seen = np.where(known, differences, 0.0).sum(axis=1) / counts
        squares = np.where(known, (differences - seen[:, None]) ** 2, 0.0).sum(axis=1)
        variances, free = squares / (counts - 1), counts - 1.0
        shrunk, degrees = _shrunk(variances, free)
        return cls(seen, np.sqrt(shrunk / counts), degrees, float((variances / counts).mean()))

    @points.default
    def _points(self) -> Array:
        return np.linspace(self.seen.min(), self.seen.max(), POINTS)

    @_often.default
    def _samples(self) -> Array:
        count = len(self.seen)
        stream = np.random.default_rng(_SEED)
        again = stream.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
        return np.vstack([np.ones(count), again])

    @_likely.default
    def _likelihood(self) -> Array:
        scale = np.sqrt(self._step**2 / 12 + self.scale**2)[:, None]
        off = (self.seen[:, None] - self.points) / np.maximum(scale, _NIL)
        degrees = self.degrees[:, None]
        # in logarithms and against the likeliest point, as there is no noise at all in some draws
        logs = -(degrees + 1) / 2 * np.log1p(off**2 / degrees)
        likely: Array = np.exp(logs - logs.max(axis=1, keepdims=True))
        return likely

    @weights.default
    def _estimated(self) -> Array:
        """The distribution of the effects, from the normal one on by a few EM steps."""
        count, often = len(self.seen), self._often
        mean = often @ self.seen / count
        around = often @ self.seen**2 / count - mean**2 - self.noise
        spread = np.sqrt(np.maximum(around, self._step**2 / 4 + _NIL))
        off = (self.points - mean[:, None]) / spread[:, None]
        weights = np.exp(-0.5 * off**2) + 1e-9
        weights /= weights.sum(axis=1, keepdims=True)
        for _ in range(int(np.clip(count / DRAWS_A_STEP, STEPS, MOST_STEPS))):
            weights = weights * ((often / self._mixed(weights)) @ self._likely)
            weights /= weights.sum(axis=1, keepdims=True)
        return weights

    @property
    def _step(self) -> float:
        return float(self.seen.max() - self.seen.min()) / (POINTS - 1)

    def _mixed(self, weights: Array) -> Array:
        return np.maximum(weights @ self._likely.T, _NIL)

    @property
    def noise_part(self) -> float:
        """How much of the variance of the draws' means is noise, from 0 to 1."""
        variance = float(self.seen.var())
        return min(1.0, self.noise / variance) if variance > 0 else 0.0

    def above(self, margin: float, level: float = CONFIDENCE) -> ShareOfWorlds:
        """The share of worlds whose effect is above a margin."""
        return self._share(self.points - margin, level)

    def below(self, margin: float, level: float = CONFIDENCE) -> ShareOfWorlds:
        """The share of worlds whose effect is below a margin."""
        return self._share(margin - self.points, level)

    def likely_past(self, margin: float, sign: int = 1) -> Array:
        """How likely the effect of each draw is to be above a margin, or below minus it.

        A value for each of the draws that are seen, with the noise taken out.
        """
        past = self.points - margin if sign > 0 else -margin - self.points
        likely: Array = self._passing(past, self.weights[:1])[0]
        return likely

    @property
    def expected(self) -> Array:
        """The expected effect of each of the draws that are seen, with the noise taken out."""
        weights = self.weights[:1]
        effects: Array = ((weights * self.points) @ self._likely.T / self._mixed(weights))[0]
        return effects

    def _passing(self, past: Array, weights: Array) -> Array:
        """How likely each draw's effect is past a margin, by each of some distributions."""
        step = self._step
        passes = np.clip(past / step + 0.5, 0.0, 1.0) if step > 0 else (past > 0).astype(float)
        likely: Array = (weights * passes) @ self._likely.T / self._mixed(weights)
        return likely

    def _share(self, past: Array, level: float) -> ShareOfWorlds:
        """The share of worlds past a margin, from how far each point is past it."""
        count = len(self.seen)
        likely = self._passing(past, self.weights)
        shares = (self._often * likely).sum(axis=1) / count
        share, error = float(np.clip(shares[0], 0.0, 1.0)), float(shares[1:].std())
        low, high = _wilson(share, error, count, level)
        return ShareOfWorlds(share=share, low=low, high=high, draws=count)


def comparable(differences: Array) -> NDArray[np.bool_]:
    """In which draws at least two replications have a difference."""
    found: NDArray[np.bool_] = (~np.isnan(differences)).sum(axis=1) >= 2
    return found


def _shrunk(variances: Array, degrees: Array) -> tuple[Array, Array]:
    """Variances drawn towards their mean by as much as is chance in them, and their degrees.

    Empirical Bayes: the true variances are taken to be scaled inverse chi-squared.
    """
    mean = float(variances.mean())
    if mean == 0:
        return variances, degrees
    chance = float((2 / degrees).mean())
    varies = max(1e-6, (float(variances.var()) / mean**2 - chance) / (1 + chance))
    before = 4 + 2 / varies
    return ((before - 2) * mean + degrees * variances) / (before + degrees), before + degrees


def _wilson(share: float, error: float, count: int, level: float) -> tuple[float, float]:
    """Wilson's interval, for as many draws as would give the standard error; at most those.

    That number is worked out at the share with two draws added that show it and two that do not
    (Agresti and Coull), as a share of next to nothing says nothing of how sure it is.
    """
    z2, least = normal_quantile(level) ** 2, share * (1 - share)
    near = (share * count + 2) / (count + 4)
    draws = min(float(count), near * (1 - near) / error**2) if error > 0 else float(count)
    middle = (share + z2 / (2 * draws)) / (1 + z2 / draws)
    half = np.sqrt(z2 * (least / draws + z2 / (4 * draws**2))) / (1 + z2 / draws)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
