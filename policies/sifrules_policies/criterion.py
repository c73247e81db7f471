"""What every criterion (kriterium) has in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from attrs import frozen

from sifrules.policy.parts import Part, Slot, clause
from sifrules.rules.conditions import Fact
from sifrules.rules.rulebook import Rule, Stage


@frozen(kw_only=True)
class Criterion(Part):
    """What every criterion has: it is tried at the idea test, or where ``tried_at`` says."""

    slot: ClassVar[Slot] = Slot.CRITERIA
    usual_stage: ClassVar[Stage] = Stage.IDEA_TEST

    tried_at: Literal["idea_test", "application"] | None = clause(
        "prövas vid", "tried at", say=lambda stage: Stage(stage).words
    )

    @property
    def stage(self) -> Stage:
        """The stage at which the criterion is tried."""
        return Stage(self.tried_at) if self.tried_at else self.usual_stage


@frozen(kw_only=True)
class FlagCriterion(Criterion):
    """A criterion on a single flag: that it holds, or (``wanted`` false) does not."""

    fact: ClassVar[Fact]
    wanted: ClassVar[bool] = True

    def rules(self) -> Iterable[Rule]:
        yield self.rule(self.stage, self.fact.is_(self.wanted), self.words)
