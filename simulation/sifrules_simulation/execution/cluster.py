"""A connection to a Dask cluster (kluster): many computers that share the tasks of a run.

`cluster` is entered around a run, and the workers of a scheduler run all tasks inside.
``joblib.parallel_config("dask")`` around it does the same for who has a Dask client already.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from attrs import frozen

from sifrules.errors import SifError, shown
from sifrules.values.messages import Message, Text

#: How many seconds a scheduler, and then its first worker, is waited for.
WAIT = 5.0
#: What to do where a cluster is lost in the middle of a run.
GO_ON = Message("cluster.resume")
_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):[0-9]{1,5}")


class ClusterError(SifError):
    """A cluster that is not there, is lost, or differs from this machine: the run ends."""


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """Let the workers of the scheduler at an address run all tasks inside.

    Raises `ClusterError` where there is no such scheduler, and for what is no address.

    >>> with cluster("localhost"):
    ...     pass
    Traceback (most recent call last):
    ...
    sifrules_simulation.execution.cluster.ClusterError: 'localhost' is no address of a scheduler; \
write it as tcp://HOST:PORT, as dask scheduler prints it
    """
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise ClusterError(
            Message("cluster.no_address", address=shown(address)),
            fix=Message("cluster.write_address"),
        )
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise ClusterError(
            Message("cluster.needs_dask"), fix='pip install "sifrules[cluster]"'
        ) from None
    from joblib import parallel_config

    with _silent():
        client = _connected(address)
        try:
            with parallel_config("dask", client=client, wait_for_workers_timeout=WAIT):
                yield
        finally:
            client.close(timeout=WAIT)


def sharing(jobs: int | None, scheduler: str | None) -> AbstractContextManager[None]:
    """Who shares the work inside: processes of this machine, or the workers of a scheduler.

    Raises `SifError` where both are named.
    """
    if jobs is not None and scheduler is not None:
        raise SifError(Message("option.jobs_or_scheduler"), fix=Message("option.one_of_them"))
    return nullcontext() if scheduler is None else cluster(scheduler)


def _connected(address: str) -> Any:
    """A client of the scheduler at an address.

    It is made in a thread of its own, as Dask would wait for ever for a server that takes a
    connection and then says nothing.
    """
    from distributed import Client

    made: list[Any] = []

    def connect() -> None:
        try:
            made.append(Client(address, timeout=WAIT, set_as_default=False))
        except Exception as error:  # whatever answers there, or nothing, it is no scheduler
            made.append(error)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(WAIT + 1)
    if made and not isinstance(made[0], Exception):
        return made[0]
    raise ClusterError(
        Message(
            "cluster.no_scheduler",
            address=address,
            error=_last(made[0]) if made else Message("cluster.silent"),
        ),
        fix=Message("cluster.start_scheduler"),
    )


@frozen
class Cluster:
    """A cluster that a client is connected to."""

    client: Any
    #: How many seconds the first worker is waited for.
    patience: float
    #: Options of each task that is submitted, as ``priority`` or ``resources``.
    options: Mapping[str, Any]

    @property
    def address(self) -> Text | str:
        """Where the scheduler is, as a message shows it."""
        scheduler = self.client.scheduler
        return str(scheduler.address) if scheduler is not None else Message("cluster.closed")


def active() -> Cluster | None:
    """The cluster that ``joblib.parallel_config("dask")`` has set around this, or None."""
    if "joblib" not in sys.modules:  # then nobody has set one, and it need not be loaded
        return None
    from joblib.parallel import BACKENDS, get_active_backend

    kind = BACKENDS.get("dask")
    backend, _ = get_active_backend()
    if kind is None or not isinstance(backend, kind):
        return None
    return Cluster(backend.client, backend.wait_for_workers_timeout or 0.0, backend.submit_kwargs)


def threads(cluster: Cluster) -> int:
    """How many threads the workers have in all; `ClusterError` where there is no worker.

    A first worker is waited for with a task, which a cluster that adapts starts one for.
    """
    client = cluster.client
    try:
        count = sum(client.ncores().values())
        if not count and cluster.patience:
            client.submit(bool, pure=False).result(timeout=cluster.patience)
            count = sum(client.ncores().values())
    except TimeoutError:
        count = 0
    except Exception as error:
        raise lost(cluster) from error
    if not count:
        where = cluster.address
        raise ClusterError(
            Message("cluster.no_worker", address=where, seconds=cluster.patience),
            fix=Message("cluster.start_workers", address=where),
        )
    return int(count)


def lost(cluster: Cluster) -> ClusterError:
    """The error of a scheduler that was there and no longer is."""
    return ClusterError(Message("cluster.lost", address=cluster.address), fix=GO_ON)


def _last(error: BaseException) -> str:
    """The last line of an error's text, otherwise its kind."""
    lines = str(error).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Dask from logging what our own errors report in one line."""
    from distributed.versions import VersionMismatchWarning

    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    loggers = [logging.getLogger(name) for name in names]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VersionMismatchWarning)
            yield
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.setLevel(level)
