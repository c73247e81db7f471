"""What could not be worked out (det som fattas): said in both languages, as an answer is."""

from __future__ import annotations

from sifrules.errors import SifError
from sifrules.values.messages import Joined, Message, Text

_MORE_DRAWS = Message("errors.more_draws")


class UnavailableResult(SifError):
    """A part of a study that could not be worked out; the rest of it stands.

    It is an error to whoever asked for that part alone, and a note to who reads the study.

    >>> few = LocalizedText(sv="för få", en="too few")
    >>> error = UnavailableResult(few, LocalizedText(sv="gör fler", en="run more"))
    >>> print(error, "/", error.words.text("sv"))
    too few; run more / för få; gör fler
    """

    def __init__(self, what: Text, fix: Text) -> None:
        super().__init__(what.text("en"), fix=fix.text("en"))
        self._made_of = what, fix
        self.words: Text = Joined((what, fix), "; ")

    def __reduce__(self) -> tuple[type[UnavailableResult], tuple[Text, Text]]:
        """How it comes back from another process."""
        return UnavailableResult, self._made_of


def too_few(what: Text) -> UnavailableResult:
    """Too few draws to work something out from."""
    return UnavailableResult(what, _MORE_DRAWS)


def not_installed(what: Text, name: str) -> UnavailableResult:
    """A library that is not there; the extra ``study`` brings it."""
    install = Message("errors.install")
    return UnavailableResult(what.format(name=name), install)
