"""What was foreseen of a record (förutsagt): intervals of draws next to what happened."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.values.citations import Citation
from sifrules.values.text import LANGUAGES
from sifrules_simulation.analysis.observations import Observed
from sifrules_simulation.statistics.intervals import Share, confidence_interval

#: How sure an interval of what was foreseen is.
LEVEL = 0.9


@frozen
class Interval:
    """A median, and the ends between which nine draws in ten lie."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Interval:
        """The interval of what was simulated; counts stay counts, and it is never too narrow."""
        tail = (1 - LEVEL) / 2
        return cls(
            float(np.quantile(values, tail, method="lower")),
            float(np.quantile(values, 0.5, method="inverted_cdf")),
            float(np.quantile(values, 1 - tail, method="higher")),
        )

    def holds(self, value: float) -> bool:
        """Whether a value lies within."""
        return self.low <= value <= self.high

    def as_json(self) -> dict[str, float]:
        """The interval as plain data."""
        return {"low": self.low, "median": self.median, "high": self.high}


@frozen(kw_only=True)
class Predicted:
    """What was foreseen of one number of a record, next to what happened.

    ``posterior`` is by the draws that the records of the *other* municipalities kept;
    None where they kept too few to say.
    """

    observed: Observed
    prior: Interval
    posterior: Interval | None

    @property
    def happened(self) -> float:
        """What the record says."""
        return self.observed.value

    @property
    def inside_prior(self) -> bool:
        """Whether what happened lies within the interval before anything is learnt."""
        return self.prior.holds(self.happened)

    @property
    def inside(self) -> bool | None:
        """Whether it lies within the interval by the others' records; None if there is none."""
        return None if self.posterior is None else self.posterior.holds(self.happened)

    def as_json(self) -> dict[str, Any]:
        """The row as plain data."""
        observed = self.observed
        return {
            "municipality": observed.municipality,
            "what": observed.what,
            "period": str(observed.period),
            "happened": self.happened,
            "prior": self.prior.as_json(),
            "posterior": self.posterior.as_json() if self.posterior else None,
            "inside_prior": self.inside_prior,
            "inside": self.inside,
            "citations": [_cited(citation) for citation in observed.citations],
        }


@frozen(kw_only=True)
class Coverage:
    """How many of the numbers lie within their intervals, and how sure that share is."""

    inside: int
    of: int
    municipalities: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """The confidence interval of the share itself; None without any number.

        >>> low, high = Coverage(inside=9, of=10, municipalities=3).interval
        >>> round(low, 2), round(high, 2)
        (0.6, 0.98)
        """
        return confidence_interval(Share(self.inside, self.of)) if self.of else None

    def as_json(self) -> dict[str, Any]:
        """The coverage as plain data."""
        low, high = self.interval or (None, None)
        return {
            "inside": self.inside,
            "of": self.of,
            "municipalities": self.municipalities,
            "low": low,
            "high": high,
        }


def _cited(citation: Citation) -> dict[str, Any]:
    """A citation as plain data, a reading of it in both languages."""
    reading = citation.reading
    both = None if reading is None else {each: reading.text(each) for each in LANGUAGES}
    return {**citation.as_json("en"), "reading": both}
