"""Worked cases are tried as written, and a case that cannot be tried is no pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sifrules import FaultyFile, FundPolicy
from sifrules.testing import Case, read_cases, run_case


@pytest.fixture
def tried(tmp_path: Path, policy_of: Callable[..., FundPolicy]) -> Callable[[str], tuple[str, ...]]:
    """Tries a case on the toy policy; what comes back are the differences."""

    def run(text: str) -> tuple[str, ...]:
        (case,) = _read(tmp_path, text)
        return run_case(case, policy_of(), engine="compiled")

    return run


Tried = Callable[[str], tuple[str, ...]]
HEAD = '[[cases]]\nname = "a case"\npolicy = "toy@2020"\n'
#: the toy guideline bounds the return by the effect, with a floor of 30 %
FALLS_SHORT = 'investment = { cost = 100, start = "2020-01", months = 12, effect = 10 }\n'


def _read(folder: Path, text: str) -> tuple[Case, ...]:
    file = folder / "cases.toml"
    file.write_text(HEAD + text, "utf-8")
    return read_cases(file)


@pytest.mark.parametrize(
    "text",
    [
        'facts.application.areas = 2\nexpect.outcome = "eligible"',
        'facts.application.areas = 1\nexpect.outcome = "not_eligible"\n'
        'expect.decided_by = "criteria.areas"',
        'expect.outcome = "cannot_tell"\nexpect.missing = ["application.areas"]',
        FALLS_SHORT + "expect.returned = 30\nexpect.written_down = 70\nexpect.fee = 0",
        FALLS_SHORT + 'expect.first_due = "2021-01"\nexpect.last_due = "2021-01"',
        FALLS_SHORT + "expect.cannot_tell = false\nexpect.exempted = 0",
    ],
)
def test_a_case_that_comes_out_as_expected_has_no_differences(tried: Tried, text: str) -> None:
    """Outcome, deciding rule, missing facts, amounts and months can all be expected."""
    assert tried(text) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('facts.application.areas = 1\nexpect.outcome = "eligible"', "outcome: expected eligible"),
        (
            'facts.application.areas = 2\nexpect.decided_by = "criteria.areas"',
            "criteria.areas is met",
        ),
        ('facts.application.areas = 1\nexpect.decided_by = "criteria.ares"', "no rule"),
        (
            "facts.application.areas = 2\nexpect.missing = ['application.areas']",
            "missing: expected",
        ),
        ("expect.missing = []", "missing: expected"),
        (FALLS_SHORT + "expect.returned = 31", "returned: expected 31, got 30"),
        (FALLS_SHORT + 'expect.last_due = "2021-02"', "last_due: expected 2021-02, got 2021-01"),
        (FALLS_SHORT + "expect.cannot_tell = true", "cannot_tell: expected True"),
        (
            'facts.application.aeras = 2\nexpect.outcome = "eligible"',
            "did you mean application.areas",
        ),
        ('stages = ["idea"]\nexpect.outcome = "eligible"', "did you mean idea_test"),
    ],
)
def test_a_case_that_comes_out_otherwise_says_how(tried: Tried, text: str, told: str) -> None:
    """What was expected, and what came instead."""
    (difference, *_) = tried(text)
    assert told in difference


@pytest.mark.parametrize(
    "investment",
    [
        '{ cost = 100, start = "2020-01", months = 0 }',
        '{ cost = 100, start = "2020-13", months = 12 }',
        '{ cost = 100, start = "2020-01", months = 12, return_months = 0 }',
        '{ cost = 100, start = "2020-01", months = 12, exempt = true }',
    ],
)
def test_an_impossible_investment_is_a_difference_and_no_traceback(
    tried: Tried, investment: str
) -> None:
    """The other cases of the file can still be tried."""
    assert tried(f"investment = {investment}\nexpect.returned = 1")


def test_money_expected_of_no_investment_is_a_difference(tried: Tried) -> None:
    """A case that forgot its investment does not pass by saying nothing."""
    assert tried("expect.returned = 1")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('expect.outcome = "maybe"', "expected one of eligible"),
        ("expect.retruned = 1", "did you mean returned"),
        ("expect.returned = -1", "expected kronor"),
        ("facts = 3\nexpect.returned = 1", "facts"),
        ("", "expect: missing"),
        ("[cases.expect]", "expects nothing"),
        (
            'expect.outcome = "eligible"\n' + HEAD + 'expect.outcome = "eligible"',
            "two cases are called",
        ),
    ],
)
def test_a_case_that_is_written_wrongly_is_a_fault_of_its_file(
    tmp_path: Path, text: str, told: str
) -> None:
    """With its key and what was expected."""
    with pytest.raises(FaultyFile, match=told):
        _read(tmp_path, text)
