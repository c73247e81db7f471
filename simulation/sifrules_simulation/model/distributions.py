"""Distributions (fördelningar) of uncertain parameters, and how parameters move together.

A parameter without one is spread evenly over its range. One with a distribution of
`scipy.stats` follows it within its range: what lies outside is cut off, and what is left is
scaled up. Correlations are of ranks (Spearman), joined by a Gaussian copula, or by a copula of
openturns; either way each parameter keeps its own distribution. scipy is imported when a
distribution is used.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest, shown, unexpected
from sifrules.values.messages import Message

Array = NDArray[np.float64]

#: So far below zero rounding may bring what is zero.
_SLIGHT = 1e-9
#: The name of the distribution that takes each of some values alike.
VALUES = "values"


@frozen
class Distribution:
    """A distribution of scipy.stats by its name, and its parameters by name.

    The name ``values`` stands for some values, each as likely as the others.

    >>> Distribution.of({"name": "triang", "c": 0.5, "scale": 2}).quantiles([0.5], 0, 10).tolist()
    [1.0]
    """

    name: str
    parameters: tuple[tuple[str, float], ...] = ()
    values: tuple[float, ...] = ()

    @classmethod
    def of(cls, stated: object) -> Distribution:
        """Out of a frozen distribution of scipy.stats, or of a table with its name.

        Raises `SifError` where scipy has no such distribution or it takes no such parameters.
        """
        if isinstance(stated, Distribution):
            return stated
        if isinstance(stated, Mapping):
            return _of_table(stated)
        dist = getattr(stated, "dist", None)
        if not hasattr(stated, "ppf") or dist is None:
            raise unexpected(Message("expected.distribution"), stated)
        names = [*(each.strip() for each in (dist.shapes or "").split(",") if each), "loc", "scale"]
        args: Any = getattr(stated, "args", ())
        kwds: Any = getattr(stated, "kwds", {})
        given = {**dict(zip(names, args, strict=False)), **kwds}
        return _checked(dist.name, {name: _number(name, each) for name, each in given.items()})

    @classmethod
    def among(cls, values: Iterable[float]) -> Distribution:
        """Some values, each as likely as the others."""
        found = tuple(_number(VALUES, each) for each in values)
        if not found:
            raise SifError(Message("distribution.no_values"))
        return cls(VALUES, values=found)

    def quantiles(self, shares: Sequence[float] | Array, low: float, high: float) -> Array:
        """The values below which these shares of it lie, within a range.

        Raises `SifError` where nothing of it lies within the range.
        """
        points = np.asarray(shares, dtype=float)
        if self.name == VALUES:
            at = np.minimum((points * len(self.values)).astype(int), len(self.values) - 1)
            chosen: Array = np.array(self.values)[at]
            return chosen
        dist = self.frozen
        discrete = hasattr(dist, "pmf")
        below, above = dist.cdf(low - 1 if discrete else low), dist.cdf(high)
        if not above > below:
            raise SifError(
                Message("distribution.outside", name=self.name, low=f"{low:g}", high=f"{high:g}"),
                fix=Message("distribution.widen"),
            )
        found = np.asarray(dist.ppf(below + points * (above - below)), dtype=float)
        within: Array = np.clip(found, low, high)
        return within

    @property
    def as_data(self) -> dict[str, Any]:
        """It as a table of a file has it."""
        if self.name == VALUES:
            return {"name": VALUES, "values": list(self.values)}
        return {"name": self.name, **dict(self.parameters)}

    @property
    def frozen(self) -> Any:
        """It as a frozen distribution of scipy.stats."""
        from scipy import stats

        return getattr(stats, self.name)(**dict(self.parameters))


def _of_table(table: Mapping[str, Any]) -> Distribution:
    rest = dict(table)
    name = rest.pop("name", None)
    if not isinstance(name, str):
        raise SifError(Message("distribution.no_name"), fix=Message("distribution.write_as"))
    if name == VALUES:
        values = rest.pop("values", None)
        if not isinstance(values, list) or rest:
            raise SifError(Message("distribution.no_values"))
        return Distribution.among(values)
    return _checked(name, {key: _number(key, each) for key, each in rest.items()})


def _checked(name: str, parameters: Mapping[str, float]) -> Distribution:
    from scipy import stats

    kind = getattr(stats, name, None)
    if not isinstance(kind, stats.rv_continuous | stats.rv_discrete):
        known = [
            each
            for each in dir(stats)
            if isinstance(getattr(stats, each), stats.rv_continuous | stats.rv_discrete)
        ]
        raise SifError(Message("distribution.unknown", name=name), fix=nearest(name, known))
    shapes = [each.strip() for each in (kind.shapes or "").split(",") if each]
    known = [*shapes, "loc", "scale"] if isinstance(kind, stats.rv_continuous) else [*shapes, "loc"]
    for each in parameters:
        if each not in known:
            raise SifError(
                Message("distribution.no_parameter", name=name, parameter=each),
                fix=nearest(each, known),
            )
    for each in shapes:
        if each not in parameters:
            raise SifError(Message("distribution.lacks", name=name, parameter=each))
    found = Distribution(name, tuple(sorted(parameters.items())))
    if not np.isfinite(found.frozen.ppf(0.5)):
        raise SifError(Message("distribution.impossible", name=name))
    return found


def _number(what: str, value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever it is, it is tried
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise SifError(Message("scenario.no_number", value=shown(value)), where=what)
    return number


# --- correlation ----------------------------------------------------------------------


@frozen
class Correlation:
    """How some parameters move together: their rank correlations, or a copula of openturns.

    ``ranks`` has a row and a column for each of ``paths``.

    >>> pair = Correlation.of_pairs({("ideas.flow", "ideas.stock"): 0.6})
    >>> pair.paths, pair.ranks[0]
    (('ideas.flow', 'ideas.stock'), (1.0, 0.6))
    """

    paths: tuple[str, ...] = ()
    ranks: tuple[tuple[float, ...], ...] = ()
    #: an object that has ``computeSequentialConditionalQuantile``, as a copula of openturns
    copula: Any = field(default=None, eq=False)

    @classmethod
    def of_pairs(cls, pairs: Mapping[tuple[str, str], float]) -> Correlation:
        """Out of the rank correlation of each pair; pairs that are not named have none."""
        paths = tuple(dict.fromkeys(path for pair in pairs for path in pair))
        matrix = np.eye(len(paths))
        for (one, other), rank in pairs.items():
            if one == other:
                raise SifError(Message("correlation.with_itself", path=one))
            at = paths.index(one), paths.index(other)
            if (other, one) in pairs and pairs[other, one] != rank:
                raise SifError(Message("correlation.twice", one=one, other=other))
            matrix[at] = matrix[at[::-1]] = _number(f"{one}, {other}", rank)
        return cls.of_matrix(paths, matrix)

    def among(self, paths: Collection[str]) -> Correlation:
        """That of those of its parameters that are among some; a copula is of all of them."""
        at = [number for number, path in enumerate(self.paths) if path in paths]
        if len(at) == len(self.paths):
            return self
        if self.copula is not None or len(at) < 2:
            return Correlation()
        ranks = tuple(tuple(self.ranks[row][column] for column in at) for row in at)
        return Correlation(tuple(self.paths[number] for number in at), ranks)

    def with_pair(self, one: str, other: str, rank: float) -> Correlation:
        """The same, with the rank correlation of one pair as given.

        Raises `SifError` where that cannot be beside the others, or is of a pair in a copula.
        """
        if self.copula is not None:
            raise SifError(Message("correlation.in_copula"))
        pairs = {
            (above, below): self.ranks[row][column]
            for row, above in enumerate(self.paths)
            for column, below in enumerate(self.paths)
            if row < column and {above, below} != {one, other} and self.ranks[row][column]
        }
        return Correlation.of_pairs({**pairs, (one, other): rank})

    @classmethod
    def of_matrix(cls, paths: Iterable[str], matrix: Any) -> Correlation:
        """Out of a matrix of rank correlations, a row and a column for each of the paths.

        Raises `SifError` for a matrix that no parameters can have.
        """
        paths = tuple(paths)
        try:
            ranks = np.asarray(matrix, dtype=float)
        except (TypeError, ValueError):
            raise SifError(Message("correlation.no_matrix")) from None
        if ranks.shape != (len(paths), len(paths)) or len(set(paths)) < len(paths):
            raise SifError(Message("correlation.shape", count=len(paths)))
        symmetric = np.allclose(ranks, ranks.T) and np.allclose(np.diag(ranks), 1.0)
        if not symmetric or not (np.abs(ranks) <= 1).all():
            raise SifError(Message("correlation.no_matrix"))
        found = cls(paths, tuple(map(tuple, ranks.tolist())))
        _root(found)
        return found

    @classmethod
    def of_copula(cls, paths: Iterable[str], copula: Any) -> Correlation:
        """Out of a copula of openturns, with a dimension for each of the paths."""
        paths = tuple(paths)
        if not hasattr(copula, "computeSequentialConditionalQuantile"):
            raise unexpected(Message("expected.copula"), copula)
        if copula.getDimension() != len(paths):
            raise SifError(Message("correlation.shape", count=len(paths)))
        return cls(paths, copula=copula)

    def joined(self, points: Array, paths: Sequence[str]) -> Array:
        """Points of the unit cube, a column for each of some paths, moved to go together.

        Each column stays spread evenly from 0 to 1; the first of those that are correlated
        stays as it is.
        """
        if not self.paths:
            return points
        at = [paths.index(path) for path in self.paths]
        found = points.copy()
        if self.copula is not None:
            rows = [self.copula.computeSequentialConditionalQuantile(row) for row in points[:, at]]
            found[:, at] = np.array([list(row) for row in rows], dtype=float)
            return found
        from scipy.special import ndtr, ndtri

        inside = np.clip(points[:, at], 1e-12, 1 - 1e-12)
        found[:, at] = ndtr(ndtri(inside) @ _root(self).T)
        return found

    @property
    def as_data(self) -> list[str]:
        """It in lines that say all of it, for fingerprints."""
        if self.copula is not None:
            return [f"copula of {', '.join(self.paths)}: {self.copula}"]
        return [
            f"{one} ~ {other} = {self.ranks[row][row + 1 + at]!r}"
            for row, one in enumerate(self.paths)
            for at, other in enumerate(self.paths[row + 1 :])
        ]


def _root(given: Correlation) -> Array:
    """The root of the correlations of normal numbers whose ranks are correlated as asked.

    The rank correlation ρ of two normal numbers comes of their correlation 2 sin(πρ/6).
    """
    normal = 2 * np.sin(np.pi * np.array(given.ranks) / 6)
    try:
        root: Array = np.linalg.cholesky(normal)
    except np.linalg.LinAlgError:
        root = _root_of_bound(normal)
    return root


def _root_of_bound(normal: Array) -> Array:
    """The same where some parameters settle others, as with a rank correlation of 1 or -1."""
    values, vectors = np.linalg.eigh(normal)
    if values.min() < -_SLIGHT:
        raise SifError(Message("correlation.impossible"), fix=Message("correlation.make_possible"))
    upper: Any = np.linalg.qr((vectors * np.sqrt(np.maximum(values, 0))).T, mode="r")
    root: Array = (upper * np.where(np.diag(upper) < 0, -1, 1)[:, None]).T
    return root
