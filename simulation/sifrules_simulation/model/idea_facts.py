"""The facts that every idea of a world carries (uppgifter om en idé), by name."""

from __future__ import annotations

from sifrules.rules.rulebook import Rule
from sifrules.rules.vocabulary import REQUIRED_PARTS

#: What an applicant sees to, or forgets: it holds with the chance of completeness.
SEEN_TO = (
    *(f"parts.{name}" for name in REQUIRED_PARTS),
    "application.head_approves",
    "application.committee_informed",
    "application.committees_heard",
    "application.scientific_opinion",
    "application.outside_parties_considered",
    "application.one_total_sum",
    "application.savings_period_stated",
    "application.external_evaluation",
    "application.lead_committee",
)
#: What holds of an idea with the chance that the scenario gives.
HOLDS = (
    "reduces_exclusion",
    "lowers_unemployment",
    "new_thinking",
    "preventive",
    "early",
    "children_and_young",
    "public_health",
    "within_goal_areas",
    "committees_agree",
)
#: What follows from an idea's other draws.
FOLLOWS = (
    "municipal_partner",
    "areas",
    "furthers_cooperation",
    "regular_operations",
    "evaluable",
    "municipal_effects",
    "dampens_costs",
    "lowers_costs",
)
#: The names of the facts that every idea carries (`Idea.facts`).
IDEA_FACTS = frozenset((*SEEN_TO, *(f"application.{name}" for name in (*HOLDS, *FOLLOWS))))


def is_seen_to(rule: Rule) -> bool:
    """Whether a rule reads nothing but what an applicant sees to itself, and so means to meet."""
    return _SEEN_TO.issuperset(fact.name for fact in rule.facts)


_SEEN_TO = frozenset(SEEN_TO)
