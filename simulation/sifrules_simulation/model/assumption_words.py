"""What is assumed where a guideline is silent, in words (antaganden i ord)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from sifrules.policy.wording import money_words
from sifrules.rules.wording import share_words
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.money import ore
from sifrules.values.text import same


def assumption_words(changes: Iterable[str]) -> Joined:
    """The changes that stand in for what is not stated, in words, each with its path.

    >>> assumption_words(["return_model.share=1.0000"]).text("en")
    'share that is returned 100 % (return_model.share)'
    """
    return Joined(tuple(map(_words, changes)), ", ")


def _words(change: str) -> Text:
    path, _, value = change.partition("=")
    try:
        if path.endswith("return_model.share"):
            return Message("assumed.share", share=share_words(Decimal(value)), path=path)
        if path.endswith("index.assumed_growth"):
            return Message("assumed.index_growth", growth=share_words(Decimal(value)), path=path)
        if path == "funding.amount":
            return Message("assumed.amount", amount=money_words(ore(Decimal(value))), path=path)
    except InvalidOperation:
        return same(change)
    if change.endswith("return_model.kind=budget"):
        return Message("assumed.no_return", change=change)
    if change.endswith("transition.gap=return"):
        return Message("assumed.gap", change=change)
    return same(change)
