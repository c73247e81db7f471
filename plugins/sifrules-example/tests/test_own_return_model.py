"""The return model: threshold, share, ceiling, and what it does not settle."""

from decimal import Decimal

import pytest

from sifrules import Citation, Investment, Month, SifError, ore
from sifrules.policy.settlement import ReductionKind
from sifrules_example.own.return_model import OutcomeReturn

MODEL = OutcomeReturn(
    path="return_model",
    sources={"": Citation("A guideline"), "ceiling": Citation("A guideline", place="§ 7")},
    threshold=Decimal("0.1"),
    share=Decimal("0.5"),
    ceiling=Decimal("0.8"),
)


def project(effect: int | None, **more: object) -> Investment:
    """A project of 100 kronor that lasts a year."""
    measured = None if effect is None else ore(effect)
    return Investment(cost=ore(100), start=Month(2025, 1), months=12, effect=measured, **more)


@pytest.mark.parametrize(("effect", "owed"), [(9, 0), (10, 5), (160, 80), (1000, 80)])
def test_a_share_of_the_outcome_comes_back_between_threshold_and_ceiling(
    effect: int, owed: int
) -> None:
    """Nothing below the threshold, and never more than the ceiling."""
    assert MODEL.settle(project(effect), None).total == ore(owed)


def test_a_claim_at_the_ceiling_cites_the_ceiling() -> None:
    """The place that decides is the place that is cited."""
    (claim,) = MODEL.settle(project(1000), None).claims
    assert (claim.citation.place, str(claim.due)) == ("§ 7", "2027-01")


def test_what_nobody_measured_is_not_guessed() -> None:
    """Without a measured outcome it cannot be determined."""
    settlement = MODEL.settle(project(None), None)
    assert (settlement.settled, settlement.claims) == (False, ())


def test_a_failed_project_returns_nothing() -> None:
    """A failure has no outcome."""
    assert MODEL.settle(project(50, failed=True), None).total == 0


def test_a_write_down_takes_its_part() -> None:
    """A policy's write-down is applied, and the reduction is reported."""

    class Half:
        path = "write_down"

        def keep(self, claimed, investment):  # type: ignore[no-untyped-def]
            return claimed // 2, OutcomeReturn.words, Citation("A guideline")

        def clauses(self):  # type: ignore[no-untyped-def]
            return iter(())

    settlement = MODEL.settle(project(100), Half())
    assert settlement.total == ore(25)
    assert settlement.of(ReductionKind.WRITTEN_DOWN) == ore(25)


def test_an_exemption_that_no_one_states_is_refused() -> None:
    """An exemption without a statement of it is reported as the user's error, in both languages."""
    with pytest.raises(SifError, match="no exemption") as refused:
        MODEL.settle(project(100, exempt=True), None)
    assert "ingen befrielse" in refused.value.text("sv")
