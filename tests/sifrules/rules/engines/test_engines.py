"""Two engines, one meaning: whatever the rules and whatever is known."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from sifrules.errors import EngineError
from sifrules.rules.amounts import AMOUNTS
from sifrules.rules.conditions import (
    Compare,
    CompareFacts,
    Condition,
    Fact,
    IfThen,
    OneOf,
    Operand,
    Value,
    all_of,
    any_of,
)
from sifrules.rules.decisions import Verdict
from sifrules.rules.engines import ENGINES, arrays, compiled, engine_for
from sifrules.rules.kinds import Kind
from sifrules.rules.rulebook import Derivation, Rule, RuleBook, Stage
from sifrules.rules.vocabulary import application
from sifrules.values.citations import Citation
from sifrules.values.text import same

CITED = Citation("A guideline")
WORDS = same("a thing")
VERDICTS = {True: Verdict.MET, False: Verdict.NOT_MET, None: Verdict.CANNOT_TELL}
#: Small, so that values and bounds meet; and the largest that may be written.
NUMBERS = {
    Kind.COUNT: [0, 1, 2, 3, 1_000_000],
    Kind.MONTHS: [0, 1, 12, 1_200],
    Kind.YEAR: [1900, 2016, 2017, 2200],
    Kind.MONEY: [-(10**14), -1, 0, 1, 2, 10**14 - 1, 10**14],
    Kind.SHARE: [0, 1, 3_333, 5_000, 10_000],
}
OPTIONS = ("nämnd", 'so-called "actor"', "x\\y", "1", "true")
SHARES = [Decimal(share) for share in ("-1", "0", "0.0001", "0.3333", "0.5", "1", "4")]


def _facts(kind: Kind) -> list[Fact]:
    options = OPTIONS if kind is Kind.CHOICE else ()
    return [Fact(f"test.{kind}_{letter}", kind, WORDS, options) for letter in "ab"]


GIVEN = [fact for kind in Kind for fact in _facts(kind)]
ORDERED = [fact for fact in GIVEN if fact.kind in NUMBERS]
DERIVED = [Fact(f"test.derived_{number}", Kind.FLAG, WORDS) for number in (1, 2)]


# Strategies are made once: hypothesis looks into each new one, which takes longer than drawing.
@cache
def _value(fact: Fact) -> st.SearchStrategy[Value]:
    if fact.kind is Kind.FLAG:
        return st.booleans()
    return st.sampled_from(OPTIONS if fact.kind is Kind.CHOICE else NUMBERS[fact.kind])


@cache
def _values(fact: Fact) -> st.SearchStrategy[list[Value]]:
    return st.lists(_value(fact), min_size=1, max_size=3, unique=True)


@cache
def _of_kind(kind: Kind) -> st.SearchStrategy[Fact]:
    return st.sampled_from([fact for fact in ORDERED if fact.kind is kind])


FORM = st.sampled_from(["is", "one_of", "order", "facts", "derived"])
COMPARISON: st.SearchStrategy[Literal["<", "<=", ">", ">="]] = st.sampled_from(
    ["<", "<=", ">", ">="]
)
ANY_GIVEN, ANY_ORDERED = st.sampled_from(GIVEN), st.sampled_from(ORDERED)
ANY_SHARE, ANY_FLAG = st.sampled_from(SHARES), st.booleans()


@st.composite
def _leaf(draw: st.DrawFn, derived: int) -> Condition:
    """One comparison, of any form."""
    form = draw(FORM)
    if form == "derived" and derived:
        return DERIVED[draw(ANY_FLAG) if derived > 1 else 0].is_(True)
    if form == "order":
        fact = draw(ANY_ORDERED)
        return Compare(fact, draw(COMPARISON), draw(_value(fact)))
    if form == "facts":
        left = draw(ANY_ORDERED)
        right = draw(_of_kind(left.kind))
        plus = int(draw(_value(right)))
        operand = Operand(right, draw(ANY_SHARE), plus if draw(ANY_FLAG) else 0)
        return CompareFacts(left, draw(COMPARISON), operand)
    fact = draw(ANY_GIVEN)
    if form == "one_of":
        return OneOf(fact, tuple(draw(_values(fact))))
    return Compare(fact, "==", draw(_value(fact)))


@cache
def _conditions(derived: int = 0) -> st.SearchStrategy[Condition]:
    """Trees of every kind of node, with negations anywhere."""
    return st.recursive(
        _leaf(derived),
        lambda inner: st.one_of(
            inner.map(Condition.__invert__),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: all_of(*parts)),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: any_of(*parts)),
            st.tuples(inner, inner).map(lambda parts: IfThen(*parts)),
        ),
        max_leaves=6,
    )


BY_NAME = {fact.name: fact for fact in (*GIVEN, *DERIVED)}
NAMES = st.sets(st.sampled_from(list(BY_NAME)))


@st.composite
def _known(draw: st.DrawFn) -> dict[str, Value]:
    """Some of the facts, each with a possible value."""
    return {name: draw(_value(BY_NAME[name])) for name in sorted(draw(NAMES))}


STAGE = st.sampled_from([Stage.IDEA_TEST, Stage.APPLICATION, Stage.ALLOCATION])
SOME_CONDITIONS = st.lists(_conditions(len(DERIVED)), min_size=1, max_size=6)


@st.composite
def _books(draw: st.DrawFn) -> RuleBook:
    """A rule book of several stages, with facts that follow from facts."""
    rules = [
        Rule(f"r{number}", draw(STAGE), WORDS, each, CITED)
        for number, each in enumerate(draw(SOME_CONDITIONS))
    ]
    links = [
        Derivation(f"d{number}", fact, draw(_conditions(number)), CITED)
        for number, fact in enumerate(DERIVED)
    ]
    return RuleBook("toy", rules, tuple(links))


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(_books(), st.lists(_known(), min_size=1, max_size=5))
def test_both_engines_give_the_same_decision(
    durable_engine: object, book: RuleBook, cases: list[dict[str, Value]]
) -> None:
    """Verdicts, what is missing, the outcome and the chain agree, for any rules and facts."""
    for values in cases:
        reference = engine_for(book, "durable").decide(values)
        quick = engine_for(book, "compiled").decide(values)
        assert [f.verdict for f in reference.findings] == [f.verdict for f in quick.findings]
        assert [f.reads for f in reference.findings] == [f.reads for f in quick.findings]
        assert reference.missing == quick.missing
        assert reference.outcome == quick.outcome
        assert {(link.derivation.id, link.value) for link in reference.chain} == {
            (link.derivation.id, link.value) for link in quick.chain
        }


@settings(max_examples=200)
@given(_conditions(), _known())
def test_a_predicate_answers_as_its_condition_does(
    condition: Condition, values: dict[str, Value]
) -> None:
    """The compiled predicate and `Condition.test` are one meaning."""
    assert compiled.predicate(condition)(values) is condition.test(values)


@settings(max_examples=100)
@given(_books(), _known())
def test_the_compiled_verdict_of_a_rule_is_that_of_its_condition(
    book: RuleBook, values: dict[str, Value]
) -> None:
    """Once what follows from the facts is worked out, each rule stands for itself."""
    known = dict(values)
    for link in book.derivations:
        followed = link.value(known)
        if link.fact.name not in known and followed is not None:
            known[link.fact.name] = followed
    for finding in engine_for(book, "compiled").decide(values).findings:
        assert finding.verdict is VERDICTS[finding.rule.condition.test(known)]


@settings(max_examples=80)
@given(_books(), st.lists(_known(), min_size=1, max_size=5))
def test_many_applications_at_once_get_the_verdicts_of_each(
    book: RuleBook, cases: list[dict[str, Value]]
) -> None:
    """A fact may be known of some and not of others, and numbers may be as large as can be."""
    facts = {}
    for name in sorted({name for values in cases for name in values}):
        stated = [values.get(name) for values in cases]
        known = [value for value in stated if value is not None]
        filled = np.array([known[0] if value is None else value for value in stated])
        everywhere = len(known) == len(cases)
        given_of = None if everywhere else np.array([value is not None for value in stated])
        facts[name] = arrays.FactColumn(filled, given_of)
    found = arrays.verdicts(book, facts, len(cases))
    truths = {arrays.YES: Verdict.MET, arrays.NO: Verdict.NOT_MET, arrays.OPEN: Verdict.CANNOT_TELL}
    for at, values in enumerate(cases):
        decided = engine_for(book, "compiled").decide(values)
        assert [truths[each] for each in found[:, at]] == [f.verdict for f in decided.findings]


def test_an_amount_that_follows_is_worked_out_for_each_application() -> None:
    """So it is where a policy settles a fact for all of them."""
    enough = Rule("r", Stage.APPLICATION, WORDS, application.applied_for <= 100, CITED)
    there = Rule("s", Stage.APPLICATION, WORDS, application.early, CITED)
    book = RuleBook("toy", [enough, there], AMOUNTS.values(), {"application.early": True})
    cases = [{"application.cost": 150, "application.cofunding": own} for own in (0, 50, 90)]
    columns = {
        name: arrays.FactColumn(np.array([each[name] for each in cases])) for name in cases[0]
    }
    found = arrays.verdicts(book, columns, len(cases))
    decided = [engine_for(book, "compiled").decide(each).findings for each in cases]
    assert found[0].tolist() == [
        arrays.YES if f[0].verdict is Verdict.MET else arrays.NO for f in decided
    ]
    assert found[1].tolist() == [arrays.YES] * 3


@settings(max_examples=200)
@given(_conditions(), _conditions(), _known())
def test_de_morgan_and_double_negation_hold(
    a: Condition, b: Condition, values: dict[str, Value]
) -> None:
    """Kleene's logic keeps these laws; the excluded middle it does not."""
    assert (~(a & b)).test(values) is (~a | ~b).test(values)
    assert (~(a | b)).test(values) is (~a & ~b).test(values)
    assert (~~a).test(values) is a.test(values)
    negated = (~a).test(values)
    assert negated is (None if a.test(values) is None else not a.test(values))


@settings(max_examples=200)
@given(_conditions(), _known(), _known())
def test_knowing_more_never_turns_a_verdict_round(
    condition: Condition, values: dict[str, Value], more: dict[str, Value]
) -> None:
    """What is met or not met stays so when missing facts are added."""
    before = condition.test(values)
    if before is not None:
        assert condition.test({**more, **values}) is before


@settings(max_examples=200)
@given(_conditions(), _known(), _known())
def test_the_missing_facts_settle_what_could_not_be_determined(
    condition: Condition, values: dict[str, Value], more: dict[str, Value]
) -> None:
    """A condition is open exactly while facts are missing, and none of those is known."""
    missing = {fact.name for fact in condition.missing(values)}
    assert (condition.test(values) is None) == bool(missing)
    assert not missing & values.keys()
    filled = {**{name: value for name, value in more.items() if name in missing}, **values}
    if missing <= filled.keys():
        assert condition.test(filled) is not None


def test_engines_agree_where_what_holds_and_what_fails_overlap(durable_engine: object) -> None:
    """A derivation whose two conditions are both met gives one answer, or is refused, in both."""
    link = Derivation("d", application.early, application.areas >= 1, CITED, application.areas >= 2)
    rule = Rule("r", Stage.IDEA_TEST, WORDS, application.early, CITED)
    answers = []
    for engine in ENGINES:
        book = RuleBook("toy", [rule], (link,))
        try:
            decision = engine_for(book, engine).decide({"application.areas": 3})
        except EngineError:
            answers.append("refused")
        else:
            answers.append(decision.findings[0].verdict.value)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("depth", [5, 10, 60])
def test_engines_agree_on_a_condition_nested_deep(durable_engine: object, depth: int) -> None:
    """*And* within *or* within *and*: the same verdict, or a clear refusal of what is too deep."""
    nested: Condition = application.areas >= 2
    for level in range(depth):
        flag = application.early if level % 2 else application.preventive
        nested = nested & flag if level % 2 else nested | flag
    book = RuleBook("toy", [Rule("r", Stage.IDEA_TEST, WORDS, nested, CITED)])
    values = {"application.areas": 3, "application.early": True, "application.preventive": False}
    quick = engine_for(book, "compiled").decide(values)["r"].verdict
    reference = None
    with contextlib.suppress(EngineError):
        reference = engine_for(book, "durable").decide(values)["r"].verdict
    assert reference is quick or (reference is None and depth > 10)


def test_an_engine_is_made_once_for_a_rule_book() -> None:
    """Deciding again does not build again."""
    book = RuleBook("toy", [])
    assert engine_for(book, "compiled") is engine_for(book, "compiled")


def test_an_engine_that_is_unknown_is_refused_with_the_names_there_are() -> None:
    """A misspelt engine names its neighbours."""
    with pytest.raises(EngineError, match="did you mean durable"):
        engine_for(RuleBook("toy", []), "duable")


@pytest.mark.parametrize("gone", ["durable", "durable_rules_engine"])
def test_without_durable_rules_the_compiled_engine_decides_and_says_so(gone: str) -> None:
    """The decision names the engine; asking for the other one says how to install it."""
    said = _decided(f"import sys; sys.modules[{gone!r}] = None")
    assert said["fault"] == "the durable engine is not installed"
    assert said["engine"] == "compiled"
    assert said["asked"].startswith(
        "the durable engine is not installed; install sifrules[durable]"
    )


def test_where_durable_rules_does_not_fit_the_compiled_engine_decides_and_says_so(
    tmp_path: Path,
) -> None:
    """It is found but cannot be imported, as if built for another Python: no traceback."""
    (tmp_path / "durable_rules_engine.py").write_text("raise ImportError('undefined\\nsymbol: X')")
    said = _decided(f"import sys; sys.path.insert(0, {str(tmp_path)!r})")
    assert (
        said["fault"] == "durable-rules is installed but cannot be used here (undefined symbol: X)"
    )
    assert said["engine"] == "compiled"
    assert said["asked"].startswith(
        said["fault"] + "; install sifrules[durable] as the README says"
    )


def _decided(first: str) -> dict[str, str]:
    """What a process of its own says of the engines, after a line that takes one away."""
    script = f"""{first}
import json
from sifrules.errors import EngineError
from sifrules.rules.engines import durable_fault, engine_for
from sifrules.rules.rulebook import RuleBook

book = RuleBook("toy", [])
try:
    engine_for(book, "durable")
except EngineError as error:
    asked = str(error)
print(json.dumps({{"fault": str(durable_fault()), "asked": asked,
    "engine": engine_for(book).decide({{}}).engine}}))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    said: dict[str, str] = json.loads(ran.stdout)
    return said
