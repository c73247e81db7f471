"""A decision states the outcome, every rule's verdict, and what was read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from sifrules.rules.conditions import Value
from sifrules.rules.decisions import Decision, Outcome, Verdict
from sifrules.rules.engines import engine_for
from sifrules.rules.rulebook import Derivation, Rule, RuleBook, Stage
from sifrules.rules.vocabulary import FACTS, application
from sifrules.values.citations import Citation
from sifrules.values.text import same

CITED = Citation("A guideline")
FLAGS = (application.early, application.evaluable, application.preventive)
BOOK = RuleBook("toy", [Rule(flag.name, Stage.IDEA_TEST, same("x"), flag, CITED) for flag in FLAGS])


def _decide(values: dict[str, Value], book: RuleBook = BOOK) -> Decision:
    return engine_for(book, "compiled").decide(values)


@given(st.lists(st.sampled_from([True, False, None]), min_size=3, max_size=3))
def test_the_outcome_follows_from_the_verdicts(answers: list[bool | None]) -> None:
    """A rule not met refuses; without one, an undecided rule leaves it open; otherwise eligible."""
    values: dict[str, Value] = {
        flag.name: answer for flag, answer in zip(FLAGS, answers, strict=True) if answer is not None
    }
    decision = _decide(values)
    expected = (
        Outcome.NOT_ELIGIBLE
        if False in answers
        else Outcome.CANNOT_TELL
        if None in answers
        else Outcome.ELIGIBLE
    )
    assert decision.outcome is expected
    assert len(decision.missing) == answers.count(None)
    assert len(decision.refusals) == answers.count(False)


def test_a_missing_fact_counts_neither_as_met_nor_as_failed() -> None:
    """Nothing known, nothing decided: every rule is *cannot tell* and names its fact."""
    decision = _decide({})
    assert {finding.verdict for finding in decision.findings} == {Verdict.CANNOT_TELL}
    assert decision.missing == tuple(sorted(flag.name for flag in FLAGS))


def test_a_finding_shows_what_it_read_as_a_file_shows_it() -> None:
    """Amounts in kronor, shares as decimals, what is missing as None."""
    rule = Rule("r", Stage.IDEA_TEST, same("x"), application.cost > application.cofunding, CITED)
    values = FACTS.read({"application.cost": Decimal("100.50")})
    finding = _decide(values, RuleBook("toy", [rule]))["r"]
    assert finding.reads == {"application.cost": 100.5, "application.cofunding": None}


def test_a_finding_is_found_by_the_id_of_its_rule() -> None:
    """And an id that is not there is a key that is not there."""
    assert _decide({})["application.early"].rule.id == "application.early"
    with pytest.raises(KeyError, match="nothing"):
        _decide({})["nothing"]


def test_the_chain_says_what_followed_from_what() -> None:
    """A derived fact and an opened stage are part of the explanation."""
    link = Derivation("d", application.early, application.areas >= 2, CITED)
    rules = [
        Rule("r", Stage.IDEA_TEST, same("x"), application.early, CITED),
        Rule("s", Stage.APPLICATION, same("x"), application.evaluable, CITED),
    ]
    decision = _decide({"application.areas": 2}, RuleBook("toy", rules, (link,)))
    assert [(each.derivation.id, each.value) for each in decision.chain] == [
        ("d", True),
        ("stage.application", True),
    ]


def test_a_fact_that_was_given_is_not_derived() -> None:
    """What the applicant states stands, whatever would follow."""
    link = Derivation("d", application.early, application.areas >= 2, CITED)
    book = RuleBook(
        "toy", [Rule("r", Stage.IDEA_TEST, same("x"), application.early, CITED)], (link,)
    )
    decision = _decide({"application.areas": 2, "application.early": False}, book)
    assert decision.outcome is Outcome.NOT_ELIGIBLE
    assert decision.chain == ()


@pytest.mark.parametrize("answer", [*Verdict, *Outcome])
def test_every_answer_has_words_in_both_languages(answer: Verdict | Outcome) -> None:
    """A verdict can be shown to anyone."""
    assert answer.words.sv != answer.words.en
