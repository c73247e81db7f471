"""Deciding one application, by the stages that are tried; tables are in `decide_many`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from sifrules.errors import SifError, nearest, unexpected
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.tracks import NAMED
from sifrules.rules.conditions import Value
from sifrules.rules.decisions import Decision
from sifrules.rules.engines import engine_for
from sifrules.rules.rulebook import RuleBook, Stage
from sifrules.values.messages import Message

#: The stages that decide whether an application is eligible, whatever the fund holds.
ELIGIBILITY = (Stage.IDEA_TEST, Stage.APPLICATION)


#: How the names of facts begin that tell of the fund, or of one of its tracks.
_OF_FUND = ("fund.", "track.")


def stages_for(facts: Iterable[str]) -> tuple[Stage, ...]:
    """The stages to try of an application: eligibility, and allocation if it tells of the fund.

    >>> [stage.value for stage in stages_for(["application.areas"])]
    ['idea_test', 'application']
    """
    of_fund = any(name.startswith(_OF_FUND) for name in facts)
    return (*ELIGIBILITY, Stage.ALLOCATION) if of_fund else ELIGIBILITY


def decide(
    policy: FundPolicy,
    facts: Mapping[str, object],
    *,
    stages: Iterable[str] = ELIGIBILITY,
    engine: str | None = None,
) -> Decision:
    """Decide one application under a policy, with the finding for every rule.

    ``facts`` are values by name as a person writes them (amounts in kronor); None and
    absent are missing. ``stages`` are the stages whose rules are tried. ``engine`` is
    ``durable`` (the default where it can be used) or ``compiled``. Raises `FactError`
    for facts that are unknown or impossible.

    Under a fund with tracks the application goes to the one that it names
    (``application.track``), or else to the first whose demands it meets; where it meets those of
    none, to the one that it comes closest to. `Decision.tracks` has the decision on each.

    >>> from sifrules import decide, registry
    >>> policy = registry().policy("orebro@2016")
    >>> full = {"fund.new_investments_this_year": 3}
    >>> print(decide(policy, full, stages=["allocation"])["caps.new_investments"].verdict)
    not_met
    """
    stages = (stages,) if isinstance(stages, str) else tuple(stages)
    book = rulebook_for(policy, stages)
    values = policy.vocabulary.read(facts)
    if policy.tracks:
        return _on_tracks(policy, values, stages, engine)
    return engine_for(book, engine).decide(values)


def _on_tracks(
    policy: FundPolicy, values: dict[str, Value], stages: Iterable[str], engine: str | None
) -> Decision:
    """The decision on the track that fits best, with those on all that may be tried."""
    named = values.pop(NAMED, None)
    tried = tuple(
        evolve(engine_for(rulebook_for(on_track, stages), engine).decide(values), track=name)
        for name, on_track in policy.by_track.items()
        if named in (None, name)
    )
    return evolve(min(tried, key=lambda each: each.distance), tracks=tried)


def rulebook_for(policy: FundPolicy, stages: Iterable[str]) -> RuleBook:
    """A policy's rules of the named stages."""
    given: Any = policy
    if not isinstance(given, FundPolicy):
        wrong = unexpected(Message("expected.policy"), given)
        raise SifError(wrong.what, fix=Message("policy.find_first"))
    chosen = []
    for name in (stages,) if isinstance(stages, str) else stages:
        if name not in list(Stage):
            raise SifError(Message("stage.unknown", name=name), fix=nearest(name, Stage))
        chosen.append(Stage(name))
    return policy.rulebook.only(*(stage for stage in Stage if stage in chosen))
