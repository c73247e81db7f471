"""Mechanisms: what can be taken out of the model, one at a time."""

from __future__ import annotations

import attrs

from reference_pages.markdown import finished, head, table
from sifrules_simulation import Mechanisms

INTRODUCTION = """
What `--off NAME` takes out of a simulation, and `off=["NAME"]` in Python. What a mechanism does is
what differs when it is off and all else is the same; a [study](../guides/study.md) shares an effect
out among them.
"""


def page() -> str:
    """Every mechanism by the name of its switch."""
    rows = [
        [f"`{field.name}`", field.metadata["words"].en, field.metadata["words"].sv]
        for field in attrs.fields(Mechanisms)
    ]
    lines = [
        *head("Mechanisms that can be switched off", INTRODUCTION),
        *table(["mechanism", "what it is", "svenska"], rows),
    ]
    return finished(lines)
