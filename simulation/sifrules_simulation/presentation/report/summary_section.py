"""The answer (svaret) of a report, in three sentences: what was compared, the result, how sure."""

from __future__ import annotations

from collections.abc import Sequence

from sifrules.values.messages import Message, Text
from sifrules.values.text import Language
from sifrules_simulation.presentation.formatting import interval
from sifrules_simulation.presentation.hypothesis_words import headline
from sifrules_simulation.presentation.report.blocks import Paragraph, Section
from sifrules_simulation.presentation.report.comparison_section import estimate
from sifrules_simulation.presentation.report.provenance_section import figure
from sifrules_simulation.results.reader import SavedResults, said

_ANSWER = Message("report_summary.answer")
_COMPARED = Message("report_summary.compared")
_ONE = Message("report_summary.one")
_LEVEL = Message("report_summary.level")
_UPTAKE = Message("report_summary.uptake")
_HIGHER = Message("report_summary.higher")
_LOWER = Message("report_summary.lower")
_CANNOT_TELL = Message("report_summary.cannot_tell")
_BY = Message("report_summary.by")
_AND = Message("report_summary.and")
_NO_FINDING = Message("report_summary.no_finding")
_STUDY = Message("report_summary.study")
NO_ANSWER = Message("report_summary.no_answer")


def answer(saved: SavedResults, lang: Language) -> Section:
    """Three sentences; of a study alone, one."""
    if not saved.policies:
        return Section("answer", _ANSWER.text(lang), [Paragraph(_third(saved, lang))])
    reported = [_first(saved, lang), _second(saved, lang), _third(saved, lang)]
    return Section("answer", _ANSWER.text(lang), [Paragraph(each) for each in reported])


def _first(saved: SavedResults, lang: Language) -> str:
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


def _second(saved: SavedResults, lang: Language) -> str:
    by_policy = {each["id"]: each for each in saved.comparison["policies"]}
    if len(by_policy) == 1:
        measures = by_policy[saved.baseline]["measures"]
        return _LEVEL.format(
            uptake=interval(estimate(measures["application_uptake"]), "share", lang),
            granted=interval(estimate(measures["granted"]), "SEK", lang),
        ).text(lang)
    found: dict[Text, list[str]] = {_HIGHER: [], _LOWER: [], _CANNOT_TELL: []}
    for policy, each in by_policy.items():
        if policy == saved.baseline:
            continue
        difference = estimate(each["difference"]["application_uptake"])
        points = interval(difference, "share", lang, signed=True)
        reported = _BY.format(policy=policy, points=points).text(lang)
        if difference.low is None or difference.high is None:
            found[_CANNOT_TELL].append(policy)
        elif difference.low <= 0 <= difference.high:
            found[_CANNOT_TELL].append(reported)
        else:
            found[_HIGHER if difference.low > 0 else _LOWER].append(reported)
    parts = [
        words.format(policies=_listed(some, lang)).text(lang)
        for words, some in found.items()
        if some
    ]
    return _UPTAKE.format(baseline=saved.baseline, reported=_listed(parts, lang)).text(lang)


def _third(saved: SavedResults, lang: Language) -> str:
    if saved.study is None:
        return _NO_FINDING.text(lang)
    if not saved.study["policies"]:
        return NO_ANSWER.text(lang)
    return _STUDY.format(
        draws=figure(saved.study["draws"], lang),
        headline=headline(saved.study["findings"]).text(lang),
    ).text(lang)


def _listed(parts: Sequence[str], lang: Language) -> str:
    """Parts as "a, b and c".

    >>> _listed(["a", "b", "c"], "en")
    'a, b and c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {_AND.text(lang)} {parts[-1]}"
