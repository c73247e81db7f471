"""Tables of a comparison (jämförelse), for the terminal and for a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from textwrap import fill

from sifrules.plugin.simulation import Measure
from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.numbers import number_words
from sifrules.values.text import Language
from sifrules_simulation.analysis.comparison import Comparison
from sifrules_simulation.experiments.design import refuse_unknown
from sifrules_simulation.model.measures import MEASURES, SHOWN
from sifrules_simulation.model.track_measures import track_measures
from sifrules_simulation.presentation.formatting import interval, unit_of
from sifrules_simulation.statistics.estimates import Estimate

_MEASURE = Message("comparison_tables.measure")
_MEAN = Message("comparison_tables.mean")
_UNIT = Message("comparison_tables.unit")
_FORMULA = Message("comparison_tables.formula")
_POLICY = Message("comparison_tables.policy")
_MEANS = Message("comparison_tables.means")
_DIFFERENCES = Message("comparison_tables.differences")


def shown_measures(comparison: Comparison, named: Iterable[str] = ()) -> list[Measure]:
    """The measures that a table shows: those named, else the usual ones and the plugins'."""
    by_name = {measure.name: measure for measure in comparison.experiment.measures}
    named = tuple(named)
    refuse_unknown(comparison.experiment, named)
    if named:
        return [by_name[name] for name in named]
    of_tracks = track_measures(comparison.experiment.policies)
    ours = {measure.name for measure in (*MEASURES, *of_tracks)}
    added = [measure for name, measure in by_name.items() if name not in ours]
    return [by_name[name] for name in SHOWN if name in by_name] + added


def list_of_measures(comparison: Comparison, policy: str, language: Language) -> Table:
    """All measures of one policy, a row each."""
    years, count = comparison.experiment.years, comparison.replications
    rows = [
        [
            measure.words.text(language),
            interval(comparison.mean(policy, measure.name), measure.unit, language),
            unit_of(measure.unit).shown.text(language),
            measure.formula.text(language),
        ]
        for measure in comparison.experiment.measures
    ]
    columns = [
        Column(_MEASURE.text(language), width=30),
        Column(_MEAN.text(language), number=True),
        Column(_UNIT.text(language)),
        Column(_FORMULA.text(language), width=50),
    ]
    title = _MEANS.format(
        n=count, years=years, level=number_words(100 * comparison.level, ".4g")
    ).text(language)
    return Table(columns, rows, f"{policy}: {title}")


def tables(
    comparison: Comparison, language: Language, named: Iterable[str] = ()
) -> tuple[Table, ...]:
    """The means and, where there is something to compare, the differences."""
    measures = shown_measures(comparison, named)
    years, count = comparison.experiment.years, comparison.replications
    means = _MEANS.format(
        n=count, years=years, level=number_words(100 * comparison.level, ".4g")
    ).text(language)
    differences = _DIFFERENCES.format(baseline=comparison.baseline).text(language)
    others = [label for label in comparison.labels if label != comparison.baseline]
    return (
        _table(measures, comparison.labels, comparison.mean, means, language, signed=False),
        _table(measures, others, comparison.difference, differences, language, signed=True),
    )


def _table(
    measures: list[Measure],
    policies: Iterable[str],
    estimate: Callable[[str, str], Estimate],
    title: str,
    language: Language,
    *,
    signed: bool,
) -> Table:
    rows = [
        [
            policy,
            *(
                interval(estimate(policy, each.name), each.unit, language, signed=signed)
                for each in measures
            ),
        ]
        for policy in policies
    ]
    columns = [Column(_POLICY.text(language), width=30)]
    columns += [Column(heading(measure, language), number=True) for measure in measures]
    return Table(columns, rows, title)


def heading(measure: Measure, language: Language) -> str:
    """A measure's heading, broken at its words to keep the column narrow."""
    unit = unit_of(measure.unit).shown.text(language)
    words = fill(measure.words.text(language), 12, break_long_words=False)
    text = words if measure.unit == "count" else f"{words}\n({unit})"
    return text.replace("\n", " \n")  # one line of it, where that is wanted, has its spaces
