"""The durable engine among processes and threads: forks, locks, and no threads of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Mapping

import pytest

from sifrules.rules.conditions import Condition, Fact, Value
from sifrules.rules.decisions import Decision
from sifrules.rules.engines import engine_for
from sifrules.rules.rulebook import Derivation, Rule, RuleBook, Stage
from sifrules.rules.vocabulary import application
from sifrules.values.citations import Citation
from sifrules.values.text import same

pytestmark = pytest.mark.usefixtures("durable_engine")

CITED = Citation("A guideline")
DEMAND = same("a demand")


def _book(*wanted: Fact | Condition, derivations: tuple[Derivation, ...] = ()) -> RuleBook:
    rules = [Rule(f"r{n}", Stage.IDEA_TEST, DEMAND, each, CITED) for n, each in enumerate(wanted)]
    return RuleBook("toy", rules, derivations)


def _decide(book: RuleBook, values: Mapping[str, Value]) -> Decision:
    return engine_for(book, "durable").decide(values)


def _verdicts(book: RuleBook, values: Mapping[str, Value]) -> list[str]:
    return [finding.verdict.value for finding in _decide(book, values).findings]


def _in_child(work: Callable[[], bool]) -> int | None:
    """The exit code of a forked child that does some work; None where it hangs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: fork among threads
        child = os.fork()
    if child == 0:
        try:
            os._exit(0 if work() else 1)
        except BaseException:
            os._exit(2)
    for _ in range(500):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return None


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")


@needs_fork
def test_a_child_of_a_process_that_has_decided_decides_rightly() -> None:
    """The child makes its own host; the parent's goes on."""
    book = _book(application.areas >= 2)
    assert _verdicts(book, {"application.areas": 2}) == ["met"]
    assert _in_child(lambda: _verdicts(book, {"application.areas": 1}) == ["not_met"]) == 0
    assert _verdicts(book, {"application.areas": 2}) == ["met"]


@needs_fork
def test_a_child_forked_in_the_middle_of_a_decision_decides_rightly() -> None:
    """Another thread's lock, copied into the child while held, does not hang it."""
    book = _book(application.areas >= 2)
    _verdicts(book, {"application.areas": 2})
    stop = threading.Event()

    def keep_deciding() -> None:
        while not stop.is_set():
            _decide(book, {"application.areas": 2})

    thread = threading.Thread(target=keep_deciding)
    thread.start()
    try:
        codes = {
            _in_child(lambda: _verdicts(book, {"application.areas": 1}) == ["not_met"])
            for _ in range(3)
        }
    finally:
        stop.set()
        thread.join()
    assert codes == {0}


def test_threads_decide_at_the_same_time_without_mixing_facts() -> None:
    """Eight threads, each with facts of its own, each get their own verdicts."""
    book = _book(*(application.areas >= least for least in range(1, 5)))
    wrong: list[object] = []

    def work(areas: int) -> None:
        expected = ["met" if areas >= least else "not_met" for least in range(1, 5)]
        for _ in range(150):
            found = _verdicts(book, {"application.areas": areas})
            if found != expected:
                wrong.append((areas, found))

    threads = [threading.Thread(target=work, args=(areas,)) for areas in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_engine_runs_no_threads_of_its_own() -> None:
    """A host's dispatching threads trip over rule sets that are gone, and spoil a fork."""
    script = """
import threading
from sifrules import Citation, Rule, RuleBook, Stage, Words, application
from sifrules.rules.engines import engine_for
rule = Rule("r", Stage.IDEA_TEST, Words("a", "a"), application.areas >= 1, Citation("x"))
engine_for(RuleBook("toy", [rule]), "durable").decide({"application.areas": 1})
print(threading.active_count())
"""
    command = [sys.executable, "-W", "ignore", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "1\n"
