"""Every number in every table of a report is the one that was kept, read back from the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from attrs import define, field

from sifrules_simulation.model.measures import MEASURES
from sifrules_simulation.model.mechanisms import WHOLE, words_of
from sifrules_simulation.model.parameters import declared
from sifrules_simulation.presentation.report.key_figures import KEY
from sifrules_simulation.presentation.report.named_policies import names_of
from sifrules_simulation.presentation.stop_words import WAYS
from sifrules_simulation.results.reader import read_results

pytestmark = pytest.mark.once

Sif = Callable[..., Any]
#: Units as they are shown: millions of kronor, per cent, or as they are.
SCALES = {"SEK": 1e-6, "share": 100.0}
#: A number as it is written in English.
_NUMBER = r"[−+]?[\d,]+(?:\.\d+)?(?:e\+?\d+)?"
Row = Mapping[str, Any]


@define
class Checked:
    """The numbers of a page that were held against their source, counted."""

    count: int = 0
    #: the ids of policies by the names that the page has for them
    ids: dict[str, str] = field(factory=dict)

    def id(self, shown: str) -> str:
        """The id of a policy that is shown by its name, or by its id."""
        return self.ids.get(shown, shown)

    def interval(self, cell: str, reported: Row, unit: str) -> None:
        """A mean and half the width of its interval, to the tenth that is shown."""
        self.count += 1
        if reported["mean"] is None:
            assert cell == "–"
            return
        scale = SCALES.get(unit, 1.0)
        wanted = [reported["mean"]]
        if reported["low"] is not None:
            wanted.append((reported["high"] - reported["low"]) / 2)
        assert_rounded(cell, [scale * each for each in wanted])

    def numbers(self, cell: str, *wanted: float, unit: str = "") -> None:
        """A number, or the two ends of a range."""
        self.count += 1
        assert_rounded(cell, [SCALES.get(unit, 1.0) * each for each in wanted])

    def exactly(self, cell: str, *wanted: float) -> None:
        """Numbers that are written with all their digits."""
        self.count += 1
        assert numbers_in(cell) == pytest.approx(list(wanted), rel=1e-9)


def numbers_in(cell: str) -> list[float]:
    """The numbers of a cell, in order."""
    reported = re.findall(_NUMBER, cell)
    return [float(each.replace(",", "").replace("−", "-")) for each in reported]


def assert_rounded(cell: str, wanted: list[float]) -> None:
    """What a cell shows is what is wanted, rounded to a tenth."""
    found = numbers_in(cell)
    assert len(found) == len(wanted), cell
    for one, other in zip(found, wanted, strict=True):
        assert abs(one - other) <= 0.0501, (cell, wanted)


def test_every_number_is_the_one_that_was_saved(
    sif: Sif,
    saved: Path,
    study_with_influences: Path,
    tmp_path: Path,
    read_page: Callable[[Path], Any],
) -> None:
    """All cells that hold numbers, counted: none is left out, whatever table it stands in."""
    file = tmp_path / "report.html"
    sif("report", str(saved), "--study", str(study_with_influences), "--out", str(file))
    page, checked = read_page(file), Checked()
    comparison = json.loads((saved / "comparison.json").read_text("utf-8"))
    study = json.loads(study_with_influences.read_text("utf-8"))["study"]
    named = names_of(read_results(saved, study_with_influences), "en")
    checked.ids.update({name: each for each, name in named.items()})
    check_key(page.tables, pl.read_parquet(saved / "summary.parquet"), checked)
    check_measures(page.tables, pl.read_parquet(saved / "summary.parquet"), checked)
    check_years(page.tables, pl.read_parquet(saved / "yearly.parquet"), checked)
    check_committees(page.tables, pl.read_parquet(saved / "committees.parquet"), checked)
    check_comparison(page.tables, comparison, checked)
    check_study(page.tables, study, checked)
    check_calibration(page.tables, study["calibration"], checked)
    shown = sum(tag == "td" and reported.get("class") == "number" for tag, reported in page.tags)
    assert (checked.count, checked.count > 300) == (shown, True)


def titled(tables: Mapping[str, list[list[str]]], start: str) -> Iterator[list[list[str]]]:
    """The tables whose captions begin so; there is at least one."""
    found = [rows for caption, rows in tables.items() if caption.startswith(start)]
    assert found, start
    yield from found


def check_measures(tables: Any, frame: pl.DataFrame, checked: Checked) -> None:
    """Means and differences, of each policy and measure."""
    names = {measure.words.en: measure.name for measure in MEASURES}
    rows = {(row["policy"], row["measure"]): row for row in frame.iter_rows(named=True)}
    starts = {
        "Means with 95 % intervals:": "",
        "Difference from": "difference_",
        "Kronor over all": "",
    }
    for start, prefix in starts.items():
        for heads, *body in titled(tables, start):
            for row in body:
                name = names[row[1] if start.startswith("Kronor") else row[0]]
                for policy, cell in zip(heads[2:], row[2:], strict=True):
                    reported = rows[policy, name]
                    ends = {end: reported[f"{prefix}{end}"] for end in ("mean", "low", "high")}
                    checked.interval(cell, ends, reported["unit"])


def check_key(tables: Any, frame: pl.DataFrame, checked: Checked) -> None:
    """The key figures of the answer, and the marks of what differs from the baseline."""
    ((heads, *body),) = titled(tables, "Means with 95 % intervals.")
    assert [head.partition(" (")[0] for head in heads[1:]] == [
        "application uptake", "fund nearly empty", "returned", "municipal saving", "human gain"
    ]  # fmt: skip
    rows = {(row["policy"], row["measure"]): row for row in frame.iter_rows(named=True)}
    for policy, *cells in body:
        for name, cell in zip(KEY, cells, strict=True):
            reported = rows[policy, name]
            checked.interval(cell, reported, reported["unit"])
            low, high = (reported[f"difference_{end}"] for end in ("low", "high"))
            differs = policy != reported["baseline"] and (low > 0 or high < 0)
            assert cell.endswith((" ▲", " ▼")) == differs
            assert not differs or cell.endswith("▲" if low > 0 else "▼")


def check_years(tables: Any, frame: pl.DataFrame, checked: Checked) -> None:
    """What is left, applied for and granted, year by year."""
    starts = {
        "Left at the year's end": ("balance", "SEK"),
        "Applications, count": ("applications", "count"),
        "Grants, count": ("grants", "count"),
    }
    rows = {
        (row["measure"], row["policy"], str(row["year"])): row
        for row in frame.iter_rows(named=True)
    }
    for start, (measure, unit) in starts.items():
        for heads, *body in titled(tables, start):
            for row in body:
                for policy, cell in zip(heads[1:], row[1:], strict=True):
                    checked.interval(cell, rows[measure, policy, row[0]], unit)


def check_committees(tables: Any, frame: pl.DataFrame, checked: Checked) -> None:
    """What each committee saves, pays back and is granted."""
    starts = {
        "What the committees save": "effect",
        "What the committees pay back": "returned",
        "What the committees are granted": "granted",
    }
    rows = {
        (row["measure"], row["policy"], str(row["committee"])): row
        for row in frame.iter_rows(named=True)
    }
    for start, measure in starts.items():
        for heads, *body in titled(tables, start):
            for row in body:
                for policy, cell in zip(heads[1:], row[1:], strict=True):
                    checked.interval(cell, rows[measure, policy, row[0]], "SEK")


def check_comparison(tables: Any, comparison: Row, checked: Checked) -> None:
    """What stops at each rule and how, and the scenario's parameters."""
    ways = {words.text("en"): way for way, words in WAYS.items()}
    by_policy = {each["id"]: each for each in comparison["policies"]}
    (found,) = titled(tables, "Where applications and ideas stop")
    (most,) = titled(tables, "The 3 rules that stop most")
    stopped = sum(len(each[way]) for each in comparison["policies"] for way in ways.values())
    assert len(found) == 1 + stopped > len(most) > 1
    assert all(row in found for row in most)
    for policy, how, rule, _, cell in (*most[1:], *found[1:]):
        checked.numbers(cell, by_policy[policy][ways[how]][rule] / comparison["replications"])
    stated = {
        f"{each['words']['en']} ({each['path']})": each
        for each in comparison["about"]["scenario"]["parameters"]
    }
    for _, *body in titled(tables, "The parameters, their"):
        assert len(body) == len(stated)
        for name, value, span, *_ in body:
            checked.exactly(value, stated[name]["value"])
            checked.exactly(span, stated[name]["low"], stated[name]["high"])


def check_study(tables: Any, study: Row, checked: Checked) -> None:
    """The answers, on all draws and on those like the record, the causes, what it depends on."""
    starts = {"The hypotheses, over": "findings", "The same on the": "findings_by_record"}
    for start, key in starts.items():
        if not study[key]:  # too few of the draws are like the record
            assert not any(caption.startswith(start) for caption in tables)
            continue
        for _, *body in titled(tables, start):
            assert len(body) == len(study[key]) > 0
            for row, reported in zip(body, study[key], strict=True):
                assert checked.id(row[0]) == reported["policy"]
                checked.interval(row[2], reported["difference"], "share")
                for name, cell in zip(("above", "below"), row[3:5], strict=True):
                    share = reported[name]
                    wanted = [round(100 * share[end]) for end in ("share", "low", "high")]
                    assert [int(each) for each in re.findall(r"\d+", cell)] == wanted
                    checked.count += 1
    check_alternatives(tables, study, checked)
    check_information(tables, study, checked)
    check_regions(tables, study, checked)
    causes = {(each["switch"], each["policy"]): each for each in study["causes"]}
    switches = {words_of(name).en: name for name in WHOLE}
    for heads, *body in titled(tables, "What each mechanism adds"):
        for row in body:
            for policy, cell in zip(heads[1:], row[1:], strict=True):
                reported = causes[switches[row[0]], checked.id(policy)]
                checked.interval(cell, {**reported, "mean": reported["share"]}, "share")
    indices = {(each["policy"], each["parameter"]): each for each in study["sensitivity"]}
    known = {path for path, _ in declared()}
    for _, *body in titled(tables, "The assumptions that the effect"):
        for policy, assumption, share, span in body:
            path = assumption.rpartition("(")[2].rstrip(")")
            assert path in known
            reported = indices[checked.id(policy), path]
            checked.numbers(share, reported["mean"], unit="share")
            checked.numbers(span, reported["low"], reported["high"], unit="share")


def check_alternatives(tables: Any, study: Row, checked: Checked) -> None:
    """Each finding again, with every structural alternative: the difference, and where it holds."""
    settings = [study["as_assumed"], *study["alternatives"].values()]
    shown = [
        cells
        for _, *body in titled_within(tables, "with other structural assumptions")
        for _, *cells in body
    ]
    for row, *found in zip(shown, *settings, strict=True):
        for cell, reported in zip(row, found, strict=True):
            checked.count += 1
            if reported["holds"] is None:  # of few draws, the share of worlds may not be known
                assert cell == "–"
                continue
            share = reported["holds"]["share"]
            assert_rounded(cell, [100 * reported["difference"]["mean"], round(100 * share)])


def check_regions(tables: Any, study: Row, checked: Checked) -> None:
    """Where hypotheses turn: density and coverage on draws held out, and the share in all."""
    found = [each for each in study["regions"] if each["tells"]]
    ((_, *body),) = titled(tables, "Where in the assumptions a hypothesis turns")
    for (policy, *_, density, coverage, base), each in zip(body, found, strict=True):
        assert checked.id(policy) == each["policy"]
        checked.numbers(base, each["base"], unit="share")
        for cell, share in ((density, each["density"]), (coverage, each["coverage"])):
            checked.numbers(cell, *share.values(), unit="share")


def check_information(tables: Any, study: Row, checked: Checked) -> None:
    """What knowing an assumption would gain: on average, and where it is most."""
    gains: dict[str, list[float]] = {}
    for each in study["information"]:
        gains.setdefault(each["parameter"], []).append(each["gain"])
    ((_, *body),) = titled(tables, "What to measure")
    for path, _, mean, most, _ in body:
        checked.numbers(mean, sum(gains[path]) / len(study["findings"]), unit="share")
        checked.numbers(most, max(gains[path]), unit="share")


def titled_within(tables: Mapping[str, list[list[str]]], words: str) -> list[list[list[str]]]:
    """The tables whose captions hold some words, in order; there is at least one."""
    found = [rows for caption, rows in tables.items() if words in caption]
    assert found, words
    return found


def check_calibration(tables: Any, calibration: Row, checked: Checked) -> None:
    """What happened, and what was foreseen."""
    for _, *body in titled(tables, "What happened against"):
        for row, reported in zip(body, calibration["predicted"], strict=True):
            assert row[0] == calibration["towns"][reported["municipality"]]
            money = ("granted", "paid_out", "handed_back", "returned")
            unit = "SEK" if reported["what"] in money else "count"
            checked.numbers(row[3], reported["happened"], unit=unit)
            for cell, of in zip(row[4:6], ("prior", "posterior"), strict=True):
                if reported[of] is None:
                    assert cell == "–"
                    checked.count += 1
                else:
                    checked.numbers(cell, reported[of]["low"], reported[of]["high"], unit=unit)
