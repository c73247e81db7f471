"""Processes of this machine: they end with their parent, heed no Ctrl-C, and import little."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sifrules.errors import SifError
from sifrules_simulation.execution.dispatch import (
    run_ordered,
    run_unordered,
    starting_processes,
)
from sifrules_simulation.execution.local import SerialExecutor

#: A run of two workers that write their process ids, and then sleep for long.
RUN = """
import sys
from sifrules_simulation.execution.dispatch import run_unordered

def work(folder, number):
    import os, pathlib, time
    pathlib.Path(folder, str(os.getpid())).touch()
    time.sleep(600)

if __name__ == "__main__":
    list(run_unordered(work, [(sys.argv[1], number) for number in range(6)], 2))
"""


def _is_running(process: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_when_their_parent_is_killed(tmp_path: Path, how: signal.Signals) -> None:
    """However it was ended, and in the middle of a task."""
    workers = tmp_path / "workers"
    workers.mkdir()
    script = tmp_path / "run.py"
    script.write_text(RUN, "utf-8")
    with subprocess.Popen([sys.executable, str(script), str(workers)]) as process:
        while len(found := [int(each.name) for each in workers.iterdir()]) < 2:
            assert process.poll() is None
            time.sleep(0.02)
        assert all(map(_is_running, found))
        process.send_signal(how)
    until = time.monotonic() + 20
    while any(map(_is_running, found)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_is_running, found))


def test_workers_leave_ctrl_c_to_their_parent() -> None:
    """A SIGINT that a terminal sends to all processes ends no task."""

    def work(number: int) -> int:
        import os
        import signal

        os.kill(os.getpid(), signal.SIGINT)
        return number

    assert list(run_ordered(work, [(number,) for number in range(4)], 2)) == [0, 1, 2, 3]


@pytest.mark.once
def test_workers_import_only_what_their_task_needs() -> None:
    """Of ours no more than runs a task: no plugin, no command and nothing of a cluster."""
    code = """
from sifrules_simulation.execution.dispatch import run_ordered
def work(number):
    import sys
    return sorted(each for each in sys.modules if each.startswith("sifrules_simulation."))
print(*list(run_ordered(work, [(number,) for number in range(3)], 2))[0])
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) == {
        "sifrules_simulation.execution",
        "sifrules_simulation.execution.executor",
        "sifrules_simulation.execution.local",
        "sifrules_simulation.execution.tasks",
    }


def test_local_executors_do_not_need_the_cluster() -> None:
    """Its modules are not imported with them."""
    code = (
        "import sys, sifrules_simulation.execution.local; "
        "print([each for each in sys.modules if each.rpartition('.')[2] in "
        "('cluster', 'dask', 'distributed', 'worker_check')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_run_that_is_given_up_ends_its_processes_at_once() -> None:
    """What they are at is not waited for, and the next run has new processes."""

    def work(number: int) -> int:
        import os
        import time

        time.sleep(60 if number else 0)
        return os.getpid()

    results = run_unordered(work, [(number,) for number in range(8)], 2)
    _, process = next(iter(results))
    began = time.monotonic()
    results.close()  # type: ignore[attr-defined]  # a generator
    assert time.monotonic() - began < 20
    assert list(run_ordered(abs, [(-1,), (-2,), (-3,)], 2)) == [1, 2, 3]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.once
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_processes_that_were_started_early_end_where_there_is_nothing_to_run() -> None:
    """Nobody waits at the end of a command for workers that only import."""
    started = []

    def plan() -> None:
        with starting_processes(2, "sifrules_simulation.experiments.runner"):
            started.extend(_workers())
            raise SifError("no such policy")

    with pytest.raises(SifError):
        plan()
    assert started
    until = time.monotonic() + 10
    while any(map(_is_running, started)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(map(_is_running, started))


def _workers() -> list[int]:
    """The worker processes of this process."""
    process = os.getpid()
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(each) for each in children if "popen_loky" in _command(each)]


def _command(process: str) -> str:
    return Path(f"/proc/{process}/cmdline").read_text()


def test_joblib_has_processes_of_its_own() -> None:
    """Who uses joblib next to a run, before and after it, finds it as it is without."""
    from joblib import Parallel, delayed

    for _ in range(2):
        assert Parallel(2)(delayed(abs)(-number) for number in range(3)) == [0, 1, 2]
        assert list(run_ordered(abs, [(-1,), (-2,), (-3,)], 2)) == [1, 2, 3]


def test_the_serial_executor_runs_a_task_when_it_is_waited_for() -> None:
    """So that a result is taken, and saved, before the next task begins."""
    ran: list[int] = []
    executor = SerialExecutor()
    pending = {executor.submit(ran.append, number) for number in range(3)}
    assert ran == []
    for done, future in enumerate(executor.as_completed(pending), 1):
        assert future.done()
        assert len(ran) == done
