"""Criteria that no application can meet, that all meet, and caps that never bind.

All of it is decided from the conditions of the rules, whatever kind of part they come from.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial

import attrs
from attrs import frozen

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Slot, slot_at
from sifrules.policy.tracks import Track
from sifrules.policy.wording import money_words
from sifrules.rules.conditions import Compare, Condition
from sifrules.rules.rulebook import Rule, Stage
from sifrules.rules.vocabulary import application, fund
from sifrules.validation.funding import nothing_returns, whole_fund
from sifrules.validation.issues import Issue, IssueTemplate, Severity, joined
from sifrules.validation.locations import key_of
from sifrules.validation.satisfiability import possible
from sifrules.values.messages import Message, Text
from sifrules.values.text import same

#: The stages that an application passes before it is granted.
_GRANTING = (Stage.IDEA_TEST, Stage.APPLICATION, Stage.ALLOCATION)
#: The slots whose rules are examined one by one; other rules only take part.
_LOOKED_AT = (Slot.CRITERIA, Slot.CAPS, Slot.RETURN_MODEL)

_NEVER_MET = IssueTemplate(
    kind="never_met",
    level=Severity.WRONG,
    what=Message("validate_rules.never_met_what"),
    why=Message("validate_rules.never_met_why"),
    do=Message("validate_rules.never_met_do"),
)
_CONTRADICTION = IssueTemplate(
    kind="contradiction",
    level=Severity.WRONG,
    what=Message("validate_rules.contradiction_what"),
    why=Message("validate_rules.contradiction_why"),
    do=Message("validate_rules.contradiction_do"),
)
_TRACK_NEVER_MET = attrs.evolve(
    _CONTRADICTION,
    kind="track_never_met",
    what=Message("validate_tracks.never_met_what"),
    why=Message("validate_tracks.never_met_why"),
)
_TOGETHER = Message("validate_tracks.together_with")
_DEMANDS_NOTHING = IssueTemplate(
    kind="demands_nothing",
    level=Severity.DOUBTFUL,
    what=Message("validate_rules.demands_nothing_what"),
    why=Message("validate_rules.demands_nothing_why"),
    do=Message("validate_rules.demands_nothing_do"),
)
_IMPLIED = IssueTemplate(
    kind="implied",
    level=Severity.DOUBTFUL,
    what=Message("validate_rules.implied_what"),
    why=Message("validate_rules.implied_why"),
    do=Message("validate_rules.implied_do"),
)
_CAP_NEVER_BINDS = attrs.evolve(
    _IMPLIED,
    kind="cap_never_binds",
    what=Message("validate_rules.cap_never_binds"),
)
_ABOVE_FUND = IssueTemplate(
    kind="above_fund",
    level=Severity.DOUBTFUL,
    what=Message("validate_rules.above_fund_what"),
    why=Message("validate_rules.above_fund_why"),
    do=Message("validate_rules.above_fund_do"),
)
_NOBODY = IssueTemplate(
    kind="empty_list",
    level=Severity.WRONG,
    what=Message("validate_rules.nobody_what"),
    why=Message("validate_rules.nobody_why"),
    do=Message("validate_rules.nobody_do"),
)
_EMPTY = attrs.evolve(
    _NOBODY,
    level=Severity.DOUBTFUL,
    what=Message("validate_rules.empty_what"),
    why=Message("validate_rules.empty_why"),
    do=Message("validate_rules.empty_do"),
)

#: Holds of every application, by what the words mean.
_ALWAYS: tuple[Condition, ...] = (
    application.applied_for <= application.cost,
    application.applied_for_per_year <= application.applied_for,
)
#: Taken for granted when a demand is said to rule nothing out: costs are not expected to rise.
_NO_RISE: Condition = application.expected_savings >= 0


def of_rules(policy: FundPolicy) -> Iterator[Issue]:
    """Issues of a policy's demands, each alone and all together."""
    look = _PolicyCheck(policy, (*_ALWAYS, *_about_money(policy)))
    left = yield from look.never_met(granting(policy))
    yield from look.needless(left)
    for key in _empty_lists({slot: policy.tree.get(slot) for slot in Slot}):
        remark = _NOBODY if key.endswith(f"{Slot.PROCEDURE}.applicants") else _EMPTY
        yield remark.at(policy.origin, key)


def of_own_rules(policy: FundPolicy) -> Iterator[Issue]:
    """Issues of the demands of a track, of a policy as it is seen on that track.

    What lies in the fund's own demands is left to the fund.
    """
    look = _PolicyCheck(policy, tuple(_about_money(policy)))
    left = yield from look.never_met(granting(policy))
    yield from look.needless(left)


def _empty_lists(tree: object, above: str = "") -> Iterator[str]:
    """The keys under which a part states an empty list."""
    if tree == []:
        yield above.removesuffix(".value")
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _empty_lists(value, f"{above}.{key}".strip("."))


def granting(policy: FundPolicy) -> list[Rule]:
    """The demands on the way to a grant, but for those that the guideline itself settles."""
    given = policy.rulebook.given
    return [
        rule
        for rule in policy.rulebook.rules
        if rule.stage in _GRANTING and any(fact.name not in given for fact in rule.facts)
    ]


def _about_money(policy: FundPolicy) -> Iterator[Condition]:
    """What is sure of the fund's money as long as it is given no more than is stated."""
    money = whole_fund(policy.funding)
    if money is None:
        return
    yield Compare(fund.available, "<=", money)
    if nothing_returns(policy):
        yield fund.available <= fund.granted_this_year * -1 + Decimal(money) / 100


@frozen
class _PolicyCheck:
    """A policy whose demands are compared with each other."""

    policy: FundPolicy
    money: tuple[Condition, ...]

    def never_met(self, rules: list[Rule]) -> Generator[Issue, None, list[Rule]]:
        """Issues of demands that cannot be met, alone or together; returns the other demands."""
        while not self._possible(rules):
            clash = _least(rules, lambda some: not self._possible(some))
            about = max(clash, key=self._rank)
            others = [rule for rule in clash if rule is not about]
            if self.policy.track is None:
                yield self._at(_CONTRADICTION if others else _NEVER_MET, about, others)
            elif any(map(self._own, clash)):
                yield self._at(_TRACK_NEVER_MET, about, others, self.policy.track)
            rules = [rule for rule in rules if rule is not about]
        return rules

    def needless(self, rules: list[Rule]) -> Iterator[Issue]:
        """Demands that rule nothing out, or nothing that another one does not."""
        for rule in sorted(rules, key=self._rank, reverse=True):
            if self._slot(rule) not in _LOOKED_AT or not self._own(rule):
                continue
            fails = rule.condition.negated()
            if not possible([fails, _NO_RISE]):
                yield self._at(_DEMANDS_NOTHING, rule, [])
                continue
            others = [other for other in rules if other is not rule]
            if self._implies(others, fails):
                reasons = _least(others, partial(self._implies, fails=fails))
                yield self._at(self._why_needless(rule, reasons), rule, reasons)
                rules = others

    def _implies(self, rules: Iterable[Rule], fails: Condition) -> bool:
        return not self._possible(rules, fails)

    def _possible(self, rules: Iterable[Rule], *more: Condition) -> bool:
        return possible([*(rule.condition for rule in rules), *self.money, *more])

    def _why_needless(self, rule: Rule, reasons: Iterable[Rule]) -> IssueTemplate:
        if any(self._slot(reason) is Slot.FUNDING for reason in reasons):
            return _ABOVE_FUND
        return _CAP_NEVER_BINDS if self._slot(rule) is Slot.CAPS else _IMPLIED

    def _own(self, rule: Rule) -> bool:
        """Whether a rule is of the track that the policy is seen on, or of a fund seen whole."""
        return self.policy.track is None or rule.id.startswith(f"{self.policy.track.path}.")

    def _at(
        self,
        remark: IssueTemplate,
        rule: Rule,
        others: Iterable[Rule],
        track: Track | None = None,
    ) -> Issue:
        named = [
            _NAMED.format(key=key_of(self.policy, r.id), demand=self._demand(r)) for r in others
        ]
        together: Text | str = joined(named) if named else ""
        if track is not None and named:
            together = _TOGETHER.format(others=together)
        return remark.at(
            self.policy.origin,
            key_of(self.policy, rule.id),
            demand=self._demand(rule),
            others=together,
            track=track.title if track else "",
            money=money_words(whole_fund(self.policy.funding) or 0),
        )

    def _demand(self, rule: Rule) -> Text:
        """A demand in words, with what the fund holds where it is about that."""
        money = whole_fund(self.policy.funding)
        if self._slot(rule) is not Slot.FUNDING or money is None:
            return rule.demand
        return _OF_FUND.format(demand=rule.demand, money=money_words(money))

    def _slot(self, rule: Rule) -> Slot:
        return Slot(slot_at(rule.id))

    def _rank(self, rule: Rule) -> tuple[int, int]:
        """Caps before criteria before what only takes part; the later before the earlier."""
        slot = self._slot(rule)
        order = (Slot.PROCEDURE, Slot.RETURN_MODEL, Slot.CRITERIA, Slot.CAPS)
        at = order.index(slot) if slot in order else -1
        return at, self.policy.rulebook.rules.index(rule)


_NAMED = same("{key} ({demand})")
_OF_FUND = Message("validate_rules.of_fund")


def _least(rules: Iterable[Rule], holds: Callable[[list[Rule]], bool]) -> list[Rule]:
    """A smallest subset of the rules for which a condition still holds."""
    left = list(rules)
    for rule in reversed(list(left)):
        fewer = [each for each in left if each is not rule]
        if holds(fewer):
            left = fewer
    return left
