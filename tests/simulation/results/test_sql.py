"""Asking what a folder holds in SQL: what comes out, what is reported, what is refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules import SifError
from sifrules_simulation import table
from sifrules_simulation.presentation import query_answer as query_showing
from sifrules_simulation.results import sql as sql_module
from sifrules_simulation.results.mistakes import mistake
from sifrules_simulation.results.sql import queried
from sifrules_simulation.results.tables import tables_in

pytest.importorskip("duckdb", reason="duckdb, of the extra sql, is not installed here")

Sif = Callable[..., Any]
Files = Callable[[Path], dict[str, bytes]]

STUDY = ("study", "return-flow", "--policy", "orebro@2016", "--draws", "3", "--replications", "2",
         "--years", "3", "--cause-replications", "1", "--no-calibrate", "--jobs", "1")  # fmt: skip


@pytest.fixture
def ask(sif: Sif, saved: Path) -> Sif:
    """Asks a small kept comparison."""

    def run(sql: str, *args: str) -> Any:
        return sif("results", str(saved), "--sql", sql, *args)

    return run


def answered(saved: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows that a query gives, without the command line around it."""
    with queried(tables_in(saved), sql) as found:
        return [row for batch in found.batches for row in batch]


def refused(saved: Path, sql: str) -> str:
    """What is reported a query that is refused, in a line."""
    with pytest.raises(SifError) as reported:
        answered(saved, sql)
    assert "\n" not in str(reported.value)
    return str(reported.value)


# --- what comes out -------------------------------------------------------------------


def test_an_aggregate_is_what_polars_makes_of_the_same_file(ask: Sif, saved: Path) -> None:
    """Every number, in the form that programs read."""
    reported = ask(
        "SELECT policy, avg(application_uptake) AS uptake, sum(grants) AS grants, count(*) AS runs "
        "FROM runs GROUP BY policy ORDER BY policy",
        "--format",
        "json",
    ).data
    wanted = (
        pl.read_parquet(saved / "runs.parquet")
        .group_by("policy")
        .agg(
            pl.col("application_uptake").mean().alias("uptake"),
            pl.col("grants").sum(),
            pl.len().alias("runs"),
        )
        .sort("policy")
        .to_dicts()
    )
    assert [row["policy"] for row in reported] == ["norrkoping@2022", "orebro@2016"]
    assert reported == [pytest.approx(row) for row in wanted]


def test_every_table_of_the_folder_is_there_by_its_file_s_name(saved: Path) -> None:
    """As many rows as the file has."""
    for file in saved.glob("*.parquet"):
        ((rows,),) = answered(saved, f"SELECT count(*) FROM {file.stem}")
        assert rows == len(pl.read_parquet(file)) > 0


def test_an_answer_is_shown_as_other_tables_are(ask: Sif) -> None:
    """In both languages, as text and Markdown; names of runs are no amounts."""
    sql = (
        "SELECT 'a|b' AS text, 1234567 AS many, 20240101 AS seed, -1234.5 AS kronor, "
        "0.36921 AS share, NULL AS none, [1, 2] AS list"
    )
    english = ask(sql).out.split()
    assert english[-7:] == ["a|b", "1,234,567", "20240101", "−1,234.5", "0.3692", "–", "[1,"] or (
        english[-8:] == ["a|b", "1,234,567", "20240101", "−1,234.5", "0.3692", "–", "[1,", "2]"]
    )
    assert "−1\N{NO-BREAK SPACE}234,5" in ask(sql, "--lang", "sv").out
    assert "| a\\|b " in ask(sql, "--format", "markdown").out


def test_what_programs_read_is_whole_and_no_formula(ask: Sif) -> None:
    """CSV and JSON keep numbers as they are, and every row; of two equal names one is changed."""
    rows = 2 * query_showing.MOST
    sql = f"SELECT '=1' AS text, -0.5 AS text, true AS flag FROM range({rows})"
    lines = ask(sql, "--format", "csv").out.splitlines()
    assert lines[:2] == ["text,text_1,flag", "'=1,-0.5,true"]
    assert len(lines) == 1 + rows
    data = ask(sql, "--format", "json").data
    assert data == [{"text": "=1", "text_1": -0.5, "flag": True}] * rows
    odd = "SELECT 'nan'::DOUBLE AS n, [1] AS l, {'a': 1} AS s, DATE '2020-01-02' AS d"
    assert ask(odd, "--format", "json").data == [
        {"n": None, "l": [1], "s": {"a": 1}, "d": "2020-01-02"}
    ]
    assert ask("SELECT 1 WHERE false", "--format", "json").data == []


def test_a_long_answer_says_how_much_is_not_shown(ask: Sif) -> None:
    """The count is of the rows left out; an answer just as long as may be has none."""
    most = query_showing.MOST
    assert f"{1_000_000 - most:,} more rows are not shown" in ask("FROM range(1000000)").out
    whole = ask(f"FROM range({most})").out
    assert "not shown" not in whole
    assert len(whole.splitlines()) == most + 2
    assert "no rows" in ask("SELECT 1 WHERE false").out


def test_the_tables_are_listed_with_the_units_of_their_columns(sif: Sif, saved: Path) -> None:
    """Each table with its rows; amounts in kronor, shares from 0 to 1."""
    listed = {each["table"]: each for each in sif(
        "results", str(saved), "--tables", "--format", "json").data}  # fmt: skip
    assert set(listed) == {file.stem for file in saved.glob("*.parquet")}
    assert listed["runs"]["rows"] == 8
    columns = {each["column"]: each for each in listed["runs"]["columns"]}
    assert columns["granted"]["unit"] == "SEK"
    assert columns["application_uptake"]["unit"] == "share"
    assert columns["replication"]["kind"] == "whole"
    assert all(each["what"] != "–" for one in listed.values() for each in one["columns"])
    swedish = sif("results", str(saved), "--tables", "--lang", "sv").out
    assert "runs: 8 rader" in swedish
    assert "andel, 0–1" in swedish


# --- runs that are not finished -------------------------------------------------------


@pytest.mark.once
@pytest.mark.usefixtures("without_charts")
def test_a_study_that_is_not_finished_is_asked_without_its_damaged_piece(
    sif: Sif, stopped: Sif, tmp_path: Path
) -> None:
    """Its parts are tables, and its runs with the columns to come; what is damaged is named."""
    folder = tmp_path / "half"
    assert stopped(3, *STUDY, "--out", str(folder)).code == 130
    pieces = sorted((folder / "pieces").glob("effects-*.parquet"))
    pieces[1].write_bytes(b"PAR1")
    asked = ("results", str(folder), "--sql")
    half = sif(
        *asked, "SELECT count(*) AS n, count(DISTINCT draw) AS draws FROM runs", "--format", "json"
    )
    draws = len(pieces) - 1
    arms, replications = 3, 2
    assert half.data == [{"n": draws * arms * replications, "draws": draws}]
    assert f"pieces/{pieces[1].name} cannot be read" in half.err
    swedish = sif(*asked, "SELECT 1", "--lang", "sv").out
    assert f"pieces/{pieces[1].name} går inte att läsa" in swedish
    assert "inte är avslutat" in swedish
    assert {"effects", "runs"} <= set(tables_in(folder).tables)
    keys = ["policy", "return_flow", "draw", "replication"]
    assert table(folder, "runs").collect_schema().names()[:4] == keys


@pytest.mark.once
def test_a_comparison_that_is_not_finished_has_its_runs_and_its_panel(
    sif: Sif, stopped: Sif, tmp_path: Path
) -> None:
    """The rows that the finished one will have, from duckdb and from polars alike."""
    half, whole = tmp_path / "half", tmp_path / "whole"
    run = ("compare", "orebro@2016", "--replications", "44", "--years", "2", "--jobs", "1")
    stopped(1, *run, "--out", str(half))
    sif(*run, "--out", str(whole))
    for name in ("runs", "panel"):
        rows = answered(half, f"SELECT * FROM {name}")
        frame = table(half, name).collect()
        assert frame.rows() == rows
        assert len(rows) == 40 * (2 if name == "panel" else 1)
        done = table(whole, name, columns=frame.columns).collect()
        assert frame.equals(done.head(len(frame)))


@pytest.mark.once
def test_failures_of_a_run_that_is_not_finished_are_rows(
    sif: Sif, stopped: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before there is a file of them."""
    from sifrules_simulation.experiments import cells

    real = cells.simulate

    def failing(setup: Any, around: Any, years: int) -> Any:
        if around.draws.replication == 3:
            raise SifError("it's broken")
        return real(setup, around, years)

    monkeypatch.setattr(cells, "simulate", failing)
    run = ("compare", "orebro@2016", "--replications", "44", "--years", "1", "--jobs", "1")
    stopped(1, *run, "--out", str(tmp_path))
    sql = "SELECT policy, replication, draw, error FROM failures"
    assert sif("results", str(tmp_path), "--sql", sql, "--format", "json").data == [
        {"policy": "orebro@2016", "replication": 3, "draw": None, "error": "it's broken"}
    ]


# --- what is refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "reported"),
    [
        ("SELECT * FROM read_csv('/etc/passwd')", "may read the tables of"),
        ("SELECT * FROM read_text('/etc/passwd')", "may read the tables of"),
        ("SELECT * FROM '/etc/passwd'", "no table '/etc/passwd'"),
        ("SELECT * FROM glob('/etc/*')", "may read the tables of"),
        ("SELECT * FROM read_csv('https://example.org/a.csv')", "may read the tables of"),
        ("SELECT * FROM read_json('{kept}/comparison.json')", "may read the tables of"),
        ("COPY runs TO '{kept}/runs.csv'", "only one SELECT"),
        ("COPY (SELECT 1) TO '{kept}/runs.parquet' (USE_TMP_FILE false)", "only one SELECT"),
        ("EXPLAIN ANALYZE COPY (SELECT 1) TO '{kept}/runs.parquet'", "only one SELECT"),
        ("EXPORT DATABASE '{kept}/all'", "only one SELECT"),
        ("ATTACH '{kept}/own.db'", "only one SELECT"),
        ("INSTALL httpfs", "only one SELECT"),
        ("LOAD httpfs", "only one SELECT"),
        ("SET enable_external_access = true", "only one SELECT"),
        ("CREATE TABLE mine AS SELECT 1", "only one SELECT"),
        ("DROP VIEW runs", "only one SELECT"),
        ("SELECT 1; SELECT 2", "only one SELECT"),
        ("SELECT 1; COPY runs TO '{kept}/runs.csv'", "only one SELECT"),
        ("PIVOT runs ON policy USING avg(grants)", "a PIVOT names its values"),
        ("SELECT * FROM kept", "no table 'kept'"),
    ],
)
def test_a_query_reads_the_folder_s_tables_only_and_writes_nothing(
    saved: Path, files_of: Files, sql: str, reported: str
) -> None:
    """One line says so, and not a byte in the folder changes."""
    before = files_of(saved)
    assert reported in refused(saved, sql.replace("{kept}", str(saved)))
    assert files_of(saved) == before


@pytest.mark.parametrize(
    "sql",
    [
        "WITH x AS ({copy}) SELECT 1",
        "WITH x AS ({copy}) SELECT * FROM x",
        "FROM query('WITH x AS (CO' || 'PY (SELECT 1) TO ''{kept}/runs.parquet'' "
        "(FORMAT csv, USE_TMP_FILE false)) SELECT 1')",
        "SUMMARIZE WITH x AS ({copy}) SELECT 1",
        "SELECT * FROM (WITH x AS ({copy}) SELECT 1)",
    ],
)
def test_a_select_that_hides_a_copy_does_not_write_over_a_table(
    saved: Path, files_of: Files, sql: str
) -> None:
    """Newer duckdb takes a COPY within a SELECT, and the folder's files may be opened."""
    before = files_of(saved)
    copy = "COPY (SELECT 1) TO '{kept}/runs.parquet' (FORMAT csv, USE_TMP_FILE false)"
    assert refused(saved, sql.replace("{copy}", copy).replace("{kept}", str(saved)))
    assert files_of(saved) == before


@pytest.mark.parametrize(
    ("sql", "reported"),
    [
        ("", "--sql: the query is empty; SELECT from one of: balances, committees, panel"),
        ("-- nothing", "--sql: the query is empty"),
        ("SELECT polcy FROM runs", "line 1, column 8: no column 'polcy'; did you mean policy"),
        ("SELECT policy\nFROM runs\nWHERE grnts > 1",
         "line 3, column 7: no column 'grnts'; did you mean grants"),
        ("SELECT runs.zzzzz FROM runs", "no column 'zzzzz'; sif results"),
        ("SELECT * FROM rnus", "line 1, column 15: no table 'rnus'; did you mean runs?"),
        ('SELECT * FROM runs WHERE policy = "orebro@2016"', "single quotes: 'orebro@2016'"),
        ("SELECT other.policy FROM runs", "no table 'other'; known: balances, committees"),
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT CAST('x' AS INTEGER)", "Could not convert string 'x'"),
        ("SELECT ?", "parameters: 1"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_query_is_reported_in_a_line_with_its_place(
    saved: Path, sql: str, reported: str
) -> None:
    """And what was probably meant."""
    assert reported in refused(saved, sql)


def test_a_refusal_is_wrong_use_on_the_command_line(ask: Sif) -> None:
    """One line on standard error, and nothing else."""
    ran = ask("SELECT * FROM read_csv('/etc/passwd')")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert ran.err.startswith("sif: --sql")


def test_a_semicolon_and_a_remark_may_end_a_query(saved: Path) -> None:
    """Whatever stands around it, the query is the same; letters may be of any alphabet."""
    for sql in ("{};", "{} -- two", "{}; -- två\n;", ";{}", "{} ;;"):
        assert answered(saved, sql.replace("{}", "SELECT 'åäö–' AS å")) == [("åäö–",)]


def test_a_parameter_with_a_point_in_its_name_is_explained(sif: Sif, tmp_path: Path) -> None:
    """It stands in double quotes."""
    pl.DataFrame({"behaviour.horizon": [36.0]}).write_parquet(tmp_path / "draws.parquet")
    asked = ("results", str(tmp_path), "--format", "json", "--sql")
    assert '"behaviour.horizon"' in sif(*asked, "SELECT behaviour.horizon FROM draws").err
    assert sif(*asked, 'SELECT "behaviour.horizon" AS h FROM draws').data == [{"h": 36.0}]


def test_a_folder_may_have_any_name(sif: Sif, saved: Path, tmp_path: Path) -> None:
    """Quotation marks and stars in it are no SQL and no pattern."""
    odd = tmp_path / "it's [a] *"
    odd.mkdir()
    (odd / "runs.parquet").write_bytes((saved / "runs.parquet").read_bytes())
    (odd / 'so "called".parquet').write_bytes((saved / "runs.parquet").read_bytes())
    (odd / "broken.parquet").write_bytes(b"PAR1")
    asked = ("results", str(odd), "--format", "json", "--sql")
    ran = sif(*asked, 'SELECT count(*) AS n FROM runs JOIN "so ""called""" USING (policy)')
    assert ran.data == [{"n": 32}]
    assert "broken.parquet cannot be read" in ran.err


def test_without_tables_there_is_nothing_to_ask(sif: Sif, tmp_path: Path) -> None:
    """Which folder to name, or which files are damaged; and one thing is asked at a time."""
    folder = str(tmp_path)
    assert "holds no tables; name a folder" in sif("results", folder, "--tables").err
    (tmp_path / "runs.parquet").write_bytes(b"PAR1")
    ran = sif("results", folder, "--sql", "SELECT 1")
    assert (ran.code, "no tables that can be read: runs.parquet" in ran.err) == (2, True)
    assert "one at a time" in sif("results", folder, "--sql", "SELECT 1", "--tables").err


def test_without_duckdb_the_extra_to_install_is_named(
    ask: Sif, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is read."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert "pip install 'sifrules[sql]'" in ask("SELECT 1").err


def test_ctrl_c_ends_a_query_that_would_take_for_ever(
    ask: Sif, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While duckdb is at work, with one word and the code of an interruption."""
    wait, interrupted = sql_module.wait, []

    def stop_at_work(futures: Any, timeout: float) -> Any:
        found = wait(futures, timeout=timeout)
        if found.not_done and not interrupted:
            interrupted.append(futures)
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(sql_module, "wait", stop_at_work)
    ran = ask("SELECT count(*) FROM range(100000000) a, range(100000000) b, runs")
    assert (ran.code, ran.out, ran.err.split()) == (130, "", ["sif:", "stopped"])
    assert interrupted


def test_json_reads_as_json_of_one_row_a_line(ask: Sif) -> None:
    """So that tools that go line by line may read it too."""
    lines = ask("SELECT * FROM range(3)", "--format", "json").out.splitlines()
    assert (lines[0], lines[-1]) == ("[", "]")
    assert [json.loads(line.rstrip(",")) for line in lines[1:-1]] == [
        {"range": 0}, {"range": 1}, {"range": 2}
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "where"), [(1, "--sql"), (2, "--sql, line 1, column 3")])
def test_a_fault_around_the_query_has_no_line(line: int, where: str) -> None:
    """The query's first line is line 1; what stands above it there is none of its lines."""
    told = f"Parser Error: odd\n\nLINE {line}: SELECT\n{' ' * len(f'LINE {line}: ')}  ^"
    assert mistake(told, None, "SELECT", below=1).where == where  # type: ignore[arg-type]
