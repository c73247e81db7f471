"""How committees choose whether to apply (beteenden). Each sees a `Prospect`, no policy."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import TYPE_CHECKING, Any, ClassVar, Self

import attrs
from attrs import frozen

from sifrules.plugin.simulation import Prospect, ProspectColumns
from sifrules.values.text import LocalizedText

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]


@frozen
class Weighing:
    """Applies where what it expects to gain outweighs claims, risk and effort (avvägning).

    Gains are human gains at the committee's weight, and its cashable savings. The risk
    is the expected shortfall: what claims exceed savings by, on average over how the
    project may turn out, times the committee's aversion. Running a granted project has
    a burden; applying has an effort that is lost where the grant is refused.

    >>> from sifrules.plugin.simulation import OutcomeForecast, ProjectOutcome, Prospect
    >>> hoped = OutcomeForecast(ProjectOutcome.AS_HOPED, 1.0, 80.0, 30.0, 60.0)
    >>> sees = Prospect((hoped,), 5.0, 0.0, 1.0, 0.5)
    >>> Weighing(mission_weight=0.5, risk_aversion=0.0).applies(sees)
    True
    >>> Weighing(mission_weight=0.5, risk_aversion=1.0).applies(sees)
    False
    """

    name: ClassVar[str] = "weighing"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="väger vinster mot krav, risk och arbete",
        en="weighs gains against claims, risk and effort",
    )
    mission_weight: float = 1.0
    risk_aversion: float = 0.0

    def given(self, parameters: Mapping[str, float]) -> Self:
        return attrs.evolve(
            self,
            mission_weight=parameters["behaviour.mission_weight"],
            risk_aversion=parameters["behaviour.risk_aversion"],
        )

    def value(self, prospect: Prospect) -> float:
        """What the project is worth to the committee if it is granted (kronor)."""
        worth = -prospect.burden
        for each in prospect.expectations:
            shortfall = max(0.0, each.claims - each.savings)
            worth += each.chance * (
                self.mission_weight * each.human
                + each.savings
                - each.claims
                - self.risk_aversion * shortfall
            )
        return worth

    def worth(self, prospect: Prospect) -> float:
        return prospect.grant_chance * self.value(prospect) - prospect.effort

    def applies(self, prospect: Prospect) -> bool:
        return prospect.grant_chance * self.value(prospect) > prospect.effort

    def value_many(self, prospects: ProspectColumns) -> Array:
        """What each of many projects is worth, as `value` has it."""
        import numpy as np

        savings, claims = prospects.savings, prospects.claims
        shortfall = np.maximum(0.0, claims - savings)
        gains = self.mission_weight * prospects.human + savings - claims
        ways = prospects.chance * (gains - self.risk_aversion * shortfall)
        worth: Array = -prospects.burden
        for column in range(ways.shape[1]):  # one by one: to the last bit as `value` adds them
            worth = worth + ways[:, column]
        return worth

    def worth_many(self, prospects: ProspectColumns) -> Array:
        worth: Array = prospects.grant_chance * self.value_many(prospects) - prospects.effort
        return worth

    def applies_many(self, prospects: ProspectColumns) -> Array:
        chosen: Array = prospects.grant_chance * self.value_many(prospects) > prospects.effort
        return chosen


@frozen
class ProspectTheory:
    """Feels losses more than gains, and both less the larger they are (prospektteori).

    Human gains and savings minus claims and burden are felt by the value function of
    Tversky and Kahneman (1992), outcome by outcome; chances are not distorted.

    >>> from sifrules.plugin.simulation import OutcomeForecast, ProjectOutcome, Prospect
    >>> ways = (OutcomeForecast(ProjectOutcome.AS_HOPED, 0.6, 10.0, 0.0, 0.0),
    ...         OutcomeForecast(ProjectOutcome.FAILS, 0.4, 0.0, 0.0, 10.0))
    >>> sees = Prospect(ways, effort=0.0, burden=0.0, grant_chance=1.0, luck=0.5)
    >>> even = ProspectTheory(mission_weight=1.0, loss_aversion=1.0)
    >>> even.applies(sees), attrs.evolve(even, loss_aversion=2.25).applies(sees)
    (True, False)
    """

    name: ClassVar[str] = "prospect"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="prospektteori: förluster känns mer än vinster",
        en="prospect theory: losses are felt more than gains",
    )
    mission_weight: float = 1.0
    loss_aversion: float = 1.0
    curvature: float = 1.0

    def given(self, parameters: Mapping[str, float]) -> Self:
        return attrs.evolve(
            self,
            mission_weight=parameters["behaviour.mission_weight"],
            loss_aversion=parameters["behaviour.loss_aversion"],
            curvature=parameters["behaviour.curvature"],
        )

    def felt(self, amount: float) -> float:
        """How a gain or a loss is felt."""
        if amount >= 0:
            return float(amount**self.curvature)
        return -self.loss_aversion * float((-amount) ** self.curvature)

    def worth(self, prospect: Prospect) -> float:
        granted = fsum(
            each.chance
            * self.felt(
                self.mission_weight * each.human + each.savings - each.claims - prospect.burden
            )
            for each in prospect.expectations
        )
        return prospect.grant_chance * granted + self.felt(-prospect.effort)

    def applies(self, prospect: Prospect) -> bool:
        return self.worth(prospect) > 0


@frozen
class FixedPropensity:
    """Applies with a fixed chance, whatever it sees: the null model (fast benägenhet).

    >>> from sifrules.plugin.simulation import Prospect
    >>> FixedPropensity(0.6).applies(Prospect((), 1e9, 1e9, 0.0, luck=0.5))
    True
    """

    name: ClassVar[str] = "null"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="nollmodell: söker med fast chans, vad den än ser",
        en="null model: applies with a fixed chance, whatever it sees",
    )
    propensity: float = 0.5

    def given(self, parameters: Mapping[str, float]) -> Self:
        return attrs.evolve(self, propensity=parameters["behaviour.propensity"])

    def applies(self, prospect: Prospect) -> bool:
        return prospect.luck < self.propensity

    def applies_many(self, prospects: ProspectColumns) -> Array:
        chosen: Array = prospects.luck < self.propensity
        return chosen


BEHAVIOURS = (Weighing(), ProspectTheory(), FixedPropensity())
#: The behaviour of a run that names no other.
USUAL = Weighing.name
