"""A what-if has the parts of its base, and builds anew only those that it changes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sifrules import FaultyFile, FundPolicy, Guideline, Part, Registry, registry
from sifrules.loading.builder import build
from sifrules.loading.known_parts import KnownParts
from sifrules.loading.what_if import with_settings


def parts_of(policy: FundPolicy) -> Mapping[str, Part]:
    """The parts of a policy, by path."""
    return {part.path: part for part in policy.parts}


@pytest.fixture(scope="module")
def bundled() -> Registry:
    """The plugins that are installed."""
    return registry()


@pytest.fixture(scope="module")
def base(bundled: Registry) -> Guideline:
    """A bundled guideline, with the one that it is based on under it."""
    policy = bundled.policy("orebro@2016")
    return Guideline(policy.tree, policy.origin)


def test_a_what_if_has_the_very_parts_that_it_leaves_alone(
    bundled: Registry, base: Guideline
) -> None:
    """And of the part that it changes one of its own."""
    known = KnownParts()
    before = parts_of(build(base, bundled.parts, known))
    after = parts_of(build(with_settings(base, ["return_model.floor=0.1"]), bundled.parts, known))
    assert before.keys() == after.keys()
    assert [path for path in after if after[path] is not before[path]] == ["return_model"]


def test_a_policy_is_the_same_whatever_was_built_before(bundled: Registry, base: Guideline) -> None:
    """Its parts, its rules and its clauses."""
    what_if, known = with_settings(base, ["return_model.floor=0.1"]), KnownParts()
    build(base, bundled.parts, known)
    found, alone = build(what_if, bundled.parts, known), build(what_if, bundled.parts)
    assert parts_of(found) == parts_of(alone)
    assert (found.rulebook.rules, found.clauses) == (alone.rulebook.rules, alone.clauses)


def test_a_part_with_a_fault_is_reported_each_time(bundled: Registry, base: Guideline) -> None:
    """Also where its table is the same, and all other parts are known."""
    known = KnownParts()
    build(base, bundled.parts, known)
    faulty = with_settings(base, ["return_model.floor=3"])
    for _ in range(2):
        with pytest.raises(FaultyFile, match="floor"):
            build(faulty, bundled.parts, known)


@pytest.mark.parametrize("gone", ["facts", "documents"])
def test_a_part_is_read_anew_where_its_facts_or_documents_are_others(
    bundled: Registry, gone: str
) -> None:
    """A what-if that takes them out has every fault that it has when it is built alone."""
    policy, known = bundled.policy("lulea@2024"), KnownParts()
    build(Guideline(policy.tree, policy.origin), bundled.parts, known)
    less = {key: table for key, table in policy.tree.items() if key != gone}
    faults = []
    for each in (known, KnownParts()):
        with pytest.raises(FaultyFile) as refused:
            build(Guideline(less, policy.origin), bundled.parts, each)
        faults.append(refused.value.faults)
    assert "criteria.vision" in str(faults[0])
    assert faults[0] == faults[1]
