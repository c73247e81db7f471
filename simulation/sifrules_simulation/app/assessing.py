"""Whether a project is worth applying for, on a page (bedömning): what `sif assess` answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from attrs import frozen

from sifrules.cli.check_tables import DOUBTS, Decided, doubts_of, reasons
from sifrules.errors import FactError, SifError
from sifrules.loading.application import Application
from sifrules.loading.application_list import as_written
from sifrules.policy.fund_policy import FundPolicy
from sifrules.presentation.answer import Sources
from sifrules.presentation.empty_files import asked_by
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import application
from sifrules.rules.wording import YES_NO, option_words
from sifrules.values.dates import Month
from sifrules.values.messages import Message, Text
from sifrules.values.money import Ore
from sifrules.values.quantities import read_amount, read_share
from sifrules.values.text import Language
from sifrules_simulation.analysis.assessed_project import ProjectDetails
from sifrules_simulation.analysis.assessment import Assessor
from sifrules_simulation.app.controls import Control, Form, as_per_cent
from sifrules_simulation.app.form import Filled
from sifrules_simulation.app.offers import Offers
from sifrules_simulation.app.state import LONGEST_VALUE, Mistakes, Query, one
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.presentation.assessment_notes import about, assumed, noted
from sifrules_simulation.presentation.assessment_tables import tables
from sifrules_simulation.presentation.report.blocks import Block, Grid, Paragraph, Points, Section

#: How the names of facts begin in the form, and those of the project's details.
FACT, DETAIL = "fact.", "detail."
#: Facts that every assessment asks for first.
_FIRST = (application.cost.name, application.duration.name)
_DETAILS: tuple[tuple[str, Form, Text], ...] = (
    ("start", Form.NUMBER, Message("app.detail_start")),
    ("effect", Form.AMOUNT, Message("app.detail_effect")),
    ("delay", Form.WHOLE, Message("app.detail_delay")),
    ("lifetime", Form.WHOLE, Message("app.detail_lifetime")),
    ("own_share", Form.SHARE, Message("app.detail_own_share")),
    ("human", Form.AMOUNT, Message("app.detail_human")),
)
_FORMS = {
    Kind.MONEY: Form.AMOUNT,
    Kind.SHARE: Form.SHARE,
    Kind.FLAG: Form.CHOICE,
    Kind.CHOICE: Form.CHOICE,
}
_LONGEST = 600
#: The answer and its terms are shown at once, the years and what they depend on when asked.
_UNFOLDED = 2


@frozen
class Assessed:
    """The form of an assessment, what is wrong in it, and the answer where it could be made."""

    first: list[Control]
    details: list[Control]
    facts: list[Control]
    mistakes: Mistakes
    sections: list[Section]


def assessed(query: Query, filled: Filled, offers: Offers) -> Assessed:
    """The assessment that a query asks for, under the state's policy and the others compared."""
    lang = filled.state.lang
    others = [offers.policies[each] for each in filled.state.others]
    policies = [each for each in (filled.policy, *others) if each is not None]
    mistakes = Mistakes(dict(filled.mistakes.by_field))
    known = {each.fact.name: each.fact for each in asked_by(policies)}
    for needed in (application.cost, application.duration):
        known.setdefault(needed.name, needed)
    facts = dict(_facts(query, known, mistakes))
    details = _details(query, mistakes)
    controls = [_of_fact(fact, query) for fact in known.values()]
    sections: list[Section] = []
    if application.cost.name in facts and not mistakes and policies:
        try:
            sections = _answered(facts, details, policies, filled, offers, lang)
        except SifError as error:
            mistakes.add("", error)
    return Assessed(
        first=[each for each in controls if each.path.removeprefix(FACT) in _FIRST],
        details=[_of_detail(*each, query) for each in _DETAILS],
        facts=[each for each in controls if each.path.removeprefix(FACT) not in _FIRST],
        mistakes=mistakes,
        sections=sections,
    )


def _answered(
    facts: dict[str, object],
    details: ProjectDetails,
    policies: Sequence[FundPolicy],
    filled: Filled,
    offers: Offers,
    lang: Language,
) -> list[Section]:
    around = scenario(filled.state.scenario)
    assessor = Assessor(offers.registry, facts, details, around)
    found = [assessor.under(policy) for policy in policies]
    name = Message("app.the_project").text(lang)
    project = Application(name, facts, "")
    sources = Sources(lang)
    pairs = [Decided(project, each.policy, each.decision, rank=None) for each in found]
    why = reasons(pairs, lang, sources)
    blocks: list[Block] = [Paragraph(each.text(lang)) for each in about(name, found)]
    shown = [each for each in tables(found, around, lang) if each.rows]
    blocks += [Grid(each, folded=at >= _UNFOLDED) for at, each in enumerate(shown)]
    head, lines = sources.note
    notes: list[Block] = [
        Points(DOUBTS.text(lang), [each.text(lang) for each in doubts_of(project)]),
        Points(Message("assess.assumed_of_project").text(lang), list(assumed(found, around, lang))),
        Points(Message("assess.notes").text(lang), [each.text(lang) for each in noted(found)]),
        Points(head.text(lang), lines),
    ]
    return [
        Section("assessment", Message("app.assessment").text(lang), blocks),
        Section("reasons", Message("app.why").text(lang), [Grid(why)] if why.rows else []),
        Section("notes", Message("app.notes").text(lang), [n for n in notes if n.lines]),  # type: ignore[union-attr]
    ]


def _facts(
    query: Query, known: dict[str, Fact], mistakes: Mistakes
) -> Iterator[tuple[str, object]]:
    for name, fact in known.items():
        written = one(query, FACT + name)
        if not written:
            continue
        try:
            if len(written) > LONGEST_VALUE:
                raise SifError(Message("app.too_much"))
            value = as_written(fact, as_per_cent(written) if fact.kind is Kind.SHARE else written)
            fact.value(value)
        except (SifError, FactError) as error:
            mistakes.add(FACT + name, error)
        else:
            yield name, value


def _details(query: Query, mistakes: Mistakes) -> ProjectDetails:
    found: dict[str, object] = {}
    for name, form, _ in _DETAILS:
        written = one(query, DETAIL + name)[:LONGEST_VALUE]
        if not written:
            continue
        try:
            found[name] = Month.parse(written) if name == "start" else _read(form, written)
        except SifError as error:
            mistakes.add(DETAIL + name, error)
    return ProjectDetails(**found)  # type: ignore[arg-type]  # each as its form reads it


def _read(form: Form, written: str) -> Ore | int | Decimal:
    if form is Form.AMOUNT:
        amount = read_amount(written)
        if amount < 0:
            raise SifError(Message("app.not_below_nothing"))
        return amount
    if form is Form.SHARE:
        share = read_share(as_per_cent(written))
        if not 0 <= share <= 1:
            raise SifError(Message("app.whole_share"))
        return share
    if not (written.isascii() and written.isdigit() and int(written) <= _LONGEST):
        raise SifError(Message("app.months_up_to", most=_LONGEST))
    return int(written)


def _of_fact(fact: Fact, query: Query) -> Control:
    options: list[tuple[str, Text]] = [("", Message("app.not_known"))]
    if fact.kind is Kind.FLAG:
        options += [("ja", YES_NO[True]), ("nej", YES_NO[False])]
    else:
        options += [(each, option_words(each)) for each in fact.options]
    name = FACT + fact.name
    return Control(
        path=name,
        form=_FORMS.get(fact.kind, Form.WHOLE),
        label=fact.words,
        value=one(query, name)[:LONGEST_VALUE],
        options=tuple(options),
        months=fact.kind is Kind.MONTHS,
    )


def _of_detail(name: str, form: Form, words: Text, query: Query) -> Control:
    path = DETAIL + name
    return Control(
        path=path,
        form=form,
        label=words,
        value=one(query, path)[:LONGEST_VALUE],
        months=name in ("delay", "lifetime"),
    )
