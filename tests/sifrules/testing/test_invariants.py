"""A return model that loses money, depends on chance or speaks one language only is found."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from sifrules import Claim, Investment, LocalizedText, Part, Reduction, Settlement, Slot, hookimpl
from sifrules.policy.settlement import ClaimKind, ReductionKind
from sifrules.testing import PolicyConformance, toy_policy
from sifrules.values.money import Ore
from sifrules.values.text import same


@frozen(kw_only=True)
class _Model(Part):
    """A return model to be spoilt; it claims the whole cost at the end."""

    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "spoilt"
    words: ClassVar[LocalizedText] = LocalizedText(sv="en modell", en="a model")
    spoil: ClassVar[Callable[..., Settlement]]

    def settle(self, investment: Investment, write_down: Any) -> Settlement:
        return type(self).spoil(self, investment, write_down)

    def claim(self, investment: Investment, amount: int, why: LocalizedText | None = None) -> Claim:
        cited = self.cite()
        return Claim(investment.end, Ore(amount), ClaimKind.RETURN, why or self.words, cited)


class _Parts:
    """A plugin that offers a part."""

    def __init__(self, part: type[Part]) -> None:
        self._part = part

    @hookimpl
    def sifrules_parts(self) -> tuple[type[Part], ...]:
        return (self._part,)


def _of(part: type[Part], **tables: object) -> PolicyConformance:
    """The promises, to be tried one by one on a toy policy with a part of its own."""
    policy = toy_policy(parts=[part], **tables)
    stated = {"tried": lambda self: (policy,), "extra": {"ours": _Parts(part)}}
    tests: PolicyConformance = type("TestOne", (PolicyConformance,), stated)()
    return tests


def _spoilt(spoil: Callable[..., Any]) -> PolicyConformance:
    """The promises of a toy policy whose return model is spoilt."""
    part = frozen(kw_only=True)(type("_Spoilt", (_Model,), {"spoil": staticmethod(spoil)}))
    return _of(part, return_model={"kind": "spoilt", "cite": "guide: 3"})


def _fails(tests: PolicyConformance, promise: str) -> str:
    """What a promise says when it is broken."""
    with pytest.raises(AssertionError) as raised:
        getattr(tests, promise)()
    return str(raised.value)


def test_a_settlement_that_depends_on_chance_is_found() -> None:
    """The same investment, settled again, gives another claim."""
    numbers = itertools.count(1)
    tests = _spoilt(lambda model, each, _: Settlement((model.claim(each, next(numbers)),)))
    told = _fails(tests, "test_the_same_comes_out_twice")
    assert "return_model, cost 0.01 SEK" in told.replace("\xa0", " ")
    assert "no chance, no clock" in told


# --- money ----------------------------------------------------------------------------


def _less_an_ore(model: Any, each: Investment, _: Any) -> Settlement:
    """Bounded by the effect; an öre is lost where something is written down."""
    kept = each.cost if each.measured is None else min(each.cost, each.measured)
    claims = (model.claim(each, kept),) if kept else ()
    given_up = each.cost - kept - 1
    reductions = (
        (Reduction(ReductionKind.WRITTEN_DOWN, Ore(given_up), model.words, model.cite()),)
        if given_up > 0
        else ()
    )
    return Settlement(claims, reductions, model.words)


def _by_payer(model: Any, each: Investment, _: Any) -> Settlement:
    """Every committee pays its share, rounded down."""
    shares = each.gains.values() or [1]
    amounts = [int(each.cost * share) for share in shares]
    return Settlement(
        tuple(model.claim(each, amount) for amount in amounts if amount), reason=model.words
    )


def _lost_by_exemption(model: Any, each: Investment, _: Any) -> Settlement:
    return Settlement(() if each.exempt else (model.claim(each, each.cost),), reason=model.words)


def _early(model: Any, each: Investment, _: Any) -> Settlement:
    return Settlement((evolve(model.claim(each, each.cost), due=each.start + -1),))


def _unexplained(model: Any, each: Investment, _: Any) -> Settlement:
    return Settlement()


def _open_and_claimed(model: Any, each: Investment, _: Any) -> Settlement:
    return Settlement((model.claim(each, each.cost),), reason=model.words, settled=False)


def _raising(model: Any, each: Investment, _: Any) -> Settlement:
    raise ZeroDivisionError("by nothing")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_less_an_ore, "claimed and given up in all: expected"),
        (_by_payer, "return, shared by three committees: expected"),
        (_lost_by_exemption, "claimed and given up, exempted: expected"),
        (_early, "before the start"),
        (_unexplained, "claims nothing and does not say why"),
        (_open_and_claimed, "claims money although it is not settled"),
        (_raising, "raised ZeroDivisionError: by nothing; raise a SifError"),
        (lambda model, each, _: None, "gave None, no Settlement"),
        (
            lambda model, each, _: Settlement((evolve(model.claim(each, 1), amount=0.5),)),
            "an amount is 0.5; expected whole öre",
        ),
    ],
)
def test_a_return_model_that_loses_money_is_found(spoil: Any, told: str) -> None:
    """With the investment, what was expected, and what came."""
    message = _fails(_spoilt(spoil), "test_no_money_is_lost")
    assert told in message
    assert "toy@2020: return_model, cost " in message


def test_an_author_can_say_what_is_planned() -> None:
    """A third each in three instalments loses öre that no comparison shows; the plan does."""

    def thirds(model: Any, each: Investment, _: Any) -> Settlement:
        third = each.cost // 3
        claims = tuple(
            evolve(model.claim(each, third), due=each.end + 12 * year) for year in range(3) if third
        )
        return Settlement(claims, reason=model.words)

    tests = _spoilt(thirds)
    tests.test_no_money_is_lost()
    type(tests).planned = lambda self, policy, each: each.cost  # type: ignore[method-assign]
    told = _fails(tests, "test_no_money_is_lost").replace("\xa0", " ")
    assert "expected 1 SEK, got 0.99 SEK" in told


def test_a_longer_return_period_that_loses_money_is_found() -> None:
    """As whole kronor a month do; a guideline that charges for time takes the promise out."""

    def monthly(model: Any, each: Investment, _: Any) -> Settlement:
        months = each.return_months or 1
        part = each.cost // months
        claims = (evolve(model.claim(each, part), due=each.end + n) for n in range(months))
        return Settlement(tuple(claims) if part else (), reason=model.words)

    told = _fails(_spoilt(monthly), "test_instalments_change_no_sum")
    assert "return, over 35 months: expected" in told


@frozen(kw_only=True)
class _KeepsMore(Part):
    slot: ClassVar[Slot] = Slot.WRITE_DOWN
    kind: ClassVar[str] = "more"
    words: ClassVar[LocalizedText] = LocalizedText(sv="mer", en="more")

    def keep(self, claimed: int, investment: Investment) -> tuple[int, LocalizedText, Any]:
        return claimed + 1, self.words, self.cite()


def test_a_write_down_that_keeps_more_than_there_is_is_found() -> None:
    """From nothing to all of it."""
    more = {"kind": "more", "cite": "guide: 5"}
    told = _fails(_of(_KeepsMore, write_down=more), "test_no_money_is_lost")
    assert "write_down keeps 1 of 0 öre; expected from 0 to 0" in told


def test_a_reason_in_one_language_is_found() -> None:
    """What a claim says is read by officials too."""
    tests = _spoilt(
        lambda model, each, _: Settlement(
            (model.claim(each, each.cost, same("half at once and half later")),)
        )
    )
    told = _fails(tests, "test_it_reads_well_in_both_languages")
    assert "return_model (why): has one text for both languages" in told
