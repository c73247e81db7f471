"""Failures are data: exceptions and deaths of a process are reported, and the rest is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from attrs import evolve, frozen

from sifrules import LocalizedText, Prospect, Registry, SifError, hookimpl
from sifrules_simulation import plugin as simulation_plugin
from sifrules_simulation.analysis.paired_effects import effects
from sifrules_simulation.commands import resume as resuming, return_flow as commands
from sifrules_simulation.execution.dispatch import run_ordered, run_unordered
from sifrules_simulation.execution.executor import Died
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.planning import study_design
from sifrules_simulation.experiments.sampling import draws
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.results.folder import ResultsFolder

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("without_charts")]

Sif = Callable[..., Any]
Stopped = Callable[..., Any]
Files = Callable[[Path], dict[str, bytes]]

# --- failures are data ----------------------------------------------------------------


@frozen
class Clumsy:
    """Cannot cope where committees look far ahead."""

    name = "clumsy"
    words = LocalizedText(sv="klumpig", en="clumsy")
    most: float = 40.0
    horizon: float = 0.0

    def given(self, parameters: Mapping[str, float]) -> Clumsy:
        return evolve(self, horizon=parameters["behaviour.horizon"])

    def applies(self, prospect: Prospect) -> bool:
        if self.horizon > self.most:
            raise ArithmeticError("too far ahead")
        return prospect.luck < 0.5


class _Offering:
    def __init__(self, behaviour: Any) -> None:
        self.behaviour = behaviour

    @hookimpl
    def sifrules_behaviours(self) -> tuple[Any, ...]:
        return (self.behaviour,)


@pytest.fixture
def clumsy(
    registry_of: Callable[..., Registry], toy: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Clumsy], tuple[str, ...]]:
    """Lets the command line know a clumsy behaviour; gives a study of it."""

    def offer(behaviour: Clumsy) -> tuple[str, ...]:
        offering = _Offering(behaviour)
        registry = registry_of(toy(), simulation=simulation_plugin, clumsy=offering)
        for module in (commands, resuming):
            monkeypatch.setattr(module, "the_registry", lambda: registry)
        return ("study", "return-flow", "--policy", "toy@2020", "--behaviour", "clumsy",
                "--draws", "12", "--replications", "2", "--years", "3", "--jobs", "1",
                "--cause-replications", "0", "--no-calibrate")  # fmt: skip

    return offer


def test_a_replication_that_fails_is_a_row_and_the_study_goes_on(
    sif: Sif, clumsy: Callable[[Clumsy], tuple[str, ...]], tmp_path: Path
) -> None:
    """With the command that shows it; the draw is left out, and the summary counts it."""
    far = {
        number
        for number in range(12)
        if draws(scenario(), 12, 1).world(number).values["behaviour.horizon"] > Clumsy().most
    }
    assert 0 < len(far) < 12
    command = (*clumsy(Clumsy()), "--out", str(tmp_path))
    data = sif(*command, "--format", "json").data
    assert data["draws"] == 12 - len(far)
    assert data["failed_draws"] == len(far)
    assert f"{len(far)} of 12 draws failed; see failures.csv" in data["notes"]
    rows = pl.read_csv(tmp_path / "failures.csv").filter(part="effects")
    assert set(rows["draw"]) == far
    assert rows.columns == ["part", "policy", "draw", "replication", "seed", "error", "command"]
    assert set(rows["error"]) == {"ArithmeticError: too far ahead"}
    for row in rows.iter_rows(named=True):
        assert f"--draw {row['draw']} " in row["command"]
        assert row["command"].endswith(f"--seed 1 --trace {row['replication']}")
    assert set(pl.read_csv(tmp_path / "draws.csv")["draw"]) == set(range(12)) - far
    reported = sif(*command, "--lang", "sv")
    assert reported.code == 0
    assert f"{len(far)} av 12 dragningar misslyckades; se failures.csv" in reported.out
    assert sif("results", str(tmp_path), "--format", "json").data["failed"] == len(far)
    assert sif(*clumsy(Clumsy(most=1e9)), "--out", str(tmp_path)).code == 0
    assert not list(tmp_path.glob("failures.*"))


def test_a_study_in_which_every_draw_fails_is_an_error(
    sif: Sif, clumsy: Callable[[Clumsy], tuple[str, ...]], tmp_path: Path
) -> None:
    """The first is reported, and all of them are kept."""
    ran = sif(*clumsy(Clumsy(most=0.0)), "--out", str(tmp_path))
    assert ran.code == 2
    assert "every draw failed, the first in replication 0 of toy@2020 (seed 1)" in ran.err
    assert "ArithmeticError: too far ahead; see it with: sif simulate toy@2020" in ran.err
    assert pl.read_parquet(tmp_path / "failures.parquet").height == 12


def test_a_failed_draw_is_not_tried_again_and_ends_alike(
    sif: Sif,
    stopped: Stopped,
    clumsy: Callable[[Clumsy], tuple[str, ...]],
    tmp_path: Path,
    files_of: Files,
) -> None:
    """A failure is kept as any piece is."""
    command = clumsy(Clumsy())
    whole, folder = tmp_path / "whole", tmp_path / "kept"
    sif(*command, "--out", str(whole))
    stopped(11, *command, "--out", str(folder))
    sif("study", "resume", str(folder), "--jobs", "1")
    assert files_of(folder) == files_of(whole)


# --- processes that die ---------------------------------------------------------------


def test_work_whose_process_dies_is_tried_again_and_set_aside_the_second_time(
    tmp_path: Path,
) -> None:
    """Nothing else is lost, whatever else that process was at."""
    once = str(tmp_path / "once")

    def work(number: int) -> int:
        import os
        import signal

        dies = number == 5
        if number == 3 and not os.path.exists(once):
            open(once, "w").close()
            dies = True
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return 10 * number

    tasks = [(number,) for number in range(9)]
    found = dict(run_unordered(work, tasks, 2))
    assert found == {number: 10 * number for number in range(9)} | {5: Died()}
    with pytest.raises(SifError, match="ended from outside, twice"):
        list(run_ordered(work, tasks, 2))


def test_a_draw_that_its_process_dies_of_is_set_aside_and_named(everything: Registry) -> None:
    """The others are done; it is not kept as failed, since with more memory it may well be done."""
    drawn = draws(scenario(), 5, 1)
    fatal = drawn.world(2).values["municipality.population"]

    class Fatal:
        name = "fatal"
        words = LocalizedText(sv="dödlig", en="fatal")

        def given(self, parameters: Any) -> Any:
            import os
            import signal

            if parameters["municipality.population"] == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return self

        def applies(self, prospect: Any) -> bool:
            return False

    lived = study_design(everything, scenario(), ["orebro@2016"], behaviour="null", years=2, seed=1)
    found = effects(evolve(lived, behaviour=Fatal()), drawn, 2, running=Running(jobs=2))
    assert found.draws.numbers.tolist() == [0, 1, 3, 4]
    (failure,) = found.failures
    assert (failure.draw, failure.replication, failure.policy) == (2, 4, "")
    assert "ended from outside, twice" in failure.error


STUDY = ("study", "return-flow", "--policy", "orebro@2016", "--draws", "4", "--replications", "2",
         "--years", "2", "--cause-replications", "1", "--no-calibrate", "--jobs", "1")  # fmt: skip


@pytest.fixture(scope="module")
def whole(save: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study for which there was room."""
    folder = tmp_path_factory.mktemp("whole") / "kept"
    save(*STUDY, "--out", str(folder))
    return folder


@pytest.mark.parametrize("part", ["effects", "causes"])
def test_a_disk_that_is_full_ends_a_study_that_can_be_gone_on_with(
    sif: Sif, whole: Path, tmp_path: Path, files_of: Files, part: str
) -> None:
    """What was kept before is read, and the end is as if there had been room."""
    folder = tmp_path / "kept"
    write = ResultsFolder.write

    def full(self: ResultsFolder, name: str, how: Any) -> None:
        if name.startswith(f"pieces/{part}"):
            with self.refusing():
                raise OSError(28, "No space left on device")
        write(self, name, how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ResultsFolder, "write", full)
        ran = sif(*STUDY, "--out", str(folder))
    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert sif("study", "resume", str(folder), "--jobs", "1").code == 0
    assert files_of(folder) == files_of(whole)
