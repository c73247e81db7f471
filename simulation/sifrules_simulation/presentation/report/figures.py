"""The figures of a report (rapportens diagram): which there are data for, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from sifrules.errors import SifError, nearest
from sifrules.presentation.changed_ids import id_words
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language
from sifrules_simulation.model.measures import SHOWN
from sifrules_simulation.presentation.charts import (
    comparison_charts as policy_charts,
    figures as frames,
)
from sifrules_simulation.presentation.charts.comparison_charts import COUNTED, FIRST
from sifrules_simulation.presentation.formatting import number
from sifrules_simulation.presentation.report.key_figures import (
    heading,
    key_measures,
    key_table,
)
from sifrules_simulation.results.reader import SavedResults, read_json, read_results, said, study_in

if TYPE_CHECKING:
    import polars as pl

#: Every chart there is, by the name that `sif chart` knows it by.
NAMES = (
    *("balances", "uptake_by_year", "measure_differences"),
    *("effects", "shares", "causes", "sensitivity", "foreseen", "parameters"),
)

_BALANCE = Message("report_figures.balance")
_COUNTS = Message("report_figures.counts")
_UPTAKE = Message("report_figures.uptake")
_GRANTED = Message("report_figures.granted")


def charts_in(folder: Path, lang: Language) -> dict[str, Any]:
    """Every chart for which a folder has data, by name; `SifError` where it has none."""
    if not folder.is_dir():
        raise SifError(
            Message("results.no_folder", folder=folder), fix=Message("results.name_out_folder")
        )
    found: dict[str, Any] = {}
    if (folder / "comparison.json").is_file():
        found |= charts_of(read_results(folder), lang)
    if (folder / "study.json").is_file():
        found |= frames.figures(dict(study_in(folder)[0]), lang)
    if (folder / "calibration.json").is_file():
        found |= frames.calibration_figures(read_json(folder / "calibration.json"), lang)
    if not found:
        raise SifError(
            Message("chart.no_results", folder=folder), fix=Message("results.make_compare_or_study")
        )
    return found


def chart_named(name: str, folder: Path, lang: Language) -> Any:
    """The chart of a name, as ``balances``; `SifError` names the nearest, or what there is."""
    wanted = name.replace("-", "_")
    if wanted not in NAMES:
        raise SifError(Message("chart.unknown", name=name), fix=nearest(wanted, NAMES))
    found = charts_in(folder, lang)
    if wanted not in found:
        there = ", ".join(sorted(found))
        raise SifError(
            Message("chart.no_data", wanted=wanted, folder=folder),
            fix=Message("chart.those_there", there=there),
        )
    return found[wanted]


def charts_of(saved: SavedResults, lang: Language) -> dict[str, Any]:
    """The charts of a comparison that there are data for."""
    found = {}
    names = {each: id_words(each, lang) for each in saved.policies}
    balances, yearly = saved.breakdowns.get("balances"), saved.breakdowns.get("yearly")
    if _has_numbers(balances):
        found["balances"] = policy_charts.balances(balances, lang, names)
    if _has_numbers(yearly):
        found["uptake_by_year"] = policy_charts.uptake_by_year(yearly, lang, names)
    if len(saved.policies) > 1 and _has_numbers(saved.summary):
        found["measure_differences"] = policy_charts.measure_differences(
            saved.summary, lang, _measures(saved, lang), names=names
        )
    return found


def page_charts(
    saved: SavedResults, names: Mapping[str, str], lang: Language
) -> dict[str, list[Any]]:
    """The same for a page, in parts as narrow as a telephone, policies by their names."""
    found: dict[str, list[Any]] = {}
    balances, yearly = saved.breakdowns.get("balances"), saved.breakdowns.get("yearly")
    if _has_numbers(balances):
        found["balances"] = [policy_charts.balances(balances, lang, names, narrow=True)]
    if _has_numbers(yearly):
        found["uptake_by_year"] = [policy_charts.uptake_by_year(yearly, lang, names, narrow=True)]
    if len(saved.policies) > 1 and _has_numbers(saved.summary):
        there = set(saved.summary["measure"])
        shown = [each for each in SHOWN if each in there] or sorted(there)
        half = -(-len(shown) // 2)
        found["measure_differences"] = [
            policy_charts.measure_differences(
                saved.summary, lang, _measures(saved, lang), part, names, narrow=True
            )
            for part in filter(None, (shown[:half], shown[half:]))
        ]
    return found


def first_chart(saved: SavedResults, names: Mapping[str, str], lang: Language) -> Any | None:
    """The picture of the answer: uptake and survival of the fund; None without their numbers."""
    shown = [name for name in FIRST if name in key_measures(saved)]
    if not shown or not _has_numbers(saved.summary):
        return None
    heads = {name: heading(name, lang) for name in shown}
    return policy_charts.first_picture(saved.summary, lang, names, heads)


def _measures(saved: SavedResults, lang: Language) -> dict[str, str] | None:
    named = {each["name"]: said(each["words"], lang) for each in saved.about.get("measures", ())}
    return named or None


def _has_numbers(frame: pl.DataFrame | None) -> TypeGuard[pl.DataFrame]:
    """Whether there is a number in a frame."""
    return frame is not None and frame["mean"].drop_nulls().len() > 0


# --- the gist of each, in words -------------------------------------------------------


def gist(name: str, saved: SavedResults, lang: Language) -> str:
    """What a chart of a comparison shows, in words, for whoever cannot see it."""
    sentences = {
        "balances": _balances,
        "uptake_by_year": _counts,
        "measure_differences": _differences,
    }
    return ". ".join(words.text(lang) for words in sentences[name](saved, lang)) + "."


def first_gist(saved: SavedResults, lang: Language) -> str:
    """What the picture of the answer shows, policy by policy."""
    table = key_table(saved, lang)
    heads = [heading(name, lang) for name in FIRST]
    rows = table.rows if table is not None else ()
    shown = [] if table is None else [column.line for column in table.columns]
    return ". ".join(
        f"{row[0]}: "
        + ", ".join(f"{head} {row[shown.index(head)]}" for head in heads if head in shown)
        for row in rows
    )


def _balances(saved: SavedResults, lang: Language) -> Iterator[Text]:
    balances = saved.breakdowns["balances"]
    for policy in saved.policies:
        rows = balances.filter(balances["policy"] == policy).drop_nulls("mean")
        if not rows.height:
            continue
        means = rows["mean"].to_list()
        least = min(range(len(means)), key=means.__getitem__)
        yield _BALANCE.format(
            policy=policy,
            first=number(means[0], "SEK", lang),
            least=number(means[least], "SEK", lang),
            when=(rows["month"][least] - 1) // 12 + 1,
            last=number(means[-1], "SEK", lang),
        )


def _counts(saved: SavedResults, lang: Language) -> Iterator[Text]:
    yearly = saved.breakdowns["yearly"]
    for policy in saved.policies:
        reported: dict[str, str] = {}
        for measure in COUNTED:
            of = (yearly["policy"] == policy) & (yearly["measure"] == measure)
            means = yearly.filter(of)["mean"].drop_nulls().to_list()
            if means:
                reported[measure] = number(means[0], "count", lang)
                reported[f"{measure}_last"] = number(means[-1], "count", lang)
        if len(reported) == 2 * len(COUNTED):
            yield _COUNTS.format(policy=policy, **reported)


def _differences(saved: SavedResults, lang: Language) -> Iterator[Text]:
    for each in saved.comparison["policies"]:
        mean = each["difference"].get("application_uptake", {}).get("mean")
        if each["id"] == saved.baseline or mean is None:
            continue
        reported = _UPTAKE.format(
            policy=each["id"], points=number(mean, "share", lang, signed=True)
        )
        money = each["difference"].get("granted", {}).get("mean")
        if money is not None:
            reported = _GRANTED.format(
                reported=reported, money=number(money, "SEK", lang, signed=True)
            )
        yield reported
