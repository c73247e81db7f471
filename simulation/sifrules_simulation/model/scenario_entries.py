"""The parameters of a scenario's file (parametrar): each with its range and what it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs
from attrs import frozen

from sifrules.errors import SifError, nearest, shown, unexpected
from sifrules.loading.reader import Reader
from sifrules.values.citations import Citation
from sifrules.values.messages import Message, Text
from sifrules.values.quantities import in_kronor, read_amount, read_number, read_share
from sifrules.values.text import LocalizedText, same
from sifrules_simulation.model.distributions import Distribution
from sifrules_simulation.model.parameters import (
    COUNT,
    GROUPS,
    MONTHS,
    PER_YEAR,
    RATIO,
    SEK,
    SHARE,
)
from sifrules_simulation.model.scenario_tables import DISTRIBUTION, read_distribution

_STATED = frozenset({"value", "low", "high", "unit", "cite", "reading", "assumption", DISTRIBUTION})


@frozen
class Stated:
    """One parameter as a scenario states it: value, range, unit, and what it rests on."""

    path: str
    value: float
    low: float
    high: float
    unit: str
    words: LocalizedText
    #: where it is stated, or what it assumes
    citation: Citation | None
    assumption: LocalizedText | None
    #: how it is spread over its range, evenly where there is none
    distribution: Distribution | None = None


def states(reader: Reader, path: str) -> bool:
    """Whether a file states a parameter."""
    group, _, name = path.partition(".")
    table = reader.tree.get(group)
    return isinstance(table, Mapping) and name in table


def refuse_unknown_parameters(reader: Reader) -> None:
    """Note what stands among the parameters and is none."""
    for group, kind in GROUPS.items():
        table = reader.tree.get(group, {})
        if not isinstance(table, Mapping):
            reader.fault(group, unexpected(Message("expected.table"), table).what)
            continue
        known = [field.name for field in attrs.fields(kind)]
        for name in table.keys() - set(known):
            reader.fault(
                f"{group}.{name}", Message("scenario.unknown_parameter"), fix=nearest(name, known)
            )


def read_entry(reader: Reader, path: str) -> Stated | None:
    """One parameter as the file states it, with its faults noted."""
    group, _, name = path.partition(".")
    table = reader.tree[group][name]
    field = attrs.fields_dict(GROUPS[group])[name]
    if not isinstance(table, Mapping):
        reader.fault(path, Message("scenario.expected_entry", keys="value, low, high, unit"))
        return None
    for odd in table.keys() - _STATED:
        reader.fault(f"{path}.{odd}", Message("file.unknown_key"), fix=nearest(odd, _STATED))
    numbers = {key: _number(reader, path, key, table) for key in ("value", "low", "high")}
    unit = table.get("unit")
    if unit != field.metadata["unit"]:
        wanted = f'"{field.metadata["unit"]}"'
        reader.fault(f"{path}.unit", unexpected(wanted, unit).what)
    citation = reader.citation(path, table)
    assumption = None
    if "assumption" in table:
        assumption = reader.structure(table["assumption"], LocalizedText, f"{path}.assumption")
    elif citation is None:
        reader.fault(path, Message("scenario.no_source"), fix=Message("scenario.add_source"))
    if None in numbers.values():
        return None
    return Stated(
        path=path,
        **{key: float(number) for key, number in numbers.items() if number is not None},
        unit=str(unit),
        words=field.metadata["words"],
        citation=citation,
        assumption=assumption,
        distribution=read_distribution(reader, path, table),
    )


def _number(reader: Reader, path: str, key: str, table: Mapping[str, Any]) -> float | None:
    value = table.get(key)
    if value is None:
        reader.fault(f"{path}.{key}", Message("file.missing"))
        return None
    try:
        return as_number(value, str(table.get("unit")))
    except SifError as error:
        reader.fault(f"{path}.{key}", error.what, fix=error.fix)
        return None


def as_number(value: object, unit: str) -> float:
    """A parameter's number: it may be a text, as ``6,2 mnkr``, ``50 %``, ``1,3`` or ``120 000``."""
    number: object = value
    if isinstance(value, str) and (unit in _READ or _BARE.fullmatch(value.strip())):
        number = _READ.get(unit, read_number)(value)
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        raise SifError(Message("scenario.no_number", value=shown(value)))
    if not -LARGEST <= number <= LARGEST:
        raise SifError(Message("scenario.number_too_large", value=shown(value)))
    return float(number)


#: A number without a unit, as a person writes it.
_BARE = re.compile(r"[+-]?[0-9][0-9 ,.\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]*")
#: How the numbers that have a unit are read.
_READ: Mapping[str, Callable[[str], Decimal]] = {
    SEK: lambda text: in_kronor(read_amount(text)),
    SHARE: read_share,
}
#: What the units of parameters are called.
_UNIT_WORDS = {
    SEK: Message("formatting.units_sek_saved"),
    SHARE: Message("formatting.units_share_saved"),
    COUNT: Message("formatting.units_count"),
    MONTHS: Message("formatting.units_months"),
    RATIO: Message("formatting.units_ratio"),
    PER_YEAR: Message("formatting.units_a_year"),
}


def unit_words(unit: str) -> Text:
    """What a unit of parameters is called; one that only a plugin knows is as it is written.

    >>> unit_words("share").text("sv")
    'andel'
    """
    return _UNIT_WORDS.get(unit) or same(unit)


#: Beyond every bound of a parameter, and a number that has an exact float.
LARGEST = 10**15
