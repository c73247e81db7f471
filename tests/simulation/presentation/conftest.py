"""What the tests of reports share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

#: The share of the variance that each is made to explain.
ASSUMPTIONS = {
    "behaviour.mission_weight": 0.31,
    "effects.success": 0.22,
    "ideas.flow": 0.12,
    "behaviour.discount": 0.11,
}


@pytest.fixture(scope="session")
def study_with_influences(small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study with assumptions that matter, as only many draws would show them."""
    data = json.loads(small_study.read_text("utf-8"))
    study = data["study"]
    study["sensitivity"] = [
        {
            "policy": each["id"],
            "parameter": name,
            "mean": mean,
            "low": mean - 0.05,
            "high": mean + 0.05,
            "tells": True,
        }
        for each in study["policies"]
        for name, mean in ASSUMPTIONS.items()
    ]
    study["information"] = [
        {
            "policy": study["policies"][0]["id"],
            "hypothesis": study["findings"][0]["hypothesis"],
            "parameter": name,
            "gain": gain / 4,
        }
        for name, gain in ASSUMPTIONS.items()
    ]
    file = tmp_path_factory.mktemp("sensitivity") / "study.json"
    file.write_text(json.dumps(data), "utf-8")
    return file
