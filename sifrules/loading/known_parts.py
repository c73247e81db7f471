"""Parts that have been built, by their tables: a what-if builds anew only what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, field

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Part

#: How many parts are remembered, those of a few hundred guidelines and what-ifs.
_MOST = 4_000
#: The tables of a guideline by which every part of it is read.
_READ_WITH = ("documents", "facts")

Tree = Mapping[str, Any]


@define(eq=False)
class KnownParts:
    """The parts of policies that were built without a fault.

    A table of a guideline's tree is never changed: a what-if has another one in its place. So the
    same table gives the same part, as long as the documents that it cites and the facts that it
    reads are the same.
    """

    _by_table: dict[int, tuple[object, Part, Tree]] = field(factory=dict)
    _parts: set[int] = field(factory=set)

    def made_of(self, table: object, path: str, tree: Tree) -> Part | None:
        """The part that was made of this very table of a tree at some path, None if none was."""
        of, part, before = self._by_table.get(id(table), (None, None, tree))
        if part is None or of is not table or part.path != path:
            return None
        alike = all(before.get(name) == tree.get(name) for name in _READ_WITH)
        return part if alike else None

    def __contains__(self, part: Part) -> bool:
        return id(part) in self._parts

    def add(self, policy: FundPolicy) -> None:
        """Remember the parts of a policy that stand in no track."""
        if len(self._by_table) > _MOST:
            self._by_table.clear()
            self._parts.clear()
        for table, part in _with_tables(policy):
            self._by_table[id(table)] = table, part, policy.tree
            self._parts.add(id(part))


def _with_tables(policy: FundPolicy) -> Iterator[tuple[object, Part]]:
    """The parts of a policy with the tables of its tree that they were made of."""
    for part in policy.parts:
        slot, _, name = part.path.partition(".")
        table: Any = policy.tree.get(slot)
        if name and isinstance(table, Mapping):
            table = table.get(name)
        if table is not None:
            yield table, part
