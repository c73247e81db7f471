"""Numbers as they are written (tal i skrift): one way in each language, and the way back.

Swedish sets thousands apart by a space that never breaks and has a decimal comma, English a
comma and a point. A minus is a minus sign in both, and what is rounded to nothing has no sign.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sifrules.values.text import Language, LocalizedText

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

_SWEDISH = str.maketrans({",": NO_BREAK_SPACE, ".": ","})
_READ_SWEDISH = str.maketrans({NO_BREAK_SPACE: None, ",": ".", MINUS: "-"})
_READ_ENGLISH = str.maketrans({",": None, MINUS: "-"})


def written(value: int | float | Decimal | Fraction, form: str, language: Language) -> str:
    """A number as a reader of the language writes it; ``form`` is Python's, as ``,.1f``.

    >>> written(12_345.678, ",.1f", "en"), written(-0.25, "g", "sv")
    ('12,345.7', '−0,25')
    >>> written(12_345.678, ",.1f", "sv").replace(NO_BREAK_SPACE, "_"), written(-0.01, ".1f", "en")
    ('12_345,7', '0.0')
    """
    text = format(value, form)
    if not text.strip("+-0.,"):
        text = text.lstrip("+-")
    if language == "sv":
        text = text.translate(_SWEDISH)
    return text.replace("-", MINUS)


def number_words(value: int | float | Decimal | Fraction, form: str) -> LocalizedText:
    """A number as it is written in both languages, to be put into a text.

    >>> number_words(2.5, "g")
    LocalizedText(sv='2,5', en='2.5')
    """
    return LocalizedText(sv=written(value, form, "sv"), en=written(value, form, "en"))


def read(text: str, language: Language) -> Decimal:
    """The number that was written so, exactly.

    >>> read("−12\\xa0345,70", "sv")
    Decimal('-12345.70')
    """
    return Decimal(text.translate(_READ_SWEDISH if language == "sv" else _READ_ENGLISH))


def percent(text: str, language: Language) -> str:
    """A number of hundredths with its sign; in Swedish a space that never breaks before it.

    In English the space is a plain one: the fingerprints of clauses are made of it.

    >>> percent("30", "sv"), percent("30", "en")
    ('30\\xa0%', '30 %')
    """
    return f"{text}{NO_BREAK_SPACE if language == 'sv' else ' '}%"
