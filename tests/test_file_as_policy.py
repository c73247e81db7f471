"""A guideline that is a single TOML file works in every command that takes a policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FILE = str(ROOT / "examples" / "what-ifs" / "nyby.toml")
APPLICATION = str(ROOT / "examples" / "applications" / "fails-one-area.toml")
SHORT = ("--replications", "2", "--years", "2")
COMMANDS = {
    "show": ("show", FILE),
    "diff": ("diff", FILE, "orebro@2016"),
    "validate": ("validate", FILE),
    "test": ("test", FILE),
    "check": ("check", APPLICATION, "--policy", FILE),
    "claims": ("claims", "--policy", FILE, "--cost", "1000000", "--start", "2026-01",
               "--months", "12", "--effect", "300000"),
    "simulate": ("simulate", FILE, *SHORT),
    "trace": ("simulate", FILE, "--years", "2", "--trace", "0"),
    "compare": ("compare", FILE, "orebro@2016", *SHORT),
    "study return-flow": ("study", "return-flow", "--policy", FILE, "--draws", "2", *SHORT,
                          "--cause-replications", "0", "--no-calibrate"),
    "study break-even": ("study", "break-even", "--policy", FILE, "--lever",
                         "return_model.share", "--target", "0.1", *SHORT),
}  # fmt: skip


@pytest.mark.parametrize("args", COMMANDS.values(), ids=COMMANDS)
def test_a_file_is_as_good_as_an_id(sif: Callable[..., Any], args: tuple[str, ...]) -> None:
    """The answer names its policy, and nothing is said of a mistake."""
    ran = sif(*args)
    assert ran.code in (0, 1)
    assert ran.err == ""
    assert "nyby" in ran.out
