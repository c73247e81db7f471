"""An own return model as an object: half the return of short projects."""

from decimal import Decimal

from attrs import evolve

import sifrules
from sifrules_policies import ReturnFlow

policy = sifrules.registry().policy("orebro@2016")
assert isinstance(policy.return_model, ReturnFlow)


class HalfUnderTwoYears(ReturnFlow):
    """Half of the return where the project ran for two years or less."""

    def settle(
        self, investment: sifrules.Investment, write_down: sifrules.WriteDown | None
    ) -> sifrules.Settlement:
        """What is claimed of an investment."""
        share = self.share if investment.months > 24 else (self.share or Decimal(1)) / 2
        model = ReturnFlow(**{**fields(self), "share": share})
        return model.settle(investment, write_down)


def fields(model: ReturnFlow) -> dict[str, object]:
    """The values of a model, by name."""
    return {each.name: getattr(model, each.name) for each in model.__attrs_attrs__}


own = HalfUnderTwoYears(**fields(policy.return_model))
halved = evolve(policy, id="orebro@2016 halved", return_model=own)
result = sifrules.compare([policy, halved], replications=4, years=12, jobs=1)
print(result.difference("halved", "returned"))
