"""Parts whose pieces are grids of numbers (rutnät), as draws by replications by policies."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules_simulation.experiments.batches import Failure

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]


@frozen(kw_only=True, eq=False)
class Grid:
    """A part of a study. Its pieces are arrays: an axis for each key of the rows, then columns.

    ``rows`` says of a piece what its rows are: names with the values that they take, the last
    fastest. ``columns`` are the last axis of its numbers; a row is ``each`` replications of
    single funds. ``fatal`` is the failure to tell where the process that did a piece died.
    """

    name: str
    rows: Callable[[int], Mapping[str, Sequence[Any]]]
    columns: tuple[str, ...]
    fatal: Callable[[int], Failure]
    each: int = 1

    def shape(self, number: int) -> tuple[int, ...]:
        """The shape of a piece's numbers."""
        return (*(len(values) for values in self.rows(number).values()), len(self.columns))

    def runs(self, number: int) -> int:
        """How many replications of single funds a piece takes."""
        return self.each * math.prod(self.shape(number)[:-1])

    def died(self, number: int) -> tuple[Failure, ...]:
        """What to tell as failed where the process that did a piece died of it."""
        return (self.fatal(number),)

    def framed(self, number: int, values: Array | None) -> pl.DataFrame:
        """A piece as a table: what each row is of, then the numbers."""
        import polars as pl

        rows = self.rows(number)
        keys = list(zip(*product(*rows.values()), strict=True))
        beside = {name: pl.Series(name, key) for name, key in zip(rows, keys, strict=True)}
        flat = values.reshape(-1, len(self.columns)) if values is not None else None
        numbers = {
            name: flat[:, at] if flat is not None else np.full(len(keys[0]), np.nan)
            for at, name in enumerate(self.columns)
        }
        frame = pl.DataFrame({**beside, **numbers}).fill_nan(None)
        return frame if values is not None else frame.clear()

    def read(self, number: int, frame: pl.DataFrame) -> Array:
        """The numbers in a piece's table. Raises `ValueError` where it is not of that shape."""
        values = frame.select(self.columns).fill_null(np.nan).to_numpy()
        return np.array(values, dtype=float).reshape(self.shape(number))
