"""What the columns of kept tables are (kolumnerna): in words, and in which unit.

In the files amounts are kronor and shares lie from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from sifrules.plugin.simulation import Measure
from sifrules.values.text import LocalizedText, same
from sifrules_simulation.model.parameters import declared


@frozen
class Told:
    """What a column is, and its unit; nothing where it has none."""

    words: LocalizedText
    unit: str = ""


_WITH = LocalizedText(sv="{what}, med återföring", en="{what}, with the return flow")
_WITHOUT = LocalizedText(sv="{what}, utan", en="{what}, without it")
_YEARLY = LocalizedText(sv="{what}, år för år", en="{what}, year by year")
_NOTHING = Told(same("–"))
#: The unit that the measure of the row has.
_MEASURES = "measure"

#: Columns that are no measures, whatever table they stand in.
_COLUMNS = {
    "policy": Told(LocalizedText(sv="policy", en="policy")),
    "replication": Told(LocalizedText(sv="körningens nummer", en="number of the replication")),
    "draw": Told(LocalizedText(sv="dragningens nummer", en="number of the draw")),
    "return_flow": Told(
        LocalizedText(sv="med eller utan återföring", en="with or without the return flow")
    ),
    "like_the_record": Told(
        LocalizedText(sv="om dragningen liknar facit", en="whether the draw is like the record")
    ),
    "mechanisms": Told(
        LocalizedText(
            sv="vilka mekanismer som är på, som ett tal", en="which mechanisms are on, as a number"
        )
    ),
    "year": Told(LocalizedText(sv="år från början", en="year from the beginning")),
    "committee": Told(
        LocalizedText(
            sv="nämnd, den som vinner mest först", en="committee, the one that gains most first"
        )
    ),
    "month": Told(LocalizedText(sv="månad från början", en="month from the beginning")),
    "granted": Told(LocalizedText(sv="beviljat", en="granted"), "SEK"),
    "set_aside": Told(LocalizedText(sv="avsatt under året", en="set aside in the year"), "SEK"),
    "balance": Told(
        LocalizedText(sv="kvar i fonden vid årets slut", en="left at the year's end"), "SEK"
    ),
    "balances": Told(
        LocalizedText(sv="kvar i fonden månad för månad", en="left in the fund month by month"),
        "SEK",
    ),
    "refused_by": Told(LocalizedText(sv="regler som avslog", en="rules that refused")),
    "measure": Told(LocalizedText(sv="måttets namn", en="name of the measure")),
    "unit": Told(LocalizedText(sv="måttets enhet", en="unit of the measure")),
    "mean": Told(LocalizedText(sv="medel", en="mean"), _MEASURES),
    "low": Told(
        LocalizedText(sv="intervallets nedre ände", en="lower end of the interval"), _MEASURES
    ),
    "high": Told(
        LocalizedText(sv="intervallets övre ände", en="upper end of the interval"), _MEASURES
    ),
    "difference_mean": Told(
        LocalizedText(sv="skillnad mot baslinjen", en="difference from the baseline"), _MEASURES
    ),
    "difference_low": Told(
        LocalizedText(sv="skillnadens nedre ände", en="lower end of the difference"), _MEASURES
    ),
    "difference_high": Told(
        LocalizedText(sv="skillnadens övre ände", en="upper end of the difference"), _MEASURES
    ),
    "baseline": Told(
        LocalizedText(sv="policyn som jämförs med", en="the policy that is compared with")
    ),
    "replications": Told(LocalizedText(sv="antal körningar", en="how many replications"), "count"),
    "seed": Told(LocalizedText(sv="frö", en="seed")),
    "years": Told(LocalizedText(sv="antal år", en="how many years"), "count"),
    "scenario": Told(LocalizedText(sv="scenario", en="scenario")),
    "behaviour": Told(LocalizedText(sv="beteende", en="behaviour")),
    "off": Told(LocalizedText(sv="mekanismer som är av", en="mechanisms that are off")),
    "version": Told(LocalizedText(sv="version av sifrules", en="version of sifrules")),
    "policy_hash": Told(LocalizedText(sv="policyns fingeravtryck", en="fingerprint of the policy")),
    "plugins_hash": Told(
        LocalizedText(sv="tilläggens fingeravtryck", en="fingerprint of the plugins")
    ),
    "scenario_hash": Told(
        LocalizedText(sv="scenariots fingeravtryck", en="fingerprint of the scenario")
    ),
    "part": Told(LocalizedText(sv="del av körningen", en="part of the run")),
    "error": Told(LocalizedText(sv="felet", en="the error")),
    "command": Told(LocalizedText(sv="kommandot som visar det", en="the command that shows it")),
    "municipality": Told(LocalizedText(sv="kommun", en="municipality")),
    "parameter": Told(LocalizedText(sv="parameterns namn", en="name of the parameter")),
    "words": Told(LocalizedText(sv="parametern i ord", en="the parameter in words")),
}


def told(column: str, measures: Mapping[str, Measure]) -> Told:
    """What a column is: a measure, a parameter, or one of those beside them.

    >>> told("seed", {}).words.en
    'seed'
    >>> told("behaviour.horizon", {}).unit
    'months'
    """
    if column in measures:
        measure = measures[column]
        return Told(measure.words, measure.unit)
    if column in _COLUMNS:
        return _COLUMNS[column]
    for end, words in (("_without", _WITHOUT), ("_with", _WITH)):
        name = column.removesuffix(end)
        if name != column and name in measures:
            measure = measures[name]
            return Told(words.format(what=measure.words), measure.unit)
    for path, parameter in declared():
        if path == column:
            return Told(parameter.metadata["words"], parameter.metadata["unit"])
    if column.startswith("yearly "):
        each = told(column.removeprefix("yearly "), measures)
        return Told(_YEARLY.format(what=each.words), each.unit)
    return _NOTHING
