"""What is counted ahead is what is counted of the histories, which are made on demand."""

from __future__ import annotations

import attrs
import numpy as np

from sifrules import Registry
from sifrules.plugin.simulation import IdeaCounts, Portfolio
from sifrules_simulation.experiments.cells import measures_of
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.replication import simulate
from sifrules_simulation.model.stops import STOPS
from sifrules_simulation.model.world import world, worlds


def test_measures_and_stops_are_those_of_the_histories(everything: Registry) -> None:
    """Under every bundled policy: by what is counted, and by all histories one by one."""
    design = comparison_design(everything, None, years=8)
    (around,) = worlds(design.scenario, design.years, 1, [7], design.switches)
    for at, label in enumerate(design.labels):
        fast = simulate(design.setup(at), around, design.years)
        given = {
            field.name: getattr(fast, field.name)
            for field in attrs.fields(Portfolio)
            if field.name not in ("pursued", "halted", "counts")
        }
        slow = Portfolio(**{**given, "lives": list(fast.lives)})
        assert fast.counts == IdeaCounts.of(slow.lives), label
        assert list(fast.pursued) == list(slow.pursued), label
        one, other = measures_of(design, fast), measures_of(design, slow)
        np.testing.assert_array_equal(one, other, label)
        for way in STOPS:
            stops = [
                [rule for life in of.halted for rule in way.rules(life)] for of in (fast, slow)
            ]
            assert stops[0] == stops[1], (label, way.name)


def test_worlds_drawn_together_are_those_drawn_alone(everything: Registry) -> None:
    """Ideas and surplus are the same, and so is what only a plugin knows of an idea."""
    design = comparison_design(everything, ["orebro@2016"])
    fact = design.policies[0].vocabulary["application.areas"]
    for each in worlds(design.scenario, 6, 3, range(4), design.switches):
        alone = world(design.scenario, 6, 3, each.draws.replication, design.switches)
        assert (each.ideas, each.surplus) == (alone.ideas, alone.surplus)
        assert each.own_fact(fact, 0.5) == alone.own_fact(fact, 0.5)
