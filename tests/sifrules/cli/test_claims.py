"""Claims and replays on the command line: what they add up to, and how they are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BRYGGAN = ["--cost", "12200000", "--start", "2017-08", "--months", "29"]


#: runs the command line and gives back what it left behind; a fixture of conftest.py
Sif = Callable[..., Any]


@pytest.mark.parametrize(
    ("effect", "returned"),
    [("2000000", 3_660_000), ("8000000", 8_000_000), ("20000000", 12_200_000)],
)
def test_claims_shows_orebros_return_and_fee(sif: Sif, effect: str, returned: int) -> None:
    """The figures of the risk that is shared, as JSON."""
    args = ["--policy", "orebro@2016", *BRYGGAN, "--effect", effect, "--format", "json"]
    answer = sif("claims", *args).data
    amounts = {claim["kind"]: claim["amount_sek"] for claim in answer["claims"]}
    assert amounts == {"return": returned, "fee": 610_000}
    assert answer["total_sek"] == returned + 610_000


def test_claims_that_cannot_be_determined_say_so_with_exit_code_1(sif: Sif) -> None:
    """A start in 2021 in Norrköping has no total, and a way to choose a reading."""
    args = ["--cost", "1000000", "--start", "2021-05", "--months", "24", "--format", "json"]
    ran = sif("claims", "--policy", "norrkoping@2022", *args)
    assert (ran.code, ran.data["total_sek"], ran.data["claims"]) == (1, None, [])
    assert "return_model.transition.gap" in ran.data["reason"]


def test_nothing_claimed_is_reported_as_a_total_before_the_reason(sif: Sif) -> None:
    """0 SEK first, then why."""
    args = ["--cost", "1000000", "--start", "2022-05", "--months", "24"]
    lines = sif("claims", "--policy", "norrkoping@2022", *args).out.splitlines()
    assert lines[0] == "norrkoping@2022: 0\u00a0SEK claimed back in all"
    assert "Outcome:" in lines


def test_claims_as_csv_are_bare_numbers_without_a_total(sif: Sif) -> None:
    """The unit stands in the heading, so that a spreadsheet can add the amounts up."""
    args = ["--policy", "orebro@2016", *BRYGGAN, "--effect", "2000000", "--format", "csv"]
    heads, *claims = csv.reader(io.StringIO(sif("claims", *args).out))
    assert [row[heads.index("amount_sek")] for row in claims] == ["3660000", "610000"]


def test_where_nothing_is_claimed_the_csv_has_a_row_that_says_why(sif: Sif) -> None:
    """With nothing to add up but zero."""
    args = ["--cost", "1000000", "--start", "2022-05", "--months", "24", "--format", "csv"]
    heads, row = csv.reader(io.StringIO(sif("claims", "--policy", "norrkoping@2022", *args).out))
    assert row[heads.index("amount_sek")] == "0"
    assert row[heads.index("why")]


def test_a_swedish_csv_is_as_swedish_excel_opens_it(sif: Sif) -> None:
    """Semicolons, decimal commas and a byte-order mark, by which Excel knows that it is UTF-8."""
    args = ["--policy", "orebro@2016", *BRYGGAN, "--effect", "8000000.5", "--format", "csv"]
    swedish, english = sif("claims", *args, "--lang", "sv").out, sif("claims", *args).out
    assert swedish.startswith("\ufeff")
    _, *claims = csv.reader(io.StringIO(swedish.removeprefix("\ufeff")), delimiter=";")
    heads, *english_claims = csv.reader(io.StringIO(english))
    at = heads.index("amount_sek")
    assert [row[at].replace(",", ".") for row in claims] == [row[at] for row in english_claims]
    assert any("," in row[at] for row in claims)
    assert not english.startswith("\ufeff")


def test_what_the_deciding_body_writes_down_is_not_claimed(sif: Sif, tmp_path: Path) -> None:
    """--written-down lowers the return where the guideline leaves that to a decision."""
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'base = "orebro@2016"\n[write_down]\nkind = "by_decision"\ncite = "report: 2"\n',
        "utf-8",
    )
    args = ["--policy", str(mine), *BRYGGAN, "--effect", "12200000", "--format", "json"]
    whole, lowered = (
        sif("claims", *args, *more).data["total_sek"] for more in ([], ["--written-down", "200000"])
    )
    assert whole - lowered == 200_000


@pytest.mark.parametrize("written", ["12200000", "12 200 000", "12_200_000", "12200000,00"])
def test_kronor_may_be_written_with_spaces_or_two_decimals(sif: Sif, written: str) -> None:
    """All of these are the same amount."""
    args = ["--policy", "orebro@2016", "--cost", written, *BRYGGAN[2:], "--format", "json"]
    assert sif("claims", *args, "--effect", "8000000,5").data["total_sek"] == 8_610_000.5


def test_replay_has_null_where_the_record_is_silent(sif: Sif) -> None:
    """What Norrköping paid out is not known; what it granted is, to the krona."""
    answer = sif("replay", "norrkoping", "--until", "2013-12-31", "--format", "json").data
    assert answer["granted_sek"] == 33_524_992
    assert answer["available_sek"] == 6_475_008
    assert (answer["paid_out_sek"], answer["returned_sek"]) == (None, None)


def test_replay_as_csv_is_one_long_table_of_bare_numbers(sif: Sif) -> None:
    """A row for every total, year, grant and count; nothing where it is not known."""
    heads, *rows = csv.reader(io.StringIO(sif("replay", "sodertalje", "--format", "csv").out))
    assert heads == ["item", "date", "amount_sek", "number", "policy", "citation"]
    amounts = {(row[0], row[1]): row[2] for row in rows}
    assert amounts["granted", "2018-12-31"] == "22500000"
    assert amounts["written down", "2018-12-31"] == ""
    assert amounts["net paid out", "2016"] == "1300000"
    assert amounts["Ungdomscoacher", "2016-04-29"] == "6000000"
    counts = {(row[0], row[1]): row[3] for row in rows}
    assert counts["applications refused", "2016/2017"] == "0"


@pytest.mark.parametrize("town", ["malmo", "norrkoping", "nynashamn", "orebro", "sodertalje"])
def test_the_notes_of_a_replay_are_in_the_language_asked_for(sif: Sif, town: str) -> None:
    """No English word of ours in the Swedish notes, and no Swedish one in the English."""
    until = ["--until", "2016-06-30", "--format", "json"]
    swedish = " ".join(sif("replay", town, *until, "--lang", "sv").data["notes"])
    english = " ".join(sif("replay", town, *until, "--lang", "en").data["notes"])
    for word in ("guideline", "payment", "grant ", "paid_out", "spring", "autumn", "known"):
        assert word not in swedish
    for word in ("riktlinje", "utbetalning", "beviljande", "våren", "hösten", "känt"):
        assert word not in english


def test_claims_says_what_a_comparison_does_with_a_transition(sif: Sif) -> None:
    """Where it decides, the note names the switch; where it does not, there is no note."""
    asked = ("claims", "--policy", "norrkoping@2010", "--cost", "2000000", "--months", "12")
    after = sif(*asked, "--start", "2022-03").out
    assert "0 SEK claimed back" in after.replace("\N{NO-BREAK SPACE}", " ")
    assert "--set return_model.transition=none" in after
    switched = sif(*asked, "--start", "2022-03", "--set", "return_model.transition=none").out
    assert "2,000,000 SEK claimed back" in switched.replace("\N{NO-BREAK SPACE}", " ")
    assert "sif compare" not in switched
    assert "sif compare" not in sif(*asked, "--start", "2015-03").out


def test_claims_says_that_there_is_no_fund(sif: Sif) -> None:
    """Nothing is claimed of a fund that does not exist, and that is the reason given."""
    asked = ("claims", "--policy", "botkyrka@2018", "--cost", "1000000", "--start", "2019-01",
             "--months", "12")  # fmt: skip
    assert "there is no fund" in sif(*asked).out
    assert "det finns ingen fond" in sif(*asked, "--lang", "sv").out


def test_a_fact_of_claims_is_given_once(sif: Sif) -> None:
    """Two values of one fact are refused, as in check."""
    facts = ["--fact", "application.areas=2", "--fact", "application.areas=3"]
    ran = sif("claims", "--policy", "orebro@2016", *BRYGGAN, *facts)
    assert (ran.code, ran.out) == (2, "")
    assert "application.areas is given twice; give each fact once" in ran.err


def test_options_that_change_nothing_of_what_is_claimed_are_named(sif: Sif) -> None:
    """Nothing that is given is left out in silence."""
    args = ("claims", "--policy", "orebro@2016", *BRYGGAN, "--format", "json")
    idle = ("--written-down", "1000000", "--effects-begin", "2018-01")
    (note,) = sif(*args, *idle).data["notes"]
    assert "--effects-begin, --written-down;" in note
    assert sif(*args, "--effect", "8000000", "--return-from", "2021-01").data["notes"] == []


def test_a_payer_has_its_share_in_the_words_of_the_language(sif: Sif) -> None:
    """Decimal commas in Swedish."""
    args = ("claims", "--policy", "orebro@2016", *BRYGGAN, "--payer", "a=0.505", "--lang", "sv")
    assert "50,5\u00a0%" in sif(*args).err
