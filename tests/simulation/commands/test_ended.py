"""A command that is asked to end: its workers end with it, and what is done is saved."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

COMMAND = (sys.executable, "-m", "sifrules")


def children(process: int) -> list[int]:
    """The processes that a process has started, where the system can tell."""
    try:
        listed = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no pgrep here")
    return [int(each) for each in listed.stdout.split()]


def alive(process: int) -> bool:
    """Whether a process is there and not merely waiting to be buried."""
    reported = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return bool(reported.stdout.strip()) and not reported.stdout.strip().startswith("Z")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process at once there")
def test_sigterm_stops_a_run_as_ctrl_c_does(tmp_path: Path) -> None:
    """Workers are gone within seconds, the folder can be resumed, and nothing is left behind."""
    folder, temporary = tmp_path / "run", tmp_path / "temporary"
    temporary.mkdir()
    asked = ("compare", "orebro@2016", "norrkoping@2022", "--replications", "10000", "--years", "4",
             "--jobs", "2")  # fmt: skip
    process = subprocess.Popen(
        [*COMMAND, *asked, "--out", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    while len(list(folder.glob("pieces/*.parquet"))) < 2:  # so that the first is in the tables
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.02)
    workers = children(process.pid)
    assert len(workers) >= 2
    process.send_signal(signal.SIGTERM)
    _, reported = process.communicate(timeout=60)
    assert process.returncode == 130
    assert reported == f"sif: stopped; go on with: sif resume {folder}\n"
    until = time.monotonic() + 10
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(alive, workers))
    assert list(temporary.glob("sifrules-*")) == []
    assert (folder / "runs.parquet").is_file()
