"""Replay of a record (utfall): actual grants, payments and returns posted to the ledger."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from sifrules.errors import LedgerError, SifError
from sifrules.loading.history import Count, Grant, History, What
from sifrules.plugin.registry import Registry
from sifrules.policy.ledger import Ledger
from sifrules.values.citations import Citation
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.money import Ore, in_words
from sifrules.values.text import LocalizedText


@frozen
class ReplayedGrant:
    """A grant, and the policy it was made under where the sources settle that."""

    grant: Grant
    policy: str | None
    why_not: Text | None = None


@frozen(kw_only=True)
class Replay:
    """A municipality's fund as it stood at the end of a day.

    Amounts are öre; None is what the record does not state. ``known`` holds the sums
    of what is listed even where the list is not complete, ``cites`` where an amount is
    said. ``by_year`` is empty unless payments and hand-backs are both listed in full.
    """

    municipality: str
    until: dt.date
    endowment: int | None
    granted: int | None
    paid_out: int | None
    handed_back: int | None
    returned: int | None
    written_down: int | None
    exempted: int | None
    available: int | None
    by_year: Mapping[int, int]
    grants: tuple[ReplayedGrant, ...]
    known: Mapping[What, int]
    cites: Mapping[What, Citation]
    notes: tuple[Text, ...]
    ledger: Ledger
    #: what the sources count beside money, as far as it lies within the time
    counts: tuple[Count, ...] = ()
    #: what was granted out of each year's pot, where a grant runs over several years' pots (öre)
    by_pot: Mapping[int, int] = field(factory=dict)
    #: what is granted already out of the pots of years to come (öre); it is not in ``granted``
    bound: int = 0


def replay(
    registry: Registry, municipality: str, until: dt.date | PartialDate | str | None = None
) -> Replay:
    """Put a municipality's record through the ledger, up to the end of a day.

    Without ``until``, or with a day later than the record, as far as the record goes.
    Raises `SifError` for a municipality without a record.
    """
    history = registry.history(municipality)
    last = None if until is None else PartialDate.of(until).last
    return _Replaying(registry, history, last).result()


_BEYOND = Message("record_replay.beyond")
_UNSETTLED = Message("record_replay.unsettled")
_UNKNOWN = Message("record_replay.unknown")
_NOT_POSTED = Message("record_replay.not_posted")
_STATED = Message("record_replay.stated")
_NONE_IN_FORCE = Message("record_replay.none_in_force")
_WHICH_IN_FORCE = Message("record_replay.which_in_force")
_NOT_COUNTED = Message("record_replay.not_counted")
_BOUND = Message("record_replay.bound")


#: The kinds of event, in the order in which those of one date are posted.
_EVENTS: tuple[What, ...] = (
    "endowment",
    "granted",
    "paid_out",
    "handed_back",
    "returned",
    "written_down",
    "exempted",
)

#: What each kind of event is called.
_CALLED: Mapping[What, Text] = {
    "endowment": Message("record_replay.called_endowment"),
    "granted": Message("record_replay.called_granted"),
    "paid_out": Message("record_replay.called_paid_out"),
    "handed_back": Message("record_replay.called_handed_back"),
    "returned": Message("record_replay.called_returned"),
    "written_down": Message("record_replay.called_written_down"),
    "exempted": Message("record_replay.called_exempted"),
}
#: What the sum of each kind of event is called.
AMOUNTS: Mapping[str, Text] = {
    "endowment": Message("record_replay.amounts_endowment"),
    "granted": Message("record_replay.amounts_granted"),
    "paid_out": Message("record_replay.amounts_paid_out"),
    "handed_back": Message("record_replay.amounts_handed_back"),
    "returned": Message("record_replay.amounts_returned"),
    "written_down": Message("record_replay.amounts_written_down"),
    "exempted": Message("record_replay.amounts_exempted"),
}


@frozen
class _Event:
    """One event of the record, whether it stands as an entry or as a grant."""

    what: What
    date: PartialDate
    amount: Ore | None
    name: str
    citation: Citation

    @property
    def order(self) -> tuple[dt.date, int]:
        """Money comes in and is granted as early as its date allows, and goes out as late."""
        early = self.what in ("endowment", "granted")
        return self.date.first if early else self.date.last, _EVENTS.index(self.what)

    @property
    def words(self) -> Text:
        """What happened, and to which grant."""
        return _CALLED[self.what].format(grant=self.name)


def first_day(history: History) -> dt.date | None:
    """The first day on which anything listed in a record may have happened."""
    dates = [
        *(entry.date.first for entry in history.entries),
        *(grant.granted.first for grant in history.grants),
    ]
    return min(dates, default=None)


class _Replaying:
    """The state of one replay: what has been posted, summed and noted so far."""

    def __init__(self, registry: Registry, history: History, until: dt.date | None) -> None:
        self._registry = registry
        self._history = history
        self._ledger = Ledger()
        self._sums: dict[What, int] = defaultdict(int)
        self._by_year: dict[int, int] = defaultdict(int)
        self._unknown: set[What] = set()
        self._cites: dict[What, Citation] = {}
        self._notes: list[Text] = []
        end = history.until.last
        self._until = end if until is None else min(until, end)
        if until is not None and until > end:
            self._notes.append(_BEYOND.format(end=end))

    def result(self) -> Replay:
        events = sorted(self._events(), key=lambda event: event.order)
        self._unknown |= {event.what for event in events if event.amount is None}
        for event in events:
            self._put(event)
        self._ledger.check()
        totals = {what: self._total(what) for what in _EVENTS}
        for year, amount in self._to_come().items():
            self._notes.append(_BOUND.format(year=str(year), amount=_money(amount)))
        if totals["granted"] is not None and totals["returned"] is None:
            self._notes.append(_NOT_COUNTED)
        return Replay(
            municipality=self._history.key,
            until=self._until,
            available=self._available(totals),
            by_year=self._years(),
            grants=tuple(
                self._under(grant)
                for grant in self._history.grants
                if grant.granted.by(self._until) is True
            ),
            known=dict(self._sums),
            cites=self._cites,
            notes=(*self._notes, *self._history.notes),
            ledger=self._ledger,
            counts=tuple(
                each for each in self._history.counts if each.until.by(self._until) is True
            ),
            by_pot=self._pots(),
            bound=sum(self._to_come().values()),
            **totals,
        )

    def _pots(self) -> dict[int, int]:
        """What is granted out of each year's pot; nothing where every grant is out of one pot."""
        grants = self._history.grants
        if not any(grant.years for grant in grants):
            return {}
        pots: dict[int, int] = defaultdict(int)
        for grant in grants:
            for date, amount in grant.parts:
                if date.by(self._until) is True and amount is not None:
                    pots[date.first.year] += amount
        return dict(sorted(pots.items()))

    def _to_come(self) -> dict[int, int]:
        """What is granted out of the pots of years that had not come, by year."""
        to_come: dict[int, int] = defaultdict(int)
        for grant in self._history.grants:
            if grant.granted.by(self._until) is True:
                for date, amount in grant.parts[1:]:
                    if date.by(self._until) is False:
                        to_come[date.first.year] += amount or 0
        return dict(sorted(to_come.items()))

    def _events(self) -> Iterator[_Event]:
        """The events that had come by the end of the day; doubtful ones are noted."""
        grants = (
            _Event("granted", date, amount, g.name, g.cite)
            for g in self._history.grants
            for date, amount in g.parts
        )
        entries = (
            _Event(entry.what, entry.date, entry.amount, entry.grant or "", entry.cite)
            for entry in self._history.entries
        )
        for event in (*entries, *grants):
            came = event.date.by(self._until)
            if came:
                yield event
            elif came is None:
                self._note(_UNSETTLED, event)
                self._unknown.add(event.what)

    def _put(self, event: _Event) -> None:
        """Post an event, or note that its amount is not known."""
        if event.amount is None:
            self._note(_UNKNOWN, event)
            return
        self._sums[event.what] += event.amount
        if event.what in ("paid_out", "handed_back"):
            sign = 1 if event.what == "paid_out" else -1
            self._by_year[event.date.first.year] += sign * event.amount
        try:
            self._post(event, event.amount)
        except LedgerError as error:
            if not self._contradicts(event):
                self._note(_NOT_POSTED, event)
                return
            raise SifError(
                Joined.of(": ", Joined((event.words, f" ({event.date})")), error.full_text),
                where=self._history.origin,
                fix=Message("record.mend"),
            ) from None

    def _contradicts(self, event: _Event) -> bool:
        """Whether a refused event is a contradiction: all that it depends on is listed in full."""
        rests_on: set[What] = {"endowment", "granted"}
        if event.what == "handed_back":
            rests_on.add("paid_out")
        return not self._unknown and rests_on <= self._history.complete.keys()

    def _post(self, event: _Event, amount: int) -> None:
        books, date, name, cited = self._ledger, event.date, event.name, event.citation
        match event.what:
            case "endowment":
                books.endow(date, amount, citation=cited)
            case "granted":
                books.grant(date, name, amount, cited)
            case "paid_out":
                books.pay_out(date, name, amount, cited)
            case "handed_back":
                books.hand_back(date, name, amount, cited)
            case "returned":
                books.claim(date, name, amount, cited)
                books.pay(date, name, amount, "", citation=cited)
            case "written_down":
                books.claim(date, name, amount, cited)
                books.write_down(date, name, amount, cited)
            case "exempted":
                books.claim(date, name, amount, cited)
                books.exempt(date, name, amount, cited)

    def _note(self, words: Text, event: _Event) -> None:
        amount = _money(event.amount or 0)
        note = words.format(
            what=event.words, date=_said(event.date), until=self._until, amount=amount
        )
        if note not in self._notes:
            self._notes.append(note)

    # --- totals ---------------------------------------------------------------------

    def _total(self, what: What) -> int | None:
        """What the record says of one kind of event: listed in full, or stated as a sum."""
        if self._listed(what):
            self._cites[what] = self._history.complete[what]
            return self._sums[what]
        stated = [
            total
            for total in self._history.totals
            if total.what == what and not total.about and total.until.by(self._until)
        ]
        latest = max(stated, key=lambda total: total.until.last, default=None)
        if latest is None or latest.amount is None:
            return None
        if latest.until.last == self._until:
            self._cites[what] = latest.cite
            return latest.amount
        note = _STATED.format(
            what=AMOUNTS[what], amount=_money(latest.amount), date=_said(latest.until)
        )
        self._notes.append(note)
        return None

    def _listed(self, what: What) -> bool:
        """Whether all events of a kind are listed, each with its amount, up to the day."""
        return what in self._history.complete and what not in self._unknown

    def _years(self) -> dict[int, int]:
        if not (self._listed("paid_out") and self._listed("handed_back")):
            return {}
        return dict(sorted(self._by_year.items()))

    def _available(self, totals: Mapping[What, int | None]) -> int | None:
        endowment, granted = totals["endowment"], totals["granted"]
        if endowment is None or granted is None:
            return None
        return endowment - granted + (totals["returned"] or 0)

    def _under(self, grant: Grant) -> ReplayedGrant:
        """The grant with the guideline it was made under, or why that cannot be determined."""
        try:
            policy = self._registry.policy_on(self._history.key, grant.granted)
        except SifError:
            why = _WHICH_IN_FORCE if self._may_be_under_one(grant.granted) else _NONE_IN_FORCE
            return ReplayedGrant(
                grant, None, why.format(name=grant.name, date=_said(grant.granted))
            )
        return ReplayedGrant(grant, policy.id)

    def _may_be_under_one(self, when: PartialDate) -> bool:
        """Whether some guideline of the municipality may have been in force on a date.

        One that is faulty, and therefore left out, may have been.
        """
        of_town = {id for id in self._registry.ids if id.partition("@")[0] == self._history.key}
        sound = [policy for policy in self._registry.policies if policy.id in of_town]
        return len(sound) < len(of_town) or any(
            policy.in_force_throughout(when.first, when.last) is not False
            for policy in sound
            if policy.status == "guideline"
        )


def _said(date: PartialDate) -> Text:
    return LocalizedText(sv=date.text("sv"), en=date.text("en"))


def _money(amount: int) -> Text:
    return LocalizedText(sv=in_words(amount, "sv"), en=in_words(amount, "en"))
