"""A Dask cluster (kluster): many computers that share the work of a run.

`cluster` is entered around a run, and all work inside goes to the workers of a scheduler.
``joblib.parallel_config("dask")`` around it does the same for who has a Dask client already.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sifrules.errors import SifError, shown

#: How many seconds a scheduler, and then its first worker, is waited for.
WAIT = 5.0
#: What to do where a cluster is lost in the middle of a run.
GO_ON = "start the cluster anew; what was kept in a folder is gone on with by sif study resume"
_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):[0-9]{1,5}")


class ClusterError(SifError):
    """A cluster that is not there, is lost, or is unlike this machine: the run ends."""


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """Let the workers of the scheduler at an address do all work inside.

    Raises `ClusterError` where there is no such scheduler, and for what is no address.

    >>> with cluster("localhost"):
    ...     pass
    Traceback (most recent call last):
    ...
    sifrules_simulation.execution.cluster.ClusterError: 'localhost' is no address of a scheduler; \
write it as tcp://HOST:PORT, as dask scheduler prints it
    """
    if not _ADDRESS.fullmatch(address):
        raise ClusterError(
            f"{shown(address)} is no address of a scheduler",
            fix="write it as tcp://HOST:PORT, as dask scheduler prints it",
        )
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise ClusterError(
            "a cluster takes Dask, which is not installed", fix='pip install "sifrules[cluster]"'
        ) from None
    from joblib import parallel_config

    with _silent():
        client = _connected(address)
        try:
            with parallel_config("dask", client=client, wait_for_workers_timeout=WAIT):
                yield
        finally:
            client.close(timeout=WAIT)


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
    answer = made[0] if made else TimeoutError("it takes connections, and says nothing")
    if isinstance(answer, Exception):
        raise ClusterError(
            f"no scheduler answers at {address} ({_last(answer)})",
            fix="start one with dask scheduler, and look at the address that it prints",
        )
    return answer


def active() -> Any:
    """joblib's backend for Dask where one has been set around this, None else."""
    if "joblib" not in sys.modules:  # then nobody has set one, and it need not be loaded
        return None
    from joblib.parallel import BACKENDS, get_active_backend

    kind = BACKENDS.get("dask")
    backend, _ = get_active_backend()
    return backend if kind is not None and isinstance(backend, kind) else None


def address_of(backend: Any) -> str:
    """Where the scheduler of a backend is, in words for a message."""
    scheduler = backend.client.scheduler
    return str(scheduler.address) if scheduler is not None else "an address that is closed"


def threads(backend: Any) -> int:
    """How many threads the workers have in all; `ClusterError` where there is no worker."""
    patience = backend.wait_for_workers_timeout
    try:
        count = int(backend.effective_n_jobs(-1))
    except TimeoutError:
        count = 0
    except Exception as error:
        raise lost(backend) from error
    if not count:
        where = address_of(backend)
        raise ClusterError(
            f"the scheduler at {where} has no worker (waited {patience or 0:g} s)",
            fix=f"start some with: dask worker {where} --nthreads 1",
        )
    return count


def lost(backend: Any) -> ClusterError:
    """The error of a scheduler that was there and no longer is."""
    return ClusterError(f"the scheduler at {address_of(backend)} was lost", fix=GO_ON)


def _last(error: BaseException) -> str:
    """The last line of an error's text, else its kind."""
    lines = str(error).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__


@contextmanager
def _silent() -> Iterator[None]:
    """What Dask would log is told by our own errors, in one line."""
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
