"""A measure of its own: how long applicants wait for their money."""

from __future__ import annotations

from sifrules import LocalizedText, Measure, Portfolio


def _waiting(portfolio: Portfolio) -> float | None:
    months = [
        life.granted_in - life.applied
        for life in portfolio.granted
        if life.granted_in is not None and life.applied is not None
    ]
    return sum(months) / len(months) if months else None


#: A column of every table and file of `sif compare`; None where nothing was granted.
WAITING = Measure(
    name="exempelby_waiting",
    words=LocalizedText(sv="väntan på beslut", en="wait for the decision"),
    unit="months",
    formula=LocalizedText(
        sv="månader från ansökan till beviljat bidrag, medel över bidragen",
        en="months from application to grant, the mean of the grants",
    ),
    of=_waiting,
)
