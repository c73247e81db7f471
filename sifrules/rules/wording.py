"""Conditions, values and verdicts in words (formuleringar), Swedish and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from sifrules.rules.conditions import (
    AllOf,
    AnyOf,
    Compare,
    CompareFacts,
    Condition,
    Fact,
    IfThen,
    OneOf,
    Operand,
    Value,
)
from sifrules.rules.kinds import Kind
from sifrules.values.money import in_words
from sifrules.values.numbers import percent, written
from sifrules.values.text import LANGUAGES, LocalizedText, same

if TYPE_CHECKING:
    from sifrules.rules.decisions import Finding

_OPERATORS = {
    "==": LocalizedText(sv="är", en="is"),
    "!=": LocalizedText(sv="är inte", en="is not"),
    "<": LocalizedText(sv="är mindre än", en="is less than"),
    "<=": LocalizedText(sv="är högst", en="is at most"),
    ">": LocalizedText(sv="är mer än", en="is more than"),
    ">=": LocalizedText(sv="är minst", en="is at least"),
}
_NOT = LocalizedText(sv="inte: {what}", en="not: {what}")
_AND = LocalizedText(sv=" och ", en=" and ")
_MONTH = LocalizedText(sv="{n} månad", en="{n} month")
_MONTHS = LocalizedText(sv="{n} månader", en="{n} months")
_IF_THEN = LocalizedText(sv="om {given}, så {then}", en="if {given}, then {then}")
_BECAUSE = LocalizedText(sv="{words}; avgörs av: {parts}", en="{words}; settled by: {parts}")
_OPEN = LocalizedText(sv="{words}; öppet: {parts}", en="{words}; open: {parts}")
_BETWEEN = same("; ")
_OR = LocalizedText(sv=" eller ", en=" or ")
YES_NO = {True: LocalizedText(sv="ja", en="yes"), False: LocalizedText(sv="nej", en="no")}

_OPTIONS = {
    "committee": LocalizedText(sv="nämnd", en="committee"),
    "administration": LocalizedText(sv="förvaltning eller kontor", en="administration"),
    "municipal_company": LocalizedText(sv="kommunalt bolag", en="municipal company"),
    "civil_society": LocalizedText(sv="civilsamhället", en="civil society"),
    "public_body": LocalizedText(sv="annat offentligt organ", en="other public body"),
    "company": LocalizedText(sv="företag", en="company"),
    "executive_board": LocalizedText(sv="kommunstyrelsen", en="the executive board"),
    "council": LocalizedText(sv="kommunfullmäktige", en="the council"),
    "shared": LocalizedText(sv="delad", en="shared"),
}


def option_words(option: str) -> LocalizedText:
    """A choice of a file as an official reads it; an unknown one unchanged."""
    return _OPTIONS.get(option) or same(option)


def value_words(fact: Fact, value: Value) -> LocalizedText:
    """The internal value of a fact as an official reads it.

    >>> from sifrules.rules.vocabulary import application as a
    >>> value_words(a.areas, 2).text("sv"), value_words(a.evaluable, True).text("sv")
    ('2', 'ja')
    """
    match fact.kind:
        case Kind.FLAG:
            return YES_NO[bool(value)]
        case Kind.MONEY:
            return LocalizedText(sv=in_words(int(value), "sv"), en=in_words(int(value), "en"))
        case Kind.SHARE:
            return share_words(Decimal(str(fact.written(value))))
        case Kind.MONTHS:
            return months_words(int(value))
        case _:
            return option_words(str(value))


def months_words(months: int) -> LocalizedText:
    """A number of months, singular or plural: in both languages one alone is singular.

    >>> months_words(1), months_words(12)
    (LocalizedText(sv='1 månad', en='1 month'), LocalizedText(sv='12 månader', en='12 months'))
    """
    words = _MONTH if months == 1 else _MONTHS
    return words.format(n=months)


def share_words(share: Decimal) -> LocalizedText:
    """A share in per cent, with no more decimals than it has.

    >>> share_words(Decimal("0.30")).text("sv"), share_words(Decimal("0.125")).text("sv")
    ('30\\xa0%', '12,5\\xa0%')
    """
    hundredths = (share * 100).normalize()
    return LocalizedText(
        sv=percent(written(hundredths, "f", "sv"), "sv"),
        en=percent(written(hundredths, "f", "en"), "en"),
    )


def finding_words(finding: Finding) -> LocalizedText:
    """A rule's verdict, its demand, the facts that it read, and what of a demand settled it."""
    said = LocalizedText(
        sv="{verdict}: {demand} ({reads})", en="{verdict}: {demand} ({reads})"
    ).format(verdict=finding.verdict.words, demand=finding.rule.demand, reads=reads_words(finding))
    return _with_reasons(said, finding)


def read_and_settled_words(finding: Finding) -> LocalizedText:
    """The facts that a rule read, and what of an either/or or an if/then settled it."""
    return _with_reasons(reads_words(finding), finding)


def _with_reasons(words: LocalizedText, finding: Finding) -> LocalizedText:
    parts = finding.because
    if not parts:
        return words
    template = _OPEN if finding.open else _BECAUSE
    return template.format(words=words, parts=rows_words(parts))


def reads_words(finding: Finding) -> LocalizedText:
    """The facts that a rule read, with their values; a question mark where one is missing."""
    values = finding.values
    shown: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for fact in finding.rule.facts:
        value = values[fact.name]
        words = same("?") if value is None else value_words(fact, value)
        for language in LANGUAGES:
            shown[language].append(f"{fact_words(fact).text(language)} = {words.text(language)}")
    return LocalizedText(**{language: "; ".join(each) for language, each in shown.items()})


def fact_words(fact: Fact) -> LocalizedText:
    """A fact in words, with its key in brackets.

    >>> from sifrules.rules.vocabulary import application
    >>> fact_words(application.cost).en
    'cost (application.cost)'
    """
    template = "{words} ({name})"
    return LocalizedText(sv=template, en=template).format(words=fact.words, name=fact.name)


def listed_facts(names: Iterable[str], known: Mapping[str, Fact]) -> LocalizedText:
    """Facts in words with their keys; one that is not known by its key alone."""
    found = [fact_words(known[name]) if name in known else same(name) for name in names]
    texts = {lang: "; ".join(each.text(lang) for each in found) for lang in LANGUAGES}
    return LocalizedText(**texts)


def condition_words(condition: Condition) -> LocalizedText:
    """A condition as a sentence, in both languages.

    >>> from sifrules.rules.vocabulary import application
    >>> print(condition_words((application.areas >= 2) & ~application.regular_operations).en)
    areas of operation taking part is at least 2 and not: the money would go to regular \
operations or to work already under way
    """
    match condition:
        case Compare(fact, "==", bool(value)):
            return fact.words if value else _NOT.format(what=fact.words)
        case Compare(fact, op, value):
            return _sentence(fact, op, value_words(fact, value))
        case CompareFacts(left, op, right):
            return _sentence(left, op, _operand_words(right))
        case OneOf(fact, values, inside):
            named = _join([value_words(fact, value) for value in values], _OR)
            return _sentence(fact, "==" if inside else "!=", named)
        case IfThen(given=given, then=then):
            return _IF_THEN.format(given=condition_words(given), then=condition_words(then))
        case AllOf(parts):
            return _join([_bracketed(part) for part in parts], _AND)
        case AnyOf(parts):
            return _join([_bracketed(part) for part in parts], _OR)
    raise TypeError(f"not a condition: {condition!r}")


def rows_words(conditions: tuple[Condition, ...]) -> LocalizedText:
    """Conditions side by side, each whole."""
    return _join([condition_words(each) for each in conditions], _BETWEEN)


def _sentence(fact: Fact, op: str, right: LocalizedText) -> LocalizedText:
    return LocalizedText(sv="{a} {op} {b}", en="{a} {op} {b}").format(
        a=fact.words, op=_OPERATORS[op], b=right
    )


def _operand_words(operand: Operand) -> LocalizedText:
    name = operand.fact.words
    if operand.share == -1:
        fixed = value_words(operand.fact, operand.plus)
        return LocalizedText(sv="{a} minus {b}", en="{a} less {b}").format(a=fixed, b=name)
    if operand.share != 1:
        name = LocalizedText(sv="{s} av {a}", en="{s} of {a}").format(
            s=share_words(operand.share), a=name
        )
    if operand.plus:
        fixed = value_words(operand.fact, operand.plus)
        name = LocalizedText(sv="{a} plus {b}", en="{a} plus {b}").format(a=name, b=fixed)
    return name


def _bracketed(part: Condition) -> LocalizedText:
    words = condition_words(part)
    return (
        LocalizedText(sv=f"({words.sv})", en=f"({words.en})")
        if isinstance(part, AllOf | AnyOf)
        else words
    )


def _join(words: list[LocalizedText], between: LocalizedText) -> LocalizedText:
    joined = {
        lang: between.text(lang).join(each.text(lang) for each in words) for lang in LANGUAGES
    }
    return LocalizedText(**joined)
