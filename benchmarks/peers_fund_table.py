"""Table 3 itself: the small fund by every library, and a replication of ours, per event."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from peers_fund import FLOW, YEARS, Model, drawn, in_simpy, plain, simpy_events
from peers_fund_others import OTHERS
from peers_timing import Timed, absence, in_turns, ratios, seconds, spread
from simulate import events, worlds

import sifrules
from sifrules.presentation.table import Column, Table
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.replication import simulate

#: The policy that ours is timed with; it has a fund, a return, and five criteria.
POLICY = "orebro@2016"
OURS = f"ours, {POLICY}, worlds given"
DRAWING = f"ours, {POLICY}, worlds drawn"


def small_funds() -> tuple[dict[str, Model], dict[str, str], dict[str, str]]:
    """Who tells the small fund, what to know of each, and why who does not does not."""
    models = {"SimPy alone": in_simpy, "a plain loop": plain}
    notes = {"SimPy alone": "tells it all", "a plain loop": "tells it all; nothing to build on"}
    absent = {}
    for name, module, made, note in OTHERS:
        why = absence(module)
        if why:
            absent[name] = why
        else:
            models[name], notes[name] = made(), note
    return models, notes, absent


def _all_agree(models: dict[str, Model], replications: int) -> None:
    for number in range(replications):
        given = drawn(number)
        expected = plain(given)
        for name, model in models.items():
            if model(given) != expected:
                raise SystemExit(f"{name} gives other balances in replication {number}")


def _small(model: Model, replications: int) -> Timed:
    """Time the small fund in some replications, given the draws."""
    given = [drawn(number) for number in range(replications)]

    def run() -> None:
        for each in given:
            model(each)

    return lambda: seconds(run)


def _ours(of: Design, *, drawing: bool) -> Timed:
    """Time replications of ours, with the worlds given or (``drawing``) made in the time.

    How the policy is simulated is made anew each time and not timed: it remembers.
    """

    def timed() -> float:
        (setup,) = [of.setup(at) for at in range(len(of.policies))]
        given = [] if drawing else worlds(of)

        def run() -> None:
            for around in given or worlds(of):
                simulate(setup, around, of.years)

        return seconds(run)

    return timed


def table(replications: int, turns: int) -> Table:
    """What an event costs: the small fund's by each library, and one of ours."""
    models, notes, absent = small_funds()
    _all_agree(models, replications)
    of = comparison_design(sifrules.registry(), [POLICY], years=YEARS)
    counts = {name: sum(simpy_events(drawn(n)) for n in range(replications)) for name in models}
    counts[OURS] = counts[DRAWING] = sum(scheduled for _, scheduled in events(of))
    notes[OURS] = "rules, valuations, a ledger, queues, capacity, instalments"
    notes[DRAWING] = "the same, with all draws of chance"
    runs: dict[str, Callable[[], float]] = {
        name: _small(model, replications) for name, model in models.items()
    }
    runs[OURS], runs[DRAWING] = _ours(of, drawing=False), _ours(of, drawing=True)
    took = {
        name: [each / counts[name] for each in found]
        for name, found in in_turns(runs, turns).items()
    }
    rows = [
        [
            name,
            f"{statistics.median(found) * 1e6:,.2f}",
            *spread(ratios(found, took["SimPy alone"])),
            notes[name],
        ]
        for name, found in took.items()
    ]
    rows += [[name, "", "", "", why] for name, why in absent.items()]
    small = counts["SimPy alone"] / replications
    return Table(
        [
            Column("who tells it"),
            Column("µs an event", number=True),
            Column("ratio", number=True),
            Column("from–to", number=True),
            Column("", width=44),
        ],
        rows,
        title=(
            f"3. A small fund: {FLOW} ideas a year for {YEARS} years, {replications} replications,"
            f" the same balances to the krona;\n   {turns} turns, ratios to SimPy alone, per event"
            f" that SimPy has for it ({small:.0f} a replication;\n   ours"
            f" {counts[OURS] / len(worlds(of)):.0f})"
        ),
    )
