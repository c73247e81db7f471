"""Compile the message catalogues into the wheel (hatchling's build hook)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Where a package stands in the tree, and where in the wheel.
PACKAGES = {
    "sifrules/presentation": "sifrules/presentation",
    "simulation/sifrules_simulation/presentation": "sifrules_simulation/presentation",
}


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg, misc]
    """Puts a compiled catalogue (.mo) next to each source (.po) of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile for a wheel; an editable install reads the sources as they change."""
        if version == "editable":
            return
        made = Path(tempfile.mkdtemp(prefix="sifrules-catalogues-"))
        for folder, package in PACKAGES.items():
            root = Path(self.root) / folder
            for source in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
                place = source.relative_to(root).with_suffix(".mo")
                compiled = made / package / place
                compiled.parent.mkdir(parents=True, exist_ok=True)
                with source.open("rb") as read, compiled.open("wb") as written:
                    write_mo(written, read_po(read))
                build_data["force_include"][str(compiled)] = f"{package}/{place}"
