"""Provenance (härkomst) of a comparison: what its numbers depend on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sifrules.plugin.registry import Registry
from sifrules_simulation.experiments.design import Experiment
from sifrules_simulation.model.fingerprints import (
    fingerprint,
    of_policy,
    of_scenario,
    plugins,
    versions,
)


def provenance(
    experiment: Experiment, registry: Registry, completions: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """All that a result hangs on, as JSON carries it."""
    scenario = experiment.scenario
    return {
        "versions": versions(),
        "policies": [
            {
                "id": label,
                "hash": of_policy(policy),
                "assumed": list(completions.get(label, ())),
            }
            for label, policy in zip(experiment.labels, experiment.policies, strict=True)
        ],
        "plugins": plugins(registry),
        "scenario": {"id": scenario.id, "hash": of_scenario(scenario), "values": scenario.values},
        "behaviour": experiment.behaviour.name,
        "off": list(experiment.switches.off),
        "engine": experiment.engine,
        "seed": experiment.seed,
        "years": experiment.years,
    }


def as_columns(provenance: Mapping[str, Any], policy: str) -> dict[str, str | int]:
    """What of a provenance stands beside every row of a policy."""
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
