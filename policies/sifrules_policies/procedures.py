"""Procedures (handläggning): who may apply, with what, when, and what is reported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from attrs import frozen

from sifrules.errors import SifError, nearest
from sifrules.policy.parts import Part, Slot, clause, not_negative, positive
from sifrules.policy.wording import either
from sifrules.rules.conditions import Fact
from sifrules.rules.rulebook import Rule, Stage
from sifrules.rules.vocabulary import REQUIRED_PARTS, application, parts
from sifrules.rules.wording import months_words
from sifrules.values.dates import month_names
from sifrules.values.messages import Message
from sifrules.values.text import LANGUAGES, LocalizedText

Applicant = Literal[
    "committee", "administration", "municipal_company", "civil_society", "public_body", "company"
]


def _known_parts(names: tuple[str, ...]) -> Message | None:
    for name in names:
        if name not in REQUIRED_PARTS:
            return Message(
                "expected.names_of_parts", name=name, advice=nearest(name, REQUIRED_PARTS)
            )
    return None


def _part_words(names: tuple[str, ...]) -> LocalizedText:
    each = [REQUIRED_PARTS[name] for name in names]
    return LocalizedText(**{lang: "; ".join(w.text(lang) for w in each) for lang in LANGUAGES})


def _calendar_months(months: tuple[int, ...]) -> Message | None:
    in_order = list(months) == sorted(set(months))
    return None if in_order and set(months) <= set(range(1, 13)) else Message("expected.closing")


def _month_words(months: tuple[int, ...]) -> LocalizedText:
    named = {lang: [month_names(lang)[month - 1] for month in months] for lang in LANGUAGES}
    return LocalizedText(**{lang: ", ".join(names) for lang, names in named.items()})


@frozen(kw_only=True)
class Procedure(Part):
    """How an idea becomes an investment (handläggningsordning).

    Who may apply and which parts the application must have become rules at the
    application stage, and so do the approvals that must be in place when it is handed
    in. The rest (windows, closing months, lead time, reports) is read by the simulation and shown.
    Where it ``decides_idea_first``, what reads no money is decided first and the amount later.

    >>> from sifrules.values.citations import Citation
    >>> ours = Procedure(
    ...     path="procedure",
    ...     sources={"": Citation("Example guideline")},
    ...     applicants=("committee", "administration"),
    ...     required_parts=("budget", "return_plan"),
    ... )
    >>> for rule in ours.rules():
    ...     print(rule.id)
    procedure.applicants
    procedure.required_parts.budget
    procedure.required_parts.return_plan
    """

    slot: ClassVar[Slot] = Slot.PROCEDURE
    kind: ClassVar[str] = "procedure"
    words: ClassVar[LocalizedText] = LocalizedText(sv="handläggning", en="procedure")

    applicants: tuple[Applicant, ...] = clause("får ansöka", "may apply", default=())
    idea_test: bool | None = clause("idéprövning först", "idea test first")
    required_parts: tuple[str, ...] = clause(
        "ansökan ska innehålla",
        "the application must contain",
        default=(),
        check=_known_parts,
        say=_part_words,
    )
    windows_per_year: int | None = clause(
        "ansökningsperioder per år", "application windows a year", check=positive
    )
    closing: tuple[int, ...] = clause(
        "sista ansökan i",
        "applications close in",
        default=(),
        check=_calendar_months,
        say=_month_words,
    )
    lead_time_at_least: int | None = clause(
        "från behov till beslut, minst",
        "from need to decision, at least",
        check=not_negative,
        say=months_words,
    )
    lead_time_at_most: int | None = clause(
        "från behov till beslut, högst",
        "from need to decision, at most",
        check=not_negative,
        say=months_words,
    )
    decides_idea_first: bool | None = clause(
        "idén beslutas först, beloppet senare", "the idea is decided first, the amount later"
    )
    amount_lead_at_least: int | None = clause(
        "från beslut om idén till beslut om beloppet, minst",
        "from the decision on the idea to that on the amount, at least",
        check=not_negative,
        say=months_words,
    )
    amount_lead_at_most: int | None = clause(
        "från beslut om idén till beslut om beloppet, högst",
        "from the decision on the idea to that on the amount, at most",
        check=not_negative,
        say=months_words,
    )
    scientific_opinion: bool | None = clause("vetenskapligt utlåtande", "scientific opinion")
    head_approves: bool | None = clause(
        "förvaltnings- eller kontorschef godkänner", "the head of administration approves"
    )
    committee_informed: bool | None = clause("berörd nämnd informeras", "the committee is informed")
    committees_heard: bool | None = clause(
        "berörda nämnder får lämna synpunkter", "the committees concerned may comment"
    )
    method_manual: bool | None = clause("metodmanual före start", "method manual before the start")
    half_time_report: bool | None = clause("halvtidsuppföljning", "half-time follow-up")
    final_report: bool | None = clause(
        "slutrapport eller slututvärdering", "final report or evaluation"
    )
    yearly_report: bool | None = clause(
        "redovisas i årsbokslutet", "reported in the annual accounts"
    )
    usual_duration: int | None = clause(
        "vanlig projekttid", "usual project time", check=positive, say=months_words
    )
    support: LocalizedText | None = clause("centralt stöd", "central support")
    preparation: LocalizedText | None = clause("beredning", "preparation")
    implementation: LocalizedText | None = clause("implementering", "implementation")

    def __attrs_post_init__(self) -> None:
        low, high = self.lead_time_at_least, self.lead_time_at_most
        if low is not None and high is not None and low > high:
            raise SifError(Message("procedures.lead_time_reversed"))
        low, high = self.amount_lead_at_least, self.amount_lead_at_most
        if low is not None and high is not None and low > high:
            raise SifError(Message("procedures.amount_lead_reversed"))
        if (low is not None or high is not None) and not self.decides_idea_first:
            raise SifError(Message("procedures.amount_lead_alone"))
        if self.closing and self.windows_per_year not in (None, len(self.closing)):
            raise SifError(Message("procedures.closing_differs", n=len(self.closing)))

    def rules(self) -> Iterable[Rule]:
        if self.applicants:
            demand = LocalizedText(
                sv="ansökan kommer från {who}", en="the application comes from {who}"
            )
            yield self.rule(
                Stage.APPLICATION,
                application.applicant.one_of(*self.applicants),
                demand.format(who=either(self.applicants)),
                "applicants",
            )
        for name in self.required_parts:
            fact = getattr(parts, name)
            rule = self.rule(Stage.APPLICATION, fact, fact.words, "required_parts")
            yield Rule(f"{rule.id}.{name}", rule.stage, rule.demand, fact, rule.citation)
        yield from self._approvals()

    @property
    def reports(self) -> int:
        """How many manuals, reports and evaluations are demanded of a granted investment."""
        wanted = (self.method_manual, self.half_time_report, self.final_report, self.yearly_report)
        return sum(map(bool, wanted))

    def _approvals(self) -> Iterable[Rule]:
        approvals: tuple[tuple[str, bool | None, Fact], ...] = (
            ("scientific_opinion", self.scientific_opinion, application.scientific_opinion),
            ("head_approves", self.head_approves, application.head_approves),
            ("committee_informed", self.committee_informed, application.committee_informed),
            ("committees_heard", self.committees_heard, application.committees_heard),
        )
        for name, demanded, fact in approvals:
            if demanded:
                yield self.rule(Stage.APPLICATION, fact, fact.words, name)


PARTS = (Procedure,)
