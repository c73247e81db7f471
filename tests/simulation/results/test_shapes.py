"""A results folder that was changed or damaged is refused by file and key, never by a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]


@pytest.mark.parametrize(
    ("name", "keys", "value", "said"),
    [
        ("comparison.json", ("about", "scenario", "parameters"), True, "about.scenario.parameters"),
        ("comparison.json", ("about", "measures", 1), "x", "about.measures[1]"),
        ("comparison.json", ("provenance", "scenario"), "default", "provenance.scenario"),
        ("comparison.json", ("policies", 0, "id"), 5, "policies[0].id"),
        ("comparison.json", ("baseline",), None, "baseline"),
    ],
)
def test_a_changed_value_is_named_by_its_file_and_key(
    sif: Sif, again: Path, name: str, keys: tuple[Any, ...], value: Any, said: str
) -> None:
    """In one line, with what to do."""
    file = again / name
    data = json.loads(file.read_text("utf-8"))
    *path, last = keys
    inner = data
    for key in path:
        inner = inner[key]
    inner[last] = value
    file.write_text(json.dumps(data), "utf-8")
    ran = sif("report", str(again))
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert f"{file}: {said}: is not what was saved there" in ran.err


@pytest.mark.once
@pytest.mark.usefixtures("without_charts")
def test_the_source_of_a_study_is_named_where_it_was_changed(sif: Sif, tmp_path: Path) -> None:
    """As where its scenario is a text."""
    study = ("study", "return-flow", "--policy", "orebro@2016", "--draws", "4", "--replications",
             "2", "--years", "2", "--jobs", "1", "--cause-replications", "0",
             "--no-calibrate")  # fmt: skip
    assert sif(*study, "--out", str(tmp_path)).code == 0
    assert sif("report", str(tmp_path)).code == 0
    file = tmp_path / "provenance.json"
    data = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**data, "scenario": "default"}), "utf-8")
    ran = sif("report", str(tmp_path))
    assert ran.code == 2
    assert f"{file}: scenario: is not what was saved there" in ran.err


@pytest.mark.parametrize("name", ["process", "lock"])
def test_a_folder_in_the_place_of_a_file_of_a_run_is_named(
    sif: Sif, tmp_path: Path, name: str
) -> None:
    """In one line."""
    (tmp_path / "pieces" / name).mkdir(parents=True)
    run = ("compare", "orebro@2016", "--replications", "2", "--years", "2", "--jobs", "1")
    ran = sif(*run, "--out", str(tmp_path))
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert str(tmp_path / "pieces" / name) in ran.err
