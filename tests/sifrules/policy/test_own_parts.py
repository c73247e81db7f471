"""Objects that were put into a policy stay there when values of it are changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, fields, frozen

from sifrules import FundPolicy, Investment, Month, Registry, SifError, ore, registry, timeline
from sifrules_policies import ReturnFlow

PROJECT = Investment(cost=ore(1_000_000), start=Month(2016, 1), months=12)


@frozen(kw_only=True)
class Half(ReturnFlow):
    """Claims half of what a return flow would."""

    def settle(self, investment: Any, write_down: Any) -> Any:
        half = evolve(self, share=(self.share or Decimal(1)) / 2)
        return ReturnFlow.settle(half, investment, write_down)


@pytest.fixture(scope="module")
def towns() -> Registry:
    """The installed plugins."""
    return registry()


@pytest.fixture(scope="module")
def halved(towns: Registry) -> FundPolicy:
    """Södertälje's guideline with an own return model."""
    policy = towns.policy("sodertalje@2015")
    values: dict[str, Any] = {
        each.name: getattr(policy.return_model, each.name) for each in fields(ReturnFlow)
    }
    return evolve(policy, id="halved", return_model=Half(**values))


def _claimed(policy: FundPolicy) -> int:
    return policy.settle(PROJECT).total // 100


def test_an_own_return_model_stays_when_something_else_is_changed(
    towns: Registry, halved: FundPolicy
) -> None:
    """By settings, as levers of an exploration are set, and by a reform that is tried."""
    assert _claimed(halved) == 500_000
    assert _claimed(towns.changed(halved, ["funding.total=5000000"])) == 500_000
    reformed = timeline(towns, halved, reforms=["funding.total=5000000:2020-01"])
    assert _claimed(reformed.reforms[0].policy) == 500_000


def test_what_is_set_in_an_object_is_set_in_the_object(towns: Registry, halved: FundPolicy) -> None:
    """Where it has such a value, and is not exchanged as a whole."""
    assert _claimed(towns.changed(halved, ["return_model.share=0.5"])) == 250_000
    again = towns.changed(
        towns.changed(halved, ["return_model.share=0.5"]), ["criteria.early=none"]
    )
    assert _claimed(again) == 250_000
    assert _claimed(towns.changed(halved, ["return_model.kind=budget"])) == 0


def test_what_an_object_does_not_have_cannot_be_set_in_it(
    towns: Registry, halved: FundPolicy
) -> None:
    """It is not replaced by the guideline's own part in silence."""
    alien: Any = object()
    with pytest.raises(SifError, match=r"object of its own \(object\), in which share"):
        towns.changed(evolve(halved, return_model=alien), ["return_model.share=0.5"])
    fewer = evolve(halved, caps=(), criteria=())
    with pytest.raises(SifError, match="project_time"):
        towns.changed(fewer, ["criteria.project_time.at_most=24"])


def test_parts_that_were_taken_out_changed_or_added_stay_so(
    towns: Registry, halved: FundPolicy
) -> None:
    """In the slots that hold several of them."""
    first, *rest = halved.criteria
    shorter = [evolve(each, at_most=24) if hasattr(each, "at_most") else each for each in rest]
    changed = towns.changed(
        evolve(halved, criteria=tuple(shorter)),
        ["criteria.project_time.at_least=6", "caps.few.kind=new_investments_per_year",
         "caps.few.limit=2"],
    )  # fmt: skip
    assert [part.path for part in changed.criteria] == [part.path for part in rest]
    (time,) = (each for each in changed.criteria if each.path == "criteria.project_time")
    assert (time.at_least, time.at_most) == (6, 24)  # type: ignore[attr-defined]
    assert [part.path for part in changed.caps] == ["caps.few"]
    without = towns.changed(evolve(halved, criteria=tuple(shorter)), [f"{rest[0].path}=none"])
    assert [part.path for part in without.criteria] == [part.path for part in rest[1:]]
    assert first.path not in {part.path for part in changed.criteria}
