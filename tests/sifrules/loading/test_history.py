"""A record is read whole, and what its sources do not say stays absent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from sifrules import FaultyFile, History, Registry, Replay, hookimpl, read_history, replay
from sifrules.errors import SifError
from sifrules.plugin.registry import registry
from sifrules.record_replay import first_day
from sifrules.values.money import ore

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
    (
        "empty count",
        HEAD + '[[counts]]\nwhat = "ideas"\nfirst = "2013"\nuntil = "2014"\ncite = "report"',
        r"counts\[0\]",
    ),
    (
        "backward count",
        HEAD
        + '[[counts]]\nwhat = "ideas"\nfirst = "2015"\nuntil = "2014"\ncount = 3\ncite = "report"',
        r"counts\[0\].until",
    ),
    (
        "negative count",
        HEAD
        + '[[counts]]\nwhat = "ideas"\nfirst = "2013"\nuntil = "2014"\ncount = -3\ncite = "report"',
        r"counts\[0\].count",
    ),
    (
        "unknown count",
        HEAD + '[[counts]]\nwhat = "wishes"\nfirst = "2013"\nuntil = "2014"\ncite = "report"',
        "counts.*expected one of",
    ),
    ("complete kind", HEAD + '[complete]\ngifts = "report"', "complete.*expected one of"),
]


def test_a_count_keeps_its_time_whose_it_was_and_its_citation(tmp_path: Path) -> None:
    """A number that no source gives is absent, and its reason stands in its place."""
    text = """
[[counts]]
what = "ideas_refused"
origin = "civil_society"
first = "2013"
until = "2016-autumn"
reason = { sv = "pågående arbete", en = "work under way" }
cite = "report: 3"
"""
    (count,) = _read(tmp_path, HEAD + text).counts
    assert (count.what, count.origin, count.count) == ("ideas_refused", "civil_society", None)
    assert (str(count.first), str(count.until)) == ("2013", "2016-autumn")
    assert str(count.cite) == "The report, 3 (2018)"


@pytest.mark.parametrize(
    ("text", "told"), [case[1:] for case in FAULTS], ids=[c[0] for c in FAULTS]
)
def test_a_fault_in_a_record_is_reported_with_its_place(
    tmp_path: Path, text: str, told: str
) -> None:
    """File, row and what was expected there."""
    with pytest.raises(FaultyFile, match=rf"history\.toml: .*{told}"):
        _read(tmp_path, text)


def test_all_faults_of_a_record_are_reported_at_once(tmp_path: Path) -> None:
    """Whoever mends it mends it once."""
    text = "odd = 1\n" + HEAD.replace('"2017"', "3.5") + GRANT.replace("12_200_000", "-1")
    with pytest.raises(FaultyFile) as caught:
        _read(tmp_path, text)
    assert {fault.key for fault in caught.value.faults} == {"odd", "until", "grants[0].amount"}


# --- a record through the ledger ----------------------------------------------------------


class _Offering:
    """A plugin that offers one record."""

    def __init__(self, history: History) -> None:
        self._history = history

    @hookimpl
    def sifrules_history(self) -> Sequence[History]:
        return [self._history]


def _registry(history: History) -> Registry:
    return registry(off=["all"], extra={"toy": _Offering(history)})


def _replayed(folder: Path, text: str, until: str | None = None) -> Replay:
    day = None if until is None else dt.date.fromisoformat(until)
    return replay(_registry(_read(folder, HEAD + text)), "toy", day)


def _said(result: Replay, language: str = "en") -> list[str]:
    return [note.text(language) for note in result.notes]


def _entry(what: str, date: str, amount: int, grant: str = "Bryggan") -> str:
    of = "" if what == "endowment" else f'grant = "{grant}"\n'
    return (
        f'[[entries]]\nwhat = "{what}"\ndate = "{date}"\namount = {amount}\n{of}cite = "report"\n'
    )


def _complete(*kinds: str) -> str:
    return "[complete]\n" + "".join(f'{kind} = "report: 4"\n' for kind in kinds)


TOTAL = """
[[totals]]
what = "granted"
amount = 30_000_000
until = "2016-06-30"
cite = "report: 5"
"""
ALL = ("endowment", "granted", "paid_out", "handed_back")


def test_a_stated_total_counts_on_the_day_it_reaches_and_is_a_note_after_it(tmp_path: Path) -> None:
    """What came after it is not known, so it is no total of a later day."""
    then = _replayed(tmp_path, TOTAL, "2016-06-30")
    assert then.granted == ore(30_000_000)
    assert str(then.cites["granted"]) == "The report, 5 (2018)"
    later = _replayed(tmp_path, TOTAL)
    assert later.granted is None
    (note,) = [note for note in _said(later) if "30,000,000" in note]
    assert "2016-06-30" in note
    assert _replayed(tmp_path, TOTAL, "2016-05-31").granted is None
    to_the_end = TOTAL.replace("2016-06-30", "2017-12-31")
    assert _replayed(tmp_path, to_the_end).granted == ore(30_000_000)


def test_an_event_that_an_incomplete_record_does_not_reach_is_noted(tmp_path: Path) -> None:
    """Only what is listed in full can be contradicted."""
    result = _replayed(tmp_path, GRANT + _entry("endowment", "2015", 5_000_000))
    assert result.known["granted"] == ore(12_200_000)
    (note,) = [note for note in _said(result) if "not posted" in note]
    assert note.startswith("grant of Bryggan (autumn 2016)")
    (note,) = [note for note in _said(result, "sv") if "inte bokfört" in note]
    assert note.startswith("beviljande av Bryggan (hösten 2016)")


def test_an_unknown_amount_makes_what_rests_on_it_a_note(tmp_path: Path) -> None:
    """A payment out of a grant whose amount is not known is no contradiction."""
    unknown = GRANT.replace("amount = 12_200_000\n", "")
    text = _entry("endowment", "2015", 50_000_000) + _entry("paid_out", "2017-03", 1_000_000)
    result = _replayed(tmp_path, unknown + text + _complete(*ALL))
    assert any(note.startswith("payment to Bryggan (2017-03) is not") for note in _said(result))


@pytest.mark.parametrize(
    "text",
    [
        _entry("endowment", "2015", 5_000_000),
        _entry("endowment", "2015", 50_000_000) + _entry("paid_out", "2017", 13_000_000),
    ],
)
def test_a_contradiction_within_complete_lists_is_an_error(tmp_path: Path, text: str) -> None:
    """The record says two things that cannot both be so."""
    with pytest.raises(SifError, match="mend the record"):
        _replayed(tmp_path, GRANT + text + _complete(*ALL))


def test_years_are_reported_only_where_payments_and_hand_backs_are_listed_in_full(
    tmp_path: Path,
) -> None:
    """A year's sum of half the payments would be taken for the whole."""
    text = GRANT + _entry("endowment", "2015", 50_000_000) + _entry("paid_out", "2017-03", 1_000)
    assert _replayed(tmp_path, text + _complete(*ALL)).by_year == {2017: ore(1_000)}
    assert _replayed(tmp_path, text + _complete(*ALL[:3])).by_year == {}
    assert _replayed(tmp_path, text + _complete(*ALL), "2017-03-15").by_year == {}


def test_a_doubtful_payment_is_called_a_payment_of_its_grant(tmp_path: Path) -> None:
    """In both languages, and not just by the grant's name."""
    text = GRANT + _entry("endowment", "2015", 50_000_000) + _entry("paid_out", "2017", 1_000)
    result = _replayed(tmp_path, text, "2017-06-30")
    assert any(note.startswith("payment to Bryggan (2017) may have") for note in _said(result))
    swedish = _said(result, "sv")
    assert any(note.startswith("utbetalning till Bryggan (2017) kan ha") for note in swedish)


def test_why_there_is_no_policy_is_reported_in_both_languages(tmp_path: Path) -> None:
    """With the grant's name and date."""
    (grant,) = _replayed(tmp_path, GRANT).grants
    assert grant.why_not is not None
    assert (
        grant.why_not.text("en")
        == "Bryggan (autumn 2016): the guideline then in force is not known"
    )
    assert (
        grant.why_not.text("sv") == "Bryggan (hösten 2016): riktlinjen som gällde då är inte känd"
    )


def test_a_record_begins_with_the_first_event_that_may_have_happened(tmp_path: Path) -> None:
    """A year begins on its first day; a record without events has no beginning."""
    text = HEAD + GRANT + _entry("endowment", "2015", 5_000_000)
    assert first_day(_read(tmp_path, text)) == dt.date(2015, 1, 1)
    assert first_day(_read(tmp_path, HEAD + TOTAL)) is None


@pytest.mark.parametrize("count", ["-9223372036854775808", "-1", "1_000_001", "0x" + "f" * 40])
@pytest.mark.parametrize("table", ["counts", "totals"])
def test_an_impossible_count_is_refused(tmp_path: Path, table: str, count: str) -> None:
    """Of ideas and of grants: from none to a million."""
    row = 'what = "granted"\nfirst = "2013"\n' if table == "counts" else 'what = "granted"\n'
    text = f'{HEAD}[[{table}]]\n{row}until = "2014"\ncount = {count}\ncite = "report"\n'
    mine = tmp_path / "history.toml"
    mine.write_text(text, "utf-8")
    with pytest.raises(FaultyFile, match=rf"{table}\[0\]\.count: expected a whole number from 0"):
        read_history(mine)
