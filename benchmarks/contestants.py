"""Those who decide in the benchmark: each a function of one set of facts."""

from __future__ import annotations

import itertools
import random
import warnings
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from sifrules import Decision, Outcome, decide, registry
from sifrules.policy.decide import rulebook_for
from sifrules.rules.engines import engine_for

GUIDELINE = Path(__file__).with_name("five_rules.toml")
STAGES, RULES = ("idea_test",), 5

Facts = Mapping[str, Any]

EXCLUSION = "application.reduces_exclusion"
AREAS = "application.areas"
MUNICIPAL = "application.municipal_effects"
SAVINGS = "application.expected_savings"
COST = "application.cost"
REGULAR = "application.regular_operations"


def random_facts(draw: random.Random, *, missing: float = 0.0) -> dict[str, Any]:
    """One application: about half of them pass; amounts in kronor.

    At least one rule holds in each: raw durable-rules may not survive that a session in
    which nothing fired is deleted. (Our engine has a rule that always fires.)
    """
    facts = {
        EXCLUSION: draw.random() < 0.9,
        AREAS: draw.randrange(1, 7),
        MUNICIPAL: draw.random() < 0.9,
        SAVINGS: draw.randrange(10, 400) * 50_000,
        COST: draw.randrange(5, 200) * 50_000,
        REGULAR: draw.random() < 0.1,
    }
    given = {name: value for name, value in facts.items() if draw.random() >= missing}
    holds = given.get(EXCLUSION) or given.get(MUNICIPAL) or given.get(AREAS, 0) >= 2
    return given if holds else random_facts(draw, missing=missing)


def named(facts: Facts) -> dict[str, Any]:
    """Facts under the short names that the other libraries take."""
    return {name.partition(".")[2]: value for name, value in facts.items()}


def raw_durable() -> Callable[[Facts], Outcome]:
    """Five durable-rules rules that each append, a session of its own for each decision."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from durable import engine
    held: list[str] = []
    conditions: dict[str, dict[str, Any]] = {
        "exclusion": {"reduces_exclusion": True},
        "areas": {"$gte": {"areas": 2}},
        "municipal": {"municipal_effects": True},
        "savings": {"$gte": {"expected_savings": {"$m": "cost"}}},
        "regular": {"regular_operations": False},
    }

    def rule(name: str, condition: dict[str, Any]) -> dict[str, Any]:
        return {"all": [{"m": condition}], "run": lambda _: held.append(name)}

    host = engine.Host()
    host.register_rulesets({"raw": {name: rule(name, each) for name, each in conditions.items()}})
    sessions = count(1)

    def decides(facts: Facts) -> Outcome:
        held.clear()
        session = str(next(sessions))
        try:
            host.assert_fact("raw", {"sid": session, "id": session, **facts})
        except engine.MessageNotHandledException:
            pass
        finally:
            host.delete_state("raw", session)
        return Outcome.ELIGIBLE if len(held) == RULES else Outcome.NOT_ELIGIBLE

    return decides


def rule_engine() -> Callable[[Facts], Outcome]:
    """The library rule-engine: five rules, parsed once."""
    import rule_engine

    context = rule_engine.Context(resolver=rule_engine.resolve_item)
    texts = {
        "exclusion": "reduces_exclusion",
        "areas": "areas >= 2",
        "municipal": "municipal_effects",
        "savings": "expected_savings >= cost",
        "regular": "not regular_operations",
    }
    rules = {name: rule_engine.Rule(text, context=context) for name, text in texts.items()}

    def decides(facts: Facts) -> Outcome:
        held, open_ = [], []
        for name, rule in rules.items():
            try:
                if rule.matches(facts):
                    held.append(name)
            except rule_engine.SymbolResolutionError:
                open_.append(name)
        if len(held) + len(open_) < RULES:
            return Outcome.NOT_ELIGIBLE
        return Outcome.CANNOT_TELL if open_ else Outcome.ELIGIBLE

    return decides


def business_rules() -> Callable[[Facts], Outcome]:
    """The library business-rules: five rules, variables and actions as its manual has them."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import (
        BaseVariables,
        boolean_rule_variable,
        numeric_rule_variable,
    )

    class Variables(BaseVariables):  # type: ignore[misc]  # untyped library
        def __init__(self, facts: Facts) -> None:
            self.facts = facts

        @boolean_rule_variable()
        def reduces_exclusion(self) -> bool:
            return bool(self.facts["reduces_exclusion"])

        @numeric_rule_variable()
        def areas(self) -> int:
            return int(self.facts["areas"])

        @boolean_rule_variable()
        def municipal_effects(self) -> bool:
            return bool(self.facts["municipal_effects"])

        @numeric_rule_variable()
        def savings_above_cost(self) -> int:
            return int(self.facts["expected_savings"] - self.facts["cost"])

        @boolean_rule_variable()
        def regular_operations(self) -> bool:
            return bool(self.facts["regular_operations"])

    class Actions(BaseActions):  # type: ignore[misc]  # untyped library
        def __init__(self) -> None:
            self.held: list[str] = []

        @rule_action(params={"rule": FIELD_TEXT})
        def note(self, rule: str) -> None:
            self.held.append(rule)

    conditions = (
        ("reduces_exclusion", "is_true", True),
        ("areas", "greater_than_or_equal_to", 2),
        ("municipal_effects", "is_true", True),
        ("savings_above_cost", "greater_than_or_equal_to", 0),
        ("regular_operations", "is_false", True),
    )
    rules = [
        {
            "conditions": {"all": [{"name": name, "operator": operator, "value": value}]},
            "actions": [{"name": "note", "params": {"rule": name}}],
        }
        for name, operator, value in conditions
    ]

    def decides(facts: Facts) -> Outcome:
        actions = Actions()
        run_all(rules, Variables(facts), actions)
        return Outcome.ELIGIBLE if len(actions.held) == RULES else Outcome.NOT_ELIGIBLE

    return decides


def by_hand(facts: Facts) -> Outcome:
    """What one would write for this one guideline: the outcome and nothing else."""
    passed = (
        facts["reduces_exclusion"]
        and facts["areas"] >= 2
        and facts["municipal_effects"]
        and facts["expected_savings"] >= facts["cost"]
        and not facts["regular_operations"]
    )
    return Outcome.ELIGIBLE if passed else Outcome.NOT_ELIGIBLE


def explained(decision: Decision) -> Outcome:
    """Read out all that a decision tells, and give its outcome."""
    told: list[object] = [decision.outcome, decision.missing]
    for finding in decision.findings:
        rule = finding.rule
        told.append((rule.id, finding.verdict, finding.reads, str(rule.citation)))
    return decision.outcome


POLICY = registry().policy(GUIDELINE)


def ours(engine: str, *, read_out: bool, check: bool = False) -> Callable[[Facts], Outcome]:
    """One of our engines, deciding on checked values or (``check``) on facts as written."""
    if check:
        return lambda facts: explained(decide(POLICY, facts, stages=STAGES, engine=engine))
    ready = engine_for(rulebook_for(POLICY, STAGES), engine)
    if read_out:
        return lambda values: explained(ready.decide(values))
    return lambda values: ready.decide(values).outcome


def on_amounts_never_seen(decides: Callable[[Facts], Outcome]) -> Callable[[Facts], Outcome]:
    """The same decisions on amounts that no decision before has read.

    Both amounts grow by one öre more each time, so that no finding can have been kept.
    """
    grown = itertools.count(1)

    def decides_anew(values: Facts) -> Outcome:
        more = next(grown)
        return decides({**values, COST: values[COST] + more, SAVINGS: values[SAVINGS] + more})

    return decides_anew
