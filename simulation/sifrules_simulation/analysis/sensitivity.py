"""Which assumptions the effect depends on (känslighet): first-order Sobol indices.

A parameter's index is the share of the effect's variance over all draws that would be gone
if that parameter alone were known. Shares that parameters only have together are in none.

Indices are RBD-FAST's (SALib), which reads them off the draws of a study as they are. At
sixty parameters it is not enough to take them one at a time: a chance likeness between two
columns lends one parameter's influence to the other. So the strongest parameter is looked
for, its own part is taken out of the effect, and the next is looked for in what is left; at the
end each index is read off the effect less the parts of all others.

A parameter can be distinguished from no influence where its index passes a limit that, in nineteen
studies of twenty, no parameter without influence would reach, and where its interval too lies
above zero. That holds where which values meet in a draw is left to chance, as in a Latin
hypercube; in a Sobol sequence what two parameters do only together may pass for the work of
a third.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.analysis.errors import not_installed, too_few
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import CONFIDENCE, normal_quantile

Array = NDArray[np.float64]

#: Fewer draws than this say nothing of single parameters.
FEWEST = 64
#: Resamples behind an interval.
RESAMPLES = 50
#: A parameter that explains less than this is not worth taking out.
LEAST = 0.001


@frozen
class Index:
    """How much of the effect's variance one parameter explains by itself, from 0 to 1.

    The share is None where the parameter, or the effect itself, is the same in all draws.
    """

    path: str
    first_order: Estimate

    @property
    def tells(self) -> bool:
        """Whether the parameter can be distinguished from one without influence."""
        return self.first_order.low is not None and self.first_order.low > 0


def indices(
    paths: Sequence[str],
    values: Array,
    effect: Array,
    *,
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> tuple[Index, ...]:
    """The index of every parameter, the greatest first, from draws × parameters and draws.

    Draws whose effect is not a number are left out. Of values that tie, as whole numbers do,
    the order is drawn by lot. `SifError` where too few draws are left.

    The interval is SALib's bootstrap, divided by √2 as it resamples half of the draws, to which
    is added what the parameter's own part varies by chance. It is cut off at 0 and 1, and its
    lower end is 0 where the parameter was not found to have a part.
    """
    if values.shape != (len(effect), len(paths)):
        raise SifError(
            Message(
                "draws.wrong_shape",
                draws=len(effect),
                parameters=len(paths),
                shape=" × ".join(map(str, values.shape)),
            )
        )
    if resamples < 2:
        raise SifError(Message("sensitivity.few_resamples", resamples=resamples))
    known = np.isfinite(effect)
    values, effect = values[known], effect[known]
    count = len(effect)
    if count < FEWEST:
        raise too_few(Message("sensitivity.too_few", fewest=FEWEST, got=count))
    varying: list[int] = np.flatnonzero(np.ptp(values, axis=0) > 0).tolist()
    if np.ptp(effect) <= 1e-12 * np.abs(effect).max():
        varying = []
    found = {path: Estimate(None, None, None, count) for path in paths}
    if varying:
        places = _places(values[:, varying], np.random.default_rng(seed))
        shares = _Reading(places, effect - effect.mean(), seed).shares(resamples)
        found |= {paths[at]: each for at, each in zip(varying, shares, strict=True)}
    ordered = sorted(found.items(), key=lambda each: (-_known(each[1].mean), each[0]))
    return tuple(Index(path, share) for path, share in ordered)


def _known(share: float | None) -> float:
    return -1.0 if share is None else share


def _places(values: Array, rng: np.random.Generator) -> Array:
    """The place of every value in its column, from 0; ties in an order drawn by lot."""
    places = np.empty(values.shape)
    for at, column in enumerate(values.T):
        places[np.lexsort((rng.random(len(column)), column)), at] = np.arange(len(column))
    return places


@frozen(eq=False)
class _Reading:
    """Indices read off the places of the parameters and an effect of mean zero."""

    places: Array
    effect: Array
    seed: int

    @property
    def harmonics(self) -> int:
        """How fine a shape is looked for: fewer waves where draws are few, at most ten."""
        return int(np.clip(len(self.effect) // 40, 4, 10))

    @property
    def limit(self) -> float:
        """What the greatest of all indices stays below if no parameter has any influence."""
        from scipy.special import betaincinv

        waves, count, parameters = self.harmonics, *self.places.shape
        share = betaincinv(waves, (count - 1) / 2 - waves, 1 - (1 - CONFIDENCE) / parameters)
        chance = 2 * waves / count
        return float(share - chance / (1 - chance) * (1 - share))

    def shares(self, resamples: int) -> list[Estimate]:
        """The index of every parameter with its interval."""
        parts, nothing = self._parts(), np.zeros(len(self.effect))
        rest = self.effect - sum(parts.values(), nothing)
        whole = self.effect.var()
        shares = []
        for at in range(self.places.shape[1]):
            own = parts.get(at, nothing)
            index, read = self._read([at], rest + own, resamples)
            scale = (rest + own).var() / whole
            mean = index[0] * scale
            # Other draws would also have given the part and the whole another variance.
            spread = (own**2 - mean * self.effect**2).std() / whole / np.sqrt(len(self.effect))
            reach = np.hypot(read[0] * scale / np.sqrt(2), normal_quantile(CONFIDENCE) * spread)
            low = max(0.0, mean - reach) if at in parts else 0.0
            high = min(1.0, max(0.0, mean + reach))
            middle = float(min(1.0, max(0.0, mean)))
            shares.append(Estimate(middle, float(low), float(high), len(self.effect)))
        return shares

    def _parts(self) -> dict[int, Array]:
        """The own part in the effect of each parameter whose index passes the limit."""
        count, parameters = self.places.shape
        most = count // (4 * self.harmonics)
        chosen: list[int] = []
        parts: dict[int, Array] = {}
        while len(chosen) < min(most, parameters):
            rest = self.effect - sum(parts.values(), np.zeros(count))
            others = [at for at in range(parameters) if at not in chosen]
            found, _ = self._read(others, rest, 2)
            best = int(np.argmax(found))
            left = rest.var() / self.effect.var()
            if not found[best] > self.limit or found[best] * left < LEAST:
                break
            chosen.append(others[best])
            parts = self._fitted(chosen)
        return parts

    def _fitted(self, chosen: list[int]) -> dict[int, Array]:
        """The effect as a sum of waves over the places of each of these parameters."""
        count, waves = len(self.effect), self.harmonics
        angles = np.pi * (self.places[:, chosen] + 0.5) / count
        shapes = np.cos(angles[:, :, None] * np.arange(1, waves + 1))
        weights = np.linalg.lstsq(shapes.reshape(count, -1), self.effect, rcond=None)[0]
        each = (shapes * weights.reshape(len(chosen), waves)).sum(axis=2)
        return {at: each[:, number] for number, at in enumerate(chosen)}

    def _read(self, which: list[int], effect: Array, resamples: int) -> tuple[Array, Array]:
        """RBD-FAST's indices of these parameters, and how far their intervals reach."""
        if np.ptp(effect) == 0:
            return np.zeros(len(which)), np.zeros(len(which))
        # A resample in which nothing varies has no index; then the interval is the widest.
        with np.errstate(invalid="ignore"):
            found: Any = _rbd_fast().analyze(
                {"num_vars": len(which), "names": [str(at) for at in which]},
                self.places[:, which],
                effect,
                M=self.harmonics,
                num_resamples=resamples,
                conf_level=CONFIDENCE,
                seed=self.seed,
            )
        return np.array(found["S1"]), np.nan_to_num(np.array(found["S1_conf"]), nan=np.sqrt(2))


def _rbd_fast() -> Any:
    try:
        from SALib.analyze import rbd_fast
    except ImportError as error:
        raise not_installed("sensitivity.needs", "SALib") from error
    return rbd_fast
