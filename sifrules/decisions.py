"""What was decided, rule by rule, and why."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from attrs import field, frozen

from sifrules.facts import Fact, Value
from sifrules.rules import Derivation, Rule, RuleBook
from sifrules.words import Words


class Verdict(StrEnum):
    """How one rule came out."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"

    @property
    def words(self) -> Words:
        return _WORDS[self]


class Outcome(StrEnum):
    """How an application came out as a whole."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    CANNOT_TELL = "cannot_tell"

    @property
    def words(self) -> Words:
        return _WORDS[self]


_WORDS: Mapping[str, Words] = {
    "met": Words(sv="uppfyllt", en="met"),
    "not_met": Words(sv="inte uppfyllt", en="not met"),
    "eligible": Words(sv="behörig", en="eligible"),
    "not_eligible": Words(sv="inte behörig", en="not eligible"),
    "cannot_tell": Words(sv="går inte att avgöra", en="cannot tell"),
}

VERDICTS: Mapping[bool | None, Verdict] = {
    True: Verdict.MET,
    False: Verdict.NOT_MET,
    None: Verdict.CANNOT_TELL,
}


@frozen
class Finding:
    """How one rule came out, with the facts it read."""

    rule: Rule
    verdict: Verdict
    _values: Mapping[str, Value] = field(repr=False)

    def value(self, fact: Fact) -> Value | None:
        """The value of a fact as it is kept inside; None where it is missing."""
        return self._values.get(fact.name)

    @property
    def reads(self) -> dict[str, bool | int | float | str | None]:
        """The facts read and their values as a file shows them; None where missing."""
        values = self._values
        return {
            fact.name: None if (value := values.get(fact.name)) is None else fact.written(value)
            for fact in self.rule.facts
        }


@frozen
class Link:
    """A fact that followed from others: one link of the chain behind a decision."""

    derivation: Derivation
    value: bool


@frozen(slots=False)
class Decision:
    """The outcome under one policy, with a finding for every rule.

    *eligible* where every rule is met, *not eligible* where one is not met, else
    *cannot tell*: then `missing` names the facts that would settle it.
    """

    book: RuleBook = field(repr=False)
    engine: str
    findings: tuple[Finding, ...]
    chain: tuple[Link, ...]
    _values: Mapping[str, Value] = field(repr=False, eq=False)

    @property
    def policy(self) -> str:
        return self.book.policy

    @cached_property
    def outcome(self) -> Outcome:
        verdicts = {finding.verdict for finding in self.findings}
        if Verdict.NOT_MET in verdicts:
            return Outcome.NOT_ELIGIBLE
        return Outcome.CANNOT_TELL if Verdict.CANNOT_TELL in verdicts else Outcome.ELIGIBLE

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The missing facts that leave rules open, by name."""
        return tuple(
            sorted(
                {
                    name
                    for finding in self.findings
                    if finding.verdict is Verdict.CANNOT_TELL
                    for name in self.book.missing(finding.rule.condition, self._values)
                }
            )
        )

    def __getitem__(self, rule: str) -> Finding:
        """The finding for one rule, by its id."""
        for finding in self.findings:
            if finding.rule.id == rule:
                return finding
        raise KeyError(rule)

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings that speak against: the rules that are not met."""
        return tuple(f for f in self.findings if f.verdict is Verdict.NOT_MET)
