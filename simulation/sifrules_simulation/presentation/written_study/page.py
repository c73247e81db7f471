"""The written study (den skrivna studien): a page and its figures, out of a study's results.

The page is made from plain data alone, which is saved next to it: every number on it is read
from there and none is typed. Its order is that of the STRESS-DES checklist. One template gives
it in Swedish and English; its prose stands in the message catalogues.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sifrules.errors import SifError
from sifrules.values.errors import reported
from sifrules.values.messages import Message
from sifrules.values.numbers import written as written_number
from sifrules.values.text import Language
from sifrules_simulation.analysis.hypotheses import Grade
from sifrules_simulation.analysis.observations import AMOUNTS
from sifrules_simulation.analysis.regions import BEATS, RESTRICTED
from sifrules_simulation.model.mechanisms import WHOLE, words_of
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.structure import alternative_words
from sifrules_simulation.presentation.charts import figures as frames, style as charts
from sifrules_simulation.presentation.formatting import interval, number, scenario_word, unit_of
from sifrules_simulation.presentation.hypothesis_tables import in_short
from sifrules_simulation.presentation.hypothesis_words import CLAIMS, GRADES_IN_SHORT, by_hypothesis
from sifrules_simulation.presentation.information_words import MOST, ranked
from sifrules_simulation.presentation.study_notes import (
    precision_of_shares,
    sizes,
    without_record,
)
from sifrules_simulation.presentation.study_summary import counted, sentences
from sifrules_simulation.presentation.study_tables import plain, with_span
from sifrules_simulation.presentation.study_words import (
    conditions,
    outcome,
    parameter,
    saved_text,
    town,
)
from sifrules_simulation.presentation.worded_study import findings_in_words, in_words
from sifrules_simulation.results.export import study_provenance
from sifrules_simulation.results.folder import ResultsFolder
from sifrules_simulation.results.metadata import both
from sifrules_simulation.results.reader import current_study
from sifrules_simulation.results.study_data import as_json
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.studies.return_flow import Study
from sifrules_simulation.studies.study_file import StudyFile

Data = dict[str, Any]

_TEMPLATE = "return_flow.md.jinja"
#: What is saved of a control next to its page.
_OF_CONTROL = ("margin", "draws", "replications", "scenario", "behaviour", "findings")
_INSIDE = {True: Message("study_page.yes"), False: Message("study_page.no")}


def as_data(
    file: StudyFile,
    study: Study,
    controls: dict[str, Study],
    minutes: float,
) -> Data:
    """All that the page is made from, as plain data."""
    scenario = study.effects.design.scenario
    data = {
        "file": file.path.name,
        "title": both(file.title),
        "released": file.released,
        "study": as_json(study),
        "controls": [
            {
                "title": both(each.title),
                "expect": both(each.expect),
                **{key: as_json(controls[each.id])[key] for key in _OF_CONTROL},
            }
            for each in file.controls
        ],
        "parameters": _parameters(scenario),
        "provenance": study_provenance(study),
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "minutes": round(minutes, 1),
    }
    rounded: Data = _rounded(data)
    return rounded


def _rounded(data: Any) -> Any:
    """Plain data with its numbers to six digits, as the page shows fewer."""
    if isinstance(data, float):
        return float(f"{data:.6g}")
    if isinstance(data, Mapping):
        return {key: _rounded(each) for key, each in data.items()}
    return [_rounded(each) for each in data] if isinstance(data, list | tuple) else data


def _parameters(scenario: Scenario) -> list[Data]:
    return [
        {
            "path": path,
            "unit": each.unit,
            "low": each.low,
            "high": each.high,
            "assumed": each.citation is None,
            "citation": None if each.citation is None else str(each.citation),
            "assumption": both(each.assumption),
        }
        for path, each in scenario.stated.items()
        if path not in scenario.idle
    ]


def page_name(name: str, lang: Language) -> str:
    """What the page is called, and its figures after it.

    >>> page_name("return-flow", "en"), page_name("return-flow", "sv")
    ('return-flow', 'return-flow.sv')
    """
    return name if lang == "en" else f"{name}.{lang}"


def written(folder: ResultsFolder, name: str, data: Data, lang: Language = "en") -> None:
    """Write the page, its figures, and the data that both are made from."""
    lines = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    folder.write(f"{name}.json", lambda to: to.write_text(f"{lines}\n", "utf-8"))
    text = page(name, data, lang)
    called = page_name(name, lang)
    for figure, chart in frames.figures(data["study"], lang).items():
        folder.write(f"{called}-{figure}.svg", partial(charts.save_chart, chart, form="svg"))
    folder.write(f"{called}.md", lambda to: to.write_text(text, "utf-8"))


def saved_data(place: Path, name: str) -> Data:
    """The results that a page was made from; `SifError` where they cannot be read."""
    file = place / f"{name}.json"
    try:
        data: Data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SifError(
            Message("results.unreadable", file=file, error=reported(error)),
            fix=Message("study_page.run_first"),
        ) from None
    current_study(data.get("study", {}), file)
    return data


def stale(place: Path, name: str, lang: Language = "en") -> Message | None:
    """What is wrong if a page is not what its results say; None if all is well."""
    file = place / f"{page_name(name, lang)}.md"
    text = page(name, saved_data(place, name), lang)
    if file.exists() and file.read_text("utf-8") == text:
        return None
    return Message("study_page.stale", file=str(file))


def refuse_without_means() -> None:
    """Raise `SifError` where the page cannot be written: call before a long run."""
    charts.refuse_without_means()
    _jinja()


def _jinja() -> Any:
    try:
        import jinja2
    except ImportError as error:
        raise SifError(
            Message("study_page.needs_jinja"),
            fix=Message("report.install_extra"),
        ) from error
    return jinja2


def page(name: str, data: Data, lang: Language = "en") -> str:
    """The page in a language, as Markdown."""
    jinja = _jinja()
    around = jinja.Environment(
        loader=jinja.PackageLoader("sifrules_simulation.presentation.written_study", "."),
        undefined=jinja.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    around.globals["_"] = lambda code, **values: Message(code, **values).text(lang)
    around.filters |= _filters(lang)
    study = in_words(data["study"], lang)
    text: str = around.get_template(_TEMPLATE).render(
        name=name,
        called=page_name(name, lang),
        mechanisms=WHOLE,
        **{
            **data,
            "title": saved_text(data["title"]).text(lang),
            "study": study,
            "sentences": [each.text(lang) for each in sentences(study, data["parameters"])],
            "cannot": counted(study, Grade.CANNOT_TELL),
            "depends": counted(study, Grade.DEPENDS),
            "measure": [_measured(each, lang) for each in ranked(study)[:MOST]],
            "regions": [each for each in study["regions"] if each["tells"]],
            "regions_asked": len(
                {(each["policy"], each["hypothesis"]) for each in study["regions"]}
            ),
            "regions_found": len(
                {(each["policy"], each["hypothesis"]) for each in study["regions"] if each["tells"]}
            ),
            "beats": written_number(100 * BEATS, "g", lang),
            "most_restricted": RESTRICTED,
            "alternative_draws": max(map(_draws_of, study["alternatives"].values()), default=0),
            "known": [each.text(lang) for each in precision_of_shares(data["study"])],
            "sizes": sizes(data["study"]).text(lang),
            "why_not": "; ".join(each.text(lang) for each in without_record(data["study"])),
            "controls": [_control(each, lang) for each in data["controls"]],
            "parameters": [_parameter(each, lang) for each in data["parameters"]],
        },
    )
    return text


def _filters(lang: Language) -> dict[str, Callable[..., Any]]:
    """How the template writes numbers and codes in a language."""
    return {
        "percent": lambda share: number(share, "share", lang),
        "points": partial(_difference, unit="share", lang=lang),
        "scenario_word": lambda named: scenario_word(named).text(lang),
        "money": partial(_difference, unit="SEK", lang=lang),
        "months": partial(_difference, unit="months", lang=lang),
        "ratio": lambda each: plain(_estimate(each), lang),
        "level": lambda each: interval(_estimate(each), "share", lang),
        "by_claim": lambda findings: list(by_hypothesis(findings).values()),
        "in_short": partial(_in_short, lang=lang),
        "bare": partial(in_short, lang=lang),
        "beside_alternatives": _beside_alternatives,
        "town": town,
        "alternative": lambda setting: alternative_words(setting).text(lang),
        "sentence": lambda text: f"{text[:1].upper()}{text[1:]}.",
        "outcome": lambda code: outcome(code).text(lang),
        "claim": lambda code: CLAIMS[code].text(lang),
        "conditions": lambda each: conditions(each).text(lang),
        "spanned": partial(with_span, lang=lang),
        "mechanism": lambda name: words_of(name).text(lang),
        "listed": lambda names: ", ".join(
            f"`{each}` ({words_of(each).text(lang)})" for each in names
        ),
        "counted": partial(_counted, lang=lang),
        "inside": lambda value: "–" if value is None else _INSIDE[value].text(lang),
        "figure": lambda value: written_number(value, ",.10g", lang),
        "cell": lambda text: str(text).replace("|", "\\|"),
    }


def _control(control: Data, lang: Language) -> Data:
    texts = {key: saved_text(control[key]).text(lang) for key in ("title", "expect")}
    return {**control, **texts, "findings": findings_in_words(control["findings"], lang)}


def _in_short(each: Data, lang: Language) -> str:
    """A finding in a cell: the difference, the share of worlds, and the verdict."""
    return f"{in_short(each, lang)} {GRADES_IN_SHORT[Grade(each['verdict'])].text(lang)}"


def _beside_alternatives(study: Data, policy: str) -> list[tuple[Data, ...]]:
    """The findings of a policy over the draws of the alternatives, each with that of every one."""
    some = (study["as_assumed"], *study["alternatives"].values())
    of = [[each for each in found if each["policy"] == policy] for found in some]
    return list(zip(*of, strict=True))


def _draws_of(findings: Sequence[Data]) -> int:
    return max((each["holds"]["draws"] for each in findings if each["holds"]), default=0)


def _measured(each: Data, lang: Language) -> Data:
    """What would be gained by knowing a parameter, in words."""
    words, claim = parameter(each["parameter"]), CLAIMS[each["hypothesis"]]
    return {**each, "words": words.text(lang), "claim": claim.text(lang)}


def _parameter(each: Data, lang: Language) -> Data:
    """A parameter in words, and where it is stated or what is assumed."""
    rests_on = each["citation"]
    if each["assumed"]:
        why = saved_text(each["assumption"] or "–")
        rests_on = Message("study_page.assumed", why=why).text(lang)
    return {
        **each,
        "words": parameter(each["path"]).text(lang),
        "unit": unit_of(each["unit"]).saved.text(lang),
        "rests_on": rests_on,
    }


def _estimate(each: Data) -> Estimate:
    return Estimate(each["mean"], each["low"], each["high"], 0)


def _difference(each: Data, unit: str, lang: Language) -> str:
    return interval(_estimate(each), unit, lang, signed=True)


def _counted(row: Data, key: str, lang: Language) -> str:
    """A number of a record, or the interval of what was foreseen of it."""
    unit = "SEK" if row["what"] in AMOUNTS else "count"
    values = row[key] if isinstance(row[key], dict) else {"low": row[key]}
    ends = [values[end] for end in ("low", "high") if end in values]
    return "–".join(
        written_number(end, "g", lang) if unit == "count" else number(end, unit, lang)
        for end in ends
    )
