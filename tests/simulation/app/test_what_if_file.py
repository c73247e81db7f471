"""What-if files of the page: every command takes them, and hostile ones do no harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sifrules import SifError
from sifrules_simulation.app.state import AppState
from sifrules_simulation.app.what_if_file import LARGEST, changes_in, what_if_file

EXAMPLE = Path(__file__).parents[3] / "examples" / "what-ifs" / "orebro-without-floor.toml"
STATE = AppState(
    policy="orebro@2016",
    lang="sv",
    changes=(
        ("caps.duration.kind", "duration"),
        ("caps.duration.limit", "24"),
        ("caps.new_investments.limit", "5"),
        ("criteria.areas", "none"),
        ("return_model.begins", "effects"),
        ("return_model.bounded_by_effect", "true"),
        ("return_model.share", "0.5"),
    ),
)


def test_a_file_says_what_the_state_does(offers: Any, tmp_path: Path) -> None:
    """The policy of the file has the clauses of the policy with the changes."""
    file = tmp_path / "what-if.toml"
    file.write_text(what_if_file(STATE, "by hand"), "utf-8")
    changed = offers.policy(STATE.policy, STATE.settings)
    read = offers.registry.policy(file)
    assert [(c.path, c.value) for c in read.clauses] == [(c.path, c.value) for c in changed.clauses]


def test_a_file_is_read_back_into_the_same_changes() -> None:
    """What was written is what is opened."""
    base, settings = changes_in(what_if_file(STATE, "by hand").encode())
    assert base == STATE.policy
    assert sorted(each.replace('"', "") for each in settings) == sorted(STATE.settings)


def test_an_example_is_opened(offers: Any) -> None:
    """A what-if written by hand, with citations, becomes changes of its base."""
    base, settings = changes_in(EXAMPLE.read_bytes())
    assert offers.policy(base, settings).return_model.floor is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"base = [", "TOML"),
        (b"share = 1", "base"),
        (b'base = "orebro@2016"\nfacts.x = 1', "facts"),
        (b'base = "orebro@2016"\n[procedure]\nclosing = [1]', "procedure.closing"),
        (b"x" * (LARGEST + 1), "larger"),
    ],
)
def test_what_is_no_what_if_is_one_sentence(content: bytes, said: str) -> None:
    """Each with what is wrong, and no traceback."""
    with pytest.raises(SifError) as error:
        changes_in(content)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
