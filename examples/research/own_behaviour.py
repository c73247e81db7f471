"""An own behaviour and an own measure, as objects: no package, no entry point."""

from collections.abc import Mapping

from attrs import evolve, frozen

import sifrules


@frozen
class Cautious:
    """Applies only where what it expects, less what it owes, is twice the effort."""

    effort: float = 2.0
    name = "cautious"
    words = sifrules.LocalizedText(sv="försiktig", en="cautious")

    def given(self, parameters: Mapping[str, float]) -> sifrules.Behaviour:
        """The same in every scenario."""
        return evolve(self)

    def applies(self, prospect: sifrules.Prospect) -> bool:
        """Whether the committee applies, by what it sees of the project."""
        return prospect.balance > self.effort * prospect.effort


def grants_to_the_first_committee(portfolio: sifrules.Portfolio) -> float:
    """grants to committee 1"""
    return float(sum(life.idea.committee == 0 for life in portfolio.granted))


for behaviour in ("weighing", Cautious()):
    result = sifrules.compare(
        ["orebro@2016", "norrkoping@2022"],
        behaviour=behaviour,
        measures=[grants_to_the_first_committee],
        replications=4,
        years=8,
        jobs=1,
    )
    print(result.frame.filter(measure="grants_to_the_first_committee").select("policy", "mean"))
