"""An idea decided first and the amount later (två beslut): which rules belong to which decision.

The first decision is on the idea: who may apply, with what, and for what ends. The second is on
the amount: what speaks of money, and what the fund has to give. An idea that the first refuses
never comes to the second.
"""

from __future__ import annotations

from enum import StrEnum

from sifrules.policy.contracts import procedure_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.rules.decisions import Decision
from sifrules.rules.kinds import Kind
from sifrules.rules.rulebook import Rule, RuleBook, Stage
from sifrules.values.messages import Message, Text


class DecisionStep(StrEnum):
    """The two decisions, in order."""

    IDEA = "idea"
    AMOUNT = "amount"

    @property
    def words(self) -> Text:
        return _WORDS[self]


_WORDS = {
    DecisionStep.IDEA: Message("two_decisions.idea"),
    DecisionStep.AMOUNT: Message("two_decisions.amount"),
}


def decides_idea_first(policy: FundPolicy) -> bool:
    """Whether a guideline decides the idea first and the amount later."""
    return bool(procedure_of(policy).decides_idea_first)


def step_of(rule: Rule) -> DecisionStep:
    """The decision that a rule belongs to: what reads an amount of money is for the second.

    >>> from sifrules import registry
    >>> book = registry().policy("orebro@2016").rulebook
    >>> {rule.id: str(step_of(rule)) for rule in book.rules}["criteria.areas"]
    'idea'
    """
    of_money = any(fact.kind is Kind.MONEY for fact in rule.facts)
    return DecisionStep.AMOUNT if of_money or rule.stage is Stage.ALLOCATION else DecisionStep.IDEA


def rules_of(book: RuleBook, step: DecisionStep) -> RuleBook:
    """The rules of a book that belong to one of the two decisions."""
    rules = tuple(rule for rule in book.rules if step_of(rule) is step)
    return RuleBook(book.policy, rules, book.derivations, book.given)


def in_two_steps(decision: Decision) -> tuple[Decision, Decision]:
    """A decision as two: by the rules on the idea, and by those on the amount."""
    return (
        decision.by(lambda rule: step_of(rule) is DecisionStep.IDEA),
        decision.by(lambda rule: step_of(rule) is DecisionStep.AMOUNT),
    )
