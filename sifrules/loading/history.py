"""The record (utfall): what a municipality actually set aside, granted, paid and got back.

A history is read from TOML. What the sources do not say stays absent: an amount that
is not known is None, and a kind of event counts as complete only where a source says
that the list is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, TypeVar

from attrs import field, frozen

from sifrules.errors import nearest, unexpected
from sifrules.loading.reader import Reader
from sifrules.loading.toml import read_toml
from sifrules.rules.kinds import BOUNDS, Kind
from sifrules.values.citations import Citation
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message
from sifrules.values.money import Amount, Ore
from sifrules.values.text import LocalizedText

Row = TypeVar("Row")

#: The kinds of event a list can be complete in, or a total stated for.
What = Literal[
    "endowment", "granted", "paid_out", "handed_back", "returned", "written_down", "exempted"
]

#: What a source may count beside money.
Counted = Literal[
    "ideas",
    "ideas_refused",
    "applications",
    "applications_refused",
    "granted",
    "evaluated",
    "implemented",
]


@frozen(kw_only=True)
class Entry:
    """An event of the record: money set aside, paid out, handed back or returned.

    ``date`` is when the money moved, ``decided`` when that was decided. ``grant`` names
    the grant it belongs to; an endowment has none. ``amount`` is öre, None if unknown.
    """

    what: What
    date: PartialDate
    amount: Ore | None = None
    grant: str | None = None
    decided: str | None = None
    cite: Citation


@frozen(kw_only=True)
class GrantYear:
    """What of a grant is taken out of one year's pot (årets pott)."""

    year: int
    amount: Ore


@frozen(kw_only=True)
class Grant:
    """A grant (beviljade medel) as the sources have it.

    ``years`` are its parts where it is granted out of several years' pots, the first when it is
    granted and each of the others when its year begins; together they are the amount.
    """

    name: str
    granted: PartialDate
    amount: Ore | None = None
    years: tuple[GrantYear, ...] = ()
    committees: tuple[str, ...] = ()
    starts: PartialDate | None = None
    ends: PartialDate | None = None
    returns: LocalizedText | None = None
    note: LocalizedText | None = None
    cite: Citation

    @property
    def parts(self) -> tuple[tuple[PartialDate, Ore | None], ...]:
        """When each part of it is taken out of a pot; all of it at once where nothing else is said.

        >>> two = (GrantYear(year=2019, amount=Ore(3)), GrantYear(year=2020, amount=Ore(2)))
        >>> grant = Grant(name="A", granted=PartialDate.parse("2019-05"), amount=Ore(5), years=two,
        ...               cite=Citation("Minutes"))
        >>> [(str(date), amount) for date, amount in grant.parts]
        [('2019-05', 3), ('2020-01-01', 2)]
        """
        if not self.years:
            return ((self.granted, self.amount),)
        first, *later = self.years
        opens = ((PartialDate.parse(f"{each.year:04d}-01-01"), each.amount) for each in later)
        return ((self.granted, first.amount), *opens)


@frozen(kw_only=True)
class Total:
    """A sum or a number that a source states as a whole, up to a date.

    ``about`` marks one that the source gives as approximate: what counts to the öre does
    without it.
    """

    what: What
    until: PartialDate
    amount: Ore | None = None
    count: int | None = None
    about: bool = False
    cite: Citation


@frozen(kw_only=True)
class Count:
    """How many there were of something in a time: ideas, refusals, investments taken up.

    ``origin`` is whose they were and ``reason`` why, where the source says. ``count`` is
    None where it says that there were some and not how many; a reason must then be given.
    """

    what: Counted
    first: PartialDate
    until: PartialDate
    count: int | None = None
    origin: Literal["internal", "civil_society"] | None = None
    reason: LocalizedText | None = None
    about: bool = False
    cite: Citation


@frozen(kw_only=True)
class History:
    """The record of one municipality by its sources, up to ``until``."""

    key: str
    municipality: str
    until: PartialDate
    entries: tuple[Entry, ...] = ()
    grants: tuple[Grant, ...] = ()
    totals: tuple[Total, ...] = ()
    counts: tuple[Count, ...] = ()
    #: the kinds of event that are listed in full, and where that is said
    complete: Mapping[str, Citation] = field(factory=dict)
    notes: tuple[LocalizedText, ...] = ()
    origin: str = field(default="", repr=False)


_TOP = (
    "key",
    "municipality",
    "until",
    "documents",
    "entries",
    "grants",
    "totals",
    "counts",
    "complete",
    "notes",
)


def read_history(file: Path | Traversable) -> History:
    """Read a history from a TOML file; `FaultyFile` lists everything wrong in it."""
    reader = Reader(read_toml(file), str(file))
    reader.refuse_unknown(_TOP)
    reader.require("key", "municipality", "until")
    described = {
        "key": reader.read("key", str),
        "municipality": reader.read("municipality", str),
        "until": reader.read("until", PartialDate),
        "notes": reader.read("notes", tuple[LocalizedText, ...], ()),
    }
    entries = tuple(_cited(reader, "entries", Entry))
    grants = tuple(_cited(reader, "grants", Grant))
    for number, grant in enumerate(grants):
        _check_years(reader, f"grants[{number}]", grant)
    totals = tuple(_cited(reader, "totals", Total))
    for number, total in enumerate(totals):
        if total.amount is None and total.count is None:
            reader.fault(f"totals[{number}]", Message("record.empty_total"))
        _check_number(reader, f"totals[{number}]", total.count)
    counts = tuple(_cited(reader, "counts", Count))
    for number, count in enumerate(counts):
        _check_count(reader, f"counts[{number}]", count)
    complete = _complete(reader)
    _check_names(reader, entries, grants)
    reader.stop_at_faults()
    return History(
        **described,
        entries=entries,
        grants=grants,
        totals=totals,
        counts=counts,
        complete=complete,
        origin=str(file),
    )


def _cited(reader: Reader, key: str, kind: type[Row]) -> Iterator[Row]:
    """The rows of a list of tables, each with its citation."""
    rows = reader.tree.get(key, [])
    if not isinstance(rows, list):
        reader.fault(key, Message("file.no_list_of_tables", key=key))
        return
    for number, row in enumerate(rows):
        path = f"{key}[{number}]"
        if not isinstance(row, Mapping):
            reader.fault(path, unexpected(Message("expected.table"), row).what)
            continue
        citation = reader.citation(path, row)
        if citation is None and "cite" not in row:
            wrong = Message("error.no_citation")
            reader.fault(path, wrong, "no_citation", fix=Message("file.add_cite"))
        stated = {name: value for name, value in row.items() if name != "reading"}
        found = reader.structure({**stated, "cite": citation}, kind, path)
        if found is not None:
            yield found


def _check_count(reader: Reader, path: str, count: Count) -> None:
    """A count says how many, or why there were some, and ends after it begins."""
    if count.count is None and count.reason is None:
        reader.fault(path, Message("record.empty_count"))
    _check_number(reader, path, count.count)
    if count.until.before(count.first):
        reader.fault(
            f"{path}.until",
            Message("record.count_ends_first", first=count.first, until=count.until),
        )


def _check_years(reader: Reader, path: str, grant: Grant) -> None:
    """The parts of a grant come year after year from that of the grant, and are its amount."""
    if not grant.years:
        return
    years = [each.year for each in grant.years]
    granted = (grant.granted.first.year, grant.granted.last.year)
    if years != sorted(set(years)) or not granted[0] <= years[0] <= granted[1]:
        reader.fault(f"{path}.years", Message("record.years_in_order", granted=grant.granted))
    total = sum(each.amount for each in grant.years)
    if grant.amount != total or any(each.amount <= 0 for each in grant.years):
        reader.fault(f"{path}.years", Message("record.years_sum", sum=Amount(total)))


def _check_number(reader: Reader, path: str, count: int | None) -> None:
    """How many there were can be none, and no more than a municipality has of anything."""
    low, high = BOUNDS[Kind.COUNT]
    if count is not None and not low <= count <= high:
        expected = Message("expected.whole_number_within", low=low, high=high)
        reader.fault(f"{path}.count", unexpected(expected, count).what)


def _complete(reader: Reader) -> dict[str, Citation]:
    tables = reader.read("complete", dict[What, str], {})
    cited = {
        what: reader.citation(f"complete.{what}", {"cite": cite}) for what, cite in tables.items()
    }
    return {what: citation for what, citation in cited.items() if citation is not None}


def _check_names(reader: Reader, entries: tuple[Entry, ...], grants: tuple[Grant, ...]) -> None:
    """Every entry but an endowment belongs to a grant that is listed, each listed once."""
    names = [grant.name for grant in grants]
    for name in sorted({name for name in names if names.count(name) > 1}):
        reader.fault("grants", Message("record.grant_twice", name=name))
    for number, entry in enumerate(entries):
        if entry.what == "endowment":
            continue
        if entry.grant not in names:
            wrong = Message("file.no_grant", grant=entry.grant)
            reader.fault(f"entries[{number}].grant", wrong, fix=nearest(str(entry.grant), names))
