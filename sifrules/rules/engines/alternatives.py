"""Deciding a data frame under alternatives (tracks): each row goes to the one that fits it best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from sifrules.errors import FactError
from sifrules.rules.decisions import FIT, Outcome, Verdict
from sifrules.rules.engines.columns import decide_frame
from sifrules.rules.rulebook import RuleBook
from sifrules.rules.vocabulary import Vocabulary
from sifrules.values.messages import Message

#: More than the rules of an alternative, and than the alternatives.
_MANY = 10_000
_NO_FACTS = pl.lit([], pl.List(pl.String))


def decide_among(
    books: Mapping[str, RuleBook], named: str, vocabulary: Vocabulary, frame: pl.DataFrame
) -> pl.DataFrame:
    """Decide every row of a frame under the books that it may go to, by their names.

    ``named`` is the column that says which; where it is null or there is none, all are tried.
    The column ``track`` is the one that a row goes to; the columns of rules are of that one, null
    for the rules of others.
    """
    if "track" in frame.columns:
        raise FactError(
            Message("columns.taken", taken="track"), fix=Message("columns.rename_or_drop")
        )
    decided = {name: decide_frame(book, vocabulary, frame) for name, book in books.items()}
    rules = {name: [f"rule:{rule.id}" for rule in book.rules] for name, book in books.items()}
    wanted = frame[named].cast(pl.String) if named in frame.columns else pl.lit(None, pl.String)
    work = pl.concat(
        [
            each.select(pl.col("outcome", "missing", *rules[name]).name.suffix(f" on {name}"))
            for name, each in decided.items()
        ],
        how="horizontal",
    ).with_columns(wanted.alias("wanted"))
    distances = [
        _distance(name, at, rules[name]).alias(f"distance {name}") for at, name in enumerate(books)
    ]
    work = work.with_columns(distances)
    nearest = pl.min_horizontal(*(f"distance {name}" for name in books)) % _MANY
    work = work.with_columns(nearest.alias("at"))
    every_rule = dict.fromkeys(id for ids in rules.values() for id in ids)
    return frame.with_columns(
        work.select(
            *_answers(list(books)),
            *(_of_chosen(id, [n if id in rules[n] else None for n in books]) for id in every_rule),
        )
    )


def _distance(name: str, at: int, rules: list[str]) -> pl.Expr:
    """How far a row is from an alternative, then its place; null where the row names another."""
    outcome = pl.col(f"outcome on {name}")
    fit = outcome.cast(pl.String).replace_strict({k.value: v for k, v in FIT.items()})
    against = [(pl.col(f"{id} on {name}") == Verdict.NOT_MET.value) for id in rules]
    refused = pl.sum_horizontal(pl.lit(0), *against)
    tried = pl.col("wanted").is_null() | (pl.col("wanted") == name)
    return pl.when(tried).then((fit * _MANY + refused) * _MANY + at)


def _answers(names: list[str]) -> Iterator[pl.Expr]:
    """The outcome, the track and the missing facts of each row."""
    outcome = _of_chosen("outcome", list(names))
    yield outcome
    here = [pl.when(pl.col("at") == at).then(pl.lit(name)) for at, name in enumerate(names)]
    yield pl.coalesce(*here).alias("track")
    open_ = [
        pl.when(
            pl.col(f"distance {name}").is_not_null()
            & (pl.col(f"outcome on {name}") == outcome)
            & (outcome != Outcome.ELIGIBLE.value)
        )
        .then(pl.col(f"missing on {name}"))
        .otherwise(_NO_FACTS)
        for name in names
    ]
    yield pl.concat_list(*open_).list.unique().list.sort().alias("missing")


def _of_chosen(column: str, names: list[str | None]) -> pl.Expr:
    """A column of the alternative that each row goes to; null where that one has none."""
    each = [
        pl.when(pl.col("at") == at).then(pl.col(f"{column} on {name}"))
        for at, name in enumerate(names)
        if name is not None
    ]
    return pl.coalesce(*each).alias(column)
