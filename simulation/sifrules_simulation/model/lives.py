"""What became of the ideas of one replication (utfall), made where somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

from attrs import frozen

from sifrules.plugin.simulation import Halted, IdeaCounts, IdeaHistory
from sifrules_simulation.model.ahead import ChosenAhead
from sifrules_simulation.model.world import World


@frozen(slots=False, eq=False)
class Lives(Sequence[IdeaHistory]):
    """The histories of all ideas of a world, those that are not applied with made on demand.

    ``pursued`` are those that a committee chose to apply with, by the idea's row in the table.
    """

    world: World
    ahead: ChosenAhead
    pursued: Mapping[int, IdeaHistory]

    def halted(self) -> list[Halted]:
        """Those that stopped at a rule, and all that were applied with, in order."""
        some = sorted(
            (*self.ahead.halted_between(self.world.first, self.world.until), *self.pursued)
        )
        return [self.pursued.get(row) or self.ahead.halted[row] for row in some]

    def counts(self) -> IdeaCounts:
        """What is counted of all of them."""
        first, until = self.world.first, self.world.until
        viable, attributable = self.world.table.viable_between(first, until)
        return IdeaCounts(viable, attributable, self.ahead.considered_between(first, until))

    @cached_property
    def _all(self) -> tuple[IdeaHistory, ...]:
        self.world.ideas  # noqa: B018  # made at once, which is faster than one by one
        rows = range(self.world.first, self.world.until)
        return tuple(self.pursued.get(row) or self.ahead.life(row) for row in rows)

    def __len__(self) -> int:
        return self.world.until - self.world.first

    def __iter__(self) -> Iterator[IdeaHistory]:
        return iter(self._all)

    @overload
    def __getitem__(self, at: int) -> IdeaHistory: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[IdeaHistory]: ...
    def __getitem__(self, at: int | slice) -> IdeaHistory | Sequence[IdeaHistory]:
        return self._all[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
