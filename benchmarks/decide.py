"""How fast a five-rule decision is, beside the libraries one might use instead.

    python benchmarks/decide.py [--rounds N] [--quick]

prints one table in one run. The decision is the idea test of ``five_rules.toml``, which
has five of the criteria that a real guideline (Örebro's) has, citations and all: two
things that must hold, one that must not, a count of at least two, and one amount that
must reach another. Every contestant decides the same 500 random sets of facts, and
before anything is timed they must all have come to the same outcome on all of them.

To be fair to the others:

* The facts of the main table are complete, since business-rules cannot express a
  missing one. The rows under "facts missing" leave out one fact in eight; raw
  durable-rules and rule-engine stand there as well, the latter with its error for an
  unknown symbol taken as "cannot tell".
* Every contestant gets its facts in the form it likes best, made before the clock
  starts. Ours are checked values; the rows "from facts as written" include the checking
  that `sifrules.decide` does.
* business-rules compares with constants only, so it gets the difference of the two
  amounts as a variable of its own.
* The others answer with the outcome and the names of the rules that held. Where it says
  "explained", ours is asked for the outcome, what is missing, and for each rule its id,
  its verdict, the facts that it read with their values, and its citation as text.

The library business-rules is taken as it is on PyPI (1.1.1, which runs on Python 3.11); no
fork is needed. Every round times each contestant on a batch, in an order of its own, and
the ratios are taken within the round, so that a slow moment of the machine hits all alike.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import random
import statistics
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any

import polars as pl
from attrs import define, field, frozen
from contestants import (
    GUIDELINE,
    POLICY,
    RULES,
    STAGES,
    business_rules,
    by_hand,
    named,
    on_amounts_never_seen,
    ours,
    random_facts,
    raw_durable,
    rule_engine,
)

from sifrules import Outcome, decide_many
from sifrules.policy.decide import rulebook_for
from sifrules.presentation.table import Column, Table, as_text

SETS, SEED = 500, 2016
#: How long a batch of one contestant should take, in seconds.
BATCH = 0.05


@define
class Contestant:
    """Someone who decides: a function of one case, the cases, and what was timed."""

    name: str
    decides: Callable[[Any], Outcome]
    cases: Sequence[Any]
    #: raw durable-rules on the same facts, which the ratio is to
    against: str = "raw"
    target: Callable[[Results], tuple[str, bool]] | None = None
    passes: int = 1
    times: list[float] = field(factory=list)

    def calibrate(self) -> None:
        """Find how many passes over the cases make a batch."""
        self.passes = max(1, round(BATCH / self._pass()))

    def run(self) -> None:
        """Time one batch, as seconds for each decision."""
        took = [self._pass() for _ in range(self.passes)]
        self.times.append(sum(took) / len(took) / len(self.cases))

    def _pass(self) -> float:
        decides, cases = self.decides, self.cases
        begin = process_time()
        for case in cases:
            decides(case)
        return process_time() - begin


@define
class WholeTable(Contestant):
    """`decide_many` on a table: one call decides every row."""

    frame: pl.DataFrame = field(kw_only=True)

    def calibrate(self) -> None:
        """One table is a batch."""
        self._pass()

    def _pass(self) -> float:
        begin = process_time()
        decide_many(POLICY, self.frame, stages=STAGES)
        return (process_time() - begin) * len(self.cases) / self.frame.height


# --- the run ------------------------------------------------------------------------


@frozen
class Results:
    """What was timed, by name of the contestant."""

    contestants: Mapping[str, Contestant]

    def ratios(self, name: str) -> list[float]:
        """The time over raw durable-rules' in each round."""
        found = self.contestants[name]
        raw = self.contestants[found.against]
        return [a / b for a, b in zip(found.times, raw.times, strict=True)]

    def ratio(self, name: str) -> float:
        return statistics.median(self.ratios(name))


def at_most_three(results: Results) -> tuple[str, bool]:
    return "at most 3 x raw", results.ratio("durable, explained") <= 3


def ten_times_and_libraries(results: Results) -> tuple[str, bool]:
    mine = results.ratio("compiled, explained")
    libraries = min(results.ratio("rule-engine"), results.ratio("business-rules"))
    return "10 x faster than raw, faster than both libraries", mine <= 0.1 and mine < libraries


def a_million_a_second(results: Results) -> tuple[str, bool]:
    median = statistics.median(results.contestants["decide_many"].times)
    return "1,000,000 a second", median <= 1e-6


def field_of(rows: int) -> Results:
    """The contestants with their cases."""
    draw = random.Random(SEED)
    complete = [random_facts(draw) for _ in range(SETS)]
    gappy = [random_facts(draw, missing=1 / 8) for _ in range(SETS)]
    read = POLICY.vocabulary.read
    values, gappy_values = [read(f) for f in complete], [read(f) for f in gappy]
    short, gappy_short = [named(f) for f in complete], [named(f) for f in gappy]
    frame = pl.DataFrame(draw.choices(complete, k=rows))
    gappy_frame = pl.DataFrame(draw.choices(gappy, k=rows), infer_schema_length=None)
    raw = raw_durable()
    row = [
        Contestant("raw", raw, short),
        Contestant(
            "durable, explained", ours("durable", read_out=True), values, target=at_most_three
        ),
        Contestant("durable, decision only", ours("durable", read_out=False), values),
        Contestant(
            "durable, explained, from facts as written",
            ours("durable", read_out=True, check=True),
            complete,
        ),
        Contestant(
            "compiled, explained",
            ours("compiled", read_out=True),
            values,
            target=ten_times_and_libraries,
        ),
        Contestant(
            "compiled, explained, amounts never seen",
            on_amounts_never_seen(ours("compiled", read_out=True)),
            values,
        ),
        Contestant("compiled, decision only", ours("compiled", read_out=False), values),
        Contestant(
            "compiled, explained, from facts as written",
            ours("compiled", read_out=True, check=True),
            complete,
        ),
        WholeTable(
            "decide_many",
            ours("compiled", read_out=False),
            values,
            target=a_million_a_second,
            frame=frame,
        ),
        Contestant("rule-engine", rule_engine(), short),
        Contestant("business-rules", business_rules(), short),
        Contestant("by hand, outcome only", by_hand, short),
        Contestant("facts missing: raw", raw, gappy_short, "facts missing: raw"),
        Contestant(
            "facts missing: durable, explained",
            ours("durable", read_out=True),
            gappy_values,
            "facts missing: raw",
        ),
        Contestant(
            "facts missing: compiled, explained",
            ours("compiled", read_out=True),
            gappy_values,
            "facts missing: raw",
        ),
        WholeTable(
            "facts missing: decide_many",
            ours("compiled", read_out=False),
            gappy_values,
            "facts missing: raw",
            frame=gappy_frame,
        ),
        Contestant("facts missing: rule-engine", rule_engine(), gappy_short, "facts missing: raw"),
    ]
    return Results({each.name: each for each in row})


def agree(results: Results) -> dict[str, int]:
    """Hold every contestant to the same outcomes; how many there were of each."""
    counts: dict[str, int] = {}
    groups: dict[str, list[Outcome]] = {}
    for each in results.contestants.values():
        if each.name == "facts missing: raw":
            continue  # it does not tell "not met" from "cannot tell"
        outcomes = [each.decides(case) for case in each.cases]
        first = groups.setdefault(each.against, outcomes)
        if outcomes != first:
            at = next(
                i for i, pair in enumerate(zip(outcomes, first, strict=True)) if len(set(pair)) > 1
            )
            sys.exit(f"{each.name} says {outcomes[at]}, others {first[at]}: {each.cases[at]}")
    for each in results.contestants.values():
        if isinstance(each, WholeTable):
            some = each.frame.head(2_000)
            by_row = [each.decides(POLICY.vocabulary.read(row)) for row in some.to_dicts()]
            if decide_many(POLICY, some, stages=STAGES)["outcome"].to_list() != by_row:
                sys.exit(f"{each.name} does not say the same as the others")
    for outcome in groups["raw"]:
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts


def shown(results: Results) -> Table:
    rows = []
    for name, each in results.contestants.items():
        ratios = results.ratios(name)
        median = statistics.median(ratios)
        wanted, met = each.target(results) if each.target else ("", None)
        rows.append(
            [
                "raw durable-rules" if name == "raw" else name,
                f"{statistics.median(each.times) * 1e6:,.2f}",
                f"{min(ratios):.4f}",
                f"{median:.4f}",
                f"{max(ratios):.4f}",
                f"{1 / median:,.1f}",
                wanted,
                {None: "", True: "met", False: "NOT MET"}[met],
            ]
        )
    columns = [
        Column("who decides"),
        Column("µs each", number=True),
        Column("ratio min", number=True),
        Column("median", number=True),
        Column("max", number=True),
        Column("x faster", number=True),
        Column("target", width=28),
        Column(""),
    ]
    return Table(columns, rows)


# --- memory -------------------------------------------------------------------------


def resident() -> int:
    """The memory that this process holds, in bytes; Linux tells it, elsewhere the peak."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    import resource

    return pages * resource.getpagesize()


def remember(engine: str, few: int, many: int) -> None:
    """Decide many times in this process, and print what it held after few and after all."""
    draw = random.Random(SEED)
    cases = [POLICY.vocabulary.read(random_facts(draw)) for _ in range(SETS)]
    decides = ours(engine, read_out=True)
    held = []
    for number in range(1, many + 1):
        decides(cases[number % SETS])
        if number in (few, many):
            gc.collect()
            held.append(resident())
    print(json.dumps(held))


def memory(few: int, many: int) -> Table:
    """What each engine holds after few and after many decisions, in a process of its own."""
    here = [sys.executable, "-W", "ignore", __file__]
    runs = {
        engine: subprocess.Popen(
            [*here, "--memory", engine, str(few), str(many)], stdout=subprocess.PIPE, text=True
        )
        for engine in ("durable", "compiled")
    }
    rows = []
    for engine, run in runs.items():
        out, _ = run.communicate()
        if run.returncode:
            sys.exit(f"the memory run of {engine} failed")
        before, after = (held / 2**20 for held in json.loads(out))
        met = "met" if after - before <= 10 else "NOT MET"
        rows.append(
            [
                engine,
                f"{before:.1f}",
                f"{after:.1f}",
                f"{after - before:+.1f}",
                "at most 10 MB",
                met,
            ]
        )
    columns = [
        Column("engine"),
        Column(f"MB after {few:,}", number=True),
        Column(f"MB after {many:,}", number=True),
        Column("difference", number=True),
        Column("target"),
        Column(""),
    ]
    return Table(columns, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a five-rule decision, side by side.")
    parser.add_argument("--rounds", type=int, help="rounds of timing; default 25")
    parser.add_argument(
        "--quick", action="store_true", help="5 rounds, a smaller table, less memory"
    )
    parser.add_argument("--memory", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.memory:
        engine, few, many = given.memory
        remember(engine, int(few), int(many))
        return
    rounds = given.rounds or (5 if given.quick else 25)
    rows, decisions = (100_000, 20_000) if given.quick else (1_000_000, 200_000)

    found = len(rulebook_for(POLICY, STAGES).rules)
    if found != RULES:
        sys.exit(f"{GUIDELINE.name} gives {found} rules, not {RULES}: mend this benchmark")
    results = field_of(rows)
    outcomes = agree(results)
    for each in results.contestants.values():
        each.calibrate()
    order = list(results.contestants.values())
    draw = random.Random(SEED)
    for _ in range(rounds):
        draw.shuffle(order)
        for each in order:
            each.run()

    versions = ", ".join(
        f"{name} {version(name)}"
        for name in ("durable-rules", "rule-engine", "business-rules", "polars")
    )
    told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
    print(f"Python {platform.python_version()} on {platform.machine()}; {versions}")
    print(f"{RULES} rules, {SETS} sets of facts ({told}); all contestants agree on every one.")
    print(f"{rounds} rounds; ratios are to raw durable-rules on the same facts in the same round.")
    print(f"decide_many decides a table of {rows:,} rows, with every verdict and what is missing.")
    print()
    print(as_text(shown(results)))
    print()
    print(as_text(memory(1_000, decisions)))


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)
    main()
