"""``sif replay``: the real grants of a municipality through the ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from sifrules.cli.common import Answer, Cite, Sources, cited, output_options, put_out, the_registry
from sifrules.money import in_words, kronor
from sifrules.replay import Replay
from sifrules.replay import replay as replay_record
from sifrules.tables import Column, Table
from sifrules.words import Language, Words

_AMOUNTS = {
    "endowment": Words(sv="avsatt", en="endowment"),
    "granted": Words(sv="beviljat", en="granted"),
    "paid_out": Words(sv="utbetalt", en="paid out"),
    "handed_back": Words(sv="återlämnat outnyttjat", en="handed back unspent"),
    "returned": Words(sv="återfört", en="returned"),
    "written_down": Words(sv="nedskrivet", en="written down"),
    "exempted": Words(sv="befriat", en="exempted"),
    "available": Words(sv="kvar att bevilja", en="left to grant"),
}
_UNKNOWN = Words(sv="inte känt", en="not known")
_AT_LEAST = Words(
    sv="{amount} känt, listan är inte hel", en="{amount} known, the list is not complete"
)
_TITLE = Words(sv="{town} till och med {until}", en="{town} until {until}")
_HEADS = {
    "what": Words(sv="post", en="item"),
    "amount": Words(sv="belopp", en="amount"),
    "year": Words(sv="år", en="year"),
    "net": Words(sv="utbetalt netto", en="net paid out"),
    "grant": Words(sv="satsning", en="investment"),
    "granted": Words(sv="beviljad", en="granted"),
    "policy": Words(sv="policy", en="policy"),
    "citation": Words(sv="källa", en="citation"),
}
_GRANTS = Words(sv="Beviljade satsningar", en="Investments granted")
_YEARS = Words(sv="Utbetalt per år, netto", en="Paid out by year, net")
_NOTES = Words(sv="Anmärkningar", en="Notes")


@click.command()
@click.argument("municipality")
@click.option(
    "--until", metavar="YYYY-MM-DD", help="The day up to which; default: as far as the record goes."
)
@output_options
def replay(municipality: str, until: str | None, form: str, lang: Language) -> None:
    """Put the real grants of a MUNICIPALITY through the ledger.

    What the record does not say is null in JSON, and "not known" in the table.

    \b
    Example:
      sif replay norrkoping --until 2013-12-31
    """
    registry = the_registry()
    result = replay_record(registry, municipality, _day(until))
    title = _TITLE.put(town=registry.history(municipality).municipality, until=result.until)
    amounts = Table(
        [Column(_HEADS["what"].say(lang)), Column(_HEADS["amount"].say(lang), number=True)],
        [[words.say(lang), _amount(result, name, lang)] for name, words in _AMOUNTS.items()],
        title=title.say(lang),
    )
    years = Table(
        [Column(_HEADS["year"].say(lang)), Column(_HEADS["net"].say(lang), number=True)],
        [[str(year), in_words(amount, lang)] for year, amount in result.by_year.items()],
        title=_YEARS.say(lang),
    )
    notes = [note.say(lang) for note in result.notes]
    notes += [f"{each.grant.name}: {each.why_not}" for each in result.grants if each.why_not]
    sources = Sources(lang)
    answer = Answer(
        data=_described(result, notes),
        tables=(amounts, years, _grants(result, lang, sources)),
        csv=_grants(result, lang, lambda citation: cited(citation, lang)),
        notes=((_NOTES, tuple(notes)), sources.note),
    )
    put_out(answer, form, lang)


def _day(until: str | None) -> dt.date | None:
    if until is None:
        return None
    try:
        return dt.date.fromisoformat(until)
    except ValueError:
        raise click.BadParameter(f"expected a day as 2013-12-31, got {until!r}") from None


def _amount(result: Replay, name: str, lang: Language) -> str:
    amount = getattr(result, name)
    if amount is not None:
        return in_words(amount, lang)
    known = {str(what): sum_ for what, sum_ in result.known.items()}.get(name)
    if known:
        return _AT_LEAST.put(amount=in_words(known, lang)).say(lang)
    return _UNKNOWN.say(lang)


def _grants(result: Replay, lang: Language, cite: Cite) -> Table:
    return Table(
        [
            Column(_HEADS["grant"].say(lang), width=44),
            Column(_HEADS["granted"].say(lang)),
            Column(_HEADS["amount"].say(lang), number=True),
            Column(_HEADS["policy"].say(lang)),
            Column(_HEADS["citation"].say(lang), width=30),
        ],
        [
            [
                each.grant.name,
                each.grant.granted.say(lang),
                _UNKNOWN.say(lang)
                if each.grant.amount is None
                else in_words(each.grant.amount, lang),
                each.policy or "?",
                cite(each.grant.cite),
            ]
            for each in result.grants
        ],
        title=_GRANTS.say(lang),
    )


def _described(result: Replay, notes: list[str]) -> dict[str, Any]:
    def sek(amount: int | None) -> int | float | None:
        return None if amount is None else kronor(amount)

    return {
        "municipality": result.municipality,
        "until": result.until.isoformat(),
        **{f"{name}_sek": sek(getattr(result, name)) for name in _AMOUNTS},
        "by_year": {str(year): kronor(amount) for year, amount in result.by_year.items()},
        "grants": [
            {
                "name": each.grant.name,
                "granted": str(each.grant.granted),
                "amount_sek": sek(each.grant.amount),
                "policy": each.policy,
            }
            for each in result.grants
        ],
        "known_sek": {what: kronor(amount) for what, amount in result.known.items()},
        "notes": notes,
    }
