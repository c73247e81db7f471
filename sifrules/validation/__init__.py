"""Validation: everything that is wrong or doubtful in a guideline, before anybody relies on it."""

from sifrules.validation.issues import Issue, Severity
from sifrules.validation.timeline import validate_timeline
from sifrules.validation.validate import validate, validate_plugin, validate_record

__all__ = [
    "Issue",
    "Severity",
    "validate",
    "validate_plugin",
    "validate_record",
    "validate_timeline",
]
