"""Offers the parts of this package through the hook, as any plugin offers its own."""

from __future__ import annotations

from collections.abc import Sequence

from sifrules.plugin.hookspecs import hookimpl
from sifrules.policy.parts import Part
from sifrules_policies import (
    base_amounts,
    caps,
    criteria,
    funding,
    outcome_contracts,
    plain_criteria,
    priorities,
    procedures,
    return_models,
    without_return,
    write_downs,
)


@hookimpl
def sifrules_parts() -> Sequence[type[Part]]:
    return (
        *funding.PARTS,
        *plain_criteria.PARTS,
        *criteria.PARTS,
        *procedures.PARTS,
        *caps.PARTS,
        *base_amounts.PARTS,
        *priorities.PARTS,
        *return_models.PARTS,
        *without_return.PARTS,
        *outcome_contracts.PARTS,
        *write_downs.PARTS,
    )
