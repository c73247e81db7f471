"""The answer (svaret) of a report, in three sentences: what was compared, what came, how sure."""

from __future__ import annotations

from collections.abc import Sequence

from sifrules.values.text import Language, LocalizedText, same
from sifrules_simulation.analysis.hypothesis import HypothesisVerdict
from sifrules_simulation.presentation.formatting import interval
from sifrules_simulation.presentation.report.blocks import Paragraph, Section
from sifrules_simulation.presentation.report.comparison_section import estimate
from sifrules_simulation.presentation.report.provenance_section import figure
from sifrules_simulation.results.reader import Data, SavedResults, said

_ANSWER = LocalizedText(sv="Svaret", en="The answer")
_COMPARED = LocalizedText(
    sv="{count} policyer fick leva genom samma {replications} simulerade världar i {years} år "
    "({scenario}), och jämförs med {baseline}.",
    en="{count} policies lived through the same {replications} simulated worlds for {years} years "
    "({scenario}), and are compared with {baseline}.",
)
_ONE = LocalizedText(
    sv="{baseline} fick leva genom {replications} simulerade världar i {years} år ({scenario}).",
    en="{baseline} lived through {replications} simulated worlds for {years} years ({scenario}).",
)
_LEVEL = LocalizedText(
    sv="Av de livskraftiga idéerna blir {uptake}\N{NO-BREAK SPACE}% en ansökan, och "
    "{granted}\N{NO-BREAK SPACE}mnkr beviljas.",
    en="Of the viable ideas {uptake} % become an application, and {granted} MSEK are granted.",
)
_UPTAKE = LocalizedText(
    sv="Jämfört med {baseline} {told}.",
    en="Compared with {baseline} {told}.",
)
_HIGHER = LocalizedText(
    sv="är ansökningsgraden högre med {policies}", en="application uptake is higher with {policies}"
)
_LOWER = LocalizedText(
    sv="är ansökningsgraden lägre med {policies}", en="application uptake is lower with {policies}"
)
_CANNOT_TELL = LocalizedText(
    sv="går det inte att avgöra om ansökningsgraden skiljer sig med {policies}",
    en="one cannot tell whether application uptake differs with {policies}",
)
_BY = LocalizedText(
    sv="{policy} ({points} procentenheter)", en="{policy} ({points} percentage points)"
)
_AND = LocalizedText(sv="och", en="and")
_NO_FINDING = LocalizedText(
    sv="Det är vad en uppsättning antaganden leder till och inget fynd: ett fynd är något som en "
    "studie prövar över alla antaganden, och ingen studie är med här.",
    en="This is what one set of assumptions leads to and no finding: a finding is what a study "
    "tries over all assumptions, and no study is given here.",
)
_STUDY = LocalizedText(
    sv="Studien prövade om ansökningsgraden stiger när återföringen tas bort, över {draws} "
    "dragningar av alla osäkra antaganden: {verdicts}.",
    en="The study tried whether uptake rises when the return flow is taken out, over {draws} draws "
    "of all uncertain assumptions: {verdicts}.",
)
NO_ANSWER = LocalizedText(
    sv="Studien stoppades innan den hade något svar.",
    en="The study was stopped before it had an answer.",
)
_VERDICT = LocalizedText(sv="{verdict} ({policies})", en="{verdict} ({policies})")


def answer(kept: SavedResults, lang: Language) -> Section:
    """Three sentences; of a study alone, one."""
    if not kept.policies:
        return Section("answer", _ANSWER.text(lang), [Paragraph(_third(kept, lang))])
    told = [_first(kept, lang), _second(kept, lang), _third(kept, lang)]
    return Section("answer", _ANSWER.text(lang), [Paragraph(each) for each in told])


def _first(kept: SavedResults, lang: Language) -> str:
    comparison = kept.comparison
    title = said(kept.about.get("scenario", {}).get("title"), lang)
    words = _ONE if len(kept.policies) == 1 else _COMPARED
    return words.format(
        count=len(kept.policies),
        replications=figure(comparison.get("replications", 0), lang),
        years=comparison.get("years", "–"),
        scenario=title or kept.source.get("scenario", {}).get("id", "–"),
        baseline=kept.baseline,
    ).text(lang)


def _second(kept: SavedResults, lang: Language) -> str:
    by_policy = {each["id"]: each for each in kept.comparison["policies"]}
    if len(by_policy) == 1:
        measures = by_policy[kept.baseline]["measures"]
        return _LEVEL.format(
            uptake=interval(estimate(measures["application_uptake"]), "share", lang),
            granted=interval(estimate(measures["granted"]), "SEK", lang),
        ).text(lang)
    found: dict[LocalizedText, list[str]] = {_HIGHER: [], _LOWER: [], _CANNOT_TELL: []}
    for policy, each in by_policy.items():
        if policy == kept.baseline:
            continue
        difference = estimate(each["difference"]["application_uptake"])
        points = interval(difference, "share", lang, signed=True)
        told = _BY.format(policy=policy, points=points).text(lang)
        if difference.low is None or difference.high is None:
            found[_CANNOT_TELL].append(policy)
        elif difference.low <= 0 <= difference.high:
            found[_CANNOT_TELL].append(told)
        else:
            found[_HIGHER if difference.low > 0 else _LOWER].append(told)
    parts = [
        words.format(policies=_listed(some, lang)).text(lang)
        for words, some in found.items()
        if some
    ]
    return _UPTAKE.format(baseline=kept.baseline, told=_listed(parts, lang)).text(lang)


def _third(kept: SavedResults, lang: Language) -> str:
    if kept.study is None:
        return _NO_FINDING.text(lang)
    if not kept.study["policies"]:
        return NO_ANSWER.text(lang)
    return _STUDY.format(
        draws=figure(kept.study["draws"], lang),
        verdicts="; ".join(verdicts(kept.study["policies"], lang)),
    ).text(lang)


def verdicts(answers: Sequence[Data], lang: Language) -> list[str]:
    """Each verdict there is, with the policies that it is of."""
    found: dict[str, list[str]] = {}
    for each in answers:
        found.setdefault(each["verdict"], []).append(each["id"])
    return [
        _VERDICT.format(verdict=verdict_words(name), policies=_listed(some, lang)).text(lang)
        for name, some in found.items()
    ]


def verdict_words(name: str) -> LocalizedText:
    """A verdict in words, by its name."""
    return HypothesisVerdict(name).words if name in tuple(HypothesisVerdict) else same(name or "–")


def _listed(parts: Sequence[str], lang: Language) -> str:
    """Parts as "a, b and c".

    >>> _listed(["a", "b", "c"], "en")
    'a, b and c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {_AND.text(lang)} {parts[-1]}"
