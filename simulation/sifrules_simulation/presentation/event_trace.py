"""The event trace of one replication, with the clauses that apply."""

from __future__ import annotations

from typing import Any

from sifrules.plugin.simulation import Event
from sifrules.presentation.answer import Answer, Sources, cited, plain_kronor
from sifrules.presentation.table import Column, Table
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.experiments.design import Design

_HEADS = {
    "month": Message("event_trace.heads_month"),
    "idea": Message("event_trace.heads_idea"),
    "step": Message("event_trace.heads_step"),
    "what": Message("event_trace.heads_what"),
    "amount": Message("event_trace.heads_amount"),
    "guideline": Message("event_trace.heads_guideline"),
    "citation": Message("event_trace.heads_citation"),
}
_TITLE = Message("event_trace.title")
_FUND = Message("event_trace.fund")


def story(design: Design, replication: int) -> list[Event]:
    """The events of one replication of the design's first policy, in order."""
    events: list[Event] = []
    design.portfolio(0, replication, events.append)
    return events


def traced(design: Design, replication: int, lang: Language) -> Answer:
    """One replication as an answer of the command line."""
    experiment = design
    events = story(design, replication)
    begins, sources = experiment.scenario.begins, Sources(lang)
    title = _TITLE.format(policy=experiment.labels[0], n=replication, seed=experiment.seed)
    timeline = bool(design.policies[0].reforms)
    rows = [
        [
            str(begins + event.month),
            _whose(event, lang),
            event.what.text(lang),
            *((event.guideline,) if timeline else ()),
            "; ".join(sources(citation) for citation in event.citations),
        ]
        for event in events
    ]
    shown = ("month", "idea", "what", *(("guideline",) if timeline else ()), "citation")
    widths = {"what": 62, "citation": 34}
    columns = [Column(_HEADS[name].text(lang), width=widths.get(name)) for name in shown]
    data = {
        "policy": experiment.labels[0],
        "seed": experiment.seed,
        "replication": replication,
        "events": [_as_json(event, begins, lang) for event in events],
    }
    return Answer(
        data=data,
        tables=(Table(columns, rows, title.text(lang)),),
        csv=_for_csv(events, begins, lang),
        notes=(sources.note,),
    )


def _whose(event: Event, lang: Language) -> str:
    return _FUND.text(lang) if event.idea is None else str(event.idea)


def _as_json(event: Event, begins: Month, lang: Language) -> dict[str, Any]:
    return {
        "month": str(begins + event.month),
        "idea": event.idea,
        "step": event.step,
        "what": event.what.text(lang),
        "amount_sek": None if event.amount is None else event.amount / 100,
        "guideline": event.guideline,
        "citations": [citation.as_json(lang) for citation in event.citations],
    }


def _for_csv(events: list[Event], begins: Month, lang: Language) -> Table:
    rows = [
        [
            str(begins + event.month),
            _whose(event, lang),
            event.step,
            event.what.text(lang),
            plain_kronor(event.amount),
            event.guideline,
            "; ".join(cited(citation, lang) for citation in event.citations),
        ]
        for event in events
    ]
    columns = [Column(words.text(lang), number=name == "amount") for name, words in _HEADS.items()]
    return Table(columns, rows)
