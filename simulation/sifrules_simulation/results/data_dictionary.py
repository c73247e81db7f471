"""What the columns of kept tables are (kolumnerna): in words, and in which unit.

In the files amounts are kronor and shares lie from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from sifrules.plugin.simulation import Measure
from sifrules.values.text import Words, same
from sifrules_simulation.model.parameters import declared


@frozen
class Told:
    """What a column is, and its unit; nothing where it has none."""

    words: Words
    unit: str = ""


_WITH = Words(sv="{what}, med återföring", en="{what}, with the return flow")
_WITHOUT = Words(sv="{what}, utan", en="{what}, without it")
_YEARLY = Words(sv="{what}, år för år", en="{what}, year by year")
_NOTHING = Told(same("–"))
#: The unit that the measure of the row has.
_MEASURES = "measure"

UNITS = {
    "SEK": Words(sv="kronor", en="SEK"),
    "share": Words(sv="andel, 0–1", en="share, 0–1"),
    "count": Words(sv="antal", en="count"),
    "months": Words(sv="månader", en="months"),
    "ratio": Words(sv="kvot", en="ratio"),
    "a year": Words(sv="per år", en="a year"),
    _MEASURES: Words(sv="måttets", en="the measure's"),
}

#: Columns that are no measures, whatever table they stand in.
_COLUMNS = {
    "policy": Told(Words(sv="policy", en="policy")),
    "replication": Told(Words(sv="körningens nummer", en="number of the replication")),
    "draw": Told(Words(sv="dragningens nummer", en="number of the draw")),
    "return_flow": Told(
        Words(sv="med eller utan återföring", en="with or without the return flow")
    ),
    "like_the_record": Told(
        Words(sv="om dragningen liknar facit", en="whether the draw is like the record")
    ),
    "mechanisms": Told(
        Words(
            sv="vilka mekanismer som är på, som ett tal", en="which mechanisms are on, as a number"
        )
    ),
    "year": Told(Words(sv="år från början", en="year from the beginning")),
    "committee": Told(
        Words(sv="nämnd, den som vinner mest först", en="committee, the one that gains most first")
    ),
    "month": Told(Words(sv="månad från början", en="month from the beginning")),
    "granted": Told(Words(sv="beviljat", en="granted"), "SEK"),
    "set_aside": Told(Words(sv="avsatt under året", en="set aside in the year"), "SEK"),
    "balance": Told(Words(sv="kvar i fonden vid årets slut", en="left at the year's end"), "SEK"),
    "balances": Told(
        Words(sv="kvar i fonden månad för månad", en="left in the fund month by month"), "SEK"
    ),
    "refused_by": Told(Words(sv="regler som avslog", en="rules that refused")),
    "measure": Told(Words(sv="måttets namn", en="name of the measure")),
    "unit": Told(Words(sv="måttets enhet", en="unit of the measure")),
    "mean": Told(Words(sv="medel", en="mean"), _MEASURES),
    "low": Told(Words(sv="intervallets nedre ände", en="lower end of the interval"), _MEASURES),
    "high": Told(Words(sv="intervallets övre ände", en="upper end of the interval"), _MEASURES),
    "difference_mean": Told(
        Words(sv="skillnad mot baslinjen", en="difference from the baseline"), _MEASURES
    ),
    "difference_low": Told(
        Words(sv="skillnadens nedre ände", en="lower end of the difference"), _MEASURES
    ),
    "difference_high": Told(
        Words(sv="skillnadens övre ände", en="upper end of the difference"), _MEASURES
    ),
    "baseline": Told(Words(sv="policyn som jämförs med", en="the policy that is compared with")),
    "replications": Told(Words(sv="antal körningar", en="how many replications"), "count"),
    "seed": Told(Words(sv="frö", en="seed")),
    "years": Told(Words(sv="antal år", en="how many years"), "count"),
    "scenario": Told(Words(sv="scenario", en="scenario")),
    "behaviour": Told(Words(sv="beteende", en="behaviour")),
    "off": Told(Words(sv="mekanismer som är av", en="mechanisms that are off")),
    "version": Told(Words(sv="version av sifrules", en="version of sifrules")),
    "policy_hash": Told(Words(sv="policyns fingeravtryck", en="fingerprint of the policy")),
    "plugins_hash": Told(Words(sv="tilläggens fingeravtryck", en="fingerprint of the plugins")),
    "scenario_hash": Told(Words(sv="scenariots fingeravtryck", en="fingerprint of the scenario")),
    "part": Told(Words(sv="del av körningen", en="part of the run")),
    "error": Told(Words(sv="felet", en="the error")),
    "command": Told(Words(sv="kommandot som visar det", en="the command that shows it")),
    "municipality": Told(Words(sv="kommun", en="municipality")),
    "parameter": Told(Words(sv="parameterns namn", en="name of the parameter")),
    "words": Told(Words(sv="parametern i ord", en="the parameter in words")),
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
            return Told(words.put(what=measure.words), measure.unit)
    for path, parameter in declared():
        if path == column:
            return Told(parameter.metadata["words"], parameter.metadata["unit"])
    if column.startswith("yearly "):
        each = told(column.removeprefix("yearly "), measures)
        return Told(_YEARLY.put(what=each.words), each.unit)
    return _NOTHING
