"""Tables of what happened: nothing is lost or changed, wherever and however it is run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sifrules import Comparison, Exploration, SifError, compare, explore, registry, table
from sifrules_simulation.experiments import explored as explored_module
from sifrules_simulation.experiments.planning import comparison_design

TABLES = ("ideas", "events", "investments", "claims", "committee_runs")
RUN = {"replications": 5, "years": 8}
POLICIES = ["norrkoping", "orebro@2016"]


@pytest.fixture(scope="module")
def found() -> Comparison:
    """A comparison of which all that happened is kept, with a reform in it."""
    return compare(POLICIES, **RUN, tables=TABLES, scenario="norrkoping", jobs=1)


#: So many that they make three batches, which two processes share; by years that are fewer.
SHARED: dict[str, Any] = {
    "replications": 45, "years": 4, "tables": TABLES, "scenario": "norrkoping",
}  # fmt: skip


@pytest.mark.once
def test_what_is_saved_by_two_processes_is_what_one_has_in_memory(tmp_path: Path) -> None:
    """Every table is the same, row by row, and can be read by its name."""
    one = compare(POLICIES, **SHARED, jobs=1)
    two = compare(POLICIES, **SHARED, jobs=2, out=tmp_path / "out")
    assert_frame_equal(two.runs, one.runs, check_column_order=False, check_row_order=False)
    for name in (*TABLES, "event_log", "panel"):
        here = one.table(name)
        assert len(here)
        assert_frame_equal(two.table(name), here, check_row_order=False)
        there = table(tmp_path / "out", name).select(here.columns).collect()
        assert_frame_equal(there, here, check_row_order=False)
        if name != "panel":
            assert_frame_equal(there, here)


EXPLORED: dict[str, Any] = {
    "levers": {"return_model.share": [0.5, 1.0]}, "uncertainties": {"ideas.flow": (4, 12)},
    "outcomes": ["ideas", "grants", "granted"], "draws": 2, "replications": 3, "years": 6,
    "tables": (*TABLES, "panel"),
}  # fmt: skip


@pytest.fixture(scope="module")
def explored() -> Exploration:
    """An exploration of which all that happened is kept."""
    return explore("orebro@2016", **EXPLORED, jobs=1)


@pytest.mark.once
def test_an_exploration_saves_the_tables_that_it_has_in_memory(
    explored: Exploration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it was stopped in the middle, and where its replications are many batches."""
    work, done, runs = explored_module._one_batch, [], explored.runs

    def interrupted(*task: Any) -> Any:
        done.append(task)
        if len(done) == 2:
            raise KeyboardInterrupt
        return work(*task)

    monkeypatch.setattr(explored_module, "_RUNS", 4)  # of two variants: two replications at once
    monkeypatch.setattr(explored_module, "_one_batch", interrupted)
    halfway = explore("orebro@2016", **EXPLORED, jobs=1, out=tmp_path / "out")
    assert halfway.stopped
    assert set(halfway.events["experiment"]) == set(halfway.runs["experiment"])
    assert table(tmp_path / "out", "events").collect().equals(halfway.events)
    monkeypatch.setattr(explored_module, "_one_batch", work)
    saved = explore("orebro@2016", **EXPLORED, jobs=1, out=tmp_path / "out")
    assert_frame_equal(saved.runs, runs)
    keys = ["variant", "draw", "replication"]
    for name in (*TABLES, "panel", "event_log"):
        there = table(tmp_path / "out", name).collect()
        assert_frame_equal(saved.table(name), there)
        by = [f"case:{each}" for each in keys] if name == "event_log" else keys
        here = explored.table(name).sort(by, maintain_order=True)
        assert_frame_equal(there.sort(by, maintain_order=True), here)


def test_what_happened_in_an_exploration_has_the_key_of_its_run(explored: Exploration) -> None:
    """Counts are the outcomes of that run, and a guideline's name has no levers in it."""
    runs = explored.runs.sort("experiment")
    counted = explored.ideas.group_by("experiment").len().sort("experiment")
    assert counted["len"].to_list() == runs["ideas"].to_list()
    assert explored.events["guideline"].drop_nulls().unique().to_list() == ["orebro@2016"]
    by_year = explored.panel.group_by("experiment").agg(pl.col("granted").sum()).sort("experiment")
    assert by_year["granted"].to_list() == pytest.approx(runs["granted"].to_list())
    cases = explored.event_log["case:concept:name"].str.split("/").list.get(1).unique()
    assert set(cases) == set(runs["experiment"])


def test_an_exploration_names_what_keeps_a_table() -> None:
    """One that was not asked for, and one that there is not."""
    few = explore("orebro@2016", None, None, "ideas", replications=1, years=1, jobs=1)
    with pytest.raises(SifError, match=r'tables=\["panel"\]'):
        _ = few.panel
    with pytest.raises(SifError, match="happenings"):
        explore("orebro@2016", None, None, "ideas", tables=["happenings"])


def test_events_are_those_that_an_observer_sees() -> None:
    """Each event of a replication is there, in order, with its month, idea and guideline."""
    design = comparison_design(registry(), "orebro@2016", years=8)
    seen: list[Any] = []
    design.portfolio(0, 2, seen.append)
    kept = compare("orebro@2016", replications=3, years=8, tables=["events"], jobs=1).events
    rows = kept.filter(replication=2).select("month", "idea", "activity", "guideline").rows()
    assert rows == [(each.month, each.idea, str(each.step), each.guideline) for each in seen]


def test_keeping_tables_changes_no_outcome(found: Comparison) -> None:
    """What is looked at is as it is when nobody looks."""
    plain = compare(POLICIES, **RUN, scenario="norrkoping", jobs=1)
    assert_frame_equal(plain.runs, found.runs)


def test_the_tables_agree_with_the_measures_and_each_other(found: Comparison) -> None:
    """Counts and sums of rows are the measures of their replication."""
    keys = ["policy", "replication"]
    runs = found.runs.sort(keys)

    def summed(frame: pl.DataFrame, value: pl.Expr) -> list[float]:
        each = frame.group_by(keys).agg(value.alias("value"))
        return runs.join(each, on=keys, how="left").sort(keys)["value"].fill_null(0).to_list()

    assert summed(found.ideas, pl.len()) == runs["ideas"].to_list()
    assert summed(found.investments, pl.len()) == runs["grants"].to_list()
    granted = summed(found.investments, pl.col("applied_for").sum())
    assert granted == pytest.approx(runs["granted"].to_list())
    applied = found.ideas.filter(pl.col("applied").is_not_null())
    assert summed(applied, pl.len()) == runs["applications"].to_list()
    of_committees = summed(found.committee_runs, pl.col("granted").sum())
    assert of_committees == pytest.approx(runs["granted"].to_list())
    of_years = summed(found.panel, pl.col("granted").sum())
    assert of_years == pytest.approx(runs["granted"].to_list())
    paid = summed(found.claims.filter(entry="paid"), pl.col("amount").sum())
    assert paid == pytest.approx(summed(found.investments, pl.col("paid_back").sum()))


def test_the_guideline_in_force_follows_the_reforms(found: Comparison) -> None:
    """Of a timeline every event names the guideline that it fell under."""
    events = found.events.filter(policy="norrkoping")
    in_turn = events["guideline"].unique(maintain_order=True).to_list()
    assert set(in_turn) >= {"norrkoping@2010"}
    assert in_turn[0] == "norrkoping@2010"


def test_the_event_log_has_the_columns_of_process_mining(found: Comparison) -> None:
    """A case is an idea in a replication of a policy; time never runs backwards in one."""
    log = found.event_log
    assert log.columns[:4] == [
        "case:concept:name", "concept:name", "time:timestamp", "org:resource",
    ]  # fmt: skip
    assert log.schema["time:timestamp"] == pl.Datetime("us", "UTC")
    assert log.null_count().row(0)[:4] == (0, 0, 0, 0)
    backwards = log.select(
        (pl.col("time:timestamp").diff() < pl.duration(days=0)).over("case:concept:name").any()
    )
    assert not backwards.item()
    first = log.group_by("case:concept:name", maintain_order=True).first()
    assert set(first["concept:name"]) == {"arises", "set_aside"}


def test_what_was_not_asked_for_says_how_to_ask(found: Comparison) -> None:
    """A table that was not kept is named with what keeps it."""
    few = compare("orebro@2016", replications=1, years=1, jobs=1)
    with pytest.raises(SifError, match=r'tables=\["events"\]'):
        _ = few.events
    with pytest.raises(SifError, match="happenings"):
        compare("orebro@2016", replications=1, tables=["happenings"])
    with pytest.raises(SifError, match="lives"):
        found.table("lives")


def test_they_are_asked_for_on_the_command_line(
    sif: Callable[..., Any], tmp_path: Path, found: Comparison
) -> None:
    """`--table` keeps one in the folder of `--out`, and without a folder is refused."""
    out = tmp_path / "out"
    size = ("--scenario", "norrkoping", "--replications", "5", "--years", "8", "--jobs", "1")
    asked = ("compare", *POLICIES, *size, "--table", "claims")
    assert sif(*asked).code == 2
    assert sif(*asked, "--out", str(out)).code == 0
    assert_frame_equal(table(out, "claims").collect(), found.claims)
    listed = sif("results", str(out), "--tables", "--format", "json").data
    (columns,) = (each["columns"] for each in listed if each["table"] == "claims")
    assert all(each["what"] not in ("", "–") for each in columns)
