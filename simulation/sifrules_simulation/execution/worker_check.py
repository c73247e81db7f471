"""Comparing environments (jämförelse av miljöer): workers have the versions and plugins of here.

Results are the same bytes on any machine only where the same code makes them. Workers are
asked before any task runs, and one that joins later checks itself before each task. The packages
that Dask's own check (`Client.get_versions`) requires to be alike are among those compared:
that check is made once, so that a worker that joins later escapes it, and knows no plugins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sifrules.plugin.registry import registry
from sifrules_simulation.execution.cluster import Cluster, ClusterError
from sifrules_simulation.model.fingerprints import environment_fingerprint

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
def mismatches(wanted: str) -> tuple[str, ...]:
    """How this process's environment differs from a wanted one, a line for each difference."""
    return tuple(differences(json.loads(environment_here()), json.loads(wanted)))


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    """How a worker's environment differs; plugins that only the worker has do no harm.

    >>> ours = {"versions": {"numpy": "2.2"}, "plugins": {"malmo": "a", "orebro": "b"}}
    >>> theirs = {"versions": {"numpy": "2.1"}, "plugins": {"orebro": "c", "ystad": "d"}}
    >>> list(differences(theirs, ours))
    ['numpy 2.1 there, 2.2 here', 'the plugin malmo is not there', 'the plugin orebro differs']
    """
    versions, plugins = there["versions"], there["plugins"]
    for name, ours in here["versions"].items():
        if versions.get(name, "none") != ours:
            yield f"{name} {versions.get(name, 'none')} there, {ours} here"
    for name, ours in here["plugins"].items():
        if name not in plugins:
            yield f"the plugin {name} is not there"
        elif plugins[name] != ours:
            yield f"the plugin {name} differs"


def require_same_environment(cluster: Cluster) -> None:
    """Ask every worker of a cluster, and its scheduler, which has to read tasks as well.

    Raises `ClusterError` with each that differs and in what; `OSError` where the scheduler
    does not answer.
    """
    client, ours = cluster.client, environment_here()
    answers = client.run(mismatches, ours, on_error="return")
    try:
        answers["the scheduler"] = client.run_on_scheduler(mismatches, ours)
    except OSError:  # it does not answer
        raise
    except Exception as error:  # what it raised itself
        answers["the scheduler"] = error
    refuse(cluster, {who: _lines(answer) for who, answer in answers.items()})


def refuse(cluster: Cluster, found: Mapping[str, tuple[str, ...]]) -> None:
    """Raise `ClusterError` where any worker reported a difference."""
    lines = [f"{who}: {line}" for who in sorted(found) for line in found[who]]
    if lines:
        what = f"the cluster of {cluster.address} is unlike this machine"
        fix = "(install the same there, and start it anew)"
        raise ClusterError("\n".join((f"{what} {fix}:", *lines)))


def _lines(answer: Any) -> tuple[str, ...]:
    """What a worker answered; one that cannot even be asked answers with an error."""
    if isinstance(answer, BaseException):
        return (f"sifrules cannot be used there ({answer})",)
    return tuple(answer)


def _version(name: str) -> str:
    """The version of an installed package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
