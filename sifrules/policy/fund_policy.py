"""A municipality's rules for its social investment fund, as one frozen value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal

from attrs import evolve, field, frozen

from sifrules.errors import RuleError, SifError, nearest
from sifrules.policy.binding import USUAL as BINDING, Binding
from sifrules.policy.parts import (
    Clause,
    Part,
    PolicyPart,
    Priority,
    ReturnModel,
    Slot,
    WriteDown,
    clause,
)
from sifrules.policy.settlement import Investment, Settlement
from sifrules.policy.tracks import (
    NAMED,
    TRACK_FACTS,
    Track,
    named_track,
    on_track,
    within_money,
)
from sifrules.rules.conditions import Fact
from sifrules.rules.rulebook import Derived, Rule, RuleBook
from sifrules.rules.vocabulary import FACTS, Vocabulary, fund
from sifrules.values.dates import Month, PartialDate
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText

Status = Literal["guideline", "proposal", "baseline"]

STATUS_WORDS: Mapping[str, LocalizedText] = {
    "guideline": LocalizedText(sv="riktlinje", en="guideline"),
    "proposal": LocalizedText(sv="förslag", en="proposal"),
    "baseline": LocalizedText(sv="jämförelse utan fond", en="baseline without a fund"),
}


_NO_FUND = LocalizedText(sv="det finns ingen fond", en="there is no fund")
_RETURN_UNSTATED = LocalizedText(
    sv="riktlinjen säger inget om återföring", en="the guideline says nothing on return"
)
_TRACK_NOT_KNOWN = LocalizedText(
    sv="det är inte känt vilket spår satsningen hör till (application.track)",
    en="it is not known which track the investment is on (application.track)",
)


@frozen(kw_only=True)
class Terms(Part):
    """The guideline's own terms: when it holds, what for, who decides, who bears the risk."""

    slot: ClassVar[Slot] = Slot.TERMS
    kind: ClassVar[str] = "terms"
    words: ClassVar[LocalizedText] = LocalizedText(sv="villkor", en="terms")

    in_force: PartialDate | None = clause("gäller från", "in force from")
    replaced: PartialDate | None = clause("ersatt", "replaced")
    purpose: LocalizedText | None = clause("syfte", "purpose")
    decides: Literal["executive_board", "council", "committee"] | None = clause(
        "beslutar", "decides"
    )
    risk_bearer: Literal["committee", "executive_board", "shared"] | None = clause(
        "bär risken", "bears the risk"
    )


@frozen
class Reform:
    """A reform (regeländring): from a month on, a policy's rules in place of those before.

    ``stated`` is whether a source dates it; otherwise somebody tries it.
    """

    since: Month
    policy: FundPolicy
    stated: bool = False


@frozen(kw_only=True, slots=False, eq=False)
class FundPolicy:
    """One municipality's fund policy at one time: ``orebro@2016``.

    What its guideline states is in its parts, each value with its citation; what the
    guideline does not state is absent; ``not_modelled`` says what is left out, ``checked``
    when it was last compared with its source. Where the fund has ``tracks``, its own parts hold
    on each of them unless the track states another (`on_track`).
    """

    id: str
    municipality: str
    title: LocalizedText
    status: Status
    terms: Terms
    funding: Part
    criteria: tuple[Part, ...] = ()
    procedure: Part | None = None
    caps: tuple[Part, ...] = ()
    priorities: tuple[Priority, ...] = ()
    return_model: ReturnModel | None = None
    write_down: WriteDown | None = None
    #: the alternatives within the fund, in the order of the guideline
    tracks: tuple[Track, ...] = ()
    #: the track that it is seen on (`on_track`), None for the fund as a whole
    track: Track | None = None
    #: the rules that follow from how the fund is divided among its tracks
    of_division: tuple[Rule, ...] = field(default=(), repr=False)
    #: the policies that take its place, each from a month; with any it is a timeline (tidslinje)
    reforms: tuple[Reform, ...] = ()
    #: which rules bind what is under way at a reform
    binding: Binding = BINDING
    not_modelled: tuple[LocalizedText, ...] = ()
    checked: PartialDate | None = None
    #: the guideline it was built from, as plain data
    tree: Mapping[str, object] = field(repr=False)
    origin: str = field(repr=False)
    #: the parts that it was built of, by slot: others were put into it as objects
    built: Mapping[str, object] | None = field(default=None, repr=False, eq=False)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every part that may give rules, in the order of a guideline.

        Of a fund with tracks those of the fund as a whole: they hold on each track.
        """
        return tuple(part for part in self._stated() if isinstance(part, Part))

    def _stated(self) -> Iterator[PolicyPart]:
        """What stands in the slots, also what is no `Part`, in the order of a guideline."""
        row = (
            self.terms,
            self.funding,
            self.track.terms if self.track else None,
            *self.criteria,
            self.procedure,
            *self.caps,
            *self.priorities,
            self.return_model,
            self.write_down,
        )
        yield from filter(None, row)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """What the guideline states, clause by clause."""
        return tuple(self._clauses())

    def _clauses(self) -> Iterator[Clause]:
        for part in self._stated():
            yield from part.clauses()
        for track in self.tracks:
            for part in track.stated():
                yield from part.clauses()

    # --- tracks -----------------------------------------------------------------------

    def on_track(self, name: str) -> FundPolicy:
        """The policy as it is on one of its tracks: a policy of the same id without tracks.

        A part of the track takes the place of the fund's part of the same slot and name, or
        stands next to the others. `SifError` names the nearest where there is no such track.
        """
        seen = self.by_track.get(name)
        if seen is None:
            wrong = Message("track.unknown", name=name, policy=self.id)
            raise SifError(wrong, fix=nearest(name, self.by_track))
        return seen

    @property
    def on_tracks(self) -> tuple[FundPolicy, ...]:
        """The policy on each of its tracks; itself alone where it has none."""
        return tuple(self.by_track.values()) or (self,)

    @cached_property
    def by_track(self) -> Mapping[str, FundPolicy]:
        """The policy on each of its tracks, by name; nothing where it has none."""
        return {track.name: self._seen_on(track) for track in self.tracks}

    def _seen_on(self, track: Track) -> FundPolicy:
        def one(name: str) -> Any:
            own, whole = getattr(track, name), getattr(self, name)
            return own or (None if whole is None or track.leaves_out(whole) else whole)

        def many(name: str) -> Any:
            return tuple(track.over(getattr(self, name), getattr(track, name)))

        return evolve(
            self,
            tracks=(),
            track=track,
            of_division=tuple(within_money(track, self.tracks)),
            **{name: one(name) for name in ("procedure", "return_model", "write_down")},
            **{name: many(name) for name in ("criteria", "caps", "priorities")},
        )

    @cached_property
    def named_track(self) -> Fact | None:
        """The fact which track an application names; None where there are no tracks."""
        return named_track(self.by_track) if self.tracks else None

    @cached_property
    def rulebook(self) -> RuleBook:
        """The policy's rules by stage."""
        links: dict[str, Derived] = {}
        for part in self.parts:
            for link in part.derivations():
                known = links.setdefault(link.id, link)
                if known.meaning != link.meaning:
                    raise RuleError(
                        Message("rule.derived_differently", fact=link.fact.name),
                        where=self.id,
                    )
        return RuleBook(
            policy=self.id,
            rules=tuple(self._rules()),
            derivations=tuple(links.values()),
            given={name: value for part in self.parts for name, value in part.given().items()},
        )

    def _rules(self) -> Iterator[Rule]:
        for part in self.parts:
            own = self.track is not None and part.path.startswith(f"{self.track.path}.")
            for rule in part.rules_once:
                yield on_track(rule) if own else rule
        yield from self.of_division

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The facts that may be given under the policy: the common ones and its own."""
        settled_by: tuple[Fact, ...] = getattr(self.return_model, "settled_by", ())
        known = (*FACTS.values(), *self.rulebook.vocabulary.values())
        on_tracks = (fact for each in self.by_track.values() for fact in each.vocabulary.values())
        named = (self.named_track,) if self.named_track else ()
        of_track = TRACK_FACTS if self.track else ()
        more = (*self.ranked_by, *of_track, *named, *on_tracks)
        return Vocabulary([*known, *settled_by, *more])

    @cached_property
    def ranked_by(self) -> tuple[Fact, ...]:
        """The facts that the priorities read."""
        each: list[tuple[Fact, ...]] = [getattr(p, "ranked_by", ()) for p in self.priorities]
        return tuple(dict.fromkeys(fact for facts in each for fact in facts))

    def settle(self, investment: Investment) -> Settlement:
        """What is returned for an investment under this policy (återföring).

        Whether the guideline was in force at its start is not checked, so that a policy
        can be tried on any year; `Registry.policy_on` gives the one that was. Of a fund with
        tracks it is settled on the one that the investment's facts name.
        """
        if self.tracks:
            named = investment.facts.get(NAMED)
            if named not in self.by_track:
                return Settlement(reason=_TRACK_NOT_KNOWN, settled=False)
            return self.by_track[str(named)].settle(investment)
        if self.return_model is not None:
            return self.return_model.settle(investment, self.write_down)
        if self.has_fund:
            return Settlement(reason=_RETURN_UNSTATED, settled=False)
        sources = getattr(self.funding, "sources", {})
        return Settlement(reason=_NO_FUND, citation=sources.get(""))

    @cached_property
    def has_fund(self) -> bool:
        """Whether there is a fund at all; a baseline for comparison may have none."""
        given: Mapping[str, object] = getattr(self.funding, "given", dict)()
        return given.get(fund.exists.name) is not False

    @property
    def states_return(self) -> bool:
        """Whether it is known if money is returned: by the guideline, or as there is no fund.

        A guideline without a word on return (återföring) differs from one by which nothing
        is returned.
        """
        if self.tracks:
            return all(seen.states_return for seen in self.on_tracks)
        return self.return_model is not None or not self.has_fund

    def in_force_throughout(self, first: dt.date, last: dt.date) -> bool | None:
        """Whether it was in force all the time from one day to another.

        False where it surely was on none of the days; None where it was on some, or
        where it cannot be determined.
        """
        begun, ended = self.terms.in_force, self.terms.replaced
        if ended is not None and ended.last <= first:
            return False
        if begun is None:
            return None
        if begun.first > last:
            return False
        return True if begun.last <= first and (ended is None or ended.first > last) else None
