"""Provenance in a report (grunderna): assumptions, sources, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Iterator

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.model.assumption_words import assumption_words
from sifrules_simulation.model.mechanisms import NAMES, words_of
from sifrules_simulation.presentation.formatting import scenario_word, unit_of
from sifrules_simulation.presentation.report.blocks import (
    Block,
    Command,
    Grid,
    Paragraph,
    Points,
    Section,
)
from sifrules_simulation.results.reader import Data, SavedResults, said

#: What the command of the comparison, and the study's run, are linked to by.
AGAIN, STUDY_RUN = "again", "study-run"

_ASSUMPTIONS = Message("report_provenance.assumptions")
_UNSTATED = Message("report_provenance.unstated")
_NOTHING = Message("report_provenance.nothing")
_SET_ASIDE = Message("report_provenance.set_aside")
_OFF = Message("report_provenance.off")
_PARAMETERS = Message("report_provenance.parameters")
_NO_SOURCES = Message("report_provenance.no_sources")
_PARAMETER = Message("report_provenance.parameter")
_VALUE = Message("report_provenance.value")
_RANGE = Message("report_provenance.range")
_UNIT = Message("report_provenance.unit")
_RESTS_ON = Message("report_provenance.rests_on")
_ASSUMED = Message("report_provenance.assumed")
_READING = Message("report_provenance.reading")
_PROVENANCE = Message("report_provenance.provenance")
_COMPARISON = Message("report_provenance.comparison")
_STUDY = Message("report_provenance.study")
_WHAT = Message("report_provenance.what")
_VERSION = Message("report_provenance.version")
_SEED = Message("report_provenance.seed")
_YEARS = Message("report_provenance.years")
_REPLICATIONS = Message("report_provenance.replications")
_DRAWS = Message("report_provenance.draws")
_BASELINE = Message("report_provenance.baseline")
_BEHAVIOUR = Message("report_provenance.behaviour")
_ENGINE = Message("report_provenance.engine")
_SWITCHED_OFF = Message("report_provenance.switched_off")
_NONE = Message("report_provenance.none")
_SCENARIO = Message("report_provenance.scenario")
_HASH = Message("report_provenance.hash")
_PLUGIN = Message("report_provenance.plugin")
_AGAIN = Message("report_provenance.again")
_NO_COMMAND = Message("report_provenance.no_command")
_TO_CLAUSES = Message("report_provenance.to_clauses")
_TO_RUN = Message("report_provenance.to_run")
_TO_STUDY = Message("report_provenance.to_study")
_TO_PROVENANCE = Message("report_provenance.to_provenance")
_STOPPED = Message("report_provenance.stopped")
_NO_SOURCE = Message("report_provenance.no_source")  # fmt: skip


def assumptions(saved: SavedResults, lang: Language) -> Section:
    """What was assumed, and the source of every parameter."""
    lines = list(_assumed(saved, lang))
    blocks: list[Block] = [
        Points(_UNSTATED.text(lang), lines) if lines else Paragraph(_NOTHING.text(lang))
    ]
    scenario = saved.about.get("scenario")
    if not scenario:
        blocks.append(Paragraph(_NO_SOURCES.text(lang)))
    else:
        columns = [Column(_PARAMETER.text(lang)), Column(_VALUE.text(lang), number=True)]
        columns += [Column(_RANGE.text(lang), number=True)]
        columns += [Column(_UNIT.text(lang)), Column(_RESTS_ON.text(lang))]
        rows = [
            [
                f"{said(each['words'], lang)} ({each['path']})",
                figure(each["value"], lang),
                "–".join(figure(each[end], lang) for end in ("low", "high")),
                unit_of(each["unit"]).saved.text(lang),
                parameter_source(each, lang),
            ]
            for each in scenario["parameters"]
        ]
        title = _PARAMETERS.format(scenario=said(scenario["title"], lang)).text(lang)
        blocks.append(Grid(Table(columns, rows, title), folded=True))
    return Section("assumptions", _ASSUMPTIONS.text(lang), blocks)


def _assumed(saved: SavedResults, lang: Language) -> Iterator[str]:
    for note in saved.about.get("notes", ()):
        yield said(note, lang)
    for each in saved.source.get("policies", ()):
        reported = saved.described(each["id"])
        assumed = reported.get("assumed", each.get("assumed", ()))
        if assumed:
            yield f"{each['id']}: {assumption_words(assumed).text(lang)}"
        if reported.get("set_aside"):
            changes = ", ".join(reported["set_aside"])
            yield _SET_ASIDE.format(policy=each["id"], changes=changes).text(lang)
        for note in reported.get("notes", ()):
            yield said(note, lang)
    if saved.source.get("off"):
        yield _OFF.format(off=_switches(saved.source, lang)).text(lang)


def parameter_source(each: Data, lang: Language) -> str:
    """The source of a parameter: where it is stated, how that is read, or what is assumed."""
    pieces = [each["citation"]] if each["citation"] else []
    for words, key in ((_READING, "reading"), (_ASSUMED, "assumption")):
        if each[key]:
            pieces.append(words.format(why=said(each[key], lang)).text(lang))
    return "; ".join(pieces)


def figure(value: float, lang: Language) -> str:
    """A parameter as it was stated, no digit more than it has.

    >>> figure(100_000.0, "en"), figure(0.25, "sv")
    ('100,000', '0,25')
    """
    return written(value, ",.10g" if abs(value) < 1e15 else "g", lang)


# --- where it comes from --------------------------------------------------------------


def provenance(saved: SavedResults, lang: Language) -> Section:
    """Versions, seed and fingerprints, and the command that gives the same again."""
    blocks = list(_of_comparison(saved, lang)) if saved.policies else list[Block]()
    if saved.study_source:
        rows = list(_source(saved.study_source, lang))
        table = _two_columns(rows, _STUDY.text(lang), lang)
        blocks.append(Grid(table, id=STUDY_RUN, folded=True))
    if not blocks:
        blocks.append(Paragraph(_NO_SOURCE.text(lang)))
    return Section("provenance", _PROVENANCE.text(lang), blocks)


def _of_comparison(saved: SavedResults, lang: Language) -> Iterator[Block]:
    if saved.source:
        table = _two_columns(dependencies(saved, lang), _COMPARISON.text(lang), lang)
        yield Grid(table, folded=True)
    else:
        yield Paragraph(_NO_SOURCE.text(lang))
    if saved.about.get("stopped"):
        yield Paragraph(_STOPPED.text(lang))
    command = saved.about.get("command")
    if command:
        yield Paragraph(_AGAIN.text(lang))
        yield Command(command, id=AGAIN)
    else:
        yield Paragraph(_NO_COMMAND.text(lang))


def links_back(
    saved: SavedResults, lang: Language, *, of_study: bool = False
) -> list[tuple[str, str]]:
    """Ways back from a number or a figure: to the clauses, and to the run that it came from."""
    run = (AGAIN, _TO_RUN) if saved.about.get("command") else ("provenance", _TO_PROVENANCE)
    if of_study:
        run = (STUDY_RUN if saved.study_source else "provenance", _TO_STUDY)
    clauses = [("policies", _TO_CLAUSES.text(lang))] if saved.policies else []
    return [*clauses, (run[0], run[1].text(lang))]


def dependencies(saved: SavedResults, lang: Language) -> list[tuple[str, str]]:
    """The fingerprints and versions that the comparison depends on, line by line."""
    source = {**saved.source, "replications": saved.comparison.get("replications")}
    return [(_BASELINE.text(lang), saved.baseline), *_source(source, lang)]


def _source(source: Data, lang: Language) -> Iterator[tuple[str, str]]:
    for name, version in source.get("versions", {}).items():
        yield _VERSION.format(name=name).text(lang), version
    named = ((_SEED, "seed"), (_YEARS, "years"), (_REPLICATIONS, "replications"), (_DRAWS, "draws"))
    for words, key in (*named, (_BEHAVIOUR, "behaviour"), (_ENGINE, "engine")):
        if source.get(key) is not None:
            yield words.text(lang), str(source[key])
    if "off" in source:
        yield _SWITCHED_OFF.text(lang), _switches(source, lang) or _NONE.text(lang)
    scenario = source.get("scenario", {})
    if scenario:
        called = scenario_word(scenario["id"]).text(lang)
        yield _SCENARIO.text(lang), called
        yield _HASH.format(name=called).text(lang), scenario["hash"]
    for each in source.get("policies", ()):
        yield _HASH.format(name=each["id"]).text(lang), each["hash"]
    for each in source.get("plugins", ()):
        yield _PLUGIN.format(name=each["name"]).text(lang), each["hash"]


def _switches(source: Data, lang: Language) -> str:
    return ", ".join(
        words_of(name).text(lang) if name in NAMES else name for name in source.get("off", ())
    )


def _two_columns(rows: list[tuple[str, str]], title: str, lang: Language) -> Table:
    return Table([Column(_WHAT.text(lang)), Column(_VALUE.text(lang))], rows, title)
