"""``sif claims``: what is claimed back of an investment, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import click
from attrs import evolve

from sifrules.cli.options import (
    AMOUNT,
    MONTH,
    one_policy,
    output_options,
    put_out,
    read_facts,
    set_option,
    the_registry,
)
from sifrules.errors import SifError
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.settlement import ClaimKind, Investment, Rest, Settlement, granted_of
from sifrules.policy.tracks import NAMED
from sifrules.policy.wording import money_words, more_than_cost, small_cost
from sifrules.presentation.answer import Answer, Cite, Sources, cited, plain_kronor
from sifrules.presentation.table import Column, Table
from sifrules.rules.vocabulary import application
from sifrules.rules.wording import share_words
from sifrules.values.dates import Month
from sifrules.values.messages import Message, Text
from sifrules.values.money import NOTHING, Ore, in_words, kronor
from sifrules.values.quantities import read_share
from sifrules.values.text import Language, LocalizedText, same

_HEADS = {
    "due": Message("sif_claims.heads_due"),
    "amount": Message("sif_claims.heads_amount"),
    "kind": Message("sif_claims.heads_kind"),
    "payer": Message("sif_claims.heads_payer"),
    "why": Message("sif_claims.heads_why"),
    "citation": Message("sif_claims.heads_citation"),
}
_KINDS = {
    ClaimKind.RETURN: Message("sif_claims.kinds_return"),
    ClaimKind.FEE: Message("sif_claims.kinds_fee"),
    ClaimKind.INTEREST: Message("sif_claims.kinds_interest"),
    ClaimKind.INDEX: Message("sif_claims.kinds_index"),
}
_TITLE = Message("sif_claims.title")
_NOT_CLAIMED = Message("sif_claims.not_claimed")
_NOTES = Message("sif_claims.notes")
_RESULT = Message("sif_claims.result")
_REST = Message("sif_claims.rest")
_REST_AT_MOST = Message("sif_claims.rest_at_most")
_PAYEE = Message("sif_claims.payee")
_NOT_KNOWN = Message("sif_claims.not_known")
_GAINING = Message("sif_claims.gaining")


@click.command()
@click.option("--policy", required=True, metavar="ID|FILE", help="The policy to settle under.")
@click.option("--cost", required=True, type=AMOUNT, help="The investment's whole cost.")
@click.option(
    "--granted",
    type=AMOUNT,
    help="What the fund pays of the cost; left out, what --fact leaves of it, or all.",
)
@click.option("--start", required=True, type=MONTH, help="The month in which it started.")
@click.option("--months", required=True, type=click.IntRange(1, 600), help="The project time.")
@click.option("--effect", type=AMOUNT, help="Measured lower costs in all; left out, not measured.")
@click.option("--failed", is_flag=True, help="The evaluation found no effect.")
@click.option("--exempt", is_flag=True, help="Exemption from return has been decided.")
@click.option(
    "--effects-begin",
    type=MONTH,
    help="The month in which costs begin to fall; used where the return begins as effects appear.",
)
@click.option(
    "--return-from", type=MONTH, help="The return period's first month, by the application."
)
@click.option("--return-months", type=click.IntRange(1, 1200), help="The return period's length.")
@click.option(
    "--payer",
    "payers",
    multiple=True,
    metavar="NAME=SHARE",
    help="A committee whose costs fall, with its share of 1; may be repeated.",
)
@click.option(
    "--written-down",
    type=AMOUNT,
    default=0,
    help="What the deciding body has written down, for guidelines that leave it to a decision.",
)
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="NAME=VALUE",
    help="A fact of the application or the investment that the return depends on, as "
    "investment.target_reached=true, or the track that it is on, application.track=small; "
    "may be repeated.",
)
@set_option
@output_options
@click.pass_context
def claims(
    ctx: click.Context,
    policy: str,
    cost: Ore,
    granted: Ore | None,
    start: Month,
    months: int,
    effect: Ore | None,
    failed: bool,
    exempt: bool,
    effects_begin: Month | None,
    return_from: Month | None,
    return_months: int | None,
    payers: tuple[str, ...],
    written_down: Ore,
    facts: tuple[str, ...],
    settings: tuple[str, ...],
    form: str,
    lang: Language,
) -> None:
    """Show what is claimed back of an investment, when and why.

    Where it cannot be reported, or not all of it yet, the exit code is 1.

    \b
    Example:
      sif claims --policy orebro@2016 --cost 12200000 --start 2017-08 --months 29 --effect 2000000
    """
    if cost <= 0:
        raise SifError(Message("claims.cost_not_positive"), fix=Message("claims.give_cost_as"))
    if failed and effect is not None and effect > 0:
        raise SifError(Message("claims.failed_with_effect"), fix=Message("claims.give_one"))
    if written_down < 0:
        raise SifError(
            Message("claims.written_down_negative"), fix=Message("claims.give_written_down_as")
        )
    found = one_policy(policy, settings)
    said = found.vocabulary.read(read_facts(facts))
    investment = Investment(
        cost=cost,
        granted=granted_of(cost, said) if granted is None else granted,
        start=start,
        months=months,
        effect=effect,
        failed=failed,
        exempt=exempt,
        gains=_gains(payers),
        effects_begin=effects_begin,
        return_from=return_from,
        return_months=return_months,
        decided_write_down=written_down,
        facts=said,
    )
    named = investment.facts.get(NAMED)
    if found.tracks and named is not None:
        found = found.on_track(str(named))
    settlement = found.settle(investment)
    dated = (*_dated(found, start), *_transitional(found, investment, settlement))
    found_doubts = (small_cost(cost), more_than_cost({**said, application.cost.name: cost}))
    doubts = tuple(each for each in found_doubts if each is not None)
    unused = _unused(ctx, found, investment, settlement)
    notes = (*doubts, *_cofunded(investment), *unused, *dated)
    put_out(_answer(found, settlement, notes, lang), form, lang)
    if not settlement.complete:
        ctx.exit(1)


#: What an investment is where an option is not given, by the option's name.
_WITHOUT: Mapping[str, Mapping[str, Any]] = {
    "effect": {"effect": None},
    "effects_begin": {"effects_begin": None},
    "return_from": {"return_from": None},
    "return_months": {"return_months": None},
    "written_down": {"decided_write_down": NOTHING},
}


def _unused(
    ctx: click.Context, policy: FundPolicy, investment: Investment, settlement: Settlement
) -> tuple[Text, ...]:
    """The note on options that are given and change nothing of what is claimed."""
    given = [
        f"--{name.replace('_', '-')}"
        for name, without in _WITHOUT.items()
        if ctx.params[name] and policy.settle(evolve(investment, **without)) == settlement
    ]
    if not given:
        return ()
    return (Message("sif_claims.unused", options=", ".join(given), policy=policy.id),)


_GRANTED = Message("sif_claims.granted")
_NO_TRANSITION = "return_model.transition=none"
_NOT_YET = Message("sif_claims.not_yet")
_SINCE_REPLACED = Message("sif_claims.since_replaced")


def _cofunded(investment: Investment) -> tuple[Text, ...]:
    """The note that others pay a part of the cost."""
    if investment.granted == investment.cost:
        return ()
    granted, cost = money_words(investment.granted), money_words(investment.cost)
    return (_GRANTED.format(granted=granted, cost=cost),)


def _dated(policy: FundPolicy, start: Month) -> tuple[Text, ...]:
    """The note on a start outside the time of the guideline.

    Refuses a start before there was any guideline of the municipality.
    """
    begun = the_registry().fund_begun(policy)
    if begun is not None and start.date.before(begun):
        raise SifError(
            Message("claims.start_too_early", start=start, begun=begun),
            fix=Message("claims.give_later_start", begun=begun),
        )
    terms = policy.terms
    if terms.in_force is not None and start.date.before(terms.in_force):
        return (_NOT_YET.format(policy=policy.id, date=terms.in_force, start=start),)
    if terms.replaced is not None and terms.replaced.before(start.date):
        return (_SINCE_REPLACED.format(policy=policy.id, date=terms.replaced, start=start),)
    return ()


def _transitional(
    policy: FundPolicy, investment: Investment, settlement: Settlement
) -> tuple[Text, ...]:
    """That a comparison sets a transitional provision aside, where that changes what is claimed."""
    if getattr(policy.return_model, "transition", None) is None:
        return ()
    without = the_registry().changed(policy, [_NO_TRANSITION])
    if without.settle(investment).claims == settlement.claims:
        return ()
    return (Message("sif_claims.transition", switch=f"--set {_NO_TRANSITION}"),)


def _gains(payers: tuple[str, ...]) -> dict[str, Decimal]:
    """The committees whose costs fall, each named once, with shares that make up the whole."""
    read = [_payer(written) for written in payers]
    gains = dict(read)
    if len(gains) < len(read):
        raise SifError(Message("claims.payer_twice"), fix=Message("claims.give_share_once"))
    if gains and sum(gains.values()) != 1:
        raise SifError(
            Message("claims.shares_sum", sum=share_words(sum(gains.values(), Decimal()))),
            fix=Message("claims.make_shares_sum"),
        )
    return gains


def _payer(written: str) -> tuple[str, Decimal]:
    name, _, share = written.rpartition("=")
    try:
        exact = read_share(share)
    except SifError as error:
        raise _no_payer(written, error.what) from None
    if not name or not 0 < exact <= 1:
        raise _no_payer(written, Message("expected.payer"))
    return name, exact


def _no_payer(written: str, why: Text | str) -> SifError:
    unreadable = Message("claims.payer_unreadable", written=written, why=why)
    return SifError(unreadable, fix=Message("claims.write_payer_as"))


def _answer(
    policy: FundPolicy, settlement: Settlement, dated: tuple[Text, ...], lang: Language
) -> Answer:
    sources = Sources(lang)
    table = _claims(policy, settlement, lang, sources)
    lead = table.title if settlement.complete and not settlement.claims else ""
    given_up = tuple(
        f"{in_words(r.amount, lang)} {r.kind.words.text(lang)}: {r.why.text(lang)} "
        f"{sources(r.citation)}"
        for r in settlement.reductions
    )
    nothing: tuple[str, ...] = ()
    if not settlement.claims and settlement.reason:
        nothing = (f"{settlement.reason.text(lang)} {sources(settlement.citation)}".strip(),)
    paid_to = sorted({claim.payee for claim in settlement.claims if claim.payee is not None})
    reported = (*dated, *(_PAYEE.format(payee=payee) for payee in paid_to))
    remarks = tuple(words.text(lang) for words in reported)
    open_rest: tuple[str, ...] = ()
    if settlement.rest is not None:
        rest = settlement.rest
        open_rest = (f"{_rest_words(rest).text(lang)} {sources(rest.citation)}",)
    notes = (
        (_RESULT, nothing),
        (_REST, open_rest),
        (_NOT_CLAIMED, given_up),
        (_NOTES, remarks),
        sources.note,
    )
    full = _for_csv(settlement, lang)
    data = {**_described(policy, settlement, lang), "notes": list(remarks)}
    return Answer(data=data, tables=(table,), csv=full, notes=notes, lead=lead)


def _rest_words(rest: Rest) -> Text:
    """Why the rest is not known, and the most that it can come to."""
    if rest.at_most is None:
        return rest.why
    return _REST_AT_MOST.format(amount=money_words(rest.at_most), why=rest.why)


_AMOUNT_SEK = Message("sif_claims.amount_sek")


def _for_csv(settlement: Settlement, lang: Language) -> Table:
    """The claims with bare numbers, that add up to the total; where there is none, a row why."""
    heads = {**_HEADS, "amount": _AMOUNT_SEK}
    rows = [
        [
            str(claim.due),
            plain_kronor(claim.amount),
            _KINDS[claim.kind].text(lang),
            claim.payer or _GAINING.text(lang),
            claim.why.text(lang),
            cited(claim.citation, lang),
        ]
        for claim in settlement.claims
    ]
    if settlement.rest is not None:
        rest = settlement.rest
        most = "" if rest.at_most is None else plain_kronor(rest.at_most)
        citation = cited(rest.citation, lang)
        rows.append(["", most, _NOT_KNOWN.text(lang), "", rest.why.text(lang), citation])
    if not rows:
        total = plain_kronor(settlement.total) if settlement.settled else ""
        why = settlement.reason.text(lang) if settlement.reason else ""
        rows.append(["", total, "", "", why, cited(settlement.citation, lang)])
    columns = [Column(words.text(lang), number=name == "amount") for name, words in heads.items()]
    return Table(columns, rows)


def _claims(policy: FundPolicy, settlement: Settlement, lang: Language, cite: Cite) -> Table:
    return Table(
        [
            Column(_HEADS["due"].text(lang)),
            Column(_HEADS["amount"].text(lang), number=True),
            Column(_HEADS["kind"].text(lang)),
            Column(_HEADS["payer"].text(lang), width=24),
            Column(_HEADS["why"].text(lang), width=44),
            Column(_HEADS["citation"].text(lang), width=26),
        ],
        [
            [
                claim.due.text(lang),
                in_words(claim.amount, lang),
                _KINDS[claim.kind].text(lang),
                claim.payer or _GAINING.text(lang),
                claim.why.text(lang),
                cite(claim.citation),
            ]
            for claim in settlement.claims
        ],
        title=_TITLE.format(policy=_named(policy), total=_total(settlement)).text(lang),
    )


def _named(policy: FundPolicy) -> Text:
    """The policy's id, with the title of the track that it is seen on."""
    if policy.track is None:
        return same(policy.id)
    return LocalizedText(sv="{id}, {track}", en="{id}, {track}").format(
        id=policy.id, track=policy.track.title
    )


def _total(settlement: Settlement) -> Text:
    return LocalizedText(sv=in_words(settlement.total, "sv"), en=in_words(settlement.total, "en"))


def _rest_described(rest: Rest | None, lang: Language) -> dict[str, Any] | None:
    if rest is None:
        return None
    return {
        "at_most_sek": None if rest.at_most is None else kronor(rest.at_most),
        "why": rest.why.text(lang),
        "citation": rest.citation.as_json(lang),
    }


def _described(policy: FundPolicy, settlement: Settlement, lang: Language) -> dict[str, Any]:
    return {
        "policy": policy.id,
        "settled": settlement.settled,
        "complete": settlement.complete,
        "total_sek": kronor(settlement.total) if settlement.settled else None,
        "reason": settlement.reason.text(lang) if settlement.reason else None,
        "claims": [
            {
                "due": str(claim.due),
                "amount_sek": kronor(claim.amount),
                "kind": claim.kind,
                "payer": claim.payer,
                "payee": claim.payee,
                "why": claim.why.text(lang),
                "citation": claim.citation.as_json(lang),
            }
            for claim in settlement.claims
        ],
        "rest": _rest_described(settlement.rest, lang),
        "reductions": [
            {
                "amount_sek": kronor(reduction.amount),
                "kind": reduction.kind,
                "why": reduction.why.text(lang),
                "citation": reduction.citation.as_json(lang),
            }
            for reduction in settlement.reductions
        ],
    }
