"""Tables: what formatted cells look like laid out, and what must not survive in them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, strategies as st

from sifrules.presentation.table import (
    Column,
    Table,
    as_csv,
    as_markdown,
    as_text,
    csv_lines,
    plain_text,
    stacked,
)
from sifrules.values.text import Language


def _table(*rows: list[str]) -> Table:
    return Table([Column("name"), Column("amount", number=True)], rows)


def test_grouped_swedish_amounts_stay_aligned_to_the_right() -> None:
    """No-break spaces and different lengths end in the same place."""
    text = as_text(_table(["a", "1\u00a0234\u00a0567 kr"], ["b", "5 kr"]))
    ends = {len(line.rstrip()) for line in text.splitlines()[2:]}
    assert len(ends) == 1


def test_a_number_in_a_cell_is_not_reformatted() -> None:
    """What was formatted stays: no rounding, no dropped zeros."""
    assert "0.30" in as_text(_table(["a", "0.30"]))


def test_a_bar_in_a_cell_stays_a_bar_in_markdown() -> None:
    """A cell cannot open a column of its own."""
    line = as_markdown(_table(["a|b", "1"])).splitlines()[2]
    assert line.count("|") - line.count("\\|") == 3


def test_a_heading_broken_for_the_terminal_is_whole_elsewhere() -> None:
    """A line break in a heading would end the table in Markdown."""
    table = Table([Column("orebro\n@2016"), Column("a|b")], [["yes", "no"]])
    assert "@2016" in as_text(table).splitlines()[1]
    head, rule, row = as_markdown(table).splitlines()
    assert "orebro@2016" in head
    assert head.count("|") - head.count("\\|") == rule.count("|") == row.count("|")
    assert as_csv(table).splitlines()[0] == "orebro@2016,a|b"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_text_starts_a_formula_in_csv(start: str) -> None:
    """A spreadsheet shows the text instead of computing it."""
    rows = list(csv.reader(io.StringIO(as_csv(_table([f"{start}1+1", "-5"])))))
    assert rows[1] == [f"'{start}1+1", "-5"]


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("cell", ["=1+1", "+cmd|x", "-1-1", "@sum", "-", "\t=1"])
def test_no_cell_of_a_column_of_numbers_starts_a_formula(cell: str, lang: Language) -> None:
    """What stands there and is no number is a text like any other."""
    table = Table([Column("kr", number=True)], [[cell], ["-1.5"], ["+2e-7"], [""]])
    said = "\n".join(csv_lines(table.columns, table.rows, lang))
    rows = list(csv.reader(io.StringIO(said), delimiter=";" if lang == "sv" else ","))
    assert rows[1][0].startswith(("'", " "))
    numbers = ["-1,5", "+2e-7", ""] if lang == "sv" else ["-1.5", "+2e-7", ""]
    assert [row[0] if row else "" for row in rows[2:]] == numbers


@given(st.text())
def test_no_control_or_direction_mark_survives(text: str) -> None:
    """Whatever a file holds, the terminal is not steered by it."""
    shown = plain_text(text)
    assert not set(shown) & {"\x1b", "\u202e", "\u200f", "\x07", "\r"}


@given(st.lists(st.tuples(st.text(alphabet='abåäö,;"\n'), st.text(alphabet="0123"))))
def test_csv_gives_back_the_rows_it_was_given(rows: list[tuple[str, str]]) -> None:
    """Commas, quotes and line breaks are kept."""
    read = list(csv.reader(io.StringIO(as_csv(_table(*map(list, rows)))), strict=True))
    assert read[1:] == [list(row) for row in rows]


def test_a_break_that_is_meant_stays_and_one_that_is_not_does_not() -> None:
    """Only what we put one below the other stands so; a text's own break makes no row."""
    shown = as_text(Table([Column("a")], [[stacked("x\ny", "z")], ["one\ntwo"]]))
    assert shown.splitlines()[2:] == ["x y", "z", "one two"]
