"""What is said about a run (anmärkningar) wherever its results are shown.

Policies that were left out, sums and earmarks that are not counted, and policies under which
nothing is granted: each would otherwise be a figure that nobody can explain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Protocol

from sifrules.policy.contracts import procedure_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods
from sifrules.policy.tracks import Track
from sifrules.policy.two_decisions import decides_idea_first
from sifrules.values.messages import Message
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.model.made_up_notes import made_up_notes
from sifrules_simulation.model.money_notes import money_notes, set_aside_in_all, unequal_money
from sifrules_simulation.model.own_ideas_notes import own_ideas_notes
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.structure_notes import structure_notes
from sifrules_simulation.model.timeline_notes import announced_notes, timeline_notes
from sifrules_simulation.model.track_measures import on_track
from sifrules_simulation.statistics.estimates import Estimate

#: So many rules are named where nothing is granted.
_RULES = 5


class Compared(Protocol):
    """What notes are made of: policies that were compared, and what came of it."""

    @property
    def experiment(self) -> Design:
        """What was run."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The policies, as they are named."""

    @property
    def replications(self) -> int:
        """How many replications were finished."""

    @property
    def stops(self) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
        """How often each rule stopped ideas, by policy and way."""

    def mean(self, policy: str, measure: str) -> Estimate:
        """A measure's mean over the replications."""


def left_out_notes(comparison: Compared) -> Iterator[Message]:
    """Of each policy that cannot be simulated: that it is left out, and why."""
    for each in comparison.experiment.left_out:
        yield Message("run_note.left_out", policy=each.policy, why=each.why)


def unequal_notes(comparison: Compared) -> Iterator[Message]:
    """That the funds that are compared have unequal money, and how to make it equal."""
    design = comparison.experiment
    adapters = [design.setup(at).adapter for at in range(len(design.labels))]
    funds = {
        label: set_aside_in_all(adapter, design.years)
        for label, adapter in zip(design.labels, adapters, strict=True)
        if adapter.has_fund
    }
    yield from unequal_money(funds, design.scenario)


def policy_notes(comparison: Compared, label: str) -> Iterator[Message]:
    """Of one policy: what of its money is not counted, and whether it grants nothing."""
    design = comparison.experiment
    at = design.labels.index(label)
    yield from timeline_notes(label, design.policies[at], design.scenario, design.years)
    yield from money_notes(label, design.policies[at], design.scenario)
    yield from amount_lead_notes(design.policies[at], design.scenario)
    yield from made_up_of(design, label)
    if not comparison.replications:
        return
    if comparison.mean(label, "grants").mean != 0:
        for track in tracks_without_grants(comparison, label):
            yield Message("run_note.no_grants_on_track", policy=label, track=track.title)
        return
    if not design.setup(at).adapter.has_fund:
        yield Message("run_note.no_fund", policy=label)
        return
    said = {"policy": label, "count": comparison.replications}
    rules = most_stopping(comparison, label)
    if rules:
        yield Message("run_note.no_grants_refused", **said, rules=", ".join(rules))
    elif comparison.mean(label, "ideas").mean == 0:
        yield Message("run_note.no_ideas", **said)
    elif comparison.mean(label, "applications").mean == 0:
        yield Message("run_note.no_applications", **said)
    else:
        yield Message("run_note.no_grants", **said)


def made_up_of(design: Design, label: str) -> Iterator[Message]:
    """Of one policy: which facts of its own have values that stand in, and which values."""
    at = design.labels.index(label)
    own = {name for each in design.setup(at).rules.adapters for name in each.own_facts}
    yield from made_up_notes(label, design.policies[at], sorted(own), design.scenario)


def amount_lead_notes(policy: FundPolicy, scenario: Scenario) -> Iterator[Message]:
    """Of each guideline that decides the idea first: that it does not say how long before."""
    for _, each in periods(policy):
        for seen in each.on_tracks:
            stated = procedure_of(seen)
            leads = (stated.amount_lead_at_least, stated.amount_lead_at_most)
            if decides_idea_first(seen) and leads == (None, None):
                months = scenario.parameters.handling.lead_least
                yield Message("run_note.amount_lead", policy=each.id, months=months)
                break


def tracks_without_grants(comparison: Compared, label: str) -> list[Track]:
    """The tracks of a policy on which nothing was granted in any replication."""
    design = comparison.experiment
    measured = {measure.name for measure in design.measures}
    return [
        track
        for track in design.policies[design.labels.index(label)].tracks
        if (name := on_track("grants", track.name)) in measured
        and comparison.mean(label, name).mean == 0
    ]


def most_stopping(comparison: Compared, label: str) -> list[str]:
    """The rules that stop most ideas and applications under a policy, in whatever way.

    Five at most, the one that stops most first.
    """
    stopped = Counter[str]()
    for counts in comparison.stops[label].values():
        stopped.update(counts)
    return [rule for rule, _ in stopped.most_common(_RULES)]


def run_notes(comparison: Compared) -> Iterator[Message]:
    """All of them: policies left out, then policy by policy."""
    yield from left_out_notes(comparison)
    yield from announced_notes(comparison.experiment.policies, comparison.experiment.scenario)
    design = comparison.experiment
    yield from own_ideas_notes(design.scenario, design.years, design.policies)
    yield from structure_notes(comparison.experiment.scenario)
    yield from unequal_notes(comparison)
    for label in comparison.labels:
        yield from policy_notes(comparison, label)
