"""Guidelines as plain data, read from TOML.

A `Guideline` is a tree of tables and values as the file has them, still unchecked; what
turns it into a policy is `sifrules.loading.builder`. No text of a file is ever evaluated.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import frozen

from sifrules.loading.toml import Tree, read_toml


@frozen
class Changed:
    """Stands in a tree for the citation of a value that a what-if has changed."""

    by: str


@frozen
class Guideline:
    """One guideline or what-if, as read and not yet checked."""

    tree: Tree
    origin: str

    @property
    def stated_id(self) -> object:
        """The id as the file states it, be it one or not; the name made where it states none."""
        return self.tree.get("id", self.id)

    @property
    def id(self) -> str:
        """The policy id that the file states, or a name made from the file's."""
        stated = self.tree.get("id")
        if isinstance(stated, str) and stated:
            return stated
        base = self.tree.get("base")
        stem = Path(self.origin).stem
        return f"{base}+{stem}" if isinstance(base, str) and base else stem


def read_guideline(file: Path | Traversable) -> Guideline:
    """Read a guideline from a TOML file.

    Raises `FaultyFile` for a file that is not there, not text or not TOML.
    """
    return Guideline(read_toml(file), str(file))
