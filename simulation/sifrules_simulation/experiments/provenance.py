"""Provenance (härkomst) of a run: what its numbers depend on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sifrules.plugin.registry import Registry
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.model.fingerprints import (
    fingerprint,
    of_policy,
    of_scenario,
    plugins,
    ranges_of,
    versions,
)


def environment(registry: Registry) -> dict[str, Any]:
    """What any run depends on: versions of libraries, and the plugins that take part.

    It is found out once for a registry, whose plugins are loaded once too.
    """
    if registry not in _FOUND:
        _FOUND[registry] = {"versions": versions(), "plugins": plugins(registry)}
    return _FOUND[registry]


_FOUND: WeakKeyDictionary[Registry, dict[str, Any]] = WeakKeyDictionary()


def provenance(design: Design, *, drawn: bool = False) -> dict[str, Any]:
    """All that the results of a design depend on, as JSON carries it.

    Of parameters that are ``drawn`` the ranges count, and the mechanisms are a study's own.
    """
    scenario = design.scenario
    values = {"ranges_hash": ranges_of(scenario)} if drawn else {"values": scenario.values}
    mechanisms = {"off": list(design.switches.off), "engine": design.engine}
    return {
        "versions": design.environment["versions"],
        "policies": [
            {"id": label, "hash": of_policy(policy), "assumed": list(assumed)}
            for label, policy, assumed in zip(
                design.labels, design.policies, design.assumed, strict=True
            )
        ],
        "plugins": design.environment["plugins"],
        "scenario": {"id": scenario.id, "hash": of_scenario(scenario), **values},
        "behaviour": design.behaviour.name,
        **({} if drawn else mechanisms),
        "seed": design.seed,
        "years": design.years,
    }


def as_columns(provenance: Mapping[str, Any], policy: str) -> dict[str, str | int]:
    """What of a provenance stands in every row of a policy."""
    (hash_,) = (each["hash"] for each in provenance["policies"] if each["id"] == policy)
    loaded = json.dumps(provenance["plugins"], sort_keys=True)
    return {
        "seed": provenance["seed"],
        "years": provenance["years"],
        "scenario": provenance["scenario"]["id"],
        "behaviour": provenance["behaviour"],
        "off": " ".join(provenance["off"]),
        "version": provenance["versions"]["sifrules"],
        "policy_hash": hash_,
        "plugins_hash": fingerprint(loaded),
        "scenario_hash": provenance["scenario"]["hash"],
    }
