"""How ideas and applications stop at rules (hur de stannar), in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from sifrules.values.messages import Message

#: Each way of stopping, by its name.
WAYS = {
    "refused_by": Message("stop.refused_by"),
    "undecided_by": Message("stop.undecided_by"),
    "idea_refused_by": Message("stop.idea_refused_by"),
    "foreseen_by": Message("stop.foreseen_by"),
}


@frozen
class StopCount:
    """How often a rule stopped ideas in one way, as a mean per replication."""

    way: str
    rule: str
    mean: float


def stop_counts(stops: Mapping[str, Mapping[str, int]], replications: int) -> Iterator[StopCount]:
    """What one policy's rules stopped: way by way, the rule that stopped most first."""
    for way in WAYS:
        for rule, times in stops.get(way, {}).items():
            yield StopCount(way, rule, times / replications)
