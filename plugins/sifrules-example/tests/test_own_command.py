"""The command: found by its name, and what it lists."""

from click.testing import CliRunner

from sifrules import registry


def test_it_lists_the_priority_districts_with_their_sources() -> None:
    """A line for each, out of the policy, with any change that was requested."""
    command = registry().commands["exempelby-districts"]
    ran = CliRunner().invoke(command, ["--set", 'criteria.district.priority=["Centrum"]'])
    assert ran.exit_code == 0
    assert ran.output.startswith("Centrum: what-if: ")
