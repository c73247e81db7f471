"""Long comparisons: kept as they go, gone on with, and what fails is a row."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, strategies as st

from sifrules import LocalizedText, Measure, Portfolio, Registry, hookimpl
from sifrules_simulation import plugin as simulation_plugin
from sifrules_simulation.analysis.compare import spans_of, stages_of
from sifrules_simulation.commands import compare as commands
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.experiments.runner import ReplicationSchema, run_batch, spans
from sifrules_simulation.results.folder import ResultsFolder

pytestmark = pytest.mark.once

Sif = Callable[..., Any]
Stopped = Callable[..., Any]
Files = Callable[[Path], dict[str, bytes]]

PAIR = ("orebro@2016", "norrkoping@2022")
#: Five pieces of twenty replications.
RUN = ("compare", *PAIR, "--replications", "90", "--years", "2", "--jobs", "1")


@pytest.fixture(scope="module")
def whole(save: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The comparison that was not stopped; what it said is in the file beside its folder."""
    folder = tmp_path_factory.mktemp("whole") / "kept"
    folder.with_suffix(".out").write_text(save(*RUN, "--out", str(folder)), "utf-8")
    return folder


# --- stopped and resumed --------------------------------------------------------------


def test_a_comparison_killed_at_random_ends_as_one_that_was_not(
    sif: Sif, tmp_path: Path, files_of: Files
) -> None:
    """Nothing that was finished is lost, nothing is counted twice, and every file is the same."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run = ("compare", *PAIR, "--replications", "200", "--years", "2")
    sif(*run, "--jobs", "1", "--out", str(whole))
    script = "import sys; from sifrules.cli import main; main(sys.argv[1:])"
    chance = random.Random(4)
    for kill in range(2):
        command = ["study", "resume", str(killed)] if kill else [*run, "--out", str(killed)]
        process = subprocess.Popen(
            [sys.executable, "-c", script, *command, "--jobs", "1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        wanted = 4 * kill + chance.randint(1, 4)
        while len(list(killed.glob("pieces/*.parquet"))) < wanted:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.01)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    assert sif("study", "resume", str(killed), "--jobs", "1").code == 0
    assert files_of(killed) == files_of(whole)


def test_a_stopped_comparison_reports_what_it_has_and_goes_on(
    sif: Sif, stopped: Stopped, whole: Path, tmp_path: Path, files_of: Files
) -> None:
    """What is shown then is of the first pieces; resumed, or asked again, it ends alike."""
    folder, again = tmp_path / "resumed", tmp_path / "again"
    ran = stopped(3, *RUN, "--out", str(folder))
    assert ran.code == 130
    assert f"go on with: sif resume {folder}" in ran.err
    assert "stopped after 60 replications" in ran.out
    assert pl.read_parquet(folder / "runs.parquet")["replication"].n_unique() == 60
    shutil.copytree(folder, again)
    ended = sif("study", "resume", str(folder), "--jobs", "2")
    shown = whole.with_suffix(".out").read_text("utf-8")
    assert ended.out == shown.replace(str(whole), str(folder))
    sif(*RUN, "--out", str(again))
    assert files_of(whole) == files_of(folder) == files_of(again)


def test_what_is_stopped_and_saved_nowhere_is_not_called_saved(stopped: Stopped) -> None:
    """What was finished is shown, and gone then."""
    ran = stopped(1, *RUN)
    assert "stopped after" in ran.out
    assert "saved" not in ran.out + ran.err


def test_a_simulation_of_one_policy_goes_on_too(
    sif: Sif, stopped: Stopped, tmp_path: Path, files_of: Files
) -> None:
    """With its change, its switches and its assumptions."""
    run = ("simulate", "orebro@2016", "--set", "return_model.floor=0.1", "--off", "cap", "--lang",
           "sv", "--assume", "ideas.flow=4", "--replications", "90", "--years", "2",
           "--jobs", "1")  # fmt: skip
    whole, folder = tmp_path / "whole", tmp_path / "kept"
    sif(*run, "--out", str(whole))
    stopped(1, *run, "--out", str(folder))
    assert "År för år" in sif("study", "resume", str(folder), "--jobs", "1").out
    assert files_of(folder) == files_of(whole)


def test_a_comparison_that_stops_by_precision_stops_there_when_resumed(
    sif: Sif, stopped: Stopped, tmp_path: Path, files_of: Files
) -> None:
    """The looks are where they were."""
    run = (*RUN, "--replications", "300", "--precision", "application_uptake=0.03")
    whole, folder = tmp_path / "whole", tmp_path / "kept"
    sif(*run, "--out", str(whole))
    stopped(4, *run, "--out", str(folder))
    sif("study", "resume", str(folder), "--jobs", "1")
    assert files_of(folder) == files_of(whole)


@given(most=st.integers(1, 5_000), policies=st.integers(1, 60))
def test_no_chunk_goes_beyond_a_look_and_all_replications_are_in_one(
    most: int, policies: int
) -> None:
    """Whatever the most that is spent, and however many policies there are."""

    class Sized:
        pass

    sized: Any = Sized()
    sized.policies = range(policies)
    stages = stages_of(most, True)
    chunks = spans_of(sized, stages)
    numbers = [n for first, count in chunks for n in range(first, first + count)]
    assert numbers == list(range(most))
    ends = {first + count for first, count in chunks}
    assert {until for until, _ in stages} <= ends


# --- what is kept ---------------------------------------------------------------------


def test_a_chunk_is_read_as_it_was_written(everything: Registry) -> None:
    """Every number, and which rules refused, in which replication, under which policy."""
    experiment = comparison_design(everything, PAIR, years=4)
    chunk = run_batch(experiment, range(2), 5, 3).values
    assert chunk is not None
    part = ReplicationSchema(experiment, tuple(spans(experiment, 8)))
    read = part.read(0, part.framed(0, chunk))
    assert read.replications == chunk.replications == (5, 6, 7)
    assert read.stops == chunk.stops
    assert any(chunk.stopped(0, "refused_by").values())
    assert any(chunk.stopped(0, "foreseen_by").values())
    np.testing.assert_array_equal(read.values, chunk.values)
    for name, numbers in chunk.breakdowns.items():
        np.testing.assert_array_equal(read.breakdowns[name], numbers)
    with pytest.raises(ValueError, match="not 2 policies"):
        part.read(0, part.framed(0, chunk).head(3))
    assert part.framed(0, None).schema == part.framed(0, chunk).schema


def test_a_damaged_chunk_is_named_and_run_again(
    sif: Sif, stopped: Stopped, whole: Path, tmp_path: Path, files_of: Files
) -> None:
    """Half a file, an empty one, one of another run, one number changed."""
    folder, other = tmp_path / "kept", tmp_path / "other"
    stopped(4, *RUN, "--out", str(folder))
    stopped(3, *RUN, "--seed", "2", "--out", str(other))
    piece = [folder / "pieces" / f"replications-000000{number}.parquet" for number in range(4)]
    piece[0].write_bytes(piece[0].read_bytes()[:-20])
    piece[1].write_bytes(b"")
    piece[2].write_bytes((other / "pieces" / piece[2].name).read_bytes())
    about = {"sifrules": pl.read_parquet_metadata(piece[3])["sifrules"]}
    frame = pl.read_parquet(piece[3], memory_map=False)
    frame.with_columns(granted=pl.col("granted") + 1).write_parquet(piece[3], metadata=about)
    ran = sif("study", "resume", str(folder), "--jobs", "1")
    reported = [f"sif: {folder}/pieces/{piece[at].name} could not be read, and was run again"
            for at in (0, 1, 3)]  # fmt: skip
    assert ran.err.splitlines() == reported
    assert files_of(folder) == files_of(whole)


# --- failures are data ----------------------------------------------------------------


class _Fragile:
    """A plugin's measure that cannot be determined of every replication."""

    def __init__(self, fails_in: frozenset[int]) -> None:
        self.fails_in = fails_in

    @hookimpl
    def sifrules_measures(self) -> list[Measure]:
        words = LocalizedText(sv="skör", en="fragile")
        return [Measure("fragile", words, "count", words, self.compute)]

    def compute(self, portfolio: Portfolio) -> float:
        if portfolio.replication in self.fails_in and portfolio.policy == "toy@2020":
            raise ValueError("too fragile")
        return 1.0


@pytest.fixture
def fragile(
    registry_of: Callable[..., Registry], toy: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], None]:
    """Lets the command line know a measure that fails in so many of ten replications."""

    def offer(count: int) -> None:
        registry = registry_of(
            toy(), simulation=simulation_plugin, fragile=_Fragile(frozenset(range(count)))
        )
        monkeypatch.setattr(commands, "the_registry", lambda: registry)

    return offer


TOY = ("compare", "toy@2020", "--replications", "10", "--years", "2", "--jobs", "1")


def test_a_replication_that_fails_is_a_row_and_the_comparison_goes_on(
    sif: Sif, fragile: Callable[[int], None], tmp_path: Path
) -> None:
    """With the command that shows it; the summary counts them, and the table says so."""
    fragile(4)
    ran = sif(*TOY, "--out", str(tmp_path))
    assert ran.code == 0
    assert "4 replications failed and are left out for all policies, the first number 0" in ran.out
    assert "see it with: sif simulate toy@2020 --years 2 --seed 1 --trace 0" in ran.out
    rows = pl.read_csv(tmp_path / "failures.csv")
    assert rows["replication"].to_list() == [0, 1, 2, 3]
    assert set(rows["error"]) == {"the measure fragile: ValueError: too fragile"}
    data = json.loads((tmp_path / "comparison.json").read_text("utf-8"))
    assert data["replications"] == 6
    assert [each["replication"] for each in data["failures"]] == [0, 1, 2, 3]
    reported = sif("results", str(tmp_path), "--format", "json").data
    assert (reported["count"], reported["asked"], reported["failed"]) == (6, 10, 4)
    fragile(0)
    assert sif(*TOY, "--out", str(tmp_path)).code == 0
    assert not list(tmp_path.glob("failures.*"))


def test_a_comparison_in_which_all_fail_is_an_error(
    sif: Sif, fragile: Callable[[int], None], tmp_path: Path
) -> None:
    """The first is reported, all are kept, and nothing is shown as a result."""
    fragile(10)
    ran = sif(*TOY, "--out", str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert "every replication failed, the first in replication 0 of toy@2020 (seed 1)" in ran.err
    assert pl.read_parquet(tmp_path / "failures.parquet").height == 10
    assert not (tmp_path / "runs.parquet").exists()


def test_a_full_disk_ends_a_comparison_that_can_be_gone_on_with(
    sif: Sif, whole: Path, tmp_path: Path, files_of: Files
) -> None:
    """One line; what was kept before is read, and the end is as if there had been room."""
    folder = tmp_path / "kept"
    write = ResultsFolder.write

    def full(self: ResultsFolder, name: str, how: Any) -> None:
        if name.endswith("-0000003.parquet"):
            with self.refusing():
                raise OSError(28, "No space left on device")
        write(self, name, how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ResultsFolder, "write", full)
        ran = sif(*RUN, "--out", str(folder))
    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert ran.err.count("\n") == 1
    assert len(list(folder.glob("pieces/*.parquet"))) == 3
    assert sif("study", "resume", str(folder), "--jobs", "1").code == 0
    assert files_of(folder) == files_of(whole)


@pytest.mark.parametrize(("room", "what"), [(8_000, "chunk"), (26_000, "table")])
def test_what_the_system_has_no_room_for_is_reported_and_gone_on_with(
    sif: Sif, whole: Path, tmp_path: Path, files_of: Files, room: int, what: str
) -> None:
    """A limit on the size of files stands in for a full disk: one line, nothing half-written."""
    resource = pytest.importorskip("resource", reason="this system has no limits on files")
    folder = tmp_path / "kept"
    sizes = [len(each) for each in files_of(whole).values()]
    assert max(sizes) > 26_000
    script = "import sys; from sifrules.cli import main; main(sys.argv[1:])"
    ran = subprocess.run(
        [sys.executable, "-c", script, *RUN, "--out", str(folder)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert "cannot write" in ran.stderr
    assert str(folder) in ran.stderr
    assert not list(folder.glob("**/*.tmp"))
    assert bool(list(folder.glob("pieces/*.parquet"))) == (what == "table")
    assert sif("study", "resume", str(folder), "--jobs", "1").code == 0
    assert files_of(folder) == files_of(whole)
