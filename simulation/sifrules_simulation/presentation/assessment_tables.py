"""Whether a project is worth applying for, as tables (bedömningen i tabeller)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from textwrap import fill
from typing import Any

from attrs import frozen

from sifrules.plugin.simulation import ProjectOutcome
from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.money import kronor
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.analysis.assessment import Dependence, PolicyAssessment, Valuation
from sifrules_simulation.analysis.cash_flows import Flow, OutcomeFlows
from sifrules_simulation.analysis.paying_effects import EffectSpan
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.presentation.formatting import parameter_value, unit_of

#: The ways in which a project may turn out.
OUTCOMES = {
    ProjectOutcome.AS_HOPED: Message("assessment.outcome_as_hoped"),
    ProjectOutcome.PARTLY: Message("assessment.outcome_partly"),
    ProjectOutcome.FAILS: Message("assessment.outcome_fails"),
}
_POLICY = Message("assessment.policy")
_NONE = "–"
#: With more policies than this the years and what the answer depends on are left to the files.
FEW = 3
#: So many of the parameters on which an answer depends are shown.
_STRONGEST = 6


@frozen
class _Figure:
    """A column of amounts: its heading, and the amount of a policy (öre), None where unknown."""

    head: Text
    of: Callable[[PolicyAssessment], int | None]


def _claimed(outcome: OutcomeFlows) -> int | None:
    return outcome.settlement.total if outcome.settlement.settled else None


def _net(outcome: OutcomeFlows) -> int | None:
    return outcome.in_all.net if outcome.settlement.settled else None


def _by_outcome(head: Text, amount: Callable[[OutcomeFlows], int | None]) -> Iterator[_Figure]:
    """A column for each way in which a project may turn out."""
    for way, words in OUTCOMES.items():

        def of(each: PolicyAssessment, way: ProjectOutcome = way) -> int | None:
            found = [outcome for outcome in each.outcomes if outcome.outcome is way]
            return amount(found[0]) if found else None

        yield _Figure(head.format(outcome=words), of)


_FIGURES = (
    _Figure(Message("assessment.granted"), lambda each: each.granted),
    *_by_outcome(Message("assessment.claims_if"), _claimed),
    *_by_outcome(Message("assessment.net_if"), _net),
)
#: The effects at which applying pays, with and without the human gains.
_PAYS_AT: tuple[tuple[Text, Callable[[PolicyAssessment], tuple[EffectSpan, ...]]], ...] = (
    (Message("assessment.pays_at"), lambda each: each.pays_at),
    (Message("assessment.pays_at_in_money"), lambda each: each.pays_at_in_money),
)
_TERMS: dict[str, tuple[Text, int]] = {
    "human": (Message("assessment.term_human"), 1),
    "savings": (Message("assessment.term_savings"), 1),
    "claims": (Message("assessment.term_claims"), -1),
    "risk": (Message("assessment.term_risk"), -1),
    "burden": (Message("assessment.term_burden"), -1),
    "if_granted": (Message("assessment.term_if_granted"), 1),
    "effort": (Message("assessment.term_effort"), -1),
    "worth": (Message("assessment.term_worth"), 1),
}
_CHANCE = Message("assessment.term_chance")
_FLOW = {
    "savings": Message("assessment.flow_savings"),
    "claims": Message("assessment.flow_claims"),
    "own_share": Message("assessment.flow_own_share"),
    "own_work": Message("assessment.flow_own_work"),
    "net": Message("assessment.flow_net"),
    "claims_on_others": Message("assessment.flow_claims_on_others"),
}
_OUTCOME, _YEAR = Message("assessment.outcome"), Message("assessment.year")
_CHANCE_OF = Message("assessment.chance")
_IN_ALL = Message("assessment.in_all")
_PAYS = Message("assessment.pays")
_DEPENDS = {
    "parameter": Message("assessment.depends_parameter"),
    "range": Message("assessment.depends_range"),
    "worth_low": Message("assessment.depends_worth_low"),
    "worth_high": Message("assessment.depends_worth_high"),
    "turns": Message("assessment.depends_turns"),
}
_ELIGIBLE = Message("assessment.eligible")
_YES, _NO = Message("assessment.yes"), Message("assessment.no")


def tables(found: Sequence[PolicyAssessment], given: Scenario, lang: Language) -> list[Table]:
    """The answer and its terms; for few policies also the years and what it depends on."""
    made = [_answers(found, lang), _terms(found, lang)]
    if len(found) <= FEW:
        made += [_years(each, lang) for each in found if each.outcomes]
        made += [_dependences(each, given, lang) for each in found if each.depends_on]
    return made


def _answers(found: Sequence[PolicyAssessment], lang: Language) -> Table:
    columns = [Column(_POLICY.text(lang), width=24), Column(_ELIGIBLE.text(lang), width=14)]
    columns += [Column(_headed(each.head, lang), number=True, width=12) for each in _FIGURES]
    columns.append(Column(_headed(_PAYS, lang)))
    columns += [Column(_headed(head, lang), number=True, width=16) for head, _ in _PAYS_AT]
    rows = [
        [
            each.policy.id,
            _eligible(each, lang),
            *(_millions(figure.of(each), lang) for figure in _FIGURES),
            _pays(each, lang),
            *(_spans(of(each), each, lang) for _, of in _PAYS_AT),
        ]
        for each in found
    ]
    return Table(columns, rows, Message("assessment.answer", unit=_unit()).text(lang))


def _terms(found: Sequence[PolicyAssessment], lang: Language) -> Table:
    columns = [Column(_POLICY.text(lang), width=24)]
    for name, (head, _) in _TERMS.items():
        if name == "effort":
            columns.append(Column(_headed(_CHANCE, lang), number=True))
        columns.append(Column(_headed(head, lang), number=True, width=12))
    rows = [
        [each.policy.id, *_term_cells(each.valuation, lang)]
        for each in found
        if each.valuation is not None
    ]
    return Table(columns, rows, Message("assessment.terms", unit=_unit()).text(lang))


def _term_cells(valued: Valuation, lang: Language) -> Iterator[str]:
    for name, (_, sign) in _TERMS.items():
        if name == "effort":
            yield written(valued.grant_chance, ".2f", lang)
        yield written(sign * getattr(valued, name) / 1e6, "+,.2f", lang)


def _years(each: PolicyAssessment, lang: Language) -> Table:
    columns = [Column(_OUTCOME.text(lang)), Column(_YEAR.text(lang))]
    columns += [Column(_headed(words, lang), number=True) for words in _FLOW.values()]
    rows = []
    for way in each.outcomes:
        head = OUTCOMES[way.outcome].text(lang)
        years = [(str(year), flow) for year, flow in way.years.items()]
        for label, flow in (*years, (_IN_ALL.text(lang), way.in_all)):
            rows.append([head, label, *(_millions(v, lang) for v in _flow(way, flow))])
            head = ""
    title = Message("assessment.years", policy=each.policy.id, unit=_unit())
    return Table(columns, rows, title.text(lang))


def _flow(way: OutcomeFlows, flow: Flow) -> list[int | None]:
    """The amounts of a year; what depends on claims is unknown where these cannot be details."""
    unknown = () if way.settlement.settled else ("claims", "net", "claims_on_others")
    return [None if name in unknown else getattr(flow, name) for name in _FLOW]


def every_dependence(found: Sequence[PolicyAssessment], given: Scenario, lang: Language) -> Table:
    """All that the answer depends on under each policy, in kronor, for a workbook."""
    columns = [Column(_POLICY.text(lang))]
    columns += [
        Column(words.text(lang), number=name.startswith("worth"))
        for name, words in _DEPENDS.items()
    ]
    rows = [
        [
            each.policy.id,
            given.stated[of.path].words.text(lang),
            _range(of, given, lang),
            f"{of.worth_low:.0f}",
            f"{of.worth_high:.0f}",
            (_YES if of.turns else _NO).text(lang),
        ]
        for each in found
        for of in each.depends_on
    ]
    return Table(columns, rows)


def _range(found: Dependence, given: Scenario, lang: Language) -> str:
    unit = given.stated[found.path].unit
    return "–".join(parameter_value(end, unit, lang) for end in (found.low, found.high))


def _dependences(each: PolicyAssessment, given: Scenario, lang: Language) -> Table:
    columns = [
        Column(words.text(lang), number=name.startswith("worth"), width=44)
        for name, words in _DEPENDS.items()
    ]
    rows = [
        [
            given.stated[found.path].words.text(lang),
            _range(found, given, lang),
            written(found.worth_low / 1e6, "+,.2f", lang),
            written(found.worth_high / 1e6, "+,.2f", lang),
            (_YES if found.turns else _NO).text(lang),
        ]
        for found in each.depends_on[:_STRONGEST]
    ]
    title = Message("assessment.depends", policy=each.policy.id, unit=_unit())
    return Table(columns, rows, title.text(lang))


def every_year(found: Sequence[PolicyAssessment], lang: Language) -> Table:
    """Each year of each outcome under each policy, in whole kronor, without sums; for CSV."""
    columns = [Column(_POLICY.text(lang)), Column(_ELIGIBLE.text(lang))]
    columns += [Column(_OUTCOME.text(lang)), Column(_CHANCE_OF.text(lang), number=True)]
    columns.append(Column(_YEAR.text(lang), number=True))
    sek = unit_of("SEK").saved.text(lang)
    columns += [Column(f"{words.text(lang)} ({sek})", number=True) for words in _FLOW.values()]
    rows = [
        [
            each.policy.id,
            _eligible(each, lang),
            OUTCOMES[way.outcome].text(lang),
            f"{way.chance:.4g}",
            str(year),
            *map(_whole_kronor, _flow(way, flow)),
        ]
        for each in found
        for way in each.outcomes
        for year, flow in way.years.items()
    ]
    return Table(columns, rows)


def _whole_kronor(amount: float | None) -> str:
    """Öre in whole kronor for a spreadsheet, halves to even; nothing where it is not known."""
    return "" if amount is None else str(round(Fraction(amount) / 100))


def answers_in_kronor(found: Sequence[PolicyAssessment], lang: Language) -> Table:
    """The answer in whole kronor, for a workbook."""
    sek = unit_of("SEK").saved.text(lang)
    columns = [Column(_POLICY.text(lang)), Column(_ELIGIBLE.text(lang)), Column(_PAYS.text(lang))]
    columns += [Column(f"{each.head.text(lang)} ({sek})", number=True) for each in _FIGURES]
    columns += [Column(f"{head.text(lang)} ({sek})") for head, _ in _PAYS_AT]
    terms = [(name, head) for name, (head, _) in _TERMS.items()]
    columns += [Column(f"{head.text(lang)} ({sek})", number=True) for _, head in terms]
    rows = [
        [
            each.policy.id,
            _eligible(each, lang),
            _pays(each, lang),
            *(_whole_kronor(figure.of(each)) for figure in _FIGURES),
            *(_spans(of(each), each, lang, _in_kronor) for _, of in _PAYS_AT),
            *(
                "" if each.valuation is None else f"{sign * getattr(each.valuation, name):.0f}"
                for name, (_, sign) in _TERMS.items()
            ),
        ]
        for each in found
    ]
    return Table(columns, rows)


def as_data(each: PolicyAssessment, lang: Language) -> dict[str, Any]:
    """One policy's assessment for JSON, amounts in kronor."""
    project = each.project.project
    return {
        "policy": each.policy.id,
        "outcome": each.decision.outcome,
        "outcome_within_limits": None if each.cut is None else each.cut.outcome,
        "track": each.decision.track,
        "missing": list((each.cut or each.decision).missing),
        "refused_by": [finding.rule.id for finding in each.decision.refusals],
        "cost_sek": kronor(project.cost),
        "applied_for_sek": kronor(project.applied_for),
        "granted_sek": _kronor(each.granted),
        "outcomes": [_outcome_data(way, lang) for way in each.outcomes],
        "valuation": None
        if each.valuation is None
        else {
            **{name: getattr(each.valuation, name) for name in _TERMS},
            "grant_chance": each.valuation.grant_chance,
            "pays": each.valuation.pays,
        },
        "least_effect_sek": _kronor(each.least_effect),
        "least_effect_in_money_sek": _kronor(each.least_effect_in_money),
        "pays_at": _span_data(each.pays_at),
        "pays_at_in_money": _span_data(each.pays_at_in_money),
        "depends_on": [
            {
                "parameter": found.path,
                "low": found.low,
                "high": found.high,
                "worth_low": found.worth_low,
                "worth_high": found.worth_high,
                "turns": found.turns,
            }
            for found in each.depends_on
        ],
        "assumed": list(each.assumed),
    }


def _outcome_data(way: OutcomeFlows, lang: Language) -> dict[str, Any]:
    settled = way.settlement
    return {
        "outcome": way.outcome,
        "chance": way.chance,
        "claims_sek": _kronor(_claimed(way)),
        "net_sek": _kronor(_net(way)),
        "reason": None if settled.reason is None else settled.reason.text(lang),
        "years": [
            {"year": year}
            | {
                f"{name}_sek": _kronor(amount)
                for name, amount in zip(_FLOW, _flow(way, flow), strict=True)
            }
            for year, flow in way.years.items()
        ],
    }


def _eligible(each: PolicyAssessment, lang: Language) -> str:
    """Whether the application may be funded, and if it may once it is cut to the limits."""
    words = each.decision.outcome.words
    if each.cut is None:
        return words.text(lang)
    return Message("assessment.eligible_cut", written=words, cut=each.cut.outcome.words).text(lang)


def _pays(each: PolicyAssessment, lang: Language) -> str:
    if each.valuation is None:
        return _NONE
    return (_YES if each.valuation.pays else _NO).text(lang)


def _millions(amount: int | None, lang: Language) -> str:
    return _NONE if amount is None else written(amount / 1e8, ",.2f", lang)


def _spans(
    spans: Sequence[EffectSpan],
    each: PolicyAssessment,
    lang: Language,
    amount: Callable[[int, Language], str] = _millions,
) -> str:
    """Effects as "from 3.20", "up to 7.62" or "2.10–7.62"; where none pays, that."""
    if each.valuation is None:
        return _NONE
    if not spans:
        return Message("assessment.no_effect").text(lang)
    return "; ".join(_span(span, lang, amount) for span in spans)


def _span(span: EffectSpan, lang: Language, amount: Callable[[int, Language], str]) -> str:
    low = amount(span.least, lang)
    if span.most is None:
        code = "assessment.from_effect" if span.least else "assessment.any_effect"
        return Message(code, low=low).text(lang)
    high = amount(span.most, lang)
    return f"{low}–{high}" if span.least else Message("assessment.to_effect", high=high).text(lang)


def _in_kronor(amount: int, lang: Language) -> str:
    return written(amount // 100, ",d", lang)


def _span_data(spans: Sequence[EffectSpan]) -> list[dict[str, int | float | None]]:
    return [{"least_sek": _kronor(each.least), "most_sek": _kronor(each.most)} for each in spans]


def _headed(words: Text, lang: Language) -> str:
    return fill(words.text(lang), 12, break_long_words=False).replace("\n", " \n")


def _unit() -> Text:
    return unit_of("SEK").shown


def _kronor(amount: int | None) -> int | float | None:
    return None if amount is None else kronor(amount)
