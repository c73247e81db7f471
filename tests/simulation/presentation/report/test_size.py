"""The report of the main job is small enough to send, and is made while one waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import registry

pytestmark = pytest.mark.once

#: What a message may carry, and what one waits for, with room for a busy machine.
MOST_BYTES, MOST_SECONDS = 3_000_000, 10


def test_the_report_of_all_policies_is_small_and_soon_made(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """Every bundled policy over the usual years; its size depends on no number of replications.

    Time is that of this process, as a test shares its machine with others.
    """
    sizes = []
    for replications in (2, 6):
        place = tmp_path / str(replications)
        sif("compare", "--replications", str(replications), "--out", str(place), "--jobs", "1")
        began = time.process_time()
        assert sif("report", str(place)).code == 0
        assert time.process_time() - began < MOST_SECONDS
        sizes.append((place / "report.html").stat().st_size)
    assert len(registry().policies) == 10
    assert max(sizes) < MOST_BYTES
    assert max(sizes) < 1.1 * min(sizes)
