"""Whether every public name is on the site that was built.

    sphinx-build -W --keep-going -b html -c docs . FOLDER
    python docs/check_site.py FOLDER

It ends with 1, naming them, where any are lacking.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from sphinx.util.inventory import InventoryFile

PACKAGES = ("sifrules", "sifrules.testing")


def on_the_site(folder: Path) -> set[str]:
    """The names of modules, classes, functions and data that the site describes."""
    inventory = InventoryFile.loads((folder / "objects.inv").read_bytes(), uri="")
    return {name for kind, names in inventory.data.items() if kind[:3] == "py:" for name in names}


def main() -> None:
    found = on_the_site(Path(sys.argv[1]))
    lacking = [
        f"{package}.{name}"
        for package in PACKAGES
        for name in import_module(package).__all__
        if f"{package}.{name}" not in found
    ]
    if lacking:
        sys.exit(f"not on the site: {', '.join(lacking)}")
    print(f"every public name of {', '.join(PACKAGES)} is on the site")


if __name__ == "__main__":
    main()
