"""Facts of a list of ideas that only guidelines know (egna uppgifter), read when these are known.

A list is read before it is said which guidelines it is simulated under, and these may be files. Its
columns of facts that not every guideline shares are left until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from attrs import evolve, field, frozen

from sifrules.errors import Fault, FaultyFile, nearest
from sifrules.loading.application_list import UNITS
from sifrules.loading.cells import Cell, Rows
from sifrules.loading.list_reader import (
    LEFT_OUT,
    ListField,
    ListReader,
    plain_heading,
    without_unit,
)
from sifrules.policy.tracks import NAMED, TRACK_FACTS
from sifrules.rules.conditions import Fact, Value
from sifrules.rules.vocabulary import FACTS, Vocabulary
from sifrules_simulation.model.idea_facts import IDEA_FACTS
from sifrules_simulation.model.own_ideas_cells import of_fact

#: Facts of guidelines with tracks that no idea states: where it goes, and what there is left.
_OF_TRACKS = {NAMED, *(fact.name for fact in TRACK_FACTS)}


@frozen(eq=False)
class UnreadFacts:
    """The columns of a list that may be facts of a guideline, with their cells as they stand.

    ``names`` are what they are called, in small letters, each with its place among the headings.
    """

    rows: Rows
    reader: ListReader
    names: Mapping[str, int]
    _read: dict[Fact, Sequence[Value | None]] = field(factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, rows: Rows, reader: ListReader) -> UnreadFacts | None:
        """Those of a list that its reader does not know; None where there are none."""
        plain = [without_unit(plain_heading(str(head or ""))) for head in rows.heads]
        names = {
            name: at
            for at, name in enumerate(plain)
            if "." in name
            and not name.startswith(LEFT_OUT)
            and name not in reader.fields
            and name not in FACTS
        }
        return cls(rows, evolve(reader, fields={}, about=()), names) if names else None

    @property
    def cells(self) -> Mapping[str, Sequence[Cell]]:
        """The cells of each column, as they stand in the list."""
        return {
            name: [row[at] if at < len(row) else None for _, row in self.rows.body]
            for name, at in self.names.items()
        }

    @property
    def headings(self) -> Collection[str]:
        """Their headings, as a reader looks them up."""
        return {plain_heading(str(self.rows.heads[at])) for at in self.names.values()}

    def stated(self, fact: Fact) -> Sequence[Value | None]:
        """What each idea states of a fact; nothing where the list has no column of it.

        Raises `FaultyFile` with the place of every cell that cannot be read.
        """
        name = fact.name.casefold()
        if name not in self.names:
            return ()
        if fact not in self._read:
            one = ListField(fact.name, partial(of_fact, fact), UNITS.get(fact.kind))
            others = self._headings_but(self.names[name])
            reader = evolve(self.reader, fields={name: one}, about=others)
            self._read[fact] = reader.read(self.rows).of(fact.name)  # type: ignore[assignment]  # as `of_fact` reads them
        return self._read[fact]

    def _headings_but(self, column: int) -> Collection[str]:
        heads = enumerate(self.rows.heads)
        return {plain_heading(str(head or "")) for at, head in heads if at != column}

    def refuse_unknown(self, known: Iterable[Vocabulary]) -> None:
        """Raise `FaultyFile` for every column that is a fact of no guideline."""
        facts = {name for each in known for name in each} - FACTS.keys() - _OF_TRACKS
        unknown = self.names.keys() - {each.casefold() for each in facts}
        faults = []
        for name, at in self.names.items():
            if name not in unknown:
                continue
            place = self.reader.place(at, str(self.rows.heads[at]), self.rows.at)
            problem, _ = self.reader.refused(name)
            near = nearest(name, sorted(facts | IDEA_FACTS))
            faults.append(Fault(self.rows.file, place, problem, fix=near))
        if faults:
            raise FaultyFile(faults)
