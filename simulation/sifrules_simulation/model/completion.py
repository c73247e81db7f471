"""What a scenario assumes where a guideline is silent, filled into the policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve

from sifrules.loading.guideline import Changed
from sifrules.plugin.registry import Registry
from sifrules.policy.contracts import funding_of, return_model_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import ReturnModel
from sifrules.policy.timeline import periods, with_reforms
from sifrules.rules.vocabulary import fund
from sifrules.values.money import ore
from sifrules.values.quantities import in_kronor
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.undrawn_facts import refuse_undrawn


def fill_unstated(
    registry: Registry, policy: FundPolicy, scenario: Scenario
) -> tuple[FundPolicy, tuple[str, ...]]:
    """A policy with what it must state to be simulated, and the changes that took.

    Where the guideline names no amount, or no share to be returned, the scenario's
    assumption stands in; where it says nothing about a return, it is assumed that nothing
    comes back. Of one guideline a transitional provision is set aside: it tells which of two
    an investment falls under, and here one is in force all through. In a timeline it is
    followed, unless somebody tries the reform and the provision's dates lie before the first
    simulated month: they are those of another reform. What it leaves unclear is read as that
    the earlier rules apply.

    Raises `SifError` where the policy reads a fact that no world draws.
    """
    if not policy.reforms:
        return _filled(registry, policy, scenario, in_timeline=False)
    changes: list[str] = []
    filled = []
    tried = not any(reform.stated for reform in policy.reforms)
    for _, each in periods(policy):
        followed = not (tried and _passed(each, scenario))
        done, changed = _filled(registry, each, scenario, in_timeline=followed)
        filled.append(done)
        changes += (change for change in changed if change not in changes)
    first, *later = filled
    reforms = (
        evolve(reform, policy=each) for reform, each in zip(policy.reforms, later, strict=True)
    )
    found = with_reforms(first, reforms, policy.id, policy.binding)
    return evolve(found, tree=policy.tree, origin=policy.origin), tuple(changes)


def _passed(policy: FundPolicy, scenario: Scenario) -> bool:
    """Whether the transitional provision is about starts before the simulated months alone."""
    transition: Any = getattr(policy.return_model, "transition", None)
    return transition is not None and transition.ends_after.last < scenario.begins.date.first


def _filled(
    registry: Registry, policy: FundPolicy, scenario: Scenario, *, in_timeline: bool
) -> tuple[FundPolicy, tuple[str, ...]]:
    filled, changes = stated_in_full(registry, policy, scenario, in_timeline=in_timeline)
    refuse_undrawn(filled, scenario.own_ideas)
    return filled, changes


def stated_in_full(
    registry: Registry, policy: FundPolicy, scenario: Scenario, *, in_timeline: bool = False
) -> tuple[FundPolicy, tuple[str, ...]]:
    """One guideline with what its money and its return must state, and the changes that took.

    What `fill_unstated` does, but that it takes policies that read facts no world draws.
    """
    changes: list[str] = []
    policy = _endowed(registry, policy, scenario)
    unstated = scenario.parameters.unstated
    changes += _of_index(policy.funding, "funding", scenario)
    if funding_of(policy).opening is None:
        changes.append(f"funding.amount={round(unstated.funding)}")
    if any(not seen.states_return for seen in policy.on_tracks):
        changes.append(_NO_RETURN)
    changes += _of_return(return_model_of(policy), "", scenario, in_timeline)
    for track in policy.tracks:
        if track.return_model is not None:
            model = return_model_of(policy.on_track(track.name))
            changes += _of_return(model, f"{track.path}.", scenario, in_timeline)
    if changes:
        policy = evolve(registry.changed(policy, changes), id=policy.id)
    return policy, tuple(changes)


def _endowed(registry: Registry, policy: FundPolicy, scenario: Scenario) -> FundPolicy:
    """A policy with the money that the scenario gives every fund; one without a fund as it is."""
    if scenario.endowment is None or not has_fund(policy):
        return policy
    amount = in_kronor(scenario.endowment)
    without = registry.changed(policy, ["funding.kind=none"])
    endowed = registry.changed(without, ["funding.kind=endowment", f"funding.amount={amount}"])
    return evolve(endowed, id=policy.id)


def has_fund(policy: FundPolicy) -> bool:
    """Whether there is a fund to apply to."""
    return policy.rulebook.given.get(fund.exists.name) is not False


def _of_return(
    model: ReturnModel | None, above: str, scenario: Scenario, in_timeline: bool
) -> Iterator[str]:
    """What has to be stated of a return model, the fund's or that of a track at a path."""
    if model is None:
        return
    if not model.states_share:
        yield f"{above}{_SHARE}={scenario.parameters.unstated.return_share:.4f}"
    if model.transition is not None and not in_timeline:
        yield f"{above}{_NO_TRANSITION}"
    elif getattr(model.transition, "gap", None) == "unclear":
        yield f"{above}{_GAP_RETURNS}"
    yield from _of_index(model, f"{above}return_model", scenario)


def _of_index(part: object, path: str, scenario: Scenario) -> Iterator[str]:
    """By how much the index of a part rises after the years that its file has it of."""
    index = getattr(part, "index", None)
    if index is not None and getattr(index, "assumed_growth", 0) is None:
        yield f"{path}.index.assumed_growth={scenario.index_growth}"


def assumptions(changes: tuple[str, ...]) -> tuple[str, ...]:
    """Of what `fill_unstated` changed, what stands in for something that is not stated."""
    return tuple(change for change in changes if not change.endswith(_NO_TRANSITION))


def ignored_clauses(changes: tuple[str, ...]) -> tuple[str, ...]:
    """Of what `fill_unstated` changed, what is stated but has no bearing here."""
    return tuple(change for change in changes if change.endswith(_NO_TRANSITION))


_SHARE = "return_model.share"


def assumes_no_return(changes: tuple[str, ...]) -> bool:
    """Whether that nothing is returned is an assumption, where a guideline is silent on it."""
    return _NO_RETURN in changes


_NO_TRANSITION = "return_model.transition=none"
_NO_RETURN = "return_model.kind=budget"
_GAP_RETURNS = "return_model.transition.gap=return"


def restated(policy: FundPolicy, assumed: tuple[str, ...], around: Scenario) -> FundPolicy:
    """A policy whose guideline is silent, with what the drawn scenario assumes instead."""
    if policy.reforms:
        first, *later = (
            restated(each, tuple(c for c in assumed if _is_assumed_in(each, c)), around)
            for _, each in periods(policy)
        )
        reforms = tuple(
            evolve(reform, policy=each) for reform, each in zip(policy.reforms, later, strict=True)
        )
        return evolve(first, id=policy.id, reforms=reforms, binding=policy.binding)
    unstated = around.parameters.unstated
    for change in assumed:
        path = change.partition("=")[0]
        if path == "funding.amount":
            amount = ore(round(unstated.funding))
            funding: Any = policy.funding
            policy = evolve(policy, funding=evolve(funding, amount=amount))
        elif path.endswith(_SHARE):
            share = Decimal(f"{unstated.return_share:.4f}")
            policy = _with_share(policy, path.removesuffix(_SHARE).rstrip("."), share)
    return policy


def _with_share(policy: FundPolicy, track: str, share: Decimal) -> FundPolicy:
    """A policy with the share that is returned, of the fund or of the track at a path."""

    def shared(model: Any) -> Any:
        return evolve(model, share=share)

    if not track:
        return evolve(policy, return_model=shared(policy.return_model))
    tracks = (
        evolve(each, return_model=shared(each.return_model)) if each.path == track else each
        for each in policy.tracks
    )
    return evolve(policy, tracks=tuple(tracks))


def _is_assumed_in(policy: FundPolicy, change: str) -> bool:
    """Whether a change was made in one policy of a timeline, as its guideline is silent."""
    slot, _, name = change.partition("=")[0].partition(".")
    table: Any = policy.tree.get(slot, {})
    stated = table.get(name) if isinstance(table, Mapping) else None
    cite = stated.get("cite") if isinstance(stated, Mapping) else None
    return isinstance(cite, Changed) and change in cite.by
