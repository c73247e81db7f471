"""What a plugin's own tests look like: its cases, and that it is found where it is installed."""

from importlib.resources import files

import pytest

from sifrules import ore, registry, replay
from sifrules.testing import Case, read_cases, run_case

CASES = read_cases(files("sifrules_example") / "cases.toml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_worked_case_comes_out_as_it_says(case: Case) -> None:
    """A case's policy gives what the case expects."""
    assert run_case(case, registry().policy(case.policy, case.set)) == ()


def test_the_plugin_is_found_by_its_entry_point_and_is_fine() -> None:
    """Installed, the plugin is there with its distribution and without problems."""
    plugin = next(each for each in registry().plugins if each.name == "exempelby")
    assert (plugin.distribution, plugin.problems) == ("sifrules-example", ())


def test_every_value_of_the_guideline_is_cited() -> None:
    """No clause of the guideline stands without its citation."""
    policy = registry().policy("exempelby@2024")
    uncited = [c.path for c in policy.clauses if c.citation is None and c.value.en != "–"]
    assert uncited == []


def test_the_record_is_replayed_to_the_krona() -> None:
    """What is left of the fund is what was set aside less what was granted."""
    assert replay(registry(), "exempelby").available == ore(7_500_000)
