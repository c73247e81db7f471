"""The faults of a file that cannot be read as a guideline, as issues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sifrules.errors import Fault
from sifrules.validation.issues import Issue, Severity
from sifrules.values.messages import Joined, Message, Text, as_text

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


def of_faults(faults: Iterable[Fault]) -> Iterator[Issue]:
    """Each fault of a file as an issue of severity wrong."""
    for fault in faults:
        do = _DO.get(fault.kind, _DO_ELSE)
        yield Issue(
            Severity.WRONG,
            fault.kind,
            fault.file,
            str(fault.key),
            as_text(fault.problem),
            _WHY.get(fault.kind, _WHY_ELSE),
            do.format(hint="" if fault.fix is None else Joined((" (", fault.fix, ")"))),
        )


def of_problem(file: str, problem: Text) -> Issue:
    """What a plugin could not offer, as an issue of severity wrong."""
    why = Message("validate_file_faults.why")
    do = Message("validate_file_faults.do")
    return Issue(Severity.WRONG, "plugin_problem", file, "", problem, why, do)
