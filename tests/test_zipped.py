"""Packages that are imported from an archive, as some installers leave them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[1]
SHELVES = {
    "sifrules": ROOT,
    "sifrules_policies": ROOT / "policies",
    "sifrules_plugins": ROOT / "plugins",
    "sifrules_simulation": ROOT / "simulation",
}


def test_a_comparison_runs_out_of_an_archive(tmp_path: Path) -> None:
    """It gives the same numbers, under the same fingerprints, and its report is written."""
    archive, run = tmp_path / "all.zip", ("--replications", "2", "--years", "2", "--jobs", "1")
    with zipfile.ZipFile(archive, "w") as packed:
        for package, shelf in SHELVES.items():
            for file in (shelf / package).rglob("*"):
                if file.is_file() and "__pycache__" not in file.parts:
                    packed.write(file, file.relative_to(shelf))
        for name in ("METADATA", "entry_points.txt"):
            text = distribution("sifrules").read_text(name) or ""
            packed.writestr(f"sifrules-0.1.0.dist-info/{name}", text)
    for where, path in (("packed", str(archive)), ("plain", os.environ.get("PYTHONPATH", ""))):
        ran = subprocess.run(
            [sys.executable, "-m", "sifrules", "compare", "orebro@2016", "orebro@2013",
             *run, "--out", str(tmp_path / where)],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert (ran.returncode, ran.stderr) == (0, "")
        assert (tmp_path / where / "report.html").is_file()
    for name in ("runs.csv", "provenance.json"):
        assert (tmp_path / "packed" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()
