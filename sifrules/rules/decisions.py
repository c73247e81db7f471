"""What was decided, rule by rule, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import define, field, frozen, setters

from sifrules.rules.conditions import Value
from sifrules.rules.rulebook import Derivation, Rule, RuleBook
from sifrules.values.text import LocalizedText


class Verdict(StrEnum):
    """How one rule came out."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"

    @property
    def words(self) -> LocalizedText:
        return _WORDS[self]


class Outcome(StrEnum):
    """How an application came out as a whole."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    CANNOT_TELL = "cannot_tell"

    @property
    def words(self) -> LocalizedText:
        return _WORDS[self]


_WORDS: Mapping[str, LocalizedText] = {
    "met": LocalizedText(sv="uppfyllt", en="met"),
    "not_met": LocalizedText(sv="inte uppfyllt", en="not met"),
    "eligible": LocalizedText(sv="behörig", en="eligible"),
    "not_eligible": LocalizedText(sv="inte behörig", en="not eligible"),
    "cannot_tell": LocalizedText(sv="går inte att avgöra", en="cannot tell"),
}

VERDICTS: Mapping[bool | None, Verdict] = {
    True: Verdict.MET,
    False: Verdict.NOT_MET,
    None: Verdict.CANNOT_TELL,
}

#: A fact's value as a file shows it.
Written = bool | int | float | str


# Made millions of times: as frozen as any other value, but made as fast as a plain class.
@define(on_setattr=setters.frozen)
class Finding:
    """How one rule came out, with the facts it read."""

    rule: Rule
    verdict: Verdict
    _reads: Mapping[str, Written | None]
    _values: Mapping[str, Value | None] = field(repr=False)

    @property
    def reads(self) -> dict[str, Written | None]:
        """The facts read and their values as a file shows them; None where one is missing."""
        return dict(self._reads)

    @property
    def values(self) -> dict[str, Value | None]:
        """The same, as values are kept inside: amounts in öre."""
        return dict(self._values)

    @classmethod
    def of(cls, rule: Rule, verdict: bool | None, known: Mapping[str, Value]) -> Finding:
        """The finding for a rule whose condition came out so, on these values."""
        values = {fact.name: known.get(fact.name) for fact in rule.facts}
        reads = {
            fact.name: value
            if (value := values[fact.name]) is None or fact.plain
            else fact.written(value)
            for fact in rule.facts
        }
        return cls(rule, VERDICTS[verdict], reads, values)


@frozen
class Link:
    """A fact that followed from others: one link of the chain behind a decision."""

    derivation: Derivation
    value: bool


@define(on_setattr=setters.frozen)
class Decision:
    """The outcome under one policy, with a finding for every rule.

    *eligible* where every rule is met, *not eligible* where one is not met, else
    *cannot tell*: then `missing` names the facts that would settle it. ``chain`` tells
    what followed from the facts on the way.
    """

    book: RuleBook = field(repr=False)
    engine: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    chain: tuple[Link, ...]
    _values: Mapping[str, Value] = field(repr=False, eq=False)

    @property
    def policy(self) -> str:
        """The id of the policy decided under."""
        return self.book.policy

    @property
    def missing(self) -> tuple[str, ...]:
        """The missing facts that leave rules open, by name."""
        if self.outcome is Outcome.ELIGIBLE:
            return ()
        open_rules = [f.rule for f in self.findings if f.verdict is Verdict.CANNOT_TELL]
        names = (self.book.missing(rule.condition, self._values) for rule in open_rules)
        return tuple(sorted({name for each in names for name in each})) if open_rules else ()

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings that speak against: the rules that are not met."""
        return tuple(f for f in self.findings if f.verdict is Verdict.NOT_MET)

    def __getitem__(self, rule: str) -> Finding:
        """The finding for one rule, by its id."""
        for finding in self.findings:
            if finding.rule.id == rule:
                return finding
        raise KeyError(rule)


def together(findings: Iterable[Finding]) -> bool | None:
    """Whether all of the rules are met: False where one is not, else None where one is open."""
    answer: bool | None = True
    for finding in findings:
        if finding.verdict is Verdict.NOT_MET:
            return False
        if finding.verdict is Verdict.CANNOT_TELL:
            answer = None
    return answer


def conclude(
    book: RuleBook,
    engine: str,
    findings: tuple[Finding, ...],
    chain: list[Link],
    values: Mapping[str, Value],
) -> Decision:
    """The decision that an engine's findings make, one for each rule in order."""
    return Decision(book, engine, _OUTCOMES[together(findings)], findings, tuple(chain), values)


_OUTCOMES = {
    True: Outcome.ELIGIBLE,
    False: Outcome.NOT_ELIGIBLE,
    None: Outcome.CANNOT_TELL,
}
