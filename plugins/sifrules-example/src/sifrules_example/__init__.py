"""Exempelby, an invented municipality: an example of a plugin, and a template for one."""

from __future__ import annotations

from collections.abc import Sequence

from sifrules import Part, hookimpl
from sifrules.packaged import PackagedMunicipality
from sifrules_example.parts import StepwiseReturn


class Exempelby(PackagedMunicipality):
    """The files of this package, and a return model of its own."""

    @hookimpl
    def sifrules_parts(self) -> Sequence[type[Part]]:
        return [StepwiseReturn]


plugin = Exempelby(__name__)
