"""The words of the return-flow model (återföringsmodellens ord): its clauses, and why it claims."""

from __future__ import annotations

from sifrules.values.text import LocalizedText

NO_PLAN = LocalizedText(
    sv="riktlinjen anger inte hur stor del som ska återföras",
    en="the guideline does not say how much is to be returned",
)


FEE_PLACES = {
    "on_top": LocalizedText(sv="utöver det som återförs", en="on top of what is returned"),
    "within": LocalizedText(sv="inom det som återförs", en="within what is returned"),
}
BEGINS = {
    "effects": LocalizedText(sv="när effekterna börjar synas", en="as effects appear"),
    "deadline": LocalizedText(sv="senast vid en bestämd tid", en="by a deadline"),
    "plan": LocalizedText(
        sv="enligt ansökans återföringsplan", en="by the application's return plan"
    ),
}
MECHANISMS = {
    "frame_lowered": LocalizedText(
        sv="nämndens budgetram sänks", en="the committee's budget frame is lowered"
    ),
    "payment": LocalizedText(sv="nämnden betalar", en="the committee pays"),
}
COMES_BACK = {
    "instalment": LocalizedText(sv="vid varje delbetalning", en="at each instalment"),
    "closing": LocalizedText(sv="i årets bokslut", en="at the closing of the year's accounts"),
}
BEGINS_WHY = {
    None: LocalizedText(
        sv="återföring; tiden är inte angiven, här projektets slut",
        en="return; no time is stated, here the end of the project",
    ),
    "effects": LocalizedText(
        sv="återföring när effekterna syns; är de inte daterade, projektets slut",
        en="return as effects appear; where they are not dated, the end of the project",
    ),
    "deadline": LocalizedText(
        sv="återföring, börjar senast {within} månader efter start",
        en="return, begins at the latest {within} months after the start",
    ),
    "plan": LocalizedText(
        sv="återföring enligt ansökans plan; utan plan, projektets slut",
        en="return by the application's plan; without one, the end of the project",
    ),
}
FEE_WHY = LocalizedText(sv="administrativ avgift", en="administrative fee")
FLOOR_WHY = LocalizedText(
    sv="återföringen är högst effekten, men lägst {floor} av kostnaden",
    en="no more is returned than the effect, but at least {floor} of the cost",
)
UNMEASURED = {
    "all": LocalizedText(sv="hela återföringen krävs", en="the whole return is claimed"),
    "floor": LocalizedText(sv="golvet krävs", en="the floor is claimed"),
    "nothing": LocalizedText(sv="inget krävs", en="nothing is claimed"),
    "decision": LocalizedText(sv="beslutas i varje fall", en="decided case by case"),
}
UNMEASURED_WHY = LocalizedText(
    sv="effekten är inte uppmätt: {what}", en="the effect has not been measured: {what}"
)
ALL_WHY = LocalizedText(
    sv="{why}; effekten är inte uppmätt: hela återföringen krävs",
    en="{why}; the effect has not been measured: the whole return is claimed",
)
UNBOUNDED_WHY = LocalizedText(
    sv="{why}; effekten är inte uppmätt, och inget anges då: hela återföringen krävs",
    en="{why}; the effect has not been measured, and nothing is stated for that: "
    "the whole return is claimed",
)
KEPT_WHY = LocalizedText(
    sv="{written_down}, men lägst {floor} av kostnaden återförs",
    en="{written_down}, but at least {floor} of the cost is returned",
)
INTEREST_WHY = LocalizedText(sv="ränta på återföringen", en="interest on the return")
INTEREST_FROM = {
    "start": LocalizedText(sv="projektets start", en="the start of the project"),
    "end": LocalizedText(sv="projektets slut", en="the end of the project"),
}
NO_DELAY = LocalizedText(
    sv="det är inte känt när kostnaderna börjar minska",
    en="it is not known when costs begin to fall",
)
