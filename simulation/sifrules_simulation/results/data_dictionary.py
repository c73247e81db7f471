"""What the columns of kept tables are (kolumnerna): in words, and in which unit.

In the files amounts are kronor and shares lie from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from sifrules.plugin.simulation import Measure
from sifrules.values.text import LocalizedText, same
from sifrules_simulation.model.breakdowns import BREAKDOWNS, Column
from sifrules_simulation.model.parameters import declared

_WITH = LocalizedText(sv="{what}, med återföring", en="{what}, with the return flow")
_WITHOUT = LocalizedText(sv="{what}, utan", en="{what}, without it")
_EACH = same("{what}, {each}")
_NOTHING = Column(same("–"))
#: The unit that the measure of the row has.
_MEASURES = "measure"

#: Columns that are no measures, whatever table they stand in.
_COLUMNS = {
    "policy": Column(LocalizedText(sv="policy", en="policy")),
    "replication": Column(LocalizedText(sv="körningens nummer", en="number of the replication")),
    "draw": Column(LocalizedText(sv="dragningens nummer", en="number of the draw")),
    "return_flow": Column(
        LocalizedText(sv="med eller utan återföring", en="with or without the return flow")
    ),
    "like_the_record": Column(
        LocalizedText(sv="om dragningen liknar facit", en="whether the draw is like the record")
    ),
    "mechanisms": Column(
        LocalizedText(
            sv="vilka mekanismer som är på, som ett tal", en="which mechanisms are on, as a number"
        )
    ),
    "refused_by": Column(LocalizedText(sv="regler som avslog", en="rules that refused")),
    "measure": Column(LocalizedText(sv="måttets namn", en="name of the measure")),
    "unit": Column(LocalizedText(sv="måttets enhet", en="unit of the measure")),
    "mean": Column(LocalizedText(sv="medel", en="mean"), _MEASURES),
    "low": Column(
        LocalizedText(sv="intervallets nedre ände", en="lower end of the interval"), _MEASURES
    ),
    "high": Column(
        LocalizedText(sv="intervallets övre ände", en="upper end of the interval"), _MEASURES
    ),
    "difference_mean": Column(
        LocalizedText(sv="skillnad mot baslinjen", en="difference from the baseline"), _MEASURES
    ),
    "difference_low": Column(
        LocalizedText(sv="skillnadens nedre ände", en="lower end of the difference"), _MEASURES
    ),
    "difference_high": Column(
        LocalizedText(sv="skillnadens övre ände", en="upper end of the difference"), _MEASURES
    ),
    "baseline": Column(
        LocalizedText(sv="policyn som jämförs med", en="the policy that is compared with")
    ),
    "replications": Column(
        LocalizedText(sv="antal körningar", en="how many replications"), "count"
    ),
    "seed": Column(LocalizedText(sv="frö", en="seed")),
    "years": Column(LocalizedText(sv="antal år", en="how many years"), "count"),
    "scenario": Column(LocalizedText(sv="scenario", en="scenario")),
    "behaviour": Column(LocalizedText(sv="beteende", en="behaviour")),
    "off": Column(LocalizedText(sv="mekanismer som är av", en="mechanisms that are off")),
    "version": Column(LocalizedText(sv="version av sifrules", en="version of sifrules")),
    "policy_hash": Column(
        LocalizedText(sv="policyns fingeravtryck", en="fingerprint of the policy")
    ),
    "plugins_hash": Column(
        LocalizedText(sv="tilläggens fingeravtryck", en="fingerprint of the plugins")
    ),
    "scenario_hash": Column(
        LocalizedText(sv="scenariots fingeravtryck", en="fingerprint of the scenario")
    ),
    "part": Column(LocalizedText(sv="del av körningen", en="part of the run")),
    "error": Column(LocalizedText(sv="felet", en="the error")),
    "command": Column(LocalizedText(sv="kommandot som visar det", en="the command that shows it")),
    "municipality": Column(LocalizedText(sv="kommun", en="municipality")),
    "parameter": Column(LocalizedText(sv="parameterns namn", en="name of the parameter")),
    "words": Column(LocalizedText(sv="parametern i ord", en="the parameter in words")),
}


def told(column: str, measures: Mapping[str, Measure]) -> Column:
    """What a column is: a measure, a parameter, or one of those beside them.

    >>> told("seed", {}).words.en
    'seed'
    >>> told("behaviour.horizon", {}).unit
    'months'
    """
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
    for end, words in (("_without", _WITHOUT), ("_with", _WITH)):
        name = column.removesuffix(end)
        if name != column and name in measures:
            measure = measures[name]
            return Column(words.format(what=measure.words), measure.unit)
    for path, parameter in declared():
        if path == column:
            return Column(parameter.metadata["words"], parameter.metadata["unit"])
    return _NOTHING
