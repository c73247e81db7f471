"""One name stands for one fact, whoever offers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import frozen

from sifrules import (
    Fact,
    FaultyFile,
    Guideline,
    Kind,
    LocalizedText,
    Part,
    Registry,
    Rule,
    Slot,
    Stage,
    hookimpl,
)
from sifrules.plugin.fact_names import FactClash, fact_clashes
from sifrules.testing import toy_guideline, toy_policy

FLAG = {"kind": "flag", "sv": "passar", "en": "fits"}
MONEY = {"kind": "money", "sv": "passar", "en": "fits"}
REWORDED = {"kind": "flag", "sv": "passar lokalen", "en": "fits the premises"}


class _Town:
    """A plugin of one guideline that reads a fact of its own."""

    def __init__(self, id: str, fact: dict[str, Any]) -> None:
        reads = {"kind": "fact", "fact": "our.fit", "cite": "guide: 2"}
        reads |= {"holds": True} if fact["kind"] == "flag" else {"at_least": 1}
        self._guideline = toy_guideline(
            id=id, municipality=id.partition("@")[0].title(), criteria={"fit": reads},
            facts={"our.fit": fact},
        )  # fmt: skip

    @hookimpl
    def sifrules_guidelines(self) -> list[Guideline]:
        return [self._guideline]


def _problems(registry: Registry, plugin: str) -> str:
    found = {each.name: each.problems for each in registry.plugins}
    return "; ".join(str(problem) for problem in found[plugin])


@pytest.mark.parametrize("other", [MONEY, REWORDED], ids=["another kind", "other words"])
def test_two_plugins_that_mean_different_facts_by_one_name_are_both_left_out(
    registry_of: Callable[..., Registry], other: dict[str, Any]
) -> None:
    """When the policies are loaded, with who took whose name; each can be had by its id."""
    found = registry_of(toy_guideline(), a=_Town("ada@2020", FLAG), b=_Town("bo@2020", other))
    assert [policy.id for policy in found.policies] == ["toy@2020"]
    assert found.policies == found.policies
    for plugin in ("a", "b"):
        assert _problems(found, plugin) == (
            "the fact our.fit is not the same in ada@2020, bo@2020, from a and b: "
            "all are left out; rename it in one of them"
        )
    assert found.policy("ada@2020").id == "ada@2020"


def test_two_plugins_that_mean_the_same_fact_by_one_name_share_it(
    registry_of: Callable[..., Registry],
) -> None:
    """The same kind, bounds and words are the same fact."""
    found = registry_of(a=_Town("ada@2020", FLAG), b=_Town("bo@2020", FLAG))
    assert [policy.id for policy in found.policies] == ["ada@2020", "bo@2020"]
    assert (_problems(found, "a"), _problems(found, "b")) == ("", "")


def test_a_clash_names_every_policy_that_has_the_name() -> None:
    """Two that agree, and the third that does not."""
    read = {"kind": "fact", "fact": "our.fit", "holds": True, "cite": "guide: 2"}
    same = [
        toy_policy(id=id, criteria={"fit": read}, facts={"our.fit": FLAG})
        for id in ("one@1", "two@1")
    ]
    third = toy_policy(id="three@1", criteria={"fit": read}, facts={"our.fit": REWORDED})
    clash = FactClash("our.fit", ("one@1", "three@1", "two@1"))
    assert list(fact_clashes([*same, third])) == [clash]


@frozen(kw_only=True)
class _Taking(Part):
    """A demand on a fact of a plugin's own, under the name of one that every guideline has."""

    slot: ClassVar[Slot] = Slot.CRITERIA
    kind: ClassVar[str] = "taking"
    words: ClassVar[LocalizedText] = LocalizedText(sv="en egen kostnad", en="a cost of our own")

    def rules(self) -> Iterable[Rule]:
        yield self.rule(
            Stage.IDEA_TEST, Fact("application.cost", Kind.FLAG, self.words), self.words
        )


def test_a_part_that_takes_the_name_of_a_common_fact_is_refused_when_loading() -> None:
    """And not first when somebody decides an application."""
    with pytest.raises(FaultyFile, match=r"application\.cost: two different facts"):
        toy_policy(parts=[_Taking], criteria={"cost": {"kind": "taking", "cite": "guide: 2"}})


def test_an_application_is_decided_by_the_rest_where_two_plugins_clash(
    registry_of: Callable[..., Registry],
    monkeypatch: pytest.MonkeyPatch,
    sif: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """The command leaves the two out and says so, and reads neither of them wrongly."""
    from sifrules.cli import options

    clashing = registry_of(
        toy_guideline(), a=_Town("ada@2020", FLAG), b=_Town("bo@2020", MONEY)
    )  # fmt: skip
    monkeypatch.setattr(options, "registry", lambda: clashing)
    file = tmp_path / "mine.toml"
    file.write_text("[application]\nareas = 2\n", "utf-8")
    ran = sif("check", str(file), "--format", "json")
    assert {each["policy"] for each in ran.data} == {"toy@2020"}
    assert "sif: plugin a: the fact our.fit is not the same" in ran.err
    options.the_registry.cache_clear()


def test_each_fund_may_have_tracks_of_its_own() -> None:
    """Which track an application names is asked of each fund by itself."""
    track = {"title": {"sv": "spår", "en": "track"}, "cite": "guide: 2"}
    one, other = (toy_policy(id=f"{name}@1", track={name: track}) for name in ("one", "other"))
    assert one.vocabulary["application.track"] != other.vocabulary["application.track"]
    assert list(fact_clashes([one, other])) == []
