"""Controls and forms: what can be set, what was set, and what is wrong at which field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings, strategies as st

pytest.importorskip("jinja2", reason="the page needs the extra app")

from sifrules.cli.options import the_registry
from sifrules.values.text import LANGUAGES
from sifrules_simulation.app.added_parts import addable
from sifrules_simulation.app.form import Filled, read_form
from sifrules_simulation.app.offers import offers_of
from sifrules_simulation.app.state import MOST_OTHERS

OFFERS = offers_of(the_registry())
OREBRO = [("policy", "orebro@2016"), ("of", "orebro@2016")]


def control(filled: Filled, path: str) -> Any:
    """The control of a path."""
    return next(each for each in filled.controls if each.path == path)


def wrong(filled: Filled) -> dict[str, str]:
    """What is wrong, by field."""
    return {name: words.text("en") for name, words in filled.mistakes.by_field.items()}


def as_shown(filled: Filled) -> list[tuple[str, str]]:
    """The fields of the form as a browser sends it where nothing was touched."""
    state = filled.state
    kinds = [(g.path, g.shown_kind) for g in filled.groups if g.shown_kind is not None]
    return [
        *[("policy", state.policy), ("of", state.policy), ("lang", state.lang)],
        *((f"shown.{path}", kind) for path, kind in kinds),
        *((f"f.{each.path}", each.value) for each in filled.controls),
    ]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_form_that_nobody_touched_changes_nothing(offers: Any, lang: Any) -> None:
    """Of every policy: what a control shows is read back as what the guideline states."""
    for policy in offers.policies:
        asked = [("policy", policy), ("lang", lang)]
        sent = read_form(as_shown(read_form(asked, offers, lang)), offers, lang)
        assert sent.sound, wrong(sent)
        assert sent.state.changes == ()


def test_every_change_is_a_link_that_shows_the_same(offers: Any) -> None:
    """A share in per cent, an amount in millions, a choice and a part taken out."""
    sent = read_form(
        [*OREBRO, ("f.return_model.share", "62,5 %"), ("f.funding.amount", "6,2 mnkr"),
         ("f.return_model.begins", "effects"), ("f.criteria.areas", "none"),
         ("f.return_model.fee", ""), ("f.return_model.fee_place", "")],
        offers, "sv",
    )  # fmt: skip
    assert sent.sound, wrong(sent)
    assert dict(sent.state.changes) == {
        "return_model.share": "0.625",
        "funding.amount": "6200000",
        "return_model.begins": "effects",
        "criteria.areas": "none",
        "return_model.fee": "none",
        "return_model.fee_place": "none",
    }
    again = read_form([("policy", "orebro@2016"), *(("set", s) for s in sent.state.settings)],
                      offers, "sv")  # fmt: skip
    assert again.sound
    assert control(again, "return_model.share").value == "62,5"
    assert control(again, "funding.amount").value == "6 200 000"
    assert control(again, "return_model.share").stated.text("en") == "100 %"
    assert control(again, "return_model.share").changed
    untouched = [each for each in as_shown(again) if each[0] != "lang"]
    assert read_form(untouched, offers, "sv").state.changes == again.state.changes


def test_a_control_and_its_bounds_are_those_of_the_field(offers: Any) -> None:
    """A share from 0 to 100, a number of months of at least 1, a choice with its words."""
    filled = read_form(OREBRO, offers, "en")
    share, lasts, begins = (
        control(filled, f"return_model.{name}") for name in ("share", "lasts", "begins")
    )
    assert (share.form, share.least, share.most) == ("share", 0, 100)
    assert (lasts.form, lasts.least, lasts.months, lasts.stated) == ("whole", 1, True, None)
    assert dict(begins.options).keys() == {"", "effects", "deadline", "plan"}
    assert share.citation is not None


@pytest.mark.parametrize(
    ("field", "value", "at", "said"),
    [
        ("f.return_model.share", "150", "return_model.share", "0 to 100 %"),
        ("f.return_model.share", "half", "return_model.share", "half"),
        ("f.return_model.lasts", "0", "return_model.lasts", "more than 0"),
        ("f.return_model.lasts", "2.5", "return_model.lasts", "whole number"),
        ("f.funding.amount", "1,500", "funding.amount", "1,500"),
        ("f.return_model.begins", "soon", "return_model.begins", "choices"),
        ("f.return_model.fee_place", "", "return_model.kind", "fee"),
        ("years", "41", "years", "1 to 40"),
        ("money", "-5", "amount", "above 0"),
        ("with", "orebro@1999", "with", "orebro@1999"),
        ("scenario", "../../etc/passwd", "scenario", "no such scenario"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    offers: Any, field: str, value: str, at: str, said: str
) -> None:
    """Each mistake is one sentence at the field that it is of, and nothing is simulated."""
    filled = read_form([*OREBRO, (field, value)], offers, "en")
    assert not filled.sound
    assert wrong(filled).keys() == {at}
    assert said in wrong(filled)[at]


def test_another_kind_of_rule_forgets_the_fields_of_the_one_before(offers: Any) -> None:
    """The fields sent with it are of the kind that was shown."""
    filled = read_form(
        [*OREBRO, ("shown.return_model", "return_flow"), ("f.return_model.kind", "budget"),
         ("f.return_model.share", "50")],
        offers, "en",
    )  # fmt: skip
    assert filled.sound, wrong(filled)
    assert filled.other_clauses
    assert dict(filled.state.changes) == {"return_model.kind": "budget"}


def added(filled: Filled) -> dict[str, str | None]:
    """The kinds of the parts that were added, by path."""
    return {each.path: each.added for each in filled.groups if each.added is not None}


def test_a_cap_that_the_guideline_does_not_have_is_added(offers: Any) -> None:
    """It asks for what it must state, is then a rule like others, and its link shows the same."""
    asked = read_form([*OREBRO, ("picked", "caps.duration"), ("add", "1")], offers, "en")
    assert asked.just_added == "caps.duration"
    assert wrong(asked) == {"caps.duration.limit": "missing"}
    fields = [each for each in as_shown(asked) if each[0] != "f.caps.duration.limit"]
    kind = ("f.caps.duration.kind", "duration")
    sent = read_form([*fields, kind, ("f.caps.duration.limit", "24")], offers, "en")
    assert sent.sound, wrong(sent)
    assert dict(sent.state.changes) == {"caps.duration.kind": "duration",
                                        "caps.duration.limit": "24"}  # fmt: skip
    assert sent.policy is not None
    assert "caps.duration.limit" in {each.path for each in sent.policy.clauses}
    again = read_form(parse_qsl(sent.state.query()), offers, "en")
    assert again.state == sent.state
    assert added(again) == {"caps.duration": "duration"}
    assert control(again, "caps.duration.limit").value == "24"


def test_what_is_wrong_with_an_added_rule_is_said_at_its_field(offers: Any) -> None:
    """As with a rule of the guideline."""
    kind = ("f.caps.duration.kind", "duration")
    for value, said in (("0", "more than 0"), ("two years", "whole number")):
        filled = read_form([*OREBRO, kind, ("f.caps.duration.limit", value)], offers, "en")
        assert said in wrong(filled)["caps.duration.limit"]


def test_an_added_rule_is_taken_out_again(offers: Any) -> None:
    """Its fields go with it, and the other stays; a second of a kind has a name of its own."""
    fields = [(f"f.caps.{name}.{field}", value)
              for name, limit in (("duration", "24"), ("duration_2", "36"))
              for field, value in (("kind", "duration"), ("limit", limit))]  # fmt: skip
    both = read_form([*OREBRO, *fields], offers, "en")
    assert added(both).keys() == {"caps.duration", "caps.duration_2"}
    third = read_form([*OREBRO, *fields, ("picked", "caps.duration"), ("add", "1")], offers, "en")
    assert third.just_added == "caps.duration_3"
    sent = read_form([*OREBRO, *fields, ("drop", "caps.duration")], offers, "en")
    assert sent.sound
    assert sent.just_dropped
    assert added(sent) == {"caps.duration_2": "duration"}


def test_only_what_can_be_filled_in_is_offered(offers: Any) -> None:
    """A kind that must state a condition is not; nor is one added that nobody offers."""
    offered = {kind for slot in addable(offers.registry) for kind, _ in slot.kinds}
    assert {"caps.duration", "criteria.minimum_areas", "criteria.early"} <= offered
    assert not {"criteria.fact", "criteria.condition", "priorities.order"} & offered
    for asked in (
        "criteria.fact",
        "criteria.condition",
        "caps.nonsense",
        "funding.endowment",
        "../x",
    ):
        filled = read_form([*OREBRO, ("picked", asked), ("add", "1")], offers, "en")
        assert (filled.just_added, filled.state.changes) == ("", ())


def test_a_text_in_quotes_is_the_same_state(offers: Any) -> None:
    """A what-if file has its texts in quotes, and the page shows the part all the same."""
    states = [read_form([("policy", "orebro@2016"), ("set", f"caps.duration.kind={kind}"),
                         ("set", "caps.duration.limit=24")], offers, "en")
              for kind in ("duration", '"duration"')]  # fmt: skip
    assert states[0].state == states[1].state
    assert added(states[1]) == {"caps.duration": "duration"}


def test_no_more_than_five_others_are_compared(offers: Any) -> None:
    """The sixth is refused, and the five are there."""
    six = [("with", each) for each in list(offers.policies)[:7] if each != "orebro@2016"][:6]
    filled = read_form([*OREBRO, *six], offers, "en")
    assert wrong(filled).keys() == {"with"}
    assert len(filled.state.others) == MOST_OTHERS


NAMES = ("policy", "of", "set", "with", "money", "amount", "scenario", "years", "lang",
         "f.return_model.share", "f.return_model.kind", "shown.return_model", "f.funding.amount",
         "picked", "add", "drop", "f.caps.new.kind", "f.caps.new.limit",
         "f.criteria.areas", "f.return_model.begins", "f.caps.new_investments.limit")  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "orebro@2016",
            "none",
            "duration",
            "caps.duration",
            "budget",
            "50 %",
            "return_model.share=0.5",
            "-1",
        ]
    ),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6))
def test_no_link_makes_the_page_fail(query: list[tuple[str, str]]) -> None:
    """Whatever is sent there is a state to show, whose own link is read as the same state."""
    filled = read_form([*OREBRO, *query], OFFERS, "en")
    if filled.sound:
        again = read_form(parse_qsl(filled.state.query()), OFFERS, "en")
        assert again.state == filled.state
        assert again.sound


@given(st.integers(0, 10_000))
def test_a_share_is_read_as_it_is_shown(hundredths: int) -> None:
    """Per cent with two decimals, in the way of either language."""
    exact = Decimal(hundredths) / 10_000
    for lang in LANGUAGES:
        filled = read_form(
            [("policy", "orebro@2016"), ("set", f"return_model.share={exact:.4f}")], OFFERS, lang
        )
        share = control(filled, "return_model.share")
        assert Decimal(share.setting(share.value)) == exact
