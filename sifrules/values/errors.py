"""Errors (fel) that a user can mend: a message with its code, the place and what to do."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from decimal import Decimal

from sifrules.values.messages import Borrowed, Joined, Message, Text
from sifrules.values.text import Language


class SifError(Exception):
    """A mistake the user can mend; its text is there in both languages.

    What a plugin raises may be plain text, which reads the same in both.

    >>> unknown = SifError(Message("policy.unknown", name="x"), fix=nearest("x", ["b", "a"]))
    >>> print(unknown)
    no policy 'x'; known: a, b
    >>> unknown.text("sv")
    "det finns ingen policy 'x'; de som finns: a, b"
    """

    def __init__(
        self, what: Text | str, *, where: str | None = None, fix: Text | str | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    @property
    def message(self) -> str:
        """What is wrong and what to do in English, without the place."""
        return str(Joined.of("; ", self.what, self.fix))

    @property
    def full_text(self) -> Joined:
        """The place, what is wrong and what to do, as an argument of another message."""
        return Joined.of(": ", self.where, Joined.of("; ", self.what, self.fix))

    def text(self, language: Language) -> str:
        """The place, what is wrong and what to do, in one language."""
        return self.full_text.text(language)

    def __str__(self) -> str:
        return self.text("en")


SifError.__module__ = "sifrules.errors"  # the public name, as tracebacks show it


def reported(error: Exception) -> Text:
    """What the system or a library says is wrong, as an argument of a message.

    >>> reported(FileNotFoundError(2, "No such file or directory", "x")).text("sv")
    'filen eller mappen finns inte'
    """
    if isinstance(error, UnicodeDecodeError):
        return Message("file.not_utf8")
    if isinstance(error, json.JSONDecodeError):
        what = Borrowed(error.msg)
        return Message("fault.at", what=what, line=error.lineno, column=error.colno)
    return Borrowed(getattr(error, "strerror", None) or str(error))


def shown(value: object) -> Text | str:
    """A value as a message shows it: as written, and shortened where it is very long.

    >>> str(shown("ett")), str(shown(10**5000))
    ("'ett'", 'a very long number')
    """
    try:
        text = str(value) if isinstance(value, Decimal) else repr(value)
    except ValueError:  # Python will not write out a whole number of thousands of digits
        return Message("value.very_long_number")
    return text if len(text) <= 80 else f"{text[:77]}..."


def unexpected(expected: Text | str, value: object) -> SifError:
    """The error that something else than this was expected.

    >>> print(unexpected(Message("expected.table"), 3))
    expected a table, got 3
    """
    return SifError(Message("value.expected", expected=expected, value=shown(value)))


def nearest(name: str, known: Iterable[str]) -> Message:
    """Advice naming what was probably meant, out of what is known.

    >>> print(nearest("orebro@2106", ["orebro@2013", "orebro@2016", "malmo@2016"]))
    did you mean orebro@2016 or orebro@2013?
    >>> print(nearest("xyz", ["b", "a"]))
    known: a, b
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    if close:
        return Message("nearest.meant", names=Joined(close, Message("nearest.or")))
    return Message("nearest.known", names=", ".join(names)) if names else Message("nearest.none")
