"""What a scenario assumes where a guideline is silent, filled into the policy."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from attrs import evolve

from sifrules.plugin.registry import Registry
from sifrules.policy.contracts import funding_of, return_model_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import ReturnModel
from sifrules.values.money import ore
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.undrawn_facts import refuse_undrawn


def fill_unstated(
    registry: Registry, policy: FundPolicy, scenario: Scenario
) -> tuple[FundPolicy, tuple[str, ...]]:
    """A policy with what it must state to be simulated, and the changes that took.

    Where the guideline names no amount, or no share to be returned, the scenario's
    assumption stands in. A transitional provision is set aside: it tells which of two
    guidelines an investment falls under, and here one is in force all through.

    Raises `SifError` where the policy reads a fact that no world draws.
    """
    changes = []
    unstated = scenario.parameters.unstated
    if funding_of(policy).opening is None:
        changes.append(f"funding.amount={round(unstated.funding)}")
    changes += _of_return(return_model_of(policy), "", scenario)
    for track in policy.tracks:
        if track.return_model is not None:
            model = return_model_of(policy.on_track(track.name))
            changes += _of_return(model, f"{track.path}.", scenario)
    if changes:
        policy = evolve(registry.changed(policy, changes), id=policy.id)
    refuse_undrawn(policy)
    return policy, tuple(changes)


def _of_return(model: ReturnModel | None, above: str, scenario: Scenario) -> Iterator[str]:
    """What has to be stated of a return model, the fund's or that of a track at a path."""
    if model is None:
        return
    if not model.states_share:
        yield f"{above}{_SHARE}={scenario.parameters.unstated.return_share:.4f}"
    if model.transition is not None:
        yield f"{above}{_NO_TRANSITION}"


def assumptions(changes: tuple[str, ...]) -> tuple[str, ...]:
    """Of what `fill_unstated` changed, what stands in for something that is not stated."""
    return tuple(change for change in changes if not change.endswith(_NO_TRANSITION))


def ignored_clauses(changes: tuple[str, ...]) -> tuple[str, ...]:
    """Of what `fill_unstated` changed, what is stated but has no bearing here."""
    return tuple(change for change in changes if change.endswith(_NO_TRANSITION))


_SHARE = "return_model.share"
_NO_TRANSITION = "return_model.transition=none"


def restated(policy: FundPolicy, assumed: tuple[str, ...], around: Scenario) -> FundPolicy:
    """A policy whose guideline is silent, with what the drawn scenario assumes instead."""
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
