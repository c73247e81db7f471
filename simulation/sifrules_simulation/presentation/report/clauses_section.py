"""The policies in a report, clause by clause (klausul för klausul), with where each is stated."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sifrules.policy.fund_policy import STATUS_WORDS
from sifrules.policy.parts import MANY, Slot
from sifrules.presentation.table import Column, Table
from sifrules.rules.wording import YES_NO
from sifrules.values.messages import Message
from sifrules.values.text import Language, same
from sifrules_simulation.presentation.report.blocks import (
    Block,
    Grid,
    Paragraph,
    Points,
    Section,
    in_groups,
)
from sifrules_simulation.presentation.report.timeline_blocks import (
    guidelines_of,
    in_turn,
    placed,
    timeline_blocks,
)
from sifrules_simulation.results.reader import Data, SavedResults, said

#: The most policies side by side here, where cells hold sentences.
_SIDE_BY_SIDE = 4

NOT_SAVED = Message("report_clauses.not_kept")
_POLICIES = Message("report_clauses.policies")
_CLAUSES = Message("report_clauses.clauses")
_ALIKE = Message("report_clauses.alike")
_DIFFERENT_FIRST = Message("report_clauses.different_first")
_CLAUSE = Message("report_clauses.clause")
_TITLES = Message("report_clauses.titles")
_READINGS = Message("report_clauses.readings")
_LEFT_OUT = Message("report_clauses.left_out")
_SOURCES = Message("report_clauses.sources")
#: What a part is called where the policies side by side have different ones in the same slot.
_SLOTS = {
    Slot.TERMS: Message("report_clauses.slots_terms"),
    Slot.FUNDING: Message("report_clauses.slots_funding"),
    Slot.PROCEDURE: Message("report_clauses.slots_procedure"),
    Slot.RETURN_MODEL: Message("report_clauses.slots_return_model"),
    Slot.WRITE_DOWN: Message("report_clauses.slots_write_down"),
}


def policies(saved: SavedResults, lang: Language) -> Section:
    """What each guideline says, clause by clause, with where it stands."""
    known = _known(saved)
    blocks: list[Block] = []
    if not known:
        blocks = [Paragraph(NOT_SAVED.text(lang))]
    else:
        titles = [_titled(saved.described(each), lang) for each in known]
        blocks.append(Points(_TITLES.text(lang), titles))
    documents: dict[str, int] = {}
    alike = _alike(saved, known, lang)
    if alike:
        blocks.append(Paragraph(_DIFFERENT_FIRST.text(lang)))
    groups = list(enumerate(in_groups(known, _SIDE_BY_SIDE) if known else (), 1))
    for different in (True, False) if alike else (True,):
        for number, group in groups:
            blocks += _clauses(saved, group, number, documents, alike, different, lang)
    for policy in known:
        blocks += timeline_blocks(saved.described(policy), documents, lang)
    if documents:
        blocks.append(Points(_SOURCES.text(lang), [f"[{n}] {d}" for d, n in documents.items()]))
    guidelines = [each for policy in known for each in guidelines_of(saved.described(policy))]
    readings = [
        f"{policy}, {clause['path']}: {said(clause['reading'], lang)}"
        for policy, each in guidelines
        for clause in each["clauses"]
        if clause["reading"]
    ]
    left_out = [
        f"{policy}: {said(text, lang)}"
        for policy, each in guidelines
        for text in each["not_modelled"]
    ]
    for title, lines in ((_READINGS, readings), (_LEFT_OUT, left_out)):
        if lines:
            blocks.append(Points(title.text(lang), list(dict.fromkeys(lines)), folded=True))
    return Section("policies", _POLICIES.text(lang), blocks, appendix=True)


def places(saved: SavedResults) -> dict[str, str]:
    """Where the clauses of each policy stand in the page: the id of their table."""
    known = _known(saved)
    groups = in_groups(known, _SIDE_BY_SIDE) if known else ()
    return {policy: _table_id(number) for number, group in enumerate(groups, 1) for policy in group}


def clause_place(saved: SavedResults, policy: str, path: str) -> str | None:
    """Where a clause stands in the page, or the one that a rule comes from; None if nowhere.

    A rule of a part inside another, as ``procedure.required_parts.budget``, leads to the
    nearest clause above it, and that of a whole slot to the policy's table.
    """
    table = places(saved).get(policy)
    stated = {clause["path"] for clause in saved.described(policy).get("clauses", ())}
    while table and path and path not in _SLOTS:
        if path in stated:
            return _row_id(table, path)
        path = path.rpartition(".")[0]
    return table


def _table_id(number: int) -> str:
    return f"clauses-{number}"


def _row_id(table: str, path: str) -> str:
    return f"{table}-{path}"


def _known(saved: SavedResults) -> list[str]:
    return [each for each in saved.policies if saved.described(each)]


def _titled(policy: Data, lang: Language) -> str:
    """A policy's name, its id, its title and its status; here the id stands once."""
    status = STATUS_WORDS.get(policy["status"], same(policy["status"])).text(lang)
    given = policy.get("named_from", policy["id"])
    name = policy["id"] if given == policy["id"] else f"{policy['id']} ({given})"
    titled = f"{name}: {said(policy['title'], lang)} ({status})"
    return f"{titled}; {in_turn(policy, lang)}" if policy.get("timeline") else titled


def _alike(saved: SavedResults, known: Sequence[str], lang: Language) -> set[str]:
    """The clauses that all policies state alike; none where there is one policy."""
    stated = [
        {clause["path"]: said(clause["value"], lang) for clause in saved.described(each)["clauses"]}
        for each in known
    ]
    if len(stated) < 2:
        return set()
    return {path for path in stated[0] if len({each.get(path) for each in stated}) == 1}


def _clauses(
    saved: SavedResults,
    group: Sequence[str],
    number: int,
    documents: dict[str, int],
    alike: Collection[str],
    different: bool,
    lang: Language,
) -> Iterator[Grid]:
    """Clauses as rows, policies as columns; next to the words the document's number and the place.

    Those that differ, or those that all state alike, which are folded. ``documents`` are
    numbered as they come.
    """
    labels: dict[str, str] = {}
    for policy in group:
        for clause in saved.described(policy)["clauses"]:
            labels.setdefault(clause["path"], _label(clause, lang))
    cells: dict[tuple[str, str], str] = {}
    for policy in group:
        for clause in saved.described(policy)["clauses"]:
            value = said(clause["value"], lang)
            text = _present(clause, labels, lang) if value == "–" else value
            if (clause["path"] in alike) != different:
                cells[policy, clause["path"]] = f"{text}{placed(clause, documents, lang)}"
    columns = [Column(_CLAUSE.text(lang)), *(Column(policy) for policy in group)]
    ordered = [
        (path, label)
        for path, label in _as_in_a_guideline(labels)
        if (path in alike) != different
        and (
            path not in _SLOTS
            or _is_informative([cells.get((policy, path)) for policy in group], lang)
        )
    ]
    rows = [
        [f"{label} ({path})", *(cells.get((policy, path), "–") for policy in group)]
        for path, label in ordered
    ]
    if not rows:
        return
    words = _CLAUSES if different else _ALIKE
    title = words.format(policies=", ".join(group)).text(lang)
    table = _table_id(number)
    ids = [_row_id(table, path) for path, _ in ordered]
    own = table if different else f"{table}-alike"
    yield Grid(Table(columns, rows, title), id=own, row_ids=ids, folded=not different)


def _label(clause: Data, lang: Language) -> str:
    """What a clause is called; a part by its slot, as other policies have another part there."""
    slot = next((slot for slot in _SLOTS if slot == clause["path"]), None)
    return said(clause["label"], lang) if slot is None else _SLOTS[slot].text(lang)


def _present(clause: Data, labels: Mapping[str, str], lang: Language) -> str:
    """The words for a part without clauses of its own: its name, if it has one."""
    own = said(clause["label"], lang)
    return YES_NO[True].text(lang) if own == labels[clause["path"]] else own


def _is_informative(cells: Sequence[str | None], lang: Language) -> bool:
    """Whether a row of a slot says more than that there is something in it."""
    return any(cell not in (None, YES_NO[True].text(lang)) for cell in cells)


def _as_in_a_guideline(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Clauses in the order of a guideline, and the clauses of a part together."""
    slots = [slot.value for slot in Slot]
    parts = list(dict.fromkeys(map(_part, labels)))

    def place(each: tuple[str, str]) -> tuple[int, int]:
        slot = each[0].partition(".")[0]
        at = slots.index(slot) if slot in slots else len(slots)
        return at, parts.index(_part(each[0]))

    return sorted(labels.items(), key=place)


def _part(path: str) -> str:
    return ".".join(path.split(".")[: 2 if path.partition(".")[0] in MANY else 1])
