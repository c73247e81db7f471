"""Publishing what happens to observers, in words (händelser). Nothing is done where none are."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sifrules.plugin.simulation import Event, Observer, Step
from sifrules.values.citations import Citation
from sifrules.values.money import in_words
from sifrules.values.text import LocalizedText, same

_WORDS = {
    Step.ARISES: LocalizedText(sv="en idé uppstår: {about}", en="an idea arises: {about}"),
    Step.NOT_TAKEN_UP: LocalizedText(sv="ingen tar sig an den", en="nobody takes it up"),
    Step.IDEA_TEST: LocalizedText(sv="idéprövning: {about}", en="idea test: {about}"),
    Step.FORESEEN_REFUSAL: LocalizedText(
        sv="nämnden förutser avslag och låter bli: {about}",
        en="the committee foresees a refusal and refrains: {about}",
    ),
    Step.REFRAINS: LocalizedText(
        sv="nämnden söker inte: {about}", en="the committee does not apply: {about}"
    ),
    Step.CHOOSES: LocalizedText(
        sv="nämnden vill söka: {about}", en="the committee wants to apply: {about}"
    ),
    Step.SHELVED: LocalizedText(sv="läggs åt sidan: {about}", en="is shelved: {about}"),
    Step.AWAITS_REFORM: LocalizedText(
        sv="nämnden väntar på de nya reglerna", en="the committee waits for the new rules"
    ),
    Step.APPLIES: LocalizedText(sv="söker {amount}", en="applies for {amount}"),
    Step.DECIDED: LocalizedText(
        sv="ansökan prövas: {about}", en="the application is decided: {about}"
    ),
    Step.BOARD_REFUSES: LocalizedText(
        sv="styrelsen avslår, trots att kriterierna är uppfyllda",
        en="the board refuses, although the criteria are met",
    ),
    Step.QUEUED: LocalizedText(sv="väntar: {about}", en="waits: {about}"),
    Step.WITHDRAWN: LocalizedText(sv="dras tillbaka efter väntan", en="is withdrawn after waiting"),
    Step.GOES_FIRST: LocalizedText(
        sv="går före {about} i kön genom prioritet",
        en="goes before {about} in the queue by priority",
    ),
    Step.GRANTED: LocalizedText(sv="beviljas {amount}", en="is granted {amount}"),
    Step.STARTS: LocalizedText(sv="startar", en="starts"),
    Step.HALF_TIME: LocalizedText(
        sv="halvtid; {amount} utbetalt", en="half-time; {amount} paid out"
    ),
    Step.ENDS: LocalizedText(sv="avslutas; {amount} använt", en="ends; {amount} used"),
    Step.EVALUATED: LocalizedText(sv="slututvärdering: {about}", en="final evaluation: {about}"),
    Step.CLAIMED: LocalizedText(sv="krav på {amount}: {about}", en="a claim of {amount}: {about}"),
    Step.WRITTEN_DOWN: LocalizedText(
        sv="{amount} skrivs ned: {about}", en="{amount} is written down: {about}"
    ),
    Step.EXEMPTED: LocalizedText(
        sv="befrias från {amount}: {about}", en="is exempted from {amount}: {about}"
    ),
    Step.PAID: LocalizedText(
        sv="{amount} återförs av {about}", en="{amount} is returned by {about}"
    ),
    Step.IMPLEMENTED: LocalizedText(
        sv="tas in i ordinarie verksamhet", en="is taken into regular operations"
    ),
    Step.NOT_IMPLEMENTED: LocalizedText(
        sv="tas inte in i ordinarie verksamhet", en="is not taken into regular operations"
    ),
    Step.SET_ASIDE: LocalizedText(
        sv="{amount} sätts av till fonden", en="{amount} is set aside into the fund"
    ),
    Step.LAPSED: LocalizedText(sv="{amount} förfaller", en="{amount} lapses"),
}
_NOTHING = same("–")


@frozen
class EventPublisher:
    """Publishes each event to every observer, in order."""

    observers: tuple[Observer, ...] = ()

    def __bool__(self) -> bool:
        """Whether there are observers: the words of an event are put together only then."""
        return bool(self.observers)

    def publish(
        self,
        month: int,
        step: Step,
        idea: int | None = None,
        amount: int | None = None,
        about: LocalizedText | None = None,
        citations: Iterable[Citation | None] = (),
    ) -> None:
        """Publish one event."""
        money = LocalizedText(sv=in_words(amount or 0, "sv"), en=in_words(amount or 0, "en"))
        what = _WORDS[step].format(amount=money, about=about or _NOTHING)
        cited = tuple(dict.fromkeys(each for each in citations if each is not None))
        event = Event(month, idea, step, what, amount, cited)
        for observer in self.observers:
            observer(event)
