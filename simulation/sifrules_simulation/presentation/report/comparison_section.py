"""The comparison in a report: estimates, the fund, uptake over the years, stops and parties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language, LocalizedText
from sifrules_simulation.model.measures import MEASURES, SHOWN
from sifrules_simulation.model.track_measures import on_track
from sifrules_simulation.presentation.charts.comparison_charts import COUNTED
from sifrules_simulation.presentation.formatting import PERCENTAGE_POINTS, interval, number, unit_of
from sifrules_simulation.presentation.report.blocks import (
    Block,
    Grid,
    Paragraph,
    Section,
    in_groups,
)
from sifrules_simulation.presentation.report.clauses_section import NOT_SAVED, clause_place
from sifrules_simulation.presentation.report.key_figures import estimate
from sifrules_simulation.presentation.stop_words import WAYS, stop_counts
from sifrules_simulation.presentation.track_tables import table_of_tracks
from sifrules_simulation.results.reader import Data, SavedResults, said

if TYPE_CHECKING:
    import polars as pl

_ALONE = Message("report_comparison.alone")
_MEASURES = Message("report_comparison.measures")
_MEANS = Message("report_comparison.means")
_DIFFERENCES = Message("report_comparison.differences")
_HOW = Message("report_comparison.how")
_MEASURE = Message("report_comparison.measure")
_OTHER_MEASURES = Message("report_comparison.other_measures")
_UNIT = Message("report_comparison.unit")
_FORMULAS = Message("report_comparison.formulas")
_FORMULA = Message("report_comparison.formula")
_TRACKS = Message("report_comparison.tracks")
_HOW_TRACKS = Message("report_comparison.how_tracks")
_FUND = Message("report_comparison.fund")
_FUND_CAPTION = Message("report_comparison.fund_caption")
_YEAR = Message("report_comparison.year")
_BALANCE_TABLE = Message("report_comparison.balance_table")
_UPTAKE = Message("report_comparison.uptake")
_UPTAKE_CAPTION = Message("report_comparison.uptake_caption")
_UPTAKE_TABLE = Message("report_comparison.uptake_table")
_DIFFERENCES_CAPTION = Message("report_comparison.differences_caption")
_STOPS = Message("report_comparison.stops")
_STOPPED = Message("report_comparison.stopped")
_MOST_STOPPED = Message("report_comparison.most_stopped")
#: So many rules of each policy are shown before the table of all is opened.
_MOST = 3
_NONE_STOPPED = Message("report_comparison.none_stopped")
_WAY = Message("report_comparison.way")
_ONE_MAY_FAIL_MORE = Message("report_comparison.one_may_fail_more")
_POLICY = Message("report_comparison.policy")
_RULE = Message("report_comparison.rule")
_DEMAND = Message("report_comparison.demand")
_PER_RUN = Message("report_comparison.per_run")
_PARTIES = Message("report_comparison.parties")
_PARTIES_TABLE = Message("report_comparison.parties_table")
_WHO = Message("report_comparison.who")
_WHAT = Message("report_comparison.what")
_NO_PARTIES = Message("report_comparison.no_parties")
_NOT_SPLIT = Message("report_comparison.not_split")
_COMMITTEE = Message("report_comparison.committee")
#: What each committee bears, as the table of committees names it.
_BY_COMMITTEE = {
    "effect": Message("report_comparison.by_committee_effect"),
    "returned": Message("report_comparison.by_committee_returned"),
    "granted": Message("report_comparison.by_committee_granted"),
}
_IN_ORDER = Message("report_comparison.in_order")
_COMMITTEES_NOT_SAVED = Message("report_comparison.committees_not_kept")
#: The party that pays or receives what a measure counts.
_BEARERS = {
    "returned": Message("report_comparison.bearers_returned"),
    "outstanding": Message("report_comparison.bearers_outstanding"),
    "written_down": Message("report_comparison.bearers_written_down"),
    "exempted": Message("report_comparison.bearers_exempted"),
    "municipal_saving": Message("report_comparison.bearers_municipal_saving"),
    "administration": Message("report_comparison.bearers_administration"),
    "net_municipal_saving": Message("report_comparison.bearers_net_municipal_saving"),
    "human_gain": Message("report_comparison.bearers_human_gain"),
}


# --- measures -------------------------------------------------------------------------


def measured(saved: SavedResults, lang: Language) -> Section:
    """Every measure with its interval, and how each policy differs from the baseline."""
    by_policy = {each["id"]: each for each in saved.comparison["policies"]}
    others = [policy for policy in saved.policies if policy != saved.baseline]
    level = number(100 * saved.comparison.get("level", 0.95), "count", lang)
    level = level.removesuffix(",0").removesuffix(".0")
    blocks: list[Block] = [Paragraph(_HOW.format(baseline=saved.baseline).text(lang))]
    tables = [("measures", _MEANS.format(level=level), saved.policies)]
    if others:
        tables.append(("difference", _DIFFERENCES.format(baseline=saved.baseline), others))
    for key, words, policies in tables:
        for group in in_groups(policies):
            title = words.format(policies=", ".join(group)).text(lang)
            blocks += _estimates(by_policy, key, group, title, saved, lang)
    if not others:
        blocks.append(Paragraph(_ALONE.text(lang)))
    reported = {each["name"]: each for each in saved.about.get("measures", ())}
    formulas = [
        [said(reported[name]["words"], lang), said(reported[name]["formula"], lang)]
        for name in _as_shown(reported)
    ]
    if formulas:
        columns = [Column(_MEASURE.text(lang)), Column(_FORMULA.text(lang))]
        blocks.append(Grid(Table(columns, formulas, _FORMULAS.text(lang)), folded=True))
    return Section("measures", _MEASURES.text(lang), blocks)


def _as_shown(names: Iterable[str]) -> list[str]:
    """Measures in the order in which they are shown: the usual ones, the rest, the plugins'."""
    there = dict.fromkeys(names)
    usual = [*SHOWN, *(measure.name for measure in MEASURES)]
    return list(dict.fromkeys([*(each for each in usual if each in there), *there]))


def measure_names(saved: SavedResults, lang: Language) -> dict[str, str]:
    """What each measure is called."""
    ours = {each.name: each.words.text(lang) for each in MEASURES}
    return ours | {
        each["name"]: said(each["words"], lang) for each in saved.about.get("measures", ())
    }


def difference_caption(saved: SavedResults, lang: Language) -> str:
    """What stands below the figure of differences."""
    return _DIFFERENCES_CAPTION.format(baseline=saved.baseline).text(lang)


def _estimates(
    by_policy: Mapping[str, Data],
    key: str,
    group: Sequence[str],
    title: str,
    saved: SavedResults,
    lang: Language,
) -> Iterator[Grid]:
    """The usual measures and those of plugins, and the others in a table that opens."""
    signed, called = key == "difference", measure_names(saved, lang)
    columns = [Column(_MEASURE.text(lang)), Column(_UNIT.text(lang))]
    columns += [Column(policy, number=True) for policy in group]
    there = by_policy[group[0]]["measures"]
    ours = {measure.name for measure in MEASURES}
    rows: dict[bool, list[list[str]]] = {True: [], False: []}
    for name in _as_shown(there):
        unit = there[name]["unit"]
        words = PERCENTAGE_POINTS if signed and unit == "share" else unit_of(unit).shown
        cells = [
            interval(estimate(by_policy[policy][key][name]), unit, lang, signed=signed)
            for policy in group
        ]
        usual = name in SHOWN or name not in ours
        rows[usual].append([called.get(name, name), words.text(lang), *cells])
    if rows[True]:
        yield Grid(Table(columns, rows[True], title))
    if rows[False]:
        others = _OTHER_MEASURES.format(title=title).text(lang)
        yield Grid(Table(columns, rows[False], others), folded=True)


def tracks(kept: SavedResults, lang: Language) -> Section | None:
    """What is measured of each track; None where no policy has tracks."""
    by_policy = {each["id"]: each["measures"] for each in kept.comparison["policies"]}
    rows = [
        (policy, track["name"], LocalizedText(**track["title"]))
        for policy in kept.policies
        for track in kept.described(policy).get("tracks", ())
        if on_track("grants", track["name"]) in by_policy[policy]
    ]
    if not rows:
        return None
    table = table_of_tracks(rows, lambda policy, name: estimate(by_policy[policy][name]), lang)
    return Section("tracks", _TRACKS.text(lang), [Paragraph(_HOW_TRACKS.text(lang)), Grid(table)])


# --- over the years -------------------------------------------------------------------


def fund(saved: SavedResults, lang: Language) -> Section:
    """What is left in the fund over the years."""
    tables = list(_over_years(saved, "balance", "SEK", _BALANCE_TABLE, lang))
    return Section("fund", _FUND.text(lang), tables or [Paragraph(NOT_SAVED.text(lang))])


def uptake(saved: SavedResults, lang: Language) -> Section:
    """Applications and grants by year."""
    blocks: list[Block] = []
    for measure, words in COUNTED.items():
        title = _UPTAKE_TABLE.format(what=words.text(lang).capitalize())
        blocks += _over_years(saved, measure, "count", title, lang)
    return Section("uptake", _UPTAKE.text(lang), blocks or [Paragraph(NOT_SAVED.text(lang))])


def caption_of(name: str, saved: SavedResults, lang: Language) -> str:
    """What stands below a figure of the comparison."""
    words = {"balances": _FUND_CAPTION, "uptake_by_year": _UPTAKE_CAPTION}
    return words[name].text(lang) if name in words else difference_caption(saved, lang)


def _over_years(
    saved: SavedResults, measure: str, unit: str, title: Text, lang: Language
) -> Iterator[Block]:
    """A row for each year, a column for each policy."""
    yield from _by(
        saved, saved.breakdowns.get("yearly"), ("year", _YEAR), (measure, unit), title, lang
    )


def _by(
    saved: SavedResults,
    frame: pl.DataFrame | None,
    by: tuple[str, Text],
    of: tuple[str, str],
    title: Text,
    lang: Language,
) -> Iterator[Block]:
    """A row for each value of a column, with its heading; a column for each policy."""
    (step, head), (measure, unit) = by, of
    if frame is None:
        return
    rows = frame.filter(frame["measure"] == measure).iter_rows(named=True)
    reported = {(row["policy"], row[step]): estimate(row) for row in rows}
    steps = sorted({each for _, each in reported})
    for group in in_groups(saved.policies) if steps else []:
        columns = [Column(head.text(lang)), *(Column(policy, number=True) for policy in group)]
        cells = [
            [str(each), *(interval(reported[policy, each], unit, lang) for policy in group)]
            for each in steps
        ]
        headed = title.format(policies=", ".join(group)).text(lang)
        yield Grid(Table(columns, cells, headed), folded=True)


# --- where applications stop, and who pays --------------------------------------------


def stops(saved: SavedResults, lang: Language) -> Section:
    """At which rules applications and ideas stop, and how; most often first.

    The three that stop most under each policy, and all of them in a table that opens.
    """
    if not all(way in each for each in saved.comparison["policies"] for way in WAYS):
        return Section("stops", _STOPS.text(lang), [Paragraph(NOT_SAVED.text(lang))])
    most, every = (_stopped(saved, lang, at_most) for at_most in (_MOST, None))
    if not every.table.rows:
        return Section("stops", _STOPS.text(lang), [Paragraph(_NONE_STOPPED.text(lang))])
    blocks: list[Block] = [most, Paragraph(_ONE_MAY_FAIL_MORE.text(lang))]
    if len(every.table.rows) > len(most.table.rows):
        blocks.append(evolve(every, folded=True))
    return Section("stops", _STOPS.text(lang), blocks)


def _stopped(saved: SavedResults, lang: Language, at_most: int | None) -> Grid:
    """The rules that stop most under each policy, so many of them, or all."""
    count = saved.comparison.get("replications", 0)
    rows, links = list[list[str]](), dict[tuple[int, int], str]()
    for each in saved.comparison["policies"]:
        rules = saved.described(each["id"]).get("rules", {})
        for stop in list(stop_counts(each, count))[:at_most]:
            demand = said(rules.get(stop.rule, {}).get("demand"), lang)
            place = clause_place(saved, each["id"], stop.rule)
            if place is not None:
                links[len(rows), 2] = place
            mean = number(stop.mean, "count", lang)
            rows.append([each["id"], WAYS[stop.way].text(lang), stop.rule, demand, mean])
    columns = [Column(head.text(lang)) for head in (_POLICY, _WAY, _RULE, _DEMAND)]
    columns.append(Column(_PER_RUN.text(lang), number=True))
    title = _STOPPED.text(lang) if at_most is None else _MOST_STOPPED.format(n=at_most).text(lang)
    return Grid(Table(columns, rows, title), links=links)


def parties(saved: SavedResults, lang: Language) -> Section:
    """Who pays and who gains, as far as it was measured."""
    by_policy = {each["id"]: each["measures"] for each in saved.comparison["policies"]}
    there = [name for name in _BEARERS if all(name in each for each in by_policy.values())]
    if not there:
        return Section("parties", _PARTIES.text(lang), [Paragraph(_NO_PARTIES.text(lang))])
    called, blocks = measure_names(saved, lang), list[Block]()
    for group in in_groups(saved.policies):
        columns = [Column(_WHO.text(lang)), Column(_WHAT.text(lang))]
        columns += [Column(policy, number=True) for policy in group]
        rows = [
            [
                _BEARERS[name].text(lang),
                called.get(name, name),
                *(interval(estimate(by_policy[policy][name]), "SEK", lang) for policy in group),
            ]
            for name in there
        ]
        title = _PARTIES_TABLE.format(policies=", ".join(group)).text(lang)
        blocks.append(Grid(Table(columns, rows, title)))
    for measure, heading in _BY_COMMITTEE.items():
        head = ("committee", _COMMITTEE)
        blocks += _by(
            saved, saved.breakdowns.get("committees"), head, (measure, "SEK"), heading, lang
        )
    reported = _IN_ORDER if "committees" in saved.breakdowns else _COMMITTEES_NOT_SAVED
    ending = [Paragraph(reported.text(lang)), Paragraph(_NOT_SPLIT.text(lang))]
    return Section("parties", _PARTIES.text(lang), [*blocks, *ending])
