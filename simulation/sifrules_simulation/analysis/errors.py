"""Unavailable results (det som inte kan räknas ut): the rest of a study stands."""

from __future__ import annotations

from sifrules.errors import SifError
from sifrules.values.messages import Message


class UnavailableResult(SifError):
    """A part of a study that could not be worked out; the rest of it stands.

    It is an error to whoever asked for that part alone, and a note to who reads the study.
    """


def too_few(what: Message) -> UnavailableResult:
    """Too few draws to work something out from."""
    return UnavailableResult(what, fix=Message("errors.more_draws"))


def not_installed(what: str, name: str) -> UnavailableResult:
    """A library that is not there, by the code of what needs it; the extra ``study`` has it."""
    return UnavailableResult(Message(what, name=name), fix=Message("errors.install"))
