"""The faults of a file that cannot be read as a guideline, told as doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sifrules.errors import Fault
from sifrules.validation.issues import Issue, Severity
from sifrules.values.text import LocalizedText, same

_WHY = {
    "no_citation": LocalizedText(
        sv="ett värde som ingen källa anger avvisas: ingen annan kan kontrollera det",
        en="a value that no source states is refused: nobody else can check it",
    ),
    "unknown_document": LocalizedText(
        sv="hänvisningen går till ett dokument som inte är beskrivet i filen",
        en="the citation is of a document that the file does not describe",
    ),
    "empty_reading": LocalizedText(
        sv="den som läser beslutet måste kunna se hur en tveksam lydelse är läst, och varför",
        en="whoever reads the decision must see how a doubtful wording is read, and why",
    ),
}
_WHY_ELSE = LocalizedText(
    sv="en fil med fel kan inte användas alls: inget i den gissas",
    en="a file with a fault cannot be used at all: nothing in it is guessed",
)
_DO = {
    "no_citation": LocalizedText(
        sv='skriv {{ value = ..., cite = "document: place" }}, eller en cite för hela delen',
        en='write {{ value = ..., cite = "document: place" }}, or one cite for the whole part',
    ),
    "unknown_document": LocalizedText(
        sv="beskriv dokumentet under [documents], eller hänvisa till ett som finns{hint}",
        en="describe the document under [documents], or cite one that is there{hint}",
    ),
    "empty_reading": LocalizedText(
        sv="skriv hur lydelsen läses och varför, eller ta bort reading",
        en="write how the wording is read and why, or take the reading out",
    ),
}
_DO_ELSE = LocalizedText(
    sv="rätta värdet eller nyckeln{hint}; docs/guidelines.md säger hur de skrivs",
    en="mend the value or the key{hint}; docs/guidelines.md says how they are written",
)

#: The common ways to put a fault, in Swedish; what is quoted in them stays as it is.
_SWEDISH = (
    (r"has no citation", "har ingen källhänvisning"),
    (r"a reading needs a note saying how it is read and why", "läsningen saknar förklaring"),
    (r"a reading needs the citation that it reads", "läsningen saknar den källa som den läser"),
    (r"no document (.*)", r"inget dokument \1"),
    (r"unknown key (.*)", r"okänd nyckel \1"),
    (r"unknown key", "okänd nyckel"),
    (r"missing", "saknas"),
    (r"no such file", "filen finns inte"),
    (r"is not TOML: (.*)", r"är inte TOML: \1"),
    (r"is not UTF-8 text", "är inte UTF-8-text"),
    (r"no (\w+) of the kind (.*)", r"ingen del \1 av slaget \2"),
    (r"expected (.*), got (.*)", r"väntade \1, fick \2"),
)
_HINTS = (
    (r"did you mean (.*)\?", r"menades \1?"),
    (r"known: (.*)", r"de som finns: \1"),
    (r"none is known", "inga finns"),
)


def of_faults(faults: Iterable[Fault]) -> Iterator[Issue]:
    """Each fault of a file as a doubt of level wrong."""
    for fault in faults:
        problem, _, hint = fault.problem.partition("; ")
        do = _DO.get(fault.kind, _DO_ELSE)
        yield Issue(
            Severity.WRONG,
            fault.kind,
            fault.file,
            fault.key,
            LocalizedText(sv=_swedish(problem, _SWEDISH), en=problem),
            _WHY.get(fault.kind, _WHY_ELSE),
            do.format(hint=_hint(hint)),
        )


def _hint(hint: str) -> LocalizedText | str:
    return LocalizedText(sv=f" ({_swedish(hint, _HINTS)})", en=f" ({hint})") if hint else ""


def _swedish(text: str, forms: Iterable[tuple[str, str]]) -> str:
    """A text in Swedish where it has one of the common forms, else as it is."""
    for english, swedish in forms:
        if re.fullmatch(english, text, re.DOTALL):
            return re.sub(english, swedish, text, count=1, flags=re.DOTALL)
    return text


def of_problem(file: str, problem: str) -> Issue:
    """What a plugin could not offer, as a doubt of level wrong."""
    why = LocalizedText(
        sv="det som tillägget skulle ha erbjudit är utelämnat",
        en="what the plugin would have offered is left out",
    )
    do = LocalizedText(
        sv="rätta filen som nämns, eller tilläggets egen kod",
        en="mend the file that is named, or the plugin's own code",
    )
    return Issue(Severity.WRONG, "plugin_problem", file, "", same(problem), why, do)
