"""A project as its committee sees it (projektet): what an application says, and what it does not.

What the application and the person who asks leave open is what the scenario takes for the middle
of such projects. Each such parameter is named, so that what is assumed can be shown and varied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from attrs import field, frozen

from sifrules.errors import SifError
from sifrules.plugin.simulation import Idea, committee_name
from sifrules.policy.settlement import granted_of
from sifrules.rules.conditions import Value
from sifrules.rules.vocabulary import application
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.money import Ore, share_of
from sifrules_simulation.model.parameters import Parameters
from sifrules_simulation.model.projects import Project
from sifrules_simulation.model.scenarios import Scenario

_OWN, _OTHER = committee_name(0), committee_name(1)
#: Draws of an idea that only settle when it is handed in, and by chance: the middle of each.
_LUCK = dict.fromkeys(("choice", "lead"), 0.5)


@frozen(kw_only=True)
class ProjectDetails:
    """What is said of a project beside its application; None where it is not said.

    ``effect`` is how much lower costs are over the effect's whole ``lifetime`` if all goes as
    hoped, ``human`` the worth of the human gains (öre). ``delay`` and ``lifetime`` are months,
    the first from the start of the project. ``own_share`` is the part of the effect that arises
    at the committee itself.
    """

    start: Month | None = None
    effect: Ore | None = None
    human: Ore | None = None
    delay: int | None = None
    lifetime: int | None = None
    own_share: Decimal | None = None


@frozen
class AssessedProject:
    """A project that may be applied for: when it would start, as an idea and as it is written.

    ``assumed`` names the parameters of the scenario that stand in for what is not said.
    """

    idea: Idea
    project: Project
    start: Month
    #: what others than the fund and the committee pay of the cost
    by_others: int
    assumed: tuple[str, ...]


def assessed_project(
    facts: Mapping[str, Value], details: ProjectDetails, scenario: Scenario
) -> AssessedProject:
    """The project of an application, by its facts and what is said beside them.

    Raises `SifError` where the application names no cost.
    """
    return _Reading(facts, details, scenario).project()


@frozen
class _Reading:
    """What is said of one project, and what the scenario assumes of the rest."""

    facts: Mapping[str, Value]
    details: ProjectDetails
    scenario: Scenario
    assumed: dict[str, None] = field(factory=dict, init=False)

    @property
    def given(self) -> Parameters:
        return self.scenario.parameters

    def project(self) -> AssessedProject:
        cost = self.cost()
        applied_for = granted_of(cost, self.facts)
        if applied_for <= 0:
            raise SifError(Message("assess.nothing_applied_for"), fix=Message("assess.give_cost"))
        months = self.months()
        own = cost - applied_for
        outside = self.facts.get(application.funded_by_others.name, 0)
        return AssessedProject(
            self.idea(cost, months),
            Project(cost, months, 1.0, own),
            self.start(),
            min(own, int(outside)),
            tuple(self.assumed),
        )

    def idea(self, cost: Ore, months: int) -> Idea:
        effects = self.given.effects
        effect, human = self.effect(cost), self.human(cost)
        chances = ("success", "partly", "partial", "cashable", "attributable")
        self.assumes(*(f"effects.{name}" for name in chances))
        return Idea(
            number=0,
            committee=0,
            arises=0,
            origin="internal",
            cost=cost,
            months=months,
            delay=self.between(self.details.delay, "effects.delay_least", "effects.delay_most"),
            lifetime=self.between(
                self.details.lifetime, "effects.lifetime_least", "effects.lifetime_most"
            ),
            effect=effect,
            outside=0,
            human=human,
            believed_effect=effect,
            believed_human=human,
            success=effects.success,
            partly=(1 - effects.success) * effects.partly,
            partial=effects.partial,
            cashable=effects.cashable,
            attributable=effects.attributable,
            evaluable=self.facts.get(application.evaluable.name) is not False,
            regular=self.facts.get(application.regular_operations.name) is True,
            gains=self.gains(),
            facts=self.facts,
            luck=_LUCK,
        )

    # --- what the application says, or the scenario assumes -------------------------

    def assumes(self, *paths: str) -> None:
        self.assumed.update(dict.fromkeys(paths))

    def cost(self) -> Ore:
        """The whole cost; where it is not stated, what is applied for and what others pay."""
        stated = self.facts.get(application.cost.name)
        if stated is None and application.applied_for.name in self.facts:
            paying = (application.applied_for, application.cofunding, application.funded_by_others)
            stated = sum(int(self.facts.get(fact.name, 0)) for fact in paying)
        if not stated:
            raise SifError(Message("assess.no_cost"), fix=Message("assess.give_cost"))
        return Ore(int(stated))

    def months(self) -> int:
        stated = self.facts.get(application.duration.name)
        return self.between(
            None if stated is None else int(stated), "ideas.shortest", "ideas.longest"
        )

    def start(self) -> Month:
        year = self.facts.get(application.start_year.name)
        if self.details.start is not None:
            return self.details.start
        return self.scenario.begins if year is None else Month(int(year), 1)

    def effect(self, cost: Ore) -> int:
        """How much lower costs are if all goes as hoped, over the effect's whole life."""
        if self.details.effect is not None:
            return self.details.effect
        stated = self.facts.get(application.expected_savings.name)
        if stated is not None:
            return max(0, int(stated))
        none = (application.lowers_costs.name, application.municipal_effects.name)
        if any(self.facts.get(name) is False for name in none):
            return 0
        return self.as_usual(cost, "effects.municipal_median")

    def human(self, cost: Ore) -> int:
        if self.details.human is not None:
            return self.details.human
        return self.as_usual(cost, "effects.human_median")

    def as_usual(self, cost: Ore, median: str) -> int:
        """What a committee believes of a project of such a cost, by the scenario's median."""
        self.assumes(median, "effects.optimism")
        by = exact(self.scenario.value(median)) * exact(self.given.effects.optimism)
        return share_of(cost, by)

    def between(self, said: int | None, least: str, most: str) -> int:
        """What is said of a number of months, or the middle of what the scenario has."""
        if said is not None:
            return said
        self.assumes(least, most)
        return int(self.scenario.value(least) + self.scenario.value(most)) // 2

    def gains(self) -> Mapping[str, Decimal]:
        """Whose costs fall: the committee's own and, where it crosses areas, another's."""
        own = self.details.own_share
        if own is None and self.facts.get(application.areas.name) == 1:
            own = Decimal(1)
        if own is None:
            self.assumes("effects.own_least", "effects.own_most")
            effects = self.given.effects
            own = (exact(effects.own_least) + exact(effects.own_most)) / 2
        shares = {_OWN: own, _OTHER: 1 - own}
        return {name: share for name, share in shares.items() if share > 0}


def exact(number: float) -> Decimal:
    """A parameter as it is written in the scenario, without the noise of a float."""
    return Decimal(repr(number))


#: By what an assessment varies a project: makes it anew in a scenario.
Make = Callable[[Scenario], AssessedProject]
