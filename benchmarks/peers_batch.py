"""What Mesa's batch_run runs; in a module of its own, as its processes import it anew."""

from __future__ import annotations

import mesa

#: What a replication adds to its number.
HALF = 0.5


class Adding(mesa.Model):
    """A replication that adds two numbers in its only step."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number
        self.datacollector = mesa.DataCollector(model_reporters={"total": "total"})

    def step(self) -> None:
        """Add, note what came of it, and be done."""
        self.total = self.number + HALF
        self.datacollector.collect(self)
        self.running = False
