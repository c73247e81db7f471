"""What the columns of tables of what happened are: the code of the words, and the unit."""

from __future__ import annotations

from collections.abc import Mapping

from sifrules.values.messages import Message
from sifrules_simulation.analysis.record_frames import ACTIVITY, CASE, RESOURCE, TIMESTAMP
from sifrules_simulation.model.breakdowns import Column

#: By the name of the column; the keys of a row are described where they are for all tables.
RECORD_COLUMNS: Mapping[str, Column] = {
    "date": Column(Message("record.date")),
    "month": Column(Message("record.month"), "months"),
    "idea": Column(Message("record.idea")),
    "committee": Column(Message("record.committee")),
    "guideline": Column(Message("record.guideline")),
    "activity": Column(Message("record.activity")),
    "amount": Column(Message("record.amount"), "SEK"),
    "citation": Column(Message("record.citation")),
    "entry": Column(Message("record.entry")),
    "arises": Column(Message("record.arises"), "months"),
    "origin": Column(Message("record.origin")),
    "cost": Column(Message("record.cost"), "SEK"),
    "months": Column(Message("record.months"), "months"),
    "delay": Column(Message("record.delay"), "months"),
    "lifetime": Column(Message("record.lifetime"), "months"),
    "effect": Column(Message("record.effect"), "SEK"),
    "human": Column(Message("record.human"), "SEK"),
    "outside": Column(Message("record.outside"), "SEK"),
    "believed_effect": Column(Message("record.believed_effect"), "SEK"),
    "believed_human": Column(Message("record.believed_human"), "SEK"),
    "success": Column(Message("record.success"), "share"),
    "cashable": Column(Message("record.cashable"), "share"),
    "attributable": Column(Message("record.attributable"), "share"),
    "evaluable": Column(Message("record.evaluable")),
    "regular": Column(Message("record.regular")),
    "viable": Column(Message("record.viable")),
    "considered": Column(Message("record.considered"), "months"),
    "chosen": Column(Message("record.chosen")),
    "applied": Column(Message("record.applied"), "months"),
    "granted": Column(Message("record.granted")),
    "ended": Column(Message("record.ended"), "months"),
    "stopped": Column(Message("record.stopped")),
    "stopped_by": Column(Message("record.stopped_by")),
    "track": Column(Message("record.track")),
    "evaluated": Column(Message("record.evaluated"), "months"),
    "applied_for": Column(Message("record.applied_for"), "SEK"),
    "spent": Column(Message("record.spent"), "SEK"),
    "own_spent": Column(Message("record.own_spent"), "SEK"),
    "scale": Column(Message("record.scale"), "share"),
    "outcome": Column(Message("record.outcome")),
    "effect_measured": Column(Message("record.effect_measured")),
    "implemented": Column(Message("record.implemented")),
    "claims": Column(Message("record.claims"), "count"),
    "claimed": Column(Message("record.claimed"), "SEK"),
    "paid_back": Column(Message("record.paid_back"), "SEK"),
    "unsettled": Column(Message("record.unsettled")),
    "ideas": Column(Message("record.ideas"), "count"),
    "applications": Column(Message("record.applications"), "count"),
    "grants": Column(Message("record.grants"), "count"),
    "returned": Column(Message("record.returned"), "SEK"),
}
#: The same by the names of process mining.
LOG_COLUMNS: Mapping[str, Column] = {
    CASE: Column(Message("record.case")),
    ACTIVITY: RECORD_COLUMNS["activity"],
    TIMESTAMP: Column(Message("record.timestamp")),
    RESOURCE: RECORD_COLUMNS["committee"],
    "amount": RECORD_COLUMNS["amount"],
    "guideline": RECORD_COLUMNS["guideline"],
    "case:policy": Column(Message("column.policy")),
    "case:replication": Column(Message("column.replication")),
}
