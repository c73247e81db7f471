"""The command line run in this process, for the tests that try it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from attrs import frozen

from sifrules.cli import main
from sifrules.cli.common import the_registry


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
def sif(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line in this process."""

    def run(*args: str) -> Ran:
        the_registry.cache_clear()
        with pytest.raises(SystemExit) as left:
            main(list(args))
        captured = capsys.readouterr()
        return Ran(int(left.value.code or 0), captured.out, captured.err)

    return run
