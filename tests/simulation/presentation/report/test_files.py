"""What goes wrong with ``sif report`` and ``sif chart``; single charts, and the workbook."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from sifrules_simulation.model.measures import MEASURES, SHOWN
from sifrules_simulation.presentation.charts.palette import looks
from sifrules_simulation.presentation.report.figures import NAMES, charts_of
from sifrules_simulation.results.reader import read_results

pytestmark = pytest.mark.once

Sif = Callable[..., Any]
PAIR = ("orebro@2016", "norrkoping@2022")


# --- mistakes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "reported"),
    [
        (("report", "{tmp}/nowhere"), "no folder {tmp}/nowhere; name the one that sif compare"),
        (("report", "{tmp}"), "no results of a comparison in {tmp}; make them with sif compare"),
        (("report", "{kept}", "--study", "{tmp}"), "no results of a study in {tmp}"),
        (("report", "{kept}", "--out", "{tmp}"), "cannot write {tmp}: it is a folder"),
        (("report", "{kept}", "--out", "/dev/null/a.html"), "cannot write results to /dev/null"),
        (("report", "{kept}", "--out", "{tmp}/a.html", "--xlsx", "/dev/null/a.xlsx"),
         "cannot write results to /dev/null"),
        (("report", "{kept}", "--out", "{tmp}/a", "--xlsx", "{tmp}/a"),
         "cannot be both page and workbook, or summary"),
        (("chart", "balance", "{kept}", "--out", "{tmp}/a.svg"), "did you mean balances?"),
        (("chart", "effects", "{kept}", "--out", "{tmp}/a.svg"),
         "no data for the chart effects in {kept}; it has balances, measure_differences"),
        (("chart", "balances", "{tmp}", "--out", "{tmp}/a.svg"), "no results to plot in {tmp}"),
        (("chart", "balances", "{kept}", "--out", "{tmp}/a.pdf"), "cannot be saved as a.pdf"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_in_a_line_and_nothing_is_written(
    sif: Sif, saved: Path, tmp_path: Path, args: tuple[str, ...], reported: str
) -> None:
    """What, where, what to do."""
    places = {"tmp": tmp_path, "kept": saved}
    ran = sif(*(each.format(**places) for each in args))
    assert reported.format(**places) in ran.err
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_that_cannot_be_read_is_reported(sif: Sif, again: Path) -> None:
    """Broken JSON, something else, and a broken table."""
    (again / "yearly.parquet").write_bytes(b"no table")
    assert "yearly.parquet" in sif("report", str(again)).err
    for text, reported in (
        ("{", "cannot read"),
        ("[]", "holds no results"),
        ("{}", "no comparison"),
    ):
        (again / "comparison.json").write_text(text, "utf-8")
        ran = sif("report", str(again))
        assert (ran.code, reported in ran.err) == (2, True)
    assert not (again / "report.html").exists()


@pytest.mark.parametrize("lacking", ["altair", "jinja2", "vl_convert", "xlsxwriter"])
def test_without_the_extra_it_is_said_how_to_install_it(
    sif: Sif, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    """Before anything is written."""
    monkeypatch.setitem(sys.modules, lacking, None)
    ran = sif("report", str(saved), "--out", str(tmp_path / "a.html"),
              "--xlsx", str(tmp_path / "a.xlsx"))  # fmt: skip
    assert ran.code == 2
    extra = "excel" if lacking == "xlsxwriter" else "report"
    assert f'pip install "sifrules[{extra}]"' in ran.err
    assert list(tmp_path.iterdir()) == []


# --- charts and the workbook ----------------------------------------------------------


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_chart_draws_what_is_in_its_frame(saved: Path, lang: Any) -> None:
    """The points drawn are the rows of the frame, in millions where they are kronor."""
    found = read_results(saved)
    charts = charts_of(found, lang)
    assert tuple(charts) == NAMES[:3]
    drawn = _rows(charts["balances"].to_dict())
    assert [row["mean"] for row in drawn] == [
        each / 1e6 for each in found.breakdowns["balances"]["mean"]
    ]
    assert {row["policy"] for row in drawn} == set(PAIR)
    years = _rows(charts["uptake_by_year"].to_dict())
    assert len(years) == 2 * 2 * 3
    differences = _rows(charts["measure_differences"].to_dict())
    assert {row["policy"] for row in differences} == {PAIR[1]}


def _rows(spec: Any) -> list[dict[str, Any]]:
    """The rows that a chart holds, once each."""

    def walk(part: Any) -> Iterator[Any]:
        if isinstance(part, dict):
            yield from part.get("values", []) if isinstance(part.get("values"), list) else []
            for each in part.values():
                yield from walk(each)
        elif isinstance(part, list):
            for each in part:
                yield from walk(each)

    found = [row for row in walk(spec) if isinstance(row, dict) and "mean" in row]
    return list({json.dumps(row): row for row in found}.values())


def test_a_policy_has_one_colour_on_every_chart(saved: Path) -> None:
    """Its own, also where the baseline is not drawn."""
    found = charts_of(read_results(saved), "en")
    look = looks(PAIR)
    for chart in found.values():
        text = json.dumps(chart.to_dict())
        assert look[PAIR[1]].colour in text
    assert look[PAIR[0]].colour not in json.dumps(found["measure_differences"].to_dict())


def test_colour_is_nowhere_the_only_sign(saved: Path) -> None:
    """Lines that share a panel are broken each in its way, and points have each their shape."""
    found = charts_of(read_results(saved), "en")
    look = looks(PAIR)
    for name in ("balances", "uptake_by_year"):
        (dashes,) = {json.dumps(each) for each in _ranges(found[name].to_dict(), "strokeDash")}
        assert json.loads(dashes) == [list(look[policy].dash) for policy in PAIR]
    (shapes,) = _ranges(found["measure_differences"].to_dict(), "shape")
    assert shapes == [look[PAIR[1]].shape]


def _ranges(spec: Any, channel: str) -> list[Any]:
    """What a channel of a chart ranges over, wherever it is encoded."""
    if isinstance(spec, list):
        return [found for each in spec for found in _ranges(each, channel)]
    if not isinstance(spec, dict):
        return []
    own = spec.get("encoding", {}).get(channel)
    rest = [found for each in spec.values() for found in _ranges(each, channel)]
    return [*([own["scale"]["range"]] if own else []), *rest]


def test_a_chart_in_swedish_writes_its_numbers_so(saved: Path) -> None:
    """A comma before the decimals, on the axes too."""
    chart = charts_of(read_results(saved), "sv")["measure_differences"]
    axes = re.findall(r">(-?[\d.,−]+)</text>", drawn_as_svg(chart))
    assert any("," in each for each in axes)
    assert not any("." in each for each in axes)


def drawn_as_svg(chart: Any) -> str:
    """A chart as it is drawn."""
    out = StringIO()
    chart.save(out, format="svg")
    return out.getvalue()


@pytest.mark.parametrize("form", ["svg", "png", "html"])
def test_a_chart_is_drawn_into_a_file(sif: Sif, saved: Path, tmp_path: Path, form: str) -> None:
    """As what the end of its name says; a page of it needs no network."""
    file = tmp_path / f"a.{form}"
    assert sif("chart", "uptake-by-year", str(saved), "--out", str(file), "--lang", "sv").code == 0
    begins = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<"}
    content = file.read_bytes()
    assert content.startswith(begins[form])
    assert b'src="http' not in content


def test_a_study_has_charts_by_name(sif: Sif, tmp_path: Path, study_with_influences: Path) -> None:
    """Those of the study, and of its calibration."""
    study = json.loads(study_with_influences.read_text("utf-8"))["study"]
    (tmp_path / "study.json").write_text(json.dumps(study), "utf-8")
    for name in ("effects", "sensitivity", "foreseen"):
        out = tmp_path / f"{name}.svg"
        assert sif("chart", name, str(tmp_path), "--out", str(out)).code == 0


def test_the_workbook_holds_numbers_as_numbers(sif: Sif, saved: Path, tmp_path: Path) -> None:
    """A sheet to look at, and six with units in their heads, a filter and a frozen head on each."""
    book = tmp_path / "numbers.xlsx"
    sif("report", str(saved), "--out", str(tmp_path / "a.html"), "--xlsx", str(book))
    with zipfile.ZipFile(book) as files:
        named = re.findall(r'<sheet name="(\w+)"', files.read("xl/workbook.xml").decode())
        pages = [files.read(f"xl/worksheets/sheet{at}.xml").decode() for at in range(2, 8)]
        texts = files.read("xl/sharedStrings.xml").decode()
    assert named.pop(0) == "Comparison"
    assert named == ["policies", "measures", "yearly", "stops", "assumptions", "provenance"]
    assert all("<autoFilter" in each and 'state="frozen"' in each for each in pages)
    assert "granted (SEK), mean" in texts
    assert "refusal foreseen, no application" in texts
    frame = pl.read_parquet(saved / "summary.parquet")
    numbers = {
        float(each) for each in re.findall(r"<c r=\"\w+\"(?: s=\"\d+\")?><v>([^<]*)</v>", pages[1])
    }
    wanted = {each for name in ("mean", "difference_high") for each in frame[name].drop_nulls()}
    assert all(any(each == pytest.approx(one) for one in numbers) for each in wanted)


def test_the_first_sheet_has_the_reports_figures_side_by_side(
    sif: Sif, saved: Path, tmp_path: Path
) -> None:
    """Means in whole kronor and shares as per cent, a column for each policy, and three charts."""
    book = tmp_path / "numbers.xlsx"
    sif("report", str(saved), "--out", str(tmp_path / "a.html"), "--xlsx", str(book))
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    frame = pl.read_parquet(saved / "summary.parquet")
    means = {(row["policy"], row["measure"]): row["mean"] for row in frame.iter_rows(named=True)}
    start = next(at for at, row in enumerate(rows) if row[0] == "Means")
    assert rows[start + 1][2:4] == ["Örebro 2016", "Norrköping 2022"]
    assert rows[start + 2][2:4] == list(PAIR)
    shown = {row[0]: row[2:4] for row in rows[start + 3 : start + 3 + len(SHOWN)]}
    for measure in (each for each in MEASURES if each.name in SHOWN):
        digits = 0 if measure.unit == "SEK" else 9
        wanted = [round(means[policy, measure.name], digits) for policy in PAIR]
        assert shown[measure.words.en] == pytest.approx(wanted)
    with zipfile.ZipFile(book) as files:
        charts = [each for each in files.namelist() if re.match(r"xl/charts/chart\d", each)]
        assert len(charts) == 3
        assert "#,##0" in files.read("xl/styles.xml").decode()
