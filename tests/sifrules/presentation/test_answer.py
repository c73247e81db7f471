"""Answers carry no marks that change how they read."""

from __future__ import annotations

import json

from hypothesis import given, strategies as st

from sifrules.presentation.answer import json_text
from sifrules.presentation.table import is_mark

MARKS = "\x00\x1b\x7f\x9b\u200f\u202e\u2066\ufeff\U000e0001"


@given(st.text(st.sampled_from(f'{MARKS}å\\"')) | st.text())
def test_json_escapes_control_and_direction_marks(text: str) -> None:
    """What is read back is the same, and no mark is written raw."""
    written = json_text({"a": text}, indent=2)
    assert json.loads(written) == {"a": text}
    assert not any(map(is_mark, written))
