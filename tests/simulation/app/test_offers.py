"""What the page offers: a file is one reading of it, whatever becomes of it later."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import frozen

pytest.importorskip("jinja2", reason="the page needs the extra app")

from sifrules import Guideline, LocalizedText, Part, Settlement, Slot, hookimpl, registry
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


@frozen(kw_only=True)
class Plain(Part):
    """A return model with what its protocol requires, and no more."""

    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "plain_return"
    words: ClassVar[LocalizedText] = LocalizedText(sv="återföring", en="return")

    def settle(self, investment: Any, write_down: Any) -> Settlement:
        return Settlement()


class Ours:
    """A plugin whose policy stands before those of others."""

    @hookimpl
    def sifrules_parts(self) -> Any:
        return [Plain]

    @hookimpl
    def sifrules_guidelines(self) -> Any:
        model = {"kind": "plain_return", "cite": "guideline2016: s. 7"}
        yield Guideline({"base": "orebro@2016", "id": "a@2024", "return_model": model}, "a")


def test_a_plugins_return_model_needs_no_more_than_its_protocol_requires() -> None:
    """The page is there; what the return model does not say is as the protocol says."""
    offers = offers_of(registry(extra={"ours": Ours()}), [])
    assert next(iter(offers.policies)) == "a@2024"
    assert offers.first == "a@2024"
