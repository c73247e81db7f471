"""A timeline in a report (tidslinje): its guidelines with their months, and what each changes."""

from __future__ import annotations

from collections.abc import Iterator

from sifrules.presentation.policy_table import HEADS
from sifrules.presentation.table import Column, Table
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.presentation.report.blocks import Block, Grid, Points
from sifrules_simulation.results.reader import Data, said

_SECTION = Message("report_clauses.section")
_TITLE = Message("timeline_table.title")
_CHANGE = Message("timeline_table.change")
_SINCE = Message("timeline_table.since")
_FIRST = Message("timeline_table.first")
_STATED_AT = Message("timeline_table.stated_at")
_OPEN = Message("timeline_table.open")
_IN_TURN = Message("report_clauses.in_turn")
_NOTHING = "–"


def guidelines_of(policy: Data) -> list[tuple[str, Data]]:
    """The guidelines that a policy is, each by its name: of a timeline all of them in turn."""
    timeline = policy.get("timeline")
    if not timeline:
        return [(policy["id"], policy)]
    return [(each["policy"], each) for each in timeline]


def in_turn(policy: Data, lang: Language) -> str:
    """Which guidelines a timeline has, and whose clauses stand in the tables of policies."""
    first, *later = policy["timeline"]
    reforms = ", ".join(f"{each['policy']} ({_month(each, lang)})" for each in later)
    return _IN_TURN.format(first=first["policy"], reforms=reforms).text(lang)


def timeline_blocks(policy: Data, documents: dict[str, int], lang: Language) -> Iterator[Block]:
    """The guidelines of a timeline, and clause by clause what changes at each reform.

    Nothing for a policy that is no timeline. ``documents`` are numbered as they come.
    """
    if not policy.get("timeline"):
        return
    heads = (_SINCE, HEADS["policy"], HEADS["title"], _STATED_AT)
    rows = [
        [
            _month(each, lang),
            each["policy"],
            said(each["title"], lang),
            placed(each["in_force"], documents, lang).strip(),
        ]
        for each in policy["timeline"]
    ]
    title = _TITLE.format(timeline=policy["id"]).text(lang)
    yield Grid(Table([Column(head.text(lang)) for head in heads], rows, title))
    for change in policy["changes"]:
        yield Grid(_change(change, documents, lang))
    if policy["open"]:
        yield Points(_OPEN.text(lang), [said(each, lang) for each in policy["open"]])


def _change(change: Data, documents: dict[str, int], lang: Language) -> Table:
    columns = [
        Column(HEADS["clause"].text(lang)),
        Column(change["before"]),
        Column(change["after"]),
    ]
    rows = [
        [
            f"{said(clause['label'], lang)} ({clause['path']})",
            *(_side(clause[side], documents, lang) for side in ("before", "after")),
        ]
        for clause in change["clauses"]
    ]
    since = Month.parse(change["since"])
    return Table(columns, rows, _CHANGE.format(after=change["after"], since=since).text(lang))


def _side(clause: Data | None, documents: dict[str, int], lang: Language) -> str:
    if clause is None:
        return _NOTHING
    return f"{said(clause['value'], lang)}{placed(clause, documents, lang)}"


def _month(guideline: Data, lang: Language) -> str:
    if guideline["since"] is None:
        return _FIRST.text(lang)
    return Month.parse(guideline["since"]).text(lang)


def placed(clause: Data, documents: dict[str, int], lang: Language) -> str:
    """The number of the document that states a clause, and the place in it."""
    if not clause["document"]:
        return ""
    number = documents.setdefault(clause["document"], len(documents) + 1)
    place = clause["place"] or ""
    if place[:1].isdigit():
        place = _SECTION.format(place=place).text(lang)
    return f" [{number}] {place}".rstrip()
