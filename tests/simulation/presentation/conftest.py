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
    """The small study with assumptions and a region that matter, as only many draws show them."""
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
    asked = {
        "policy": study["policies"][0]["id"],
        "hypothesis": study["findings"][0]["hypothesis"],
    }
    study["regions"] = [
        {
            **asked,
            "outcome": "fails",
            "tells": True,
            "where": [{"path": "ideas.flow", "low": 4.5, "high": None}],
            "density": {"mean": 0.6, "low": 0.5, "high": 0.7},
            "coverage": {"mean": 0.4, "low": 0.3, "high": 0.5},
            "mass": 0.2,
            "base": 0.25,
        }
    ]
    study["two_way"] = [
        {
            **asked,
            "x": "ideas.flow",
            "y": "effects.success",
            "x_ends": [1.0, 5.0, 9.0],
            "y_ends": [0.2, 0.5, 0.8],
            "shares": [[0.1, 0.4], [0.6, None]],
        }
    ]
    file = tmp_path_factory.mktemp("sensitivity") / "study.json"
    file.write_text(json.dumps(data), "utf-8")
    return file
