"""Presentation of a trade-off (avvägning): the front as a table, in words, and as what-if files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sifrules.loading.toml import as_toml, read_setting
from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language, LocalizedText
from sifrules_simulation.analysis.trade_off import (
    TradeOff,
    TradeOffPlan,
    TradeOffPoint,
    dominates,
)
from sifrules_simulation.experiments.levers import Lever
from sifrules_simulation.presentation.break_even_tables import lever_value
from sifrules_simulation.presentation.formatting import interval, number, scenario_word, unit_of

_FRONT = Message("trade_off.front")
_OF = Message("trade_off.count")
_FILE = Message("trade_off.file")
_SHARE = Message("trade_off.share")
_STANDS = Message("trade_off.stands")
_STANDS_ON_FRONT = Message("trade_off.stands_on_front")
_BETTER = Message("trade_off.better")
_LESS, _MORE = Message("trade_off.less"), Message("trade_off.more")
_NOW = Message("trade_off.now")
_UNSTATED = Message("trade_off.unstated")
_IDLE = Message("trade_off.idle")
_IMPOSSIBLE = Message("trade_off.impossible")
_CHANCE = Message("trade_off.chance")
_FAILED = Message("trade_off.failed")
_STOPPED = Message("trade_off.stopped")
_RUN = Message("trade_off.run")


def measure_head(found: TradeOff, at: int, lang: Language) -> str:
    """A measure with its unit, and which way is better."""
    measure = found.measures[at]
    unit = unit_of(measure.unit).shown.text(lang)
    name = measure.words.text(lang)
    better = (_LESS if measure.name in found.plan.less else _MORE).text(lang)
    return f"{name} ({better})" if unit in name else f"{name} ({unit}, {better})"


def lever_head(lever: Lever, lang: Language) -> str:
    """What a lever is called, with its path."""
    return f"{lever.words.text(lang)} ({lever.path})"


def front_table(found: TradeOff, lang: Language, files: Sequence[str] = ()) -> Table:
    """The combinations on the front, and the policy as it stands."""
    columns = [Column(_FILE.text(lang), width=22)]
    columns += [Column(lever_head(each, lang), number=True) for each in found.plan.levers]
    columns += [Column(measure_head(found, at, lang), number=True) for at in _numbers(found)]
    columns.append(Column(_SHARE.text(lang), number=True))
    named = dict(zip(map(id, _changed(found)), files, strict=False))
    rows = [_row(found, each, named.get(id(each), ""), lang) for each in found.front]
    if not found.points[0].on_front:
        rows.append(_row(found, found.points[0], "", lang))
    title = _FRONT.format(policy=found.plan.base.id, n=found.replications)
    return Table(columns, rows, title.text(lang))


def _row(found: TradeOff, point: TradeOffPoint, file: str, lang: Language) -> list[str]:
    values = [
        _UNSTATED.text(lang) if value is None else lever_value(lever, value, lang)
        for lever, value in zip(found.plan.levers, point.values, strict=True)
    ]
    measured = [
        interval(each, measure.unit, lang)
        for measure, each in zip(found.measures, point.estimates, strict=True)
    ]
    name = file if point.settings else _NOW.text(lang)
    return [name, *values, *measured, number(point.share, "share", lang)]


def _numbers(found: TradeOff) -> range:
    return range(len(found.measures))


def _changed(found: TradeOff) -> list[TradeOffPoint]:
    """The combinations on the front that change something."""
    return [each for each in found.front if each.settings]


def trade_off_words(found: TradeOff) -> Iterator[Text]:
    """How many combinations are on the front, and how the policy as it stands compares."""
    tried, stands = len(found.points), found.points[0]
    yield _OF.format(count=tried, front=len(found.front))
    if stands.on_front:
        yield _STANDS_ON_FRONT.format(policy=found.plan.base.id)
        return
    yield _STANDS.format(policy=found.plan.base.id)
    better = [each for each in found.front if dominates(found, each, stands)]
    if better:
        first = better[0]
        measured = LocalizedText(
            sv=_against(found, first, stands, "sv"), en=_against(found, first, stands, "en")
        )
        set_to = LocalizedText(sv=_settings(found, first, "sv"), en=_settings(found, first, "en"))
        yield _BETTER.format(settings=set_to, measures=measured)


def _settings(found: TradeOff, point: TradeOffPoint, lang: Language) -> str:
    """What the levers of a combination are set to, in words."""
    return "; ".join(
        f"{lever.words.text(lang)} {lever_value(lever, value, lang)}"
        for lever, value in zip(found.plan.levers, point.values, strict=True)
        if value is not None
    )


def _against(found: TradeOff, point: TradeOffPoint, stands: TradeOffPoint, lang: Language) -> str:
    """What a combination has by each measure, and in brackets the policy as it stands."""
    of = zip(found.measures, point.estimates, stands.estimates, strict=True)
    return "; ".join(
        f"{measure.words.text(lang)} {interval(new, measure.unit, lang)}"
        f" ({interval(old, measure.unit, lang)})"
        for measure, new, old in of
    )


def trade_off_notes(found: TradeOff, scenario: str) -> Iterator[Text]:
    """What the answer depends on, and what it leaves out."""
    design = found.design
    yield _RUN.format(
        scenario=scenario_word(scenario),
        seed=design.seed,
        years=design.years,
        replications=found.replications,
    )
    for lever in found.idle:
        yield _IDLE.format(lever=lever.path)
    if found.plan.impossible:
        yield _IMPOSSIBLE.format(count=found.plan.impossible)
    unsure = sum(each.share < 0.5 for each in found.front)
    if unsure:
        yield _CHANCE.format(count=unsure)
    if found.failures:
        yield _FAILED.format(count=len(found.failures))
    if found.stopped:
        yield _STOPPED.format(n=found.replications)


def what_if_files(found: TradeOff, base: str, settings: Sequence[str]) -> dict[str, str]:
    """The combinations on the front as what-if files, by the files' names.

    ``base`` is the policy that they are laid over, ``settings`` what was changed in it already.
    """
    return {
        f"front-{at:02}.toml": _what_if(found.plan, base, settings, point)
        for at, point in enumerate(_changed(found), 1)
    }


def _what_if(plan: TradeOffPlan, base: str, settings: Sequence[str], point: TradeOffPoint) -> str:
    values = ", ".join(point.settings)
    title = {
        lang: plan.base.title.text(lang) + f" ({_changes(values, lang)})" for lang in ("sv", "en")
    }
    values_set = dict(map(read_setting, (*settings, *point.settings)))  # a lever's comes last
    lines = [
        f"# sif study trade-off --policy {base}: {', '.join(plan.measures)}",
        f"base = {as_toml(base)}",
        f"title = {{ sv = {as_toml(title['sv'])}, en = {as_toml(title['en'])} }}",
        *(f"{path} = {as_toml(value)}" for path, value in values_set.items()),
    ]
    return "\n".join(lines) + "\n"


def _changes(values: str, lang: Language) -> str:
    return _WITH.format(values=values).text(lang)


_WITH = Message("trade_off.with")
