"""Validating: everything that is wrong or doubtful in a guideline, before anybody relies on it."""

from sifrules.validating.doubts import Doubt, Level
from sifrules.validating.whole import validate, validate_plugin, validate_record

__all__ = ["Doubt", "Level", "validate", "validate_plugin", "validate_record"]
