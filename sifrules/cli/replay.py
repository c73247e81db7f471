"""``sif replay``: the real grants of a municipality through the ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from sifrules.cli.options import output_options, put_out, the_registry
from sifrules.cli.usage import BadValue
from sifrules.errors import SifError, shown
from sifrules.loading.history import Count, History
from sifrules.presentation.answer import Answer, Cite, Sources, cited, plain_kronor
from sifrules.presentation.table import Column, Table
from sifrules.record_replay import AMOUNTS, Replay, first_day, replay as replay_record
from sifrules.values.messages import Message, Text
from sifrules.values.money import in_words, kronor
from sifrules.values.text import Language

_AMOUNTS: dict[str, Text] = {
    **AMOUNTS,
    "available": Message("sif_replay.amounts_available"),
}
_UNKNOWN = Message("sif_replay.unknown")
_AT_LEAST = Message("sif_replay.at_least")
_TITLE = Message("sif_replay.title")
_HEADS = {
    "of_pot": Message("sif_replay.heads_of_pot"),
    "what": Message("sif_replay.heads_what"),
    "amount": Message("sif_replay.heads_amount"),
    "year": Message("sif_replay.heads_year"),
    "net": Message("sif_replay.heads_net"),
    "grant": Message("sif_replay.heads_grant"),
    "granted": Message("sif_replay.heads_granted"),
    "policy": Message("sif_replay.heads_policy"),
    "citation": Message("sif_replay.heads_citation"),
    "period": Message("sif_replay.heads_period"),
    "count": Message("sif_replay.heads_count"),
    "reason": Message("sif_replay.heads_reason"),
}
_GRANTS = Message("sif_replay.grants")
_POTS = Message("sif_replay.pots")
_YEARS = Message("sif_replay.years")
_COUNTS = Message("sif_replay.counts")
_ABOUT = Message("sif_replay.about")
_SOME = Message("sif_replay.some")
_COUNTED: dict[str, Text] = {
    "ideas": Message("sif_replay.counted_ideas"),
    "ideas_refused": Message("sif_replay.counted_ideas_refused"),
    "applications": Message("sif_replay.counted_applications"),
    "applications_refused": Message("sif_replay.counted_applications_refused"),
    "granted": Message("sif_replay.counted_granted"),
    "evaluated": Message("sif_replay.counted_evaluated"),
    "implemented": Message("sif_replay.counted_implemented"),
}
_OF: dict[str, Text] = {
    "internal": Message("sif_replay.of_internal"),
    "civil_society": Message("sif_replay.of_civil_society"),
}
_NOTES = Message("sif_replay.notes")


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
    day = _day(until)
    _refuse_too_early(registry.history(municipality), day)
    result = replay_record(registry, municipality, day)
    title = _TITLE.format(town=registry.history(municipality).municipality, until=result.until)
    amounts = Table(
        [Column(_HEADS["what"].text(lang)), Column(_HEADS["amount"].text(lang), number=True)],
        [[words.text(lang), _amount(result, name, lang)] for name, words in _AMOUNTS.items()],
        title=title.text(lang),
    )
    years = Table(
        [Column(_HEADS["year"].text(lang)), Column(_HEADS["net"].text(lang), number=True)],
        [[str(year), in_words(amount, lang)] for year, amount in result.by_year.items()],
        title=_YEARS.text(lang),
    )
    pots = Table(
        [Column(_HEADS["year"].text(lang)), Column(_HEADS["of_pot"].text(lang), number=True)],
        [[str(year), in_words(amount, lang)] for year, amount in result.by_pot.items()],
        title=_POTS.text(lang),
    )
    sources = Sources(lang)
    notes = [note.text(lang) for note in result.notes]
    notes += [each.why_not.text(lang) for each in result.grants if each.why_not]
    answer = Answer(
        data=_described(result, notes, lang),
        tables=(
            amounts,
            years,
            pots,
            _grants(result, lang, sources),
            _counts(result, lang, sources),
        ),
        csv=_for_csv(result, lang),
        notes=((_NOTES, tuple(notes)), sources.note),
    )
    put_out(answer, form, lang)


def _day(until: str | None) -> dt.date | None:
    if until is None:
        return None
    try:
        return dt.date.fromisoformat(until)
    except ValueError:
        raise BadValue(Message("replay.day_as", until=shown(until)), param_hint="--until") from None


def _refuse_too_early(history: History, day: dt.date | None) -> None:
    """Refuse a day before anything in the record, which says nothing of it."""
    begun = first_day(history)
    if day is not None and begun is not None and day < begun:
        raise SifError(
            Message("replay.too_early", begun=begun, day=day),
            fix=Message("replay.give_later", begun=begun),
        )


def _amount(result: Replay, name: str, lang: Language) -> str:
    amount = getattr(result, name)
    if amount is not None:
        return in_words(amount, lang)
    known = {str(what): sum_ for what, sum_ in result.known.items()}.get(name)
    if known:
        return _AT_LEAST.format(amount=in_words(known, lang)).text(lang)
    return _UNKNOWN.text(lang)


_CSV = {
    "what": _HEADS["what"],
    "date": Message("sif_replay.csv_date"),
    "amount": Message("sif_replay.csv_amount"),
    "count": _HEADS["count"],
    "policy": _HEADS["policy"],
    "citation": _HEADS["citation"],
}
_BARE = ("amount", "count")


def _for_csv(result: Replay, lang: Language) -> Table:
    """Every total, year, grant and count in one long table, amounts and counts as bare numbers."""
    said = {str(what): citation for what, citation in result.cites.items()}
    rows = [
        [
            words.text(lang),
            result.until.isoformat(),
            plain_kronor(getattr(result, name)),
            "",
            "",
            cited(said.get(name), lang),
        ]
        for name, words in _AMOUNTS.items()
    ]
    rows += [
        [_HEADS["net"].text(lang), str(year), plain_kronor(amount), "", "", ""]
        for year, amount in result.by_year.items()
    ]
    rows += [
        [_HEADS["of_pot"].text(lang), str(year), plain_kronor(amount), "", "", ""]
        for year, amount in result.by_pot.items()
    ]
    rows += [
        [
            each.grant.name,
            str(each.grant.granted),
            plain_kronor(each.grant.amount),
            "",
            each.policy or "",
            cited(each.grant.cite, lang),
        ]
        for each in result.grants
    ]
    rows += [
        [
            ": ".join(
                part for part in (_COUNTED[each.what].text(lang), _of_whom(each, lang)) if part
            ),
            f"{each.first}/{each.until}",
            "",
            "" if each.count is None else str(each.count),
            "",
            cited(each.cite, lang),
        ]
        for each in result.counts
    ]
    columns = [Column(words.text(lang), number=name in _BARE) for name, words in _CSV.items()]
    return Table(columns, rows)


def _grants(result: Replay, lang: Language, cite: Cite) -> Table:
    return Table(
        [
            Column(_HEADS["grant"].text(lang), width=44),
            Column(_HEADS["granted"].text(lang)),
            Column(_HEADS["amount"].text(lang), number=True),
            Column(_HEADS["policy"].text(lang)),
            Column(_HEADS["citation"].text(lang), width=30),
        ],
        [
            [
                each.grant.name,
                each.grant.granted.text(lang),
                _UNKNOWN.text(lang)
                if each.grant.amount is None
                else in_words(each.grant.amount, lang),
                each.policy or "?",
                cite(each.grant.cite),
            ]
            for each in result.grants
        ],
        title=_GRANTS.text(lang),
    )


def _counts(result: Replay, lang: Language, cite: Cite) -> Table:
    """What the sources count beside money."""
    heads = ("what", "period", "count", "reason", "citation")
    return Table(
        [Column(_HEADS[head].text(lang), width=_WIDTHS.get(head)) for head in heads],
        [
            [
                _COUNTED[each.what].text(lang),
                _period(each, lang),
                _number(each, lang),
                _of_whom(each, lang),
                cite(each.cite),
            ]
            for each in result.counts
        ],
        title=_COUNTS.text(lang),
    )


_WIDTHS = {"reason": 34, "citation": 24}


def _period(each: Count, lang: Language) -> str:
    first, until = each.first.text(lang), each.until.text(lang)
    return first if first == until else f"{first} – {until}"


def _number(each: Count, lang: Language) -> str:
    if each.count is None:
        return _SOME.text(lang)
    return _ABOUT.format(count=each.count).text(lang) if each.about else str(each.count)


def _of_whom(each: Count, lang: Language) -> str:
    """Whose they were, and why."""
    origin = _OF[each.origin].text(lang) if each.origin else ""
    return ": ".join(
        part for part in (origin, each.reason.text(lang) if each.reason else "") if part
    )


def _described(result: Replay, notes: list[str], lang: Language) -> dict[str, Any]:
    def sek(amount: int | None) -> int | float | None:
        return None if amount is None else kronor(amount)

    return {
        "municipality": result.municipality,
        "until": result.until.isoformat(),
        **{f"{name}_sek": sek(getattr(result, name)) for name in _AMOUNTS},
        "by_year": {str(year): kronor(amount) for year, amount in result.by_year.items()},
        "by_pot": {str(year): kronor(amount) for year, amount in result.by_pot.items()},
        "bound_sek": kronor(result.bound),
        "grants": [
            {
                "name": each.grant.name,
                "granted": str(each.grant.granted),
                "amount_sek": sek(each.grant.amount),
                "policy": each.policy,
            }
            for each in result.grants
        ],
        "counts": [
            {
                "what": each.what,
                "first": str(each.first),
                "until": str(each.until),
                "count": each.count,
                "about": each.about,
                "origin": each.origin,
                "reason": each.reason.text(lang) if each.reason else None,
            }
            for each in result.counts
        ],
        "known_sek": {what: kronor(amount) for what, amount in result.known.items()},
        "notes": notes,
    }
