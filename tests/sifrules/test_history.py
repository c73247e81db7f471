"""A record is read whole, and what its sources do not say stays absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from sifrules import FaultyFile, History, read_history
from sifrules.money import ore

HEAD = """
key = "toy"
municipality = "Toy"
until = "2017"
[documents.report]
title = "The report"
date = "2018"
"""
GRANT = """
[[grants]]
name = "Bryggan"
granted = "2016-autumn"
amount = 12_200_000
cite = "report: 3"
"""


def _read(folder: Path, text: str) -> History:
    file = folder / "history.toml"
    file.write_text(text, "utf-8")
    return read_history(file)


def test_a_record_keeps_amounts_dates_and_citations(tmp_path: Path) -> None:
    """Kronor become öre, dates keep their precision, each row its place in a document."""
    (grant,) = _read(tmp_path, HEAD + GRANT).grants
    assert grant.amount == ore(12_200_000)
    assert str(grant.granted) == "2016-autumn"
    assert str(grant.cite) == "The report, 3 (2018)"


def test_an_amount_that_no_source_states_is_absent(tmp_path: Path) -> None:
    """Not nothing: not known."""
    text = GRANT.replace("amount = 12_200_000\n", "")
    (grant,) = _read(tmp_path, HEAD + text).grants
    assert grant.amount is None


def test_a_list_is_complete_only_where_a_source_says_so(tmp_path: Path) -> None:
    """And that is cited."""
    assert _read(tmp_path, HEAD + GRANT).complete == {}
    told = _read(tmp_path, HEAD + GRANT + '\n[complete]\ngranted = "report: 4"\n').complete
    assert str(told["granted"]) == "The report, 4 (2018)"


FAULTS = [
    ("key", HEAD.replace('key = "toy"', ""), "key: missing"),
    ("until", HEAD.replace('"2017"', '"soon"'), "until: expected a date"),
    ("unknown", "grant = 1\n" + HEAD, "grant: unknown key; did you mean grants"),
    ("negative", HEAD + GRANT.replace("12_200_000", "-1"), r"grants\[0\].amount: expected kronor"),
    ("uncited", HEAD + GRANT.replace('cite = "report: 3"', ""), r"grants\[0\]: has no citation"),
    ("unknown cite", HEAD + GRANT.replace("report: 3", "rapport: 3"), "did you mean report"),
    ("odd cite", HEAD + GRANT.replace('"report: 3"', "{ x = 1 }"), r"grants\[0\]"),
    ("twice", HEAD + GRANT + GRANT, "two grants are called 'Bryggan'"),
    (
        "event",
        HEAD + '[[entries]]\nwhat = "gift"\ndate = "2016"\ncite = "report"',
        "entries.*expected one of",
    ),
    (
        "no grant",
        HEAD
        + GRANT
        + '[[entries]]\nwhat = "paid_out"\ngrant = "Brygga"\ndate = "2016"\ncite = "report"',
        r"entries\[0\].grant: no grant 'Brygga'; did you mean Bryggan",
    ),
    (
        "table",
        HEAD.replace("[documents", "grants = 3\n[documents"),
        r"grants: expected tables as \[\[grants\]\]",
    ),
    (
        "complete",
        HEAD + '[complete]\ngranted = "rapport: 3"',
        "complete.granted.*did you mean report",
    ),
    ("complete kind", HEAD + '[complete]\ngifts = "report"', "complete.*expected one of"),
]


@pytest.mark.parametrize(
    ("text", "told"), [case[1:] for case in FAULTS], ids=[c[0] for c in FAULTS]
)
def test_a_fault_in_a_record_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """File, row and what was expected there."""
    with pytest.raises(FaultyFile, match=rf"history\.toml: .*{told}"):
        _read(tmp_path, text)


def test_all_faults_of_a_record_are_told_at_once(tmp_path: Path) -> None:
    """Whoever mends it mends it once."""
    text = "odd = 1\n" + HEAD.replace('"2017"', "3.5") + GRANT.replace("12_200_000", "-1")
    with pytest.raises(FaultyFile) as caught:
        _read(tmp_path, text)
    assert {fault.key for fault in caught.value.faults} == {"odd", "until", "grants[0].amount"}
