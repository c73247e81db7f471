"""Amounts and shares as a person writes them (belopp och andelar i skrift).

``6,2 mnkr``, ``12 000 tkr``, ``6.2 MSEK`` and ``12 200 000`` are amounts; ``50 %``, ``0,5`` and
``0.5`` are shares. What could be read in two ways is refused, with what to write instead.
"""

from __future__ import annotations

import re
from decimal import Decimal

from sifrules.values.errors import SifError, shown
from sifrules.values.messages import Message
from sifrules.values.money import Ore, ore
from sifrules.values.numbers import MINUS

#: What one of each unit of money is in kronor.
_SCALES = {
    1: "kr kronor krona sek",
    10**3: "tkr kkr tsek ksek tusen",
    10**6: "mnkr mkr msek miljon miljoner million",
    10**9: "mdkr mdr miljard miljarder billion",
}
_UNITS = {
    unit: worth
    for worth, words in _SCALES.items()
    for word in words.split()
    for unit in (word, f"{word} kr", f"{word} kronor", f"{word} sek")
}
_PER_CENT = frozenset({"%", "procent", "percent", "per cent"})

_SPACES = re.compile(r"[\s_\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]+")
_WRITTEN = re.compile(r"(?P<number>[+-]?[0-9][0-9., ]*?) ?(?P<unit>%|[^\W\d]([^\W\d]| )*)?")
#: A number: its thousands set apart by spaces or not at all, decimals after a comma or a point.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:[.,][0-9]+)?")
#: What may be thousands set apart by commas or points: 1,500 is read in two ways.
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:[.,][0-9]{3})+(?:[.,][0-9]{1,2})?")
#: A number with an exponent, as other programs write large and small ones.
_EXPONENT = re.compile(r"[+-]?[0-9]{1,17}(?:\.[0-9]{1,17})?e[+-]?[0-9]{1,2}")
#: More digits than any amount or share has, and few enough to be computed with exactly.
_MOST_DIGITS = 25

#: The least bare amount with decimals that is taken for kronor and not for thousands or millions.
_SURELY_KRONOR = 10_000
#: The least cost that is likely; below it, thousands or millions of kronor were probably meant.
LEAST_LIKELY = Ore(_SURELY_KRONOR * 100)


def is_quantity(text: str) -> bool:
    """Whether a text is written as a number, bare or with a unit of money or per cent.

    >>> is_quantity("6,2 mnkr"), is_quantity("50%"), is_quantity("12 months")
    (True, True, False)
    """
    written = _written(text)
    if written is None or not _few_digits(written["number"]):
        return False
    return not written["unit"] or written["unit"] in _UNITS.keys() | _PER_CENT


def is_unit(text: str) -> bool:
    """Whether a text is a unit of money or per cent.

    >>> is_unit("tkr"), is_unit("%"), is_unit("1000 kr"), is_unit("EUR")
    (True, True, False, False)
    """
    return _SPACES.sub(" ", text).strip().casefold() in _UNITS.keys() | _PER_CENT


def read_amount(text: str) -> Ore:
    """An amount as a person writes it, in whole öre.

    Raises `SifError` for a unit that is none of money, for thousands set apart by points or
    commas, and for a small number with decimals and no unit, which may be kronor or millions.

    >>> read_amount("6,2 mnkr"), read_amount("12 000 tkr"), read_amount("1664992.50")
    (620000000, 1200000000, 166499250)
    >>> read_amount("6.2")
    Traceback (most recent call last):
    sifrules.errors.SifError: '6.2' may be kronor or millions; write 6.2 kr or 6.2 mnkr
    """
    number, unit = _parts(text, "quantity.no_amount")
    if unit and unit not in _UNITS:
        raise SifError(Message("quantity.no_amount", text=shown(text)))
    if not unit:
        refuse_bare(number, text)
    return ore(number * _UNITS.get(unit, 1), negative=True)


def refuse_bare(number: Decimal, text: str) -> None:
    """Refuse an amount without a unit that is so small and has decimals."""
    if number % 1 and abs(number) < _SURELY_KRONOR:
        raise SifError(
            Message("quantity.bare", text=shown(text)),
            fix=Message("quantity.write_bare", bare=text.strip()),
        )


def read_share(text: str) -> Decimal:
    """A share as a person writes it: ``50 %`` and ``0,5`` are a half.

    Raises `SifError` for another unit, and for a bare number above 1, which may be per cent.

    >>> read_share("50 %"), read_share("0,5"), read_share("120 procent")
    (Decimal('0.5'), Decimal('0.5'), Decimal('1.2'))
    >>> read_share("50")
    Traceback (most recent call last):
    sifrules.errors.SifError: expected a share as 0.5 or 50 %, got '50'
    """
    number, unit = _parts(text, "quantity.no_share", grouped=False)
    if unit in _PER_CENT:
        return _plain_decimal(number / 100)
    if unit or number > 1:
        raise SifError(Message("quantity.no_share", text=shown(text)))
    return number


def read_number(text: str) -> Decimal:
    """A number whose unit is not known beforehand: an amount in kronor, a share, or a bare number.

    >>> read_number("80 mnkr"), read_number("12 %"), read_number("0,12"), read_number("30")
    (Decimal('80000000'), Decimal('0.12'), Decimal('0.12'), Decimal('30'))
    """
    if _EXPONENT.fullmatch(text):
        return _plain_decimal(Decimal(text))
    number, unit = _parts(text, "quantity.no_number")
    if unit in _PER_CENT:
        return _plain_decimal(number / 100)
    return in_kronor(read_amount(text)) if unit else number


def in_kronor(amount: int) -> Decimal:
    """An amount of öre in kronor, exactly, as a person writes it.

    >>> in_kronor(620000000), in_kronor(30)
    (Decimal('6200000'), Decimal('0.3'))
    """
    return _plain_decimal(Decimal(amount) / 100)


def too_small(amount: int | None) -> bool:
    """Whether an amount is so small for a cost that another unit was probably meant.

    >>> too_small(620), too_small(620_000_000), too_small(0)
    (True, False, False)
    """
    return amount is not None and 0 < amount < LEAST_LIKELY


def _written(text: str) -> re.Match[str] | None:
    """A text as a number and a unit, with single spaces, plain signs and small letters."""
    plain = _SPACES.sub(" ", text.replace(MINUS, "-")).strip().casefold()
    return _WRITTEN.fullmatch(plain)


def _parts(text: str, wrong: str, *, grouped: bool = True) -> tuple[Decimal, str]:
    """The number and the unit of a text; `SifError` where it has no such form."""
    written = _written(text)
    number = written["number"] if written else ""
    if grouped and _GROUPED.fullmatch(number):
        plain = _without_groups(number)
        raise SifError(
            Message("quantity.grouped", text=shown(text)),
            fix=Message("quantity.write_ungrouped", plain=plain),
        )
    if not _NUMBER.fullmatch(number) or not _few_digits(number):
        raise SifError(Message(wrong, text=shown(text)))
    unit = written["unit"] if written else None
    return Decimal(number.replace(" ", "").replace(",", ".")), unit or ""


def _few_digits(number: str) -> bool:
    """Whether a number is short enough to be computed with exactly."""
    return sum(sign.isdigit() for sign in number) <= _MOST_DIGITS


def _without_groups(number: str) -> str:
    """The number without the points and commas that set thousands apart."""
    *groups, last = re.split("[.,]", number)
    return "".join(groups) + (last if len(last) == 3 else f",{last}")


def _plain_decimal(number: Decimal) -> Decimal:
    """The same number without needless zeros and without an exponent."""
    return Decimal(format(number.normalize(), "f"))
