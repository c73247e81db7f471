"""Ideas of the municipality's own (egna idéer), out of a list: as they are, or resampled.

A row is an idea and a column what it is: its cost, its months, its effect, when it came. What
a row does not state is drawn as for any other idea. As they are, every idea of the list comes
once in every replication; resampled, as many ideas come as the scenario's rates give, each a row
of the list by chance.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sifrules.dataframes import taken
from sifrules.errors import Fault, FaultyFile, SifError, nearest, shown, unexpected
from sifrules.loading.application_list import UNITS, as_written
from sifrules.loading.cells import Cell, Rows as ListRows, read_rows
from sifrules.loading.list_reader import (
    AS_SHARE,
    IN_MONTHS,
    ListField,
    ListRead,
    ListReader,
    cell_place,
    plain_heading,
    yes_or_no,
)
from sifrules.plugin.simulation import committee_name
from sifrules.rules.conditions import Fact, Value
from sifrules.rules.kinds import Kind as Kinds
from sifrules.rules.vocabulary import FACTS, Vocabulary
from sifrules.values.dates import Month
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.money import ore
from sifrules.values.quantities import read_amount, read_share, refuse_bare
from sifrules.values.text import LANGUAGES
from sifrules_simulation.model.idea_facts import IDEA_FACTS

Array = NDArray[Any]

#: What a column holds.
Kind = Literal["amount", "months", "share", "count", "flag", "month", "gains", "name", "origin"]
_SEK: Kind = "amount"

#: The columns that a list of ideas may have, besides facts by name, each with what it holds.
COLUMNS: Mapping[str, Kind] = {
    "name": "name",
    "committee": "count",
    "arises": "month",
    "cost": _SEK,
    "months": "months",
    "delay": "months",
    "lifetime": "months",
    "effect": _SEK,
    "outside": _SEK,
    "human": _SEK,
    "believed_effect": _SEK,
    "believed_human": _SEK,
    "success": "share",
    "partly": "share",
    "partial": "share",
    "cashable": "share",
    "attributable": "share",
    "areas": "count",
    "evaluable": "flag",
    "regular": "flag",
    "taken_up": "flag",
    "origin": "origin",
    "gains": "gains",
}
#: The parameters of how many ideas come and when, which a list of them as they are replaces.
HOW_MANY = ("ideas.flow", "ideas.novelty", "ideas.stock")
#: What may stand in the brackets of a heading besides a unit of money or per cent.
_UNITS = {"amount": frozenset[str](), "months": IN_MONTHS, "share": AS_SHARE}
#: The least that a column may hold, where that is not 0.
_LEAST = {"cost": 100, "months": 1, "lifetime": 1, "committee": 1, "areas": 1}
#: A larger number than this is a year, and no month from the beginning; nothing lasts longer.
_LONGEST = 1_200
#: A month, alone or as the beginning of a day or of a moment.
_DAY = re.compile(r"(\d{4}-\d{2})(?:-\d{2}(?:[T ].*)?)?")
#: Columns of what facts state too: where only one of the two is stated, it is the other as well.
_SAME_AS = {
    "areas": "application.areas",
    "evaluable": "application.evaluable",
    "regular": "application.regular_operations",
}
#: The most that a column of months may hold: no investment is settled that runs longer.
_MOST = {"months": 600, "delay": _LONGEST, "lifetime": _LONGEST}
#: So many decimals of a share are more than anybody measures, and are exact in every sum.
_DECIMALS = 9
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
_CIVIL = "civil_society"
_EMPTY, _HOLDS = Message("own_ideas.empty"), Message("own_ideas.what_it_holds")
_ORIGINS = ("internal", _CIVIL)
#: How numbers say yes and no, also in a column of pandas with gaps.
_FLAGS = {"1": "yes", "0": "no", "1.0": "yes", "0.0": "no"}
#: By how much chances that add up to one may be off.
_ROUNDING = 1e-9
_GAIN = re.compile(r"\s*(\d+)\s*[:=]\s*([^+]+)\s*")


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

    def fact(self, name: str, drawn: Array) -> Array:
        """A fact as it was drawn, and in its place as the list states it."""
        if self.own is None or name not in self.own.facts:
            return drawn
        stated = [self.own.facts[name][row] for row in self.at.tolist()]
        pairs = zip(drawn.tolist(), stated, strict=True)
        return np.array([one if said is None else said for one, said in pairs], dtype=drawn.dtype)

    def civil(self, drawn: Array) -> Array:
        """Whether ideas come from civil society, in place of what was drawn where it is stated."""
        if self.own is None:
            return drawn
        stated = np.array([np.nan if each is None else each == _CIVIL for each in self.own.origins])
        here = stated[self.at].astype(float)
        return np.where(np.isnan(here), drawn, here).astype(bool)

    def taken_up(self, drawn: Array) -> Array:
        """The draws by which ideas are taken up: surely or never, where that is stated."""
        if self.own is None or "taken_up" not in self.own.columns:
            return drawn
        stated = self.own.columns["taken_up"][self.at]
        return np.where(np.isnan(stated), drawn, 1 - stated)

    def whole_fact(self, name: str) -> Array | None:
        """A fact that nothing is drawn for, where the list states it of every idea."""
        if self.own is None or None in self.own.facts.get(name, (None,)):
            return None
        return np.array([self.own.facts[name][row] for row in self.at.tolist()])

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
    source: object, *, resampled: bool = False, vocabulary: Vocabulary = FACTS
) -> OwnIdeas:
    """Ideas out of a data frame, or a CSV file or workbook, to be simulated.

    Columns are those of `COLUMNS` and facts by name (``application.preventive``); what is lacking
    is drawn. Rows and columns that begin with ``#`` are for the reader alone. With ``resampled``
    ideas come by the scenario's rates, each a row by chance. Facts that only a policy knows are
    those of its ``vocabulary``. Raises `FaultyFile` with the place of every column and cell that
    cannot be read.

    >>> import polars as pl
    >>> found = own_ideas(pl.DataFrame({"cost": [2_000_000, 500_000], "months": [24, None]}))
    >>> len(found), found.columns["months"].tolist()
    (2, [24.0, nan])
    """
    if not isinstance(resampled, bool):
        raise SifError(unexpected(Message("expected.flag"), resampled).what, where="resampled")
    if isinstance(source, str | Path):
        rows = read_rows(Path(source), empty=_EMPTY, holds=_HOLDS)
        reader = _reader(vocabulary)
        return _ideas(_agreeing(reader, rows), resampled, str(source))
    frame = taken(source)
    body = [(at, list(row)) for at, row in enumerate(frame.iter_rows())]
    if not body:
        raise FaultyFile([Fault("frame", "", Message("own_ideas.empty"))])
    rows = ListRows("frame", list(frame.columns), body, _HEADS)
    return _ideas(_agreeing(_reader(vocabulary, of_frame=True), rows), resampled, "")


def _reader(vocabulary: Vocabulary, *, of_frame: bool = False) -> ListReader:
    """Reads ideas: columns by their names or words, and facts that an idea may state."""
    fields: dict[str, ListField] = {}
    for name, words in COLUMN_WORDS.items():
        column = ListField(name, partial(_stated, name), _UNITS.get(COLUMNS[name]))
        headings = (name, *(plain_heading(words.text(lang)) for lang in LANGUAGES))
        fields |= dict.fromkeys(headings, column)
    for name, fact in vocabulary.items():
        if name in IDEA_FACTS or name not in FACTS:
            fields[name.casefold()] = ListField(name, partial(_of_fact, fact), UNITS.get(fact.kind))
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


def _ideas(read: ListRead, resampled: bool, origin: str) -> OwnIdeas:
    """The ideas of the rows that were read."""
    names = [each.of.name for each in read.columns]
    cells = {name: read.of(name) for name in names}
    fingerprint = _fingerprint(resampled, cells)
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
    )


def _of_fact(fact: Fact, cell: Cell, unit: str) -> Value:
    flag = fact.kind is Kinds.FLAG
    return fact.value(_flag(cell) if flag else as_written(fact, cell, unit))


def _stated(name: str, cell: Cell, unit: str) -> object:
    """What a cell says of a column, no less and no more than the column may hold."""
    value = _READ[COLUMNS[name]](cell, unit)
    least = _LEAST.get(name)
    if least is not None and value < least:
        raise SifError(Message("own_ideas.too_small", value=shown(cell)))
    if name in _MOST and value > _MOST[name]:
        raise SifError(Message("own_ideas.too_long", value=shown(cell), most=_MOST[name]))
    return value


def _fingerprint(resampled: bool, cells: Mapping[str, Sequence[Any]]) -> str:
    stated = sorted((key, repr(each)) for key, each in cells.items())
    return hashlib.blake2b(repr((resampled, stated)).encode(), digest_size=8).hexdigest()


def _array(values: Sequence[Any]) -> Array:
    return np.array([np.nan if each is None else float(each) for each in values])


# --- cells ----------------------------------------------------------------------------


def _amount(cell: Cell, unit: str) -> int:
    """An amount in öre, never negative."""
    if isinstance(cell, str) or unit:
        number = cell if isinstance(cell, str) else _plain(cell)
        amount = int(read_amount(f"{number} {unit}".strip()))
    else:
        number = _plain(cell)
        refuse_bare(Decimal(number), str(number))
        amount = int(ore(number))
    if amount < 0:
        raise SifError(Message("own_ideas.too_small", value=shown(cell)))
    return amount


def _plain(cell: Cell) -> Any:
    """A number of a frame or workbook, exactly as it is shown there."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | np.number):
        raise unexpected(Message("expected.decimal"), cell)
    if not math.isfinite(cell):
        raise unexpected(Message("expected.decimal"), cell)
    exact = Decimal(repr(float(cell))) if isinstance(cell, float) else Decimal(str(cell))
    return int(exact) if exact == exact.to_integral_value() else exact


def _whole(cell: Cell, _: str) -> int:
    if isinstance(cell, str) and re.fullmatch(r"\d{1,9}", cell):
        return int(cell)
    number = None if isinstance(cell, str) else _plain(cell)
    if not isinstance(number, int) or number < 0:
        raise unexpected(Message("expected.whole_number"), cell)
    return number


def _share(cell: Cell, unit: str) -> float:
    number = cell if isinstance(cell, str) else format(Decimal(_plain(cell)), "f")
    share = float(read_share(f"{number} {unit}".strip()))
    if not 0 <= share <= 1:
        raise SifError(Message("own_ideas.no_share", value=shown(cell)))
    return share


def _flag(cell: Cell, _: str = "") -> bool:
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    return yes_or_no(_FLAGS.get(str(cell), str(cell)))


def _month(cell: Cell, _: str) -> Month | int:
    if isinstance(cell, dt.date):
        return Month(cell.year, cell.month)
    if isinstance(cell, str) and not cell.isdigit():
        day = _DAY.fullmatch(cell)
        return Month.parse(cell if day is None else day[1])
    number = _whole(cell, "")
    if number >= _LONGEST:
        raise SifError(Message("own_ideas.no_month", value=shown(cell)))
    return number


def _gains(cell: Cell, _: str) -> Mapping[str, Decimal]:
    """Whose costs fall: ``1: 60 % + 2: 40 %``, by the number of the committee."""
    found: dict[str, Decimal] = {}
    for piece in str(cell).split("+"):
        match = _GAIN.fullmatch(piece)
        if match is None or int(match[1]) < 1:
            raise SifError(
                Message("own_ideas.no_gains", value=shown(cell)), fix=Message("own_ideas.gains_as")
            )
        name, share = committee_name(int(match[1]) - 1), read_share(match[2].strip())
        if not share > 0 or share != round(share, _DECIMALS):
            raise SifError(Message("own_ideas.gains_share", share=match[2].strip(), most=_DECIMALS))
        found[name] = found.get(name, Decimal(0)) + share
    if sum(found.values()) != 1:
        raise SifError(Message("own_ideas.gains_sum", value=shown(cell)))
    return found


def _origin(cell: Cell, _: str) -> str:
    if cell not in _ORIGINS:
        raise unexpected(Message("expected.one_of", options=", ".join(_ORIGINS)), cell)
    return str(cell)


_READ: Mapping[Kind, Callable[[Cell, str], Any]] = {
    "amount": _amount,
    "months": _whole,
    "share": _share,
    "count": _whole,
    "flag": _flag,
    "month": _month,
    "gains": _gains,
    "name": lambda cell, _: str(cell),
    "origin": _origin,
}
