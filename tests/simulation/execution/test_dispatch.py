"""Running tasks: where they run, what stops them, and what their errors become."""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sifrules import SifError
from sifrules_simulation.execution.dispatch import run_ordered, run_unordered


@pytest.fixture(name="process")
def _process() -> Callable[[int], int]:
    """Work that names its process, after long enough for another to take a task too.

    It is sent to another process by value, which need not find this module.
    """

    def process(number: int) -> int:
        time.sleep(0.3)
        return os.getpid()

    return process


def test_few_long_tasks_use_all_cores(tmp_path: Path) -> None:
    """Two tasks run in two processes where they are estimated to take long."""

    def process(number: int) -> int:  # ends once the other task has begun too
        (tmp_path / str(number)).touch()
        until = time.monotonic() + 60
        while not (tmp_path / str(1 - number)).exists() and time.monotonic() < until:
            time.sleep(0.01)
        return os.getpid()

    found = set(run_ordered(process, [(0,), (1,)], 2, seconds=600))
    assert len(found) == 2
    assert os.getpid() not in found


def test_little_work_starts_no_process(process: Callable[[int], int]) -> None:
    """Many tasks that are estimated to take no time run here, and so do two of no estimate."""
    many = run_ordered(os.getpgid, [(0,)] * 40, 2, seconds=0.01)
    assert set(many) == {os.getpgid(0)}
    assert set(run_ordered(process, [(0,), (1,)], 2)) == {os.getpid()}


def test_no_tasks_give_no_results() -> None:
    """On any number of jobs."""
    assert list(run_unordered(abs, [], 2)) == []
    assert list(run_ordered(abs, [])) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_garbage_is_not_collected_while_a_task_runs(jobs: int) -> None:
    """It is again once the task is done."""
    assert gc.isenabled()
    found = set(run_ordered(lambda _: __import__("gc").isenabled(), [(0,)] * 4, jobs))
    assert found == {False}
    assert gc.isenabled()


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_the_work_is_raised_here(jobs: int) -> None:
    """As it was raised there, whoever ran the task."""

    def work(number: int) -> int:
        if number == 3:
            from sifrules import SifError

            raise SifError("three is too many", fix="take two")
        return number

    with pytest.raises(SifError, match="three is too many; take two"):
        list(run_ordered(work, [(number,) for number in range(6)], jobs))


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_is_raised_between_two_results(jobs: int, process: Callable[[int], int]) -> None:
    """Whoever takes a result finishes with it; what follows is not begun."""
    taken: list[int] = []
    finished: list[int] = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012
        for number, _ in run_unordered(process, [(number,) for number in range(6)], jobs):
            taken.append(number)
            if len(taken) == 2:
                os.kill(os.getpid(), signal.SIGINT)
            finished.append(number)
    assert len(taken) == 2
    assert finished == taken
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
