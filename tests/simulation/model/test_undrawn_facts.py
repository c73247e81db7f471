"""A policy that reads a fact which no world draws is refused before it is simulated."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from attrs import frozen

from sifrules import Guideline, LocalizedText, Part, SifError, Slot, hookimpl, registry
from sifrules.rules.conditions import Condition, Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.rulebook import Derivation, Stage
from sifrules.rules.vocabulary import application, fund
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.idea_facts import IDEA_FACTS
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.model.undrawn_facts import refuse_undrawn
from sifrules_simulation.model.world import world

_WORDS = LocalizedText(sv="ett krav", en="a demand")
_BUDGET = Fact("application.own_budget", Kind.MONEY, LocalizedText(sv="egen budget", en="budget"))
_OURS = Fact("application.ours", Kind.FLAG, LocalizedText(sv="vårt", en="ours"))
_UNDRAWN = application.external_actor


def _policy(
    condition: Fact | Condition,
    *,
    stage: Stage = Stage.APPLICATION,
    given: dict[str, Any] | None = None,
    derived: tuple[Fact, Condition] | None = None,
) -> Any:
    """A registry and, in it, Örebro's policy with one more criterion, of these rules and facts."""

    @frozen(kw_only=True)
    class Demand(Part):
        slot: ClassVar[Slot] = Slot.CRITERIA
        kind: ClassVar[str] = "demand"
        words: ClassVar[LocalizedText] = _WORDS

        def rules(self) -> Any:
            yield self.rule(stage, condition, _WORDS, "demand")

        def derivations(self) -> Any:
            if derived is not None:
                yield Derivation(self.path, derived[0], derived[1], self.cite())

        def given(self) -> Any:
            return given or {}

    class Ours:
        @hookimpl
        def sifrules_parts(self) -> Any:
            return [Demand]

        @hookimpl
        def sifrules_guidelines(self) -> Any:
            demand = {"kind": "demand", "cite": "guideline2016: p. 7"}
            tree = {"base": "orebro@2016", "id": "ours@2024", "criteria": {"demand": demand}}
            return [Guideline(tree, "ours")]

    known = registry(extra={"ours": Ours()})
    return known, known.policy("ours@2024")


def test_the_fact_the_rule_and_its_citation_are_named() -> None:
    """Before anything runs, with what to do."""
    known, policy = _policy(_UNDRAWN)
    rule = next(rule for rule in policy.rulebook.rules if rule.id.startswith("criteria.demand"))
    with pytest.raises(SifError) as refused:
        comparison_design(known, ["ours@2024"])
    for part in (_UNDRAWN.name, rule.id, str(rule.citation), "ours@2024", "--set"):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    "condition",
    [
        _UNDRAWN,
        ~_UNDRAWN,
        _UNDRAWN & application.preventive,
        _UNDRAWN | application.cooperates_with_municipality,
        _BUDGET >= 5,
        fund.available >= 5,
    ],
)
def test_a_rule_that_no_world_can_meet_is_refused(condition: Any) -> None:
    """Also an amount of the guideline's own, and the fund's state before it allocates."""
    with pytest.raises(SifError, match="no simulated world gives a value to"):
        refuse_undrawn(_policy(condition)[1])


@pytest.mark.parametrize(
    "condition", [application.preventive, _UNDRAWN | application.preventive, _OURS]
)
def test_a_rule_that_can_be_met_without_the_fact_is_allowed(condition: Any) -> None:
    """Another part of an any_of is enough; a flag of a plugin's own is drawn."""
    refuse_undrawn(_policy(condition)[1])


def test_facts_that_are_given_or_known_to_the_fund_count_as_drawn() -> None:
    """A part may settle a fact itself; the fund knows its state at allocation."""
    refuse_undrawn(_policy(_UNDRAWN, given={_UNDRAWN.name: False})[1])
    refuse_undrawn(_policy(fund.available >= 5, stage=Stage.ALLOCATION)[1])


def test_a_derived_fact_is_traced_to_what_it_follows_from() -> None:
    """One that can be true may still never be false."""
    either = (_UNDRAWN.is_(True)) | application.preventive
    refuse_undrawn(_policy(_OURS, derived=(_OURS, either))[1])
    with pytest.raises(SifError, match=_UNDRAWN.name):
        refuse_undrawn(_policy(~_OURS, derived=(_OURS, either))[1])


def test_the_bundled_policies_read_only_what_is_drawn() -> None:
    """As they are filled in and planned."""
    comparison_design(registry(), None)


def test_the_names_of_an_ideas_facts_are_those_that_the_world_gives() -> None:
    """So that none passes for drawn that is not."""
    drawn = world(scenario(), 10, 1, 0, Mechanisms()).ideas[0].facts
    assert drawn.keys() == IDEA_FACTS
