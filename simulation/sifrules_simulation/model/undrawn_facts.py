"""Facts that no simulated world gives a value, refused before a policy is simulated.

A rule that reads such a fact would be a silent "cannot tell" in every world. A rule that can
be met without the fact (another part of an ``any_of`` is enough) is allowed.
"""

from __future__ import annotations

from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.contracts import return_model_of
from sifrules.policy.decide import ELIGIBILITY
from sifrules.policy.fund_policy import FundPolicy
from sifrules.rules.amounts import Amount
from sifrules.rules.conditions import AllOf, AnyOf, Compare, Condition, Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.rulebook import Stage
from sifrules.rules.vocabulary import FACTS
from sifrules.values.messages import Message
from sifrules_simulation.model.fund import FUND_FACTS
from sifrules_simulation.model.idea_facts import IDEA_FACTS
from sifrules_simulation.model.own_ideas import OwnIdeas
from sifrules_simulation.model.policy_adapter import INVESTMENT_FACTS, OF_FUND, PROJECT_FACTS

#: The stages that a simulation decides; the rules of settlement are the return model's.
_DECIDED = (*ELIGIBILITY, Stage.ALLOCATION)
#: Kinds for which the world makes up no value (see `World.own_fact`).
_NOT_MADE_UP = (Kind.MONEY, Kind.YEAR)


def refuse_undrawn(policy: FundPolicy, listed: OwnIdeas | None = None) -> None:
    """Raise `SifError` where a rule cannot be met by any world for want of a fact.

    A fact that every idea of a list states is not lacking. The error names the fact, the rule that
    reads it and the rule's citation.
    """
    for seen in policy.on_tracks:
        _refuse_undrawn(seen, listed)


def _refuse_undrawn(policy: FundPolicy, listed: OwnIdeas | None) -> None:
    for rule in policy.rulebook.rules:
        if rule.stage not in _DECIDED:
            continue
        lacking = sorted(
            {fact.name for fact in _Sources(policy, rule.stage, listed).lacking(rule.condition)}
        )
        if lacking:
            raise SifError(
                Message(
                    "undrawn_facts.never_known",
                    facts=", ".join(lacking),
                    rule=rule.id,
                    citation=str(rule.citation),
                ),
                where=policy.id,
                fix=Message("undrawn_facts.settle_or_leave_out"),
            )
    _refuse_undrawn_when_settled(policy, listed)
    _refuse_undrawn_when_ranked(policy, listed)


def _refuse_undrawn_when_ranked(policy: FundPolicy, listed: OwnIdeas | None) -> None:
    """Raise `SifError` where a priority reads a fact that no application in a world states."""
    sources = _Sources(policy, Stage.APPLICATION, listed)
    for fact in policy.ranked_by:
        lacking = sorted({each.name for each in sources.lacking_for(fact)})
        if lacking:
            raise SifError(
                Message("undrawn_facts.never_ranked", facts=", ".join(lacking)),
                where=policy.id,
                fix=Message("undrawn_facts.take_priority_out"),
            )


def _refuse_undrawn_when_settled(policy: FundPolicy, listed: OwnIdeas | None) -> None:
    """Raise `SifError` where the return model reads a fact that no world draws."""
    model = return_model_of(policy)
    for fact in () if model is None else model.settled_by:
        if fact.name not in INVESTMENT_FACTS and not is_drawn(fact, listed):
            raise SifError(
                Message("undrawn_facts.never_known_when_settled", fact=fact.name),
                where=policy.id,
                fix=Message("undrawn_facts.exchange_return_model"),
            )


@frozen
class _Sources:
    """Where the facts come from that a policy's rules read at one stage."""

    policy: FundPolicy
    stage: Stage
    #: a list of the municipality's own ideas, which may state facts
    listed: OwnIdeas | None

    def lacking(self, condition: Condition) -> list[Fact]:
        """The facts for want of which a condition is never met; none where it can be met."""
        match condition:
            case AnyOf():
                each = [self.lacking(part) for part in condition.parts]
                return [] if [] in each else [fact for facts in each for fact in facts]
            case AllOf():
                return [fact for part in condition.parts for fact in self.lacking(part)]
        return [
            lacking for fact in condition.facts() for lacking in self._lacking_for(fact, condition)
        ]

    def lacking_for(self, fact: Fact) -> list[Fact]:
        """The facts for want of which another never has a value; none where it has one."""
        return self._lacking_for(fact, None)

    def _lacking_for(self, fact: Fact, condition: Condition | None) -> list[Fact]:
        book = self.policy.rulebook
        link = book.derived.get(fact.name)
        if fact.name in book.given:
            return []
        if link is None:
            return [] if self._drawn(fact) else [fact]
        if isinstance(link, Amount):
            return [lacking for each in link.needed({}) for lacking in self.lacking_for(each)]
        if isinstance(condition, Compare):
            return self.lacking(link.holds if condition.value else link.fails)
        return self.lacking(AnyOf((link.holds, link.fails)))

    def _drawn(self, fact: Fact) -> bool:
        """Whether the idea, its project or the fund has a value for a fact at this stage."""
        if fact.name in FUND_FACTS:
            return self.stage is Stage.ALLOCATION
        return is_drawn(fact, self.listed)


def is_drawn(fact: Fact, listed: OwnIdeas | None = None) -> bool:
    """Whether the idea or its project has a value for a fact."""
    if fact.name in FACTS or fact.name.startswith((*OF_FUND, "investment.")):
        return fact.name in IDEA_FACTS or fact.name in PROJECT_FACTS
    stated = listed is not None and listed.states_whole(fact)
    return stated or fact.kind not in _NOT_MADE_UP
