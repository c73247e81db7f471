"""The kit's toys, and answers in the field's words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from attrs import frozen

import sifrules
from sifrules import (
    FactError,
    Investment,
    LocalizedText,
    Month,
    Part,
    SifError,
    Slot,
    Stage,
    decide,
    ore,
)
from sifrules.plugin.discovery import OFF
from sifrules.plugin.registry import registry
from sifrules.testing import (
    Case,
    Expected,
    read_cases,
    run_cases,
    toy_facts,
    toy_policy,
    try_policy,
)
from sifrules.values.text import same

#: the toy guideline returns the cost, bounded by the effect, with a floor of 30 %
SHORT: Mapping[str, Any] = {"cost": 100, "start": "2020-01", "months": 12, "effect": 10}
FEW = {"few": {"kind": "new_investments_per_year", "limit": 3, "cite": "guide: 4"}}


# --- what the package offers ----------------------------------------------------------


def test_what_the_package_offers_is_there_and_nothing_else() -> None:
    """Names come when they are used; a module of the same name does not hide one."""
    from sifrules import parts, replay
    from sifrules.record_replay import Replay

    assert callable(replay)
    assert callable(sifrules.registry)
    assert parts.budget.name == "parts.budget"
    assert Replay is sifrules.Replay
    assert set(sifrules.__all__) <= set(dir(sifrules))
    for name in ("no_such_thing", "_nor_this"):
        with pytest.raises(AttributeError, match=name):
            getattr(sifrules, name)


def test_the_kit_offers_its_names_and_nothing_else() -> None:
    """Every name in its list comes, and a misspelt one does not."""
    import sifrules.testing as kit

    assert all(getattr(kit, name) is not None for name in kit.__all__)
    with pytest.raises(AttributeError, match="toy_polcy"):
        _ = kit.toy_polcy


# --- toys -----------------------------------------------------------------------------


def test_toy_facts_meet_the_toy_policy_at_every_stage() -> None:
    """Nothing is refused, and nothing missing."""
    decision = decide(toy_policy(caps=None), toy_facts(), stages=Stage, engine="compiled")
    assert (decision.outcome, decision.missing) == ("eligible", ())


@pytest.mark.parametrize(
    "changed",
    [{"areas": 1}, {"application": {"areas": 1}}, {"application.areas": 1}],
    ids=str,
)
def test_a_toy_fact_is_named_in_any_of_three_ways(changed: dict[str, Any]) -> None:
    """By its last word, by its table, or in full."""
    assert toy_facts(**changed)["application.areas"] == 1


def test_a_toy_fact_of_none_is_left_out() -> None:
    """So that what is missing can be tried."""
    assert "application.areas" not in toy_facts(areas=None)


@pytest.mark.parametrize(
    ("name", "told"), [("aeras", "did you mean areas"), ("start_year", "could be application")]
)
def test_a_toy_fact_that_is_unknown_or_could_be_several_is_refused(name: str, told: str) -> None:
    """With the nearest, or the several."""
    with pytest.raises(FactError, match=told):
        toy_facts(**{name: 1})


@frozen(kw_only=True)
class _Free(Part):
    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "free"
    words: ClassVar[LocalizedText] = LocalizedText(sv="fritt", en="free of return")

    def settle(self, investment: object, write_down: object) -> sifrules.Settlement:
        return sifrules.Settlement(reason=self.words)


def test_a_toy_policy_may_name_parts_that_are_not_installed() -> None:
    """An author's own, before there is a plugin; it goes before one of its kind."""
    policy = toy_policy(parts=[_Free], return_model={"kind": "free", "cite": "guide: 3"})
    assert try_policy(policy, investment=SHORT).returned == 0
    with pytest.raises(SifError, match="no return_model of the kind 'free'"):
        toy_policy(return_model={"kind": "free", "cite": "guide: 3"})


def test_a_toy_policy_needs_no_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped parts are there also where every plugin is left out."""
    monkeypatch.setenv(OFF, "all")
    assert toy_policy().id == "toy@2020"


# --- what came of it ------------------------------------------------------------------


def test_an_outcome_answers_what_was_decided() -> None:
    """Eligible, not, or cannot tell; by which rules; what is missing."""
    policy = toy_policy()
    no, yes, open_ = (try_policy(policy, facts) for facts in (toy_facts(areas=1), toy_facts(), {}))
    assert (no.eligible, yes.eligible, open_.eligible) == (False, True, None)
    assert (no.refusals, yes.refusals) == (("criteria.areas",), ())
    assert open_.missing == ("application.areas",)


def test_nothing_known_is_tried_where_nothing_is_given() -> None:
    """And facts may stand in tables, as in a file."""
    assert try_policy(toy_policy()).eligible is None
    assert (
        try_policy(toy_policy(), {"application": {"areas": 2}}, engine="compiled").eligible is True
    )


@pytest.mark.parametrize("what", ["cap", "few", "caps.few", "NEW INVESTMENTS", "nya satsningar"])
def test_why_finds_a_rule_by_id_slot_or_words(what: str) -> None:
    """Whatever an official would call it; the answer carries its citation."""
    full = toy_facts(new_investments_this_year=3)
    outcome = try_policy(toy_policy(caps=FEW), full, stages=["allocation"])
    assert outcome.why(what) == (
        "not met: at most 3 new investments a year "
        "(new investments so far this year (fund.new_investments_this_year) = 3) "
        "[The guideline, 4 (2020)]"
    )
    assert outcome.why(what, "sv").startswith("inte uppfyllt: högst 3 nya satsningar per år")


def test_why_puts_several_findings_on_a_line_each() -> None:
    """All that is about it."""
    more = {"kind": "amount_per_investment", "limit": 1_000, "cite": "guide: 5"}
    outcome = try_policy(toy_policy(caps={**FEW, "size": more}), toy_facts(), stages=Stage)
    assert len(outcome.why("caps").splitlines()) == 2


@pytest.mark.parametrize(("what", "told"), [("criteria.aeras", "criteria.areas"), ("", "known")])
def test_why_of_what_is_not_there_names_the_nearest(what: str, told: str) -> None:
    """No silent nothing."""
    with pytest.raises(SifError, match=f"nothing about .*{told}"):
        try_policy(toy_policy(), toy_facts()).why(what)


def test_an_outcome_answers_what_is_claimed_in_kronor() -> None:
    """Exact, with öre as decimals; also from an Investment."""
    outcome = try_policy(toy_policy(), investment=SHORT)
    assert (outcome.returned, outcome.fee) == (30, 0)
    assert (outcome.written_down, outcome.exempted) == (70, 0)
    assert [(str(claim.due), claim.amount) for claim in outcome.claims] == [("2021-01", 3_000)]
    small = Investment(cost=ore(1), start=Month(2020, 1), months=12, failed=True)
    assert try_policy(toy_policy(), investment=small).returned == Decimal("0.3")
    assert "30\N{NO-BREAK SPACE}% of the cost" in outcome.why("written down").replace(" %", "\xa0%")


def test_what_cannot_be_determined_is_none() -> None:
    """Norrköping's guideline leaves 2021 open."""
    start = {**SHORT, "start": "2021-05"}
    outcome = try_policy("norrkoping@2022", investment=start)
    assert (outcome.returned, outcome.written_down, outcome.claims) == (None, None, ())
    assert "cannot be told" in str(outcome)


def test_what_was_not_tried_cannot_be_asked_for() -> None:
    """The message says what to give."""
    with pytest.raises(SifError, match="no facts were tried; give some"):
        _ = try_policy(toy_policy(), investment=SHORT).eligible
    with pytest.raises(SifError, match="no investment was tried; give it as"):
        _ = try_policy(toy_policy(), toy_facts()).returned


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"cots": 100}, "unknown key 'cots', did you mean cost"),
        ({**SHORT, "months": 0}, "expected months from 1"),
        (3, "expected an investment, got 3"),
    ],
)
def test_an_impossible_investment_is_refused(given: Any, told: str) -> None:
    """As in a file of cases."""
    with pytest.raises(SifError, match=told):
        try_policy(toy_policy(), investment=given)


def test_an_outcome_can_be_printed_in_both_languages() -> None:
    """The outcome, what speaks against it, what is missing, and the money."""
    outcome = try_policy(toy_policy(), {}, investment=SHORT)
    assert str(outcome).replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "toy@2020: cannot tell",
        "- cannot tell: at least 2 areas of operation cooperate "
        "(areas of operation taking part (application.areas) = ?) [The guideline, 2 (2020)]",
        "missing: application.areas",
        "toy@2020: 30 SEK returned, 0 SEK fee, 70 SEK written down, 0 SEK exempted",
        "- 70 SEK written down: no more is returned than the effect, but at least 30 % of the "
        "cost [The guideline, 3 (2020)]",
        "- 30 SEK returned: return; no time is stated, here the end of the project "
        "[The guideline, 3 (2020)]",
    ]
    assert outcome.text("sv").startswith("toy@2020: går inte att avgöra")


# --- many cases -----------------------------------------------------------------------


def _case(**known: Any) -> Case:
    given = {"name": "a case", "policy": "orebro@2016", "facts": {"application.areas": 1}}
    return Case(**{**given, "expect": Expected(outcome="not_eligible"), **known})


def test_cases_are_tried_on_the_policies_that_they_name() -> None:
    """With the rule that decided, and with the changes that they state."""
    lower = _case(
        name="lower", set=("criteria.areas.areas=1",), expect=Expected(decided_by="criteria.areas")
    )
    first, second = run_cases(registry(), [_case(), lower], engine="compiled")
    assert first.passed
    assert first.decided_by is not None
    assert first.decided_by.id == "criteria.areas"
    assert not second.passed
    assert str(second.differences[0]) == (
        "decided_by: expected criteria.areas, got criteria.areas is met"
    )
    assert second.policy == "orebro@2016 with criteria.areas.areas=1"


def test_a_policy_is_tried_on_all_cases_whatever_they_name() -> None:
    """So a what-if can be tried on its base's cases; a case's own changes are made to it."""
    more = _case(name="more", set=("criteria.areas.areas=3",), facts={"application.areas": 2})
    assert [t.passed for t in run_cases(toy_policy(), [_case(), more])] == [True, True]


def test_the_rule_that_decides_a_settlement_is_what_is_given_up_or_claimed() -> None:
    """And nothing decides where every rule is met."""
    money = _case(investment=read_cases_of(SHORT), facts={}, expect=Expected(written_down=ore(70)))
    met = _case(facts={"application.areas": 2}, expect=Expected(outcome="eligible"))
    reasons = [try_policy.decided_by for try_policy in run_cases(toy_policy(), [money, met])]
    assert reasons[0] is not None
    assert reasons[0].id == "written_down"
    assert reasons[1] is None


def read_cases_of(investment: Mapping[str, Any]) -> Any:
    """An investment as a case has it."""
    from sifrules.testing import Settled

    return Settled(**{**investment, "cost": ore(investment["cost"]), "effect": ore(10)})


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"policy": "orebro@2106"}, "no policy 'orebro@2106'; did you mean orebro@2016"),
        ({"set": ("criteria.aeras=1",)}, "criteria"),
        ({"facts": {"application.aeras": 1}}, "did you mean application.areas"),
    ],
)
def test_a_case_that_cannot_be_tried_is_no_pass(known: dict[str, Any], told: str) -> None:
    """The others are tried; this one says why not."""
    broken, fine = run_cases(registry(), [_case(**known), _case(name="fine")])
    assert (broken.passed, broken.decided_by, fine.passed) == (False, None, True)
    assert told in str(broken)


def test_a_tried_case_describes_itself_in_both_languages() -> None:
    """Its sentence, what differs and the rule."""
    (result,) = run_cases(toy_policy(), [_case(expect=Expected(outcome="eligible", missing=()))])
    assert str(result).splitlines() == [
        "differs: a case (toy@2020)",
        "  outcome: expected eligible, got not_eligible (criteria.areas)",
        "  criteria.areas: not met: at least 2 areas of operation cooperate "
        "(areas of operation taking part (application.areas) = 1) [The guideline, 2 (2020)]",
    ]
    assert "avviker: a case" in result.text("sv")
    assert "outcome: väntat eligible, blev not_eligible" in result.text("sv")
    assert result.differences[0].came == same("not_eligible (criteria.areas)")


def test_a_case_without_a_policy_is_the_one_that_it_is_read_for(tmp_path: Any) -> None:
    """A file of a guideline is sought next to the cases; without any it is a fault."""
    file = tmp_path / "cases.toml"
    file.write_text(
        '[[cases]]\nname = "a"\nexpect.outcome = "eligible"\n'
        '[[cases]]\nname = "b"\npolicy = "mine.toml"\nexpect.outcome = "eligible"\n',
        "utf-8",
    )
    mine = str(tmp_path / "mine.toml")
    assert [case.policy for case in read_cases(file, "x.toml")] == ["x.toml", mine]
    with pytest.raises(SifError, match=r"cases\[0\].policy: missing; write policy"):
        read_cases(file)
