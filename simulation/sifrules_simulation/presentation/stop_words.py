"""How ideas and applications stop at rules (hur de stannar), in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from sifrules.values.messages import Message
from sifrules_simulation.model.stops import STOPS

#: Each way of stopping, by its name.
WAYS = {each.name: Message(f"stop.{each.name}") for each in STOPS}


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
