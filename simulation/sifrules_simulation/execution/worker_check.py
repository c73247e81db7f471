"""The likeness of a cluster (klustrets likhet): the same versions and plugins as here, or none.

Bytes are the same on any machine only where the same things make them. So workers are asked
what they work with before any of them works, and one that joins later looks for itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sifrules_simulation.execution.cluster import ClusterError, address_of

#: What the work travels by, beside what its numbers hang on.
_CARRIERS = ("joblib", "distributed")


@cache
def environment_here() -> str:
    """What this process works with: versions, and plugins by their fingerprints, as JSON.

    Found out once: what a process has imported stays as it was, though files change.
    """
    from sifrules.plugin.registry import registry
    from sifrules_simulation.model.fingerprints import environment_fingerprint

    found = environment_fingerprint(registry())
    found["versions"] |= {name: _version(name) for name in _CARRIERS}
    return json.dumps(found, sort_keys=True)


@cache
def mismatches(wanted: str) -> tuple[str, ...]:
    """What this process lacks of the tools that a run was begun with, a line for each thing."""
    return tuple(differences(json.loads(environment_here()), json.loads(wanted)))


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    """What a worker has otherwise than we do; plugins that it has beyond ours do no harm.

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


def require_same_environment(backend: Any) -> None:
    """Ask every worker of a backend, and the scheduler, which has to read the work as well.

    Raises `ClusterError`, which names each that differs, and in what.
    """
    client, ours = backend.client, environment_here()
    answers = client.run(mismatches, ours, on_error="return")
    try:
        answers["the scheduler"] = client.run_on_scheduler(mismatches, ours)
    except OSError:  # it does not answer
        raise
    except Exception as error:  # what it raised itself
        answers["the scheduler"] = error
    refuse(backend, {who: _told(answer) for who, answer in answers.items()})


def refuse(backend: Any, told: Mapping[str, tuple[str, ...]]) -> None:
    """Raise `ClusterError` where anyone has anything to tell."""
    lines = [f"{who}: {line}" for who in sorted(told) for line in told[who]]
    if lines:
        what = f"the cluster of {address_of(backend)} is unlike this machine"
        fix = "(install the same there, and start it anew)"
        raise ClusterError("\n".join((f"{what} {fix}:", *lines)))


def _told(answer: Any) -> tuple[str, ...]:
    """What a worker answered; one that cannot even be asked answers with an error."""
    if isinstance(answer, BaseException):
        return (f"sifrules cannot be used there ({answer})",)
    return tuple(answer)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
