"""The fund's own money: the most it can hold, and sums that do not add up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Part
from sifrules.policy.wording import money_words
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message

#: Years that are examined: a fund that still grows at the end of them has no maximum.
_YEARS = 60
#: The return models under which no money comes back into the fund.
_NO_RETURN = ("budget", "co_funding")

_TOTAL = IssueTemplate(
    kind="fund_sums",
    level=Severity.WRONG,
    what=Message("validate_funding.total_what"),
    why=Message("validate_funding.total_why"),
    do=Message("validate_funding.total_do"),
)
_RAISED_BEFORE = IssueTemplate(
    kind="raised_before",
    level=Severity.WRONG,
    what=Message("validate_funding.raised_before_what"),
    why=Message("validate_funding.raised_before_why"),
    do=Message("validate_funding.raised_before_do"),
)

_UNDATED = IssueTemplate(
    kind="sum_undated",
    level=Severity.DOUBTFUL,
    what=Message("validate_funding.undated_what"),
    why=Message("validate_funding.undated_why"),
    do=Message("validate_funding.undated_do"),
)


def of_money(policy: FundPolicy) -> Iterator[Issue]:
    """Issues of the amounts and dates of a fund's money."""
    funding: Any = policy.funding
    raises = list(_sums(funding))
    amount, total = getattr(funding, "amount", None), getattr(funding, "total", None)
    known = (amount or 0) + sum(each.amount or 0 for each in raises)
    if total is not None and total < known:
        key = f"{funding.path}.total"
        said = {"total": money_words(total), "known": money_words(known)}
        yield _TOTAL.at(policy.origin, key, **said)
    undated = getattr(funding, "undated", 0)
    if undated:
        lacking = (each.path for each in raises if getattr(each, "date", None) is None)
        key = next(lacking, f"{funding.path}.{'amount' if total is None else 'total'}")
        yield _UNDATED.at(policy.origin, key, undated=money_words(undated))
    decided = getattr(funding, "decided", None)
    for each in raises:
        date = getattr(each, "date", None)
        if isinstance(decided, PartialDate) and date is not None and date.before(decided):
            key = f"{each.path}.date"
            yield _RAISED_BEFORE.at(policy.origin, key, date=date, decided=decided)


def _sums(funding: Part) -> Iterator[Any]:
    """The parts inside a funding that state an amount of their own."""
    return (each for each in getattr(funding, "inner_parts", ()) if hasattr(each, "amount"))


def whole_fund(funding: Any) -> int | None:
    """The most that a fund holds by what its guideline states, in öre; None where not stated.

    Computed as if nothing were ever granted: then nothing has come back either.
    """
    put_in = getattr(funding, "put_in", None)
    if not callable(put_in) or not getattr(funding, "opening", None):
        return None
    unknown = any(each.amount is None for each in _sums(funding))
    if unknown and getattr(funding, "total", None) is None:
        return None
    left = most = reached = 0
    for year in range(_YEARS):
        left += put_in(year, left, True)
        if left > most:
            most, reached = left, year
    return most + getattr(funding, "undated", 0) if reached < _YEARS - 1 else None


def nothing_returns(policy: FundPolicy) -> bool:
    """Whether the guideline surely brings no money back into the fund."""
    if policy.return_model is None:
        return policy.states_return
    return getattr(policy.return_model, "kind", None) in _NO_RETURN
