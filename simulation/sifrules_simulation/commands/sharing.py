"""Who does the work (arbetets fördelning): ``--jobs`` here, ``--scheduler`` on a cluster."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, TypeVar

import click

from sifrules.errors import SifError

Command = TypeVar("Command", bound=Callable[..., Any])


def shared_work(command: Command) -> Command:
    """The options that say who does the work; the cluster is there while the command runs."""

    @wraps(command)
    def around(*args: Any, jobs: int | None, scheduler: str | None, **options: Any) -> Any:
        if jobs is not None and scheduler is not None:
            raise SifError(
                "--jobs counts processes of this machine, and --scheduler names others",
                fix="give one of them",
            )
        with _cluster(scheduler):
            return command(*args, jobs=jobs, **options)

    for option in (
        click.option("--scheduler", metavar="tcp://HOST:PORT",
                     help="Let the workers of this Dask scheduler do the work."),
        click.option("--jobs", type=click.IntRange(min=1),
                     help="Processes to share the work; all cores unless given."),
    ):  # fmt: skip
        around = option(around)
    return around  # type: ignore[return-value]  # it takes what the command takes, and an option


def _cluster(scheduler: str | None) -> Any:
    if scheduler is None:
        return nullcontext()
    from sifrules_simulation.execution.cluster import cluster

    return cluster(scheduler)
