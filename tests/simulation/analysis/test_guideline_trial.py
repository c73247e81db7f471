"""What a short simulation shows is a doubt in `sif validate`."""

from __future__ import annotations

from pathlib import Path

import pytest

from sifrules import hookimpl, read_guideline, registry
from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.validation import validate

_NEVER = """base = "orebro@2016"
id = "never@2024"
[caps.none]
kind = "amount_per_investment"
limit = 1
cite = "guideline2016: p. 7"
"""


def test_a_policy_that_never_grants_is_doubted_with_the_rule(
    everything: Registry, tmp_path: Path
) -> None:
    """In the file each of its rules is in order."""
    file = tmp_path / "never.toml"
    file.write_text(_NEVER)
    found = [i for i in validate(everything, read_guideline(file)) if i.kind == "never_grants"]
    (issue,) = found
    assert issue.level == "doubtful"
    assert "caps.none" in str(issue.what)


@pytest.mark.once
def test_every_bundled_policy_grants_in_some_world(everything: Registry) -> None:
    """Or has no fund, which is no doubt."""
    found = [(p.id, i) for p in everything.policies for i in validate(everything, p)]
    assert not [id for id, each in found if each.kind in ("not_simulated", "never_grants")]


def test_a_check_that_gives_something_else_is_named() -> None:
    """What a plugin offers is not shown as if it were an issue."""

    class Odd:
        @hookimpl
        def sifrules_checks(self) -> list[object]:
            return [lambda registry, policy: ["odd"]]

    ours = registry(extra={"ours": Odd()})
    with pytest.raises(SifError, match="expected an Issue"):
        validate(ours, ours.policy("orebro@2016"))
