"""``sif report`` and ``sif chart``: what is shown is what was kept, and nothing else is needed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules.cli import main
from sifrules.presentation.table import as_csv, of_frame
from sifrules_simulation.model.measures import MEASURES
from sifrules_simulation.presentation.formatting import interval
from sifrules_simulation.presentation.report import comparison_section as sections, page
from sifrules_simulation.results.folder import ResultsFolder
from sifrules_simulation.results.reader import read_results
from sifrules_simulation.statistics.estimates import Estimate

pytestmark = pytest.mark.once

Sif = Callable[..., Any]
Reader = Callable[[Path], Any]
Reported = Callable[[str, bool], tuple[Path, Any]]
PAIR = ("orebro@2016", "norrkoping@2022")
HOSTILE = {
    "markup": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://evil.example";"x")',
    "direction": "orebro\u202e6102@\u200f",
    "long": "x" * 300,
    "quotes": '" onmouseover="alert(1)\' {{ 7 * 7 }} {name}',
}


def renamed(folder: Path, name: str, new: str) -> None:
    """Give a policy another name in everything that was kept."""
    file = folder / "comparison.json"
    data = json.loads(file.read_text("utf-8"))
    reported = json.dumps(data).replace(json.dumps(name), json.dumps(new))
    file.write_text(reported, "utf-8")
    for table in ("summary", "yearly", "balances", "committees"):
        frame = pl.read_parquet(folder / f"{table}.parquet")
        ResultsFolder(folder).table(
            table, frame.lazy().with_columns(_renamed(frame, name, new)), {}
        )


def _renamed(frame: pl.DataFrame, name: str, new: str) -> list[pl.Expr]:
    return [pl.col(column).replace(name, new) for column in frame.columns
            if column in ("policy", "baseline")]  # fmt: skip


@pytest.fixture(scope="module")
def reported(
    saved: Path,
    study_with_influences: Path,
    tmp_path_factory: pytest.TempPathFactory,
    read_page: Reader,
) -> Reported:
    """The report of the comparison in a language, with a study or without: made and read once."""
    place = tmp_path_factory.mktemp("reported")

    @cache
    def make(lang: str, studied: bool) -> tuple[Path, Any]:
        file = place / f"{lang}{'-studied' * studied}.html"
        with_study = ("--study", str(study_with_influences)) if studied else ()
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
            main(["report", str(saved), "--lang", lang, "--out", str(file), *with_study])
        assert (left.value.code or 0, out.getvalue(), err.getvalue()) == (0, f"{file}\n", "")
        return file, read_page(file)

    return make


# --- the page -------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_number_of_the_measure_tables_is_the_frames_own(
    reported: Reported, saved: Path, lang: Any
) -> None:
    """Means and differences, policy by policy, read back from the page."""
    _, found = reported(lang, False)
    tables = found.tables
    frame = pl.read_parquet(saved / "summary.parquet")
    names = {measure.words.text(lang): measure.name for measure in MEASURES}
    means, differences = (
        [rows for caption, rows in tables.items() if start in caption]
        for start in (("intervall:", "Skillnad mot") if lang == "sv" else
                      ("intervals:", "Difference from"))
    )  # fmt: skip
    for (usual, others), prefix in ((means, ""), (differences, "difference_")):
        heads, seen = usual[0], 0
        assert others[0] == heads
        for row in (*usual[1:], *others[1:]):
            for policy, cell in zip(heads[2:], row[2:], strict=True):
                (row_of,) = frame.filter(
                    (pl.col("policy") == policy) & (pl.col("measure") == names[row[0]])
                ).iter_rows(named=True)
                values = (row_of[f"{prefix}{end}"] for end in ("mean", "low", "high"))
                wanted = interval(Estimate(*values, 0), row_of["unit"], lang, signed=bool(prefix))
                assert cell == wanted
                seen += 1
        assert seen == len(MEASURES) * len(heads[2:])
    assert means[0][0][2:] == list(PAIR)


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("studied", [False, True])
def test_the_page_stands_on_its_own_and_is_put_in_order(
    reported: Reported, lang: str, studied: bool
) -> None:
    """No network, no script; one h1, no heading skipped; tables and figures named; small."""
    file, found = reported(lang, studied)
    text = file.read_text("utf-8")
    assert file.stat().st_size < 3_000_000
    assert "://" not in re.sub(r"<(?!/?(a|link|script|img)\b)[^>]*>|>[^<]*<", "><", text)
    assert not re.search(r"<script|<link|<iframe|@import|url\((?!#)|\son\w+=", text)
    assert all(each.startswith("#") and each[1:] in found.ids for each in found.asked)
    assert len(found.ids) == len(set(found.ids))
    levels = [level for level, _ in found.heads]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - before <= 1 for before, later in pairwise(levels))
    count = {tag: sum(1 for each, _ in found.tags if each == tag) for tag in
             ("table", "caption", "figure", "figcaption", "svg", "main")}  # fmt: skip
    assert count["table"] == count["caption"] > 8
    assert count["figure"] == count["figcaption"] == (10 if studied else 4)
    assert count["svg"] == count["figure"] + 1  # the differences are in two parts
    assert count["main"] == 1
    assert all(stated.get("scope") for tag, stated in found.tags if tag == "th")
    pictures = [stated for _, stated in found.tags if stated.get("role") == "img"]
    assert len(pictures) == count["figure"]
    assert all(re.search(r"\d", each["aria-label"] or "") for each in pictures)
    html = next(stated for tag, stated in found.tags if tag == "html")
    assert html["lang"] == lang
    assert "sif compare orebro@2016 norrkoping@2022 --years 3 --replications 4" in found.text


def test_every_figure_and_number_leads_back_to_its_clauses_and_its_run(
    reported: Reported,
) -> None:
    """Figures in their captions, a policy's numbers in their heads, refusals at their rules."""
    file, found = reported("en", True)
    html = file.read_text("utf-8")
    for caption in re.findall("<figcaption>(.*?)</figcaption>", html):
        to = re.findall('href="#([^"]*)"', caption)
        assert to[0] == "policies"
        assert to[1] in ("again", "study-run")
    command = re.search('<pre tabindex="0" id="again"><code>(.*?)</code>', html)
    assert command is not None
    assert command[1].startswith("sif compare orebro@2016 norrkoping@2022")
    heads = re.findall('<th scope="col" role="columnheader" class="number">(.*?)</th>', html)
    assert '<a href="#clauses-1">Örebro 2016</a>' in heads
    refused = re.findall('<td[^>]*><a href="#(clauses-1[^"]*)">([^<]*)</a></td>', html)
    assert refused
    for place, rule in refused:
        assert place in found.ids
        assert place == "clauses-1" or rule.startswith(place.removeprefix("clauses-1-"))


def test_nothing_is_left_in_the_other_language(reported: Reported) -> None:
    """Headings, captions and the study's sentences differ; no key or template is left over."""
    (_, sv), (_, en) = reported("sv", True), reported("en", True)
    assert len(sv.heads) == len(en.heads)
    assert not {head for _, head in sv.heads} & {head for _, head in en.heads}
    assert not set(sv.tables) & set(en.tables)
    for found in (sv, en):
        assert not re.search(r"Words\(|\bNone\b|\bnan\b|\{\w*\}|\{\{|Undefined", found.text)
    assert "återföringen håller nere ansökningarna" not in en.text
    for english in ("mean", "application uptake", "the finding", "Difference"):
        assert english not in re.sub(r"\S*@\S*|[\w.]+\.[\w.]+", "", _own(sv))
    units = {row[3] for caption, rows in sv.tables.items() if "vilar på" in caption for row in rows}
    assert units == {"enhet", "kr", "andel", "kvot", "antal", "månader", "per år"}
    assert re.search("\\d\N{NO-BREAK SPACE}\\d{3}", sv.text)


def _own(found: Any) -> str:
    """What the page itself says: headings, captions and the heads of tables."""
    heads = [cell for rows in found.tables.values() for cell in rows[0]]
    return " ".join([*(head for _, head in found.heads), *found.tables, *heads])


@pytest.mark.parametrize(
    "names", [("markup", "formula"), ("direction", "quotes"), ("long", "markup")], ids="-".join
)
def test_a_hostile_name_comes_out_as_text(
    sif: Sif, again: Path, names: tuple[str, str], read_page: Reader
) -> None:
    """In the page, in CSV, in the workbook and in a chart."""
    for policy, name in zip(PAIR, names, strict=True):
        renamed(again, policy, HOSTILE[name])
    book = again / "numbers.xlsx"
    assert sif("report", str(again), "--xlsx", str(book)).err == ""
    text = (again / "report.html").read_text("utf-8")
    found = read_page(again / "report.html")
    assert not any(tag == "script" or "onmouseover" in reported for tag, reported in found.tags)
    assert not re.search("[\u200f\u202e]", text)
    for name in names:
        assert HOSTILE[name].replace("\u202e", " ").replace("\u200f", " ") in found.text
    for line in (again / "summary.csv").read_text("utf-8").splitlines()[1:]:
        assert not line.lstrip('"').startswith("=")
    table = as_csv(of_frame(pl.read_parquet(again / "summary.parquet")))
    assert not re.search(r'(?m)^"?=', table)
    with zipfile.ZipFile(book) as files:
        assert not [each for each in files.namelist() if "hyperlink" in each.lower()]
        for each in files.namelist():
            reported = files.read(each).decode()
            assert "<f>" not in reported
            assert "<hyperlink" not in reported
    svg = again / "balances.svg"
    assert sif("chart", "balances", str(again), "--out", str(svg)).code == 0
    assert "<script" not in svg.read_text("utf-8")


@pytest.mark.parametrize(
    ("gone", "reported"),
    [
        ("yearly", "This was not saved when the comparison was made"),
        ("balances", "Left at the year"),
        ("summary", "Means with 95 % intervals"),
    ],
)
def test_a_missing_part_leaves_a_sentence(
    sif: Sif, again: Path, gone: str, reported: str, read_page: Reader
) -> None:
    """And the rest of the report is as before."""
    (again / f"{gone}.parquet").unlink()
    assert sif("report", str(again)).code == 0
    found = read_page(again / "report.html")
    assert reported in found.text
    assert len([level for level, _ in found.heads if level == 2]) == 11
    figures = sum(1 for tag, _ in found.tags if tag == "figure")
    assert figures == (2 if gone == "summary" else 3)


def test_a_comparison_saved_before_clauses_were_saved_is_reported_too(
    sif: Sif, again: Path, read_page: Reader
) -> None:
    """An older file has the numbers alone; each thing that it lacks is reported."""
    file = again / "comparison.json"
    data = json.loads(file.read_text("utf-8"))
    del data["about"]
    file.write_text(json.dumps(data), "utf-8")
    assert sif("report", str(again), "--xlsx", str(again / "a.xlsx")).code == 0
    text = read_page(again / "report.html").text
    assert "This was not saved when the comparison was made" in text
    assert "The sources of the parameters were not saved" in text
    assert "No command line is saved" in text
    assert "no study is given" in text
    assert "application uptake" in text


def test_a_text_that_was_saved_in_one_language_is_shown_as_it_is(
    sif: Sif, again: Path, read_page: Reader
) -> None:
    """A comparison with plain texts next to its numbers is no hindrance to a report."""
    file = again / "comparison.json"
    data = json.loads(file.read_text("utf-8"))
    for each in data["about"]["scenario"]["parameters"]:
        each["assumption"] = each["assumption"] and each["assumption"]["en"]
    file.write_text(json.dumps(data), "utf-8")
    assert sif("report", str(again), "--lang", "sv").code == 0
    assert "antagande: Most ideas are put forward as new." in read_page(again / "report.html").text


def test_one_policy_alone_has_no_differences(sif: Sif, tmp_path: Path, read_page: Reader) -> None:
    """It is said, and the first sentences are about the one."""
    place = tmp_path / "one"
    sif("simulate", "orebro@2016", "--replications", "2", "--years", "2", "--jobs", "1",
        "--out", str(place))  # fmt: skip
    assert sif("report", str(place)).code == 0
    text = read_page(place / "report.html").text
    assert "There is only one policy" in text
    assert "Of the viable ideas" in text


def test_a_change_is_reproduced_by_the_command_that_is_reported(sif: Sif, tmp_path: Path) -> None:
    """With --set, and with what the scenario was."""
    place = tmp_path / "set"
    sif("compare", "orebro@2016", "--set", "return_model.floor=0.0", "--replications", "2",
        "--years", "2", "--jobs", "1", "--off", "cap", "--assume", "behaviour.horizon=36",
        "--out", str(place))  # fmt: skip
    reported = json.loads((place / "comparison.json").read_text("utf-8"))["about"]["command"]
    assert reported == (
        "sif compare orebro@2016 --set return_model.floor=0.0 --assume behaviour.horizon=36.0 "
        "--years 2 --off cap --replications 2 --seed 1"
    )
    again = sif(*reported.split()[1:], "--jobs", "1", "--format", "json").data
    data = json.loads((place / "comparison.json").read_text("utf-8"))
    assert again["policies"] == data["policies"]


def test_who_pays_is_a_sentence_where_it_was_not_measured(again: Path) -> None:
    """Without the measures of money there is no table."""
    file = again / "comparison.json"
    data = json.loads(file.read_text("utf-8"))
    for each in data["policies"]:
        each["measures"] = {"application_uptake": each["measures"]["application_uptake"]}
    file.write_text(json.dumps(data), "utf-8")
    (block,) = sections.parties(read_results(again), "en").blocks
    assert block == sections.Paragraph(
        "Who pays and who gains was not measured in this comparison."
    )


def test_a_study_that_is_saved_next_to_is_taken_in_both_languages(
    sif: Sif, again: Path, tmp_path: Path, read_page: Reader
) -> None:
    """A study made in English is reported in Swedish, a policy of its own by name and id once."""
    sif("study", "return-flow", "--policy", "malmo@2016", "--draws", "4", "--replications", "2",
        "--years", "2", "--jobs", "1", "--cause-replications", "1", "--no-calibrate",
        "--out", str(tmp_path / "study"))  # fmt: skip
    shutil.copy(tmp_path / "study" / "study.json", again)
    assert sif("report", str(again), "--lang", "sv").code == 0
    text = read_page(again / "report.html").text
    assert "Studien tog bort återföringen, allt annat lika, över 4 dragningar" in text
    assert "4 dragningar à 2 körningar" in text
    assert "draws of" not in text
    assert "i studien och inte i jämförelsen: Malmö 2016 (malmo@2016)." in text
    assert text.count("malmo@2016") == 1


def test_a_study_that_was_stopped_at_once_is_reported(
    saved: Path, study_with_influences: Path, tmp_path: Path
) -> None:
    """It has a finding to try, and no answer."""
    study = json.loads(study_with_influences.read_text("utf-8"))["study"]
    empty: dict[str, Any] = {key: [] for key in ("policies", "by_record", "causes", "sensitivity",
                                                 "regions", "notes", "findings")}  # fmt: skip
    (tmp_path / "study.json").write_text(json.dumps({**study, **empty, "calibration": None}))
    text = page.page(read_results(saved, tmp_path), "en")
    assert text.count("The study was stopped before it had an answer.") == 2
    assert "The study did not separate the mechanisms." in text
    assert "No single assumption has a measurable influence" in text
    assert "The study was not held against the record." in text


def test_the_same_results_make_the_same_files(sif: Sif, saved: Path, tmp_path: Path) -> None:
    """Page and workbook, byte by byte."""
    made = []
    for name in ("one", "two"):
        files = [tmp_path / f"{name}.{kind}" for kind in ("html", "xlsx")]
        sif("report", str(saved), "--out", str(files[0]), "--xlsx", str(files[1]))
        made.append([file.read_bytes() for file in files])
    assert made[0] == made[1]


def test_a_small_screen_shows_the_page_without_scrolling_sideways(
    sif: Sif, again: Path, study_with_influences: Path
) -> None:
    """At 360 px only the boxes of tables and figures scroll, of a usual name and a long one.

    It is tried where chromium is.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed here")
    renamed(again, "norrkoping@2022", "x" * 300)
    sif("report", str(again), "--study", str(study_with_influences))
    file = again / "report.html"
    # 360 px wide by a frame, as a window of a browser may not be so small.
    frame = again / "frame.html"
    asked = "<p id=w></p><script>onload = () => { w.textContent = 'wide ' + " \
        "f.contentDocument.documentElement.scrollWidth }</script>"  # fmt: skip
    html = f'<iframe id=f src="{file.name}" width=360 height=800 frameborder=0></iframe>{asked}'
    frame.write_text(html, "utf-8")
    ran = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
         f"--user-data-dir={again / 'browser'}", "--virtual-time-budget=5000", "--dump-dom",
         frame.as_uri()],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    found = re.search(r"wide (\d+)", ran.stdout)
    assert found is not None, ran.stderr
    assert int(found[1]) <= 360


def test_the_style_is_for_dark_and_for_print_and_asks_for_nothing() -> None:
    """No font or picture from elsewhere."""
    style = (Path(page.__file__).parent / "report.css").read_text("utf-8")
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style
    assert "url(" not in style
