"""Study files: what they state is what is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sifrules import FaultyFile, Registry
from sifrules_simulation.studies.study_file import plan_studies, read_study

TOGETHER = """\
title = { sv = "Tillsammans", en = "Together" }
seed = 1
policies = ["orebro@2016"]

[[correlation]]
between = ["ideas.flow", "ideas.stock"]
rank = RANK

[[controls]]
id = "certain"
title = { sv = "Säkert", en = "Certain" }
expect = { sv = "Ingen.", en = "None." }
scenario = "certain.toml"
"""
CERTAIN = """\
id = "certain"
base = "default"

[ideas]
flow = { value = 5, low = 5, high = 5, unit = "count", assumption = "made up" }
"""


def _file(place: Path, rank: str) -> Path:
    file = place / "study.toml"
    file.write_text(TOGETHER.replace("RANK", rank), "utf-8")
    (place / "certain.toml").write_text(CERTAIN, "utf-8")
    return file


def test_parameters_go_together_in_a_study_and_where_a_control_leaves_them_open(
    everything: Registry, tmp_path: Path
) -> None:
    """A control in whose world one of them is certain is run all the same."""
    control, itself = plan_studies(everything, read_study(_file(tmp_path, "0.6")))
    assert itself.design.scenario.correlation.as_data == ["ideas.flow ~ ideas.stock = 0.6"]
    assert "correlation.ideas.flow,ideas.stock=0.6" in itself.design.scenario.id
    assert control.design.scenario.correlation.as_data == []


def test_a_correlation_that_cannot_be_is_a_fault_of_the_file(tmp_path: Path) -> None:
    """It is named with its place."""
    with pytest.raises(FaultyFile, match="correlation"):
        read_study(_file(tmp_path, "1.6"))
