"""Telling observers what happens, in words (händelser). Costs nothing where no one listens."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sifrules.plugin.simulation import Event, Observer, Step
from sifrules.values.citations import Citation
from sifrules.values.money import in_words
from sifrules.values.text import Words, same

_WORDS = {
    Step.ARISES: Words(sv="en idé uppstår: {about}", en="an idea arises: {about}"),
    Step.NOT_TAKEN_UP: Words(sv="ingen tar sig an den", en="nobody takes it up"),
    Step.IDEA_TEST: Words(sv="idéprövning: {about}", en="idea test: {about}"),
    Step.FORESEEN_REFUSAL: Words(
        sv="nämnden förutser avslag och låter bli: {about}",
        en="the committee foresees a refusal and refrains: {about}",
    ),
    Step.REFRAINS: Words(
        sv="nämnden söker inte: {about}", en="the committee does not apply: {about}"
    ),
    Step.CHOOSES: Words(
        sv="nämnden vill söka: {about}", en="the committee wants to apply: {about}"
    ),
    Step.SHELVED: Words(sv="läggs åt sidan: {about}", en="is shelved: {about}"),
    Step.APPLIES: Words(sv="söker {amount}", en="applies for {amount}"),
    Step.DECIDED: Words(sv="ansökan prövas: {about}", en="the application is decided: {about}"),
    Step.BOARD_REFUSES: Words(
        sv="styrelsen avslår, trots att kriterierna är uppfyllda",
        en="the board refuses, although the criteria are met",
    ),
    Step.QUEUED: Words(sv="väntar: {about}", en="waits: {about}"),
    Step.WITHDRAWN: Words(sv="dras tillbaka efter väntan", en="is withdrawn after waiting"),
    Step.GRANTED: Words(sv="beviljas {amount}", en="is granted {amount}"),
    Step.STARTS: Words(sv="startar", en="starts"),
    Step.HALF_TIME: Words(sv="halvtid; {amount} utbetalt", en="half-time; {amount} paid out"),
    Step.ENDS: Words(sv="avslutas; {amount} använt", en="ends; {amount} used"),
    Step.EVALUATED: Words(sv="slututvärdering: {about}", en="final evaluation: {about}"),
    Step.CLAIMED: Words(sv="krav på {amount}: {about}", en="a claim of {amount}: {about}"),
    Step.WRITTEN_DOWN: Words(
        sv="{amount} skrivs ned: {about}", en="{amount} is written down: {about}"
    ),
    Step.EXEMPTED: Words(
        sv="befrias från {amount}: {about}", en="is exempted from {amount}: {about}"
    ),
    Step.PAID: Words(sv="{amount} återförs av {about}", en="{amount} is returned by {about}"),
    Step.IMPLEMENTED: Words(
        sv="tas in i ordinarie verksamhet", en="is taken into regular operations"
    ),
    Step.NOT_IMPLEMENTED: Words(
        sv="tas inte in i ordinarie verksamhet", en="is not taken into regular operations"
    ),
    Step.SET_ASIDE: Words(
        sv="{amount} sätts av till fonden", en="{amount} is set aside into the fund"
    ),
    Step.LAPSED: Words(sv="{amount} förfaller", en="{amount} lapses"),
}
_NOTHING = same("–")


@frozen
class Telling:
    """Tells every observer of each event, in order."""

    observers: tuple[Observer, ...] = ()

    def __bool__(self) -> bool:
        """Whether anyone listens: what an event says is put together only then."""
        return bool(self.observers)

    def tell(
        self,
        month: int,
        step: Step,
        idea: int | None = None,
        amount: int | None = None,
        about: Words | None = None,
        citations: Iterable[Citation | None] = (),
    ) -> None:
        """Tell of one event."""
        money = Words(sv=in_words(amount or 0, "sv"), en=in_words(amount or 0, "en"))
        what = _WORDS[step].put(amount=money, about=about or _NOTHING)
        cited = tuple(dict.fromkeys(each for each in citations if each is not None))
        event = Event(month, idea, step, what, amount, cited)
        for observer in self.observers:
            observer(event)
