"""A timeline (tidslinje) as ``sif show`` prints it: its guidelines, and what each changes."""

from __future__ import annotations

from itertools import pairwise

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods, remarks
from sifrules.presentation.answer import Answer, Cite, Sources, cited
from sifrules.presentation.policy_difference import difference_table, differences
from sifrules.presentation.policy_table import HEADS
from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.text import Language

_TITLE = Message("timeline_table.title")
_CHANGE = Message("timeline_table.change")
_SINCE = Message("timeline_table.since")
_FIRST = Message("timeline_table.first")
_STATED_AT = Message("timeline_table.stated_at")
_OPEN = Message("timeline_table.open")


def shown_timeline(found: FundPolicy, lang: Language) -> Answer:
    """The guidelines of a timeline in their order, and clause by clause what each changes."""
    sources = Sources(lang)
    stretches = periods(found)
    changes = tuple(
        difference_table(
            before, after, lang, sources, _CHANGE.format(after=after.id, since=since).text(lang)
        )
        for (_, before), (since, after) in pairwise(stretches)
    )
    data = {
        "id": found.id,
        "periods": [
            {"since": None if since is None else str(since), "policy": each.id}
            for since, each in stretches
        ],
        "changes": [differences(one, other, lang) for (_, one), (_, other) in pairwise(stretches)],
    }
    left_open = tuple(remark.message.text(lang) for remark in remarks(found))
    return Answer(
        data=data,
        tables=(_periods(found, lang, sources), *changes),
        csv=_periods(found, lang, lambda citation: cited(citation, lang)),
        notes=(sources.note, (_OPEN, left_open)),
    )


def _periods(found: FundPolicy, lang: Language, cite: Cite) -> Table:
    heads = (_SINCE, HEADS["policy"], HEADS["title"], _STATED_AT)
    rows = [
        [
            _FIRST.text(lang) if since is None else since.text(lang),
            each.id,
            each.title.text(lang),
            cite(each.terms.sources.get("in_force")),
        ]
        for since, each in periods(found)
    ]
    widths = (None, None, 48, 30)
    columns = [
        Column(head.text(lang), width=width) for head, width in zip(heads, widths, strict=True)
    ]
    return Table(columns, rows, _TITLE.format(timeline=found.id).text(lang))
