"""What went wrong, where, and what to do about it.

Every mistake that a user can make ends in one of these, never in a traceback: the
command line prints the text and leaves with exit code 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from decimal import Decimal

from attrs import frozen


class SifError(Exception):
    """A mistake the user can mend.

    >>> print(SifError("no policy 'orebo@2016'", fix="did you mean orebro@2016?"))
    no policy 'orebo@2016'; did you mean orebro@2016?
    """

    def __init__(self, what: str, *, where: str | None = None, fix: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    @property
    def message(self) -> str:
        """What is wrong and what to do, without the place."""
        return f"{self.what}; {self.fix}" if self.fix else self.what

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@frozen
class Fault:
    """One thing wrong in a file: the place and what was expected there.

    >>> print(Fault("mine.toml", "funding.amount", "expected kronor, got -1"))
    mine.toml: funding.amount: expected kronor, got -1
    """

    file: str
    key: str
    problem: str
    #: what sort of fault it is, as `sif validate` tells them apart
    kind: str = "faulty"

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.key}: {self.problem}"
            if self.key
            else f"{self.file}: {self.problem}"
        )


class FaultyFile(SifError):
    """A file that cannot be used, with everything that is wrong in it at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FactError(SifError):
    """A fact that is unknown, of the wrong kind, or outside what is possible."""


class RuleError(SifError):
    """A rule that its author must mend: no citation, no note to a reading, two of one id."""


class Uncited(RuleError):
    """A value or a rule of which nobody says where it is stated."""

    def __init__(self, where: str, fix: str) -> None:
        super().__init__("has no citation", where=where, fix=fix)


class EngineError(SifError):
    """A rules engine that is not there, or did not answer as it must."""


class LedgerError(SifError):
    """An event that the ledger refuses, because the money is not there or not owed."""


def shown(value: object) -> str:
    """A value as a message shows it: as written, and shortened where it is very long.

    >>> shown("ett"), shown(10**5000)
    ("'ett'", 'a very long number')
    """
    try:
        text = str(value) if isinstance(value, Decimal) else repr(value)
    except ValueError:  # Python will not write out a whole number of thousands of digits
        return "a very long number"
    return text if len(text) <= 80 else f"{text[:77]}..."


def nearest(name: str, known: Iterable[str]) -> str:
    """Advice naming what was probably meant, out of what is known.

    >>> nearest("orebro@2106", ["orebro@2013", "orebro@2016", "malmo@2016"])
    'did you mean orebro@2016 or orebro@2013?'
    >>> nearest("xyz", ["b", "a"])
    'known: a, b'
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"known: {', '.join(names)}" if names else "none is known"
