"""Exact money (belopp): whole öre in computations, kronor in input and output, never a float.

``Ore`` is an ``int`` that counts öre (1 krona = 100 öre). Shares are ``Decimal``. Rounding is
half to even.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NewType

from attrs import frozen

from sifrules.values.errors import SifError, unexpected
from sifrules.values.messages import Message
from sifrules.values.numbers import MINUS, NO_BREAK_SPACE, written
from sifrules.values.text import Language

Ore = NewType("Ore", int)

#: An amount of zero.
NOTHING = Ore(0)

#: The largest amount accepted, 100 000 000 000 kronor: more than any Swedish municipality has.
LARGEST = Ore(10**13)


def ore(kronor: object, *, negative: bool = False) -> Ore:
    """Whole öre from kronor as a person writes them.

    ``kronor`` is an int or a Decimal with at most two decimals. `SifError` for a float, because
    0.1 kronor has no exact one, for an amount beyond `LARGEST`, and for a negative amount
    unless ``negative``.

    >>> ore(1_664_992)
    166499200
    >>> ore(Decimal("0.30"))
    30
    >>> ore(-1)
    Traceback (most recent call last):
    sifrules.errors.SifError: expected kronor of at least 0, got -1
    """
    if isinstance(kronor, bool) or not isinstance(kronor, int | Decimal):
        raise unexpected(Message("expected.kronor_as"), kronor)
    if isinstance(kronor, Decimal) and not kronor.is_finite():
        raise unexpected(Message("expected.kronor"), kronor)
    if not -LARGEST <= kronor * 100 <= LARGEST:
        raise unexpected(Message("expected.kronor_at_most", most=LARGEST // 100), kronor)
    if kronor < 0 and not negative:
        raise unexpected(Message("expected.kronor_not_negative"), kronor)
    amount = Fraction(kronor) * 100
    if amount.denominator != 1:
        raise unexpected(Message("expected.kronor_two_decimals"), kronor)
    return Ore(int(amount))


def kronor(amount: int) -> int | float:
    """Kronor from öre, as files show them: an int where they are whole, otherwise a float.

    The float only carries the two decimals to the file; nothing is computed with it.

    >>> kronor(166499200), kronor(30)
    (1664992, 0.3)
    """
    whole, rest = divmod(amount, 100)
    return whole if rest == 0 else amount / 100  # the nearest float, as of two decimals


def in_words(amount: int, language: Language = "en") -> str:
    """An amount as an official reads it: thousands grouped, no-break spaces, ``kr`` or ``SEK``.

    >>> in_words(1220000000, "sv").replace(NO_BREAK_SPACE, "_")
    '12_200_000_kr'
    >>> in_words(-150, "en").replace(NO_BREAK_SPACE, "_")
    '−1.50_SEK'
    """
    whole, rest = divmod(abs(amount), 100)
    point, unit = (",", "kr") if language == "sv" else (".", "SEK")
    decimals = f"{point}{rest:02d}" if rest else ""
    sign = MINUS if amount < 0 else ""
    return f"{sign}{written(whole, ',d', language)}{decimals}{NO_BREAK_SPACE}{unit}"


@frozen
class Amount:
    """An amount as an argument of a message: öre, put into words only when it is shown.

    >>> Message("event.applies", amount=Amount(100)).arguments
    {'amount': Amount(ore=100)}
    """

    ore: int

    def text(self, language: Language) -> str:
        """The amount in words, as `in_words` gives it."""
        return in_words(self.ore, language)


def share_of(amount: int, share: Decimal | Fraction) -> Ore:
    """A share of an amount in whole öre, rounded half to even.

    >>> share_of(1220000000, Decimal("0.30"))
    366000000
    >>> share_of(5, Decimal("0.5")), share_of(15, Decimal("0.5"))
    (2, 8)
    """
    upper, lower = share.as_integer_ratio()
    whole, rest = divmod(amount * upper, lower)
    twice = 2 * rest
    return Ore(whole + 1 if twice > lower or (twice == lower and whole % 2) else whole)


def split(amount: int, weights: Sequence[int | Decimal | Fraction]) -> tuple[Ore, ...]:
    """An amount divided in proportion to weights (largest remainder method).

    The parts always sum to the amount: the öre left after rounding down go, one each, to the
    parts with the largest remainders, the earlier first where they are equal. `SifError` for a
    negative weight, or where all are zero.

    >>> split(100, [1, 1, 1])
    (34, 33, 33)
    >>> sum(split(101, [Decimal("0.7"), Decimal("0.3")]))
    101
    """
    count = len(weights)
    shares, total = _shares(tuple(weights))
    if total == count and shares == (1,) * count:
        return split_evenly(amount, count)
    parts = [Ore(amount * share // total) for share in shares]
    if lost := amount - sum(parts):
        largest = sorted(range(count), key=lambda i: (-(amount * shares[i] % total), i))
        for i in largest[:lost]:
            parts[i] = Ore(parts[i] + 1)
    return tuple(parts)


def split_evenly(amount: int, count: int) -> tuple[Ore, ...]:
    """An amount in so many parts, the earlier the larger, by an öre, where it does not divide.

    >>> split_evenly(100, 3)
    (34, 33, 33)
    """
    whole, rest = divmod(amount, count)
    return (Ore(whole + 1),) * rest + (Ore(whole),) * (count - rest)


def in_lowest_terms(weights: Sequence[int | Decimal | Fraction]) -> tuple[int, ...]:
    """Weights as whole numbers in the same proportions, as small as they can be.

    >>> in_lowest_terms([Decimal("0.7"), Decimal("0.3")])
    (7, 3)
    """
    return _shares(tuple(weights))[0]


@lru_cache(maxsize=4096)
def _shares(weights: tuple[int | Decimal | Fraction, ...]) -> tuple[tuple[int, ...], int]:
    """The weights as whole numbers in lowest terms, and their sum."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    lower = math.lcm(*(own for _, own in ratios))
    shares = [upper * (lower // own) for upper, own in ratios]
    if sum(shares) <= 0 or min(shares) < 0:
        raise SifError(Message("money.weights"))
    common = math.gcd(*shares)
    lowest = tuple(share // common for share in shares)
    return lowest, sum(lowest)
