"""Citations: what marks a place as doubtful."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sifrules.validation import validate


@pytest.mark.parametrize(
    ("place", "doubted"),
    [("p. 3?", True), ('"Vem kan ansöka?"', False), ("”Vem kan ansöka?”, 2", False),
     ('"Vem kan ansöka?", 2?', True)],
)  # fmt: skip
def test_a_quoted_heading_may_be_a_question(
    toy: Callable[..., Any], registry_of: Callable[..., Any], place: str, doubted: bool
) -> None:
    """A question mark inside quotation marks is the source's own; outside it marks a doubt."""
    documents = {"report": {"title": "The report"}}
    terms = {"in_force": {"value": "2020", "cite": f"report: {place}"}}
    found = validate(registry_of(), toy(terms=terms, documents=documents))
    assert ("doubtful_place" in [each.kind for each in found]) is doubted
