"""Telling observers what happens, in words (händelser). Costs nothing where no one listens."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sifrules.citations import Citation
from sifrules.money import in_words
from sifrules.simulated import Event, Observer, Step
from sifrules.words import Words, same

_WHAT = {
    Step.ARISES: ("en idé uppstår: {about}", "an idea arises: {about}"),
    Step.NOT_TAKEN_UP: ("ingen tar sig an den", "nobody takes it up"),
    Step.IDEA_TEST: ("idéprövning: {about}", "idea test: {about}"),
    Step.FORESEEN_REFUSAL: (
        "nämnden förutser avslag och låter bli: {about}",
        "the committee foresees a refusal and refrains: {about}",
    ),
    Step.REFRAINS: ("nämnden söker inte: {about}", "the committee does not apply: {about}"),
    Step.CHOOSES: ("nämnden vill söka: {about}", "the committee wants to apply: {about}"),
    Step.SHELVED: ("läggs åt sidan: {about}", "is shelved: {about}"),
    Step.APPLIES: ("söker {amount}", "applies for {amount}"),
    Step.DECIDED: ("ansökan prövas: {about}", "the application is decided: {about}"),
    Step.BOARD_REFUSES: (
        "styrelsen avslår, trots att kriterierna är mötta",
        "the board refuses, although the criteria are met",
    ),
    Step.QUEUED: ("väntar: {about}", "waits: {about}"),
    Step.WITHDRAWN: ("dras tillbaka efter väntan", "is withdrawn after waiting"),
    Step.GRANTED: ("beviljas {amount}", "is granted {amount}"),
    Step.STARTS: ("startar", "starts"),
    Step.HALF_TIME: ("halvtid; {amount} utbetalt", "half-time; {amount} paid out"),
    Step.ENDS: ("avslutas; {amount} använt", "ends; {amount} used"),
    Step.EVALUATED: ("slututvärdering: {about}", "final evaluation: {about}"),
    Step.CLAIMED: ("krav på {amount}: {about}", "a claim of {amount}: {about}"),
    Step.WRITTEN_DOWN: ("{amount} skrivs ned: {about}", "{amount} is written down: {about}"),
    Step.EXEMPTED: ("befrias från {amount}: {about}", "is exempted from {amount}: {about}"),
    Step.PAID: ("{amount} återförs av {about}", "{amount} is returned by {about}"),
    Step.IMPLEMENTED: ("tas in i ordinarie verksamhet", "is taken into regular operations"),
    Step.NOT_IMPLEMENTED: (
        "tas inte in i ordinarie verksamhet",
        "is not taken into regular operations",
    ),
    Step.SET_ASIDE: ("{amount} sätts av till fonden", "{amount} is set aside into the fund"),
    Step.LAPSED: ("{amount} förfaller", "{amount} lapses"),
}
_WORDS = {step: Words(sv=sv, en=en) for step, (sv, en) in _WHAT.items()}
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
