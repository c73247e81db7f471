"""Publishing what happens to observers, by code (händelser). Nothing is done where none are."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sifrules.plugin.simulation import Event, Observer, Step
from sifrules.values.citations import Citation
from sifrules.values.messages import Message, Worded
from sifrules.values.money import Amount

_WORDS = {
    Step.ARISES: Message("event.arises"),
    Step.NOT_TAKEN_UP: Message("event.not_taken_up"),
    Step.IDEA_TEST: Message("event.idea_test"),
    Step.FORESEEN_REFUSAL: Message("event.foreseen_refusal"),
    Step.REFRAINS: Message("event.refrains"),
    Step.CHOOSES: Message("event.chooses"),
    Step.SHELVED: Message("event.shelved"),
    Step.TRACK_CHOSEN: Message("event.track_chosen"),
    Step.AWAITS_REFORM: Message("event.awaits_reform"),
    Step.APPLIES: Message("event.applies"),
    Step.DECIDED: Message("event.decided"),
    Step.BOARD_REFUSES: Message("event.board_refuses"),
    Step.IDEA_APPROVED: Message("event.idea_approved"),
    Step.AMOUNT_SET: Message("event.amount_set"),
    Step.QUEUED: Message("event.queued"),
    Step.WITHDRAWN: Message("event.withdrawn"),
    Step.GOES_FIRST: Message("event.goes_first"),
    Step.GRANTED: Message("event.granted"),
    Step.STARTS: Message("event.starts"),
    Step.HALF_TIME: Message("event.half_time"),
    Step.ENDS: Message("event.ends"),
    Step.EVALUATED: Message("event.evaluated"),
    Step.CLAIMED: Message("event.claimed"),
    Step.WRITTEN_DOWN: Message("event.written_down"),
    Step.EXEMPTED: Message("event.exempted"),
    Step.PAID: Message("event.paid"),
    Step.IMPLEMENTED: Message("event.implemented"),
    Step.NOT_IMPLEMENTED: Message("event.not_implemented"),
    Step.SET_ASIDE: Message("event.set_aside"),
    Step.LAPSED: Message("event.lapsed"),
}
_NOTHING = "–"


@frozen
class EventPublisher:
    """Publishes each event to every observer, in order."""

    observers: tuple[Observer, ...] = ()

    def __bool__(self) -> bool:
        """Whether there are observers: an event is put together only then."""
        return bool(self.observers)

    def publish(
        self,
        month: int,
        step: Step,
        idea: int | None = None,
        amount: int | None = None,
        about: Worded | None = None,
        citations: Iterable[Citation | None] = (),
        guideline: str = "",
    ) -> None:
        """Publish one event, and the guideline that it fell under."""
        given: dict[str, Worded | str] = {"about": _NOTHING if about is None else about}
        if amount is not None:
            given["amount"] = Amount(amount)
        what = _WORDS[step].format(**given)
        cited = tuple(dict.fromkeys(each for each in citations if each is not None))
        event = Event(month, idea, step, what, amount, cited, guideline)
        for observer in self.observers:
            observer(event)
