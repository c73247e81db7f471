"""The kit under pytest: fixtures, what is collected, and what is imported when."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = ("pytester",)

#: Without the configuration of this project, and as an author would run it.
ARGS = ("-p", "no:cacheprovider", "-rs")


def test_the_plugin_brings_nothing_of_sifrules_before_a_fixture_is_used() -> None:
    """pytest imports it in every run, also in those that have nothing to do with sifrules."""
    script = (
        "import sys, sifrules.testing.pytest_plugin\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in\n"
        "    ('sifrules', 'attrs', 'attr', 'cattrs', 'pluggy', 'polars', 'click', 'numpy')\n"
        "    and name.partition('.')[0] != 'pluggy'))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    lazy = ["sifrules.lazy", "sifrules.moved"]  # what lists names, and imports none of them
    kit = ["sifrules.testing", "sifrules.testing.pytest_plugin"]
    assert ran.stdout.strip() == str(["sifrules", *lazy, *kit])


@pytest.mark.once
def test_a_run_that_uses_no_fixture_imports_no_sifrules(pytester: pytest.Pytester) -> None:
    """Seen from within a run in which pytest found the plugin by its entry point."""
    pytester.makepyfile(
        """
        import sys

        def test_nothing_of_sifrules_is_here():
            assert "sifrules.testing.pytest_plugin" in sys.modules
            assert "sifrules.plugin.registry" not in sys.modules
            assert "attrs" not in sys.modules

        def test_after_the_first_fixture_it_is(toy_policy):
            assert "sifrules.plugin.registry" in sys.modules
        """
    )
    pytester.runpytest_subprocess(*ARGS).assert_outcomes(passed=2)


@pytest.mark.once
def test_every_fixture_gives_what_it_says(pytester: pytest.Pytester) -> None:
    """A registry, policies by id or file, toys, and answers."""
    pytester.makefile(".toml", mine='base = "orebro@2016"\nid = "mine@1"\n')
    pytester.makepyfile(
        """
        def test_fixtures(sif_registry, sif_policy, toy_policy, toy_facts, tried):
            assert "orebro@2016" in sif_registry.ids
            assert sif_policy("malmo").municipality == "Malmö"
            assert sif_policy("mine.toml").id == "mine@1"
            lower = sif_policy("orebro@2016", "return_model.floor=0.0")
            project = {"cost": 100, "start": "2017-08", "months": 29, "failed": True}
            assert tried(lower, investment=project).returned == 0
            assert tried(toy_policy(), toy_facts()).eligible
        """
    )
    pytester.runpytest_subprocess(*ARGS).assert_outcomes(passed=1)


@pytest.mark.once
def test_a_class_of_promises_is_collected_where_it_is_derived_only(
    pytester: pytest.Pytester,
) -> None:
    """Not where the base is imported, nor a base of the author's own."""
    pytester.makepyfile(
        """
        from sifrules.testing import PolicyConformance

        class Ours(PolicyConformance):
            def test_one_more(self):
                pass

        class TestOrebro(Ours):
            plugin = "orebro"
            test_instalments_change_no_sum = None
        """
    )
    result = pytester.runpytest_subprocess(*ARGS, "--collect-only", "-q")
    tests = [line for line in result.outlines if "::" in line]
    assert {line.split("::")[1] for line in tests} == {"TestOrebro"}
    names = {line.split("::")[2] for line in tests}
    assert {"test_one_more", "test_no_money_is_lost"} <= names
    assert "test_instalments_change_no_sum" not in names


@pytest.mark.once
def test_a_failing_promise_reads_well_and_a_missing_file_is_skipped(
    pytester: pytest.Pytester,
) -> None:
    """The message stands in the report; unittest's SkipTest is honoured."""
    pytester.makefile(
        ".toml",
        mine="""
            id = "nyby@2026"
            municipality = "Nyby"
            title = "Nyby"
            [documents.draft]
            title = "FILL IN"
            [funding]
            kind = "endowment"
            amount = { value = 1, cite = "draft: 1" }
        """,
    )
    pytester.makepyfile(
        """
        from sifrules.testing import PolicyConformance

        class TestMine(PolicyConformance):
            policies = ["mine.toml"]
        """
    )
    result = pytester.runpytest_subprocess(*ARGS)
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 1
    assert outcomes["skipped"] >= 2
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: No source is still to be filled in:",
            "*mine.toml: documents.draft.title: still says 'FILL IN'; write what the document*",
            "SKIPPED*no worked cases; write some in cases.toml*",
        ]
    )
