"""What could not be worked out (det som fattas): said in both languages, as an answer is."""

from __future__ import annotations

from sifrules.errors import SifError
from sifrules.values.text import Words

_MORE_DRAWS = Words(sv="gör fler dragningar", en="run more draws")


class Lacking(SifError):
    """A part of a study that could not be worked out; the rest of it stands.

    It is an error to whoever asked for that part alone, and a note to who reads the study.

    >>> error = Lacking(Words(sv="för få", en="too few"), Words(sv="gör fler", en="run more"))
    >>> print(error, "/", error.words.sv)
    too few; run more / för få; gör fler
    """

    def __init__(self, what: Words, fix: Words) -> None:
        super().__init__(what.en, fix=fix.en)
        self._made_of = what, fix
        self.words = Words(sv=f"{what.sv}; {fix.sv}", en=f"{what.en}; {fix.en}")

    def __reduce__(self) -> tuple[type[Lacking], tuple[Words, Words]]:
        """How it comes back from another process."""
        return Lacking, self._made_of


def too_few(what: Words) -> Lacking:
    """Too few draws to work something out from."""
    return Lacking(what, _MORE_DRAWS)


def not_installed(what: Words, name: str) -> Lacking:
    """A library that is not there; the extra ``study`` brings it."""
    install = Words(sv='pip install "sifrules[study]"', en='pip install "sifrules[study]"')
    return Lacking(what.put(name=name), install)
