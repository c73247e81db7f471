"""Decisions on applications as tables (besluten): who may be funded under which policy, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

from sifrules.cli.check_ceilings import CEILINGS, EXCEEDED, EXCEEDED_IF
from sifrules.cli.check_steps import steps_described
from sifrules.cli.check_tracks import track_words, tracks_described
from sifrules.loading.application import Application
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.priorities import Rank
from sifrules.policy.wording import more_than_cost, small_cost
from sifrules.presentation.answer import Cite, cited
from sifrules.presentation.table import Column, Table
from sifrules.rules.decisions import Decision, Finding, Link, Outcome, Verdict
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import FACTS, application as of_application
from sifrules.rules.wording import (
    condition_words,
    finding_words,
    listed_facts,
    read_and_settled_words,
    value_words,
)
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.text import Language, same

_COST = of_application.cost
HEADS = {
    "application": Message("sif_check.heads_application"),
    "policy": Message("sif_check.heads_policy"),
    "outcome": Message("sif_check.heads_outcome"),
    "why": Message("sif_check.heads_why"),
    "stage": Message("sif_check.heads_stage"),
    "rule": Message("sif_check.heads_rule"),
    "demand": Message("sif_check.heads_demand"),
    "verdict": Message("sif_check.heads_verdict"),
    "reads": Message("sif_check.heads_reads"),
    "citation": Message("sif_check.heads_citation"),
    "track": Message("sif_check.heads_track"),
}
MARKS = {
    Outcome.ELIGIBLE: Message("sif_check.marks_eligible"),
    Outcome.NOT_ELIGIBLE: Message("sif_check.marks_not_eligible"),
    Outcome.CANNOT_TELL: Message("sif_check.marks_cannot_tell"),
}
_MATRIX = Message("sif_check.matrix")
_REASONS = Message("sif_check.reasons")
_MISSING = Message("sif_check.missing")
_MISSING_MORE = Message("sif_check.missing_more")
_CHAIN = Message("sif_check.chain")
_BY_DEFINITION = Message("sif_check.by_definition")
_ASSUMPTIONS = Message("sif_check.assumptions")
_ASSUMED = Message("sif_check.assumed")
_IS = Message("sif_check.is")
DOUBTS = Message("sif_check.doubts")
_PRIORITY = Message("sif_check.priority")
_RANK_OPEN = Message("sif_check.rank_open")


@frozen
class Decided:
    """One application decided under one policy."""

    application: Application
    policy: FundPolicy
    decision: Decision
    #: how it ranks where the money does not suffice; None where the guideline states no priority
    rank: Rank | None
    #: what allocation comes to without the fund, where that was not tried
    at_allocation: Decision | None = None

    @property
    def exceeded(self) -> tuple[Finding, ...]:
        """What of allocation it does not meet, whatever the fund holds."""
        return () if self.at_allocation is None else tuple(self.at_allocation.refusals)

    @property
    def tried(self) -> tuple[Decision, ...]:
        """The decisions whose rules are shown: on each track, where there are any."""
        return self.decision.tracks or (self.decision,)


def notes(
    pairs: list[Decided], read: list[Application], rules: bool, lang: Language
) -> list[tuple[Text, tuple[str, ...]]]:
    """What stands below: chains if all rules are shown, doubts, assumptions, ranks."""
    chain = [(_CHAIN, tuple(_chain(pairs, lang)))] if rules else []
    return [
        *chain,
        (DOUBTS, tuple(doubts(read, lang))),
        (CEILINGS, tuple(_ceilings(pairs, lang))),
        (_ASSUMPTIONS, tuple(_assumptions(pairs, lang))),
        (_PRIORITY, tuple(_ranks(pairs, lang))),
    ]


def matrix(
    pairs: list[Decided], read: list[Application], chosen: tuple[FundPolicy, ...], lang: Language
) -> Table:
    width = len(chosen)
    rows = [
        [
            application.name,
            *(_mark(pair, lang) for pair in pairs[at * width :][:width]),
        ]
        for at, application in enumerate(read)
    ]
    columns = [Column(HEADS["application"].text(lang), width=36)]
    columns += [Column(policy.id.replace("@", "\n@"), width=28) for policy in chosen]
    return Table(columns, rows, title=_MATRIX.text(lang))


def _mark(pair: Decided, lang: Language) -> str:
    """Whether an application is eligible, and on which track."""
    mark = MARKS[pair.decision.outcome].text(lang)
    if pair.decision.track is None or pair.decision.outcome is not Outcome.ELIGIBLE:
        return mark
    return f"{mark}: {track_words(pair.policy, pair.decision.track, lang)}"


#: With more decisions than this, a reason names the first missing facts and how many more.
_MANY = 24
_FIRST = 3


def reasons(pairs: list[Decided], lang: Language, cite: Cite) -> Table:
    columns = [
        Column(HEADS["application"].text(lang), width=30),
        Column(HEADS["policy"].text(lang), width=24),
        Column(HEADS["outcome"].text(lang)),
        Column(HEADS["why"].text(lang), width=48),
        Column(HEADS["citation"].text(lang), width=24),
    ]
    brief = len(pairs) > _MANY
    return Table(
        columns,
        [
            row
            for pair in pairs
            if not pair.decision.tracks
            for row in _reason_rows(pair, lang, cite, brief)
        ],
        title=_REASONS.text(lang),
    )


def _reason_rows(pair: Decided, lang: Language, cite: Cite, brief: bool) -> Iterator[list[str]]:
    """Every rule that is not met; or, where the outcome is open, what is missing."""
    decision = pair.decision
    head = [pair.application.name, decision.policy, decision.outcome.words.text(lang)]
    if decision.outcome is Outcome.NOT_ELIGIBLE:
        for finding in decision.refusals:
            yield [*head, finding_words(finding).text(lang), cite(finding.rule.citation)]
            head = ["", "", ""]
    elif decision.outcome is Outcome.CANNOT_TELL:
        open_rules = [f for f in decision.findings if f.verdict is Verdict.CANNOT_TELL]
        cited_rules = open_rules[:1] if brief else open_rules
        places = dict.fromkeys(cite(finding.rule.citation) for finding in cited_rules)
        yield [*head, _missing(pair.policy, decision, brief).text(lang), "; ".join(places)]


def _missing(policy: FundPolicy, decision: Decision, brief: bool) -> Text:
    names, known = decision.missing, policy.vocabulary
    if not brief or len(names) <= _FIRST + 1:
        return _MISSING.format(facts=listed_facts(names, known))
    first = listed_facts(names[:_FIRST], known)
    return _MISSING_MORE.format(facts=first, more=len(names) - _FIRST)


_RULE_WIDTHS = {"rule": None, "demand": 36, "verdict": None, "reads": 36, "citation": 26}


def rules_of(pair: Decided, decision: Decision, lang: Language, cite: Cite) -> Table:
    """Every rule of one decision, perhaps on one track."""
    columns = [Column(HEADS[name].text(lang), width=width) for name, width in _RULE_WIDTHS.items()]
    rows = [
        [
            finding.rule.id,
            finding.rule.demand.text(lang),
            finding.verdict.words.text(lang),
            read_and_settled_words(finding).text(lang),
            cite(finding.rule.citation),
        ]
        for finding in decision.findings
    ]
    outcome = decision.outcome.words.text(lang)
    about = [pair.application.name, decision.policy]
    if decision.track is not None:
        about.append(track_words(pair.policy, decision.track, lang))
    return Table(columns, rows, f"{', '.join(about)}: {outcome}")


def every_rule(pairs: list[Decided], lang: Language) -> Table:
    """Every rule of every decision in one long table, for CSV."""
    full = [
        (pair, each, rules_of(pair, each, lang, lambda citation: cited(citation, lang)))
        for pair in pairs
        for each in pair.tried
    ]
    on_tracks = ["track"] if any(pair.decision.tracks for pair in pairs) else []
    names = ("application", "policy", *on_tracks, "outcome", "stage", *_RULE_WIDTHS)
    rows = [
        [
            pair.application.name,
            each.policy,
            *(each.track or "" for _ in on_tracks),
            each.outcome.words.text(lang),
            finding.rule.stage.words.text(lang),
            *row,
        ]
        for pair, each, table in full
        for finding, row in zip(each.findings, table.rows, strict=True)
    ]
    return Table([Column(HEADS[name].text(lang)) for name in names], rows)


def _chain(pairs: list[Decided], lang: Language) -> Iterator[str]:
    for pair in pairs:
        for link in pair.decision.chain:
            yield _IS.format(
                policy=pair.decision.policy,
                application=pair.application.name,
                fact=link.derivation.fact.words,
                value=value_words(link.derivation.fact, link.value),
                source=_source(link),
            ).text(lang)


def _source(link: Link) -> Text:
    """Where it is stated that one fact follows from others."""
    cited = link.derivation.citation
    return _BY_DEFINITION if cited is None else same(str(cited))


def _assumptions(pairs: list[Decided], lang: Language) -> Iterator[str]:
    """What is taken for granted where the outcome of a rule depends on it."""
    for pair in pairs:
        for link in pair.decision.assumptions:
            fact, value = link.derivation.fact, link.value
            yield _ASSUMED.format(
                application=pair.application.name,
                policy=pair.decision.policy,
                assumption=link.assumption,
                fact=fact.words,
                value=value_words(fact, value),
            ).text(lang)


def doubts(read: Iterable[Application], lang: Language) -> Iterator[str]:
    """The amounts that contradict each other, or for which another unit was probably meant."""
    for each in read:
        for doubt in doubts_of(each):
            yield f"{each.name}: {doubt.text(lang)}"


def doubts_of(application: Application) -> Iterator[Text]:
    """What is doubtful in the amounts of one application."""
    amounts = {
        name: FACTS[name].value(stated)
        for name, stated in application.facts.items()
        if name in FACTS and FACTS[name].kind is Kind.MONEY
    }
    cost = amounts.get(_COST.name)
    found = (None if cost is None else small_cost(int(cost)), more_than_cost(amounts))
    yield from (each for each in found if each is not None)


def _ceilings(pairs: list[Decided], lang: Language) -> Iterator[str]:
    for pair in pairs:
        links = () if pair.at_allocation is None else pair.at_allocation.assumptions
        assumed = [link.assumption for link in links if link.assumption is not None]
        for finding in pair.exceeded:
            yield (
                (EXCEEDED_IF if assumed else EXCEEDED)
                .format(
                    application=pair.application.name,
                    policy=pair.policy.id,
                    why=finding_words(finding),
                    assumption=Joined(tuple(assumed), "; "),
                )
                .text(lang)
            )


def _ranks(pairs: list[Decided], lang: Language) -> Iterator[str]:
    for pair in pairs:
        if pair.rank is not None:
            words = pair.rank.words.text(lang)
            if pair.rank.unknown:
                facts = ", ".join(pair.rank.unknown)
                words = _RANK_OPEN.format(rank=words, facts=facts).text(lang)
            yield f"{pair.application.name}, {pair.decision.policy}: {words}"


def _rank_described(rank: Rank | None) -> dict[str, Any] | None:
    if rank is None:
        return None
    return {"places": list(rank.places), "points": rank.points, "unknown": list(rank.unknown)}


def described(pair: Decided, lang: Language) -> dict[str, Any]:
    decision = pair.decision
    return {
        "application": pair.application.name,
        "file": pair.application.origin,
        "policy": decision.policy,
        "engine": decision.engine,
        "outcome": decision.outcome,
        **tracks_described(decision),
        **steps_described(pair.policy, decision),
        "missing": list(decision.missing),
        "doubts": [doubt.text(lang) for doubt in doubts_of(pair.application)],
        "above_ceilings": [finding.rule.id for finding in pair.exceeded],
        "priority": _rank_described(pair.rank),
        "rules": [
            {
                "id": finding.rule.id,
                "stage": finding.rule.stage,
                "demand": finding.rule.demand.text(lang),
                "verdict": finding.verdict,
                "reads": finding.reads,
                "because": [condition_words(part).text(lang) for part in finding.because],
                "citation": finding.rule.citation.as_json(lang),
            }
            for finding in decision.findings
        ],
        "chain": [
            {
                "fact": link.derivation.fact.name,
                "value": link.value,
                "follows_from": [fact.name for fact in link.derivation.facts()],
                "citation": place.as_json(lang) if (place := link.derivation.citation) else None,
                "assumption": link.assumption.text(lang) if link.assumption else None,
            }
            for link in decision.chain
        ],
        "assumptions": [link.derivation.fact.name for link in decision.assumptions],
    }
