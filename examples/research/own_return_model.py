"""An own return model as an object: half the return of short projects."""

from decimal import Decimal
from typing import Any

from attrs import evolve, fields, frozen

import sifrules
from sifrules_policies import ReturnFlow


@frozen(kw_only=True)
class HalfUnderTwoYears(ReturnFlow):
    """Half of the return where the project ran for two years or less."""

    def settle(
        self, investment: sifrules.Investment, write_down: sifrules.WriteDown | None
    ) -> sifrules.Settlement:
        """What is claimed of an investment."""
        share = self.share if investment.months > 24 else (self.share or Decimal(1)) / 2
        return ReturnFlow.settle(evolve(self, share=share), investment, write_down)


policy = sifrules.registry().policy("orebro@2016")
assert isinstance(policy.return_model, ReturnFlow)
values: dict[str, Any] = {
    each.name: getattr(policy.return_model, each.name) for each in fields(ReturnFlow)
}
halved = evolve(policy, id="halved", return_model=HalfUnderTwoYears(**values))
result = sifrules.compare([policy, halved], replications=4, years=12, jobs=1)
print(result.difference("halved", "returned"))
