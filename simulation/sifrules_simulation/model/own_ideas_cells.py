"""Cells of a list of ideas (celler): what each column may hold, and how its cells are read."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal

import numpy as np

from sifrules.errors import SifError, shown, unexpected
from sifrules.loading.application_list import as_written
from sifrules.loading.cells import Cell
from sifrules.loading.list_reader import AS_SHARE, IN_MONTHS, yes_or_no
from sifrules.plugin.simulation import committee_name
from sifrules.rules.conditions import Fact, Value
from sifrules.rules.kinds import Kind as Kinds
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.money import ore
from sifrules.values.quantities import read_amount, read_share, refuse_bare

#: What a column holds.
Kind = Literal["amount", "months", "share", "count", "flag", "month", "gains", "name", "origin"]
_SEK: Kind = "amount"

#: The columns that a list of ideas may have, besides facts by name, each with what it holds.
COLUMNS: Mapping[str, Kind] = {
    "name": "name",
    "committee": "count",
    "arises": "month",
    "cost": _SEK,
    "months": "months",
    "delay": "months",
    "lifetime": "months",
    "effect": _SEK,
    "outside": _SEK,
    "human": _SEK,
    "believed_effect": _SEK,
    "believed_human": _SEK,
    "success": "share",
    "partly": "share",
    "partial": "share",
    "cashable": "share",
    "attributable": "share",
    "areas": "count",
    "evaluable": "flag",
    "regular": "flag",
    "taken_up": "flag",
    "origin": "origin",
    "gains": "gains",
}
#: What may stand in the brackets of a heading besides a unit of money or per cent.
COLUMN_UNITS = {"amount": frozenset[str](), "months": IN_MONTHS, "share": AS_SHARE}
#: The least that a column may hold, where that is not 0.
_LEAST = {"cost": 100, "months": 1, "lifetime": 1, "committee": 1, "areas": 1}
#: A larger number than this is a year, and no month from the beginning; nothing lasts longer.
_LONGEST = 1_200
#: A month, alone or as the beginning of a day or of a moment.
_DAY = re.compile(r"(\d{4}-\d{2})(?:-\d{2}(?:[T ].*)?)?")
#: The most that a column of months may hold: no investment is settled that runs longer.
_MOST = {"months": 600, "delay": _LONGEST, "lifetime": _LONGEST}
#: So many decimals of a share are more than anybody measures, and are exact in every sum.
_DECIMALS = 9
CIVIL = "civil_society"
_ORIGINS = ("internal", CIVIL)
#: How numbers say yes and no, also in a column of pandas with gaps.
_FLAGS = {"1": "yes", "0": "no", "1.0": "yes", "0.0": "no"}
_GAIN = re.compile(r"\s*(\d+)\s*[:=]\s*([^+]+)\s*")


def of_fact(fact: Fact, cell: Cell, unit: str) -> Value:
    """What a cell says of a fact; `SifError` where it cannot be read."""
    flag = fact.kind is Kinds.FLAG
    return fact.value(_flag(cell) if flag else as_written(fact, cell, unit))


def stated(name: str, cell: Cell, unit: str) -> object:
    """What a cell says of a column, no less and no more than the column may hold."""
    value = _READ[COLUMNS[name]](cell, unit)
    least = _LEAST.get(name)
    if least is not None and value < least:
        raise SifError(Message("own_ideas.too_small", value=shown(cell)))
    if name in _MOST and value > _MOST[name]:
        raise SifError(Message("own_ideas.too_long", value=shown(cell), most=_MOST[name]))
    return value


def _amount(cell: Cell, unit: str) -> int:
    """An amount in öre, never negative."""
    if isinstance(cell, str) or unit:
        number = cell if isinstance(cell, str) else _plain(cell)
        amount = int(read_amount(f"{number} {unit}".strip()))
    else:
        number = _plain(cell)
        refuse_bare(Decimal(number), str(number))
        amount = int(ore(number))
    if amount < 0:
        raise SifError(Message("own_ideas.too_small", value=shown(cell)))
    return amount


def _plain(cell: Cell) -> Any:
    """A number of a frame or workbook, exactly as it is shown there."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | np.number):
        raise unexpected(Message("expected.decimal"), cell)
    if not math.isfinite(cell):
        raise unexpected(Message("expected.decimal"), cell)
    exact = Decimal(repr(float(cell))) if isinstance(cell, float) else Decimal(str(cell))
    return int(exact) if exact == exact.to_integral_value() else exact


def _whole(cell: Cell, _: str) -> int:
    if isinstance(cell, str) and re.fullmatch(r"\d{1,9}", cell):
        return int(cell)
    number = None if isinstance(cell, str) else _plain(cell)
    if not isinstance(number, int) or number < 0:
        raise unexpected(Message("expected.whole_number"), cell)
    return number


def _share(cell: Cell, unit: str) -> float:
    number = cell if isinstance(cell, str) else format(Decimal(_plain(cell)), "f")
    share = float(read_share(f"{number} {unit}".strip()))
    if not 0 <= share <= 1:
        raise SifError(Message("own_ideas.no_share", value=shown(cell)))
    return share


def _flag(cell: Cell, _: str = "") -> bool:
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    return yes_or_no(_FLAGS.get(str(cell), str(cell)))


def _month(cell: Cell, _: str) -> Month | int:
    if isinstance(cell, dt.date):
        return Month(cell.year, cell.month)
    if isinstance(cell, str) and not cell.isdigit():
        day = _DAY.fullmatch(cell)
        return Month.parse(cell if day is None else day[1])
    number = _whole(cell, "")
    if number >= _LONGEST:
        raise SifError(Message("own_ideas.no_month", value=shown(cell)))
    return number


def _gains(cell: Cell, _: str) -> Mapping[str, Decimal]:
    """Whose costs fall: ``1: 60 % + 2: 40 %``, by the number of the committee."""
    found: dict[str, Decimal] = {}
    for piece in str(cell).split("+"):
        match = _GAIN.fullmatch(piece)
        if match is None or int(match[1]) < 1:
            raise SifError(
                Message("own_ideas.no_gains", value=shown(cell)), fix=Message("own_ideas.gains_as")
            )
        name, share = committee_name(int(match[1]) - 1), read_share(match[2].strip())
        if not share > 0 or share != round(share, _DECIMALS):
            raise SifError(Message("own_ideas.gains_share", share=match[2].strip(), most=_DECIMALS))
        found[name] = found.get(name, Decimal(0)) + share
    if sum(found.values()) != 1:
        raise SifError(Message("own_ideas.gains_sum", value=shown(cell)))
    return found


def _origin(cell: Cell, _: str) -> str:
    if cell not in _ORIGINS:
        raise unexpected(Message("expected.one_of", options=", ".join(_ORIGINS)), cell)
    return str(cell)


_READ: Mapping[Kind, Callable[[Cell, str], Any]] = {
    "amount": _amount,
    "months": _whole,
    "share": _share,
    "count": _whole,
    "flag": _flag,
    "month": _month,
    "gains": _gains,
    "name": lambda cell, _: str(cell),
    "origin": _origin,
}
