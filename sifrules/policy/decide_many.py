"""Deciding a whole table of applications, by columns. It needs polars; one application does not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import polars as pl

from sifrules.dataframes import Frame, widened
from sifrules.policy.decide import ELIGIBILITY, rulebook_for
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.tracks import NAMED
from sifrules.rules.engines import alternatives, columns


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
        if policy.tracks:
            books = {name: rulebook_for(seen, stages) for name, seen in policy.by_track.items()}
            return alternatives.decide_among(books, NAMED, policy.vocabulary, facts)
        return columns.decide_frame(book, policy.vocabulary, facts)

    added = ("outcome", "missing", *(["track"] if policy.tracks else ()))
    return widened(frame, partial(_may_matter, added), decided)


def _may_matter(added: tuple[str, ...], column: str) -> bool:
    """Whether a column may be a fact, perhaps misspelt, or have the name of a result column."""
    return "." in column or column in added
