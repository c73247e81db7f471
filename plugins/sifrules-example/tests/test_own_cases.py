"""The worked cases of the policy that needs code."""

from importlib.resources import files

import pytest

from sifrules import registry
from sifrules.testing import Case, read_cases, run_case

CASES = read_cases(files("sifrules_example.own") / "cases.toml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_worked_case_comes_out_as_it_says(case: Case) -> None:
    """A case's policy gives what the case expects, by way of the code."""
    assert run_case(case, registry().policy(case.policy, case.set)) == ()
