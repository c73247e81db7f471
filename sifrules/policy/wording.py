"""Values of clauses in words, in Swedish and English, and as a file writes them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sifrules.rules.amounts import applied_for, paid_by_others
from sifrules.rules.conditions import Condition, Fact, Value
from sifrules.rules.vocabulary import application
from sifrules.rules.wording import YES_NO, condition_words, option_words, share_words
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message
from sifrules.values.money import in_words
from sifrules.values.quantities import LEAST_LIKELY, too_small
from sifrules.values.text import LANGUAGES, LocalizedText, same


def plain(value: object) -> str:
    """A clause's value as the file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(plain, value))
    return str(value)


def plain_words(value: object) -> LocalizedText:
    """A clause's value in words, by its type."""
    match value:
        case LocalizedText():
            return value
        case bool():
            return YES_NO[value]
        case Decimal():
            return share_words(value)
        case Fact():
            return value.words
        case Condition():
            return condition_words(value)
        case PartialDate():
            return LocalizedText(sv=value.text("sv"), en=value.text("en"))
        case tuple():
            each = [plain_words(item) for item in value]
            return LocalizedText(
                **{lang: ", ".join(w.text(lang) for w in each) for lang in LANGUAGES}
            )
        case str():
            return option_words(value)
        case _:
            return same(str(value))


def either(options: tuple[str, ...]) -> LocalizedText:
    """Options as "a, b or c" in both languages."""
    said = {}
    for language, last in (("sv", " eller "), ("en", " or ")):
        each = [option_words(option).text("sv" if language == "sv" else "en") for option in options]
        said[language] = last.join(filter(None, [", ".join(each[:-1]), each[-1]]))
    return LocalizedText(**said)


def money_words(amount: int) -> LocalizedText:
    """An amount in öre in words."""
    return LocalizedText(sv=in_words(amount, "sv"), en=in_words(amount, "en"))


def small_cost(amount: int) -> Message | None:
    """The doubt about a cost so small that thousands or millions of kronor may be meant."""
    if not too_small(amount):
        return None
    least = money_words(LEAST_LIKELY)
    return Message("doubt.small_cost", amount=money_words(amount), least=least)


def more_than_cost(values: Mapping[str, Value]) -> Message | None:
    """The doubt about amounts that pay for more than the cost (all in öre), none where they do not.

    >>> doubt = more_than_cost({"application.cost": 300_00, "application.applied_for": 400_00})
    >>> print(doubt.text("en").replace("\N{NO-BREAK SPACE}", " "))
    what is applied for and what others pay come to 400 SEK, more than the cost of 300 SEK
    """
    cost = values.get(application.cost.name)
    paid = applied_for(values), paid_by_others(values)
    together = sum(each or 0 for each in paid)
    if cost is None or together <= int(cost):
        return None
    return Message(
        "doubt.more_than_cost", together=money_words(together), cost=money_words(int(cost))
    )
