"""Validation (granskning) of a guideline, a record, or all that a plugin offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sifrules.errors import Fault, FaultyFile, SifError, unexpected
from sifrules.loading.guideline import Guideline
from sifrules.loading.history import History
from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.validation.amounts import of_amounts, of_granted
from sifrules.validation.citations import of_clauses, of_history, of_texts
from sifrules.validation.claims import of_claims
from sifrules.validation.file_faults import of_faults, of_problem
from sifrules.validation.funding import of_money
from sifrules.validation.indexes import of_indexes
from sifrules.validation.issues import Issue, Severity
from sifrules.validation.record import of_record
from sifrules.validation.rules import of_rules
from sifrules.validation.tracks import of_tracks
from sifrules.validation.validity import between, of_period
from sifrules.values.messages import Message, Text


def validate(
    registry: Registry,
    guideline: Guideline | FundPolicy,
    history: History | None = None,
    beside: Iterable[FundPolicy] = (),
) -> tuple[Issue, ...]:
    """Everything wrong or doubtful in a guideline, what is wrong first.

    With a ``history``, also what is amiss with that record against the guidelines of the
    municipality. ``beside`` are guidelines that count in addition to those of plugins. A faulty
    guideline is reported, not raised. What is said is sure from the files alone, but for the
    checks that plugins offer (`sifrules_checks`); "doubtful" says no more than that it may be
    amiss.

    >>> from sifrules import registry
    >>> towns = registry()
    >>> [issue.kind for issue in validate(towns, towns.policy("vingaker"))]
    ['return_share_missing', 'no_date']
    """
    written = _as_written(registry, guideline)
    issues = list(of_texts(written.tree, written.origin, _built_on(registry, written)))
    policies: list[FundPolicy] = []
    try:
        policy = registry.built(written)
    except SifError as error:
        issues = [*of_faults(_faults(error, written.origin)), *issues]
    else:
        policies = _with(policy, _guidelines_of(registry, _town(policy), beside))
        issues += _of_policy(policy, policies)
        issues += _of_plugins(registry, policy)
    if history is not None:
        issues += _of_history(history, policies)
    return _in_order(issues)


def validate_record(
    registry: Registry, history: History, beside: Iterable[FundPolicy] = ()
) -> tuple[Issue, ...]:
    """Everything wrong or doubtful in a record, against its municipality's guidelines."""
    policies = _guidelines_of(registry, history.key, beside)
    return _in_order(_of_history(history, policies))


def validate_plugin(registry: Registry, name: str) -> tuple[Issue, ...]:
    """Everything wrong or doubtful in what a plugin offers: its guidelines and their record."""
    ids = registry.offered_by(name)
    issues = [issue for id in ids for issue in validate(registry, registry.guideline(id))]
    towns = {id.partition("@")[0] for id in ids}
    for history in registry.histories:
        if history.key in towns:
            issues += validate_record(registry, history)
    (plugin,) = (each for each in registry.plugins if each.name == name)
    problems = [problem for problem in plugin.problems if not _of_a_guideline(problem)]
    return _in_order([*(of_problem(name, problem) for problem in problems), *issues])


def _of_a_guideline(problem: Text) -> bool:
    """Whether a plugin's problem is a faulty guideline, whose faults are reported by themselves."""
    return isinstance(problem, Message) and problem.code == "plugin.policy_left_out"


def _of_history(history: History, policies: list[FundPolicy]) -> Iterator[Issue]:
    yield from of_history(history)
    yield from of_granted(history)
    yield from of_record(history, policies)


def _of_policy(policy: FundPolicy, beside: list[FundPolicy]) -> Iterator[Issue]:
    yield from of_clauses(policy)
    yield from of_rules(policy)
    yield from of_money(policy)
    yield from of_amounts(policy)
    yield from of_claims(policy)
    yield from of_tracks(policy)
    yield from of_indexes(policy)
    yield from of_period(policy)
    if policy in beside:
        yield from between(beside, policy)


def _of_plugins(registry: Registry, policy: FundPolicy) -> Iterator[Issue]:
    """What the checks that plugins offer have to say."""
    for check in registry.checks:
        for issue in check(registry, policy):
            if not isinstance(issue, Issue):
                raise unexpected(Message("expected.issue"), issue)
            yield issue


def _in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Each issue once, what is wrong before what is doubtful, otherwise in the order found."""
    return tuple(sorted(dict.fromkeys(issues), key=lambda issue: issue.level is not Severity.WRONG))


def _as_written(registry: Registry, guideline: Guideline | FundPolicy) -> Guideline:
    """A guideline as its file has it, without its bases where that is still available."""
    if isinstance(guideline, Guideline):
        return guideline
    if guideline.id in registry.ids:
        return registry.guideline(guideline.id)
    return Guideline({**guideline.tree, "id": guideline.id}, guideline.origin)


def _built_on(registry: Registry, guideline: Guideline) -> list[Mapping[str, object]]:
    """The offered guidelines that build on this one."""
    offered = (registry.guideline(id).tree for id in registry.ids)
    return [tree for tree in offered if tree.get("base") == guideline.id]


def _town(policy: FundPolicy) -> str:
    return policy.id.partition("@")[0]


def _guidelines_of(registry: Registry, town: str, beside: Iterable[FundPolicy]) -> list[FundPolicy]:
    """The guidelines of a municipality, each once, proposals and baselines left out."""
    of_town: list[FundPolicy] = []
    for policy in (*registry.policies, *beside):
        if policy.status == "guideline" and _town(policy) == town:
            of_town = _with(policy, of_town)
    return of_town


def _with(policy: FundPolicy, of_town: list[FundPolicy]) -> list[FundPolicy]:
    """The guidelines with one more; a what-if that keeps the dates of one stands in its place."""
    if policy.status != "guideline":
        return of_town
    twins = [each for each in of_town if each.id == policy.id or _same_dates(each, policy)]
    if not twins:
        return [*of_town, policy]
    return [policy if each is twins[0] else each for each in of_town]


def _same_dates(a: FundPolicy, b: FundPolicy) -> bool:
    """Whether two guidelines are in force from the same date by the same citation."""
    name = "in_force"
    return (a.terms.in_force, a.terms.sources.get(name)) == (
        b.terms.in_force,
        b.terms.sources.get(name),
    )


def _faults(error: SifError, origin: str) -> tuple[Fault, ...]:
    if isinstance(error, FaultyFile):
        return error.faults
    key = error.where if error.where not in (None, origin) else ""
    return (Fault(origin, key or "", error.what, fix=error.fix),)
