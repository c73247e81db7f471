"""Timing in turns, and who is not there: what the tables against other libraries share."""

from __future__ import annotations

import gc
import random
import statistics
import warnings
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from time import perf_counter

#: The one command that installs everyone who is compared with.
INSTALL = "pip install --group peers -e ."

#: Does a piece of work and says how many seconds of it count.
Timed = Callable[[], float]


def absence(module: str) -> str | None:
    """Why a library cannot be used here, in a few words; None where it can.

    >>> absence("json") is None
    True
    >>> absence("no_such_library")
    'missing: pip install --group peers -e .'
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import_module(module)
    except Exception as error:  # a library may fail in its own way as it is imported
        if isinstance(error, ModuleNotFoundError) and error.name == module:
            return f"missing: {INSTALL}"
        return f"not on this Python: {type(error).__name__}: {error}"
    return None


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes, begun with no garbage left by others."""
    gc.collect()
    begun = perf_counter()
    work()
    return perf_counter() - begun


def in_turns(
    runs: Mapping[str, Timed], turns: int, *, warm_up: bool = True
) -> dict[str, list[float]]:
    """What each took in every turn, in an order of its own; all are run once before."""
    draw = random.Random(2016)
    order = list(runs)
    took: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(0 if warm_up else 1, turns + 1):
        draw.shuffle(order)
        for name in order:
            found = runs[name]()
            if turn:
                took[name].append(found)
    return took


def ratios(one: Iterable[float], other: Iterable[float]) -> list[float]:
    """How many times longer one took than the other, turn by turn."""
    return [a / b for a, b in zip(one, other, strict=True)]


def spread(found: list[float], digits: int = 2) -> list[str]:
    """The median of some ratios, and from where to where they go, as cells of a table."""
    low, high = min(found), max(found)
    return [f"{statistics.median(found):,.{digits}f}", f"{low:,.{digits}f}–{high:,.{digits}f}"]
