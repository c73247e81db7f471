"""The faults of a file that cannot be read as a guideline, told as doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sifrules.errors import Fault
from sifrules.validation.issues import Issue, Severity
from sifrules.values.messages import Message, Text
from sifrules.values.text import LocalizedText, same

_WHY = {
    "no_citation": Message("validate_file_faults.why_no_citation"),
    "unknown_document": Message("validate_file_faults.why_unknown_document"),
    "empty_reading": Message("validate_file_faults.why_empty_reading"),
}
_WHY_ELSE = Message("validate_file_faults.why_else")
_DO = {
    "no_citation": Message("validate_file_faults.do_no_citation"),
    "unknown_document": Message("validate_file_faults.do_unknown_document"),
    "empty_reading": Message("validate_file_faults.do_empty_reading"),
}
_DO_ELSE = Message("validate_file_faults.do_else")

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


def _hint(hint: str) -> Text | str:
    return LocalizedText(sv=f" ({_swedish(hint, _HINTS)})", en=f" ({hint})") if hint else ""


def _swedish(text: str, forms: Iterable[tuple[str, str]]) -> str:
    """A text in Swedish where it has one of the common forms, else as it is."""
    for english, swedish in forms:
        if re.fullmatch(english, text, re.DOTALL):
            return re.sub(english, swedish, text, count=1, flags=re.DOTALL)
    return text


def of_problem(file: str, problem: str) -> Issue:
    """What a plugin could not offer, as a doubt of level wrong."""
    why = Message("validate_file_faults.why")
    do = Message("validate_file_faults.do")
    return Issue(Severity.WRONG, "plugin_problem", file, "", same(problem), why, do)
