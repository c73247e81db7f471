"""Number formatting and parsing (tal i skrift), once for each language.

Swedish separates thousands by a no-break space and has a decimal comma, English a comma and a
point. Negative numbers have a minus sign (U+2212) in both; what is rounded to zero has no sign.

The Swedish symbols are CLDR's, and a test compares them with Babel's. Babel itself does not
format our numbers: it rounds the shortest decimal of a float instead of its exact value (0.15
becomes 0.2), writes -0,0, writes a hyphen for a minus in a pattern, has no counterpart of the
format ``g``, does not parse U+2212, and takes ten times as long.
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
    """A number in a language, rounded by ``form``, a format specification such as ``,.1f``.

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
    """A number in both languages, to be filled into a text.

    >>> number_words(2.5, "g")
    LocalizedText(sv='2,5', en='2.5')
    """
    return LocalizedText(sv=written(value, form, "sv"), en=written(value, form, "en"))


def read(text: str, language: Language) -> Decimal:
    """Parse a number written in a language, exactly; the inverse of `written`.

    >>> read("−12\\xa0345,70", "sv")
    Decimal('-12345.70')
    """
    return Decimal(text.translate(_READ_SWEDISH if language == "sv" else _READ_ENGLISH))


def percent(text: str, language: Language) -> str:
    """A written percentage with its sign, in Swedish after a no-break space.

    In English it is a plain space: fingerprints of clauses depend on it.

    >>> percent("30", "sv"), percent("30", "en")
    ('30\\xa0%', '30 %')
    """
    return f"{text}{NO_BREAK_SPACE if language == 'sv' else ' '}%"
