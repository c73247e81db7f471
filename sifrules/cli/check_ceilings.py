"""Ceilings that an application exceeds, in ``sif check``, where allocation is not tried.

Whether an application is eligible does not depend on what the fund holds, so allocation is tried
only where something is said of the fund. A ceiling on one application is exceeded whatever it
holds; that is reported beside the outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sifrules.policy.decide import decide
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.tracks import NAMED
from sifrules.rules.decisions import Decision, Outcome, Verdict
from sifrules.rules.rulebook import Rule, Stage
from sifrules.values.messages import Message

if TYPE_CHECKING:
    import polars as pl

CEILINGS = Message("sif_check.ceilings")
#: One ceiling that one application exceeds under one policy.
EXCEEDED = Message("sif_check.ceiling_exceeded")
EXCEEDED_IF = Message("sif_check.ceiling_assumed")
_STAGES = (Stage.ALLOCATION,)


def exceeded(
    policy: FundPolicy,
    facts: Mapping[str, object],
    decision: Decision,
    stages: Iterable[str],
) -> Decision | None:
    """The decision at allocation, whose refusals hold whatever the fund holds.

    None where it was tried with the others, or where the application is not eligible.
    """
    if Stage.ALLOCATION in stages or decision.outcome is Outcome.NOT_ELIGIBLE:
        return None
    seen = policy if decision.track is None else policy.on_track(decision.track)
    known = {name: value for name, value in facts.items() if name in seen.vocabulary}
    known.pop(NAMED, None)
    return decide(seen, known, stages=_STAGES, engine="compiled")


def exceeded_by_rows(
    policy: FundPolicy,
    frame: pl.DataFrame,
    tracks: Sequence[str | None],
    rules: Mapping[str, Rule],
) -> list[list[Rule]]:
    """The same for each row of a table, on the track that it goes to."""
    from sifrules.policy.decide_many import decide_many

    found: list[list[Rule]] = [[] for _ in tracks]
    facts = frame.drop(NAMED, strict=False)
    for track in dict.fromkeys(tracks):
        seen = policy if track is None else policy.on_track(track)
        rows = [at for at, each in enumerate(tracks) if each == track]
        known = [name for name in facts.columns if name in seen.vocabulary or "." not in name]
        decided = decide_many(seen, facts[rows].select(known), stages=_STAGES)
        names = [name for name in decided.columns if name.startswith("rule:")]
        if not names:
            continue
        for at, row in zip(rows, decided.select(names).iter_rows(), strict=True):
            verdicts = zip(names, row, strict=True)
            over = [name for name, verdict in verdicts if verdict == Verdict.NOT_MET]
            found[at] = [rules[name.removeprefix("rule:")] for name in over]
    return found
