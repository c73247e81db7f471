"""Table 1: the five-rule decision, by our engines and by other rule engines.

The decision, the facts and the contestants that are there already are those of
``decide.py``; here are the engines that one has to install for it. Each is used as its
manual does, made ready before the clock starts, gets its facts in the form it likes best,
tries all five rules, and answers with the outcome and the names of the rules that held.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from contestants import (
    POLICY,
    RULES,
    Facts,
    business_rules,
    by_hand,
    named,
    on_amounts_never_seen,
    ours,
    random_facts,
    raw_durable,
    rule_engine,
)
from decide import SEED, SETS, Contestant, Results, agree
from peers_timing import absence, spread

from sifrules import Outcome
from sifrules.presentation.table import Column, Table

#: The five rules in the expression language of zen-engine.
EXPRESSIONS = {
    "exclusion": "reduces_exclusion",
    "areas": "areas >= 2",
    "municipal": "municipal_effects",
    "savings": "expected_savings >= cost",
    "regular": "not regular_operations",
}
#: How many decisions one environment of CLIPS makes.
RENEWED = 500
TEMPLATE = """
(deftemplate application
  (slot reduces_exclusion) (slot areas) (slot municipal_effects)
  (slot expected_savings) (slot cost) (slot regular_operations))
"""
#: What each rule demands of the application, in CLIPS.
PATTERNS = {
    "exclusion": "(reduces_exclusion TRUE)",
    "areas": "(areas ?areas&:(>= ?areas 2))",
    "municipal": "(municipal_effects TRUE)",
    "savings": "(expected_savings ?savings) (cost ?cost&:(>= ?savings ?cost))",
    "regular": "(regular_operations FALSE)",
}


def _of(held: Sequence[str]) -> Outcome:
    return Outcome.ELIGIBLE if len(held) == RULES else Outcome.NOT_ELIGIBLE


def zen_graph() -> Callable[[Facts], Outcome]:
    """zen-engine: a decision graph whose one node works out the five rules."""
    import zen

    def node(id: str, kind: str, **more: object) -> dict[str, object]:
        return {"id": id, "name": id, "type": kind, "position": {"x": 0, "y": 0}, **more}

    expressions = [{"id": key, "key": key, "value": text} for key, text in EXPRESSIONS.items()]
    graph = {
        "nodes": [
            node("facts", "inputNode"),
            node("rules", "expressionNode", content={"expressions": expressions}),
            node("answer", "outputNode"),
        ],
        "edges": [
            {"id": "in", "type": "edge", "sourceId": "facts", "targetId": "rules"},
            {"id": "out", "type": "edge", "sourceId": "rules", "targetId": "answer"},
        ],
    }
    # Thirty times faster than the decision object that `create_decision` gives.
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"five": graph}}})

    def decides(facts: Facts) -> Outcome:
        found = engine.evaluate("five", facts)["result"]
        return _of([name for name in EXPRESSIONS if found[name]])

    return decides


def zen_expressions() -> Callable[[Facts], Outcome]:
    """zen-engine without a graph: five expressions, compiled once."""
    import zen

    rules = {name: zen.compile_expression(text) for name, text in EXPRESSIONS.items()}
    return lambda facts: _of([name for name, rule in rules.items() if rule.evaluate(facts)])


def clips_rules() -> Callable[[Facts], Outcome]:
    """clipspy: five CLIPS rules that each call back into Python; the fact is retracted after.

    The environment is made anew after so many decisions, in the time: else each decision
    takes longer than the one before, six times as long after some thirty thousand.
    """
    import clips

    held: list[str] = []

    def ready() -> Iterator[tuple[Any, Any]]:
        while True:
            environment = clips.Environment()
            environment.define_function(held.append, name="note")
            environment.build(TEMPLATE)
            for name, pattern in PATTERNS.items():
                environment.build(f"(defrule {name} (application {pattern}) => (note {name}))")
            application = environment.find_template("application")
            for _ in range(RENEWED):
                yield environment, application

    environments = ready()

    def decides(facts: Facts) -> Outcome:
        held.clear()
        environment, application = next(environments)
        fact = application.assert_fact(**facts)
        environment.run()
        fact.retract()
        return _of(held)

    return decides


def experta_rules() -> Callable[[Facts], Outcome]:
    """experta: an engine with five rules, reset for each decision."""
    from experta import MATCH, TEST, Fact, KnowledgeEngine, P, Rule

    class Five(KnowledgeEngine):  # type: ignore[misc]  # untyped library
        def __init__(self) -> None:
            super().__init__()
            self.held: list[str] = []

        @Rule(Fact(reduces_exclusion=True))
        def exclusion(self) -> None:
            self.held.append("exclusion")

        @Rule(Fact(areas=P(lambda areas: areas >= 2)))
        def areas(self) -> None:
            self.held.append("areas")

        @Rule(Fact(municipal_effects=True))
        def municipal(self) -> None:
            self.held.append("municipal")

        @Rule(
            Fact(expected_savings=MATCH.savings, cost=MATCH.cost),
            TEST(lambda savings, cost: savings >= cost),
        )
        def savings(self) -> None:
            self.held.append("savings")

        @Rule(Fact(regular_operations=False))
        def regular(self) -> None:
            self.held.append("regular")

    engine = Five()

    def decides(facts: Facts) -> Outcome:
        engine.held.clear()
        engine.reset()
        engine.declare(Fact(**facts))
        engine.run()
        return _of(engine.held)

    return decides


#: Everyone who has to be installed: the name, the module, and who makes it ready.
OTHERS: tuple[tuple[str, str, Callable[[], Callable[[Facts], Outcome]]], ...] = (
    ("rule-engine", "rule_engine", rule_engine),
    ("business-rules", "business_rules", business_rules),
    ("zen-engine, a decision graph", "zen", zen_graph),
    ("zen-engine, five expressions", "zen", zen_expressions),
    ("clipspy", "clips", clips_rules),
    ("experta", "experta", experta_rules),
)
#: What an answer holds.
ALL, HELD, BARE = "outcome, reasons, citations", "outcome, rules that held", "outcome"


def contestants() -> tuple[dict[str, Contestant], dict[str, str], dict[str, str]]:
    """Who decides, what each tells, and why those who do not decide do not."""
    draw = random.Random(SEED)
    facts = [random_facts(draw) for _ in range(SETS)]
    values, short = [POLICY.vocabulary.read(each) for each in facts], [named(f) for f in facts]
    explained = ours("compiled", read_out=True)
    never_seen = "compiled, explained, amounts never seen"
    row = {"raw": (raw_durable(), short, HELD)}
    for engine in ("durable", "compiled"):
        row[f"{engine}, explained"] = (ours(engine, read_out=True), values, ALL)
        row[f"{engine}, decision only"] = (ours(engine, read_out=False), values, BARE)
    row[never_seen] = (on_amounts_never_seen(explained), values, ALL)
    absent = {}
    for name, module, made in OTHERS:
        why = absence(module)
        if why:
            absent[name] = why
        else:
            row[name] = (made(), short, HELD)
    row["by hand"] = (by_hand, short, BARE)
    found = {name: Contestant(name, decides, cases) for name, (decides, cases, _) in row.items()}
    return found, {name: told for name, (_, _, told) in row.items()}, absent


def table(rounds: int) -> Table:
    """Who decides how fast, all having come to the same outcomes before anything is timed."""
    found, told, absent = contestants()
    results = Results(found)
    outcomes = agree(results)
    for each in found.values():
        each.calibrate()
    order, draw = list(found.values()), random.Random(SEED)
    for _ in range(rounds):
        draw.shuffle(order)
        for each in order:
            each.run()
    rows = [
        [
            "raw durable-rules" if name == "raw" else name,
            f"{statistics.median(each.times) * 1e6:,.2f}",
            *spread(results.ratios(name), 3),
            told[name],
        ]
        for name, each in found.items()
    ]
    rows += [[name, "", "", "", why] for name, why in absent.items()]
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    return Table(
        [
            Column("who decides"),
            Column("µs each", number=True),
            Column("ratio", number=True),
            Column("from–to", number=True),
            Column("answers with", width=44),
        ],
        rows,
        title=(
            f"1. Decisions: five rules, {SETS} sets of facts ({counts}), all agree on every one;\n"
            f"   {rounds} rounds, ratios to raw durable-rules in the same round"
        ),
    )
