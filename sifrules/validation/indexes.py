"""Index clauses (indexuppräkning) that have no value for years in which they are needed."""

from __future__ import annotations

from collections.abc import Iterator

from sifrules.policy.fund_policy import FundPolicy
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.values.messages import Message

_BEGINS_LATE = IssueTemplate(
    kind="index_begins_late",
    level=Severity.DOUBTFUL,
    what=Message("validate_indexes.late_what"),
    why=Message("validate_indexes.late_why"),
    do=Message("validate_indexes.late_do"),
)


def of_indexes(policy: FundPolicy) -> Iterator[Issue]:
    """Of each return model with an index: that the first years in force have no value of it."""
    begun = policy.terms.in_force
    for seen in policy.on_tracks:
        index = getattr(seen.return_model, "index", None)
        known = getattr(index, "known", None)
        if index is None or known is None or begun is None:
            continue
        if begun.first.year < known[0]:
            yield _BEGINS_LATE.at(
                policy.origin,
                f"{index.path}.years",
                index=index.name,
                first=str(known[0]),
                begun=begun,
            )
