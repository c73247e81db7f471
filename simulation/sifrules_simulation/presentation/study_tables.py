"""How the study of the return flow is shown: its tables and notes, and its plain data."""

from __future__ import annotations

from collections.abc import Iterator

from sifrules.errors import SifError
from sifrules.presentation.table import Column, Table
from sifrules.values.numbers import number_words, written
from sifrules.values.text import Language, LocalizedText, same
from sifrules_simulation.analysis.errors import UnavailableResult
from sifrules_simulation.model.mechanisms import NAMES, words_of
from sifrules_simulation.model.parameters import declared
from sifrules_simulation.presentation.formatting import interval, number, unit_of
from sifrules_simulation.presentation.stopping_notes import in_study
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.studies.return_flow import OPPOSING, PolicyResult, Study

_POLICY = LocalizedText(sv="policy", en="policy")
_ANSWERS = LocalizedText(
    sv="Utan återföring minus med, över {draws} dragningar av alla osäkra parametrar",
    en="Without the return flow minus with it, over {draws} draws of all uncertain parameters",
)
_BY_RECORD = LocalizedText(
    sv="Samma svar på de {draws} dragningar som liknar det som verkligen hände",
    en="The same answer on the {draws} draws that are like what really happened",
)
_LEVELS = LocalizedText(
    sv="Ansökningsgrad och beviljade kronor, med och utan återföring",
    en="Uptake and kronor granted, with and without the return flow",
)
_WITH = LocalizedText(sv="ansökningsgrad med (%)", en="uptake with (%)")
_WITHOUT = LocalizedText(sv="utan (%)", en="without (%)")
_DIFFERENCE = LocalizedText(sv="skillnad (procentenheter)", en="difference (points)")
_RATIO = LocalizedText(sv="kvot", en="ratio")
_GRANTED = LocalizedText(sv="beviljat, skillnad (mnkr)", en="granted, difference (MSEK)")
_GRANTED_RATIO = LocalizedText(sv="beviljat, kvot", en="granted, ratio")
_HOLDS = LocalizedText(sv="håller (% av dragningarna)", en="holds (% of draws)")
_REVERSED = LocalizedText(sv="omvänt (%)", en="reversed (%)")
_UNCLEAR = LocalizedText(sv="för nära (%)", en="too close (%)")
_VERDICT = LocalizedText(sv="utslag", en="verdict")
_OPPOSING = LocalizedText(
    sv="Vad som följer med om återföringen tas bort (utan minus med)",
    en="What goes with it when the return flow is taken out (without minus with)",
)
_CHOICE = LocalizedText(sv="ansökningsgrad, genom nämndernas val", en="uptake, through choice")
_CAUSES = LocalizedText(
    sv="Vad varje mekanism bidrar med till ansökningsgraden (Shapley, procentenheter)",
    en="What each mechanism adds to uptake (Shapley, percentage points)",
)
_WHOLE = LocalizedText(sv="hela steget", en="the whole step")
_SENSITIVITY = LocalizedText(
    sv="Vilka antaganden effekten hänger på (andel av dess varians, första ordningen)",
    en="Which assumptions the effect hangs on (share of its variance, first order)",
)
_PARAMETER = LocalizedText(sv="parameter", en="parameter")
_SHARE = LocalizedText(sv="andel (%)", en="share (%)")
_FROM_TO = LocalizedText(sv="från–till", en="from–to")
_WORDS = LocalizedText(sv="i ord", en="in words")
_NONE_TELLS = LocalizedText(
    sv="{policy}: ingen parameter kan skiljas från ingen påverkan",
    en="{policy}: no parameter can be told from no influence",
)
_REGION = LocalizedText(
    sv="Var i antagandena fyndet vänder", en="Where in the assumptions the finding turns"
)
_RULE = LocalizedText(sv="där", en="where")
_OUTCOME = LocalizedText(sv="där gäller", en="what holds there")
_COVERED = LocalizedText(sv="andel av fallen (%)", en="of the cases (%)")
_RIGHT = LocalizedText(sv="rätt på nya dragningar (%)", en="right on new draws (%)")
_FINDING = LocalizedText(
    sv="Fyndet, fastställt före körningen", en="The finding, stated before the run"
)
_ABOUT = LocalizedText(sv="Om studien", en="About this study")
_TESTED = LocalizedText(
    sv="Marginal: {margin} procentenheter", en="Margin: {margin} percentage points"
)
_SIZE = LocalizedText(
    sv="{draws} dragningar à {replications} körningar, {years} år, scenario {scenario}, "
    "frö {seed}, beteende {behaviour}",
    en="{draws} draws of {replications} replications, {years} years, scenario {scenario}, seed "
    "{seed}, behaviour {behaviour}",
)
_WIDTH = LocalizedText(
    sv="andelen dragningar där fyndet håller är känd på ±{width} procentenheter eller bättre",
    en="the share of draws in which the finding holds is known to ±{width} points or better",
)
_STOPPED = LocalizedText(
    sv="stoppad efter {n} av dragningarna; det som hann bli klart är med",
    en="stopped after {n} of the draws; what was finished is here",
)
_FAILED = LocalizedText(
    sv="{n} av {of} dragningar misslyckades{where}", en="{n} of {of} draws failed{where}"
)
_ELSEWHERE = LocalizedText(
    sv="{n} körningar misslyckades utanför huvuddelen{where}",
    en="{n} replications failed outside the main part{where}",
)
_SEE_FILE = LocalizedText(sv="; se failures.csv", en="; see failures.csv")
_FIRST = LocalizedText(
    sv=", den första: {error}; se {command}", en=", the first: {error}; see {command}"
)
_THROUGH = LocalizedText(
    sv="”genom nämndernas val”: skillnaden om pengarna aldrig tog slut, på de {draws} första "
    "dragningarna; resten går genom att återföringen fyller på fonden",
    en='"through choice": the difference if the money never ran out, on the first {draws} draws; '
    "the rest goes through the refill of the fund by the return flow",
)
_NULL = LocalizedText(
    sv="ingen av policyerna har någon skillnad genom nämndernas val: beteendet ser inte kraven "
    "(negativ kontroll)",
    en="no policy has any difference through choice: the behaviour does not see the claims "
    "(negative control)",
)
_TOO_FEW = LocalizedText(
    sv="på facit: {accepted} av dragningarna liknar det som hände, för få för ett svar",
    en="on the record: {accepted} of the draws are like what happened, too few for an answer",
)
_NOT_CALIBRATED = LocalizedText(
    sv="på facit: inte prövat i den här studien", en="on the record: not looked at in this study"
)
_NAMES = {path: field.metadata["words"] for path, field in declared()}

#: How many parameters of each policy are shown.
_MOST_SHOWN = 6


def percent(share: float | None, language: Language) -> str:
    """A share as per cent; a dash where it is not known."""
    return "–" if share is None else number(share, "share", language)


def plain(estimate: Estimate, language: Language) -> str:
    """A bare number with its interval, to two decimals."""
    if estimate.mean is None:
        return "–"
    text = written(estimate.mean, ".2f", language)
    if estimate.half_width is not None:
        text += f" ±{written(estimate.half_width, '.2f', language)}"
    return text


# --- the return flow ------------------------------------------------------------------


def tables(study: Study, lang: Language) -> tuple[Table, ...]:
    """All tables of a study of the return flow."""
    title = _ANSWERS.format(draws=len(study.effects.draws)).text(lang)
    found = [_verdicts(study.answers, title, lang)]
    if study.by_record:
        kept = study.by_record[0].tally.draws
        found.append(_verdicts(study.by_record, _BY_RECORD.format(draws=kept).text(lang), lang))
    found += [_levels(study.answers, lang), _opposing(study, lang)]
    found += [_causes(study, lang), _sensitivity(study, lang), _regions(study, lang)]
    return tuple(found)


def _verdicts(answers: tuple[PolicyResult, ...], title: str, lang: Language) -> Table:
    columns = [Column(_POLICY.text(lang), width=18)]
    columns += [
        Column(_narrow(head, lang), number=True)
        for head in (_DIFFERENCE, _HOLDS, _REVERSED, _UNCLEAR)
    ]
    columns.append(Column(_VERDICT.text(lang), width=44))
    rows = [
        [
            each.policy,
            interval(each.difference, "share", lang, signed=True),
            *(percent(each.tally.share(of), lang) for of in ("holds", "reversed", "unclear")),
            each.tally.said(lang),
        ]
        for each in answers
    ]
    return Table(columns, rows, title)


def _levels(answers: tuple[PolicyResult, ...], lang: Language) -> Table:
    columns = [Column(_POLICY.text(lang), width=18)]
    columns += [
        Column(_narrow(head, lang), number=True)
        for head in (_WITH, _WITHOUT, _RATIO, _GRANTED, _GRANTED_RATIO)
    ]
    rows = [
        [
            each.policy,
            interval(each.with_return, "share", lang),
            interval(each.without, "share", lang),
            plain(each.ratio, lang),
            interval(each.granted_difference, "SEK", lang, signed=True),
            plain(each.granted_ratio, lang),
        ]
        for each in answers
    ]
    return Table(columns, rows, _LEVELS.text(lang))


def _opposing(study: Study, lang: Language) -> Table:
    measures = {each.name: each for each in study.effects.setup.measures}
    shown = [measures[name] for name in OPPOSING]
    columns = [Column(_POLICY.text(lang), width=18)]
    for measure in shown:
        unit = unit_of(measure.unit).difference
        head = LocalizedText(
            sv=f"{measure.words.sv} ({unit.sv})", en=f"{measure.words.en} ({unit.en})"
        )
        columns.append(Column(_narrow(head, lang), number=True))
    columns.append(Column(_narrow(_CHOICE, lang), number=True))
    rows = [
        [
            each.policy,
            *(
                interval(each.opposing[measure.name], measure.unit, lang, signed=True)
                for measure in shown
            ),
            interval(study.through_choice[each.policy], "share", lang, signed=True)
            if each.policy in study.through_choice
            else "–",
        ]
        for each in study.answers
    ]
    return Table(columns, rows, _OPPOSING.text(lang))


def _causes(study: Study, lang: Language) -> Table:
    columns = [Column(_POLICY.text(lang), width=18)]
    columns += [Column(_narrow(words_of(name), lang), number=True) for name in NAMES]
    columns.append(Column(_narrow(_WHOLE, lang), number=True))
    rows = []
    if study.causes is not None:
        shares = {(each.policy, each.switch): each.share for each in study.causes.shares}
        for policy, step in study.causes.steps.items():
            row = [interval(shares[policy, name], "share", lang, signed=True) for name in NAMES]
            rows.append([policy, *row, interval(step, "share", lang, signed=True)])
    return Table(columns, rows, _CAUSES.text(lang))


def _sensitivity(study: Study, lang: Language) -> Table:
    rows = []
    for policy, found in study.sensitivity.items():
        for each in [index for index in found if index.tells][:_MOST_SHOWN]:
            share = each.first_order
            span = f"{percent(share.low, lang)}–{percent(share.high, lang)}"
            about = _NAMES[each.path].text(lang)
            rows.append([policy, each.path, about, percent(share.mean, lang), span])
    columns = [
        Column(_POLICY.text(lang), width=18),
        Column(_PARAMETER.text(lang)),
        Column(_WORDS.text(lang), width=40),
        Column(_SHARE.text(lang), number=True),
        Column(_FROM_TO.text(lang), number=True),
    ]
    return Table(columns, rows, _SENSITIVITY.text(lang))


def _regions(study: Study, lang: Language) -> Table:
    rows = []
    for policy, region in study.regions.items():
        if not region.tells:
            continue
        for rule in region.rules:
            when = " & ".join(each.text(lang) for each in rule.conditions)
            covered, right = percent(rule.covered, lang), percent(rule.right.mean, lang)
            rows.append([policy, when, rule.outcome.words.text(lang), covered, right])
    columns = [
        Column(_POLICY.text(lang), width=18),
        Column(_RULE.text(lang), width=52),
        Column(_OUTCOME.text(lang)),
        Column(_narrow(_COVERED, lang), number=True),
        Column(_narrow(_RIGHT, lang), number=True),
    ]
    return Table(columns, rows, _REGION.text(lang))


def _narrow(head: LocalizedText, lang: Language) -> str:
    """A heading broken at its words, to keep the column narrow."""
    from textwrap import fill

    return fill(head.text(lang), 12, break_long_words=False).replace("\n", " \n")


def notes(
    study: Study, lang: Language, lacking: tuple[str, ...] = ()
) -> tuple[tuple[LocalizedText, tuple[str, ...]], ...]:
    """What is tested and by what rule, how the study was made, and what could not be kept."""
    finding = study.finding
    margin = number(finding.margin, "share", lang)
    tested = (
        finding.hypothesis.text(lang),
        finding.estimand.text(lang),
        finding.rule.text(lang),
        _TESTED.format(margin=margin).text(lang),
    )
    return (_FINDING, tested), (_ABOUT, (*(each.text(lang) for each in _about(study)), *lacking))


def _about(study: Study) -> Iterator[LocalizedText]:
    setup, found = study.effects.setup, study.effects
    yield _SIZE.format(
        draws=len(found.draws),
        replications=found.values.shape[1],
        years=setup.years,
        scenario=setup.scenario.id,
        seed=setup.seed,
        behaviour=setup.behaviour.name,
    )
    yield from in_study(study)
    if study.stopped or study.failure is not None:
        yield _STOPPED.format(n=len(found.draws))
    yield from _failed(study)
    if study.answers:
        spans = [each.tally.interval("holds") for each in study.answers]
        width = max(high - low for low, high in spans) / 2
        yield _WIDTH.format(width=number_words(100 * width, ".1f"))
    if study.through_choice:
        draws = max(each.count for each in study.through_choice.values())
        yield _THROUGH.format(draws=draws)
        if all(each.low == each.high == 0 for each in study.through_choice.values()):
            yield _NULL
    for policy, found_there in study.sensitivity.items():
        if not any(index.tells for index in found_there):
            yield _NONE_TELLS.format(policy=policy)
    for policy, region in study.regions.items():
        yield LocalizedText(sv="{policy}: {told}", en="{policy}: {told}").format(
            policy=policy, told=region.words
        )
    yield from (_as_words(error) for error in study.lacking)
    if study.calibration is None:
        yield _NOT_CALIBRATED
    elif not study.by_record:
        yield _TOO_FEW.format(accepted=study.calibration.accepted)


def _failed(study: Study) -> Iterator[LocalizedText]:
    """How many draws, and what else, failed, and where that can be seen."""
    inside = [each for each in study.failures if each.part == "effects"]
    outside = [each for each in study.failures if each.part != "effects"]
    for told, failures in ((_FAILED, inside), (_ELSEWHERE, outside)):
        if failures:
            first = failures[0]
            where = _FIRST.format(error=first.error, command=first.command or first.part)
            yield told.format(
                n=number_words(len(failures), ",d"),
                of=number_words(study.effects.asked, ",d"),
                where=_SEE_FILE if study.kept else where,
            )


def _as_words(error: SifError) -> LocalizedText:
    """What could not be worked out; a mistake of another sort is told as errors are."""
    return error.words if isinstance(error, UnavailableResult) else same(str(error))
