"""Trying a policy in an author's own tests, with the result in the field's terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from attrs import evolve, field, frozen

from sifrules.errors import SifError, nearest, shown
from sifrules.loading.application import flat_facts
from sifrules.loading.reader import Reader
from sifrules.plugin.registry import registry
from sifrules.policy.decide import ELIGIBILITY, decide
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.settlement import (
    Claim,
    ClaimKind,
    Investment,
    Reduction,
    ReductionKind,
    Settlement,
)
from sifrules.policy.wording import money_words
from sifrules.rules.conditions import Value
from sifrules.rules.decisions import Decision, Finding, Outcome as Answer, Verdict
from sifrules.rules.wording import finding_words
from sifrules.testing.cases import Settled
from sifrules.values.citations import Citation
from sifrules.values.messages import Message, Text
from sifrules.values.money import in_words
from sifrules.values.text import Language

#: Kronor, exact.
Kronor = int | Decimal

_KINDS: Mapping[ClaimKind | ReductionKind, Text] = {
    ClaimKind.RETURN: Message("outcome.kinds_return"),
    ClaimKind.FEE: Message("outcome.kinds_fee"),
    ClaimKind.INTEREST: Message("outcome.kinds_interest"),
    ClaimKind.INDEX: Message("outcome.kinds_index"),
    ReductionKind.WRITTEN_DOWN: ReductionKind.WRITTEN_DOWN.words,
    ReductionKind.EXEMPTED: ReductionKind.EXEMPTED.words,
}
_MISSING = Message("outcome.missing")
_CANNOT_TELL = Message("outcome.cannot_tell")
_REST = Message("outcome.rest")


@frozen
class Reason:
    """Why a result is what it is: a sentence, and the place that demands it.

    ``id`` is the rule's, or for a settlement the kind of the claim or reduction.
    """

    id: str
    words: Text
    citation: Citation | None
    #: what it may be found by, in addition to its id
    _about: tuple[str, ...] = field(default=(), repr=False, eq=False)

    def matches(self, text: str) -> bool:
        """Whether its own words say this, in either language."""
        return any(text.casefold() in each.casefold() for each in self._about)

    def text(self, language: Language) -> str:
        """The sentence with its citation."""
        sentence = self.words.text(language)
        return f"{sentence} [{self.citation}]" if self.citation else sentence

    def __str__(self) -> str:
        return self.text("en")


def reason_of(finding: Finding) -> Reason:
    """A finding as a reason."""
    rule = finding.rule
    return Reason(rule.id, finding_words(finding), rule.citation, _both(rule.demand))


def reasons_of(settlement: Settlement) -> Iterator[Reason]:
    """Why an amount is given up or claimed, or why nothing is: the given up first.

    Instalments and payers are taken together.
    """
    sums: dict[tuple[ClaimKind | ReductionKind, Text, Citation], int] = {}
    entries: tuple[Claim | Reduction, ...] = (*settlement.reductions, *settlement.claims)
    for entry in entries:
        key = (entry.kind, entry.why, entry.citation)
        sums[key] = sums.get(key, 0) + entry.amount
    for (kind, why, citation), amount in sums.items():
        words = Message("outcome.words").format(
            amount=money_words(amount), kind=_KINDS[kind], why=why
        )
        yield Reason(str(kind), words, citation, (*_both(why), *_both(_KINDS[kind])))
    if settlement.reason is not None:
        because = settlement.reason
        yield Reason("reason", because, settlement.citation, _both(because))
    if settlement.rest is not None:
        why = settlement.rest.why
        yield Reason("rest", why, settlement.rest.citation, _both(why))


def _both(words: Text) -> tuple[str, str]:
    return words.text("sv"), words.text("en")


@frozen
class TrialResult:
    """The result of trying a policy, in the field's terms; amounts are kronor.

    >>> from sifrules.testing import toy_policy
    >>> outcome = try_policy(toy_policy(), {"application.areas": 1})
    >>> outcome.eligible, outcome.refusals
    (False, ('criteria.areas',))
    >>> print(outcome.why("areas"))  # doctest: +ELLIPSIS
    not met: at least 2 areas of operation cooperate (... = 1) [The guideline, 2 (2020)]
    """

    policy: str
    #: what was decided, None where only an investment was tried
    _decision: Decision | None = None
    _settlement: Settlement | None = None

    @property
    def decision(self) -> Decision:
        """The decision itself."""
        if self._decision is None:
            raise SifError(
                Message("tried.no_facts"),
                fix=Message("tried.give_facts"),
            )
        return self._decision

    @property
    def settlement(self) -> Settlement:
        """The settlement itself, its amounts in öre."""
        if self._settlement is None:
            raise SifError(Message("tried.no_investment"), fix=_AS)
        return self._settlement

    # --- the decision -----------------------------------------------------------------

    @property
    def eligible(self) -> bool | None:
        """Whether it may be funded; None where it cannot be determined."""
        return {Answer.ELIGIBLE: True, Answer.NOT_ELIGIBLE: False}.get(self.decision.outcome)

    @property
    def refusals(self) -> tuple[str, ...]:
        """The ids of the rules that are not met."""
        return tuple(finding.rule.id for finding in self.decision.refusals)

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that are missing, by name."""
        return self.decision.missing

    # --- the settlement ---------------------------------------------------------------

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims, one for each instalment; amounts in öre, as everywhere inside."""
        return self.settlement.claims

    @property
    def returned(self) -> Kronor | None:
        """What is returned, without fees (kronor); None where it cannot be determined."""
        return self._sum(ClaimKind.RETURN)

    @property
    def fee(self) -> Kronor | None:
        """The fee (kronor); None where it cannot be determined."""
        return self._sum(ClaimKind.FEE)

    @property
    def interest(self) -> Kronor | None:
        """The interest (kronor); None where it cannot be determined."""
        return self._sum(ClaimKind.INTEREST)

    @property
    def indexed(self) -> Kronor | None:
        """What an index adds to the return (kronor); None where it cannot be determined."""
        return self._sum(ClaimKind.INDEX)

    @property
    def written_down(self) -> Kronor | None:
        """What is written down (kronor); None where it cannot be determined."""
        return self._sum(ReductionKind.WRITTEN_DOWN)

    @property
    def exempted(self) -> Kronor | None:
        """What is exempted (kronor); None where it cannot be determined."""
        return self._sum(ReductionKind.EXEMPTED)

    def _sum(self, kind: ClaimKind | ReductionKind) -> Kronor | None:
        return exact_kronor(self.settlement.of(kind)) if self.settlement.settled else None

    # --- why --------------------------------------------------------------------------

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every finding, and every reason of the settlement."""
        findings = self._decision.findings if self._decision else ()
        of_money = reasons_of(self._settlement) if self._settlement else ()
        return (*map(reason_of, findings), *of_money)

    def why(self, what: str, language: Language = "en") -> str:
        """The reasons for the result: rules with this in their id (``"cap"``), or in their words.

        Each is a sentence with its citation, on a line of its own. Raises `SifError`
        naming the nearest where there is none.
        """
        reasons = self.reasons
        found = [each for each in reasons if what.casefold() in each.id.casefold()]
        found = found or [each for each in reasons if each.matches(what)]
        if not found or not what:
            raise SifError(
                Message("tried.nothing_about", what=what, policy=self.policy),
                fix=nearest(what, {*(each.id for each in reasons), *_slots(reasons)}),
            )
        return "\n".join(dict.fromkeys(each.text(language) for each in found))

    def text(self, language: Language) -> str:
        """A summary on a few lines: the result, what speaks against it, what is missing."""
        return "\n".join(self._lines(language))

    def _lines(self, language: Language) -> Iterator[str]:
        if self._decision is not None:
            decision = self._decision
            yield f"{self.policy}: {decision.outcome.words.text(language)}"
            for finding in decision.findings:
                if finding.verdict is not Verdict.MET:
                    yield f"- {reason_of(finding).text(language)}"
            if decision.missing:
                yield f"{_MISSING.text(language)}: {', '.join(decision.missing)}"
        if self._settlement is not None:
            settlement = self._settlement
            sums = (
                f"{in_words(settlement.of(kind), language)} {words.text(language)}"
                for kind, words in _KINDS.items()
                if settlement.of(kind) or not (isinstance(kind, ClaimKind) and kind.depends_on_due)
            )
            result = ", ".join(sums) if settlement.settled else _CANNOT_TELL.text(language)
            if settlement.rest is not None:
                result += f"; {_REST.text(language)}"
            yield f"{self.policy}: {result}"
            for reason in dict.fromkeys(reasons_of(settlement)):
                yield f"- {reason.text(language)}"

    def __str__(self) -> str:
        return self.text("en")


def _slots(reasons: Iterable[Reason]) -> set[str]:
    return {each.id.partition(".")[0] for each in reasons}


def exact_kronor(amount: int) -> Kronor:
    """Öre as kronor, exact: an int if whole, otherwise a decimal.

    >>> exact_kronor(300), exact_kronor(30)
    (3, Decimal('0.3'))
    """
    whole, rest = divmod(amount, 100)
    return Decimal(amount) / 100 if rest else whole


def try_policy(
    policy: FundPolicy | str | Path,
    facts: Mapping[str, object] | None = None,
    *,
    stages: Iterable[str] = ELIGIBILITY,
    investment: Investment | Mapping[str, object] | None = None,
    engine: str | None = None,
) -> TrialResult:
    """Try a policy on facts, or on an investment, or on both.

    ``policy`` is one, or an id or a file of an installed one. ``facts`` are as a person
    writes them, by dotted name or in tables; with neither facts nor an investment it is
    tried on nothing known. The facts hold of the investment too, where it has none of its
    own. ``investment`` is one, or a table as worked cases have it,
    amounts in kronor.

    >>> from sifrules.testing import toy_policy
    >>> project = {"cost": 100, "start": "2020-01", "months": 12, "effect": 10}
    >>> outcome = try_policy(toy_policy(), investment=project)
    >>> outcome.returned, outcome.written_down
    (30, 70)
    """
    if isinstance(policy, str | Path):
        policy = registry().policy(policy)
    known = dict(flat_facts(facts or {}))
    settled = None
    if investment is not None:
        project = _investment(investment, policy.vocabulary.read(known))
        settled = policy.settle(project)
    if facts is None and settled is not None:
        return TrialResult(policy.id, None, settled)
    return TrialResult(policy.id, decide(policy, known, stages=stages, engine=engine), settled)


def _investment(given: Investment | Mapping[str, object], facts: Mapping[str, Value]) -> Investment:
    if isinstance(given, Investment):
        return given if given.facts else evolve(given, facts=facts)
    if not isinstance(given, Mapping):
        raise SifError(Message("tried.expected_investment", given=shown(given)), fix=_AS)
    reader = Reader({}, "tried")
    read = reader.structure(given, Settled, "investment")
    reader.stop_at_faults()
    found: Investment = read.investment(facts)
    return found


_AS = 'give it as {"cost": 100_000, "start": "2020-01", "months": 12}'


#: What `tried` is, for annotations: the fixture of the same name gives it.
Trying = Callable[..., TrialResult]
