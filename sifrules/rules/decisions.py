"""Decisions (bedömningar): a verdict for each rule, the outcome, and the facts behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from attrs import define, evolve, field, frozen, setters

from sifrules.rules.amounts import Amount
from sifrules.rules.conditions import AllOf, AnyOf, Condition, Value, Values, walk
from sifrules.rules.rulebook import Derived, Rule, RuleBook
from sifrules.values.text import LocalizedText


class Verdict(StrEnum):
    """The result of one rule."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"

    @property
    def words(self) -> LocalizedText:
        return _WORDS[self]


class Outcome(StrEnum):
    """The result of an application as a whole."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    CANNOT_TELL = "cannot_tell"

    @property
    def words(self) -> LocalizedText:
        return _WORDS[self]


_ELIGIBLE = Outcome.ELIGIBLE

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


# Made millions of times: immutable like `frozen`, but constructed as fast as a plain class.
@define(on_setattr=setters.frozen)
class Finding:
    """The verdict of one rule, with the facts it read."""

    rule: Rule
    verdict: Verdict
    _values: dict[str, Value | None]

    @property
    def reads(self) -> dict[str, Written | None]:
        """The facts read, with their values as a file shows them; None for a missing one."""
        shown: dict[str, Any] = self._values.copy()
        for name, written in self.rule.shown_as:
            if (value := shown[name]) is not None:
                shown[name] = written(value)
        return shown

    @property
    def values(self) -> dict[str, Value | None]:
        """The facts read, with their internal values: amounts in öre."""
        return self._values.copy()

    @property
    def open(self) -> bool:
        """Whether missing facts leave the rule open."""
        return self.verdict is Verdict.CANNOT_TELL

    @property
    def because(self) -> tuple[Condition, ...]:
        """What of an either/or or an if/then settled the rule, or leaves it open.

        Empty where the demand holds no choice, or where all of it counted.
        """
        demanded = self.rule.condition
        if not any(isinstance(node, AnyOf) for node in walk(demanded)):
            return ()
        known = {name: value for name, value in self._values.items() if value is not None}
        parts = tuple(settling(demanded, known))
        whole = demanded.parts if isinstance(demanded, AnyOf) else ()
        return () if parts == whole else parts

    @classmethod
    def of(cls, rule: Rule, verdict: bool | None, known: Mapping[str, Value]) -> Finding:
        """The finding for a rule, from the truth value of its condition and the known facts."""
        values = {fact.name: known.get(fact.name) for fact in rule.facts}
        return cls(rule, VERDICTS[verdict], values)


@frozen
class Link:
    """A fact derived from others: one link of the chain behind a decision.

    ``assumption`` says what was taken for granted, if anything, and ``other_extreme`` what the
    fact would be if that were as wrong as it can be.
    """

    derivation: Derived
    value: Value
    other_extreme: Value | None = None

    @property
    def assumption(self) -> LocalizedText | None:
        """What was taken for granted; None where nothing was."""
        if self.other_extreme is None or not isinstance(self.derivation, Amount):
            return None
        return self.derivation.assumption

    @classmethod
    def of(cls, derivation: Derived, value: Value, known: Values) -> Link:
        """The link by which a fact follows from what is known."""
        other = derivation.assumed(known) if isinstance(derivation, Amount) else None
        return cls(derivation, value, other)


# Made for every application, in half the time without slots.
@frozen(slots=False)
class Decision:
    """The outcome under one policy, with a finding for every rule.

    *eligible* (behörig) where every rule is met, *not eligible* where one is not met,
    otherwise *cannot tell*: then `missing` names the facts that would settle it. ``chain`` lists
    the derived facts in the order of derivation. Of a fund with tracks, it is the decision on the
    ``track`` that the application goes to, and ``tracks`` are those on each that it may go to.
    """

    book: RuleBook = field(repr=False)
    engine: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    chain: tuple[Link, ...]
    _values: Mapping[str, Value] = field(repr=False, eq=False)
    #: the track that the application goes to, by name; None for a fund without tracks
    track: str | None = None
    #: the decision on each track that it may go to, in the order of the guideline
    tracks: tuple[Decision, ...] = ()

    @property
    def policy(self) -> str:
        """The id of the policy."""
        return self.book.policy

    @property
    def missing(self) -> tuple[str, ...]:
        """The missing facts that leave rules open, by name; of tracks those of all that count."""
        if self.outcome is _ELIGIBLE:
            return ()
        if self.tracks:
            alike = (each.missing for each in self.tracks if each.outcome is self.outcome)
            return tuple(sorted({name for names in alike for name in names}))
        open_rules = [f.rule for f in self.findings if f.verdict is _CANNOT_TELL]
        if not open_rules:
            return ()
        names = (self.book.missing(rule.condition, self._values) for rule in open_rules)
        return tuple(sorted({name for each in names for name in each}))

    @property
    def assumptions(self) -> tuple[Link, ...]:
        """The links that rest on an assumption on which the verdict of some rule depends.

        It does where the rule would come out another way with the fact at its other extreme.
        """
        return tuple(link for link in self.chain if link.assumption and self._depends_on(link))

    def _depends_on(self, link: Link) -> bool:
        name, extreme = link.derivation.fact.name, link.other_extreme
        if extreme is None:
            return False
        given = {key: value for key, value in self._values.items() if key not in self._computed}
        other = self.book.known({**given, name: extreme})
        tests = (finding.rule.condition.test for finding in self.findings)
        return any(test(other) is not test(self._values) for test in tests)

    @property
    def _computed(self) -> set[str]:
        """The names of the facts that were derived."""
        return {link.derivation.fact.name for link in self.chain}

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings of the rules that are not met."""
        return tuple(f for f in self.findings if f.verdict is Verdict.NOT_MET)

    @property
    def distance(self) -> tuple[int, int]:
        """How far the application is from fitting: first the outcome, then the rules not met."""
        return FIT[self.outcome], len(self.refusals)

    def by(self, counts: Callable[[Rule], bool]) -> Decision:
        """The decision by some of its rules alone, on the same facts."""
        findings = tuple(each for each in self.findings if counts(each.rule))
        outcome = _OUTCOMES[together(findings)]
        return evolve(self, findings=findings, outcome=outcome, tracks=())

    def __getitem__(self, rule: str) -> Finding:
        """The finding for one rule, by its id."""
        for finding in self.findings:
            if finding.rule.id == rule:
                return finding
        raise KeyError(rule)


def together(findings: Iterable[Finding]) -> bool | None:
    """Whether all rules are met: False where one is not, otherwise None where one is open."""
    answer: bool | None = True
    for finding in findings:
        verdict = finding.verdict
        if verdict is _NOT_MET:
            return False
        if verdict is _CANNOT_TELL:
            answer = None
    return answer


#: By these names they are found faster than as members of their enumeration.
_NOT_MET, _CANNOT_TELL = Verdict.NOT_MET, Verdict.CANNOT_TELL


def conclude(
    book: RuleBook,
    engine: str,
    findings: tuple[Finding, ...],
    chain: list[Link],
    values: Mapping[str, Value],
) -> Decision:
    """The decision from an engine's findings, one for each rule in order."""
    return Decision(book, engine, _OUTCOMES[together(findings)], findings, tuple(chain), values)


_OUTCOMES = {
    True: Outcome.ELIGIBLE,
    False: Outcome.NOT_ELIGIBLE,
    None: Outcome.CANNOT_TELL,
}


#: Outcomes from the one that fits best.
FIT = {Outcome.ELIGIBLE: 0, Outcome.CANNOT_TELL: 1, Outcome.NOT_ELIGIBLE: 2}


def settling(root: Condition, values: Values) -> Iterator[Condition]:
    """The comparisons that settle a condition by themselves, or that leave it open.

    One part that is met settles a disjunction, one that is not met a conjunction: the first
    that does is followed.
    """
    if not isinstance(root, AllOf | AnyOf):
        yield root
        return
    answer = root.test(values)
    alike = [part for part in root.parts if part.test(values) is answer]
    one_is_enough = answer is isinstance(root, AnyOf)
    for part in alike[:1] if one_is_enough else alike:
        yield from settling(part, values)
