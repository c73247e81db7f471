"""Code of its own, for what no TOML can say: a small module for each thing.

Delete what is not needed. Without any of it the entry point in ``pyproject.toml`` is
``sifrules_example:plugin``.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from sifrules import Behaviour, Measure, Part, hookimpl
from sifrules.plugin.packaged import PackagedMunicipality
from sifrules_example.own.behaviour import WorstCase
from sifrules_example.own.command import districts
from sifrules_example.own.criterion import DistrictOrShare
from sifrules_example.own.measure import WAITING
from sifrules_example.own.return_model import OutcomeReturn


class WithCode(PackagedMunicipality):
    """The files of the package, and the code of this folder."""

    @hookimpl
    def sifrules_parts(self) -> Sequence[type[Part]]:
        return [DistrictOrShare, OutcomeReturn]

    @hookimpl
    def sifrules_behaviours(self) -> Sequence[Behaviour]:
        return [WorstCase()]

    @hookimpl
    def sifrules_measures(self) -> Sequence[Measure]:
        return [WAITING]

    @hookimpl
    def sifrules_commands(self) -> Sequence[click.Command]:
        return [districts]


plugin = WithCode("sifrules_example")
