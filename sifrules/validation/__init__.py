"""Validating: everything that is wrong or doubtful in a guideline, before anybody relies on it."""

from sifrules.validation.issues import Doubt, Level
from sifrules.validation.validate import validate, validate_plugin, validate_record

__all__ = ["Doubt", "Level", "validate", "validate_plugin", "validate_record"]
