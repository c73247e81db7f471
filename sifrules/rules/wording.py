"""Conditions, values and verdicts in words, Swedish and English."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sifrules.rules.conditions import (
    AllOf,
    AnyOf,
    Compare,
    CompareFacts,
    Condition,
    Fact,
    OneOf,
    Operand,
    Value,
)
from sifrules.rules.kinds import Kind
from sifrules.values.money import in_words
from sifrules.values.numbers import percent, written
from sifrules.values.text import LANGUAGES, Words, same

if TYPE_CHECKING:
    from sifrules.rules.decisions import Finding

_OPERATORS = {
    "==": Words(sv="är", en="is"),
    "!=": Words(sv="är inte", en="is not"),
    "<": Words(sv="är mindre än", en="is less than"),
    "<=": Words(sv="är högst", en="is at most"),
    ">": Words(sv="är mer än", en="is more than"),
    ">=": Words(sv="är minst", en="is at least"),
}
_NOT = Words(sv="inte: {what}", en="not: {what}")
_AND = Words(sv=" och ", en=" and ")
_OR = Words(sv=" eller ", en=" or ")
YES_NO = {True: Words(sv="ja", en="yes"), False: Words(sv="nej", en="no")}

_OPTIONS = {
    "committee": Words(sv="nämnd", en="committee"),
    "administration": Words(sv="förvaltning eller kontor", en="administration"),
    "municipal_company": Words(sv="kommunalt bolag", en="municipal company"),
    "civil_society": Words(sv="civilsamhället", en="civil society"),
    "public_body": Words(sv="annat offentligt organ", en="other public body"),
    "company": Words(sv="företag", en="company"),
    "executive_board": Words(sv="kommunstyrelsen", en="the executive board"),
    "council": Words(sv="kommunfullmäktige", en="the council"),
    "shared": Words(sv="delad", en="shared"),
}


def option_words(option: str) -> Words:
    """A word out of a file as an official reads it; unknown ones stand as they are."""
    return _OPTIONS.get(option) or same(option)


def value_words(fact: Fact, value: Value) -> Words:
    """A fact's value as an official reads it.

    >>> from sifrules.rules.vocabulary import application as a
    >>> value_words(a.areas, 2).say("sv"), value_words(a.evaluable, True).say("sv")
    ('2', 'ja')
    """
    match fact.kind:
        case Kind.FLAG:
            return YES_NO[bool(value)]
        case Kind.MONEY:
            return Words(sv=in_words(int(value), "sv"), en=in_words(int(value), "en"))
        case Kind.SHARE:
            return share_words(Decimal(str(fact.written(value))))
        case Kind.MONTHS:
            return Words(sv="{n} månader", en="{n} months").put(n=value)
        case _:
            return option_words(str(value))


def share_words(share: Decimal) -> Words:
    """A share in per cent, with no more decimals than it has.

    >>> share_words(Decimal("0.30")).say("sv"), share_words(Decimal("0.125")).say("sv")
    ('30\\xa0%', '12,5\\xa0%')
    """
    hundredths = (share * 100).normalize()
    return Words(
        sv=percent(written(hundredths, "f", "sv"), "sv"),
        en=percent(written(hundredths, "f", "en"), "en"),
    )


def finding_words(finding: Finding) -> Words:
    """How a rule came out, what it demands, and the facts that it read."""
    return Words(sv="{verdict}: {demand} ({reads})", en="{verdict}: {demand} ({reads})").put(
        verdict=finding.verdict.words, demand=finding.rule.demand, reads=reads_words(finding)
    )


def reads_words(finding: Finding) -> Words:
    """The facts that a rule read, with their values; a question mark where one is missing."""
    values = finding.values
    shown: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for fact in finding.rule.facts:
        value = values[fact.name]
        words = same("?") if value is None else value_words(fact, value)
        for language in LANGUAGES:
            shown[language].append(f"{fact.name} = {words.say(language)}")
    return Words(**{language: "; ".join(each) for language, each in shown.items()})


def condition_words(condition: Condition) -> Words:
    """A condition as a sentence, in both languages.

    >>> from sifrules.rules.vocabulary import application
    >>> print(condition_words((application.areas >= 2) & ~application.regular_operations).en)
    areas of operation taking part is at least 2 and not: the money would go to regular \
operations or to work already under way
    """
    match condition:
        case Compare(fact, "==", bool(value)):
            return fact.words if value else _NOT.put(what=fact.words)
        case Compare(fact, op, value):
            return _sentence(fact, op, value_words(fact, value))
        case CompareFacts(left, op, right):
            return _sentence(left, op, _operand_words(right))
        case OneOf(fact, values, inside):
            named = _join([value_words(fact, value) for value in values], _OR)
            return _sentence(fact, "==" if inside else "!=", named)
        case AllOf(parts):
            return _join([_bracketed(part) for part in parts], _AND)
        case AnyOf(parts):
            return _join([_bracketed(part) for part in parts], _OR)
    raise TypeError(f"not a condition: {condition!r}")


def _sentence(fact: Fact, op: str, right: Words) -> Words:
    return Words(sv="{a} {op} {b}", en="{a} {op} {b}").put(a=fact.words, op=_OPERATORS[op], b=right)


def _operand_words(operand: Operand) -> Words:
    name = operand.fact.words
    if operand.share == -1:
        fixed = value_words(operand.fact, operand.plus)
        return Words(sv="{a} minus {b}", en="{a} less {b}").put(a=fixed, b=name)
    if operand.share != 1:
        name = Words(sv="{s} av {a}", en="{s} of {a}").put(s=share_words(operand.share), a=name)
    if operand.plus:
        fixed = value_words(operand.fact, operand.plus)
        name = Words(sv="{a} plus {b}", en="{a} plus {b}").put(a=name, b=fixed)
    return name


def _bracketed(part: Condition) -> Words:
    words = condition_words(part)
    return (
        Words(sv=f"({words.sv})", en=f"({words.en})") if isinstance(part, AllOf | AnyOf) else words
    )


def _join(words: list[Words], between: Words) -> Words:
    joined = {lang: between.say(lang).join(each.say(lang) for each in words) for lang in LANGUAGES}
    return Words(**joined)
