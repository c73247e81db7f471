"""Claims that can never come about as the guideline has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import months_words
from sifrules.rules.conditions import Compare
from sifrules.rules.vocabulary import application
from sifrules.rules.wording import share_words
from sifrules.validation.funding import nothing_returns
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.validation.rules import granting
from sifrules.validation.satisfiability import possible
from sifrules.values.text import LocalizedText

_COMPARE = LocalizedText(
    sv="jämför värdena med riktlinjens text; ett av dem är troligen felskrivet",
    en="compare the values with the guideline's text; one of them is probably mistyped",
)
_FLOOR_ABOVE = IssueTemplate(
    kind="floor_above_share",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="golvet ({floor}) är högre än det som ska återföras ({share})",
        en="the floor ({floor}) is above what is to be returned ({share})",
    ),
    why=LocalizedText(
        sv="golvet avgör aldrig något: det som krävs är alltid mindre",
        en="the floor never decides anything: what is claimed is always less",
    ),
    do=_COMPARE,
)
_FLOOR_AT = IssueTemplate(
    kind="floor_at_share",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="golvet ({floor}) är lika med det som ska återföras",
        en="the floor ({floor}) is the same as what is to be returned",
    ),
    why=LocalizedText(
        sv="den uppmätta effekten betyder då ingenting för vad som krävs",
        en="the measured effect then means nothing for what is claimed",
    ),
    do=_COMPARE,
)
_FEE_ABOVE = IssueTemplate(
    kind="fee_above_share",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="avgiften ({fee}) ryms inte inom det som återförs ({share})",
        en="the fee ({fee}) has no room within what is returned ({share})",
    ),
    why=LocalizedText(
        sv="avgiften kan aldrig krävas i sin helhet, och inget blir kvar att återföra",
        en="the fee can never be claimed in full, and nothing is left to return",
    ),
    do=_COMPARE,
)
_FEE_ABOVE_FLOOR = IssueTemplate(
    kind="fee_above_floor",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="avgiften ({fee}) inom återföringen är högre än golvet ({floor})",
        en="the fee ({fee}) within the return is above the floor ({floor})",
    ),
    why=LocalizedText(
        sv="när bara golvet krävs går allt åt till avgiften och inget återförs",
        en="where only the floor is claimed the fee takes it all and nothing is returned",
    ),
    do=_COMPARE,
)
_TOO_SPARSE = IssueTemplate(
    kind="instalments_too_sparse",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="en delbetalning var {every}, men återföringen varar bara {lasts}",
        en="an instalment every {every}, but the return lasts only {lasts}",
    ),
    why=LocalizedText(
        sv="det blir aldrig mer än en delbetalning: allt krävs på en gång",
        en="there is never more than one instalment: all is claimed at once",
    ),
    do=_COMPARE,
)
_ONE_INSTALMENT = IssueTemplate(
    kind="one_instalment",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="återföringen varar {lasts}, lika länge som tiden mellan två delbetalningar",
        en="the return lasts {lasts}, as long as the time between two instalments",
    ),
    why=LocalizedText(
        sv="det blir en enda delbetalning, när återföringen börjar",
        en="there is but one instalment, as the return begins",
    ),
    do=_COMPARE,
)
_ALL_AT_ONCE = IssueTemplate(
    kind="no_instalments",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="återföringen varar {lasts}, men inget sägs om hur ofta det betalas",
        en="the return lasts {lasts}, but nothing is said of how often it is paid",
    ),
    why=LocalizedText(
        sv="utan instalment_every krävs allt när återföringen börjar, om ansökan inte har en "
        "egen tid",
        en="without instalment_every all is claimed as the return begins, unless the application "
        "has a period of its own",
    ),
    do=LocalizedText(
        sv="skriv instalment_every om källan anger det; annars en reading om hur den läses",
        en="write instalment_every if the source states it; else a reading of how it is read",
    ),
)
_BEFORE_END = IssueTemplate(
    kind="return_before_end",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="återföringen ska börja inom {within}, men inget projekt får vara så kort",
        en="the return must begin within {within}, but no project may be as short as that",
    ),
    why=LocalizedText(
        sv="pengar krävs tillbaka innan något projekt är färdigt",
        en="money is claimed back before any project is finished",
    ),
    do=_COMPARE,
)
_NOT_STATED = IssueTemplate(
    kind="return_share_missing",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="pengarna ska återföras, men inte hur stor del",
        en="the money is to be returned, but not how much of it",
    ),
    why=LocalizedText(
        sv="varje krav kommer ut som ”går inte att avgöra”",
        en="every claim comes out as 'cannot tell'",
    ),
    do=LocalizedText(
        sv="skriv return_model.share om källan anger den; annars prövas den med --set",
        en="write return_model.share if the source states it; else try one with --set",
    ),
)
_NOTHING = IssueTemplate(
    kind="returns_nothing",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="en återföring av 0 procent: inget krävs någonsin tillbaka",
        en="a return of 0 per cent: nothing is ever claimed back",
    ),
    why=LocalizedText(
        sv="riktlinjen ser ut att ha en återföring och har ingen",
        en="the guideline looks as if it had a return, and has none",
    ),
    do=LocalizedText(
        sv='skriv den andel som källan anger, eller kind = "budget"',
        en='write the share that the source states, or kind = "budget"',
    ),
)
_NO_USE = IssueTemplate(
    kind="write_down_unused",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="nedskrivning anges, men inget krävs tillbaka som kan skrivas ned",
        en="a write-down is stated, but nothing is claimed back that could be written down",
    ),
    why=LocalizedText(
        sv="nedskrivningen används aldrig",
        en="the write-down is never used",
    ),
    do=LocalizedText(
        sv="se efter om återföringen fattas eller nedskrivningen är överflödig",
        en="see whether the return is missing or the write-down is needless",
    ),
)
_FLOORS = IssueTemplate(
    kind="floors_differ",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="nedskrivningens golv är {here}, återföringens är {there}",
        en="the floor of the write-down is {here}, that of the return is {there}",
    ),
    why=LocalizedText(
        sv="båda tillämpas, så det högre golvet skyddar aldrig något",
        en="both are applied, so the higher floor never protects anything",
    ),
    do=LocalizedText(
        sv="ange golvet på ett ställe, det som källan säger",
        en="state the floor in one place, the one that the source names",
    ),
)
_TOO_LATE = IssueTemplate(
    kind="return_never_applies",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="återföring gäller inte start efter {after}, men riktlinjen gäller först från {begun}",
        en="return does not apply to starts after {after}, but the guideline is in force only "
        "from {begun}",
    ),
    why=LocalizedText(
        sv="ingen satsning som startar medan riktlinjen gäller kan krävas på återföring",
        en="no return can be claimed of an investment that starts while the guideline is in force",
    ),
    do=LocalizedText(
        sv='rätta datumen, eller skriv kind = "budget" om återföringen är avskaffad',
        en='mend the dates, or write kind = "budget" if the return is abolished',
    ),
)


def of_claims(policy: FundPolicy) -> Iterator[Issue]:
    """What is amiss with a guideline's return model and write-down."""
    model: Any = policy.return_model
    kind = getattr(model, "kind", None)
    if kind == "return_flow":
        yield from _of_return_flow(policy, model)
    elif kind == "outcome_share":
        for field in ("split", "ceiling"):
            if getattr(model, field) == 0:
                yield _NOTHING.at(policy.origin, f"{model.path}.{field}")
    yield from _of_write_down(policy, model)


def _of_return_flow(policy: FundPolicy, model: Any) -> Iterator[Issue]:
    if model.share is None:
        yield _NOT_STATED.at(policy.origin, f"{model.path}.share")
    elif model.share == 0:
        yield _NOTHING.at(policy.origin, f"{model.path}.share")
    else:
        yield from _of_shares(policy, model)
    yield from _of_times(policy, model)
    begun, transition = policy.terms.in_force, model.transition
    if transition is not None and begun is not None and begun.first > transition.ends_after.last:
        key = f"{model.path}.transition.ends_after"
        yield _TOO_LATE.at(policy.origin, key, after=transition.ends_after, begun=begun)


def _of_shares(policy: FundPolicy, model: Any) -> Iterator[Issue]:
    """The floor and the fee against the share that is returned."""
    share, floor, fee = model.share, model.floor, model.fee
    said = {
        name: share_words(value)
        for name, value in (("share", share), ("floor", floor), ("fee", fee))
        if value is not None
    }
    if floor is not None and floor > share:
        yield _FLOOR_ABOVE.at(policy.origin, f"{model.path}.floor", **said)
    elif floor == share and policy.write_down is None:
        yield _FLOOR_AT.at(policy.origin, f"{model.path}.floor", **said)
    if model.fee_place != "within" or fee is None:
        return
    if fee > share:
        yield _FEE_ABOVE.at(policy.origin, f"{model.path}.fee", **said)
    elif floor is not None and fee > floor:
        yield _FEE_ABOVE_FLOOR.at(policy.origin, f"{model.path}.fee", **said)


def _of_times(policy: FundPolicy, model: Any) -> Iterator[Issue]:
    """Instalments against the period, and the beginning against the shortest project."""
    every, lasts = model.instalment_every, model.lasts
    if lasts is not None and every is None:
        yield _ALL_AT_ONCE.at(policy.origin, f"{model.path}.lasts", lasts=months_words(lasts))
    if lasts is not None and every is not None and every >= lasts:
        remark = _TOO_SPARSE if every > lasts else _ONE_INSTALMENT
        said = {"every": months_words(every), "lasts": months_words(lasts)}
        yield remark.at(policy.origin, f"{model.path}.instalment_every", **said)
    within = model.begins_within
    demands = [rule.condition for rule in granting(policy)]
    if within is None or not possible(demands):
        return
    if not possible([*demands, Compare(application.duration, "<=", within)]):
        key = f"{model.path}.begins_within"
        yield _BEFORE_END.at(policy.origin, key, within=months_words(within))


def _of_write_down(policy: FundPolicy, model: Any) -> Iterator[Issue]:
    """The write-down against the return that it writes down."""
    down: Any = policy.write_down
    if down is None:
        return
    if nothing_returns(policy):
        yield _NO_USE.at(policy.origin, down.path)
        return
    floor = getattr(down, "floor", None)
    kinds = (getattr(model, "kind", None), getattr(down, "kind", None))
    if kinds != ("return_flow", "to_measured_effect") or floor is None:
        return
    key = f"{down.path}.floor"
    if model.share and floor > model.share:
        said = {"floor": share_words(floor), "share": share_words(model.share)}
        yield _FLOOR_ABOVE.at(policy.origin, key, **said)
    elif model.bounded_by_effect and floor != (model.floor or 0):
        said = {"here": share_words(floor), "there": share_words(model.floor or floor * 0)}
        yield _FLOORS.at(policy.origin, key, **said)
