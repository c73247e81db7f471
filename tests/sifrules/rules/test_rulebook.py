"""Rules are cited, rule books are sound, and what follows from facts stays visible."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from sifrules.errors import RuleError
from sifrules.rules.conditions import Condition, Fact
from sifrules.rules.engines import engine_for
from sifrules.rules.rulebook import Derivation, Rule, RuleBook, Stage
from sifrules.rules.vocabulary import application, fund
from sifrules.values.citations import Citation
from sifrules.values.text import same

CITED = Citation("A guideline", place="2")
DEMAND = same("a demand")


def _rule(id: str, wanted: Fact | Condition, stage: Stage = Stage.IDEA_TEST) -> Rule:
    return Rule(id, stage, DEMAND, wanted, CITED)


def _link(fact: Fact, holds: Fact | Condition) -> Derivation:
    return Derivation(f"derived.{fact.name}", fact, holds, CITED)


@pytest.mark.parametrize("citation", [None, "The guideline, 2"])
def test_a_rule_without_a_citation_is_refused(citation: Any) -> None:
    """The refusal names the rule and what to add; a text is no citation."""
    with pytest.raises(RuleError, match=r"criteria\.areas: has no citation; name the document"):
        Rule("criteria.areas", Stage.IDEA_TEST, DEMAND, application.areas >= 2, citation)


def test_a_citation_of_no_document_is_refused() -> None:
    """An empty title cites nothing."""
    with pytest.raises(ValueError, match="document"):
        Citation("")


def test_a_reading_without_words_is_refused() -> None:
    """A doubtful wording is marked with a note, not with a mere yes."""
    reading: Any = True
    with pytest.raises(TypeError):
        Citation("A guideline", reading=reading)


def test_two_rules_of_one_id_are_refused() -> None:
    """The doubled id is named."""
    with pytest.raises(RuleError, match=r"toy: two rules share an id: a; rename one"):
        RuleBook("toy", [_rule("a", application.early), _rule("a", application.evaluable)])


def test_derivations_that_go_round_in_a_circle_are_refused() -> None:
    """The facts on the circle are named."""
    links = (
        _link(application.early, application.evaluable),
        _link(application.evaluable, application.early),
    )
    with pytest.raises(RuleError, match=r"circle: application\.early, application\.evaluable"):
        RuleBook("toy", [], links)


def test_a_fact_that_follows_from_itself_is_refused() -> None:
    """The smallest circle is one, too."""
    with pytest.raises(RuleError, match="circle"):
        RuleBook("toy", [], (_link(application.early, ~application.early),))


def test_derivations_are_worked_out_in_an_order_that_can_be() -> None:
    """However they are listed, each comes after what it follows from."""
    last = _link(application.preventive, application.evaluable)
    middle = _link(application.evaluable, application.early)
    first = _link(application.early, application.areas >= 2)
    assert RuleBook("toy", [], (last, middle, first)).derivations == (first, middle, last)


def test_a_gap_between_what_holds_and_what_fails_stays_open() -> None:
    """Where neither wording covers a case, nothing follows."""
    year = application.start_year
    link = Derivation("d", application.early, year < 2021, CITED, year > 2021)
    answers = [link.value({year.name: value}) for value in (2020, 2021, 2022)]
    assert answers == [True, None, False]


def test_a_part_of_a_book_keeps_the_derivations_that_it_needs() -> None:
    """Also those that only other derivations need, and no more."""
    needed = _link(application.early, application.areas >= 2)
    between = _link(application.evaluable, application.early)
    other = _link(application.preventive, application.areas >= 3)
    book = RuleBook(
        "toy",
        [
            _rule("a", application.evaluable),
            _rule("b", application.preventive, Stage.ALLOCATION),
        ],
        (other, between, needed),
        {"fund.exists": True},
    )
    part = book.only(Stage.IDEA_TEST)
    assert [rule.id for rule in part.rules] == ["a"]
    assert part.derivations == (needed, between)
    assert part.given == {"fund.exists": True}


def test_a_part_of_a_book_is_made_once() -> None:
    """Deciding many applications does not cut the book again each time."""
    book = RuleBook("toy", [_rule("a", application.early)])
    assert book.only(Stage.IDEA_TEST) is book.only(Stage.IDEA_TEST)


def test_each_stage_is_opened_by_the_one_before_it() -> None:
    """A stage without rules does not stand in between."""
    book = RuleBook(
        "toy",
        [_rule("a", application.early), _rule("b", application.evaluable, Stage.ALLOCATION)],
    )
    (opening,) = book.openings
    assert opening.link.fact.name == "stage.allocation_open"
    assert opening.link.value({"application.early": True}) is True
    assert opening.link.value({}) is None


def test_a_missing_derived_fact_is_traced_back_to_what_it_follows_from() -> None:
    """The analyst is asked for what can be known, not for what the engine derives."""
    link = _link(application.lowers_costs, application.expected_savings > 0)
    book = RuleBook("toy", [_rule("a", application.lowers_costs)], (link,))
    assert book.missing(book.rules[0].condition, {}) == ("application.expected_savings",)


def test_a_gap_in_the_guideline_is_named_itself() -> None:
    """Where everything behind a fact is known and it stays open, it is what is missing."""
    year = application.start_year
    link = Derivation("d", application.early, year < 2021, CITED, year > 2021)
    book = RuleBook("toy", [_rule("a", application.early)], (link,))
    missing = book.missing(book.rules[0].condition, {year.name: 2021})
    assert missing == ("application.early",)


def test_a_stage_stays_shut_where_any_stage_before_it_was_failed() -> None:
    """Failing the idea test shuts allocation too, however good the application."""
    rules = [
        _rule("a", application.early),
        _rule("b", application.evaluable, Stage.APPLICATION),
        _rule("c", application.preventive, Stage.ALLOCATION),
    ]
    known = {"application.early": False, "application.evaluable": True}
    opened = [opening.link.value(known) for opening in RuleBook("toy", rules).openings]
    assert opened == [False, False]


def test_a_rule_book_can_be_sent_to_another_process() -> None:
    """Pickled after it has decided, it decides the same."""
    book = RuleBook("toy", [_rule("a", application.early)])
    engine_for(book, "compiled").decide({"application.early": True})
    copy = pickle.loads(pickle.dumps(book))
    assert engine_for(copy, "compiled").decide({"application.early": True}).outcome == "eligible"


def test_two_derivations_of_one_fact_are_refused() -> None:
    """Which of them holds would depend on the order of the parts."""
    links = [
        Derivation(name, application.lowers_costs, application.expected_savings > limit, CITED)
        for name, limit in (("one", 0), ("other", 1))
    ]
    with pytest.raises(RuleError, match="two derivations give one fact"):
        RuleBook("toy", [], tuple(links))


def test_what_the_policy_settles_is_not_the_applicant_s_to_say() -> None:
    """A given fact stands, whatever the application states."""
    book = RuleBook("toy", [_rule("a", fund.exists)], given={"fund.exists": False})
    decision = engine_for(book, "compiled").decide({"fund.exists": True})
    assert decision.outcome == "not_eligible"


def test_an_equality_written_with_python_s_sign_is_no_condition() -> None:
    """``fact == 2`` compares objects; the message says what to write."""
    with pytest.raises(RuleError, match=r"\.is_\("):
        _rule("a", application.areas == 2)
