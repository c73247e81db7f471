"""What several test modules need: a toy policy, a bare registry, the command line in process."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import frozen
from hypothesis import settings

import sifrules_policies.plugin as parts_plugin
from sifrules import (
    Funding,
    FundPolicy,
    Guideline,
    LocalizedText,
    Part,
    Registry,
    Slot,
    hookimpl,
    registry,
)
from sifrules.cli import main
from sifrules.cli.options import the_registry
from sifrules.rules.engines import durable_fault
from sifrules.testing import toy_guideline, toy_policy

# Before numpy is imported: matrices are small here, and more threads for them only use up the cores
# that other tests are waiting for.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile("sifrules", deadline=None, max_examples=60)
settings.load_profile("sifrules")


def pytest_configure(config: pytest.Config) -> None:
    """A run of which nothing is asked leaves out what takes long; what is named is run."""
    os.environ.setdefault("SIFRULES_LANG", "en")  # whatever the locale of who runs them
    option = config.option
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and not option.markexpr:
        option.markexpr = "not once"  # the processes that share the tests are given it too


def pytest_report_header(config: pytest.Config) -> str:
    """Which tests are run, by their marks."""
    return f"marks: {config.option.markexpr or 'all'}"


class _Offering:
    """A plugin that offers guidelines."""

    def __init__(self, guidelines: tuple[Guideline, ...]) -> None:
        self._guidelines = guidelines

    @hookimpl
    def sifrules_guidelines(self) -> tuple[Guideline, ...]:
        return self._guidelines


@frozen(kw_only=True)
class FaultyFunding(Part, Funding):
    """Funding whose author made a mistake."""

    slot: ClassVar[Slot] = Slot.FUNDING
    kind: ClassVar[str] = "faulty_funding"
    words: ClassVar[LocalizedText] = LocalizedText(sv="pengar", en="money")

    @property
    def opening(self) -> int:
        return 100

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        raise ZeroDivisionError("by hand")


@pytest.fixture(scope="session")
def faulty_funding() -> type[Part]:
    """A kind of funding that fails when it is asked for money."""
    return FaultyFunding


@pytest.fixture(scope="session")
def toy() -> Callable[..., Guideline]:
    """Makes the toy guideline, tables at the top replaced, or taken out by None."""
    return toy_guideline


@pytest.fixture(scope="session")
def registry_of() -> Callable[..., Registry]:
    """Makes a registry of the shipped parts, some guidelines and some plugins by name."""

    def make(*guidelines: Guideline, **plugins: object) -> Registry:
        extra: Mapping[str, object] = {
            "parts": parts_plugin,
            "toy": _Offering(guidelines),
            **plugins,
        }
        return registry(off=["all"], extra=extra)

    return make


@pytest.fixture(scope="session")
def policy_of() -> Callable[..., FundPolicy]:
    """Builds the toy policy, tables at the top replaced, or taken out by None."""
    return toy_policy


@pytest.fixture
def durable_engine() -> Any:
    """The module of the durable engine; the test is skipped where it cannot be used."""
    if fault := durable_fault():
        pytest.skip(str(fault))
    return import_module("sifrules.rules.engines.durable")


@frozen
class Ran:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer that was asked for as JSON."""
        return json.loads(self.out)


@pytest.fixture
def sif(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Ran]]:
    """Run the command line in this process.

    Tests that change nothing around them share one registry; others load theirs at each run.
    """
    changes = "monkeypatch" in request.fixturenames

    def run(*args: str) -> Ran:
        if changes:
            the_registry.cache_clear()
        with pytest.raises(SystemExit) as left:
            main(list(args))
        captured = capsys.readouterr()
        return Ran(int(left.value.code or 0), captured.out, captured.err)

    yield run
    if changes:
        the_registry.cache_clear()


@pytest.fixture(scope="session")
def sif_process() -> Callable[..., Ran]:
    """Run the command line in a process of its own, in a shell that may redirect its streams."""

    def run(*args: str, redirect: str = "", **environment: str) -> Ran:
        command = shlex.join([sys.executable, "-m", "sifrules", *args])
        ran = subprocess.run(
            ["sh", "-c", f"exec {command} {redirect}"],
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    return run


@pytest.fixture(scope="session")
def catalogue() -> Any:
    """The module that finds every text the tool can say, which stands next to this one."""
    spec = spec_from_file_location("catalogue", Path(__file__).with_name("catalogue.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["catalogue"] = module  # where attrs looks for what its annotations name
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def small_study(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The results of `small-study.toml`, run once for all processes that share the tests."""
    from filelock import FileLock

    from sifrules_simulation.experiments.batches import Running
    from sifrules_simulation.presentation.written_study.page import as_data
    from sifrules_simulation.studies import study_file

    place = tmp_path_factory.getbasetemp()
    results = (place if worker_id == "master" else place.parent) / "small-study.json"
    with FileLock(results.with_suffix(".lock")):
        if not results.exists():
            offered = registry()
            stated = study_file.read_study(
                Path(__file__).parent / "simulation" / "studies" / "small-study.toml"
            )
            planned = study_file.plan_studies(offered, stated)
            found = study_file.run_study_file(offered, stated, planned, Running(jobs=1))
            results.write_text(json.dumps(as_data(stated, *found, minutes=0.1)), "utf-8")
    return results
