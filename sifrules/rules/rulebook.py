"""Rules (regler), derivations of facts from others, and the rule book (regelverk) of a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from attrs import define, field, frozen

from sifrules.errors import RuleError, Uncited
from sifrules.rules.amounts import Amount, amounts_behind
from sifrules.rules.conditions import Condition, Fact, Value, Values, all_of, condition
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import Vocabulary
from sifrules.values.citations import Citation
from sifrules.values.messages import Message
from sifrules.values.money import kronor
from sifrules.values.text import LocalizedText


class Stage(StrEnum):
    """The stages (steg) of an investment, in order."""

    IDEA_TEST = "idea_test"
    APPLICATION = "application"
    ALLOCATION = "allocation"
    EVALUATION = "evaluation"
    RETURN = "return"

    @property
    def words(self) -> LocalizedText:
        return _STAGE_WORDS[self]


_STAGE_WORDS = {
    Stage.IDEA_TEST: LocalizedText(sv="idéprövning", en="idea test"),
    Stage.APPLICATION: LocalizedText(sv="ansökan", en="application"),
    Stage.ALLOCATION: LocalizedText(sv="tilldelning", en="allocation"),
    Stage.EVALUATION: LocalizedText(sv="utvärdering", en="evaluation"),
    Stage.RETURN: LocalizedText(sv="återföring", en="return"),
}


def _cited(instance: object, _: object, citation: Any) -> None:
    if not isinstance(citation, Citation):
        name = getattr(instance, "id", None) or getattr(instance, "fact", None)
        raise Uncited(str(name), Message("rule.name_source"))


@frozen
class Rule:
    """A demand (krav) of a guideline at one stage, with its citation.

    ``id`` is the path of its clause (``criteria.areas``), ``demand`` the demand in words.
    `Uncited` is raised for a rule without a citation.
    """

    id: str
    stage: Stage
    demand: LocalizedText
    condition: Condition = field(converter=condition)
    citation: Citation = field(validator=_cited)
    #: the facts it reads, each once
    facts: tuple[Fact, ...] = field(init=False, eq=False, repr=False)
    #: how a file shows the values of those whose internal values are others, by name
    shown_as: tuple[tuple[str, Callable[[Any], object]], ...] = field(
        init=False, eq=False, repr=False
    )

    @facts.default
    def _facts(self) -> tuple[Fact, ...]:
        return tuple(dict.fromkeys(self.condition.facts()))

    @shown_as.default
    def _shown_as(self) -> tuple[tuple[str, Callable[[Any], object]], ...]:
        return tuple(
            (fact.name, kronor if fact.kind is Kind.MONEY else fact.written)
            for fact in self.facts
            if not fact.plain
        )


@frozen
class Derivation:
    """The derivation (slutsats) of a fact from other facts.

    The fact is true where ``holds`` is met and false where ``fails`` is met (by default: where
    ``holds`` is not met). Where neither is met it stays missing, which keeps a gap in a
    guideline visible. A fact that is stated is not derived.
    """

    id: str
    fact: Fact
    holds: Condition = field(converter=condition)
    citation: Citation = field(validator=_cited)
    fails: Condition = field()

    @fails.default
    def _fails(self) -> Condition:
        return self.holds.negated()

    def value(self, values: Values) -> bool | None:
        """The derived value, None where the facts settle nothing."""
        if self.holds.test(values) is True:
            return True
        return False if self.fails.test(values) is True else None

    def facts(self) -> Iterable[Fact]:
        """The facts it depends on, each once."""
        return dict.fromkeys((*self.holds.facts(), *self.fails.facts()))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that it is made of."""
        return self.holds, self.fails

    @property
    def meaning(self) -> object:
        """What has to be the same where two parts derive one fact."""
        return self.fact, self.holds, self.fails


#: How a fact follows from others: a flag by conditions, an amount by arithmetic.
Derived = Derivation | Amount


def stage_opened(stage: Stage) -> Fact:
    """The fact that a stage is open: the rules of all earlier stages are met."""
    words = LocalizedText(sv="steget {stage} är öppet", en="the stage {stage} is open").format(
        stage=stage.words
    )
    return Fact(f"stage.{stage}_open", Kind.FLAG, words)


@frozen
class Opening:
    """A stage that opens when the rules at some positions in the book are all met."""

    link: Derivation
    places: tuple[int, ...]


def _tuple(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(rules)


def _read_only(given: Mapping[str, Value]) -> Mapping[str, Value]:
    return MappingProxyType(dict(given))


@define(eq=False, slots=False)  # with slots and cached properties help() fails on Python 3.13
class RuleBook:
    """The rules of a policy, with the derivations and the facts that the policy itself settles.

    ``given`` holds those facts, as whether there is a fund at all. Derivations are sorted by
    dependency; amounts that follow under every guideline are added. `RuleError` for two rules
    with one id, for two derivations of one fact, and for derivations that depend on each other
    in a circle.
    """

    policy: str
    rules: tuple[Rule, ...] = field(converter=_tuple)
    derivations: tuple[Derived, ...] = ()
    given: Mapping[str, Value] = field(factory=dict, converter=_read_only)
    _parts: dict[tuple[Stage, ...], RuleBook] = field(factory=dict, init=False, repr=False)
    #: the book compiled by each engine, by the engine's name
    made: dict[str, object] = field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        ids = [rule.id for rule in self.rules]
        doubled = sorted({each for each in ids if ids.count(each) > 1})
        if doubled:
            raise RuleError(
                Message("rule.id_twice", doubled=", ".join(doubled)),
                where=self.policy,
                fix=Message("rule.rename_one"),
            )
        derived = [link.fact.name for link in self.derivations]
        twice = sorted({name for name in derived if derived.count(name) > 1})
        if twice:
            raise RuleError(
                Message("rule.derived_twice", twice=", ".join(twice)),
                where=self.policy,
            )
        read = (fact.name for each in (*self.rules, *self.derivations) for fact in _read(each))
        behind = (link for link in amounts_behind(read) if link.fact.name not in derived)
        self.derivations = (*self.derivations, *behind)
        self.derivations = tuple(
            link for wave in self._order(list(self.derivations)) for link in wave
        )

    def _order(self, links: list[Derived]) -> list[list[Derived]]:
        """Derivations in waves, each dependent on stated facts and earlier waves only."""
        waves: list[list[Derived]] = []
        while links:
            open_facts = {link.fact.name for link in links}
            wave = [link for link in links if open_facts.isdisjoint(f.name for f in link.facts())]
            if not wave:
                raise RuleError(
                    Message(
                        "rule.derivation_circle",
                        open_facts=", ".join(sorted(open_facts)),
                    ),
                    where=self.policy,
                )
            waves.append(wave)
            links = [link for link in links if link not in wave]
        return waves

    def __reduce__(self) -> tuple[type[RuleBook], tuple[object, ...]]:
        """Pickle the book's contents alone, without what engines compiled of it."""
        return RuleBook, (self.policy, self.rules, self.derivations, dict(self.given))

    @cached_property
    def waves(self) -> list[list[Derived]]:
        """The derivations in waves, each dependent on stated facts and earlier waves only."""
        return self._order(list(self.derivations))

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """The stages after the first, each opened when all earlier ones are passed."""
        stages = [stage for stage in Stage if any(rule.stage is stage for rule in self.rules)]
        return tuple(self._opening(set(stages[:at]), stages[at]) for at in range(1, len(stages)))

    def _opening(self, before: set[Stage], after: Stage) -> Opening:
        places = tuple(at for at, rule in enumerate(self.rules) if rule.stage in before)
        passed = [self.rules[place] for place in places]
        link = Derivation(
            id=f"stage.{after}",
            fact=stage_opened(after),
            holds=all_of(*(rule.condition for rule in passed)),
            citation=passed[0].citation,
        )
        return Opening(link, places)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every fact that the rules and derivations read or derive."""
        read = (fact for rule in self.rules for fact in rule.facts)
        linked = (f for link in self.derivations for f in (link.fact, *link.facts()))
        return Vocabulary([*read, *linked])

    @cached_property
    def derived(self) -> Mapping[str, Derived]:
        """The derivation of each derived fact, by the fact's name."""
        return {link.fact.name: link for link in self.derivations}

    def known(self, values: Values) -> dict[str, Value]:
        """The values with what the policy itself settles and what follows from them."""
        known = {**values, **self.given}
        for link in self.derivations:
            if link.fact.name not in known and (value := link.value(known)) is not None:
                known[link.fact.name] = value
        return known

    def only(self, *stages: Stage) -> RuleBook:
        """The book with the rules of some stages and the derivations that they need."""
        if stages not in self._parts:
            rules = tuple(rule for rule in self.rules if rule.stage in stages)
            self._parts[stages] = RuleBook(self.policy, rules, self._needed(rules), self.given)
        return self._parts[stages]

    def _needed(self, rules: Iterable[Rule]) -> tuple[Derived, ...]:
        wanted = {fact.name for rule in rules for fact in rule.facts}
        for link in reversed(self.derivations):
            if link.fact.name in wanted:
                wanted.update(fact.name for fact in link.facts())
        return tuple(link for link in self.derivations if link.fact.name in wanted)

    def missing(self, condition: Condition, values: Values) -> tuple[str, ...]:
        """The names of the facts whose absence leaves a condition open.

        A derived fact is replaced by the missing facts that it depends on, unless all of those
        are known (a gap in the guideline): then it is named itself.
        """
        missing = (
            name for fact in condition.missing(values) for name in self._behind(fact, values)
        )
        return tuple(dict.fromkeys(missing))

    def _behind(self, fact: Fact, values: Values) -> tuple[str, ...]:
        """The missing facts that a missing one depends on, or itself where there are none."""
        behind: tuple[str, ...] = ()
        match self.derived.get(fact.name):
            case Derivation() as link:
                behind = (*self.missing(link.holds, values), *self.missing(link.fails, values))
            case Amount() as amount:
                needed = amount.needed(values)
                behind = tuple(name for each in needed for name in self._behind(each, values))
        return behind or (fact.name,)


def _read(each: Rule | Derived) -> Iterable[Fact]:
    """The facts that a rule or a derivation reads."""
    return each.facts if isinstance(each, Rule) else each.facts()
