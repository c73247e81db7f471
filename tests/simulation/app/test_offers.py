"""What the page offers: a file is one reading of it, whatever becomes of it later."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("jinja2", reason="the page needs the extra app")

from sifrules.cli.options import the_registry
from sifrules_simulation.app.offers import offers_of

FILE = 'base = "orebro@2016"\nid = "own@2025"\n\n[return_model]\nshare = {share}\n'


def test_a_file_that_is_edited_stays_as_it_was_read(tmp_path: Path) -> None:
    """The changed policy and the one it is compared with differ in what was changed alone."""
    file = tmp_path / "own.toml"
    file.write_text(FILE.format(share="0.5"), "utf-8")
    offers = offers_of(the_registry(), [file])
    file.write_text(FILE.format(share="0.9"), "utf-8")
    base, changed = (
        offers.policies["own@2025"],
        offers.policy("own@2025", ["return_model.lasts=24"]),
    )
    before = {each.path: each.value for each in base.clauses}
    after = {each.path: each.value for each in changed.clauses}
    assert {path for path in after if after[path] != before.get(path)} == {"return_model.lasts"}
    assert changed.id == "own@2025 with return_model.lasts=24"
