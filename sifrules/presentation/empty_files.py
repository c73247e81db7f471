"""Empty files to fill in (mallar): an application, a list of applications, a timeline.

Each says of every field what it is, what may be written, and, for facts, which guidelines read
it. Lines that begin with ``#`` and no space take effect when the ``#`` is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import get_args, get_type_hints

import attrs
from attrs import frozen

from sifrules.policy.binding import Binding
from sifrules.policy.fund_policy import FundPolicy
from sifrules.presentation.table import Column, Table, as_csv
from sifrules.presentation.workbook import OPTIONS, Sheet, write_sheet, xlsxwriter
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.wording import YES_NO, option_words
from sifrules.values.messages import Message
from sifrules.values.text import Language

_APPLICATION = Message("empty_file.application")
_TIMELINE = Message("empty_file.timeline")
_BINDING = Message("empty_file.binding")
_BOUND = {
    "idea": Message("empty_file.binding_idea"),
    "application": Message("empty_file.binding_application"),
    "queue": Message("empty_file.binding_queue"),
    "investment": Message("empty_file.binding_investment"),
    "claim": Message("empty_file.binding_claim"),
}
_NAME = Message("empty_file.name")
_NAMED = Message("empty_file.name_of_application")
_HEADS = (
    Message("empty_file.heading"),
    Message("empty_file.fact"),
    Message("empty_file.what_to_write"),
    Message("empty_file.read_by"),
)
_LIST, _EXPLAINED = Message("empty_file.sheet_list"), Message("empty_file.sheet_explained")
_EXAMPLES = {
    Kind.FLAG: "true",
    Kind.COUNT: "2",
    Kind.MONEY: "1_000_000",
    Kind.MONTHS: "24",
    Kind.YEAR: "2026",
    Kind.SHARE: '"50 %"',
}
#: So many rows of a list get the choices of their column.
_ROWS = 1000


@frozen
class Asked:
    """A fact that some policies read, with those that do."""

    fact: Fact
    by: tuple[str, ...]


def asked_by(policies: Iterable[FundPolicy]) -> list[Asked]:
    """The facts that an application may state, in the order of the policies' vocabularies.

    Those about the fund are left out, and so are those that follow from others.
    """
    found: dict[str, Asked] = {}
    for policy in policies:
        read = {
            fact.name for seen in policy.on_tracks for fact in seen.rulebook.vocabulary.values()
        }
        for name, fact in policy.vocabulary.items():
            if name.startswith(_NOT_OF_APPLICATION):
                continue
            known = found.get(name, Asked(fact, ()))
            by = (*known.by, policy.id) if name in read else known.by
            found[name] = attrs.evolve(known, by=by)
    subjects = list(dict.fromkeys(name.partition(".")[0] for name in found))
    asked = [each for each in found.values() if each.by]
    return sorted(asked, key=lambda each: subjects.index(each.fact.name.partition(".")[0]))


#: How the names of facts begin that no applicant states.
_NOT_OF_APPLICATION = ("fund.", "track.", "investment.")


def empty_application(asked: Sequence[Asked], lang: Language) -> str:
    """A TOML file for one application with every fact explained."""
    lines = [*_comment(_APPLICATION.text(lang)), f'name = "{_NAME.text(lang)}"']
    table = ""
    for each in asked:
        above, _, key = each.fact.name.partition(".")
        if above != table:
            lines += ["", f"[{above}]"]
            table = above
        may_be = "true / false" if each.fact.kind is Kind.FLAG else _may_be(each.fact, lang)
        lines.append(f"# {each.fact.words.text(lang)}: {may_be}")
        lines.append(f"#   {', '.join(each.by)}")
        lines.append(f"#{key} = {_example(each.fact)}")
    return "\n".join(lines) + "\n"


def empty_timeline(lang: Language) -> str:
    """A TOML file for guidelines that follow each other, with what binds what is under way."""
    lines = [*_comment(_TIMELINE.text(lang)), 'id = "mine"', ""]
    lines += ["[[timeline]]", 'policy = "norrkoping@2010"', ""]
    lines += ["[[timeline]]", 'policy = "norrkoping@2022"', 'from = "2022-01"', ""]
    lines += [*_comment(_BINDING.text(lang)), "#[binding]"]
    hints = get_type_hints(Binding)
    for field in attrs.fields(Binding):
        options = ", ".join(get_args(hints[field.name]))
        lines += _comment(_BOUND[field.name].text(lang))
        lines.append(f'#{field.name} = "{field.default}"  # {options}')
    return "\n".join(lines) + "\n"


def empty_list(asked: Sequence[Asked], lang: Language) -> str:
    """The headings of a list as CSV, as a spreadsheet in a language opens it."""
    heads = [_NAMED.text(lang), *_headings(asked, lang)]
    return as_csv(Table([Column(head) for head in heads], ()), lang)


def explanations(asked: Sequence[Asked], lang: Language) -> Sheet:
    """What may be written under each heading, and which policies read it."""
    rows = [
        [heading, each.fact.name, _may_be(each.fact, lang), ", ".join(each.by)]
        for heading, each in zip(_headings(asked, lang), asked, strict=True)
    ]
    return Sheet(_EXPLAINED.text(lang), [head.text(lang) for head in _HEADS], rows)


def list_workbook(asked: Sequence[Asked], lang: Language) -> bytes:
    """A list as a workbook: a sheet to fill in, with its choices, and one that explains it."""
    out = BytesIO()
    book = xlsxwriter().Workbook(out, OPTIONS)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom"})
    page = book.add_worksheet(_LIST.text(lang))
    for at, head in enumerate((_NAMED.text(lang), *_headings(asked, lang))):
        page.write_string(0, at, head, bold)
        page.set_column(at, at, 18)
        choices = [] if at == 0 else _choices(asked[at - 1].fact, lang)
        if choices:
            page.data_validation(1, at, _ROWS, at, {"validate": "list", "source": choices})
        if at:
            page.write_comment(0, at, _may_be(asked[at - 1].fact, lang))
    page.freeze_panes(1, 1)
    write_sheet(book, explanations(asked, lang))
    book.close()
    return out.getvalue()


def _headings(asked: Sequence[Asked], lang: Language) -> list[str]:
    """The facts in words, or by name where two have the same words."""
    words = [each.fact.words.text(lang) for each in asked]
    return [
        head if words.count(head) == 1 else each.fact.name
        for head, each in zip(words, asked, strict=True)
    ]


def _choices(fact: Fact, lang: Language) -> list[str]:
    if fact.kind is Kind.FLAG:
        return [words.text(lang) for words in YES_NO.values()]
    return [option_words(option).text(lang) for option in fact.options]


def _may_be(fact: Fact, lang: Language) -> str:
    """What may be written for a fact, for a person."""
    if fact.kind is Kind.FLAG:
        return " / ".join(_choices(fact, lang))
    if fact.kind is Kind.CHOICE:
        named = (f"{o} ({option_words(o).text(lang)})" for o in fact.options)
        return ", ".join(named)
    return fact.expected.text(lang)


def _example(fact: Fact) -> str:
    return f'"{fact.options[0]}"' if fact.options else _EXAMPLES[fact.kind]


def _comment(text: str) -> list[str]:
    return [f"# {line}".rstrip() for line in text.splitlines()]
