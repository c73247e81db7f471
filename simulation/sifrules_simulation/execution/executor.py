"""What runs batches: results of tasks, and what stands for a process that died."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from attrs import frozen

Result = TypeVar("Result")


#: What is told of a piece of work that its process died of.
DIED = "the process that did it was ended from outside, twice (out of memory?)"


@frozen
class Died:
    """Stands for the result of a piece of work that the process doing it died of, twice."""


@contextmanager
def closed(results: Any) -> Iterator[Any]:
    """The results of joblib, closed at the end without a warning."""
    try:
        yield results
    finally:
        with warnings.catch_warnings():  # that what is still running is given up is meant
            warnings.simplefilter("ignore", UserWarning)
            results.close()


def without_gc(work: Callable[..., Result], task: tuple[Any, ...]) -> Result:
    """Do a task without looking for circular garbage; a tenth of the time goes there else."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return work(*task)
    finally:
        if was_on:
            gc.enable()
