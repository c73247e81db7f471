"""Deciding: one application, or a whole table of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sifrules.dataframes import Frame, widened
from sifrules.errors import SifError, nearest, unexpected
from sifrules.policy.fund_policy import FundPolicy
from sifrules.rules.decisions import Decision
from sifrules.rules.engines import engine_for
from sifrules.rules.rulebook import RuleBook, Stage
from sifrules.values.messages import Message

if TYPE_CHECKING:
    import polars as pl

#: The stages that decide whether an application is eligible, whatever the fund holds.
ELIGIBILITY = (Stage.IDEA_TEST, Stage.APPLICATION)


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

    >>> from sifrules import decide, registry
    >>> policy = registry().policy("orebro@2016")
    >>> full = {"fund.new_investments_this_year": 3}
    >>> print(decide(policy, full, stages=["allocation"])["caps.new_investments"].verdict)
    not_met
    """
    book = rulebook_for(policy, stages)
    values = policy.vocabulary.read(facts)
    return engine_for(book, engine).decide(values)


def decide_many(policy: FundPolicy, frame: Frame, *, stages: Iterable[str] = ELIGIBILITY) -> Frame:
    """Decide a table of applications by columns, with the same result as `decide` on each row.

    ``frame`` is of polars, pandas, pyarrow or another library that keeps its rows in memory. It
    has a column for each fact, named as the fact, amounts in kronor; null and absent are missing;
    columns that are no facts are left alone. Comes back in the same library with the same rows
    and the columns ``outcome``, ``missing`` (a list of fact names) and one for each rule, named
    ``rule:`` and its id.

    >>> import polars as pl
    >>> from sifrules import decide_many, registry
    >>> frame = pl.DataFrame({"application.areas": [1, None]})
    >>> policy = registry().policy("orebro@2016")
    >>> decide_many(policy, frame)["outcome"].to_list()
    ['not_eligible', 'cannot_tell']
    """
    book = rulebook_for(policy, stages)

    def decided(facts: pl.DataFrame) -> pl.DataFrame:
        from sifrules.rules.engines import columns

        return columns.decide_frame(book, policy.vocabulary, facts)

    return widened(frame, _may_matter, decided)


def _may_matter(column: str) -> bool:
    """Whether a column may be a fact, perhaps misspelt, or have the name of a result column."""
    return "." in column or column in ("outcome", "missing")


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
