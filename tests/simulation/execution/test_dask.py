"""A Dask cluster does the work: the same bytes, and whatever goes wrong is reported in a line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

pytest.importorskip("distributed", reason="Dask, the extra cluster, is not installed here")

from distributed import Client
from joblib import parallel_config

from sifrules import SifError
from sifrules_simulation import compare, explore
from sifrules_simulation.execution import (
    cluster,
    dask as on_dask,
    progress,
    worker_check as likeness,
)
from sifrules_simulation.execution.cluster import ClusterError
from sifrules_simulation.execution.dispatch import run_ordered, run_unordered
from sifrules_simulation.execution.executor import Died
from sifrules_simulation.experiments import batches as pieces

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("without_charts")]

Sif = Callable[..., Any]
Files = Callable[[Path], dict[str, bytes]]

STUDY = ("study", "return-flow", "--policy", "orebro@2016", "--draws", "8", "--replications", "2",
         "--years", "3", "--cause-replications", "1", "--no-calibrate")  # fmt: skip
COMPARE = ("compare", "orebro@2016", "norrkoping@2022", "--replications", "45", "--years", "2")


# --- a cluster of our own ---------------------------------------------------------------


@define
class Dask:
    """Starts schedulers and workers on this machine, and ends them by their ids."""

    place: Path
    _begun: list[subprocess.Popen[bytes]] = field(factory=list)
    _alone: tuple[str, subprocess.Popen[bytes]] | None = None

    def alone(self) -> tuple[str, subprocess.Popen[bytes]]:
        """A scheduler that has no worker; a new one where a test has killed the last."""
        if self._alone is None or self._alone[1].poll() is not None:
            self._alone = self.scheduler()
        return self._alone

    def scheduler(self) -> tuple[str, subprocess.Popen[bytes]]:
        """Start a scheduler that gives up a piece when a worker has died of it once."""
        file = self.place / f"scheduler-{len(self._begun)}.json"
        process = self._begin(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show",
            "--scheduler-file", str(file), DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0",
        )  # fmt: skip
        while True:
            try:
                return json.loads(file.read_text("utf-8"))["address"], process
            except (OSError, ValueError):
                assert process.poll() is None
                time.sleep(0.02)

    def worker(self, address: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread, by itself unless options say otherwise."""
        return self._begin(
            "worker", address, "--nthreads", "1", "--memory-limit", "0",
            "--local-directory", str(self.place), *(options or ("--no-nanny",)), **environment,
        )  # fmt: skip

    def _begin(self, what: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *options,
             "--no-dashboard", "--dashboard-address", "127.0.0.1:0"],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self._begun.append(process)
        return process

    def end(self) -> None:
        """End every process that was begun, and those that it has begun."""
        for process in self._begun:
            self.kill(process)

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        """End one process, and those that it has begun."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """Starts what is asked for, and ends all of it at the end."""
    begun = Dask(tmp_path_factory.mktemp("dask"))
    try:
        yield begun
    finally:
        begun.end()


@pytest.fixture(scope="module")
def scheduler(dask: Dask) -> str:
    """The address of a scheduler with two workers of one thread each."""
    address, _ = dask.scheduler()
    dask.worker(address, "--nworkers", "2")
    return address


@pytest.fixture
def client(scheduler: str) -> Iterator[Client]:
    """A user's own client of that scheduler."""
    with Client(scheduler, timeout=30, set_as_default=False) as made:
        made.wait_for_workers(2, timeout=30)
        yield made


@pytest.fixture
def on_cluster(client: Client) -> Iterator[None]:
    """All work inside goes to the cluster, as a user of the Python API has it."""
    with parallel_config("dask", client=client):
        yield


# --- the same bytes -----------------------------------------------------------------------


def test_a_comparison_has_the_same_bytes_on_a_cluster(
    sif: Sif, client: Client, scheduler: str, tmp_path: Path, files_of: Files
) -> None:
    """One process and two workers: every file and every word; two processes are held elsewhere."""
    ways = {"1": ("--jobs", "1"), "dask": ("--scheduler", scheduler)}
    ran = {}
    for way, how in ways.items():
        reported = sif(*COMPARE, *how, "--out", str(tmp_path / way))
        assert (reported.code, reported.err) == (0, "")
        ran[way] = (files_of(tmp_path / way), reported.out.replace(str(tmp_path / way), ""))
    assert ran["1"] == ran["dask"]


def test_an_exploration_and_what_happened_are_the_same_on_a_cluster(
    client: Client, scheduler: str, tmp_path: Path, files_of: Files
) -> None:
    """Every file of one that was asked for in Python; processes and a scheduler are not both."""
    asked: dict[str, Any] = {
        "levers": {"return_model.share": [0.5, 1.0]}, "uncertainties": {"ideas.flow": (4, 12)},
        "outcomes": ["granted"], "draws": 4, "replications": 2, "years": 3, "tables": ["events"],
    }  # fmt: skip
    explore("orebro@2016", **asked, jobs=1, out=tmp_path / "here")
    explore("orebro@2016", **asked, scheduler=scheduler, out=tmp_path / "there")
    assert files_of(tmp_path / "here") == files_of(tmp_path / "there")
    with pytest.raises(SifError, match="one of them"):
        explore("orebro@2016", **asked, jobs=1, scheduler=scheduler)


@pytest.fixture(scope="module")
def whole(save: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study as one process makes it."""
    place = tmp_path_factory.mktemp("whole")
    save(*STUDY, "--jobs", "1", "--out", str(place))
    return place


def test_a_study_has_the_same_bytes_on_a_cluster(
    sif: Sif, client: Client, scheduler: str, whole: Path, tmp_path: Path, files_of: Files
) -> None:
    """Those of one process; that those of two are the same is held where studies are resumed."""
    reported = sif(*STUDY, "--scheduler", scheduler, "--out", str(tmp_path))
    assert (reported.code, reported.err) == (0, "")
    assert files_of(tmp_path) == files_of(whole)


def test_work_goes_to_the_client_that_joblib_was_given(client: Client) -> None:
    """Every piece is done by a worker; outside, and on threads, none is."""

    def work(number: int) -> tuple[int, int]:
        import os

        return number, os.getpid()

    tasks = [(number,) for number in range(5)]
    workers = set(client.run(os.getpid).values())
    with parallel_config("dask", client=client):
        found = list(run_ordered(work, tasks))
        single = list(run_ordered(work, tasks[:1]))
    assert [number for number, _ in found] == list(range(5))
    assert {process for _, process in (*found, *single)} <= workers
    assert {process for _, process in run_ordered(work, tasks[:1])} == {os.getpid()}
    with parallel_config("dask", client=client):
        result = compare(["orebro@2016", "norrkoping@2022"], replications=45, years=2)
    same = compare(["orebro@2016", "norrkoping@2022"], replications=45, years=2, jobs=1)
    assert result.frame.equals(same.frame)


def test_what_all_pieces_share_is_sent_once(on_cluster: None) -> None:
    """It is not sent again with each of them."""
    sent: list[int] = []

    class Shared:
        def __reduce__(self) -> Any:
            sent.append(1)
            return str, ("shared",)

    def work(shared: object, number: int) -> str:
        return f"{shared} {number}"

    shared = Shared()
    found = list(run_ordered(work, [(shared, number) for number in range(30)]))
    assert found == [f"shared {number}" for number in range(30)]
    assert 1 <= len(sent) <= 2


def test_an_error_of_the_work_is_raised_here(on_cluster: None) -> None:
    """As it is from processes of this machine."""

    def work(number: int) -> int:
        if number == 3:
            raise SifError("three is too many", fix="take two")
        return number

    with pytest.raises(SifError, match="three is too many; take two"):
        list(run_ordered(work, [(number,) for number in range(6)]))


def test_what_a_cluster_cannot_read_is_an_error_in_a_line(on_cluster: None) -> None:
    """As code that is on this machine only; joblib by itself would wait for ever."""

    class Unknown:
        def __reduce__(self) -> Any:
            return __import__, ("only_here",)

    with pytest.raises(ClusterError, match=r"cannot read the work .*; install there") as reported:
        list(run_ordered(str, [(Unknown(),) for _ in range(6)]))
    assert "\n" not in str(reported.value)


def test_progress_counts_the_threads_of_the_cluster(
    on_cluster: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the cores of this machine."""
    monkeypatch.setattr("sifrules_simulation.execution.dispatch.cpu_count", lambda: 64)
    with progress.progress(10) as meter:
        meter(10)
    assert "10 replications on 2 cores, " in meter.note


# --- what is unlike -----------------------------------------------------------------------

#: What a worker of another kind does when it begins.
ODD = """
import importlib.metadata, sys
what = sys.argv[-1]
class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0].startswith("sifrules"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
def dask_setup(worker):
    if "bare" in worker.name:
        sys.meta_path.insert(0, Nowhere())
    version = importlib.metadata.version
    importlib.metadata.version = lambda name: "1.0" if name == "numpy" else version(name)
"""


@pytest.fixture
def odd(dask: Dask, scheduler: str, client: Client) -> Iterator[dict[str, str]]:
    """The addresses of a worker with other tools, and of one that has no sifrules at all."""
    preload = dask.place / "odd.py"
    preload.write_text(ODD, "utf-8")
    how = ("--no-nanny", "--preload", str(preload), "--name")
    begun = [
        dask.worker(scheduler, *how, "other", SIFRULES_PLUGINS_OFF="malmo"),
        dask.worker(scheduler, *how, "bare"),
    ]
    try:
        client.wait_for_workers(4, timeout=30)
        names = client.run(lambda dask_worker: dask_worker.name)
        yield {name: address for address, name in names.items()}
    finally:
        for each in begun:
            dask.kill(each)


def test_workers_that_are_unlike_are_named_before_anything_runs(
    sif: Sif, client: Client, scheduler: str, odd: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line for each worker and thing; also for one that joins later, which looks for itself."""
    ran = sif(*COMPARE, "--scheduler", scheduler)
    assert (ran.code, ran.out) == (2, "")
    lines = ran.err.splitlines()
    assert lines[0].startswith(f"sif: the cluster of {scheduler} is unlike this machine (install")
    assert sorted(lines[1:]) == sorted([
        f"sif: {odd['other']}: numpy 1.0 there, {likeness.version('numpy')} here",
        f"sif: {odd['other']}: the plugin malmo is not there",
        f"sif: {odd['bare']}: sifrules cannot be used there "
        """(ModuleNotFoundError("No module named 'sifrules_simulation'"))""",
    ])  # fmt: skip
    os.kill(client.run(os.getpid)[odd["bare"]], signal.SIGKILL)
    while odd["bare"] in client.ncores():
        time.sleep(0.01)
    with monkeypatch.context() as patched, parallel_config("dask", client=client):
        patched.setattr(on_dask, "require_same_environment", lambda _: None)
        with pytest.raises(ClusterError, match=r"numpy 1\.0 there"):
            list(run_ordered(time.sleep, [(0.2,) for _ in range(20)]))


# --- what dies ----------------------------------------------------------------------------


def test_a_worker_that_is_killed_changes_no_byte(
    sif: Sif,
    client: Client,
    scheduler: str,
    whole: Path,
    tmp_path: Path,
    files_of: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it was at is done by the other."""
    killed: list[int] = []

    def killing(*arguments: Any, **options: Any) -> Any:
        for each in run_unordered(*arguments, **options):
            if not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)
            yield each

    monkeypatch.setattr(pieces, "run_unordered", killing)
    ran = sif(*STUDY, "--scheduler", scheduler, "--out", str(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert killed
    assert files_of(tmp_path) == files_of(whole)


def test_a_piece_that_workers_die_of_is_set_aside_and_the_rest_is_done(client: Client) -> None:
    """Nothing else is lost, whatever else those workers were at."""

    def work(number: int) -> int:
        import os
        import signal

        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return 10 * number

    tasks = [(number,) for number in range(9)]
    with parallel_config("dask", client=client):
        found = dict(run_unordered(work, tasks))
    assert found == {number: 10 * number for number in range(9)} | {2: Died()}


def test_a_run_whose_workers_have_all_gone_ends(
    dask: Dask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait for ever."""
    monkeypatch.setattr(on_dask, "PATIENCE", 0.1)
    address, _ = dask.alone()
    worker = dask.worker(address)
    with (
        Client(address, timeout=30, set_as_default=False) as client,
        parallel_config("dask", client=client, wait_for_workers_timeout=0.1),
    ):
        client.wait_for_workers(1, timeout=30)
        with pytest.raises(ClusterError, match="no worker is left"):  # noqa: PT012
            for _ in run_unordered(time.sleep, [(0.05,)] * 20):
                dask.kill(worker)


# --- what is refused ----------------------------------------------------------------------


def test_a_scheduler_without_workers_is_reported(dask: Dask) -> None:
    """After a short wait, with the command that starts one."""
    address, _ = dask.alone()
    reported = f"at {address} has no worker (waited 0.2 s); start some with: dask worker {address} "
    with (
        Client(address, timeout=30, set_as_default=False) as client,
        parallel_config("dask", client=client, wait_for_workers_timeout=0.2),
        pytest.raises(ClusterError, match=re.escape(reported)),
    ):
        list(run_ordered(abs, [(-1,), (-2,)]))


def test_a_scheduler_that_does_not_answer_is_reported(sif: Sif, monkeypatch: Any) -> None:
    """After a short wait; the same for what answers and is no scheduler."""
    monkeypatch.setattr(cluster, "WAIT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        for address in (f"tcp://127.0.0.1:{port}", "tcp://nowhere.invalid:8786"):
            ran = sif(*COMPARE, "--scheduler", address)
            assert ran.code == 2
            assert ran.err.startswith(f"sif: no scheduler answers at {address} (")
            assert ran.err.endswith("; start one with dask scheduler, and look at the address "
                                    "that it prints\n")  # fmt: skip
            assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "address", ["", "localhost", "127.0.0.1:8786", "tcp://host", "tcp://:8786", "http://host:80",
                "tcp://host:port", "tcp://host:8786/x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    """Before anyone is called."""
    with pytest.raises(ClusterError, match=r"no address .* write it as tcp://HOST:PORT"):
        cluster.cluster(address).__enter__()


def test_without_dask_the_extra_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the extra."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r'takes Dask.*; pip install "sifrules\[cluster\]"'):
        cluster.cluster("tcp://host:8786").__enter__()


@pytest.mark.parametrize(
    "command",
    ["compare", "simulate orebro@2016", "study return-flow", "study resume x", "study calibrate",
     "study break-even --policy orebro@2016 --lever return_model.floor --target 0.1",
     "study write x.toml"],
)  # fmt: skip
def test_every_command_that_shares_work_takes_one_of_the_two(sif: Sif, command: str) -> None:
    """Processes of this machine, or a scheduler; not both."""
    ran = sif(*command.split(), "--jobs", "2", "--scheduler", "tcp://127.0.0.1:8786")
    assert ran.code == 2
    assert ran.err == (
        "sif: --jobs counts processes of this machine, and --scheduler names others; "
        "give one of them\n"
    )
    assert "no address of a scheduler" in sif(*command.split(), "--scheduler", "x").err


# --- what is lost: last, as the scheduler without workers is used above -------------------


def test_a_scheduler_that_is_lost_ends_a_study_that_can_be_gone_on_with(
    sif: Sif,
    dask: Dask,
    whole: Path,
    tmp_path: Path,
    files_of: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line; what was kept is kept."""
    address, process = dask.alone()
    dask.worker(address)

    def killing(*arguments: Any, **options: Any) -> Any:
        for done, each in enumerate(run_unordered(*arguments, **options)):
            if done == 2:
                dask.kill(process)
            yield each

    with monkeypatch.context() as patched:
        patched.setattr(pieces, "run_unordered", killing)
        patched.setattr(cluster, "WAIT", 20)
        ran = sif(*STUDY, "--scheduler", address, "--out", str(tmp_path))
    assert ran.code == 2
    assert ran.err.splitlines() == [
        f"sif: the scheduler at {address} was lost; {cluster.GO_ON}",
    ]
    assert len(list((tmp_path / "pieces").glob("effects-*.parquet"))) >= 2
    assert sif("study", "resume", str(tmp_path), "--jobs", "1").code == 0
    assert files_of(tmp_path) == files_of(whole)
