"""What a report stands on (grunderna): assumptions, sources, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Iterator

from sifrules.presentation.table import Column, Table
from sifrules.values.numbers import written
from sifrules.values.text import Language, Words
from sifrules_simulation.model.mechanisms import NAMES, words_of
from sifrules_simulation.model.parameters import unit_words
from sifrules_simulation.presentation.report.blocks import (
    Block,
    Command,
    Grid,
    Paragraph,
    Points,
    Section,
)
from sifrules_simulation.results.reader import Data, Kept, said

#: What the command of the comparison, and the study's run, are linked to by.
AGAIN, STUDY_RUN = "again", "study-run"

_ASSUMPTIONS = Words(sv="Antaganden och källor", en="Assumptions and sources")
_UNSTATED = Words(
    sv="Antaget där riktlinjerna är tysta", en="Assumed where the guidelines are silent"
)
_NOTHING = Words(
    sv="Inget behövde antas om policyerna.", en="Nothing had to be assumed of the policies."
)
_SET_ASIDE = Words(
    sv="{policy}: {changes} (övergångsbestämmelsen läggs åt sidan, då en riktlinje gäller alla år)",
    en="{policy}: {changes} (the transitional provision is set aside, as one guideline is in "
    "force all through)",
)
_OFF = Words(sv="avstängt: {off}", en="switched off: {off}")
_PARAMETERS = Words(
    sv="Parametrarna, deras spann och vad de vilar på ({scenario})",
    en="The parameters, their ranges and what they rest on ({scenario})",
)
_NO_SOURCES = Words(
    sv="Parametrarnas källor sparades inte när jämförelsen gjordes. Gör om den med "
    "sif compare --out, så kommer de med.",
    en="The sources of the parameters were not kept when the comparison was made. Make it anew "
    "with sif compare --out to have them here.",
)
_PARAMETER = Words(sv="parameter", en="parameter")
_VALUE = Words(sv="värde", en="value")
_RANGE = Words(sv="spann", en="range")
_UNIT = Words(sv="enhet", en="unit")
_RESTS_ON = Words(sv="vilar på", en="rests on")
_ASSUMED = Words(sv="antagande: {why}", en="assumption: {why}")
_READING = Words(sv="läsning: {why}", en="reading: {why}")
_PROVENANCE = Words(sv="Härkomst", en="Provenance")
_COMPARISON = Words(sv="Jämförelsen", en="The comparison")
_STUDY = Words(sv="Studien", en="The study")
_WHAT = Words(sv="vad", en="what")
_VERSION = Words(sv="version av {name}", en="version of {name}")
_SEED = Words(sv="frö", en="seed")
_YEARS = Words(sv="år", en="years")
_REPLICATIONS = Words(sv="körningar", en="replications")
_DRAWS = Words(sv="dragningar", en="draws")
_BASELINE = Words(sv="jämförs med", en="compared with")
_BEHAVIOUR = Words(sv="beteende", en="behaviour")
_ENGINE = Words(sv="regelmotor", en="rules engine")
_SWITCHED_OFF = Words(sv="avstängda mekanismer", en="mechanisms switched off")
_NONE = Words(sv="inga", en="none")
_SCENARIO = Words(sv="scenario", en="scenario")
_HASH = Words(sv="{name}, fingeravtryck", en="{name}, fingerprint")
_PLUGIN = Words(sv="tillägget {name}, fingeravtryck", en="plugin {name}, fingerprint")
_AGAIN = Words(
    sv="Samma tal igen ger den här kommandoraden:", en="This command line gives the same again:"
)
_NO_COMMAND = Words(
    sv="Ingen kommandorad är sparad som ger samma tal igen; fröet och fingeravtrycken ovan säger "
    "vad som kördes.",
    en="No command line is kept that gives the same again; the seed and the fingerprints above "
    "say what was run.",
)
_TO_CLAUSES = Words(sv="Klausulerna", en="The clauses")
_TO_RUN = Words(sv="Kommandot som ger samma tal", en="The command that gives the same")
_TO_STUDY = Words(sv="Studiens härkomst", en="Where the study comes from")
_TO_PROVENANCE = Words(sv="Härkomst", en="Provenance")
_STOPPED = Words(
    sv="Körningen stoppades innan den var klar; det som hann bli färdigt är med.",
    en="The run was stopped before its end; what was finished is here.",
)
_NO_SOURCE = Words(
    sv="Härkomsten sparades inte här.", en="The provenance was not kept here."
)  # fmt: skip


def assumptions(kept: Kept, lang: Language) -> Section:
    """What was assumed, and what every parameter rests on."""
    lines = list(_assumed(kept, lang))
    blocks: list[Block] = [
        Points(_UNSTATED.say(lang), lines) if lines else Paragraph(_NOTHING.say(lang))
    ]
    scenario = kept.about.get("scenario")
    if not scenario:
        blocks.append(Paragraph(_NO_SOURCES.say(lang)))
    else:
        columns = [Column(_PARAMETER.say(lang)), Column(_VALUE.say(lang), number=True)]
        columns += [Column(_RANGE.say(lang), number=True)]
        columns += [Column(_UNIT.say(lang)), Column(_RESTS_ON.say(lang))]
        rows = [
            [
                f"{said(each['words'], lang)} ({each['path']})",
                figure(each["value"], lang),
                "–".join(figure(each[end], lang) for end in ("low", "high")),
                unit_words(each["unit"]).say(lang),
                rests_on(each, lang),
            ]
            for each in scenario["parameters"]
        ]
        title = _PARAMETERS.put(scenario=said(scenario["title"], lang)).say(lang)
        blocks.append(Grid(Table(columns, rows, title)))
    return Section("assumptions", _ASSUMPTIONS.say(lang), blocks)


def _assumed(kept: Kept, lang: Language) -> Iterator[str]:
    for each in kept.source.get("policies", ()):
        told = kept.described(each["id"])
        assumed = told.get("assumed", each.get("assumed", ()))
        if assumed:
            yield f"{each['id']}: {', '.join(assumed)}"
        if told.get("set_aside"):
            changes = ", ".join(told["set_aside"])
            yield _SET_ASIDE.put(policy=each["id"], changes=changes).say(lang)
    if kept.source.get("off"):
        yield _OFF.put(off=_switches(kept.source, lang)).say(lang)


def rests_on(each: Data, lang: Language) -> str:
    """What a parameter rests on: where it is stated, how that is read, or what is assumed."""
    pieces = [each["citation"]] if each["citation"] else []
    for words, key in ((_READING, "reading"), (_ASSUMED, "assumption")):
        if each[key]:
            pieces.append(words.put(why=said(each[key], lang)).say(lang))
    return "; ".join(pieces)


def figure(value: float, lang: Language) -> str:
    """A parameter as it was stated, no digit more than it has.

    >>> figure(100_000.0, "en"), figure(0.25, "sv")
    ('100,000', '0,25')
    """
    return written(value, ",.10g" if abs(value) < 1e15 else "g", lang)


# --- where it comes from --------------------------------------------------------------


def provenance(kept: Kept, lang: Language) -> Section:
    """Versions, seed and fingerprints, and the command that gives the same again."""
    blocks = list(_of_comparison(kept, lang)) if kept.policies else list[Block]()
    if kept.study_source:
        rows = list(_source(kept.study_source, lang))
        blocks.append(Grid(_told(rows, _STUDY.say(lang), lang), id=STUDY_RUN))
    if not blocks:
        blocks.append(Paragraph(_NO_SOURCE.say(lang)))
    return Section("provenance", _PROVENANCE.say(lang), blocks)


def _of_comparison(kept: Kept, lang: Language) -> Iterator[Block]:
    if kept.source:
        yield Grid(_told(hangs_on(kept, lang), _COMPARISON.say(lang), lang))
    else:
        yield Paragraph(_NO_SOURCE.say(lang))
    if kept.about.get("stopped"):
        yield Paragraph(_STOPPED.say(lang))
    command = kept.about.get("command")
    if command:
        yield Paragraph(_AGAIN.say(lang))
        yield Command(command, id=AGAIN)
    else:
        yield Paragraph(_NO_COMMAND.say(lang))


def ways_back(kept: Kept, lang: Language, *, of_study: bool = False) -> list[tuple[str, str]]:
    """Ways back from a number or a figure: to the clauses, and to the run that it came from."""
    run = (AGAIN, _TO_RUN) if kept.about.get("command") else ("provenance", _TO_PROVENANCE)
    if of_study:
        run = (STUDY_RUN if kept.study_source else "provenance", _TO_STUDY)
    clauses = [("policies", _TO_CLAUSES.say(lang))] if kept.policies else []
    return [*clauses, (run[0], run[1].say(lang))]


def hangs_on(kept: Kept, lang: Language) -> list[tuple[str, str]]:
    """What the comparison hangs on, line by line."""
    source = {**kept.source, "replications": kept.comparison.get("replications")}
    return [(_BASELINE.say(lang), kept.baseline), *_source(source, lang)]


def _source(source: Data, lang: Language) -> Iterator[tuple[str, str]]:
    for name, version in source.get("versions", {}).items():
        yield _VERSION.put(name=name).say(lang), version
    named = ((_SEED, "seed"), (_YEARS, "years"), (_REPLICATIONS, "replications"), (_DRAWS, "draws"))
    for words, key in (*named, (_BEHAVIOUR, "behaviour"), (_ENGINE, "engine")):
        if source.get(key) is not None:
            yield words.say(lang), str(source[key])
    if "off" in source:
        yield _SWITCHED_OFF.say(lang), _switches(source, lang) or _NONE.say(lang)
    scenario = source.get("scenario", {})
    if scenario:
        yield _SCENARIO.say(lang), scenario["id"]
        yield _HASH.put(name=scenario["id"]).say(lang), scenario["hash"]
    for each in source.get("policies", ()):
        yield _HASH.put(name=each["id"]).say(lang), each["hash"]
    for each in source.get("plugins", ()):
        yield _PLUGIN.put(name=each["name"]).say(lang), each["hash"]


def _switches(source: Data, lang: Language) -> str:
    return ", ".join(
        words_of(name).say(lang) if name in NAMES else name for name in source.get("off", ())
    )


def _told(rows: list[tuple[str, str]], title: str, lang: Language) -> Table:
    return Table([Column(_WHAT.say(lang)), Column(_VALUE.say(lang))], rows, title)
