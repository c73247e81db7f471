"""The written study (den skrivna studien): a page and its figures, out of a study's results.

The page is made from plain data alone, which is kept beside it: every number on it is read
from there and none is typed. Its order is that of the STRESS-DES checklist. It is there in
Swedish and English, each from a template of its own; the two say the same in the same places.
"""

from __future__ import annotations

import json
import os
import platform
from functools import partial
from pathlib import Path
from typing import Any

from sifrules.errors import SifError
from sifrules.values.messages import Message, Text
from sifrules.values.numbers import written as written_number
from sifrules.values.text import Language, same
from sifrules_simulation.analysis.hypothesis import HypothesisVerdict
from sifrules_simulation.model.mechanisms import NAMES, words_of
from sifrules_simulation.model.scenarios import Scenario, Stated
from sifrules_simulation.presentation.charts import figures as frames, style as charts
from sifrules_simulation.presentation.formatting import interval, number
from sifrules_simulation.presentation.study_tables import plain
from sifrules_simulation.presentation.written_study.localise import in_language
from sifrules_simulation.results.export import study_provenance
from sifrules_simulation.results.folder import ResultsFolder
from sifrules_simulation.results.metadata import both
from sifrules_simulation.results.study_data import as_json, in_both
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.studies.return_flow import Study
from sifrules_simulation.studies.study_file import StudyFile

Data = dict[str, Any]

_ASSUMED = Message("page.assumed")

_TEMPLATES: dict[Language, str] = {
    "en": "return_flow.md.jinja",
    "sv": "return_flow.sv.md.jinja",
}


def as_data(
    file: StudyFile,
    study: Study,
    controls: dict[str, Study],
    minutes: float,
) -> Data:
    """All that the page is made from, as plain data."""
    scenario = study.effects.design.scenario
    return {
        "file": file.path.name,
        "title": both(file.title),
        "study": {**as_json(study, "en"), "said": in_both(study)},
        "controls": [
            {
                "title": both(each.title),
                "expect": both(each.expect),
                "world": both(controls[each.id].effects.design.scenario.title),
                **as_json(controls[each.id], "en"),
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


def _parameters(scenario: Scenario) -> list[Data]:
    return [
        {
            "path": path,
            "words": both(each.words),
            "unit": each.unit,
            "low": each.low,
            "high": each.high,
            "assumed": each.citation is None,
            "rests_on": both(_rests_on(each)),
        }
        for path, each in scenario.stated.items()
    ]


def _rests_on(each: Stated) -> Text:
    """Where a parameter is stated, else what is assumed."""
    if each.citation is not None:
        return same(str(each.citation))
    return _ASSUMED.format(why=each.assumption or "")


def page_name(name: str, lang: Language) -> str:
    """What the page is called, and its figures after it.

    >>> page_name("return-flow", "en"), page_name("return-flow", "sv")
    ('return-flow', 'return-flow.sv')
    """
    return name if lang == "en" else f"{name}.{lang}"


def written(folder: ResultsFolder, name: str, data: Data, lang: Language = "en") -> None:
    """Put down the page, its figures, and the data that both are made from."""
    folder.json(f"{name}.json", data)
    text = page(name, data, lang)
    called = page_name(name, lang)
    for figure, chart in frames.figures(data["study"], lang).items():
        folder.write(f"{called}-{figure}.svg", partial(charts.saved, chart, form="svg"))
    folder.write(f"{called}.md", lambda to: to.write_text(text, "utf-8"))


def kept(place: Path, name: str) -> Data:
    """The results that a page was made from; `SifError` where they cannot be read."""
    file = place / f"{name}.json"
    try:
        data: Data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SifError(
            f"cannot read the results {file}: {error}", fix="run the study, without --again"
        ) from None
    return data


def stale(place: Path, name: str, lang: Language = "en") -> str | None:
    """What is wrong if a page is not what its results say; None if all is well."""
    file = place / f"{page_name(name, lang)}.md"
    text = page(name, kept(place, name), lang)
    if file.exists() and file.read_text("utf-8") == text:
        return None
    return f"{file} is not what its results say; write it with sif study write --again"


def refuse_without_means() -> None:
    """Raise `SifError` where the page cannot be written: before a long run, not after it."""
    charts.refuse_without_means()
    _jinja()


def _jinja() -> Any:
    try:
        import jinja2
    except ImportError as error:
        raise SifError(
            "a written study needs Jinja, which is not installed",
            fix='pip install "sifrules[report]"',
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
    around.filters |= {
        "percent": lambda share: number(share, "share", lang),
        "points": partial(_told, unit="share", lang=lang),
        "money": partial(_told, unit="SEK", lang=lang),
        "months": partial(_told, unit="months", lang=lang),
        "ratio": lambda each: plain(_estimate(each), lang),
        "level": lambda each: interval(_estimate(each), "share", lang),
        "verdict": _verdict,
        "mechanism": lambda switch: words_of(switch).text(lang),
        "counted": partial(_counted, lang=lang),
        "figure": lambda value: written_number(value, ",.10g", lang),
        "cell": lambda text: str(text).replace("|", "\\|"),
    }
    told = in_language(data, lang)
    text: str = around.get_template(_TEMPLATES[lang]).render(
        name=name, called=page_name(name, lang), mechanisms=NAMES, **told
    )
    return text


def _estimate(each: Data) -> Estimate:
    return Estimate(each["mean"], each["low"], each["high"], 0)


def _told(each: Data, unit: str, lang: Language) -> str:
    return interval(_estimate(each), unit, lang, signed=True)


def _counted(row: Data, key: str, lang: Language) -> str:
    """A number of a record, or the interval of what was foreseen of it."""
    unit = "count" if row["what"] == "grants" else "SEK"
    values = row[key] if isinstance(row[key], dict) else {"low": row[key]}
    ends = [values[end] for end in ("low", "high") if end in values]
    return "–".join(
        written_number(end, "g", lang) if unit == "count" else number(end, unit, lang)
        for end in ends
    )


def _verdict(name: str, language: Language = "en") -> str:
    return HypothesisVerdict(name).words.text(language)
