"""Tracks (spår): alternatives within one fund, each with clauses and perhaps money of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import ClassVar, Literal

import attrs
from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.parts import (
    Part,
    PolicyPart,
    Priority,
    ReturnModel,
    Slot,
    WriteDown,
    clause,
    positive,
    proper_share,
)
from sifrules.policy.wording import money_words
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.rulebook import Rule, Stage
from sifrules.rules.substitution import with_facts
from sifrules.rules.vocabulary import FactGroup, application
from sifrules.values.messages import Message
from sifrules.values.money import Ore, split
from sifrules.values.text import LocalizedText

#: What a track knows of itself when money is allocated, as ``fund`` does of the whole.
track = FactGroup(
    "track",
    [
        Fact(
            "track.available",
            Kind.MONEY,
            LocalizedText(sv="kvar för spåret", en="left for the track"),
            least=0,
        ),
        Fact(
            "track.new_investments_this_year",
            Kind.COUNT,
            LocalizedText(
                sv="nya satsningar på spåret hittills i år",
                en="new investments on the track so far this year",
            ),
        ),
        Fact(
            "track.granted_this_year",
            Kind.MONEY,
            LocalizedText(
                sv="beviljat på spåret hittills i år", en="granted on the track so far this year"
            ),
            least=0,
        ),
    ],
)
TRACK_FACTS = tuple(track)
_OWN_COUNTS = {f"fund.{fact.name.partition('.')[2]}": fact for fact in track}

#: The name of the fact that says which track an application names.
NAMED = "application.track"
_NAMED = LocalizedText(sv="det spår som ansökan gäller", en="the track that it is for")


def named_track(names: Iterable[str]) -> Fact:
    """The fact which track an application names, of those that a guideline has."""
    return Fact(NAMED, Kind.CHOICE, _NAMED, tuple(names))


_RESTS = {
    "to_fund": LocalizedText(sv="går till hela fonden", en="goes to the whole fund"),
    "stays": LocalizedText(sv="blir kvar på spåret", en="stays with the track"),
}


@frozen(kw_only=True)
class Pot(Part):
    """The part of the fund's money that is for one track alone (delpott).

    One of the three is stated: an ``amount`` that is set apart once, an ``amount_a_year`` out of
    what comes each year, or a ``share`` of all that comes. What comes back from an investment
    comes back to the pot it was granted from. ``rest`` is where what is left at the end of a
    year goes; where it is not stated, it stays.
    """

    slot: ClassVar[Slot] = Slot.INNER
    kind: ClassVar[str] = "pot"
    words: ClassVar[LocalizedText] = LocalizedText(sv="delpott", en="sub-pot")

    amount: Ore | None = clause("belopp, en gång", "amount, once", check=positive, say=money_words)
    amount_a_year: Ore | None = clause(
        "belopp per år", "amount a year", check=positive, say=money_words
    )
    share: Decimal | None = clause("andel av fonden", "share of the fund", check=proper_share)
    rest: Literal["to_fund", "stays"] | None = clause(
        "det som är kvar vid årets slut", "what is left at the year's end", say=_RESTS.__getitem__
    )

    def __attrs_post_init__(self) -> None:
        stated = [
            each for each in (self.amount, self.amount_a_year, self.share) if each is not None
        ]
        if len(stated) != 1:
            raise SifError(Message("track.pot_one_of"))


@frozen(kw_only=True)
class TrackTerms(Part):
    """What a track is called, which money it has, and what of the fund's clauses it leaves out.

    ``without`` lists clauses of the fund as a whole that do not hold on the track, by path.
    """

    slot: ClassVar[Slot] = Slot.TRACK
    kind: ClassVar[str] = "track"
    words: ClassVar[LocalizedText] = LocalizedText(sv="spår", en="track")

    title: LocalizedText = clause("kallas", "called", default=attrs.NOTHING)
    pot: Pot | None = clause("delpott", "sub-pot")
    without: tuple[str, ...] = clause("gäller inte", "does not hold", default=())


@frozen(kw_only=True)
class Track:
    """One track: its terms, and its clauses in place of the fund's or next to them."""

    name: str
    terms: TrackTerms
    criteria: tuple[Part, ...] = ()
    procedure: Part | None = None
    caps: tuple[Part, ...] = ()
    priorities: tuple[Priority, ...] = ()
    return_model: ReturnModel | None = None
    write_down: WriteDown | None = None

    @property
    def path(self) -> str:
        """Where it stands in its guideline."""
        return self.terms.path

    @property
    def title(self) -> LocalizedText:
        """What the guideline calls it."""
        return self.terms.title

    @property
    def pot(self) -> Pot | None:
        """Its own money, None where it shares what is common."""
        return self.terms.pot

    def stated(self) -> Iterator[PolicyPart]:
        """What stands in it, in the order of a guideline."""
        row = (
            self.terms,
            *self.criteria,
            self.procedure,
            *self.caps,
            *self.priorities,
            self.return_model,
            self.write_down,
        )
        yield from filter(None, row)

    def leaves_out(self, part: PolicyPart) -> bool:
        """Whether a part of the fund as a whole does not hold here."""
        return part.path in self.terms.without

    def over(self, parts: Iterable[PolicyPart], own: Iterable[PolicyPart]) -> Iterator[PolicyPart]:
        """The fund's parts in a slot of many with the track's: one of the same name replaces it."""
        instead = {each.path.removeprefix(f"{self.path}."): each for each in own}
        for part in parts:
            if part.path in instead:
                yield instead.pop(part.path)
            elif not self.leaves_out(part):
                yield part
        yield from instead.values()


#: The slots that a track may fill.
TRACK_SLOTS = (
    Slot.CRITERIA,
    Slot.PROCEDURE,
    Slot.CAPS,
    Slot.PRIORITIES,
    Slot.RETURN_MODEL,
    Slot.WRITE_DOWN,
)


def on_track(rule: Rule) -> Rule:
    """A rule of a track's own: what it reads of the fund it reads of the track alone.

    So a cap on a track counts what was granted there. A cap on the application alone, as on its
    amount or its time, says what belongs on the track: it is tried with the application.
    """
    of_fund = any(fact.name.startswith("fund.") for fact in rule.facts)
    if of_fund:
        return attrs.evolve(rule, condition=with_facts(rule.condition, _OWN_COUNTS))
    if rule.stage is Stage.ALLOCATION:
        return attrs.evolve(rule, stage=Stage.APPLICATION)
    return rule


_WITHIN = LocalizedText(
    sv="det sökta beloppet ryms i det som är kvar för spåret {track}",
    en="what is applied for is within what is left for the track {track}",
)
_WHY_WITHIN = LocalizedText(
    sv="att spåret inte får mer än det som är kvar där följer av att fonden är delad",
    en="that a track is granted no more than is left there follows from the fund being divided",
)


def within_money(of: Track, tracks: Iterable[Track]) -> Iterator[Rule]:
    """The rule that a grant is within the track's money, where the fund is divided at all."""
    if all(each.pot is None for each in tracks):
        return
    part: Part = of.pot or of.terms
    yield Rule(
        f"{part.path}.balance",
        Stage.ALLOCATION,
        _WITHIN.format(track=of.title),
        application.applied_for <= track.available,
        part.reads(_WHY_WITHIN),
    )


def divided(tracks: Iterable[Track], money: int, given: Mapping[str, int]) -> dict[str, int]:
    """What of some money (öre) goes to each sub-pot, by track; the rest is common.

    ``given`` is what a sub-pot has been given before. Shares are of the whole; where all of it
    does not suffice, the sub-pots are filled in the order of the guideline.
    """
    pots = {each.name: each.pot for each in tracks if each.pot is not None}
    shares = [pot.share or Decimal(0) for pot in pots.values()]
    of_shares = split(money, [*shares, 1 - sum(shares)])
    parts: dict[str, int] = {}
    for (name, pot), share in zip(pots.items(), of_shares, strict=False):
        wanted: int = share if pot.share is not None else pot.amount_a_year or 0
        if pot.amount is not None:
            wanted = max(0, pot.amount - given.get(name, 0))
        parts[name] = min(wanted, money - sum(parts.values()))
    return parts


def shared_out(tracks: Iterable[Track]) -> Decimal:
    """The sum of the shares that the sub-pots have of the fund."""
    return sum((each.pot.share or Decimal(0) for each in tracks if each.pot), Decimal(0))
