"""What goes to other libraries is read by them: `tox -e connectors`, which installs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sifrules import Comparison, Correlation, compare, scenario
from sifrules_simulation.experiments.exploration import opened, sample

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings("ignore"),  # of the libraries themselves
]
PATHS = ("ideas.flow", "effects.municipal_median")


@pytest.fixture(scope="module")
def happened() -> Comparison:
    """Two funds of which every event is kept."""
    return compare("orebro@2016", replications=2, years=6, tables=["events"], jobs=1)


def test_pm4py_finds_what_follows_on_what_and_writes_xes(
    happened: Comparison, tmp_path: Path
) -> None:
    """The log goes in as it is, and read from XES it is the same graph of the same events."""
    pm4py = pytest.importorskip("pm4py")
    log = happened.table("event_log", library="pandas")
    graph, begins, _ = pm4py.discover_dfg(log)
    arising = happened.events.filter(activity="arises")
    assert begins["arises"] == len(arising)
    assert {after for before, after in graph if before == "arises"} == {"idea_test"}
    pm4py.write_xes(log, str(tmp_path / "log.xes"))
    again = pm4py.read_xes(str(tmp_path / "log.xes"))
    assert pm4py.discover_dfg(again)[0] == graph
    assert len(again) == len(log)
    assert 'key="org:resource" value="nan"' not in (tmp_path / "log.xes").read_text("utf-8")


def _drawn(joint: Correlation) -> Any:
    found = sample(opened(scenario(), PATHS, joint), 128, 1, "sobol")
    return found.values[:, [found.paths.index(path) for path in PATHS]]


def test_a_copula_of_openturns_draws_what_ours_does_and_others_too() -> None:
    """A normal one of the same rank correlation gives the same; Clayton's joins what is low."""
    ot = pytest.importorskip("openturns")
    ranks = ot.CorrelationMatrix(2, [1.0, 0.6, 0.6, 1.0])
    shape = ot.NormalCopula.GetCorrelationFromSpearmanCorrelation(ranks)
    ours = _drawn(Correlation.of_pairs({PATHS: 0.6}))
    theirs = _drawn(Correlation.of_copula(PATHS, ot.NormalCopula(shape)))
    assert theirs == pytest.approx(ours, rel=1e-9)
    clayton = _drawn(Correlation.of_copula(PATHS, ot.ClaytonCopula(3.0)))
    places = clayton.argsort(axis=0).argsort(axis=0) / len(clayton)
    low, high = ((places < 0.15).all(axis=1), (places > 0.85).all(axis=1))
    assert np.count_nonzero(low) > 1.5 * np.count_nonzero(high)
