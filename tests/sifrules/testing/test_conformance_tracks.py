"""The promises of the test kit hold of a fund with tracks, on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from sifrules import Guideline, hookimpl
from sifrules.loading.guideline import read_guideline
from sifrules.testing import PolicyConformance

FOLDER = Path("examples/what-ifs")


class _Offering:
    """A plugin that offers the example with three tracks."""

    @hookimpl
    def sifrules_guidelines(self) -> Sequence[Guideline]:
        return [read_guideline(FOLDER / "three-tracks.toml")]


class TestTracks(PolicyConformance):
    """What every plugin's policies promise, of the example."""

    plugin = "three"
    extra: ClassVar[dict[str, object]] = {"three": _Offering()}


def test_the_promises_are_tried_on_each_track() -> None:
    """A policy of three tracks is settled and decided as three."""
    assert [seen.track.name for seen in TestTracks()._seen() if seen.track] == [
        "small",
        "health",
        "large",
    ]
