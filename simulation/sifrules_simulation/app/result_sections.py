"""What the page shows of a simulation (resultat): sections of the report, and the return apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.analysis.return_parts import part_effects
from sifrules_simulation.analysis.run_notes import unequal_notes
from sifrules_simulation.app.simulating import Simulated
from sifrules_simulation.presentation.formatting import interval, unit_of
from sifrules_simulation.presentation.report import comparison_section, provenance_section
from sifrules_simulation.presentation.report.blocks import Block, Grid, Paragraph, Section
from sifrules_simulation.presentation.report.key_figures import side
from sifrules_simulation.presentation.report.named_policies import named, names_of
from sifrules_simulation.presentation.report.page import chart_figures, first_figure
from sifrules_simulation.presentation.report.summary_section import answer
from sifrules_simulation.results.in_memory import results_of
from sifrules_simulation.results.metadata import both
from sifrules_simulation.results.reader import SavedResults
from sifrules_simulation.statistics.estimates import Estimate

#: What the return flow is looked at by.
_MEASURES = ("application_uptake", "grants", "granted")
_PARTS = {
    "claims_expected": Message("app.part_claims_expected"),
    "refill": Message("app.part_refill"),
    "return_flow": Message("app.part_return_flow"),
}
_RETURN = Message("app.return_title")
_RETURN_TABLE = Message("app.return_table")
_MECHANISM = Message("app.mechanism")
_NOTHING_CLAIMED = Message("app.nothing_claimed")
_NEED_NOT_ADD_UP = Message("app.need_not_add_up")
#: What is said of each mechanism by the sign of what it does to uptake.
_SAYS = {
    ("claims_expected", -1): Message("app.says_deters"),
    ("claims_expected", 1): Message("app.says_draws"),
    ("claims_expected", 0): Message("app.says_deters_not_known"),
    ("refill", -1): Message("app.says_refill_lowers"),
    ("refill", 1): Message("app.says_refills"),
    ("refill", 0): Message("app.says_refill_not_known"),
    ("return_flow", -1): Message("app.says_lower_in_all"),
    ("return_flow", 1): Message("app.says_higher_in_all"),
    ("return_flow", 0): Message("app.says_in_all_not_known"),
}
_CHARTS = Message("report_page.charts")
_CHANGED = Message("app.changed_name")
_UNEQUAL = Message("app.unequal_money")
_FAILED = Message("app.failed")


def sections_of(
    found: Simulated, base: str, lang: Language, *, charts: bool = True
) -> list[Section]:
    """What a simulation shows, the answer first; ``base`` is the guideline that was changed.

    Without ``charts`` it is made in a third of the time.
    """
    saved = _with_money(results_of(found.comparison, ""), found)
    names = _names(saved, found, base, lang)
    shown = named(saved, lang, names)
    picture = first_figure(saved, shown, names, lang, ()) if charts else None
    sections = [answer(shown, lang, picture)]
    if charts:
        drawn: list[Block] = [*chart_figures(saved, shown, names, lang, ())]
        sections.append(Section("charts", _CHARTS.text(lang), drawn))
    return [
        *sections,
        comparison_section.parties(shown, lang),
        _return(found, names, lang),
        _with_failures(provenance_section.assumptions(shown, lang), found, lang),
    ]


def _with_failures(section: Section, found: Simulated, lang: Language) -> Section:
    """A section that also says how many replications failed, where some did."""
    if not found.failures:
        return section
    first = found.failures[0]
    said = _FAILED.format(n=len(found.failures), error=first.error).text(lang)
    return evolve(section, blocks=[Paragraph(said), *section.blocks])


def _with_money(saved: SavedResults, found: Simulated) -> SavedResults:
    """The same, where it says that funds are unequal and how the page makes them equal."""
    notes = [
        _UNEQUAL.format(**note.arguments) if note.code == "money_note.unequal" else note
        for note in unequal_notes(found.comparison)
    ]
    return evolve(saved, about={**saved.about, "money": [both(note) for note in notes]})


def _names(saved: SavedResults, found: Simulated, base: str, lang: Language) -> Mapping[str, str]:
    """What each policy is called; one's own as the guideline, changed."""
    names = names_of(saved, lang)
    if found.policy == base:
        return names
    return {**names, found.policy: _CHANGED.format(policy=names.get(base, base)).text(lang)}


def _return(found: Simulated, names: Mapping[str, str], lang: Language) -> Section:
    """What the return flow of the policy deters and refills, each by itself, and in all."""
    title = _RETURN.text(lang)
    if not found.without:
        return Section("return", title, [Paragraph(_NOTHING_CLAIMED.text(lang))])
    effects = {
        measure: part_effects(found.comparison, found.policy, found.without, measure)
        for measure in _MEASURES
    }
    measures = {each.name: each for each in found.comparison.experiment.measures}
    columns = [Column(_MECHANISM.text(lang))]
    for name in _MEASURES:
        of = measures[name]
        unit = unit_of(of.unit).difference.text(lang)
        columns.append(Column(f"{of.words.text(lang)} ({unit})", number=True))
    rows = [
        [
            words.text(lang),
            *(
                interval(effects[name][part], measures[name].unit, lang, signed=True)
                for name in _MEASURES
            ),
        ]
        for part, words in _PARTS.items()
    ]
    table = Table(columns, rows, _RETURN_TABLE.format(policy=names[found.policy]).text(lang))
    said = [Paragraph(line) for line in _sentences(effects["application_uptake"], lang)]
    return Section("return", title, [*said, Grid(table), Paragraph(_NEED_NOT_ADD_UP.text(lang))])


def _sentences(effects: Mapping[str, Estimate], lang: Language) -> Iterator[str]:
    for part in _PARTS:
        effect = effects[part]
        by = interval(effect, "share", lang, signed=True)
        yield _SAYS[part, side(effect)].format(by=by).text(lang)
