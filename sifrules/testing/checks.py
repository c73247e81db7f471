"""What every policy promises, each as a check that reports its faults and what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, zip_longest
from typing import Any

import attrs

from sifrules.errors import shown
from sifrules.plugin.registry import Registry
from sifrules.policy.decide import decide
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.settlement import Claim, Investment, Reduction
from sifrules.rules.decisions import Decision
from sifrules.rules.rulebook import Stage
from sifrules.testing.invariants import Broken, said, settled
from sifrules.values.citations import Citation
from sifrules.values.messages import Text
from sifrules.values.text import LANGUAGES, same

#: What a template leaves where an author is to write something.
FILL_IN = "FILL IN"

_CITE = 'write cite = "document: place"'
_TO_WRITE = {
    "cite": _CITE,
    "documents": "write what the document itself says, or leave the key out",
    "reading": "write how the wording is read here and why, or leave the reading out",
}
#: A text of this many words is no name, and must differ between the languages.
_A_SENTENCE = 3


# --- sources --------------------------------------------------------------------------


def source_faults(policy: FundPolicy, installed: bool) -> Iterator[str]:
    """Values and rules that stand without a document and a place in it.

    A what-if need cite no document, unless a plugin offers it as a municipality's own.
    """
    stated = [clause for clause in policy.clauses if clause.value != _KIND_LINE]
    if not stated:
        yield f"{policy.id}: states no value at all; write what the guideline says, with its place"
    for clause in stated:
        value = f"states {getattr(clause.value, 'en', clause.value)}"
        yield from _uncited(policy, clause.path, value, clause.citation, installed)
    for rule in policy.rulebook.rules:
        yield from _uncited(policy, rule.id, "is a rule", rule.citation, installed)


_KIND_LINE = same("–")


def _uncited(
    policy: FundPolicy, path: str, what: str, citation: Citation | None, installed: bool
) -> Iterator[str]:
    where = f"{policy.id}: {path}: {what}"
    if citation is None:
        yield f"{where} without a source; {_CITE}"
    elif citation.what_if:
        if installed:
            yield f"{where} as a what-if only ({citation}); {_CITE}"
    elif not citation.place:
        yield f"{where} without a place in {citation}; {_CITE}"


def unfilled(origin: str, data: object, above: str = "") -> Iterator[str]:
    """Texts that a template left to be filled in, with their file and key."""
    kind: type[Any] = type(data)
    if attrs.has(kind):
        data = {field.name: getattr(data, field.name) for field in attrs.fields(kind)}
    if isinstance(data, str):
        if FILL_IN in data:
            to_write = next((text for key, text in _TO_WRITE.items() if key in above), _SAYS)
            yield f"{origin}: {above}: still says {shown(data)}; {to_write}"
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from unfilled(origin, value, f"{above}.{key}".strip("."))
    elif isinstance(data, Sequence):
        for number, value in enumerate(data):
            yield from unfilled(origin, value, f"{above}[{number}]")


_SAYS = "write what the guideline says, or leave it out"


# --- dates and ids --------------------------------------------------------------------


def date_faults(policies: Iterable[FundPolicy]) -> Iterator[str]:
    """Guidelines that end before they begin, or overlap one of the same municipality."""
    in_time = []
    for policy in policies:
        begun, ended = policy.terms.in_force, policy.terms.replaced
        if begun is not None and ended is not None and ended.last <= begun.first:
            yield (
                f"{policy.id}: terms.replaced: expected a day after {begun} (terms.in_force), "
                f"got {ended}; correct one of them"
            )
        elif begun is not None and policy.status == "guideline":
            in_time.append(policy)
    in_time.sort(key=lambda policy: _begun(policy).last)
    for earlier, later in combinations(in_time, 2):
        ended, since = earlier.terms.replaced, _begun(later)
        if _town(earlier) == _town(later) and (ended is None or ended.first > since.last):
            yield (
                f"{earlier.id}: terms.replaced: expected {since} or before, when {later.id} came "
                f"into force, got {ended or 'nothing'}; state when it was replaced"
            )


def _begun(policy: FundPolicy) -> Any:
    return policy.terms.in_force


def _town(policy: FundPolicy) -> str:
    return policy.id.partition("@")[0]


def id_faults(registry: Registry, policies: Iterable[FundPolicy]) -> Iterator[str]:
    """Ids that are not the municipality's key and a year, or that two policies have."""
    seen: dict[str, str] = {}
    for policy in policies:
        key, at, rest = policy.id.partition("@")
        wanted = keys_of(registry, policy.municipality)
        if not (at and rest) or key not in wanted:
            yield (
                f"{policy.id}: id: expected {wanted[0]}@ and a year or a name, "
                f'got {policy.id!r}; write id = "{wanted[0]}@{rest or "year"}"'
            )
        if policy.id in seen:
            yield f"{policy.id}: id: {seen[policy.id]} and {policy.origin} have it; rename one"
        seen[policy.id] = policy.origin


#: What a name says of the kind of body, and no key has.
_KINDS_OF_BODY = ("kommun", "stad", "region")


def keys_of(registry: Registry, municipality: str) -> tuple[str, ...]:
    """The keys that a municipality may have: its record's, else its name without accents."""
    recorded = [each.key for each in registry.histories if each.municipality == municipality]
    if recorded:
        return tuple(recorded)
    plain = unicodedata.normalize("NFKD", municipality.casefold())
    words = "".join(letter if letter.isalnum() else " " for letter in plain if letter.isascii())
    parts = [word for word in words.split() if word not in _KINDS_OF_BODY] or words.split()
    return ("-".join(parts), "".join(parts), "_".join(parts))


# --- texts ----------------------------------------------------------------------------


def text_faults(policy: FundPolicy, investments: Iterable[Investment]) -> Iterator[str]:
    """Texts that a reader of one of the languages would miss."""
    for path, text, a_sentence in _texts(policy, investments):
        if not isinstance(text, Text):
            yield f"{policy.id}: {path}: expected LocalizedText(sv=..., en=...), got {shown(text)}"
            continue
        for language in LANGUAGES:
            if not text.text(language).strip():
                yield f"{policy.id}: {path}: has no text in {language}; write it"
        sv, en = text.text("sv"), text.text("en")
        if a_sentence and sv == en and len(en.split()) >= _A_SENTENCE:
            yield (
                f"{policy.id}: {path}: has one text for both languages, {shown(en)}; "
                "expected Swedish and English: write both"
            )


def _texts(
    policy: FundPolicy, investments: Iterable[Investment]
) -> Iterator[tuple[str, object, bool]]:
    """Every text of a policy with its place, and whether it must differ between languages."""
    yield "title", policy.title, False
    for number, text in enumerate(policy.not_modelled):
        yield f"not_modelled[{number}]", text, False
    for clause in policy.clauses:
        yield f"{clause.path} (its name)", clause.label, True
        yield clause.path, clause.value, False
    for rule in policy.rulebook.rules:
        yield f"{rule.id} (its demand)", rule.demand, True
    for fact in policy.rulebook.vocabulary.values():
        yield f'facts."{fact.name}"', fact.words, True
    reasons: dict[str, object] = {}
    for investment in investments:
        try:
            settlement = settled(policy, investment)
        except Broken:
            continue
        if settlement is not None:
            entries: tuple[Claim | Reduction, ...] = (*settlement.claims, *settlement.reductions)
            texts = [*(entry.why for entry in entries), settlement.reason]
            reasons |= {repr(each): each for each in texts if each is not None}
    for reason in reasons.values():
        yield "return_model (why)", reason, True


# --- twice the same -------------------------------------------------------------------


def repeat_faults(
    policy: FundPolicy,
    again: FundPolicy,
    applications: Iterable[Mapping[str, object]],
    investments: Iterable[Investment],
) -> Iterator[str]:
    """Where the same policy, built and used twice, gives different results."""
    for what, one, other in (
        ("clause", policy.clauses, again.clauses),
        ("rule", policy.rulebook.rules, again.rulebook.rules),
        ("derivation", policy.rulebook.derivations, again.rulebook.derivations),
    ):
        for first, second in zip_longest(one, other):
            if first != second:
                at = getattr(first or second, "path", None) or getattr(first or second, "id", "")
                yield (
                    f"{policy.id}: {at}: the policy built twice gives another {what}: "
                    f"{shown(first)}, then {shown(second)}; {_PURE}"
                )
                break
    for facts in applications:
        answers = [decide(each, facts, stages=Stage) for each in (policy, policy, again)]
        rows = [_verdicts(answer) for answer in answers]
        for rule, verdict in rows[0].items():
            if any(row.get(rule) != verdict for row in rows[1:]):
                yield f"{policy.id}: {rule}: decided twice, it comes out otherwise; {_PURE}"
    for investment in investments:
        try:
            sums = [settled(each, investment) for each in (policy, policy, again)]
        except Broken:
            continue  # reported by the check of money
        if any(each != sums[0] for each in sums[1:]):
            yield (
                f"{policy.id}: return_model, {said(investment)}: settled twice, it comes out "
                f"otherwise; {_PURE}"
            )


_PURE = "make the part a pure function of its clauses and the investment: no chance, no clock"


def _verdicts(decision: Decision) -> dict[str, object]:
    found: dict[str, object] = {each.rule.id: each.verdict.value for each in decision.findings}
    return {**found, "missing": decision.missing, "outcome": decision.outcome.value}


def engine_faults(
    policy: FundPolicy, applications: Iterable[Mapping[str, object]]
) -> Iterator[str]:
    """Where the reference engine and the compiled one decide differently."""
    for facts in applications:
        rows = {}
        for engine in ("durable", "compiled"):
            try:
                rows[engine] = _verdicts(decide(policy, facts, stages=Stage, engine=engine))
            except Exception as error:  # a condition of an author's own
                yield (
                    f"{policy.id}: the {engine} engine raised {type(error).__name__}: {error}; "
                    f"{_CONDITIONS}"
                )
                return
        for rule, verdict in rows["durable"].items():
            if rows["compiled"][rule] != verdict:
                yield (
                    f"{policy.id}: {rule}: expected {verdict} (durable), got "
                    f"{rows['compiled'][rule]} (compiled) on {dict(facts)}; {_CONDITIONS}"
                )


_CONDITIONS = "build conditions from facts with >=, is_, one_of, &, | and ~ only"


# --- what plugins check ---------------------------------------------------------------


def offered_faults(registry: Registry, policy: FundPolicy) -> Iterator[str]:
    """What the checks that plugins offer find in a policy, as a short simulation does."""
    for check in registry.checks:
        try:
            issues: Iterable[Any] = check(registry, policy)
            yield from (
                f"{policy.id}: {issue.what.text('en')}; {issue.do.text('en')}" for issue in issues
            )
        except Exception as error:  # the code of a plugin's check, or of a part that it runs
            yield f"{policy.id}: a check failed: {type(error).__name__}: {error}"
