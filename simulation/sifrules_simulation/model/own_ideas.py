"""Ideas of the municipality's own (egna idéer), out of a list: as they are, or resampled.

A row is an idea and a column what it is: its cost, its months, its effect, when it came. What
a row does not state is drawn as for any other idea. As they are, every idea of the list comes
once in every replication; resampled, as many ideas come as the scenario's rates give, each a row
of the list by chance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from sifrules.dataframes import taken
from sifrules.errors import Fault, FaultyFile, SifError, nearest, unexpected
from sifrules.loading.application_list import UNITS
from sifrules.loading.cells import Rows as ListRows, read_rows
from sifrules.loading.list_reader import (
    ListField,
    ListRead,
    ListReader,
    cell_place,
    plain_heading,
)
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods
from sifrules.rules.conditions import Fact, Value
from sifrules.rules.vocabulary import FACTS, Vocabulary
from sifrules.values.dates import Month
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.text import LANGUAGES
from sifrules_simulation.model.idea_facts import IDEA_FACTS
from sifrules_simulation.model.own_ideas_cells import (
    CIVIL,
    COLUMN_UNITS,
    COLUMNS,
    of_fact,
    stated,
)
from sifrules_simulation.model.own_ideas_facts import UnreadFacts

Array = NDArray[Any]

#: The parameters of how many ideas come and when, which a list of them as they are replaces.
HOW_MANY = ("ideas.flow", "ideas.novelty", "ideas.stock")
#: Columns of what facts state too: where only one of the two is stated, it is the other as well.
_SAME_AS = {
    "areas": "application.areas",
    "evaluable": "application.evaluable",
    "regular": "application.regular_operations",
}
#: What each column is, which may stand as its heading too.
COLUMN_WORDS: Mapping[str, Text] = {
    "name": Message("own_ideas.column_name"),
    "committee": Message("own_ideas.column_committee"),
    "arises": Message("own_ideas.column_arises"),
    "cost": Message("own_ideas.column_cost"),
    "months": Message("own_ideas.column_months"),
    "delay": Message("own_ideas.column_delay"),
    "lifetime": Message("own_ideas.column_lifetime"),
    "effect": Message("own_ideas.column_effect"),
    "outside": Message("own_ideas.column_outside"),
    "human": Message("own_ideas.column_human"),
    "believed_effect": Message("own_ideas.column_believed_effect"),
    "believed_human": Message("own_ideas.column_believed_human"),
    "success": Message("own_ideas.column_success"),
    "partly": Message("own_ideas.column_partly"),
    "partial": Message("own_ideas.column_partial"),
    "cashable": Message("own_ideas.column_cashable"),
    "attributable": Message("own_ideas.column_attributable"),
    "areas": Message("own_ideas.column_areas"),
    "evaluable": Message("own_ideas.column_evaluable"),
    "regular": Message("own_ideas.column_regular"),
    "taken_up": Message("own_ideas.column_taken_up"),
    "origin": Message("own_ideas.column_origin"),
    "gains": Message("own_ideas.column_gains"),
}
#: What stands for the row of the headings in a frame, whose first row is 0.
_HEADS = -1
_EMPTY, _HOLDS = Message("own_ideas.empty"), Message("own_ideas.what_it_holds")
#: By how much chances that add up to one may be off.
_ROUNDING = 1e-9


@frozen(eq=False)
class OwnIdeas:
    """A list of ideas: each column by name, with nothing where a row does not state it.

    ``columns`` are numbers with NaN where nothing is stated, amounts in öre, months of arising from
    the scenario's beginning where a number was written; ``dates`` are those that were dates.
    """

    count: int
    columns: Mapping[str, Array]
    dates: Sequence[Month | None]
    gains: Sequence[Mapping[str, Decimal] | None]
    origins: Sequence[str | None]
    facts: Mapping[str, Sequence[Value | None]]
    names: Sequence[str]
    fingerprint: str
    resampled: bool = False
    #: what a command line writes for it; nothing for a frame
    origin: str = ""
    #: columns that may be facts of guidelines, of which it is not known which they are
    unread: UnreadFacts | None = None

    def stated(self, fact: Fact) -> Sequence[Value | None]:
        """What each idea states of a fact; nothing where the list has no column of it.

        Raises `FaultyFile` for cells of a guideline's own fact that cannot be read.
        """
        if fact.name in self.facts or self.unread is None:
            return self.facts.get(fact.name, ())
        return self.unread.stated(fact)

    def states_whole(self, fact: Fact) -> bool:
        """Whether every idea states a fact."""
        found = self.stated(fact)
        return bool(found) and None not in found

    def read_facts(self, policies: Iterable[FundPolicy], others: Iterable[FundPolicy]) -> None:
        """Read what is stated of facts that only some policies know.

        Raises `FaultyFile` for cells that cannot be read, and for a column that is a fact of none
        of them, nor of the ``others``.
        """
        if self.unread is None:
            return
        known = [each.vocabulary for policy in policies for _, each in periods(policy)]
        for fact in (fact for each in known for fact in each.values()):
            self.stated(fact)
        more = (each.vocabulary for policy in others for _, each in periods(policy))
        self.unread.refuse_unknown((*known, *more))

    def asked_by_none(self, policies: Iterable[FundPolicy]) -> Sequence[str]:
        """The facts that only guidelines know, of the list, that none of some policies knows."""
        known = {
            name for policy in policies for _, each in periods(policy) for name in each.vocabulary
        }
        own = (*(self.unread.names if self.unread else ()), *(set(self.facts) - FACTS.keys()))
        return sorted(name for name in own if name not in known)

    def __len__(self) -> int:
        return self.count


@frozen(eq=False)
class Rows:
    """Which rows of a list the ideas of one world are; with none, all is drawn."""

    own: OwnIdeas | None = None
    #: the row of each idea
    at: Array = field(factory=lambda: np.empty(0, dtype=int))

    def over(self, name: str, drawn: Array) -> Array:
        """What was drawn, and in its place what the list states."""
        if self.own is None or name not in self.own.columns:
            return drawn
        stated = self.own.columns[name][self.at]
        return np.where(np.isnan(stated), drawn, stated).astype(drawn.dtype)

    def fact(self, fact: Fact, drawn: Array) -> Array:
        """A fact as it was drawn, and in its place as the list states it."""
        listed = () if self.own is None else self.own.stated(fact)
        if not listed:
            return drawn
        pairs = zip(drawn.tolist(), (listed[row] for row in self.at.tolist()), strict=True)
        return np.array([one if said is None else said for one, said in pairs], dtype=drawn.dtype)

    def civil(self, drawn: Array) -> Array:
        """Whether ideas come from civil society, in place of what was drawn where it is stated."""
        if self.own is None:
            return drawn
        stated = np.array([np.nan if each is None else each == CIVIL for each in self.own.origins])
        here = stated[self.at].astype(float)
        return np.where(np.isnan(here), drawn, here).astype(bool)

    def taken_up(self, drawn: Array) -> Array:
        """The draws by which ideas are taken up: surely or never, where that is stated."""
        if self.own is None or "taken_up" not in self.own.columns:
            return drawn
        stated = self.own.columns["taken_up"][self.at]
        return np.where(np.isnan(stated), drawn, 1 - stated)

    def whole_fact(self, fact: Fact) -> Array | None:
        """A fact that nothing is drawn for, where the list states it of every idea."""
        if self.own is None or not self.own.states_whole(fact):
            return None
        listed = self.own.stated(fact)
        return np.array([listed[row] for row in self.at.tolist()])

    def rest(self, success: Array) -> Array:
        """The chance that all goes as hoped, no more than a stated chance of a part leaves."""
        if self.own is None or "partly" not in self.own.columns:
            return success
        left: Array = 1 - np.nan_to_num(self.own.columns["partly"][self.at])
        return np.minimum(success, left)

    @property
    def gains(self) -> Sequence[Mapping[str, Decimal] | None] | None:
        """Whose costs fall by each idea, None where it is drawn; nothing where all are."""
        if self.own is None or not any(self.own.gains):
            return None
        return [self.own.gains[row] for row in self.at.tolist()]


def own_ideas(
    source: object, *, resampled: bool = False, vocabulary: Vocabulary | None = None
) -> OwnIdeas:
    """Ideas out of a data frame, or a CSV file or workbook, to be simulated.

    Columns are those of `COLUMNS` and facts by name (``application.preventive``); what is lacking
    is drawn. Rows and columns that begin with ``#`` are for the reader alone. With ``resampled``
    ideas come by the scenario's rates, each a row by chance. Facts that only a guideline knows are
    read when it is simulated, or at once where its ``vocabulary`` is given. Raises `FaultyFile`
    with the place of every column and cell that cannot be read.

    >>> import polars as pl
    >>> found = own_ideas(pl.DataFrame({"cost": [2_000_000, 500_000], "months": [24, None]}))
    >>> len(found), found.columns["months"].tolist()
    (2, [24.0, nan])
    """
    if not isinstance(resampled, bool):
        raise SifError(unexpected(Message("expected.flag"), resampled).what, where="resampled")
    if isinstance(source, str | Path):
        origin, rows = str(source), read_rows(Path(source), empty=_EMPTY, holds=_HOLDS)
    else:
        frame = taken(source)
        body = [(at, list(row)) for at, row in enumerate(frame.iter_rows())]
        if not body:
            raise FaultyFile([Fault("frame", "", Message("own_ideas.empty"))])
        origin, rows = "", ListRows("frame", list(frame.columns), body, _HEADS)
    reader = _reader(vocabulary or FACTS, of_frame=not origin)
    unread = UnreadFacts.of(rows, reader) if vocabulary is None else None
    if unread is not None:
        reader = evolve(reader, about=unread.headings)
    return _ideas(_agreeing(reader, rows), resampled, origin, unread)


def _reader(vocabulary: Vocabulary, *, of_frame: bool = False) -> ListReader:
    """Reads ideas: columns by their names or words, and facts that an idea may state."""
    fields: dict[str, ListField] = {}
    for name, words in COLUMN_WORDS.items():
        column = ListField(name, partial(stated, name), COLUMN_UNITS.get(COLUMNS[name]))
        headings = (name, *(plain_heading(words.text(lang)) for lang in LANGUAGES))
        fields |= dict.fromkeys(headings, column)
    for name, fact in vocabulary.items():
        if name in IDEA_FACTS or name not in FACTS:
            fields[name.casefold()] = ListField(name, partial(of_fact, fact), UNITS.get(fact.kind))
    place = _frame_place if of_frame else cell_place
    return ListReader(fields, _refused, notes_in_rows=not of_frame, place=place)


def _refused(heading: str) -> tuple[Text, Text | None]:
    """What is wrong with a heading that names no column, and what to do."""
    code = "own_ideas.fact_follows" if heading in FACTS else "own_ideas.no_column"
    near = nearest(heading, (*COLUMNS, *sorted(IDEA_FACTS)))
    return Message(code, name=heading), near


def _frame_place(_at: int, head: str, row: int) -> Text:
    """Where a cell of a frame is: its column, and its row but for a heading."""
    number = None if row == _HEADS else Message("own_ideas.row", row=row)
    return Joined.of(" ", head, number)


def _agreeing(reader: ListReader, rows: ListRows) -> ListRead:
    """The list as it was read; `FaultyFile` where two cells of a row cannot both be."""
    read, faults = reader.read(rows), []
    by_name = {column.of.name: column for column in read.columns}
    for number, record in read.records:
        for column, wrong in _contradicted(record):
            place = reader.place(by_name[column].at, by_name[column].head, number)
            faults.append(Fault(rows.file, place, wrong))
    if faults:
        raise FaultyFile(faults)
    return read


def _contradicted(record: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    """The columns of a row that another one contradicts, each with what is wrong."""
    if record.get("success", 0) + record.get("partly", 0) > 1 + _ROUNDING:
        yield "partly", Message("own_ideas.chances")
    for name, fact in _SAME_AS.items():
        if name in record and record.get(fact, record[name]) != record[name]:
            yield fact, Message("own_ideas.two_answers", name=name)


def _ideas(read: ListRead, resampled: bool, origin: str, unread: UnreadFacts | None) -> OwnIdeas:
    """The ideas of the rows that were read."""
    names = [each.of.name for each in read.columns]
    cells = {name: read.of(name) for name in names}
    as_they_stand = {} if unread is None else unread.cells
    fingerprint = _fingerprint(resampled, {**cells, **as_they_stand})
    for name, fact in _SAME_AS.items():
        if fact in cells:
            pairs = zip(cells.get(name, cells[fact]), cells[fact], strict=True)
            cells[name] = [said if one is None else one for one, said in pairs]
    numbers = {name for name in COLUMNS if name not in ("name", "gains", "origin", "arises")}
    count = len(read.records)
    arises = cells.get("arises", [None] * count)
    months = [each if isinstance(each, int) else None for each in arises]
    if not count:
        raise FaultyFile([Fault(origin, "", Message("own_ideas.empty"))])
    return OwnIdeas(
        count=count,
        columns={
            **{name: _array(cells[name]) for name in cells if name in numbers},
            **({"arises": _array(months)} if "arises" in cells else {}),
        },
        dates=[each if isinstance(each, Month) else None for each in arises],
        gains=cells.get("gains", [None] * count),  # type: ignore[arg-type]  # as `_gains` reads them
        origins=cells.get("origin", [None] * count),  # type: ignore[arg-type]  # as `_origin` does
        facts={name: cells[name] for name in names if "." in name},  # type: ignore[misc]  # of facts
        names=[
            str(each) if each is not None else f"{at + 1}"
            for at, each in enumerate(cells.get("name", [None] * count))
        ],
        fingerprint=fingerprint,
        resampled=resampled,
        origin=origin,
        unread=unread,
    )


def _fingerprint(resampled: bool, cells: Mapping[str, Sequence[Any]]) -> str:
    stated = sorted((key, repr(each)) for key, each in cells.items())
    return hashlib.blake2b(repr((resampled, stated)).encode(), digest_size=8).hexdigest()


def _array(values: Sequence[Any]) -> Array:
    return np.array([np.nan if each is None else float(each) for each in values])
