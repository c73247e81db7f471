"""The small fund of ``peers_fund.py`` in salabim, Mesa and Ciw, as far as each can tell it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from peers_fund import BEGINS, MONTHS, UNTIL, Drawn, Model, paid_back


def salabim_fund() -> Model:
    """salabim: a component for each idea, one that lets them in, and a clock.

    Its processes are generators here, as SimPy's are; its other way needs greenlet.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import salabim

    class Fund(salabim.Environment):  # type: ignore[misc]  # untyped library
        def setup(self, given: Drawn) -> None:
            self.given = given
            self.balance = BEGINS
            self.balances: list[int] = []

    class Idea(salabim.Component):  # type: ignore[misc]
        def process(self, number: int) -> Iterator[Any]:
            given, cost = self.env.given, self.env.given.costs[number]
            if given.applies[number] and cost <= self.env.balance:
                self.env.balance -= cost
                yield self.hold(given.months[number])
                self.env.balance += paid_back(cost)

    class Arriving(salabim.Component):  # type: ignore[misc]
        def process(self) -> Iterator[Any]:
            for number, at in enumerate(self.env.given.arrives):
                yield self.hold(till=at)
                Idea(number=number)

    class Clock(salabim.Component):  # type: ignore[misc]
        def process(self) -> Iterator[Any]:
            while True:
                yield self.hold(1)
                self.env.balances.append(self.env.balance)

    def run(given: Drawn) -> list[int]:
        env = Fund(given=given, trace=False, yieldless=False)
        Arriving()
        Clock()
        env.run(till=UNTIL)
        return list(env.balances)

    return run


def mesa_fund() -> Model:
    """Mesa: an agent for each idea, and events of its discrete-event simulator.

    Its usual way, in which every agent takes a step each month, has no order within the
    month and could not come to the same balances.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mesa
        from mesa.experimental.devs import DEVSimulator

    class Idea(mesa.Agent):  # type: ignore[misc]  # untyped library
        def __init__(self, model: Fund, number: int) -> None:
            super().__init__(model)
            given, self.cost = model.given, model.given.costs[number]
            if given.applies[number] and self.cost <= model.balance:
                model.balance -= self.cost
                model.simulator.schedule_event_relative(self.ends, given.months[number])
            else:
                self.remove()

        def ends(self) -> None:
            self.model.balance += paid_back(self.cost)
            self.remove()

    class Fund(mesa.Model):  # type: ignore[misc]
        def __init__(self, given: Drawn) -> None:
            super().__init__(seed=1)
            self.given = given
            self.balance = BEGINS
            self.balances: list[int] = []
            self.simulator = DEVSimulator()
            self.simulator.setup(self)
            self.next_idea(0)
            self.simulator.schedule_event_absolute(self.month_ends, 1.0)

        def next_idea(self, number: int) -> None:
            if number < len(self.given.arrives):
                at = self.given.arrives[number]
                self.simulator.schedule_event_absolute(self.arrives, at, function_args=[number])

        def arrives(self, number: int) -> None:
            Idea(self, number)
            self.next_idea(number + 1)

        def month_ends(self) -> None:
            self.balances.append(self.balance)
            self.simulator.schedule_event_relative(self.month_ends, 1.0)

    def run(given: Drawn) -> list[int]:
        fund = Fund(given)
        fund.simulator.run_until(UNTIL)
        return fund.balances

    return run


def ciw_fund() -> Model:
    """Ciw: a queue with room for all, which those whom the fund cannot pay walk past.

    It knows customers, servers and times, and no money: the balance is kept beside the
    queue. Whether one applies and is granted is its function for walking past (baulking);
    the project is the service; a node of our own pays back when a service ends; and the
    months are customers of a second class, who look at the balance and always walk past.
    Waiting until there is money again could not be told: a queue waits for servers.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ciw

    class Months(ciw.dists.Distribution):  # type: ignore[misc]  # untyped library
        def __init__(self, months: list[int]) -> None:
            self.months = months

        def sample(self, t: float | None = None, ind: Any = None) -> float:
            return float(self.months[ind.idea])

    class Projects(ciw.Node):  # type: ignore[misc]
        def release(self, next_individual: Any, next_node: Any, reroute: bool = False) -> None:
            fund = self.simulation
            fund.balance += paid_back(fund.given.costs[next_individual.idea])
            super().release(next_individual, next_node, reroute)

    class Fund(ciw.Simulation):  # type: ignore[misc]
        def __init__(self, network: Any, given: Drawn) -> None:
            self.given = given
            self.balance = BEGINS
            self.balances: list[int] = []
            super().__init__(network, node_class=Projects)

    def walks_past(
        count: int,
        Q: Fund,  # noqa: N803  # Ciw's name for it
        next_ind: Any,
        next_node: Any,
    ) -> float:
        idea = Q.nodes[0].number_of_individuals_per_class["idea"] - 1
        cost = Q.given.costs[idea]
        if not Q.given.applies[idea] or cost > Q.balance:
            return 1.0
        Q.balance -= cost
        next_ind.idea = idea
        return 0.0

    def looks(
        count: int,
        Q: Fund,  # noqa: N803  # Ciw's name for it
        next_ind: Any,
        next_node: Any,
    ) -> float:
        Q.balances.append(Q.balance)
        return 1.0

    def run(given: Drawn) -> list[int]:
        before = [0.0, *given.arrives]
        gaps = [at - earlier for at, earlier in zip(given.arrives, before, strict=False)]
        network = ciw.create_network(
            arrival_distributions={
                "idea": [ciw.dists.Sequential([*gaps, float("inf")])],
                "month": [ciw.dists.Deterministic(1.0)],
            },
            service_distributions={
                "idea": [Months(given.months)],
                "month": [ciw.dists.Deterministic(0.0)],
            },
            baulking_functions={"idea": [walks_past], "month": [looks]},
            number_of_servers=[float("inf")],
        )
        fund = Fund(network, given)
        fund.simulate_until_max_time(UNTIL)
        return fund.balances[:MONTHS]

    return run


#: The libraries: the name, the module that must be there, who makes it ready, what to know.
OTHERS = (
    ("salabim", "salabim", salabim_fund, "tells it all, keeps statistics too"),
    ("Mesa, event scheduling", "mesa", mesa_fund, "experimental in Mesa; its steps cannot tell it"),
    ("Ciw", "ciw", ciw_fund, "a queue only: the money is kept beside it"),
)
