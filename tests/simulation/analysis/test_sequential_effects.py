"""Stopping by precision: it stops where it says, is as sure as it says, and says what it spent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from sifrules import Registry, SifError, compare
from sifrules_simulation.analysis import sequential_effects as looking
from sifrules_simulation.analysis.paired_effects import Effects, means, over_draws
from sifrules_simulation.analysis.sequential_effects import effects_until_precise
from sifrules_simulation.experiments.batches import Failure
from sifrules_simulation.experiments.sampling import BLOCK, ParameterSample
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.results import summary as reading
from sifrules_simulation.statistics.estimates import Estimate, RunningMoments
from sifrules_simulation.statistics.intervals import CONFIDENCE, t_quantile
from sifrules_simulation.statistics.sequential import (
    FIRST,
    StandingOut,
    interim_looks,
    known_within,
    level_of,
    refuse_imprecise,
    widest,
    within,
)
from sifrules_simulation.studies.return_flow import UPTAKE, return_flow

Sif = Callable[..., Any]
Stopped = Callable[..., Any]
Files = Callable[[Path], dict[str, bytes]]
Source = Callable[[np.random.Generator, tuple[int, int]], Any]

MOST, RUNS = 1_600, 2_000
#: By how much a share of so many runs strays by chance, three times over.
CHANCE = 3 * (CONFIDENCE * (1 - CONFIDENCE) / RUNS) ** 0.5


# --- the looks keep what they promise -------------------------------------------------


def _lopsided(rng: np.random.Generator, shape: tuple[int, int]) -> Any:
    """Values above one, most a little and some a lot: few and small ones go together."""
    return 1 + rng.exponential(size=shape)


def _even(rng: np.random.Generator, shape: tuple[int, int]) -> Any:
    return 2 + rng.standard_normal(shape)


def _looked(source: Source, first: int, naive: bool) -> Any:
    """At each look of many runs at once: how far the interval reaches, and whether it covers."""
    rng, sums, before = np.random.default_rng(1), RunningMoments((RUNS,)), 0
    for until, level in interim_looks(MOST, first):
        sums.add(source(rng, (until - before, RUNS)))
        before = until
        error = np.sqrt(sums.variance / until)
        reach = t_quantile(until - 1, CONFIDENCE if naive else level) * error
        yield reach, np.abs(sums.mean - 2) <= reach


def _covered(source: Source, first: int, half_width: float, naive: bool) -> tuple[float, float]:
    """The share of runs whose last interval covers the truth, and of those that ended early."""
    going, covers = np.ones(RUNS, bool), np.zeros(RUNS, bool)
    early = 0.0
    for reach, hit in _looked(source, first, naive):
        early = 1 - going.mean()
        ends = going & (reach <= half_width)
        covers |= going & hit & ends
        last, going = hit, going & ~ends
    return float((covers | (going & last)).mean()), float(early)


@pytest.mark.parametrize("first", [FIRST, BLOCK], ids=["replications", "draws"])
@pytest.mark.parametrize("half_width", [0.15, 0.2, 0.25])
def test_the_interval_that_a_run_stops_at_is_as_sure_as_one_looked_at_once(
    first: int, half_width: float
) -> None:
    """Where a narrow interval goes with a low mean, one who looks naively is wrong too often."""
    looked, early = _covered(_lopsided, first, half_width, naive=False)
    naive, _ = _covered(_lopsided, first, half_width, naive=True)
    assert early > 0.9
    assert looked >= CONFIDENCE - CHANCE
    assert naive < CONFIDENCE - CHANCE


def test_all_looks_together_are_as_sure_as_one() -> None:
    """So whatever makes a run stop, its interval holds; without sharing out, it need not."""
    every = {
        naive: np.mean(np.all([hit for _, hit in _looked(_even, BLOCK, naive)], axis=0))
        for naive in (False, True)
    }
    assert every[False] >= CONFIDENCE - CHANCE
    assert every[True] < 0.9


@given(most=st.integers(1, 100_000), first=st.integers(1, 200))
def test_a_study_looks_at_whole_blocks_and_at_the_end(most: int, first: int) -> None:
    """One block, two, four, eight ..., each look surer than the one before."""
    found = list(interim_looks(most, first))
    counts, levels = [count for count, _ in found], [level for _, level in found]
    assert counts[:-1] == [first * 2**at for at in range(len(counts) - 1)]
    assert counts[-1] == most
    assert levels == sorted(set(levels))
    assert sum(1 - level for level in levels) <= 1 - CONFIDENCE
    assert [level_of(count, most, first) for count in counts] == levels
    assert level_of(counts[-1] + 1, most, first) == levels[-1]


def test_the_widest_is_of_those_whose_measure_is_defined() -> None:
    """One with a single value is not known; one without any does not count."""
    assert widest([(8, 0.1), (8, 0.5)]) == 0.5
    assert widest([(8, 0.1), (0, None)]) == 0.1
    assert widest([(8, 0.1), (1, None)]) is None
    assert widest([]) is None
    assert not within(None, 1.0)
    assert within(0.5, 0.5)


@pytest.mark.parametrize("constant", [0.0, 0.1, 3.0])
def test_no_observed_variance_is_no_precision(constant: float) -> None:
    """What is alike in every replication is known no closer than rare exceptions allow."""
    alike = Estimate(constant, constant, constant, 1_000)
    assert known_within(alike, 0, "SEK") is None
    assert known_within(alike, 0, "share") == pytest.approx(0.0037 * (1 + constant), rel=0.01)
    seen = StandingOut((1,))
    seen.add(np.full((50, 1), constant))
    seen.add(np.array([[constant], [np.nan], [constant + 0.5]]))
    assert seen.count(0) == 1


def test_a_difference_in_few_replications_is_not_known_closely() -> None:
    """Four of a thousand are no variance to rely on, five are."""
    few = Estimate(0.001, 0.0, 0.002, 1_000)
    assert known_within(few, 4, "months") is None
    assert known_within(few, 4, "share") == pytest.approx(0.0103, rel=0.01)
    assert known_within(few, 5, "months") == few.half_width


def test_a_rare_difference_is_covered_as_often_as_promised() -> None:
    """Where one replication in 200 differs, runs that stop early do not miss it."""
    rng = np.random.default_rng(1)
    missed = runs = 400
    for _ in range(runs):
        values = (rng.random((1_600, 1)) < 1 / 200).astype(np.float64)
        for until, level in interim_looks(1_600):
            seen, moments = StandingOut((1,)), RunningMoments((1,))
            seen.add(values[:until])
            moments.add(values[:until])
            estimate = moments.estimate(0, level=level)
            width = known_within(estimate, seen.count(0), "share", level)
            if within(width, 0.02):
                break
        assert width is not None
        assert estimate.mean is not None
        missed -= abs(estimate.mean - 1 / 200) <= width
    assert missed <= (1 - CONFIDENCE) * runs


@pytest.mark.parametrize(
    ("asked", "reported"),
    [
        (("uptake", 0.1), "no measure 'uptake'; known: grants"),
        (("grant", 0.1), "no measure 'grant'; did you mean grants"),
        (("grants", 0.0), "expected a half-width above 0, got 0"),
        (("grants", -1), "expected a half-width above 0, got -1"),
        (("grants", float("nan")), "expected a half-width above 0, got nan"),
        (("grants", float("inf")), "expected a half-width above 0, got inf"),
        (("grants", True), "expected a half-width above 0, got True"),
        (("grants", "much"), "expected a half-width above 0, got 'much'"),
        ("grants=1", "expected a measure and a half-width, got 'grants=1'"),
        (0.01, "expected a measure and a half-width, got 0.01"),
    ],
)
def test_a_precision_that_is_none_is_refused(asked: Any, reported: str) -> None:
    """One clear message each."""
    with pytest.raises(SifError, match=reported):
        refuse_imprecise(asked, ["grants"])


# --- a study looks where it says, without the model -----------------------------------


class _Source:
    """Stands for the runs of a study: differences that are noise around 0.1, known beforehand."""

    def __init__(self, most: int, stopped_at: int | None = None, failing: int = 0) -> None:
        noise = np.random.default_rng(3).normal(size=(most, 1, 2, 1)) * [[[1.0], [1.5]]]
        self.values = np.zeros((most, 2, 2, 2, 1))
        self.values[:, :, :, 1] = 0.1 + noise
        self.stopped_at, self.failing = stopped_at, failing
        self.ran: list[range] = []

    def __call__(
        self, setup: Any, draws: ParameterSample, worlds: int, *, rows: range, **_: Any
    ) -> Effects:
        self.ran.append(rows)
        done = np.array([row for row in rows if row >= self.failing], dtype=int)
        failed = tuple(
            Failure(part="effects", policy="a", draw=row, replication=0, seed=1, error="broke",
                    command="sif") for row in rows if row < self.failing
        )  # fmt: skip
        return Effects(
            setup,
            draws.of(done, draws.origin),
            self.values[done],
            failure=None if len(done) else SifError("every draw failed"),
            stopped=self.stopped_at in rows,
            failures=failed,
            asked=len(rows),
        )


def _study_of(source: _Source, monkeypatch: pytest.MonkeyPatch, half_width: float) -> Any:
    setup: Any = SimpleNamespace(
        labels=("a", "b"), measures=(SimpleNamespace(name=UPTAKE, unit="share"),)
    )
    most = len(source.values)
    draws = ParameterSample(scenario(), (), np.zeros((most, 0)), np.arange(most))
    monkeypatch.setattr(looking, "effects", source)
    return effects_until_precise(setup, draws, 2, (UPTAKE, half_width))


@pytest.mark.parametrize("half_width", [0.9, 0.4, 0.3, 0.2, 0.001])
def test_a_study_stops_at_the_first_look_that_suffices(
    monkeypatch: pytest.MonkeyPatch, half_width: float
) -> None:
    """For the policy that is known least, at the level of that look; otherwise at the most."""
    source = _Source(700)
    widths = {
        until: over_draws(source.values[:until, 0, 1, 1, 0], level).half_width or 0.0
        for until, level in interim_looks(700, BLOCK)
    }
    should = next((until for until, width in widths.items() if width <= half_width), 700)
    found, came = _study_of(source, monkeypatch, half_width)
    assert came.spent == len(found.draws) == found.asked == should
    assert came.reached == (widths[should] <= half_width)
    assert came.widest == pytest.approx(widths[should])
    assert (came.level, came.most) == (dict(interim_looks(700, BLOCK))[should], 700)
    assert np.array_equal(found.values, source.values[:should])
    assert found.draws.numbers.tolist() == list(range(should))
    assert [row for rows in source.ran for row in rows] == list(range(should))


def test_what_ctrl_c_ends_has_not_reached_its_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """However narrow it happens to be there: that was no look."""
    found, came = _study_of(_Source(700, stopped_at=100), monkeypatch, 1e9)
    assert came.reached  # at the first look, before
    found, came = _study_of(_Source(700, stopped_at=30), monkeypatch, 1e9)
    assert (found.stopped, came.reached) == (True, False)


def test_draws_that_fail_are_spent_and_do_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole first block may fail; where every draw does, that is the failure."""
    found, came = _study_of(_Source(256, failing=70), monkeypatch, 0.001)
    assert (found.failure, len(found.failures), len(found.draws)) == (None, 70, 186)
    assert came.spent == 256
    found, came = _study_of(_Source(128, failing=128), monkeypatch, 0.001)
    assert "every draw failed" in str(found.failure)
    assert (came.widest, came.reached, came.spent) == (None, False, 128)


# --- with the model -------------------------------------------------------------------

SMALL: dict[str, Any] = {
    "replications": 2, "years": 1, "cause_replications": 0, "calibrate": False, "jobs": 1,
}  # fmt: skip
RUN = ("study", "return-flow", "--policy", "orebro@2016", "--replications", "2", "--years", "1",
       "--cause-replications", "0", "--no-calibrate", "--jobs", "1")  # fmt: skip


@pytest.fixture
def eights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Studies look after 8, 16, 32 ... draws, to be quick."""
    for module in (looking, reading):
        monkeypatch.setattr(module, "BLOCK", 8)


@pytest.mark.once
@pytest.mark.usefixtures("eights")
def test_a_study_that_stops_is_the_study_of_so_many_draws(everything: Registry) -> None:
    """The same draws and runs, also of what comes after; intervals alone are wider."""
    asked = (everything, scenario(), ["orebro@2016"])
    plain = return_flow(*asked, draws=8, **SMALL)
    found = return_flow(*asked, draws=1_000, precision=(UPTAKE, 0.5), **SMALL)
    assert plain.precision is None
    came = found.precision
    assert came is not None
    assert (came.reached, came.spent, came.most, came.level) == (True, 8, 1_000, 0.975)
    assert np.array_equal(found.effects.values, plain.effects.values, equal_nan=True)
    assert found.effects.draws.row(7) == plain.effects.draws.row(7)
    before, now = plain.answers[0], found.answers[0]
    ratio = t_quantile(7, 0.975) / t_quantile(7, CONFIDENCE)
    for which in ("difference", "with_return", "ratio", "granted_difference"):
        narrow, wide = getattr(before, which), getattr(now, which)
        assert wide.mean == narrow.mean
        assert wide.half_width == pytest.approx(ratio * narrow.half_width)
    assert now.difference.half_width == came.widest
    held, wider = before.finding.holds, now.finding.holds
    assert held is not None
    assert wider is not None
    assert wider.share == held.share
    assert wider.low <= held.low <= held.high < wider.high
    assert now.direct.mean == before.direct.mean
    difference = means(found.effects.differences(0, UPTAKE))
    assert over_draws(difference, 0.975) == now.difference


@pytest.mark.once
@pytest.mark.usefixtures("eights")
def test_a_study_with_a_precision_ends_the_same_however_often_it_is_stopped(
    sif: Sif, stopped: Stopped, tmp_path: Path, files_of: Files
) -> None:
    """In its draws, after a look, and in what comes after the last; and it tells how far it is."""
    run = (*RUN, "--draws", "17", "--precision", "application_uptake=0.02",
           "--alternatives", "--alternative-draws", "4")  # fmt: skip
    whole, folder = tmp_path / "whole", tmp_path / "kept"
    shown = sif(*run, "--out", str(whole)).out
    spent = json.loads((whole / "study.json").read_text("utf-8"))["precision"]["draws"]
    assert spent == 17
    stopped(5, *run, "--out", str(folder))
    early = sif("results", str(folder), "--format", "json").data
    assert (early["count"], early["asked"], early["finished"]) == (5, 17, False)
    assert early["precision"] == ["application_uptake", 0.02]
    assert early["level"] == pytest.approx(0.975)
    assert "5 of at most 17 draws are done; intervals are 97.5 %" in sif(
        "results", str(folder)).out  # fmt: skip
    stopped(6, "study", "resume", str(folder), "--jobs", "1")  # after the first look
    stopped(spent - 11 + 2, "study", "resume", str(folder), "--jobs", "1")  # with alternatives
    assert {file.name[:6] for file in (folder / "pieces").glob("*.parquet")} == {"effect", "struct"}
    assert sif("study", "resume", str(folder), "--jobs", "1").out == shown.replace(
        str(whole), str(folder)
    )
    assert files_of(folder) == files_of(whole)
    saved = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert saved["plan"]["precision"] == saved["asked"]["precision"] == ["application_uptake", 0.02]
    data = json.loads((folder / "study.json").read_text("utf-8"))
    ended = sif("results", str(folder), "--format", "json").data
    assert (ended["count"], ended["level"]) == (spent, data["precision"]["level"])
    (row,) = (each for each in ended["rows"] if each["measure"] == UPTAKE)
    assert row["difference_low"] == pytest.approx(data["policies"][0]["difference"]["low"])


@pytest.mark.once
@pytest.mark.usefixtures("eights")
def test_a_study_reports_what_it_spent_and_whether_that_sufficed(sif: Sif) -> None:
    """In both languages, and as data; where none was asked for there is none."""
    out = sif(*RUN, "--draws", "9", "--precision", "application_uptake=0.5").out
    assert "8 of at most 9 draws were used (16 of 18 replications): the difference in" in out
    assert "for every policy, as closely as asked for (±50 points)" in out
    assert "intervals are 97.5 %" in out
    short = sif(*RUN, "--draws", "9", "--precision", "application_uptake=1e-4",
                "--format", "json", "--lang", "sv").data  # fmt: skip
    came = short["precision"]
    assert came == {
        "measure": "application_uptake",
        "half_width": 1e-4,
        "reached": False,
        "draws": 9,
        "level": pytest.approx(1 - 0.05 / 6),
        "widest": came["widest"],
        "most": 9,
    }
    assert came["widest"] > 1e-4
    (reported,) = (each for each in short["notes"] if each.startswith("9 av högst 9 dragningar"))
    assert "inte inom begärda ±0,01\N{NO-BREAK SPACE}procentenheter" in reported
    assert any("99,17-procentiga" in each for each in short["notes"])
    assert sif(*RUN, "--draws", "4", "--format", "json").data["precision"] is None


@pytest.mark.once
@pytest.mark.parametrize(
    ("command", "asked", "reported"),
    [
        (RUN, "uptake=0.1", "no measure 'uptake'"),
        (
            RUN,
            "ideas=1",
            "no measure 'ideas'; known: application_uptake, countable_pull",
        ),
        (RUN, "grants=0", "expected a half-width above 0, got 0"),
        (RUN, "grants", "a half-width as application_uptake=0.02"),
        (("compare", "orebro@2016", "norrkoping@2022"), "uptake=0.1", "no measure 'uptake'"),
        (("compare", "orebro@2016"), "grants=0.1", "name two policies or more"),
    ],
)
def test_mistakes_are_reported_before_anything_is_written(
    sif: Sif, tmp_path: Path, command: tuple[str, ...], asked: str, reported: str
) -> None:
    """A folder that a mistake has named is free for what was meant."""
    folder = tmp_path / "kept"
    ran = sif(*command, "--precision", asked, "--out", str(folder))
    assert reported in ran.err
    assert (ran.code, ran.out, folder.exists()) == (2, "", False)


# --- a comparison ---------------------------------------------------------------------


@pytest.mark.once
def test_a_comparison_in_which_nothing_differs_yet_goes_on(sif: Sif) -> None:
    """The first worlds in which months exhausted happen to be equal do not end it."""
    asked = ("compare", "orebro@2013", "orebro@2016", "--years", "6", "--replications", "60",
             "--precision", "months_exhausted=0.005", "--jobs", "1")  # fmt: skip
    came = sif(*asked, "--format", "json").data["precision"]
    assert (came["reached"], came["replications"], came["widest"]) == (False, 60, None)
    reported = sif(*asked, "--lang", "sv").out
    assert "går inte att säga, eftersom för få av dem visar någon skillnad" in reported


@pytest.mark.once
def test_a_comparison_reports_what_it_spent_as_a_study_does(sif: Sif, tmp_path: Path) -> None:
    """In its table, its notes, its data, and in the command that gives the same again."""
    folder = tmp_path / "kept"
    pair = ("compare", "norrkoping@2010", "norrkoping@2022", "--years", "2", "--replications",
            "70", "--jobs", "1")  # fmt: skip
    out = sif(*pair, "--precision", "application_uptake=0.9", "--out", str(folder)).out
    assert "50 of at most 70 replications were used" in out
    assert "Means over 50 replications of 2 years, with 97.5 % intervals" in out
    data = json.loads((folder / "comparison.json").read_text("utf-8"))
    assert data["precision"] == {
        "measure": "application_uptake",
        "half_width": 0.9,
        "reached": True,
        "replications": 50,
        "level": 0.975,
        "widest": data["precision"]["widest"],
        "most": 70,
    }
    source = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert source["replications"] == 50
    words = data["about"]["command"].split()
    assert words[0] == "sif"
    assert "--precision application_uptake=0.9 --replications 70" in data["about"]["command"]
    again = sif(*words[1:], "--format", "json").data
    assert again["policies"] == data["policies"]
    assert sif("results", str(folder), "--format", "json").data["level"] == 0.975
    assert sif(*pair, "--format", "json").data["precision"] is None


@pytest.mark.once
def test_a_comparison_that_falls_short_says_so() -> None:
    """All that may be spent is, and the level is that of the last look."""
    found = compare(["norrkoping@2010", "norrkoping@2022"], replications=60, years=1,
                    precision=("application_uptake", 1e-9), keep=False, jobs=1)  # fmt: skip
    assert found.precision is not None
    assert (found.precision.reached, found.precision.spent, found.replications) == (False, 60, 60)
    assert found.precision.level == found.level > 0.99
    width = found.difference("norrkoping@2022", "application_uptake").half_width
    assert found.precision.widest == width
