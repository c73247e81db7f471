"""Shares of the cost by delay (andel efter dröjsmål): how long costs take to begin to fall."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from sifrules.policy.parts import proper_share
from sifrules.rules.wording import months_words, share_words
from sifrules.values.messages import Message, Text
from sifrules.values.text import LocalizedText

_WITHIN = LocalizedText(sv="{share} inom {within}", en="{share} within {within}")


@frozen(kw_only=True)
class ShareWithin:
    """The share of the cost that is returned where costs begin to fall within so many months."""

    within: int
    share: Decimal


def rising(steps: tuple[ShareWithin, ...]) -> Text | None:
    """The check for shares by delay: proper shares, of delays each longer than the one before."""
    months = [each.within for each in steps]
    in_order = bool(months) and months == sorted(set(months)) and months[0] >= 0
    proper = all(proper_share(each.share) is None for each in steps)
    return None if in_order and proper else Message("expected.shares_by_delay")


def delay_words(steps: tuple[ShareWithin, ...]) -> LocalizedText:
    each = [
        _WITHIN.format(share=share_words(step.share), within=months_words(step.within))
        for step in steps
    ]
    return LocalizedText(
        sv=", ".join(words.sv for words in each), en=", ".join(words.en for words in each)
    )
