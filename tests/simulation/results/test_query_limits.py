"""A query takes a share of the machine, says so where that is too little, and leaves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sifrules_simulation.results.temporary import temporary_folder

#: Asks in a process of its own, with 200 MB of memory and as much disk.
ASK = """
import sys
from pathlib import Path
from sifrules.cli import main
from sifrules_simulation.results.query_limits import QueryLimits
QueryLimits.of_machine = classmethod(lambda cls, *_: cls(200_000_000, 200_000_000))
try:
    main(sys.argv[1:])
finally:
    # What getrusage gives begins with the memory of the process that started this one.
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            print(int(line.split()[1]) // 1024)
"""
MOST_MB = 700


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(
            "SELECT * FROM runs a, range(5000) b, range(5000) c ORDER BY hash(b.range * c.range)",
            marks=pytest.mark.once,
            id="sorted on disk",
        ),
        pytest.param("SELECT repeat('x', 2000000000)", id="in memory"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is looked at as Linux has it")
def test_a_query_that_takes_too_much_is_refused_in_a_sentence(
    sql: str, saved: Path, tmp_path: Path
) -> None:
    """By how much it may take; its memory is bounded, and no temporary folder stays behind."""
    pytest.importorskip("duckdb", reason="duckdb, of the extra sql, is not installed here")
    ran = subprocess.run(
        [sys.executable, "-c", ASK, "results", str(saved), "--sql", sql],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        check=False,
    )
    assert ran.returncode == 2, ran.stderr
    assert "needs more than it may take of this machine: 0.2 GB of memory" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert int(ran.stdout) < MOST_MB
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_a_killed_process_left_is_removed_and_one_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one that is not ours, or so young that its owner may be about to take it."""
    left, other, young = (tmp_path / name for name in ("sifrules-a", "sifrules-b", "sifrules-c"))
    for folder in (left, other, young):
        folder.mkdir()
        (folder / "rows.tmp").write_text("spilt", "utf-8")
    for folder in (left, young):
        (folder / "lock").touch()
    os.utime(left / "lock", (0, 0))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with temporary_folder() as used:
        os.utime(used.parent / "lock", (0, 0))
        assert not left.exists()
        with temporary_folder() as second:
            assert second != used
        assert used.is_dir()
    assert {each.name for each in tmp_path.iterdir()} == {other.name, young.name}
