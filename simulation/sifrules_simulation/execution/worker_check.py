"""Comparing environments (jämförelse av miljöer): workers have the versions and plugins of here.

Results are the same bytes on any machine only where the same code makes them. Workers are
asked before any task runs, and one that joins later checks itself before each task. The packages
that Dask's own check (`Client.get_versions`) requires to be alike are among those compared:
that check is made once, so that a worker that joins later escapes it, and knows no plugins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sifrules.plugin.registry import registry
from sifrules.values.messages import Joined, Message, Text
from sifrules_simulation.execution.cluster import Cluster, ClusterError
from sifrules_simulation.model.fingerprints import environment_fingerprint

#: The version of a package that is not installed.
_NONE = "none"
#: What tasks travel by (`distributed.versions.required_packages`); numbers depend on the rest.
_TRANSPORT = ("cloudpickle", "dask", "distributed", "msgpack", "toolz", "tornado")


@cache
def environment_here() -> str:
    """This process's environment: versions, and plugins by their fingerprints, as JSON.

    Found once: what a process has imported stays as it was, though files change.
    """
    found = environment_fingerprint(registry())
    found["versions"] |= {name: _version(name) for name in _TRANSPORT}
    return json.dumps(found, sort_keys=True)


@cache
def same_environment(there: str, here: str) -> bool:
    """Whether a worker's environment, as JSON, does for tasks of a machine with another."""
    return not any(differences(json.loads(there), json.loads(here)))


def mismatches(there: str) -> tuple[Message, ...]:
    """How a worker's environment, as JSON, differs from that of here, a line for each."""
    return tuple(differences(json.loads(there), json.loads(environment_here())))


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[Message]:
    """How a worker's environment differs; plugins that only the worker has do no harm.

    >>> ours = {"versions": {"numpy": "2.2"}, "plugins": {"malmo": "a", "orebro": "b"}}
    >>> theirs = {"versions": {"numpy": "2.1"}, "plugins": {"orebro": "c", "ystad": "d"}}
    >>> [str(each) for each in differences(theirs, ours)]
    ['numpy 2.1 there, 2.2 here', 'the plugin malmo is not there', 'the plugin orebro differs']
    """
    versions, plugins = there["versions"], there["plugins"]
    for name, ours in here["versions"].items():
        theirs = versions.get(name, _NONE)
        if theirs != ours:
            yield Message(
                "worker_check.version", name=name, there=_shown(theirs), here=_shown(ours)
            )
    for name, ours in here["plugins"].items():
        if name not in plugins:
            yield Message("worker_check.no_plugin", name=name)
        elif plugins[name] != ours:
            yield Message("worker_check.plugin_differs", name=name)


def require_same_environment(cluster: Cluster) -> None:
    """Ask every worker of a cluster, and its scheduler, which has to read tasks as well.

    Raises `ClusterError` with each that differs and in what; `OSError` where the scheduler
    does not answer.
    """
    client = cluster.client
    answers = client.run(environment_here, on_error="return")
    found: dict[Text | str, tuple[Message, ...]]
    found = {worker: _lines(answers[worker]) for worker in sorted(answers)}
    try:
        answer = client.run_on_scheduler(environment_here)
    except OSError:  # it does not answer
        raise
    except Exception as error:  # what it raised itself
        answer = error
    refuse(cluster, {**found, Message("worker_check.scheduler"): _lines(answer)})


def refuse(cluster: Cluster, found: Mapping[Text | str, Sequence[Message]]) -> None:
    """Raise `ClusterError` where anyone differs, in the order given; a line for each thing."""
    lines = [Joined.of(": ", who, line) for who, some in found.items() for line in some]
    if lines:
        what = Message("worker_check.cluster_differs", address=cluster.address)
        raise ClusterError(Joined((what, *lines), "\n"))


def _lines(answer: Any) -> tuple[Message, ...]:
    """How the environment that was answered differs; an error where it could not be asked for."""
    if isinstance(answer, BaseException):
        return (Message("worker_check.no_sifrules", error=str(answer)),)
    return mismatches(answer)


def _shown(version: str) -> Message | str:
    return Message("worker_check.none") if version == _NONE else version


def _version(name: str) -> str:
    """The version of an installed package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return _NONE
