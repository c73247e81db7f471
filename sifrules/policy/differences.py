"""Where two policies differ, clause by clause (skillnader)."""

from __future__ import annotations

from attrs import frozen

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Clause
from sifrules.values.messages import Joined, Message, Text, Worded

_KIND = Message("sif_policies.kind")


@frozen
class Difference:
    """A clause that two policies state differently; a side is None where one does not state it."""

    path: str
    before: Clause | None
    after: Clause | None

    @property
    def label(self) -> Worded:
        """What differs: the kind of a part, or a clause by its name, by both where they differ."""
        there = [clause for clause in (self.before, self.after) if clause is not None]
        if there[0].names_part:
            return _KIND
        labels = {clause.label.text("en"): clause.label for clause in there}
        return Joined(tuple(labels.values()), " / ")


def differences(first: FundPolicy, second: FundPolicy) -> list[Difference]:
    """Each clause that differs, in the order of the first policy and then of the second.

    >>> from sifrules import registry
    >>> one, other = (registry().policy(f"orebro@{year}") for year in (2013, 2016))
    >>> [each.path for each in differences(one, other) if each.path.startswith("caps.")][:1]
    ['caps.new_investments']
    """
    left = {clause.path: clause for clause in first.clauses}
    right = {clause.path: clause for clause in second.clauses}
    return [
        Difference(path, left.get(path), right.get(path))
        for path in dict.fromkeys([*left, *right])
        if _differs(left.get(path), right.get(path))
    ]


def shown_value(clause: Clause) -> Text:
    """What a policy states; of a part, which kind it is."""
    return clause.label if clause.names_part else clause.value


def _differs(a: Clause | None, b: Clause | None) -> bool:
    return a is None or b is None or a.value != b.value or a.label != b.label
