"""Logs (händelsetabeller) of what happened in a replication: ideas, events, investments, claims …

A table that is listed in `LOGS` is kept where it is asked for, a row for each thing that
happened, next to the policy and the replication in which it did. Months count from the beginning,
0 being the first; amounts are kronor, at the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from sifrules.plugin.simulation import Event, IdeaHistory, Portfolio, Step, committee_name
from sifrules.policy.ledger import FRAMES
from sifrules_simulation.model.breakdowns import YEARLY
from sifrules_simulation.model.committee_accounts import accounts_by_committee
from sifrules_simulation.model.rules_in_force import RulesInForce

#: What a column holds: whole numbers, numbers, texts or flags.
INT, FLOAT, TEXT, FLAG = "int", "float", "text", "flag"


@frozen(eq=False)
class Replicated:
    """One replication of one policy: what came of it, by which rules, and every event of it."""

    portfolio: Portfolio
    rules: RulesInForce
    events: Sequence[Event] = ()

    def guideline(self, month: int | None) -> str | None:
        """The guideline in force in a month."""
        return None if month is None else self.rules.at(month).adapter.policy.id

    @property
    def committees(self) -> int:
        """How many committees there are."""
        return int(self.portfolio.parameters["municipality.committees"])


@frozen(kw_only=True)
class LogTable:
    """A table of what happened: its columns with what they hold, and the rows of a replication.

    ``by_events`` says that it is made of events, which are published only where they are seen.
    """

    name: str
    columns: Mapping[str, str]
    rows: Callable[[Replicated], Iterator[tuple[Any, ...]]]
    by_events: bool = False

    @property
    def saved(self) -> dict[str, str]:
        """Its columns by what they are called next to those of other tables."""
        return {f"{self.name} {column}": column for column in self.columns}

    def lists(self, replicated: Replicated) -> dict[str, list[Any]]:
        """The columns of one replication, each as a list, by what they are saved as."""
        rows = list(self.rows(replicated))
        columns = zip(*rows, strict=True) if rows else ([] for _ in self.columns)
        return {name: list(column) for name, column in zip(self.saved, columns, strict=True)}


def _kronor(ore: int | None) -> float | None:
    return None if ore is None else ore / 100


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _ideas(of: Replicated) -> Iterator[tuple[Any, ...]]:
    for life in of.portfolio.lives:
        idea = life.idea
        yield (
            idea.number,
            committee_name(idea.committee),
            of.guideline(idea.arises if life.considered is None else life.considered),
            idea.arises,
            idea.origin,
            _kronor(idea.cost),
            idea.months,
            idea.delay,
            idea.lifetime,
            _kronor(idea.effect),
            _kronor(idea.human),
            _kronor(idea.outside),
            _kronor(idea.believed_effect),
            _kronor(idea.believed_human),
            idea.success,
            idea.cashable,
            idea.attributable,
            idea.evaluable,
            idea.regular,
            idea.viable,
            life.considered,
            life.chosen,
            life.applied,
            life.granted_in,
            life.ended_in,
            _text(life.stopped),
            "; ".join((*life.refused_by, *life.foreseen_by, *life.undecided_by)) or None,
            life.track,
        )


def _events(of: Replicated) -> Iterator[tuple[Any, ...]]:
    committees = {
        life.idea.number: committee_name(life.idea.committee) for life in of.portfolio.lives
    }
    for event in of.events:
        yield (
            event.month,
            event.idea,
            None if event.idea is None else committees[event.idea],
            str(event.step),
            _kronor(event.amount),
            event.guideline or None,
            "; ".join(map(str, event.citations)) or None,
        )


def _investments(of: Replicated) -> Iterator[tuple[Any, ...]]:
    paid = _paid(of)
    for life in of.portfolio.granted:
        yield (
            life.idea.number,
            committee_name(life.idea.committee),
            of.guideline(life.granted_in),
            life.granted_in,
            life.ended_in,
            life.evaluated_in,
            _kronor(life.applied_for),
            _kronor(life.spent),
            _kronor(life.own_spent),
            life.scale,
            _text(life.outcome),
            life.evaluated,
            life.implemented,
            life.claims,
            _kronor(life.claimed),
            _kronor(paid.get(life.idea.number, 0)),
            life.unsettled,
            life.track,
        )


def _paid(of: Replicated) -> dict[int, int]:
    """What was paid back of each idea's claims by committees, with fees (öre)."""
    found: dict[int, int] = {}
    for posting in of.portfolio.ledger.postings:
        if posting.credit[0] == FRAMES and posting.investment.startswith(_IDEA):
            number = int(posting.investment.removeprefix(_IDEA))
            found[number] = found.get(number, 0) + int(posting.amount)
    return found


_IDEA = "idea "
#: The events that a table of claims is made of.
_OF_CLAIMS = (Step.CLAIMED, Step.PAID, Step.WRITTEN_DOWN, Step.EXEMPTED)


def _claims(of: Replicated) -> Iterator[tuple[Any, ...]]:
    committees = {life.idea.number: life.idea.payer for life in of.portfolio.lives}
    for event in of.events:
        if event.step in _OF_CLAIMS and event.idea is not None:
            about: Any = event.what.arguments["about"]
            payer = about.text("en") if event.step is Step.PAID else committees[event.idea]
            yield (
                event.month,
                event.idea,
                payer,
                str(event.step),
                _kronor(event.amount),
                event.guideline or None,
                "; ".join(map(str, event.citations)) or None,
            )


def _committees(of: Replicated) -> Iterator[tuple[Any, ...]]:
    accounts = accounts_by_committee(of.portfolio)
    lives: dict[int, list[IdeaHistory]] = {number: [] for number in range(of.committees)}
    for life in of.portfolio.lives:
        lives[life.idea.committee].append(life)
    for number, (granted, returned, effect) in enumerate(accounts.tolist()):
        own = lives[number]
        yield (
            committee_name(number),
            len(own),
            sum(life.applied is not None for life in own),
            sum(life.granted for life in own),
            granted,
            returned,
            effect,
        )


def _panel(of: Replicated) -> Iterator[tuple[Any, ...]]:
    for year, row in enumerate(YEARLY.compute(of.portfolio).tolist(), 1):
        yield (year, *row)


#: Every table by name; what each of its columns holds.
LOGS = {
    each.name: each
    for each in (
        LogTable(
            name="ideas",
            columns={
                "idea": INT,
                "committee": TEXT,
                "guideline": TEXT,
                "arises": INT,
                "origin": TEXT,
                "cost": FLOAT,
                "months": INT,
                "delay": INT,
                "lifetime": INT,
                "effect": FLOAT,
                "human": FLOAT,
                "outside": FLOAT,
                "believed_effect": FLOAT,
                "believed_human": FLOAT,
                "success": FLOAT,
                "cashable": FLOAT,
                "attributable": FLOAT,
                "evaluable": FLAG,
                "regular": FLAG,
                "viable": FLAG,
                "considered": INT,
                "chosen": FLAG,
                "applied": INT,
                "granted": INT,
                "ended": INT,
                "stopped": TEXT,
                "stopped_by": TEXT,
                "track": TEXT,
            },
            rows=_ideas,
        ),
        LogTable(
            name="events",
            columns={
                "month": INT,
                "idea": INT,
                "committee": TEXT,
                "activity": TEXT,
                "amount": FLOAT,
                "guideline": TEXT,
                "citation": TEXT,
            },
            rows=_events,
            by_events=True,
        ),
        LogTable(
            name="investments",
            columns={
                "idea": INT,
                "committee": TEXT,
                "guideline": TEXT,
                "granted": INT,
                "ended": INT,
                "evaluated": INT,
                "applied_for": FLOAT,
                "spent": FLOAT,
                "own_spent": FLOAT,
                "scale": FLOAT,
                "outcome": TEXT,
                "effect_measured": FLAG,
                "implemented": FLAG,
                "claims": INT,
                "claimed": FLOAT,
                "paid_back": FLOAT,
                "unsettled": FLAG,
                "track": TEXT,
            },
            rows=_investments,
        ),
        LogTable(
            name="claims",
            columns={
                "month": INT,
                "idea": INT,
                "committee": TEXT,
                "entry": TEXT,
                "amount": FLOAT,
                "guideline": TEXT,
                "citation": TEXT,
            },
            rows=_claims,
            by_events=True,
        ),
        LogTable(
            name="committee_runs",
            columns={
                "committee": TEXT,
                "ideas": INT,
                "applications": INT,
                "grants": INT,
                "granted": FLOAT,
                "returned": FLOAT,
                "effect": FLOAT,
            },
            rows=_committees,
        ),
    )
}
#: The yearly panel. A comparison has it in any case, as one of its breakdowns.
PANEL = LogTable(
    name="panel", columns={"year": INT, **dict.fromkeys(YEARLY.columns, FLOAT)}, rows=_panel
)
#: All that can be asked for by name.
ALL_LOGS = {**LOGS, PANEL.name: PANEL}
