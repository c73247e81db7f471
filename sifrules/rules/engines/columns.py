"""The compiled engine for data frames: conditions as polars expressions.

Booleans with nulls in polars follow Kleene's logic, as conditions do, so a null verdict is
*cannot tell*. Sets of missing facts are computed as bit masks; only the few distinct ones are
turned into lists of names.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from decimal import Decimal
from functools import reduce

import polars as pl

from sifrules.errors import FactError
from sifrules.rules.amounts import Amount, OfYear, PerYear, Remainder, Total
from sifrules.rules.conditions import (
    OPERATORS,
    SHARE_STEPS,
    AllOf,
    AnyOf,
    Compare,
    CompareFacts,
    Condition,
    Fact,
    OneOf,
)
from sifrules.rules.decisions import Outcome, Verdict
from sifrules.rules.kinds import BOUNDS, Kind
from sifrules.rules.rulebook import Derivation, Derived, RuleBook
from sifrules.rules.vocabulary import Vocabulary
from sifrules.values.messages import Message

#: In the order false, true, null.
_VERDICTS = pl.Enum([each.value for each in (Verdict.NOT_MET, Verdict.MET, Verdict.CANNOT_TELL)])
_OUTCOMES = pl.Enum(
    [each.value for each in (Outcome.NOT_ELIGIBLE, Outcome.ELIGIBLE, Outcome.CANNOT_TELL)]
)
_BITS = 63
_ROW = "#"
_NOTHING = pl.lit(None, pl.Boolean)


def decide_frame(book: RuleBook, vocabulary: Vocabulary, frame: pl.DataFrame) -> pl.DataFrame:
    """Decide every row of a frame; see `sifrules.decide_many`."""
    added = {"outcome", "missing", *(f"rule:{rule.id}" for rule in book.rules)}
    taken = sorted(added & set(frame.columns))
    if taken:
        raise FactError(
            Message("columns.taken", taken=taken[0]),
            fix=Message("columns.rename_or_drop"),
        )
    facts = _known(book, _values(vocabulary, frame))
    ids = [f"rule:{rule.id}" for rule in book.rules]
    verdicts = facts.with_columns(
        _expression(rule.condition, facts).alias(id)
        for id, rule in zip(ids, book.rules, strict=True)
    ).select(_ROW, *ids)
    outcome = pl.all_horizontal(ids) if ids else pl.lit(True)
    return frame.with_columns(
        verdicts.with_columns(
            _named(outcome, _OUTCOMES).alias("outcome"),
            _missing(book, facts, verdicts).alias("missing"),
            *(_named(pl.col(id), _VERDICTS).alias(id) for id in ids),
        ).select("outcome", "missing", *ids)
        if frame.height
        else _empty(ids)
    )


def _named(verdict: pl.Expr, names: pl.Enum) -> pl.Expr:
    """A truth value by name: false, true and null are the first, second and third."""
    no, yes, open_ = (pl.lit(name, names) for name in names.categories)
    return pl.when(verdict).then(yes).when(verdict.is_null()).then(open_).otherwise(no)


def _empty(ids: list[str]) -> pl.DataFrame:
    schema = {"outcome": _OUTCOMES, "missing": pl.List(pl.String), **dict.fromkeys(ids, _VERDICTS)}
    return pl.DataFrame(schema=schema)


# --- values -------------------------------------------------------------------------


def _values(vocabulary: Vocabulary, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that are facts, checked, with internal values."""
    subjects = {name.partition(".")[0] for name in vocabulary}
    facts = frame.select(
        pl.int_range(pl.len()).alias(_ROW)
    )  # holds the height where there are no facts
    for column in frame.columns:
        if column in vocabulary:
            facts = facts.with_columns(_inside(vocabulary[column], frame[column]))
        elif column.partition(".")[0] in subjects and "." in column:
            vocabulary[column]  # raises, naming the nearest
    return facts


def _inside(fact: Fact, column: pl.Series) -> pl.Series:
    """The internal values of a column of written ones; `FactError` names the first wrong row."""
    kind, dtype = fact.kind, column.dtype
    if dtype == pl.Null:
        return column.cast(
            pl.String if kind is Kind.CHOICE else pl.Boolean if kind is Kind.FLAG else pl.Int64
        )
    if dtype.is_float():
        raise FactError(
            Message("columns.floats", expected=fact.expected),
            where=fact.name,
            fix=Message("columns.cast"),
        )
    if dtype.is_integer():
        wide = column.cast(pl.Int64, strict=False)
        _refuse(fact, column, wide.is_null() & column.is_not_null())
        column = wide
    if kind is Kind.FLAG and dtype == pl.Boolean:
        return column
    if kind is Kind.CHOICE and (dtype == pl.String or dtype in (pl.Categorical, pl.Enum)):
        words = column.cast(pl.String)
        _refuse(fact, column, ~words.is_in(list(fact.options)))
        return words
    if kind in (Kind.MONEY, Kind.SHARE) and (dtype.is_integer() or dtype.is_decimal()):
        low, high = fact.bounds
        steps = SHARE_STEPS if kind is Kind.SHARE else 100
        _refuse(fact, column, (column < low) | (column > high))
        if dtype.is_integer():
            return column.cast(pl.Int64) * steps
        scaled = column.cast(pl.Decimal(38, 20)) * Decimal(steps)
        whole = scaled.cast(pl.Int64)
        _refuse(fact, column, whole.cast(pl.Decimal(38, 20)) != scaled)
        return whole
    if kind in BOUNDS and dtype.is_integer():
        low, high = fact.bounds
        _refuse(fact, column, (column < low) | (column > high))
        return column.cast(pl.Int64)
    raise FactError(
        Message("columns.wrong_type", expected=fact.expected, dtype=dtype), where=fact.name
    )


def _refuse(fact: Fact, column: pl.Series, wrong: pl.Series) -> None:
    row = wrong.fill_null(False).arg_max()
    if row is not None and wrong[row]:
        raise FactError(
            Message("columns.row_expected", row=row, expected=fact.expected, column=column[row]),
            where=fact.name,
        )


def _known(book: RuleBook, facts: pl.DataFrame) -> pl.DataFrame:
    """The facts with those that the policy settles and the derived ones."""
    for name, value in book.given.items():
        facts = facts.with_columns(pl.lit(value).alias(name))
    for wave in book.waves:
        facts = facts.with_columns(
            _first(facts, link.fact.name, _follows(link, facts)) for link in wave
        )
    return facts


def _first(facts: pl.DataFrame, name: str, derived: pl.Expr) -> pl.Expr:
    """A fact as stated, otherwise as derived."""
    return (pl.coalesce(pl.col(name), derived) if name in facts.columns else derived).alias(name)


def _follows(link: Derived, facts: pl.DataFrame) -> pl.Expr:
    """A derived fact as an expression over the columns; null where it does not follow."""
    if isinstance(link, Amount):
        return _amount(link, facts)
    holds, fails = _expression(link.holds, facts), _expression(link.fails, facts)
    return pl.when(holds).then(True).when(fails).then(False).otherwise(_NOTHING)


def _amount(amount: Amount, facts: pl.DataFrame) -> pl.Expr:
    """An amount computed from columns, as its ``value`` has it."""
    match amount:
        case Total(parts=parts):
            stated = [_column(part, facts) for part in parts]
            known = pl.any_horizontal(each.is_not_null() for each in stated)
            return pl.when(known).then(pl.sum_horizontal(stated))
        case Remainder(whole=whole, less=less):
            off = pl.sum_horizontal(_column(part, facts) for part in less)
            return (_column(whole, facts) - off).clip(lower_bound=0)
        case PerYear(whole=whole, months=months):
            time = _column(months, facts).clip(lower_bound=12)
            return -(-_column(whole, facts) * 12 // time)
        case OfYear(year=year, table=table):
            return _column(year, facts).replace_strict(
                list(table), list(table.values()), default=None, return_dtype=pl.Int64
            )
    raise TypeError(f"not an amount: {amount!r}")


def _column(fact: Fact, facts: pl.DataFrame) -> pl.Expr:
    """A column of whole numbers, all null where nothing is known of the fact."""
    known = fact.name in facts.columns
    return pl.col(fact.name) if known else pl.lit(None, pl.Int64)


# --- conditions ---------------------------------------------------------------------


def _expression(condition: Condition, facts: pl.DataFrame) -> pl.Expr:
    """A condition as an expression over the columns; null means *cannot tell*."""
    if not isinstance(condition, AllOf | AnyOf) and any(
        fact.name not in facts.columns for fact in condition.facts()
    ):
        return _NOTHING
    match condition:
        case Compare(fact, op, bool(value)):
            same = (op == "==") is value
            return pl.col(fact.name) if same else ~pl.col(fact.name)
        case Compare(fact, op, value):
            compared: pl.Expr = OPERATORS[op](pl.col(fact.name), value)
            return compared
        case OneOf(fact, values, inside):
            among = pl.col(fact.name).is_in(list(values))
            return among if inside else ~among
        case CompareFacts(left, op, right):
            numerator, denominator = condition.ratio
            right_side = pl.col(right.fact.name) * numerator + right.plus * denominator
            sides: pl.Expr = OPERATORS[op](pl.col(left.name) * denominator, right_side)
            return sides
        case AllOf(parts):
            return reduce(operator.and_, [_expression(part, facts) for part in parts])
        case AnyOf(parts):
            return reduce(operator.or_, [_expression(part, facts) for part in parts])
    raise TypeError(f"not a condition: {condition!r}")


# --- missing facts ------------------------------------------------------------------


def _missing(book: RuleBook, facts: pl.DataFrame, verdicts: pl.DataFrame) -> pl.Series:
    """The names of the missing facts that leave rules of each row open, sorted."""
    reasons: dict[str, list[pl.Expr]] = {}
    for rule in book.rules:
        if verdicts[f"rule:{rule.id}"].null_count():
            for name, expression in _open(book, rule.condition, facts):
                reasons.setdefault(name, []).append(expression)
    names = sorted(reasons)
    if not names:
        return pl.Series([[]], dtype=pl.List(pl.String)).new_from_index(0, facts.height)
    rows = [names[at : at + _BITS] for at in range(0, len(names), _BITS)]
    sets = facts.select(
        _ROW,
        *(
            pl.sum_horizontal(
                pl.any_horizontal(reasons[name]).cast(pl.UInt64) * (1 << bit)
                for bit, name in enumerate(row)
            ).alias(str(number))
            for number, row in enumerate(rows)
        ),
    ).drop(_ROW)
    distinct = sets.unique()
    missing = [
        [
            name
            for bits, row in zip(key, rows, strict=True)
            for bit, name in enumerate(row)
            if bits >> bit & 1
        ]
        for key in distinct.iter_rows()
    ]
    column = pl.Series("missing", missing, dtype=pl.List(pl.String))
    return sets.join(
        distinct.with_columns(column), on=sets.columns, how="left", maintain_order="left"
    )["missing"]


def _open(
    book: RuleBook, condition: Condition, facts: pl.DataFrame
) -> Iterator[tuple[str, pl.Expr]]:
    """The facts that may leave a condition open, each with the expression for where it does."""
    is_open = _expression(condition, facts).is_null()
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            for name, where in _open(book, part, facts):
                yield name, is_open & where
        return
    for fact in condition.facts():
        for name, where in _lacking(book, fact, facts):
            yield name, is_open & where


def _lacking(book: RuleBook, fact: Fact, facts: pl.DataFrame) -> Iterator[tuple[str, pl.Expr]]:
    """The missing facts behind a missing one, each with the expression for where it is."""
    absent = _column(fact, facts).is_null()
    behind: list[tuple[str, pl.Expr]] = []
    match book.derived.get(fact.name):
        case Derivation() as link:
            behind = [*_open(book, link.holds, facts), *_open(book, link.fails, facts)]
        case Amount() as amount:
            behind = [each for need in amount.needed({}) for each in _lacking(book, need, facts)]
    for name, where in behind:
        yield name, absent & where
    yield fact.name, absent & ~pl.any_horizontal([pl.lit(False), *(w for _, w in behind)])
