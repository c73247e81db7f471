"""Return models: what comes back is never more than it may be, and always adds up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen
from hypothesis import assume, given, strategies as st

from sifrules import (
    Citation,
    FundPolicy,
    Guideline,
    Investment,
    LocalizedText,
    Month,
    Part,
    Registry,
    Settlement,
    SifError,
    Slot,
    clause,
    hookimpl,
)
from sifrules.policy.settlement import Claim, ClaimKind, ReductionKind
from sifrules.values.money import Ore, ore, share_of
from sifrules.values.text import same
from sifrules_policies import (
    BudgetModel,
    ByDecision,
    CoFunding,
    OnFailureToNothing,
    OutcomeShare,
    ReturnFlow,
    ToMeasuredEffect,
)

CITED = {"": Citation("A guideline", place="3")}
START = Month(2017, 8)
MONTHS = 29
COST = ore(12_200_000)
#: the most that anybody has granted to one investment, and more
AMOUNTS = st.integers(0, 10**11)
SHARES = st.decimals(0, 1, places=4)
COMMITTEES = st.dictionaries(
    st.sampled_from(["school", "social", "culture", "technical"]),
    st.decimals("0.0001", 1, places=4),
    max_size=4,
)


def _flow(**stated: Any) -> ReturnFlow:
    return ReturnFlow(**{"path": "return_model", "sources": CITED, "share": Decimal(1), **stated})


def _investment(**known: Any) -> Investment:
    return Investment(**{"cost": COST, "start": START, "months": MONTHS, **known})


def _least(model: ReturnFlow, project: Investment) -> int:
    """The floor, but where nothing is claimed of an effect that was not measured."""
    nothing = project.measured is None and model.unmeasured == "nothing"
    return 0 if nothing else share_of(project.cost, model.floor or Decimal(0))


def _returned(model: ReturnFlow, settlement: Settlement) -> int:
    """What comes back of the cost, a fee within it included."""
    fee = settlement.of(ClaimKind.FEE) if model.fee_place == "within" else 0
    return settlement.of(ClaimKind.RETURN) + fee


@st.composite
def _flows(draw: st.DrawFn) -> ReturnFlow:
    """Any return flow that a guideline could state."""
    bounded = draw(st.booleans())
    place = draw(st.sampled_from(["on_top", "within", None]))
    begins = draw(st.sampled_from(["effects", "deadline", "plan", None]))
    return _flow(
        share=draw(SHARES),
        bounded_by_effect=bounded,
        floor=(floor := draw(st.none() | SHARES) if bounded else None),
        unmeasured=draw(
            st.sampled_from(["all", "nothing", None] + (["floor"] if floor is not None else []))
        ),
        fee=draw(SHARES) if place else None,
        fee_place=place,
        begins=begins,
        begins_within=draw(st.integers(1, 60)) if begins == "deadline" else None,
        lasts=draw(st.none() | st.integers(1, 120)),
        instalment_every=draw(st.none() | st.integers(1, 24)),
        exemption="executive_board",
    )


@st.composite
def _investments(draw: st.DrawFn, /, **fixed: Any) -> Investment:
    """Any investment, measured or not, failed or not, of any number of committees."""
    known = {
        "cost": draw(AMOUNTS),
        "effect": draw(st.none() | st.integers(-(10**11), 10**12)),
        "failed": draw(st.booleans()),
        "gains": draw(COMMITTEES),
        "effects_begin": draw(st.none() | st.integers(-12, 60).map(lambda n: START + n)),
    }
    return _investment(**{**known, **fixed})


def _planned(model: ReturnFlow, project: Investment) -> int:
    """The share of the cost that is to be returned, or the floor where that is higher."""
    return share_of(project.cost, max(model.share or Decimal(0), model.floor or Decimal(0)))


WRITE_DOWNS = st.one_of(
    st.just(ByDecision(sources=CITED)),
    st.just(OnFailureToNothing(sources=CITED)),
    st.builds(ToMeasuredEffect, sources=st.just(CITED), floor=st.none() | SHARES),
)


# --- laws of the return flow --------------------------------------------------------


@given(_flows(), _investments())
def test_what_is_claimed_and_what_is_given_up_make_the_planned_return(
    model: ReturnFlow, project: Investment
) -> None:
    """Instalments sum to the claim, whatever the months, the committees and the effect."""
    settlement = model.settle(project, None)
    planned = _planned(model, project)
    fee = settlement.of(ClaimKind.FEE)
    claimed = settlement.of(ClaimKind.RETURN) + (fee if model.fee_place == "within" else 0)
    assert claimed + settlement.of(ReductionKind.WRITTEN_DOWN) == planned
    if model.fee_place == "on_top":
        assert fee == share_of(project.cost, model.fee or Decimal(0))


@given(_flows(), _investments())
def test_a_return_is_bounded_by_the_effect_and_the_floor(
    model: ReturnFlow, project: Investment
) -> None:
    """Never above the planned share; where bounded, never above the effect unless by the floor."""
    settlement = model.settle(project, None)
    planned = _planned(model, project)
    returned = _returned(model, settlement)
    least = _least(model, project)
    assert least <= returned <= planned
    if model.bounded_by_effect and project.measured is not None:
        assert returned == min(planned, max(project.measured, least))


@given(_flows(), _investments(decided_write_down=COST), WRITE_DOWNS)
def test_no_write_down_undercuts_a_floor(
    model: ReturnFlow, project: Investment, down: ToMeasuredEffect
) -> None:
    """At least the floor is returned, unless nothing is where nothing was measured."""
    settlement = model.settle(project, down)
    assert _returned(model, settlement) >= _least(model, project)
    assert _returned(model, settlement) + settlement.of(ReductionKind.WRITTEN_DOWN) == _planned(
        model, project
    )


@given(_flows(), _investments(), SHARES, SHARES)
def test_raising_the_floor_never_lowers_the_return(
    model: ReturnFlow, project: Investment, one: Decimal, other: Decimal
) -> None:
    """Whatever else the guideline says."""
    assume(model.bounded_by_effect)
    low, high = (
        _flow(
            share=model.share,
            bounded_by_effect=True,
            floor=floor,
            fee=model.fee,
            fee_place=model.fee_place,
        )
        .settle(project, None)
        .of(ClaimKind.RETURN)
        for floor in sorted((one, other))
    )
    assert low <= high


@given(_investments(), st.booleans())
def test_a_return_flow_of_nothing_claims_what_a_budget_model_claims(
    project: Investment, within: bool
) -> None:
    """Share 0 and fee 0: no claim, no reduction."""
    place = "within" if within else "on_top"
    nothing = _flow(share=Decimal(0), fee=Decimal(0), fee_place=place).settle(project, None)
    budget = BudgetModel(sources=CITED).settle(project, None)
    assert (nothing.claims, nothing.reductions) == (budget.claims, budget.reductions) == ((), ())


@given(_flows(), _investments())
def test_each_committee_pays_its_share_to_the_ore(model: ReturnFlow, project: Investment) -> None:
    """In proportion to what it gains, and none pays that does not gain."""
    claims = [c for c in model.settle(project, None).claims if c.kind is ClaimKind.RETURN]
    total, weight = sum(c.amount for c in claims), sum(project.gains.values())
    payers = {claim.payer for claim in claims}
    assert payers <= {*project.gains} or (payers == {None} and not project.gains)
    for payer, gain in project.gains.items():
        paid = sum(claim.amount for claim in claims if claim.payer == payer)
        assert abs(paid - total * gain / weight) < 1


@given(_flows(), _investments())
def test_instalments_fall_due_within_the_time_allowed(
    model: ReturnFlow, project: Investment
) -> None:
    """Not before the start, not after the last month, and never two by one committee at once."""
    claims = [c for c in model.settle(project, None).claims if c.kind is ClaimKind.RETURN]
    due = [claim.due for claim in claims]
    assume(due)
    assert min(due) >= project.start
    assert max(due) - min(due) < (model.lasts or 1)
    assert len({(claim.payer, claim.due) for claim in claims}) == len(claims)
    if model.begins_within is not None:
        assert min(due) - project.start <= model.begins_within


@given(_flows(), _investments())
def test_the_same_investment_is_always_settled_alike(
    model: ReturnFlow, project: Investment
) -> None:
    """Settling is a pure function."""
    assert model.settle(project, None) == model.settle(project, None)


@given(_flows(), _investments(exempt=True))
def test_an_exempted_investment_owes_nothing(model: ReturnFlow, project: Investment) -> None:
    """Neither return nor fee; what it would have owed is reported as exempted."""
    settlement = model.settle(project, None)
    owed = model.settle(evolve(project, exempt=False), None)
    assert settlement.claims == ()
    assert settlement.of(ReductionKind.EXEMPTED) == owed.total
    assert settlement.reason is not None


@pytest.mark.parametrize("model", [OutcomeShare(sources=CITED, split=Decimal("0.5"))])
def test_no_model_claims_from_an_exempted_investment(model: OutcomeShare) -> None:
    """Either it is exempted or the exemption is refused; it is never passed over."""
    try:
        settlement = model.settle(_investment(effect=COST, exempt=True), None)
    except SifError:
        return
    assert settlement.claims == ()


@given(_flows(), _investments(failed=True))
def test_a_failed_investment_owes_nothing_where_failure_writes_down_to_nothing(
    model: ReturnFlow, project: Investment
) -> None:
    """Only a fee on top stands, where there is no floor or the guideline lets it give way."""
    if model.floor is not None:
        model = evolve(model, floor_limits_write_down=False)
    settlement = model.settle(project, OnFailureToNothing(sources=CITED))
    assert settlement.of(ClaimKind.RETURN) == 0
    assert settlement.of(ClaimKind.FEE) == 0 or model.fee_place == "on_top"


@given(_flows(), _investments(), SHARES)
def test_a_write_down_only_ever_lowers(
    model: ReturnFlow, project: Investment, floor: Decimal
) -> None:
    """With one, no more is claimed than without, and the difference is reported."""
    free = model.settle(project, None)
    bound = model.settle(project, ToMeasuredEffect(sources=CITED, floor=floor))
    assert bound.total <= free.total
    if model.fee_place != "within":
        given_up = bound.of(ReductionKind.WRITTEN_DOWN) - free.of(ReductionKind.WRITTEN_DOWN)
        assert given_up == free.total - bound.total


# --- fees ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "returned", "total"), [("on_top", 100, 105), ("within", 95, 100)]
)
def test_a_fee_is_on_top_of_what_is_returned_or_within_it(
    place: str, returned: int, total: int
) -> None:
    """On top it raises what is owed, within it lowers what the fund gets."""
    model = _flow(fee=Decimal("0.05"), fee_place=place)
    settlement = model.settle(_investment(cost=100), None)
    assert (settlement.of(ClaimKind.RETURN), settlement.total) == (returned, total)


def test_a_fee_within_never_exceeds_what_is_returned() -> None:
    """Where little is returned, the fee takes it all and no more."""
    model = _flow(fee=Decimal("0.3"), fee_place="within", bounded_by_effect=True)
    settlement = model.settle(_investment(cost=100, effect=10), None)
    assert (settlement.of(ClaimKind.RETURN), settlement.of(ClaimKind.FEE)) == (0, 10)


def test_a_fee_is_due_once_with_the_first_instalment() -> None:
    """It is not spread."""
    model = _flow(fee=Decimal("0.05"), fee_place="on_top", lasts=36, instalment_every=12)
    claims = model.settle(_investment(), None).claims
    fees = [claim for claim in claims if claim.kind is ClaimKind.FEE]
    assert [fee.due for fee in fees] == [min(claim.due for claim in claims)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"floor": Decimal("0.3")},
        {"fee": Decimal("0.05")},
        {"fee_place": "within"},
        {"begins": "deadline"},
        {"begins_within": 24},
        {"begins": "plan", "begins_within": 24},
        {"share": Decimal("1.0001")},
        {"share": Decimal("0.00001")},
        {"bounded_by_effect": True, "floor": Decimal("-0.1")},
        {"floor_limits_write_down": True},
        {"unmeasured": "floor"},
        {"bounded_by_effect": True, "unmeasured": "floor"},
        {"lasts": 0},
    ],
    ids=str,
)
def test_clauses_that_contradict_or_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    """When the guideline is read, not when an investment is settled."""
    with pytest.raises(SifError):
        _flow(**wrong)


# --- when ---------------------------------------------------------------------------


def test_a_return_by_a_deadline_is_due_at_the_latest_month() -> None:
    """Unless the investment's own plan begins sooner."""
    model = _flow(begins="deadline", begins_within=24)
    assert model.settle(_investment(), None).claims[0].due == START + 24
    sooner = _investment(return_from=START + 6)
    assert model.settle(sooner, None).claims[0].due == START + 6


def test_a_plan_past_the_deadline_is_refused() -> None:
    """With the month by which it has to begin."""
    model = _flow(begins="deadline", begins_within=24)
    with pytest.raises(SifError, match=f"begin by {START + 24}"):
        model.settle(_investment(return_from=START + 25), None)


def test_a_plan_that_lasts_too_long_is_refused() -> None:
    """No longer than the guideline allows; as long is allowed."""
    model = _flow(lasts=36, instalment_every=12)
    with pytest.raises(SifError, match="37 months is longer than the 36"):
        model.settle(_investment(return_months=37), None)
    assert len(model.settle(_investment(return_months=36), None).claims) == 3


@pytest.mark.parametrize(("begins_after", "due_after"), [(None, MONTHS), (6, 6), (40, 40), (-3, 0)])
def test_a_return_as_effects_appear_follows_the_effects(
    begins_after: int | None, due_after: int
) -> None:
    """Not before the start; where effects are not dated, at the end of the project."""
    begin = None if begins_after is None else START + begins_after
    model = _flow(begins="effects")
    claims = model.settle(_investment(effects_begin=begin), None).claims
    assert claims[0].due == START + due_after


def test_a_return_by_plan_follows_the_applications_own_plan() -> None:
    """First month and length are the plan's, the rhythm is the guideline's."""
    model = _flow(begins="plan", instalment_every=12)
    planned = _investment(return_from=Month(2021, 1), return_months=36)
    due = [str(claim.due) for claim in model.settle(planned, None).claims]
    assert due == ["2021-01", "2022-01", "2023-01"]


def test_a_share_that_is_not_stated_cannot_be_determined() -> None:
    """Nothing is guessed, and nothing is claimed."""
    settlement = _flow(share=None).settle(_investment(), None)
    assert not settlement.settled
    assert settlement.claims == ()
    assert settlement.reason is not None


# --- other models -------------------------------------------------------------------


@given(_investments(), SHARES, st.decimals(0, 2, places=2))
def test_an_outcome_based_return_is_a_share_of_the_effect_up_to_the_ceiling(
    project: Investment, part: Decimal, ceiling: Decimal
) -> None:
    """And cannot be determined before anything was measured."""
    settlement = OutcomeShare(sources=CITED, split=part, ceiling=ceiling).settle(project, None)
    if project.measured is None:
        assert not settlement.settled
        assert settlement.claims == ()
    else:
        expected = min(share_of(project.measured, part), share_of(project.cost, ceiling))
        assert settlement.total == expected


@given(_investments())
def test_models_without_return_claim_nothing_and_say_why(project: Investment) -> None:
    """The budget model and co-funding end with a reason and a citation."""
    for model in (BudgetModel(sources=CITED), CoFunding(sources=CITED, share=Decimal("0.25"))):
        settlement = model.settle(project, None)
        assert settlement.claims == ()
        assert settlement.reason is not None
        assert settlement.citation is not None


@frozen(kw_only=True)
class _Lottery(Part):
    """A return model that nobody has thought of: every krona back, from one payer, in May."""

    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "may"
    words: ClassVar[LocalizedText] = LocalizedText(sv="i maj", en="in May")

    payer: str = clause("betalare", "payer", default="nobody")

    def settle(self, investment: Investment, write_down: object) -> Settlement:
        due = Month(investment.end.year + 1, 5)
        why = same("in May")
        claim = Claim(due, investment.cost, ClaimKind.RETURN, why, self.cite("payer"), self.payer)
        return Settlement((claim,))


class _Ours:
    @hookimpl
    def sifrules_parts(self) -> Iterable[type[Part]]:
        return [_Lottery]


def test_a_return_model_of_a_plugin_works_without_a_change_to_the_core(
    toy: Callable[..., Guideline], registry_of: Callable[..., Registry]
) -> None:
    """Named in a guideline, set by ``--set``, shown with its clauses, and settled."""
    guideline = toy(return_model={"kind": "may", "cite": "guide: 3"})
    policy = registry_of(guideline, ours=_Ours()).policy(
        guideline.id, ["return_model.payer=school"]
    )
    settlement = policy.settle(_investment())
    assert settlement.total == COST
    assert settlement.claims[0].payer == "school"
    assert "--set" in str(settlement.claims[0].citation)
    assert "return_model.payer" in {clause.path for clause in policy.clauses}


class _Bare:
    """A return model that is no part at all, but has what the protocol asks for."""

    path = "return_model"

    def settle(self, investment: Investment, write_down: object) -> Settlement:
        return Settlement(reason=same("as agreed"))

    def clauses(self) -> Iterator[Any]:
        return iter(())


def test_any_object_with_the_protocols_methods_is_a_return_model(
    policy_of: Callable[..., FundPolicy],
) -> None:
    """A researcher can put one into a policy in Python."""
    import attrs

    policy = attrs.evolve(policy_of(), return_model=_Bare())
    assert policy.settle(_investment()).reason == same("as agreed")
    assert policy.clauses
    assert policy.rulebook.rules


def test_an_ore_left_over_is_never_lost() -> None:
    """One öre among three committees and five instalments is still one öre."""
    model = _flow(lasts=60, instalment_every=12)
    gains = dict.fromkeys(("a", "b", "c"), Decimal(1))
    assert model.settle(_investment(cost=Ore(1), gains=gains), None).total == 1


def test_failure_is_written_down_by_the_clause_that_says_so() -> None:
    """Where both would take it to nothing, the write-down goes before the bound by effect."""
    model = _flow(share=Decimal(1), bounded_by_effect=True)
    settlement = model.settle(_investment(failed=True), OnFailureToNothing(sources=CITED))
    (reduction,) = settlement.reductions
    assert reduction.why == OnFailureToNothing.words


def test_the_application_s_own_period_is_paid_in_by_the_year() -> None:
    """Where it states a period and the guideline no interval."""
    project = _investment(return_from=Month(2025, 1), return_months=36)
    due = [str(claim.due) for claim in _flow(share=Decimal(1)).settle(project, None).claims]
    assert due == ["2025-01", "2026-01", "2027-01"]
