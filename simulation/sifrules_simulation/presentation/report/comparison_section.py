"""The comparison in a report: what the policies say, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sifrules.presentation.table import Column, Table
from sifrules.values.text import Language, LocalizedText
from sifrules_simulation.model.measures import MEASURES, SHOWN
from sifrules_simulation.presentation.charts.comparison_charts import COUNTED
from sifrules_simulation.presentation.formatting import PERCENTAGE_POINTS, interval, number, unit_of
from sifrules_simulation.presentation.report.blocks import (
    Block,
    Figure,
    Grid,
    Paragraph,
    Section,
    in_groups,
)
from sifrules_simulation.presentation.report.clauses_section import NOT_KEPT, clause_place
from sifrules_simulation.results.reader import Data, SavedResults, said
from sifrules_simulation.statistics.estimates import Estimate

if TYPE_CHECKING:
    import polars as pl

_ALONE = LocalizedText(
    sv="Bara en policy är med, så det finns ingen skillnad att visa.",
    en="There is only one policy, so there is no difference to show.",
)
_MEASURES = LocalizedText(sv="Mått och skillnader", en="Measures and differences")
_MEANS = LocalizedText(
    sv="Medelvärden med {level}-procentiga intervall: {policies}",
    en="Means with {level} % intervals: {policies}",
)
_DIFFERENCES = LocalizedText(
    sv="Skillnad mot {baseline}, parvis i samma världar: {policies}",
    en="Difference from {baseline}, pairwise in the same worlds: {policies}",
)
_HOW = LocalizedText(
    sv="”±” är hur långt intervallet når åt vardera hållet. En skillnad är alltid policy minus "
    "{baseline}; där intervallet når noll går det inte att avgöra åt vilket håll den går.",
    en='"±" is how far the interval reaches to each side. A difference is always policy minus '
    "{baseline}; where its interval reaches nought, one cannot tell which way it goes.",
)
_MEASURE = LocalizedText(sv="mått", en="measure")
_UNIT = LocalizedText(sv="enhet", en="unit")
_FORMULAS = LocalizedText(sv="Hur måtten räknas", en="How the measures are computed")
_FORMULA = LocalizedText(sv="hur det räknas", en="how it is computed")
_FUND = LocalizedText(sv="Fonden över åren", en="The fund over the years")
_FUND_CAPTION = LocalizedText(
    sv="Kvar i fonden vid varje månads slut. Linjen är medelvärdet, bandet dess intervall.",
    en="Left in the fund at the end of each month. The line is the mean, the band its interval.",
)
_YEAR = LocalizedText(sv="år", en="year")
_BALANCE_TABLE = LocalizedText(
    sv="Kvar vid årets slut (mnkr): {policies}", en="Left at the year's end (MSEK): {policies}"
)
_UPTAKE = LocalizedText(sv="Ansökningar och beviljade satsningar", en="Applications and grants")
_UPTAKE_CAPTION = LocalizedText(
    sv="Ansökningar och beviljade satsningar varje år. Linjen är medelvärdet, bandet dess "
    "intervall.",
    en="Applications and grants each year. The line is the mean, the band its interval.",
)
_UPTAKE_TABLE = LocalizedText(
    sv="{what}, antal per år: {policies}", en="{what}, count a year: {policies}"
)
_DIFFERENCES_CAPTION = LocalizedText(
    sv="Skillnad mot {baseline}. Märket är medelvärdet, strecket dess intervall, den lodräta "
    "linjen ingen skillnad.",
    en="Difference from {baseline}. The mark is the mean, the line its interval, the upright line "
    "no difference.",
)
_STOPS = LocalizedText(sv="Var ansökningarna stannar", en="Where applications stop")
_REFUSED = LocalizedText(
    sv="Avslag per regel, medeltal per körning", en="Refusals by rule, mean per replication"
)
_NO_REFUSALS = LocalizedText(
    sv="Inga ansökningar avslogs enligt reglerna.", en="No application was refused by the rules."
)
_ONE_MAY_FAIL_MORE = LocalizedText(
    sv="En ansökan kan falla på flera regler, och räknas då vid var och en.",
    en="An application may fail several rules, and is then counted at each.",
)
_POLICY = LocalizedText(sv="policy", en="policy")
_RULE = LocalizedText(sv="regel", en="rule")
_DEMAND = LocalizedText(sv="krav", en="demand")
_PER_RUN = LocalizedText(sv="per körning", en="per replication")
_PARTIES = LocalizedText(sv="Vem betalar och vem vinner", en="Who pays and who gains")
_PARTIES_TABLE = LocalizedText(
    sv="Kronor över alla år (mnkr), medelvärden: {policies}",
    en="Kronor over all the years (MSEK), means: {policies}",
)
_WHO = LocalizedText(sv="vem", en="who")
_WHAT = LocalizedText(sv="vad", en="what")
_NO_PARTIES = LocalizedText(
    sv="Vem som betalar och vem som vinner mättes inte i jämförelsen.",
    en="Who pays and who gains was not measured in this comparison.",
)
_NOT_SPLIT = LocalizedText(
    sv="Hur det som vinns utanför kommunen fördelar sig mellan regionen och staten är inte med.",
    en="How what is gained outside the municipality is shared by region and state is not told.",
)
_COMMITTEE = LocalizedText(sv="nämnd", en="committee")
#: What each committee bears, as the table of committees names it.
_BY_COMMITTEE = {
    "effect": LocalizedText(
        sv="Vad nämnderna sparar (mnkr), medelvärden: {policies}",
        en="What the committees save (MSEK), means: {policies}",
    ),
    "returned": LocalizedText(
        sv="Vad nämnderna betalar tillbaka, avgiften med (mnkr), medelvärden: {policies}",
        en="What the committees pay back, the fee among it (MSEK), means: {policies}",
    ),
    "granted": LocalizedText(
        sv="Vad nämnderna beviljas (mnkr), medelvärden: {policies}",
        en="What the committees are granted (MSEK), means: {policies}",
    ),
}
_IN_ORDER = LocalizedText(
    sv="Modellens nämnder är lika varandra så när som på slumpen. Därför står de i ordning, i "
    "varje körning för sig: nämnd 1 är den som vinner mest, alltså sparar mest utöver vad den "
    "betalar tillbaka, och den sista är den som vinner minst eller förlorar.",
    en="The committees of the model are alike but for chance. So they stand in order, in each "
    "replication by itself: committee 1 is the one that gains most, that is, saves most beyond "
    "what it pays back, and the last is the one that gains least, or loses.",
)
_COMMITTEES_NOT_KEPT = LocalizedText(
    sv="Hur det fördelar sig mellan enskilda nämnder är inte sparat.",
    en="How it is shared between single committees is not kept.",
)
#: Who bears or has what a measure counts.
_BEARERS = {
    "returned": LocalizedText(sv="nämnderna, till fonden", en="the committees, to the fund"),
    "outstanding": LocalizedText(sv="nämnderna, senare", en="the committees, later"),
    "written_down": LocalizedText(sv="fonden, avstår från", en="the fund, forgoes"),
    "exempted": LocalizedText(sv="fonden, avstår från", en="the fund, forgoes"),
    "administration": LocalizedText(sv="kommunen centralt", en="the municipality, centrally"),
    "net_municipal_saving": LocalizedText(
        sv="kommunen i sin helhet", en="the municipality as a whole"
    ),
    "human_gain": LocalizedText(sv="de som får stödet", en="those who are helped"),
}


def estimate(each: Mapping[str, float | None]) -> Estimate:
    """An estimate out of plain data."""
    return Estimate(each["mean"], each["low"], each["high"], 0)


# --- measures -------------------------------------------------------------------------


def measured(kept: SavedResults, lang: Language, figure: Figure | None) -> Section:
    """Every measure with its interval, and how each policy differs from the baseline."""
    by_policy = {each["id"]: each for each in kept.comparison["policies"]}
    others = [policy for policy in kept.policies if policy != kept.baseline]
    level = number(100 * kept.comparison.get("level", 0.95), "count", lang)
    level = level.removesuffix(",0").removesuffix(".0")
    blocks: list[Block] = [Paragraph(_HOW.format(baseline=kept.baseline).text(lang))]
    for group in in_groups(kept.policies):
        title = _MEANS.format(level=level, policies=", ".join(group)).text(lang)
        blocks.append(Grid(_estimates(by_policy, "measures", group, title, kept, lang)))
    if figure is not None:
        blocks.append(figure)
    for group in in_groups(others) if others else []:
        words = _DIFFERENCES.format(baseline=kept.baseline, policies=", ".join(group))
        blocks.append(
            Grid(_estimates(by_policy, "difference", group, words.text(lang), kept, lang))
        )
    if not others:
        blocks.append(Paragraph(_ALONE.text(lang)))
    told = {each["name"]: each for each in kept.about.get("measures", ())}
    formulas = [
        [said(told[name]["words"], lang), said(told[name]["formula"], lang)]
        for name in _as_shown(told)
    ]
    if formulas:
        columns = [Column(_MEASURE.text(lang)), Column(_FORMULA.text(lang))]
        blocks.append(Grid(Table(columns, formulas, _FORMULAS.text(lang))))
    return Section("measures", _MEASURES.text(lang), blocks)


def _as_shown(names: Iterable[str]) -> list[str]:
    """Measures in the order in which they are shown: the usual ones, the rest, the plugins'."""
    there = dict.fromkeys(names)
    usual = [*SHOWN, *(measure.name for measure in MEASURES)]
    return list(dict.fromkeys([*(each for each in usual if each in there), *there]))


def measure_names(kept: SavedResults, lang: Language) -> dict[str, str]:
    """What each measure is called."""
    ours = {each.name: each.words.text(lang) for each in MEASURES}
    return ours | {
        each["name"]: said(each["words"], lang) for each in kept.about.get("measures", ())
    }


def difference_caption(kept: SavedResults, lang: Language) -> str:
    """What stands below the figure of differences."""
    return _DIFFERENCES_CAPTION.format(baseline=kept.baseline).text(lang)


def _estimates(
    by_policy: Mapping[str, Data],
    key: str,
    group: Sequence[str],
    title: str,
    kept: SavedResults,
    lang: Language,
) -> Table:
    signed, called = key == "difference", measure_names(kept, lang)
    rows = []
    there = by_policy[group[0]]["measures"]
    for name in _as_shown(there):
        unit = there[name]["unit"]
        words = PERCENTAGE_POINTS if signed and unit == "share" else unit_of(unit).shown
        cells = [
            interval(estimate(by_policy[policy][key][name]), unit, lang, signed=signed)
            for policy in group
        ]
        rows.append([called.get(name, name), words.text(lang), *cells])
    columns = [Column(_MEASURE.text(lang)), Column(_UNIT.text(lang))]
    columns += [Column(policy, number=True) for policy in group]
    return Table(columns, rows, title)


# --- over the years -------------------------------------------------------------------


def fund(kept: SavedResults, lang: Language, figure: Figure | None) -> Section:
    """What is left in the fund over the years."""
    blocks: list[Block] = [] if figure is None else [figure]
    tables = list(_over_years(kept, "balance", "SEK", _BALANCE_TABLE, lang))
    return Section("fund", _FUND.text(lang), [*blocks, *tables] or [Paragraph(NOT_KEPT.text(lang))])


def uptake(kept: SavedResults, lang: Language, figure: Figure | None) -> Section:
    """Applications and grants by year."""
    blocks: list[Block] = [] if figure is None else [figure]
    for measure, words in COUNTED.items():
        title = LocalizedText(
            sv=_UPTAKE_TABLE.sv.replace("{what}", words.sv.capitalize()),
            en=_UPTAKE_TABLE.en.replace("{what}", words.en.capitalize()),
        )
        blocks += _over_years(kept, measure, "count", title, lang)
    return Section("uptake", _UPTAKE.text(lang), blocks or [Paragraph(NOT_KEPT.text(lang))])


def caption_of(name: str, kept: SavedResults, lang: Language) -> str:
    """What stands below a figure of the comparison."""
    words = {"balances": _FUND_CAPTION, "uptake_by_year": _UPTAKE_CAPTION}
    return words[name].text(lang) if name in words else difference_caption(kept, lang)


def _over_years(
    kept: SavedResults, measure: str, unit: str, title: LocalizedText, lang: Language
) -> Iterator[Block]:
    """A row for each year, a column for each policy."""
    yield from _by(kept, kept.yearly, ("year", _YEAR), (measure, unit), title, lang)


def _by(
    kept: SavedResults,
    frame: pl.DataFrame | None,
    by: tuple[str, LocalizedText],
    of: tuple[str, str],
    title: LocalizedText,
    lang: Language,
) -> Iterator[Block]:
    """A row for each value of a column, with its heading; a column for each policy."""
    (step, head), (measure, unit) = by, of
    if frame is None:
        return
    rows = frame.filter(frame["measure"] == measure).iter_rows(named=True)
    told = {(row["policy"], row[step]): estimate(row) for row in rows}
    steps = sorted({each for _, each in told})
    for group in in_groups(kept.policies) if steps else []:
        columns = [Column(head.text(lang)), *(Column(policy, number=True) for policy in group)]
        cells = [
            [str(each), *(interval(told[policy, each], unit, lang) for policy in group)]
            for each in steps
        ]
        yield Grid(Table(columns, cells, title.format(policies=", ".join(group)).text(lang)))


# --- where applications stop, and who pays --------------------------------------------


def stops(kept: SavedResults, lang: Language) -> Section:
    """By which rules applications are refused, most often first."""
    count = kept.comparison.get("replications", 0)
    if not all("refused_by" in each for each in kept.comparison["policies"]):
        return Section("stops", _STOPS.text(lang), [Paragraph(NOT_KEPT.text(lang))])
    rows, links = list[list[str]](), dict[tuple[int, int], str]()
    for each in kept.comparison["policies"]:
        rules = kept.described(each["id"]).get("rules", {})
        for rule, times in each["refused_by"].items():
            demand = said(rules.get(rule, {}).get("demand"), lang)
            place = clause_place(kept, each["id"], rule)
            if place is not None:
                links[len(rows), 1] = place
            rows.append([each["id"], rule, demand, number(times / count, "count", lang)])
    if not rows:
        return Section("stops", _STOPS.text(lang), [Paragraph(_NO_REFUSALS.text(lang))])
    columns = [Column(head.text(lang)) for head in (_POLICY, _RULE, _DEMAND)]
    columns.append(Column(_PER_RUN.text(lang), number=True))
    table = Table(columns, rows, _REFUSED.text(lang))
    return Section(
        "stops",
        _STOPS.text(lang),
        [Grid(table, links=links), Paragraph(_ONE_MAY_FAIL_MORE.text(lang))],
    )


def parties(kept: SavedResults, lang: Language) -> Section:
    """Who pays and who gains, as far as it was measured."""
    by_policy = {each["id"]: each["measures"] for each in kept.comparison["policies"]}
    there = [name for name in _BEARERS if all(name in each for each in by_policy.values())]
    if not there:
        return Section("parties", _PARTIES.text(lang), [Paragraph(_NO_PARTIES.text(lang))])
    called, blocks = measure_names(kept, lang), list[Block]()
    for group in in_groups(kept.policies):
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
        blocks += _by(kept, kept.committees, head, (measure, "SEK"), heading, lang)
    told = _IN_ORDER if kept.committees is not None else _COMMITTEES_NOT_KEPT
    ending = [Paragraph(told.text(lang)), Paragraph(_NOT_SPLIT.text(lang))]
    return Section("parties", _PARTIES.text(lang), [*blocks, *ending])
