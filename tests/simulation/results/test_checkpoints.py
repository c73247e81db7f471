"""Long studies: nothing finished is lost, and nothing is counted twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from filelock import FileLock

from sifrules_simulation.execution.dispatch import run_unordered
from sifrules_simulation.experiments import batches as pieces

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("without_charts")]

Sif = Callable[..., Any]
Stopped = Callable[..., Any]
Files = Callable[[Path], dict[str, bytes]]

STUDY = ("study", "return-flow", "--policy", "orebro@2016", "--draws", "6", "--replications", "2",
         "--years", "3", "--cause-replications", "1", "--no-calibrate", "--jobs", "1")  # fmt: skip


def without_causes(*study: str) -> tuple[str, ...]:
    """A study whose causes, which take most of its time, are not looked for."""
    at = study.index("--cause-replications") + 1
    return (*study[:at], "0", *study[at + 1 :])


@pytest.fixture(scope="module")
def whole(save: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study that was not stopped; what it said is in the file beside its folder."""
    folder = tmp_path_factory.mktemp("whole") / "kept"
    folder.with_suffix(".out").write_text(save(*STUDY, "--out", str(folder)), "utf-8")
    return folder


@pytest.fixture(scope="module")
def begun(save: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study stopped when its six draws were done, and before the causes."""
    folder = tmp_path_factory.mktemp("begun") / "kept"
    save(*STUDY, "--out", str(folder), after=6)
    return folder


@pytest.fixture
def unfinished(begun: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own, which a test may spoil."""
    return Path(shutil.copytree(begun, tmp_path / "kept"))


# --- stopped and resumed --------------------------------------------------------------


def test_a_study_killed_three_times_at_random_ends_as_one_that_was_not(
    sif: Sif, tmp_path: Path, files_of: Files
) -> None:
    """Nothing that was finished is run again, nothing is lost, and every file is the same."""
    size = ("--policy", "orebro@2016", "--draws", "24", "--replications", "2", "--years", "3",
            "--cause-replications", "1", "--no-calibrate")  # fmt: skip
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    sif("study", "return-flow", *size, "--jobs", "1", "--out", str(whole))
    script = "import sys; from sifrules.cli import main; main(sys.argv[1:])"
    chance = random.Random(4)
    for kill in range(3):
        command = ["study", "resume", str(killed)]
        if not kill:
            command = ["study", "return-flow", *size, "--out", str(killed)]
        jobs = ("--jobs", "2" if kill == 1 else "1")
        process = subprocess.Popen(
            [sys.executable, "-c", script, *command, *jobs],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        wanted = 6 * kill + chance.randint(1, 6)
        while len(list((killed / "pieces").glob("*.parquet"))) < wanted:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.01)
        time.sleep(chance.random() / 50)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    last = sif("study", "resume", str(killed), "--jobs", "1")
    assert last.code == 0
    assert files_of(killed) == files_of(whole)


def test_what_is_saved_is_not_run_again_and_not_reported_as_run(
    sif: Sif, stopped: Stopped, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first four pieces are read, the others are run."""
    folder = tmp_path / "kept"
    first = stopped(4, *STUDY, "--out", str(folder))
    assert first.code == 130
    assert f"go on with: sif resume {folder}" in first.err
    assert len(list((folder / "pieces").glob("effects-*.parquet"))) == 4
    assert pl.read_parquet(folder / "draws.parquet").height == 4
    run: list[int] = []

    def counting(work: Any, tasks: Any, jobs: Any, *, here: bool) -> Any:
        run.append(len(tasks))
        return run_unordered(work, tasks, jobs, here=here)

    monkeypatch.setattr(pieces, "run_unordered", counting)
    again = sif("study", "resume", str(folder), "--jobs", "1")
    said = whole.with_suffix(".out").read_text("utf-8")
    assert again.out == said.replace(str(whole), str(folder))
    assert run[0] == 2
    assert not (folder / "pieces").exists()


def test_the_same_command_goes_on_as_resume_does(
    sif: Sif, whole: Path, unfinished: Path, tmp_path: Path, files_of: Files
) -> None:
    """The folder holds an unfinished study of the same plan: every file comes out the same."""
    one, two = unfinished, Path(shutil.copytree(unfinished, tmp_path / "two"))
    sif(*STUDY, "--out", str(one))
    sif("study", "resume", str(two), "--jobs", "2")
    assert files_of(one) == files_of(two) == files_of(whole)
    assert json.loads((one / "manifest.json").read_text("utf-8"))["finished"]


def test_files_are_found_from_where_the_study_was_begun(
    sif: Sif, stopped: Stopped, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scenario named by a relative path, and the study resumed elsewhere."""
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for place in (here, elsewhere):
        place.mkdir()
    (here / "small.toml").write_text('id = "small"\nbase = "default"\n', "utf-8")
    monkeypatch.chdir(here)
    stopped(2, *without_causes(*STUDY), "--scenario", "small.toml", "--out", "kept")
    monkeypatch.chdir(elsewhere)
    assert sif("study", "resume", "../here/kept", "--jobs", "1").code == 0
    assert Path.cwd() == elsewhere


# --- what is never counted ------------------------------------------------------------


def test_what_is_half_written_damaged_empty_or_foreign_is_run_again(
    sif: Sif, stopped: Stopped, whole: Path, unfinished: Path, tmp_path: Path, files_of: Files
) -> None:
    """Each damaged piece is named; the results are as if it had never been."""
    folder, foreign = unfinished, tmp_path / "foreign"
    stopped(3, *STUDY, "--seed", "2", "--out", str(foreign))
    piece = [folder / "pieces" / f"effects-{number:07d}.parquet" for number in range(6)]
    piece[0].write_bytes(b"")
    piece[1].write_bytes(piece[1].read_bytes()[:-40])
    piece[2].write_bytes((foreign / "pieces" / piece[2].name).read_bytes())
    piece[3].write_bytes(piece[4].read_bytes())
    piece[5].with_name(f".{piece[5].name}.tmp").write_bytes(b"PAR1 half")
    reported = sif("results", str(folder), "--format", "json").data
    assert reported["unreadable"] == [f"pieces/{each.name}" for each in piece[:2]]
    ran = sif("study", "resume", str(folder), "--jobs", "1")
    for each in piece[:2]:
        assert f"pieces/{each.name} could not be read, and was run again" in ran.err
    assert files_of(folder) == files_of(whole)


def test_a_number_that_was_changed_in_a_batch_is_found_out(sif: Sif, unfinished: Path) -> None:
    """It is a whole Parquet file, and its numbers no longer add up to what it says."""
    folder = unfinished
    piece = folder / "pieces" / "effects-0000001.parquet"
    about = {"sifrules": pl.read_parquet_metadata(piece)["sifrules"]}
    frame = pl.read_parquet(piece, memory_map=False)
    frame.with_columns(granted=pl.col("granted") + 1).write_parquet(piece, metadata=about)
    assert piece.name in sif("study", "resume", str(folder), "--jobs", "1").err


# --- what is refused ------------------------------------------------------------------

CHANGED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a library": (
        lambda plan: plan["versions"].update(numpy="1.0"),
        "numpy 1.0 then, ",
    ),
    "a policy": (
        lambda plan: plan["policies"].update({"orebro@2016": "0"}),
        "the policy orebro@2016 has changed",
    ),
    "a plugin": (lambda plan: plan["plugins"].update(orebro="0"), "the plugin orebro has changed"),
    "a plugin gone": (
        lambda plan: plan["plugins"].update(ystad="0"),
        "the plugin ystad is not there now",
    ),
    "a plugin come": (
        lambda plan: plan["plugins"].pop("malmo"),
        "the plugin malmo was not there then",
    ),
    "values": (
        lambda plan: plan["scenario"].update(values="0"),
        "the values of the scenario default with own_size=true have changed",
    ),
    "ranges": (
        lambda plan: plan["scenario"].update(ranges="0"),
        "the ranges of the scenario default with own_size=true have changed",
    ),
}


@pytest.mark.parametrize(("change", "reported"), CHANGED.values(), ids=CHANGED)
def test_a_study_whose_inputs_have_changed_is_not_resumed(
    sif: Sif, unfinished: Path, change: Callable[[Any], Any], reported: str
) -> None:
    """What has changed is named, in a line of its own, and nothing is touched."""
    file = unfinished / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    change(manifest["plan"])
    file.write_text(json.dumps(manifest), "utf-8")
    before = file.read_bytes()
    for command in (("study", "resume", str(unfinished)), (*STUDY, "--out", str(unfinished))):
        ran = sif(*command)
        assert ran.code == 2
        assert any(line.startswith(f"sif: {reported}") for line in ran.err.splitlines())
        assert len(ran.err.splitlines()) == 2
        assert ran.out == ""
    assert file.read_bytes() == before


def test_a_scenario_file_that_was_changed_is_named(
    sif: Sif, stopped: Stopped, tmp_path: Path
) -> None:
    """Its ranges count, not its values alone; a file that is gone is reported too."""
    world = tmp_path / "mine.toml"
    text = """id = "mine"\nbase = "default"\n[municipality]\npopulation = {{ value = 42_000,
        low = {low}, high = 45_000, unit = "count", assumption = "Our own." }}\n"""
    text = " ".join(text.split("\n        "))
    world.write_text(text.format(low=40_000), "utf-8")
    folder = str(tmp_path / "kept")
    stopped(2, *STUDY, "--scenario", str(world), "--out", folder)
    world.write_text(text.format(low=41_000), "utf-8")
    ran = sif("study", "resume", folder)
    assert "the ranges of the scenario mine have changed" in ran.err
    world.unlink()
    assert "no such file" in sif("study", "resume", folder).err


def test_another_study_does_not_go_into_a_folder_that_holds_one_unfinished(
    sif: Sif, unfinished: Path
) -> None:
    """All that differs is named; a finished one is overwritten by --force alone."""
    folder = unfinished
    larger = without_causes(*("8" if word == "6" else word for word in STUDY))
    ran = sif(*larger, "--seed", "3", "--out", str(folder))
    assert ran.code == 2
    assert f"{folder} holds an unfinished run of another plan" in ran.err
    assert "draws: 6 then, 8 now" in ran.err
    assert "seed: 1 then, 3 now" in ran.err
    assert sif("study", "resume", str(folder), "--jobs", "1").code == 0
    assert sif(*larger, "--out", str(folder)).code == 2
    assert sif(*larger, "--out", str(folder), "--force").code == 0
    assert pl.read_parquet(folder / "draws.parquet").height == 8


def test_a_folder_of_something_else_is_not_resumed(sif: Sif, whole: Path, tmp_path: Path) -> None:
    """Nothing at all, of another kind, an unreadable manifest; of what is finished it says so."""
    empty, compared, done = tmp_path / "empty", tmp_path / "compared", whole
    empty.mkdir()
    assert f"{empty} holds nothing to resume" in sif("study", "resume", str(empty)).err
    assert list(empty.iterdir()) == []
    sif("compare", "orebro@2016", "--replications", "2", "--years", "2", "--jobs", "1",
        "--out", str(compared))  # fmt: skip
    finished = sif("study", "resume", str(compared))
    assert (finished.code, finished.err) == (0, "")
    assert "is already finished; see sif results" in finished.out
    ran = sif(*STUDY, "--out", str(compared))
    assert f"{compared} holds what sif compare saved; name another folder" in ran.err
    before = {file: file.read_bytes() for file in done.iterdir()}
    assert "is already finished; see sif results" in sif("resume", str(done)).out
    assert before == {file: file.read_bytes() for file in done.iterdir()}
    for text in ("{", "[]", '{"kind": "x"}'):
        (empty / "manifest.json").write_text(text, "utf-8")
        ran = sif("study", "resume", str(empty))
        assert ran.code == 2
        assert "cannot be read" in ran.err or "holds something else: x" in ran.err


def test_two_runs_into_one_folder_do_not_mix(sif: Sif, unfinished: Path) -> None:
    """The second names the process that holds the folder; a lock left by a dead one holds none."""
    folder = str(unfinished)
    with FileLock(unfinished / "pieces" / "lock"):
        for command in (("study", "resume", folder), (*STUDY, "--out", folder)):
            ran = sif(*command)
            assert ran.code == 2
            assert ran.err.count("\n") == 1
            assert f"already, by process {os.getpid()}" in ran.err
    assert (unfinished / "pieces" / "lock").exists()
    assert sif("study", "resume", folder, "--jobs", "1").code == 0


def test_a_folder_that_cannot_hold_batches_is_reported_before_anything_runs(
    sif: Sif, tmp_path: Path
) -> None:
    """A file stands where they should be."""
    (tmp_path / "pieces").write_text("", "utf-8")
    ran = sif(*STUDY, "--out", str(tmp_path))
    assert ran.code == 2
    assert f"cannot write results to {tmp_path}" in ran.err
