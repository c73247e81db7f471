"""What went wrong, where, and what to do about it.

Every mistake that a user can make ends in one of these, never in a traceback: the
command line prints the text and leaves with exit code 2.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sifrules.values.errors import SifError, nearest, shown, unexpected
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.text import Language

__all__ = [
    "EngineError",
    "FactError",
    "Fault",
    "FaultyFile",
    "LedgerError",
    "RuleError",
    "SifError",
    "Uncited",
    "nearest",
    "shown",
    "unexpected",
]


@frozen
class Fault:
    """One thing wrong in a file: the place and what was expected there.

    >>> print(Fault("mine.toml", "funding.amount", "expected kronor, got -1"))
    mine.toml: funding.amount: expected kronor, got -1
    """

    file: str
    key: Text | str
    problem: Text | str
    #: the kind of fault, as `sif validate` distinguishes them
    kind: str = "faulty"
    #: what to do about it
    fix: Text | str | None = None

    @property
    def full_text(self) -> Joined:
        """The place, what is wrong and what to do."""
        return Joined.of(": ", self.file, self.key, Joined.of("; ", self.problem, self.fix))

    def text(self, language: Language) -> str:
        """The place, what is wrong and what to do, in one language."""
        return self.full_text.text(language)

    def __str__(self) -> str:
        return self.text("en")


class FaultyFile(SifError):
    """A file that cannot be used, with everything that is wrong in it at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(Joined(tuple(fault.full_text for fault in self.faults), "\n"))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.faults,)


class FactError(SifError):
    """A fact that is unknown, of the wrong kind, or outside what is possible."""


class RuleError(SifError):
    """A rule that its author must correct: no citation, no note to a reading, two of one id."""


class Uncited(RuleError):
    """A value or a rule without a citation."""

    def __init__(self, where: str, fix: Text | str) -> None:
        super().__init__(Message("error.no_citation"), where=where, fix=fix)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.where, self.fix)


class EngineError(SifError):
    """A rules engine that is not installed, or returned no valid answer."""


class LedgerError(SifError):
    """An event that the ledger refuses, because the money is not there or not owed."""
