"""Presentation of the hypotheses (hypotesernas tabeller): tables, and rows as CSV.

All read the findings as they are saved, so that a study that was run a moment ago and one that was
read back are shown alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.numbers import number_words
from sifrules.values.text import Language
from sifrules_simulation.model.structure import alternative_words
from sifrules_simulation.presentation.formatting import interval, number
from sifrules_simulation.presentation.hypothesis_words import CLAIMS, verdict
from sifrules_simulation.statistics.estimates import Estimate

Data = Mapping[str, Any]

_POLICY = Message("study_tables.policy")
_HYPOTHESIS = Message("hypotheses.hypothesis")
_DIFFERENCE = Message("hypotheses.difference")
_ABOVE = Message("hypotheses.above")
_BELOW = Message("hypotheses.below")
_VERDICT = Message("study_tables.verdict")
_AS_ASSUMED = Message("hypotheses.as_assumed")
_ALTERNATIVES = Message("hypotheses.alternatives")
_ALTERNATIVES_MEAN = Message("hypotheses.alternatives_mean")
_ALTERNATIVE, _MEANS = Message("hypotheses.alternative"), Message("hypotheses.means")
_TITLE = Message("hypotheses.title")
_BY_RECORD = Message("study_tables.by_record")


def hypothesis_tables(data: Data, lang: Language) -> Iterator[Table]:
    """Every hypothesis for every policy, also on the draws like the record if they are enough."""
    title = _TITLE.format(draws=data["draws"], replications=data["replications"])
    yield _table(data["findings"], data["margin"], title.text(lang), lang)
    if data["findings_by_record"]:
        title = _BY_RECORD.format(draws=data["by_record"][0]["draws"])
        yield _table(data["findings_by_record"], data["margin"], title.text(lang), lang)


def _table(findings: Sequence[Data], margin: float, title: str, lang: Language) -> Table:
    """Difference, shares of worlds and verdict."""
    points = number_words(100 * margin, "g")
    columns = [
        Column(_POLICY.text(lang), width=18),
        Column(_HYPOTHESIS.text(lang), width=44),
        Column(_DIFFERENCE.text(lang), number=True),
        Column(_ABOVE.format(margin=points).text(lang), number=True),
        Column(_BELOW.format(margin=points).text(lang), number=True),
        Column(_VERDICT.text(lang), width=26),
    ]
    rows = [
        [
            each["policy"],
            CLAIMS[each["hypothesis"]].text(lang),
            interval(estimate(each["difference"]), "share", lang, signed=True),
            share(each["above"]),
            share(each["below"]),
            verdict(each["verdict"]).text(lang),
        ]
        for each in findings
    ]
    return Table(columns, rows, title)


def alternatives_tables(data: Data, lang: Language) -> Iterator[Table]:
    """For each policy, its findings with each alternative of the structural assumptions.

    Difference, and the share of worlds in which the hypothesis holds. Last what each alternative
    is in words.
    """
    if not data["alternatives"]:
        return
    for policy in dict.fromkeys(each["policy"] for each in data["findings"]):
        columns = [Column(_HYPOTHESIS.text(lang), width=30)]
        columns.append(Column(_AS_ASSUMED.text(lang), number=True))
        columns += [Column(head, number=True) for head in map(_head, data["alternatives"])]
        each = [
            [found for found in some if found["policy"] == policy]
            for some in (data["as_assumed"], *data["alternatives"].values())
        ]
        rows = [
            [CLAIMS[row[0]["hypothesis"]].text(lang), *(in_short(one, lang) for one in row)]
            for row in zip(*each, strict=True)
        ]
        yield Table(columns, rows, _ALTERNATIVES.format(policy=policy).text(lang))
    columns = [Column(_ALTERNATIVE.text(lang), width=36), Column(_MEANS.text(lang), width=90)]
    words = [[setting, alternative_words(setting).text(lang)] for setting in data["alternatives"]]
    yield Table(columns, words, _ALTERNATIVES_MEAN.text(lang))


def _head(setting: str) -> str:
    return setting.removeprefix("structure.").replace("=", "= \n")


def in_short(each: Data, lang: Language) -> str:
    """A difference, and in how many of the worlds it holds: ``+28.0 (98)``."""
    mean, holds = each["difference"]["mean"], each["holds"]
    if mean is None or holds is None:
        return "–"
    return f"{number(mean, 'share', lang, signed=True)} ({_whole(holds['share'])})"


def _whole(share: float) -> str:
    return f"{100 * share:.0f}"


def share(share: Data | None) -> str:
    """A share of worlds with its interval: ``85 (80–89)``."""
    if share is None:
        return "–"
    return f"{_whole(share['share'])} ({_whole(share['low'])}–{_whole(share['high'])})"


def estimate(each: Data) -> Estimate:
    """A saved estimate, as one that can be written with its interval."""
    return Estimate(each["mean"], each["low"], each["high"], 0)


def hypothesis_rows(data: Data) -> Table:
    """The findings as CSV, on all draws and on those like the record."""
    texts = ("policy", "origin", "hypothesis", "measure", "contrast", "verdict")
    heads = [*texts[:5], "difference", "difference_low", "difference_high"]
    heads += [f"{name}{end}" for name in ("above", "below") for end in ("", "_low", "_high")]
    rows = []
    for origin, key in (("prior", "findings"), ("posterior", "findings_by_record")):
        for each in data[key]:
            row = [each["policy"], origin, *(each[name] for name in texts[2:5])]
            found = [each["difference"][end] for end in ("mean", "low", "high")]
            for of in (each["above"], each["below"]):
                found += [None] * 3 if of is None else [of[end] for end in ("share", "low", "high")]
            rows.append([*row, *("" if x is None else repr(x) for x in found), each["verdict"]])
    columns = [Column(head, number=head not in texts) for head in (*heads, "verdict")]
    return Table(columns, rows)
