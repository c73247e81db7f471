"""A trial of a guideline (granskning) by a short simulation: can it be simulated, does it grant?

A demand that no world can meet shows itself only here: in the files each rule is in order.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.values.messages import Message
from sifrules.values.text import same
from sifrules_simulation.analysis.compare import run_comparison
from sifrules_simulation.analysis.run_notes import most_stopping, tracks_without_grants
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.planning import comparison_design

#: So many worlds of so many years: a fund that grants at all grants in one of them.
WORLDS, YEARS = 10, 8

_NOT_SIMULATED = IssueTemplate(
    kind="not_simulated",
    level=Severity.DOUBTFUL,
    what=Message("guideline_trial.not_simulated_what"),
    why=Message("guideline_trial.not_simulated_why"),
    do=Message("guideline_trial.not_simulated_do"),
)
_NEVER_GRANTS = IssueTemplate(
    kind="never_grants",
    level=Severity.DOUBTFUL,
    what=Message("guideline_trial.never_grants_what"),
    why=Message("guideline_trial.never_grants_why"),
    do=Message("guideline_trial.never_grants_do"),
)


_TRACK_NEVER_GRANTS = evolve(
    _NEVER_GRANTS,
    kind="track_never_grants",
    what=Message("policy_check.track_never_grants_what"),
    do=Message("policy_check.track_never_grants_do"),
)


def simulated_issues(registry: Registry, policy: FundPolicy) -> Iterator[Issue]:
    """A doubt where a policy cannot be simulated, or has a fund and grants in no world."""
    try:
        design = comparison_design(registry, [policy], years=YEARS)
    except SifError as error:
        yield _NOT_SIMULATED.at(policy.origin, "", why=error.full_text)
        return
    if not design.setup(0).adapter.has_fund:
        return
    unobserved = evolve(design, observers=())
    found = run_comparison(unobserved, WORLDS, Running(jobs=1), keep_runs=False)
    if not found.replications:
        yield _NOT_SIMULATED.at(policy.origin, "", why=same(found.failures[0].error))
        return
    if found.mean(policy.id, "grants").mean != 0:
        for track in tracks_without_grants(found, policy.id):
            said = {"worlds": WORLDS, "years": YEARS, "track": track.title}
            yield _TRACK_NEVER_GRANTS.at(policy.origin, track.path, **said)
        return
    rules = ", ".join(most_stopping(found, policy.id)) or "–"
    yield _NEVER_GRANTS.at(policy.origin, "", worlds=WORLDS, years=YEARS, rules=rules)
