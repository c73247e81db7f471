"""What the columns of saved tables are (kolumnerna): the code of the words, and the unit.

In the files amounts are kronor and shares lie from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from sifrules.plugin.simulation import Measure
from sifrules.values.messages import Message
from sifrules_simulation.model.breakdowns import BREAKDOWNS, Column
from sifrules_simulation.model.logs import LOGS
from sifrules_simulation.model.parameters import declared
from sifrules_simulation.model.period_measures import PERIOD_MEASURES
from sifrules_simulation.results.log_dictionary import LOG_COLUMNS, TABLE_COLUMNS

_WITH = Message("column.with_return_flow")
_WITHOUT = Message("column.without_return_flow")
_UNSEEN = Message("column.claims_unseen")
_EACH = Message("column.each")
_NOTHING = Column(Message("column.unknown"))
#: The unit that the measure of the row has.
_MEASURES = "measure"

#: Columns that are no measures, whatever table they stand in.
_COLUMNS = {
    "policy": Column(Message("column.policy")),
    "replication": Column(Message("column.replication")),
    "draw": Column(Message("column.draw")),
    "experiment": Column(Message("log_column.experiment")),
    "variant": Column(Message("log_column.variant")),
    "return_flow": Column(Message("column.return_flow")),
    "like_the_record": Column(Message("column.like_the_record")),
    "mechanisms": Column(Message("column.mechanisms")),
    "refused_by": Column(Message("column.refused_by")),
    "undecided_by": Column(Message("column.undecided_by")),
    "idea_refused_by": Column(Message("column.idea_refused_by")),
    "foreseen_by": Column(Message("column.foreseen_by")),
    "measure": Column(Message("column.measure")),
    "unit": Column(Message("column.unit")),
    "mean": Column(Message("column.mean"), _MEASURES),
    "low": Column(Message("column.low"), _MEASURES),
    "high": Column(Message("column.high"), _MEASURES),
    "difference_mean": Column(Message("column.difference_mean"), _MEASURES),
    "difference_low": Column(Message("column.difference_low"), _MEASURES),
    "difference_high": Column(Message("column.difference_high"), _MEASURES),
    "baseline": Column(Message("column.baseline")),
    "replications": Column(Message("column.replications"), "count"),
    "seed": Column(Message("column.seed")),
    "years": Column(Message("column.years"), "count"),
    "scenario": Column(Message("column.scenario")),
    "behaviour": Column(Message("column.behaviour")),
    "off": Column(Message("column.off")),
    "version": Column(Message("column.version")),
    "policy_hash": Column(Message("column.policy_hash")),
    "plugins_hash": Column(Message("column.plugins_hash")),
    "scenario_hash": Column(Message("column.scenario_hash")),
    "part": Column(Message("column.part")),
    "error": Column(Message("column.error")),
    "command": Column(Message("column.command")),
    "municipality": Column(Message("column.municipality")),
    "what": Column(Message("column.what")),
    "period": Column(Message("column.period")),
    "recorded": Column(Message("column.recorded"), _MEASURES),
    "about": Column(Message("column.about")),
    "inside": Column(Message("column.inside")),
    "parameter": Column(Message("column.parameter")),
    "words": Column(Message("column.words")),
}


def column_of(column: str, measures: Mapping[str, Measure], table: str = "") -> Column:
    """What a column is: a measure, a parameter, or one that stands next to them.

    In a ``table`` of what happened a name may mean something else than a measure of that name.

    >>> column_of("seed", {}).words.en
    'seed'
    >>> column_of("behaviour.horizon", {}).unit
    'months'
    """
    measures = {**measures, **{each.name: each for each in PERIOD_MEASURES}}
    if table in LOGS and column in TABLE_COLUMNS:
        return TABLE_COLUMNS[column]
    if table == "event_log" and column in LOG_COLUMNS:
        return LOG_COLUMNS[column]
    if column in measures:
        measure = measures[column]
        return Column(measure.words, measure.unit)
    if column in _COLUMNS:
        return _COLUMNS[column]
    for each in BREAKDOWNS:
        if column == each.step:
            return Column(each.step_words)
        if column in each.columns:
            return each.columns[column]
        if column in each.saved:
            one = each.columns[each.saved[column]]
            return Column(_EACH.format(what=one.words, each=each.each), one.unit)
    for end, words in (("_without", _WITHOUT), ("_with", _WITH), ("_unseen", _UNSEEN)):
        name = column.removesuffix(end)
        if name != column and name in measures:
            measure = measures[name]
            return Column(words.format(what=measure.words), measure.unit)
    for path, parameter in declared():
        if path == column:
            return Column(parameter.metadata["words"], parameter.metadata["unit"])
    return _NOTHING
