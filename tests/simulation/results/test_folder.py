"""Keeping results: nothing half-written, nothing finished lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules import SifError
from sifrules_simulation.results.folder import ResultsFolder

Sif = Callable[..., Any]


def test_a_ctrl_c_in_the_middle_of_a_write_leaves_the_chunk_whole(
    sif: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library that writes heeds it by itself: what it cut off is written once more."""
    write, calls = ResultsFolder.write, []

    def cut_off(folder: ResultsFolder, name: str, how: Callable[[Path], object]) -> None:
        calls.append(name)
        if len(calls) == 2:
            raise KeyboardInterrupt
        write(folder, name, how)

    run = ("compare", "orebro@2016", "--replications", "50", "--years", "2", "--jobs", "1")
    with monkeypatch.context() as patched:
        patched.setattr(ResultsFolder, "write", cut_off)
        ran = sif(*run, "--out", str(tmp_path))
    assert calls[:3] == ["manifest.json", *2 * ["pieces/replications-0000000.parquet"]]
    assert ran.code == 130
    (piece,) = tmp_path.glob("pieces/*.parquet")
    assert pl.read_parquet(piece, memory_map=False)["replication"].n_unique() == 40
    assert not list(tmp_path.glob("**/.*"))


@pytest.mark.parametrize("place", ["/dev/null/kept", "/proc/kept"])
def test_a_folder_that_cannot_be_written_is_reported_before_anything_runs(place: str) -> None:
    """What the system says, and what to do."""
    with pytest.raises(SifError, match=f"cannot write results to {place}: .*; name a folder"):
        ResultsFolder(Path(place))


def test_a_file_is_put_down_whole_or_not_at_all(tmp_path: Path) -> None:
    """What fails while it is written leaves what was there before."""
    folder = ResultsFolder(tmp_path)
    folder.json("a.json", {"a": 1})

    def failing(to: Path) -> Any:
        to.write_text("half", "utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(SifError, match="No space left on device"):
        folder.write("a.json", failing)
    assert (tmp_path / "a.json").read_text("utf-8") == '{\n  "a": 1\n}\n'
