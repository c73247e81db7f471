"""Write docs/parts.md and docs/facts.md out of the code.

    python docs/make_reference.py            writes both
    python docs/make_reference.py --check    exits 1 where one of them is stale

What stands on the two pages is what the classes themselves say: their words, the types
of their fields, and what their checks answer to impossible values.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
from written import write_or_check

from sifrules import FACTS, Fact, Kind, Part, Slot, registry
from sifrules.loading.schema import SLOTS, checks_of, fields_of, inner_of, type_words
from sifrules.policy.parts import MANY
from sifrules.rules.kinds import BOUNDS
from sifrules.rules.wording import option_words

HERE = Path(__file__).parent
OURS = ("sifrules", "sifrules_policies", "sifrules_plugins")
NOTE = "<!-- Written by docs/make_reference.py out of the code: change the code, not this page. -->"


# --- parts --------------------------------------------------------------------------


def parts_page() -> str:
    """The page of every slot and kind."""
    found = [
        part for part in registry().parts.values() if part.__module__.partition(".")[0] in OURS
    ]
    inner = {each for part in found for field in fields_of(part) for each in inner_of(field.type)}
    kinds = [*found, *inner]
    lines = [
        "# Parts",
        "",
        NOTE,
        "",
        "Every slot of a guideline, every kind that may stand there, and the kind's fields.",
        "How they are written in a file is told in [guidelines](../guides/guidelines.md).",
        "A field that is not *required* may be left out: then the guideline does not state it.",
        "",
    ]
    for slot in Slot:
        here = sorted((part for part in kinds if part.slot == slot), key=lambda part: part.kind)
        if here:
            lines += _slot(slot, here)
    return "\n".join(lines).rstrip() + "\n"


def _slot(slot: Slot, kinds: list[type[Part]]) -> Iterator[str]:
    name = f"{slot}.NAME" if slot in MANY else str(slot)
    heading = "Inner parts" if slot is Slot.INNER else f"`[{name}]`"
    yield from (f"## {heading}", "", SLOTS[slot], "")
    rows = [[_row(field) for field in fields_of(part)] for part in kinds]
    common = [row for row in rows[0] if all(row in each for each in rows)] if rows[1:] else []
    if common:
        yield from ("Every kind takes:", "", *_table(common), "")
    for part in kinds:
        yield from _kind(part, common)


def _table(rows: Iterable[str]) -> Iterator[str]:
    yield "| field | value | svenska | English | checked |"
    yield "|---|---|---|---|---|"
    yield from rows


def _kind(part: type[Part], common: list[str]) -> Iterator[str]:
    yield f"### `{part.kind}`" if part.slot is Slot.INNER else f'### `kind = "{part.kind}"`'
    yield ""
    yield f"*{_capital(part.words.sv)}* – {part.words.en}."
    yield ""
    for paragraph in _prose(part):
        yield from (paragraph, "")
    reads = _reads(part)
    if reads:
        yield from (reads, "")
    rows = [row for row in map(_row, fields_of(part)) if row not in common]
    if rows:
        yield from (*_table(rows), "")
    for check in dict.fromkeys(_checks_together(part)):
        yield f"- Checked as a whole: {check}."
    if list(_checks_together(part)):
        yield ""


def _row(field: attrs.Attribute[Any]) -> str:
    words = field.metadata["words"]
    name = f"`{field.name}`" + _left_out(field.default)
    checked = "; ".join(checks_of(field))
    return f"| {name} | {type_words(field.type)} | {words.sv} | {words.en} | {checked} |"


def _left_out(default: object) -> str:
    """What it means that a field is left out, where that is not "not stated"."""
    if default is attrs.NOTHING:
        return ", required"
    return "" if default in (None, ()) else f", else `{default}`"


def _prose(part: type[Part]) -> Iterator[str]:
    """The paragraphs of the docstring, without its worked example."""
    text = inspect.cleandoc(part.__doc__ or "").partition(">>>")[0]
    for paragraph in text.split("\n\n"):
        told = " ".join(paragraph.split()).replace("``", "`")
        if told and not told.endswith(":"):
            yield told


def _reads(part: type[Part]) -> str:
    usually = "Usually tried" if hasattr(part, "usual_stage") else "Tried"
    stage = getattr(part, "usual_stage", None) or getattr(part, "stage", None)
    fact = getattr(part, "fact", None)
    tried = f"{usually} at the stage *{stage.words.en}* ({stage.words.sv})." if stage else ""
    wanted = "true" if getattr(part, "wanted", True) else "false"
    read = f" `{fact.name}` must be {wanted}." if isinstance(fact, Fact) else ""
    return f"{tried}{read}".strip()


def _checks_together(part: type[Part]) -> Iterator[str]:
    """What the fields are checked for together: the refusals in the part's own last step."""
    for owner in part.__mro__:
        step = vars(owner).get("__attrs_post_init__")
        if step is not None:
            yield from _refusals(owner, step, set())


def _refusals(owner: type, step: Any, seen: set[str]) -> Iterator[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(step)))
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Call(args=[ast.Constant(value=str(text)), *_])):
                yield text.removeprefix("expected ").replace('"', "`")
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name not in seen:
                seen.add(name)
                used = vars(owner).get(name)
                if isinstance(used, property):
                    yield from _refusals(owner, used.fget, seen)


# --- facts --------------------------------------------------------------------------

KINDS = {
    Kind.FLAG: "true or false",
    Kind.COUNT: "a whole number",
    Kind.MONEY: "kronor, a whole number or with two decimals; may be below nothing",
    Kind.MONTHS: "a whole number of months",
    Kind.YEAR: "a year",
    Kind.SHARE: "a share from 0 to 1 with at most four decimals",
    Kind.CHOICE: "one of the words that stand with the fact",
}


def facts_page() -> str:
    """The page of every fact."""
    lines = [
        "# Facts",
        "",
        NOTE,
        "",
        "What an application file, `--fact` and the Python calls may state, and what rules read.",
        "A guideline can add facts of its own: see [guidelines](../guides/guidelines.md).",
        "A fact that is left out is missing; a rule that needs it *cannot tell*.",
        "",
        "| kind | what is written | from | to |",
        "|---|---|---|---|",
    ]
    for kind in Kind:
        low, high = BOUNDS.get(kind, ("", ""))
        lines.append(f"| {kind} | {KINDS[kind]} | {low} | {high} |")
    subjects = dict.fromkeys(name.partition(".")[0] for name in FACTS)
    for subject in subjects:
        lines += ["", f"## `[{subject}]`", "", "| fact | kind | svenska | English |"]
        lines.append("|---|---|---|---|")
        lines += [
            f"| `{fact.name}` | {fact.kind} | {fact.words.sv} | {fact.words.en} |"
            for fact in FACTS.values()
            if fact.name.startswith(f"{subject}.")
        ]
    for fact in FACTS.values():
        if fact.options:
            lines += ["", f"`{fact.name}` is one of:", "", "| word | svenska | English |"]
            lines.append("|---|---|---|")
            for option in fact.options:
                words = option_words(option)
                lines.append(f"| `{option}` | {words.sv} | {words.en} |")
    return "\n".join(lines) + "\n"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def main() -> None:
    pages = {
        HERE / "reference" / "parts.md": parts_page(),
        HERE / "reference" / "facts.md": facts_page(),
    }
    write_or_check(pages, "make_reference.py")


if __name__ == "__main__":
    main()
