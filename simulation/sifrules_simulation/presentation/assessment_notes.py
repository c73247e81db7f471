"""What stands beside an assessment (anmärkningar): the project, what is assumed, how to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sifrules.policy.wording import money_words
from sifrules.rules.decisions import Outcome
from sifrules.rules.wording import months_words
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language
from sifrules_simulation.analysis.assessment import PolicyAssessment
from sifrules_simulation.analysis.paying_effects import MOST, STEPS, THOUSAND
from sifrules_simulation.model.assumption_words import assumption_words
from sifrules_simulation.model.completion import assumptions
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.presentation.assessment_tables import FEW, OUTCOMES
from sifrules_simulation.presentation.formatting import parameter_value


def about(name: str, found: Sequence[PolicyAssessment]) -> Iterator[Text]:
    """What the project is, as it is written."""
    of = found[0].written
    yield Message(
        "assess.project",
        name=name,
        cost=money_words(of.project.cost),
        applied_for=money_words(of.project.applied_for),
        start=of.start,
        months=months_words(of.project.months),
    )
    assumed_effect = "effects.municipal_median" in of.assumed
    yield Message(
        "assess.sees_assumed" if assumed_effect else "assess.sees",
        effect=money_words(of.idea.believed_effect),
        lifetime=months_words(of.idea.lifetime),
        delay=months_words(of.idea.delay),
    )


def assumed(found: Sequence[PolicyAssessment], given: Scenario, lang: Language) -> Iterator[str]:
    """What the scenario assumes of the project, where nothing is said."""
    for path in found[0].written.assumed:
        stated = given.stated[path]
        value = parameter_value(stated.value, stated.unit, lang)
        yield f"{stated.words.text(lang)}: {value} ({path})"


def noted(found: Sequence[PolicyAssessment]) -> Iterator[Text]:
    """What has to be known to read the answer."""
    yield Message("assess.how_valued")
    if any(each.valuation is not None for each in found):
        yield Message("assess.how_searched", most=MOST, steps=STEPS, within=money_words(THOUSAND))
    refused = [each.policy.id for each in found if each.valuation is not None and _refused(each)]
    if refused:
        yield Message("assess.if_granted", policies=", ".join(refused))
    if len(found) > FEW:
        yield Message("assess.years_in_files", few=FEW)
    for each in found:
        policy = each.policy
        if each.valuation is None:
            yield Message("assess.no_fund", policy=policy.id)
            continue
        if each.cut is not None:
            project = each.project.project
            yield Message(
                "assess.cut",
                policy=policy.id,
                cost=money_words(project.cost),
                applied_for=money_words(project.applied_for),
                months=months_words(project.months),
            )
        if changes := assumptions(each.assumed):
            yield Message(
                "assess.assumed_of_policy", policy=policy.id, changes=assumption_words(changes)
            )
        stops = [span.most for span in each.pays_at if span.most is not None]
        if stops:
            yield Message("assess.stops_paying", policy=policy.id, most=money_words(stops[0]))
        for way in each.outcomes:
            if not way.settlement.complete:
                rest = way.settlement.rest
                yield Message(
                    "assess.cannot_settle",
                    policy=policy.id,
                    outcome=OUTCOMES[way.outcome],
                    why=rest.why if rest is not None else way.settlement.reason or "",
                )


def _refused(each: PolicyAssessment) -> bool:
    """Whether the project may not be funded, cut to what the guideline allows or not."""
    tried = each.decision if each.cut is None else each.cut
    return tried.outcome is Outcome.NOT_ELIGIBLE
