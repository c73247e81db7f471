"""Running worked cases: what each expected, the actual result, and the rule that decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from sifrules.errors import SifError
from sifrules.loading.application import flat_facts
from sifrules.plugin.registry import Registry, registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.settlement import ClaimKind, ReductionKind, Settlement
from sifrules.rules.decisions import Decision, Verdict
from sifrules.testing.cases import Case
from sifrules.testing.outcome import (
    Reason,
    TrialResult,
    exact_kronor,
    reason_of,
    reasons_of,
    try_policy,
)
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language, same

_DIFFERS = Message("run_cases.differs")
_IS = Message("run_cases.is")
_NO_RULE = Message("run_cases.no_rule")
_NOTHING = Message("run_cases.nothing")
_NO_INVESTMENT = Message("run_cases.no_investment")
_PASSED = Message("run_cases.passed")
_DIFFERENT = Message("run_cases.different")


@frozen
class Difference:
    """One result that differs from what a case expects.

    ``what`` is the key under ``expect``, ``expected`` its value as the file has it, empty
    where the case could not be tried at all; ``came`` is the actual result.
    """

    what: str
    expected: str
    came: Text

    @property
    def words(self) -> Text:
        """The difference as a sentence."""
        if not self.expected:
            return self.came
        return _DIFFERS.format(what=self.what, expected=self.expected, came=self.came)

    def __str__(self) -> str:
        return self.words.text("en")


@frozen
class Tried:
    """A worked case that has been tried: whether it passed, and the rule that decided.

    ``policy`` is the id of the policy that it was tried on; ``decided_by`` is None where
    every rule is met, or where the case could not be tried.
    """

    case: Case
    policy: str
    differences: tuple[Difference, ...]
    decided_by: Reason | None = None

    @property
    def passed(self) -> bool:
        """Whether the result is what the case expects."""
        return not self.differences

    @property
    def verdict(self) -> Text:
        """Passed, or differs."""
        return _PASSED if self.passed else _DIFFERENT

    def text(self, language: Language) -> str:
        """The case's sentence with its verdict, what differs and the deciding rule."""
        lines = [f"{self.verdict.text(language)}: {self.case.name} ({self.policy})"]
        lines += [f"  {difference.words.text(language)}" for difference in self.differences]
        if self.decided_by is not None:
            lines.append(f"  {self.decided_by.id}: {self.decided_by.text(language)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text("en")


def run_cases(
    policy_or_registry: FundPolicy | Registry, cases: Iterable[Case], engine: str | None = None
) -> tuple[Tried, ...]:
    """Try worked cases, in order, with the changes that each of them states.

    Given a registry, each case is tried on the policy that it names; given a policy, all
    are tried on that one, whatever they name. A case that cannot be tried is no pass.

    >>> from sifrules import registry
    >>> from sifrules.testing import Case, Expected
    >>> case = Case(name="One area alone is too little", policy="orebro@2016",
    ...             facts={"application.areas": 1}, expect=Expected(outcome="eligible"))
    >>> (tried,) = run_cases(registry(), [case], engine="compiled")
    >>> tried.passed, tried.decided_by.id
    (False, 'criteria.areas')
    """
    return tuple(_found_and_tried(case, policy_or_registry, engine) for case in cases)


def _found_and_tried(case: Case, given: FundPolicy | Registry, engine: str | None) -> Tried:
    try:
        if isinstance(given, Registry):
            policy = given.policy(case.policy, case.set)
        else:
            policy = registry().changed(given, case.set) if case.set else given
    except SifError as error:
        return Tried(case, case.policy, (_stopped(error),))
    return try_case(case, policy, engine=engine)


def run_case(case: Case, policy: FundPolicy, *, engine: str | None = None) -> tuple[str, ...]:
    """Try a case; returns the differences from what it expects, () for none."""
    return tuple(map(str, try_case(case, policy, engine=engine).differences))


def try_case(case: Case, policy: FundPolicy, *, engine: str | None = None) -> Tried:
    """Try a case on a policy as it stands: changes that the case itself states are ignored."""
    try:
        outcome = _outcome(case, policy, engine)
        differences = tuple(_differences(case, outcome))
        return Tried(case, policy.id, differences, _decided_by(case, outcome))
    except SifError as error:
        return Tried(case, policy.id, (_stopped(error),))


def _stopped(error: SifError) -> Difference:
    return Difference("", "", same(str(error)))


def _outcome(case: Case, policy: FundPolicy, engine: str | None) -> TrialResult:
    facts: dict[str, object] | None = dict(flat_facts(case.facts))
    investment = None
    if case.investment is not None:
        investment = case.investment.investment(policy.vocabulary.read(facts or {}))
        facts = facts if case.expect.of_decision else None
    return try_policy(policy, facts, stages=case.stages, investment=investment, engine=engine)


def _decided_by(case: Case, outcome: TrialResult) -> Reason | None:
    """The rule that the case names, or the first that is not met or leaves the outcome open."""
    if not case.expect.of_decision and case.investment is not None:
        return next(iter(reasons_of(outcome.settlement)), None)
    against = [f for f in outcome.decision.findings if f.verdict is not Verdict.MET]
    against.sort(key=lambda f: (f.rule.id != case.expect.decided_by, f.verdict is not _AGAINST))
    return reason_of(against[0]) if against else None


_AGAINST = Verdict.NOT_MET


def _differences(case: Case, outcome: TrialResult) -> Iterator[Difference]:
    expect = case.expect
    if expect.of_decision:
        yield from _of_decision(case, outcome.decision)
    of_settlement = [name for name in _OUTCOMES if getattr(expect, name) is not None]
    if case.investment is None and of_settlement:
        yield Difference(of_settlement[0], "", _NO_INVESTMENT.format(what=of_settlement[0]))
    if case.investment is not None:
        for name, found in _OUTCOMES.items():
            wanted, got = getattr(expect, name), found(outcome.settlement)
            if wanted is not None and wanted != got:
                yield Difference(name, str(_shown(wanted)), _NOTHING if got is None else _text(got))


def _of_decision(case: Case, decision: Decision) -> Iterator[Difference]:
    expect = case.expect
    if expect.outcome and decision.outcome != expect.outcome:
        against = ", ".join(f.rule.id for f in decision.findings if f.verdict != "met")
        came = f"{decision.outcome} ({against})" if against else str(decision.outcome)
        yield Difference("outcome", expect.outcome, same(came))
    if expect.decided_by:
        verdicts = {f.rule.id: f.verdict for f in decision.findings}
        verdict = verdicts.get(expect.decided_by)
        if verdict in (Verdict.MET, None):
            words = verdict.words if verdict else _NO_RULE
            came_words = _IS.format(rule=expect.decided_by, verdict=words)
            yield Difference("decided_by", expect.decided_by, came_words)
    if expect.missing is not None and set(decision.missing) != set(expect.missing):
        missing = ", ".join(expect.missing) or "[]"
        came_missing = ", ".join(decision.missing)
        yield Difference("missing", missing, same(came_missing) if came_missing else _NOTHING)


def _due(settlement: Settlement, choose: Callable[..., Any]) -> str | None:
    return str(choose(claim.due for claim in settlement.claims)) if settlement.claims else None


_OUTCOMES: Mapping[str, Callable[[Settlement], Any]] = {
    "returned": lambda settlement: settlement.of(ClaimKind.RETURN),
    "fee": lambda settlement: settlement.of(ClaimKind.FEE),
    "interest": lambda settlement: settlement.of(ClaimKind.INTEREST),
    "indexed": lambda settlement: settlement.of(ClaimKind.INDEX),
    "written_down": lambda settlement: settlement.of(ReductionKind.WRITTEN_DOWN),
    "exempted": lambda settlement: settlement.of(ReductionKind.EXEMPTED),
    "first_due": lambda settlement: _due(settlement, min),
    "last_due": lambda settlement: _due(settlement, max),
    "cannot_tell": lambda settlement: not settlement.complete,
}


def _shown(value: object) -> object:
    return exact_kronor(value) if type(value) is int else value


def _text(value: object) -> Text:
    return same(str(_shown(value)))
