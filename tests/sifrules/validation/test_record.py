"""A record against its own rules: what those would have refused, and what they may have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import Guideline, History, Registry, hookimpl, read_history
from sifrules.validation import Issue, validate, validate_plugin, validate_record
from sifrules.values.citations import FILL_IN

Toy = Callable[..., Guideline]
Of = Callable[..., Registry]

HEAD = """
key = "toy"
municipality = "Toy"
until = "2023"
[documents.minutes]
title = "Minutes"
"""


def _cap(kind: str, limit: int) -> dict[str, Any]:
    return {"kind": kind, "cite": "guide: 4", "limit": limit}


@pytest.fixture
def town(toy: Toy, registry_of: Of) -> Registry:
    """A town whose guideline holds from March 2020 to March 2022, with a cap of every kind."""
    caps = {
        "size": _cap("amount_per_investment", 400_000),
        "new": _cap("new_investments_per_year", 2),
        "year": _cap("amount_per_year", 600_000),
        "time": _cap("duration", 24),
    }
    terms = {"cite": "report: 1", "in_force": "2020-03-01", "replaced": "2022-03-01"}
    return registry_of(toy(terms=terms, caps=caps))


def _grant(name: str, granted: str, **more: object) -> str:
    rows = {"name": name, "granted": granted, "cite": "minutes: 1", **more}
    lines = [
        f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        for key, value in rows.items()
    ]
    return "\n".join(["[[grants]]", *lines, ""])


@pytest.fixture
def said(town: Registry, tmp_path: Path) -> Callable[..., list[tuple[str, str, str]]]:
    """What is said of a record with these grants."""

    def of(*pieces: str) -> list[tuple[str, str, str]]:
        return [
            (each.level.value, each.kind, each.key)
            for each in validate_record(town, _history(tmp_path, *pieces))
        ]

    return of


def _history(folder: Path, *pieces: str) -> History:
    file = folder / "history.toml"
    file.write_text(HEAD + "\n".join(pieces), "utf-8")
    return read_history(file)


ENDOWED = """
[complete]
endowment = "minutes: 1"
[[entries]]
what = "endowment"
date = "2019"
amount = 500_000
cite = "minutes: 1"
"""
BACK = 'returned = "minutes: 1"\nhanded_back = "minutes: 1"\n'
ALL_LISTED = ENDOWED.replace("[[entries]]", f"{BACK}[[entries]]")

FOUND: dict[str, tuple[list[str], list[tuple[str, str, str]]]] = {
    "a sound record": (
        [_grant("A", "2021", amount=400_000, starts="2021-05-01", ends="2022-12-31")],
        [],
    ),
    "more than the cap per investment": (
        [_grant("A", "2021", amount=400_001)],
        [("wrong", "would_be_refused", "grants[0]")],
    ),
    "more than the cap, under a guideline that may have been replaced": (
        [_grant("A", "2022", amount=400_001)],
        [("doubtful", "may_be_refused", "grants[0]")],
    ),
    "an unknown amount": ([_grant("A", "2021")], []),
    "surely longer than allowed": (
        [_grant("A", "2021", starts="2021-01", ends="2023-03")],
        [("wrong", "would_be_refused", "grants[0]")],
    ),
    "perhaps longer than allowed": (
        [_grant("A", "2021", starts="2021", ends="2023")],
        [("doubtful", "may_be_refused", "grants[0]")],
    ),
    "exactly as long as allowed": (
        [_grant("A", "2021", starts="2021-01-01", ends="2022-12-31")],
        [],
    ),
    "three in a year": (
        [_grant(name, "2021") for name in "ABC"],
        [("wrong", "year_would_be_refused", "grants[2]")],
    ),
    "three in a year, the third perhaps under no guideline": (
        [_grant("A", "2022-01"), _grant("B", "2022-02"), _grant("C", "2022")],
        [("doubtful", "year_may_be_refused", "grants[2]")],
    ),
    "three in a year, the first two under no cap": (
        [_grant("A", "2020-01"), _grant("B", "2020-02"), _grant("C", "2020-05")],
        [
            ("wrong", "year_would_be_refused", "grants[2]"),
            ("doubtful", "granted_before_any_guideline", "grants[0]"),
            ("doubtful", "granted_before_any_guideline", "grants[1]"),
        ],
    ),
    "three in a year, but only the first under the cap": (
        [_grant("A", "2022-01"), _grant("B", "2022-05"), _grant("C", "2022-06")],
        [
            ("wrong", "granted_without_guideline", "grants[1]"),
            ("wrong", "granted_without_guideline", "grants[2]"),
        ],
    ),
    "more than the cap per year": (
        [_grant("A", "2021-02", amount=400_000), _grant("B", "2021-05", amount=200_001)],
        [("wrong", "year_would_be_refused", "grants[1]")],
    ),
    "more granted than set aside": (
        [ALL_LISTED, *(_grant(n, y, amount=300_000) for n, y in (("A", "2020-06"), ("B", "2021")))],
        [("wrong", "more_granted_than_set_aside", "grants[1]")],
    ),
    "more granted than set aside, returns not known": (
        [ENDOWED, *(_grant(n, y, amount=300_000) for n, y in (("A", "2020-06"), ("B", "2021")))],
        [("doubtful", "maybe_more_granted_than_set_aside", "grants[1]")],
    ),
    "ends before it starts": (
        [_grant("A", "2021", starts="2022", ends="2021")],
        [("wrong", "ends_before_starts", "grants[0]")],
    ),
    "started before it was granted": (
        [_grant("A", "2021", starts="2020")],
        [("doubtful", "started_before_granted", "grants[0]")],
    ),
    "a place to be filled in": (
        [_grant("A", "2021", cite=f"minutes: {FILL_IN}")],
        [("wrong", "fill_in", "grants[0]")],
    ),
    "a citation without a place": (
        [_grant("A", "2021", cite="minutes")],
        [("doubtful", "no_place", "grants[0]")],
    ),
}


@pytest.mark.parametrize(("pieces", "expected"), FOUND.values(), ids=FOUND)
def test_a_record_is_reported_wrong_only_where_it_is_sure(
    said: Callable[..., list[tuple[str, str, str]]],
    pieces: list[str],
    expected: list[tuple[str, str, str]],
) -> None:
    """Each seeded fault by its kind and place; what only may be so is doubtful."""
    assert said(*pieces) == expected


def _refusal(town: Registry, folder: Path) -> Issue:
    history = _history(folder, _grant("A", "2021", amount=400_001))
    (doubt,) = validate(town, town.policy("toy@2020"), history)
    return doubt


def test_a_refusal_names_the_rule_the_guideline_and_what_was_seen(
    town: Registry, tmp_path: Path
) -> None:
    """In both languages, so that the decision can be looked up."""
    doubt = _refusal(town, tmp_path)
    assert doubt.file == str(tmp_path / "history.toml")
    for piece in ("A (2021)", "toy@2020", "caps.size"):
        assert piece in doubt.what.text("sv")
        assert piece in doubt.what.text("en")
    assert "400,001" in doubt.what.text("en")


def test_a_guideline_of_a_file_counts_next_to_those_of_plugins(
    toy: Toy, registry_of: Of, town: Registry, tmp_path: Path
) -> None:
    """A record may be held against guidelines that no plugin offers yet."""
    history = _history(tmp_path, _grant("A", "2021", amount=400_001))
    (doubt,) = validate_record(registry_of(), history, [town.policy("toy@2020")])
    assert doubt.kind == "would_be_refused"
    assert validate_record(registry_of(), history) == ()


def test_a_plugin_is_its_guidelines_and_its_record(
    toy: Toy, registry_of: Of, tmp_path: Path
) -> None:
    """Also what the plugin could not offer is reported, once."""
    history = _history(tmp_path, _grant("A", "2019"))

    class Recording:
        @hookimpl
        def sifrules_history(self) -> list[History]:
            return [history, history]

    terms = {"cite": "report: 1", "in_force": "2020"}
    faulty = toy(id="toy@2021", terms=terms, funding={"kind": "odd"})
    known = registry_of(toy(terms=terms), faulty, recording=Recording())
    kinds = [each.kind for each in validate_plugin(known, "toy")]
    assert kinds == ["faulty"]
    assert [each.kind for each in validate_plugin(known, "recording")] == ["plugin_problem"]
