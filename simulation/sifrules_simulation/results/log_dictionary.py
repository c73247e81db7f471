"""What the columns of tables of what happened are: the code of the words, and the unit."""

from __future__ import annotations

from collections.abc import Mapping

from sifrules.values.messages import Message
from sifrules_simulation.analysis.log_frames import ACTIVITY, CASE, RESOURCE, TIMESTAMP
from sifrules_simulation.model.breakdowns import Column

#: By the name of the column; the keys of a row are described where they are for all tables.
TABLE_COLUMNS: Mapping[str, Column] = {
    "date": Column(Message("log_column.date")),
    "month": Column(Message("log_column.month"), "months"),
    "idea": Column(Message("log_column.idea")),
    "committee": Column(Message("log_column.committee")),
    "guideline": Column(Message("log_column.guideline")),
    "activity": Column(Message("log_column.activity")),
    "amount": Column(Message("log_column.amount"), "SEK"),
    "citation": Column(Message("log_column.citation")),
    "entry": Column(Message("log_column.entry")),
    "arises": Column(Message("log_column.arises"), "months"),
    "origin": Column(Message("log_column.origin")),
    "cost": Column(Message("log_column.cost"), "SEK"),
    "months": Column(Message("log_column.months"), "months"),
    "delay": Column(Message("log_column.delay"), "months"),
    "lifetime": Column(Message("log_column.lifetime"), "months"),
    "effect": Column(Message("log_column.effect"), "SEK"),
    "human": Column(Message("log_column.human"), "SEK"),
    "outside": Column(Message("log_column.outside"), "SEK"),
    "believed_effect": Column(Message("log_column.believed_effect"), "SEK"),
    "believed_human": Column(Message("log_column.believed_human"), "SEK"),
    "success": Column(Message("log_column.success"), "share"),
    "cashable": Column(Message("log_column.cashable"), "share"),
    "attributable": Column(Message("log_column.attributable"), "share"),
    "evaluable": Column(Message("log_column.evaluable")),
    "regular": Column(Message("log_column.regular")),
    "viable": Column(Message("log_column.viable")),
    "considered": Column(Message("log_column.considered"), "months"),
    "chosen": Column(Message("log_column.chosen")),
    "applied": Column(Message("log_column.applied"), "months"),
    "granted": Column(Message("log_column.granted")),
    "ended": Column(Message("log_column.ended"), "months"),
    "stopped": Column(Message("log_column.stopped")),
    "stopped_by": Column(Message("log_column.stopped_by")),
    "track": Column(Message("log_column.track")),
    "evaluated": Column(Message("log_column.evaluated"), "months"),
    "applied_for": Column(Message("log_column.applied_for"), "SEK"),
    "spent": Column(Message("log_column.spent"), "SEK"),
    "own_spent": Column(Message("log_column.own_spent"), "SEK"),
    "scale": Column(Message("log_column.scale"), "share"),
    "outcome": Column(Message("log_column.outcome")),
    "effect_measured": Column(Message("log_column.effect_measured")),
    "implemented": Column(Message("log_column.implemented")),
    "claims": Column(Message("log_column.claims"), "count"),
    "claimed": Column(Message("log_column.claimed"), "SEK"),
    "paid_back": Column(Message("log_column.paid_back"), "SEK"),
    "unsettled": Column(Message("log_column.unsettled")),
    "ideas": Column(Message("log_column.ideas"), "count"),
    "applications": Column(Message("log_column.applications"), "count"),
    "grants": Column(Message("log_column.grants"), "count"),
    "returned": Column(Message("log_column.returned"), "SEK"),
}
#: The same by the names of process mining.
LOG_COLUMNS: Mapping[str, Column] = {
    CASE: Column(Message("log_column.case")),
    ACTIVITY: TABLE_COLUMNS["activity"],
    TIMESTAMP: Column(Message("log_column.timestamp")),
    RESOURCE: TABLE_COLUMNS["committee"],
    "amount": TABLE_COLUMNS["amount"],
    "guideline": TABLE_COLUMNS["guideline"],
    "case:policy": Column(Message("column.policy")),
    "case:experiment": Column(Message("log_column.experiment")),
    "case:variant": Column(Message("log_column.variant")),
    "case:draw": Column(Message("column.draw")),
    "case:replication": Column(Message("column.replication")),
}
