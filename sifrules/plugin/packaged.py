"""A municipality as a folder of TOML files: the usual plugin, without code of its own."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable

from sifrules.loading.guideline import Guideline, read_guideline
from sifrules.loading.history import History, read_history
from sifrules.plugin.hookspecs import hookimpl


class PackagedMunicipality:
    """Offers the files of a package: ``guidelines/*.toml`` and, if there, ``history.toml``.

    Its worked cases are those in ``cases.toml``, if that is there: `sif test` tries them.

    In the plugin's ``__init__.py``: ``plugin = PackagedMunicipality(__name__)``; the
    entry point then is ``yourtown = "your_package:plugin"``.
    """

    def __init__(self, package: str) -> None:
        self.package = package

    @property
    def cases_file(self) -> Traversable:
        """Where its worked cases stand, if it has any."""
        return files(self.package) / "cases.toml"

    @hookimpl
    def sifrules_guidelines(self) -> Sequence[Guideline]:
        folder = files(self.package) / "guidelines"
        found = [file for file in folder.iterdir() if file.name.endswith(".toml")]
        return [read_guideline(file) for file in sorted(found, key=lambda file: file.name)]

    @hookimpl
    def sifrules_history(self) -> Sequence[History]:
        file = files(self.package) / "history.toml"
        return [read_history(file)] if file.is_file() else []
