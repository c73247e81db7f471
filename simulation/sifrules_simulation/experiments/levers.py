"""Levers (reglage): numbers that a guideline states, or could, and what each can be set to."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Part
from sifrules.values.messages import Message
from sifrules.values.money import Ore
from sifrules.values.text import LocalizedText

Array = NDArray[np.float64]

_SHARE, _WHOLE, _KRONOR = "share", "whole", "SEK"


@frozen(kw_only=True)
class Lever:
    """A number of a guideline that can be pulled: its path, its kind, and what it is now."""

    path: str
    words: LocalizedText
    kind: str
    now: float | None

    @property
    def is_share(self) -> bool:
        """Whether it is a share or ratio, with decimals."""
        return self.kind == _SHARE

    def setting(self, value: float) -> str:
        """The change as the command line writes it."""
        return f"{self.path}={self.written(value)}"

    def written(self, value: float) -> str:
        """A value as the command line writes it: a share to four decimals, else a whole number."""
        if not self.is_share:
            return f"{round(value)}"
        digits = f"{round(Decimal(repr(value)), 4):f}".rstrip("0")
        return f"{digits}0" if digits.endswith(".") else digits

    def values(self, low: float, high: float, count: int) -> list[float]:
        """A row of values from one to another that the lever can take, each once."""
        return [float(value) for value in np.unique(self.rounded(np.linspace(low, high, count)))]

    def rounded(self, values: Array) -> Array:
        """The nearest values that the lever can take."""
        return np.round(values, 4 if self.is_share else 0)


def levers(policy: FundPolicy) -> dict[str, Lever]:
    """Every number that a policy's parts state, or could, by path."""
    return {lever.path: lever for part in policy.parts for lever in _levers(part)}


def _levers(part: Part) -> Iterator[Lever]:
    hints = typing.get_type_hints(type(part))
    for each in attrs.fields(type(part)):
        kind = _kind(hints[each.name])
        if kind is None or "words" not in each.metadata:
            continue
        value = getattr(part, each.name)
        scale = 100 if kind == _KRONOR else 1
        yield Lever(
            path=f"{part.path}.{each.name}",
            words=each.metadata["words"],
            kind=kind,
            now=None if value is None else float(value) / scale,
        )


def _kind(hint: Any) -> str | None:
    """What number a clause of this type is, None where it is no number."""
    union = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    for option in typing.get_args(hint) if union else (hint,):
        for of, kind in ((Ore, _KRONOR), (Decimal, _SHARE), (int, _WHOLE)):
            if option is of:
                return kind
    return None


def lever_named(policy: FundPolicy, path: str) -> Lever:
    """A lever by its path; `SifError` names the nearest numbers where it is none."""
    known = levers(policy)
    if path not in known:
        stated = {clause.path for clause in policy.clauses}
        code = "break_even.no_number" if path in stated else "break_even.no_lever"
        raise SifError(Message(code, path=path, policy=policy.id), fix=nearest(path, known))
    return known[path]
