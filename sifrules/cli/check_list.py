"""Lists of applications in ``sif check``: decided by columns, one row an application."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from sifrules.cli.check_ceilings import CEILINGS, EXCEEDED, exceeded_by_rows
from sifrules.cli.check_tables import DOUBTS, HEADS, MARKS, doubts, doubts_of
from sifrules.loading.application import Application
from sifrules.policy.decide import stages_for
from sifrules.policy.decide_many import decide_many
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.tracks import NAMED
from sifrules.presentation.answer import Answer, Cite, Sources, cited
from sifrules.presentation.table import Column, Table
from sifrules.presentation.workbook import Sheet, sheet_of, write_workbook
from sifrules.rules.conditions import SHARE_STEPS, Fact, Value
from sifrules.rules.decisions import Outcome, Verdict
from sifrules.rules.kinds import Kind
from sifrules.rules.rulebook import Rule, Stage
from sifrules.rules.vocabulary import Vocabulary
from sifrules.rules.wording import listed_facts
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language

if TYPE_CHECKING:
    import polars as pl

#: Longer lists are counted on the terminal; each application is in the other forms.
_SHOWN = 60
#: So many answers are shown with their reasons.
_EXPLAINED = 20
_COUNTS = Message("check_list.counts")
_REASONS = Message("sif_check.reasons")
_MATRIX = Message("sif_check.matrix")
_MISSING = Message("sif_check.missing")
_NEEDS = Message("check_list.needs")
_FACT, _WORDS = Message("check_list.fact"), Message("check_list.words")
_ELSEWHERE, _WRITTEN = Message("check_list.elsewhere"), Message("check_list.written")
_NOTES = Message("check_list.notes")
#: The column that gives a table its rows where nothing is known.
_ROW = "list row"
_MORE_CEILINGS = Message("check_list.ceilings_counted")
_SHEETS = {
    "matrix": Message("check_list.sheet_matrix"),
    "reasons": Message("check_list.sheet_reasons"),
    "missing": Message("check_list.sheet_missing"),
    "doubts": Message("check_list.sheet_doubts"),
    "ceilings": Message("check_list.sheet_ceilings"),
}


@frozen(slots=False)
class Under:
    """All applications decided under one policy, in their order."""

    policy: FundPolicy
    frame: pl.DataFrame
    #: whether allocation is left out because nothing is said of the fund
    without_allocation: bool = False

    @cached_property
    def exceeded(self) -> list[list[Rule]]:
        """The rules of allocation that each does not meet, where it is not refused already."""
        if not self.without_allocation:
            return [[] for _ in self.outcomes]
        known = (*self.policy.vocabulary, NAMED, _ROW)
        facts = self.frame.select(name for name in self.frame.columns if name in known)
        found = exceeded_by_rows(self.policy, facts, self.tracks, self._rules)
        return [
            [] if outcome is Outcome.NOT_ELIGIBLE else over
            for outcome, over in zip(self.outcomes, found, strict=True)
        ]

    @cached_property
    def outcomes(self) -> list[Outcome]:
        return [Outcome(each) for each in self.frame["outcome"].to_list()]

    @cached_property
    def missing(self) -> list[list[str]]:
        """The missing facts that leave rules open, for each application."""
        return self.frame["missing"].to_list()

    @cached_property
    def tracks(self) -> list[str | None]:
        """The track that each goes to; None where the fund has none."""
        if "track" not in self.frame.columns:
            return [None] * self.frame.height
        return self.frame["track"].to_list()

    @cached_property
    def refused_by(self) -> list[list[Rule]]:
        """The rules that each does not meet."""
        names = [name for name in self.frame.columns if name.startswith("rule:")]
        rows = self.frame.select(names).iter_rows()
        rules = [self._rules[name.removeprefix("rule:")] for name in names]
        return [
            [rule for rule, verdict in zip(rules, row, strict=True) if verdict == Verdict.NOT_MET]
            for row in rows
        ]

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for seen in self.policy.on_tracks for rule in seen.rulebook.rules}


@frozen
class DecidedList:
    """A list of applications decided under some policies."""

    applications: Sequence[Application]
    under: Sequence[Under]

    @property
    def all_eligible(self) -> bool:
        return all(each is Outcome.ELIGIBLE for under in self.under for each in under.outcomes)

    def answer(self, form: str, lang: Language, file: Path | None = None) -> Answer:
        """The matrix and the reasons; where these are many the matrix, of a long list counts.

        ``file`` is the workbook that was written, which has them all.

        What only JSON or only CSV has is not made for another form: a list may be long.
        """
        sources = Sources(lang)
        answers = len(self.applications) * len(self.under)
        if len(self.applications) > _SHOWN:
            tables: tuple[Table, ...] = (self._counts(lang),)
        elif len(self.applications) > 1 and answers > _EXPLAINED:
            tables = (self.matrix(lang),)
        else:
            tables = (self.matrix(lang), self.reasons(lang, sources))
        elsewhere = _ELSEWHERE if file is None else _WRITTEN.format(file=file)
        told = len(tables) == 1 or file is not None
        notes = ((_NOTES, (elsewhere.text(lang),)),) if told else ()
        return Answer(
            data=self._described(lang) if form == "json" else None,
            tables=tables,
            csv=self.matrix(lang) if form == "csv" else Table((), ()),
            notes=(
                *notes,
                (DOUBTS, tuple(doubts(self.applications, lang))),
                (CEILINGS, tuple(self._ceilings(lang))),
                sources.note,
            ),
        )

    def write(self, file: Path, lang: Language) -> None:
        """One workbook with the matrix, the reasons and what is missing."""
        write_workbook(
            (
                sheet_of(_SHEETS["matrix"].text(lang), self.matrix(lang)),
                sheet_of(
                    _SHEETS["reasons"].text(lang),
                    self.reasons(lang, lambda citation: cited(citation, lang)),
                ),
                self._missing_sheet(lang),
                *self._doubts_sheet(lang),
                *self._ceilings_sheet(lang),
            ),
            file,
        )

    def matrix(self, lang: Language) -> Table:
        """A row for each application, a column for each policy."""
        marks = {outcome: words.text(lang) for outcome, words in MARKS.items()}
        columns = [Column(HEADS["application"].text(lang), width=36)]
        columns += [Column(each.policy.id.replace("@", "\n@"), width=28) for each in self.under]
        given = zip(*(each.outcomes for each in self.under), strict=True)
        rows = [
            [application.name, *(marks[outcome] for outcome in outcomes)]
            for application, outcomes in zip(self.applications, given, strict=True)
        ]
        return Table(columns, rows, title=_MATRIX.text(lang))

    def reasons(self, lang: Language, cite: Cite) -> Table:
        """Every rule that is not met; or, where the outcome is open, what is missing."""
        columns = [
            Column(HEADS["application"].text(lang), width=30),
            Column(HEADS["policy"].text(lang), width=24),
            Column(HEADS["outcome"].text(lang)),
            Column(HEADS["why"].text(lang), width=48),
            Column(HEADS["citation"].text(lang), width=24),
        ]
        return Table(columns, list(self._reasons(lang, cite)), title=_REASONS.text(lang))

    def _reasons(self, lang: Language, cite: Cite) -> Iterator[list[str]]:
        for at, application in enumerate(self.applications):
            for under in self.under:
                outcome = under.outcomes[at]
                head = [application.name, under.policy.id, outcome.words.text(lang)]
                if outcome is Outcome.NOT_ELIGIBLE:
                    for rule in under.refused_by[at]:
                        yield [*head, _not_met(rule, lang), cite(rule.citation)]
                elif outcome is Outcome.CANNOT_TELL:
                    facts = listed_facts(under.missing[at], under.policy.vocabulary)
                    yield [*head, _MISSING.format(facts=facts).text(lang), ""]

    def _counts(self, lang: Language) -> Table:
        columns = [Column(HEADS["policy"].text(lang))]
        columns += [Column(outcome.words.text(lang), number=True) for outcome in Outcome]
        rows = []
        for under in self.under:
            counts = Counter(under.outcomes)
            rows.append([under.policy.id, *(str(counts[outcome]) for outcome in Outcome)])
        title = _COUNTS.format(n=len(self.applications))
        return Table(columns, rows, title=title.text(lang))

    def _missing_sheet(self, lang: Language) -> Sheet:
        """For each application the facts without which some policy cannot be told."""
        heads: list[Text] = [HEADS["application"], _FACT, _WORDS, _NEEDS]
        rows: list[list[str | float | None]] = []
        for at, application in enumerate(self.applications):
            needed: dict[str, list[FundPolicy]] = {}
            for under in self.under:
                for name in under.missing[at]:
                    needed.setdefault(name, []).append(under.policy)
            for name, policies in sorted(needed.items()):
                words = policies[0].vocabulary[name].words.text(lang)
                ids = ", ".join(policy.id for policy in policies)
                rows.append([application.name, name, words, ids])
        return Sheet(_SHEETS["missing"].text(lang), [each.text(lang) for each in heads], rows)

    def _exceeded(self) -> Iterator[tuple[Application, FundPolicy, Rule]]:
        for at, application in enumerate(self.applications):
            for under in self.under:
                for rule in under.exceeded[at]:
                    yield application, under.policy, rule

    def _ceilings(self, lang: Language) -> Iterator[str]:
        """The ceilings that are exceeded; of many the first, and how many more there are."""
        found = list(self._exceeded())
        for application, policy, rule in found[:_EXPLAINED]:
            yield EXCEEDED.format(
                application=application.name, policy=policy.id, why=_not_met(rule, lang)
            ).text(lang)
        if len(found) > _EXPLAINED:
            yield _MORE_CEILINGS.format(count=len(found) - _EXPLAINED).text(lang)

    def _ceilings_sheet(self, lang: Language) -> tuple[Sheet, ...]:
        """The ceilings that are exceeded though allocation was not tried, where there are any."""
        rows: list[list[str | float | None]] = [
            [application.name, policy.id, _not_met(rule, lang), cited(rule.citation, lang)]
            for application, policy, rule in self._exceeded()
        ]
        heads = [HEADS[each].text(lang) for each in ("application", "policy", "why", "citation")]
        return (Sheet(_SHEETS["ceilings"].text(lang), heads, rows),) if rows else ()

    def _doubts_sheet(self, lang: Language) -> tuple[Sheet, ...]:
        """The amounts that are doubtful, where there are any."""
        rows: list[list[str | float | None]] = [
            [application.name, doubt.text(lang)]
            for application in self.applications
            for doubt in doubts_of(application)
        ]
        name = _SHEETS["doubts"].text(lang)
        heads = [HEADS["application"].text(lang), name]
        return (Sheet(name, heads, rows),) if rows else ()

    def _described(self, lang: Language) -> list[dict[str, Any]]:
        return [
            {
                "application": application.name,
                "file": application.origin,
                "doubts": [doubt.text(lang) for doubt in doubts_of(application)],
                "policies": [
                    {
                        "policy": under.policy.id,
                        "outcome": under.outcomes[at],
                        "track": under.tracks[at],
                        "missing": under.missing[at],
                        "refused_by": [rule.id for rule in under.refused_by[at]],
                        "above_ceilings": [rule.id for rule in under.exceeded[at]],
                    }
                    for under in self.under
                ],
            }
            for at, application in enumerate(self.applications)
        ]


def _not_met(rule: Rule, lang: Language) -> str:
    """That a rule's demand is not met, in words."""
    return f"{Verdict.NOT_MET.words.text(lang)}: {rule.demand.text(lang)}"


def decide_list(
    applications: Sequence[Application],
    policies: Sequence[FundPolicy],
    stages: tuple[str, ...] = (),
) -> DecidedList:
    """Decide applications by columns, at the stages named or at those that the list tells of."""
    read = _Columns(applications)
    under = []
    for policy in policies:
        frame = read.known_to(policy.vocabulary)
        tried = stages or stages_for(name for name in read.names if name in policy.vocabulary)
        left_out = not stages and Stage.ALLOCATION not in tried
        under.append(Under(policy, decide_many(policy, frame, stages=tried), left_out))
    return DecidedList(applications, under)


@frozen
class _Columns:
    """What a list says of each fact, a column each; amounts in kronor, exactly."""

    applications: Sequence[Application]
    #: the facts that any of them states
    names: tuple[str, ...] = field(init=False)
    _made: dict[Fact, Any] = field(factory=dict)

    @names.default
    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in self.applications for name in each.facts))

    def known_to(self, vocabulary: Vocabulary) -> pl.DataFrame:
        """The columns of the facts that a vocabulary knows."""
        import polars as pl

        rows = {_ROW: pl.Series(range(len(self.applications)))}
        return pl.DataFrame(
            rows
            | {name: self._column(vocabulary[name]) for name in self.names if name in vocabulary}
        )

    def _column(self, fact: Fact) -> pl.Series:
        import polars as pl

        if fact not in self._made:
            read: dict[object, object] = {None: None}
            written = [each.facts.get(fact.name) for each in self.applications]
            for value in dict.fromkeys(written):
                if value is not None:
                    read[value] = _as_column(fact, fact.value(value))
            kind = pl.Decimal(38, 4) if fact.kind in _STEPS else None
            self._made[fact] = pl.Series([read[value] for value in written], dtype=kind)
        made: pl.Series = self._made[fact]
        return made


#: Into how many internal steps a unit is divided, of kinds that have decimals.
_STEPS = {Kind.MONEY: 100, Kind.SHARE: SHARE_STEPS}


def _as_column(fact: Fact, value: Value) -> object:
    return Decimal(int(value)) / _STEPS[fact.kind] if fact.kind in _STEPS else value
