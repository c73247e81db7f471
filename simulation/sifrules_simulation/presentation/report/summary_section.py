"""The answer (svaret) of a report: a table, a picture, and what they say in plain sentences."""

from __future__ import annotations

from sifrules.values.messages import Message, Text
from sifrules.values.text import Language
from sifrules_simulation.presentation.formatting import interval, listed
from sifrules_simulation.presentation.hypothesis_words import headline
from sifrules_simulation.presentation.report.blocks import (
    Block,
    Figure,
    Grid,
    Paragraph,
    Points,
    Section,
)
from sifrules_simulation.presentation.report.key_figures import (
    estimate,
    key_sentences,
    key_table,
    side,
    without_fund,
)
from sifrules_simulation.presentation.report.provenance_section import figure
from sifrules_simulation.results.reader import SavedResults, said

_ANSWER = Message("report_summary.answer")
_COMPARED = Message("report_summary.compared")
_ONE = Message("report_summary.one")
_LEVEL = Message("report_summary.level")
_HIGHER = Message("report_summary.higher")
_LOWER = Message("report_summary.lower")
_CANNOT_TELL = Message("report_summary.cannot_tell")
_BY = Message("report_summary.by")
_NO_FINDING = Message("report_summary.no_finding")
_STUDY = Message("report_summary.study")
NO_ANSWER = Message("report_summary.no_answer")
_IN_WORDS = Message("report_summary.in_words")
#: With more policies in a sentence their numbers are left to the tables.
_WITH_NUMBERS = 5
#: What the picture of the answer is linked to by, and the table.
KEY = "key"


def answer(saved: SavedResults, lang: Language, picture: Figure | None = None) -> Section:
    """What was compared, the key figures, the picture, and the sentences; of a study alone, one."""
    title = _ANSWER.text(lang)
    if not saved.policies:
        return Section("answer", title, [Paragraph(conclusion(saved, lang))])
    blocks: list[Block] = [Paragraph(compared(saved, lang))]
    table = key_table(saved, lang)
    if table is not None:
        blocks.append(Grid(table, id=KEY, key=True))
    if picture is not None:
        blocks.append(picture)
    blocks.append(Points(_IN_WORDS.text(lang), sentences(saved, lang)))
    return Section("answer", title, blocks)


def sentences(saved: SavedResults, lang: Language) -> list[str]:
    """The answer in plain sentences: uptake first, how sure one can be last."""
    return [
        *_uptake(saved, lang),
        *key_sentences(saved, lang),
        *(f"{_sentence(said(note, lang))}" for note in saved.about.get("money", ())),
        conclusion(saved, lang),
    ]


def compared(saved: SavedResults, lang: Language) -> str:
    """What was compared with what, in how many simulated worlds."""
    comparison = saved.comparison
    title = said(saved.about.get("scenario", {}).get("title"), lang)
    words = _ONE if len(saved.policies) == 1 else _COMPARED
    return words.format(
        count=len(saved.policies),
        replications=figure(comparison.get("replications", 0), lang),
        years=comparison.get("years", "–"),
        scenario=title or saved.source.get("scenario", {}).get("id", "–"),
        baseline=saved.baseline,
    ).text(lang)


def _uptake(saved: SavedResults, lang: Language) -> list[str]:
    """Under which policies more or less is applied for than under the baseline, or neither."""
    by_policy = {each["id"]: each for each in saved.comparison["policies"]}
    if len(by_policy) == 1:
        measures = by_policy[saved.baseline]["measures"]
        level = _LEVEL.format(
            uptake=interval(estimate(measures["application_uptake"]), "share", lang),
            granted=interval(estimate(measures["granted"]), "SEK", lang),
        )
        return [level.text(lang)]
    found: dict[Text, list[tuple[str, str]]] = {_HIGHER: [], _LOWER: [], _CANNOT_TELL: []}
    for policy, each in by_policy.items():
        if policy == saved.baseline or policy in without_fund(saved):
            continue
        difference = estimate(each["difference"]["application_uptake"])
        points = interval(difference, "share", lang, signed=True)
        reported = _BY.format(policy=policy, points=points).text(lang)
        words = {1: _HIGHER, -1: _LOWER, 0: _CANNOT_TELL}[side(difference)]
        found[words].append((policy, policy if difference.low is None else reported))
    return [
        words.format(
            policies=listed([each[len(some) <= _WITH_NUMBERS] for each in some], lang),
            baseline=saved.baseline,
        ).text(lang)
        for words, some in found.items()
        if some
    ]


def conclusion(saved: SavedResults, lang: Language) -> str:
    """How far one can rely on it: what a study found, or that there is none."""
    if saved.study is None:
        return _NO_FINDING.text(lang)
    if not saved.study["policies"]:
        return NO_ANSWER.text(lang)
    return _STUDY.format(
        draws=figure(saved.study["draws"], lang),
        headline=headline(saved.study["findings"]).text(lang),
    ).text(lang)


def _sentence(note: str) -> str:
    """A note as a sentence: it begins with a capital letter and ends with a full stop."""
    return f"{note[:1].upper()}{note[1:]}" + ("" if note.endswith(".") else ".")
