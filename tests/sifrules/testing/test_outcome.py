"""Worked cases are tried as written, and a case that cannot be tried is no pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from sifrules import FaultyFile, FundPolicy, Investment
from sifrules.testing import Case, Settled, read_cases, run_case


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


def test_a_case_can_state_all_that_is_known_of_an_investment() -> None:
    """A field that an investment gets is one that cases can write; its facts are the case's."""
    of_investment = set(attrs.fields_dict(Investment)) - {"facts"}
    assert of_investment == set(attrs.fields_dict(Settled))


EFFECTS_BEGIN = """
[[cases]]
name = "a case"
policy = "toy@2020"
investment = {{ cost = 100, start = "2020-01", months = 12, effect = 100, {} }}
expect = {{ first_due = "{}", returned = 100 }}
"""


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ('effects_begin = "2020-05"', "2020-05"),
        ("gains = { one = 0.4, other = 0.6 }", "2021-01"),
        ("decided_write_down = 0", "2021-01"),
    ],
)
def test_what_claims_takes_decides_a_case(
    tmp_path: Path, policy_of: Callable[..., FundPolicy], given: str, due: str
) -> None:
    """Where the return begins as costs fall, a case says when they do; else the end it is."""
    file = tmp_path / "cases.toml"
    file.write_text(EFFECTS_BEGIN.format(given, due), "utf-8")
    model = {"kind": "return_flow", "share": 1, "begins": "effects", "cite": "guide: 3"}
    (case,) = read_cases(file)
    assert run_case(case, policy_of(return_model=model)) == ()


def test_shares_of_a_case_sum_to_one(tried: Tried) -> None:
    """Gains that do not make up the whole would lose money: the case says so and is no pass."""
    gains = 'investment = { cost = 100, start = "2020-01", months = 12, gains = { one = 0.4 } }\n'
    assert "the shares of the payers sum to 40 %" in str(tried(gains + "expect.returned = 30"))
