"""A table for a paper (artikeltabell): means with intervals, in LaTeX or Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from sifrules.errors import SifError, nearest
from sifrules.plugin.simulation import Measure
from sifrules.presentation.table import Column, Table, as_latex, as_markdown
from sifrules.values.messages import Message
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.measures import SHOWN
from sifrules_simulation.presentation.formatting import behaviour_word, scenario_word, unit_of
from sifrules_simulation.results.reader import read_json
from sifrules_simulation.results.tables import table

Markup = Literal["latex", "markdown"]
_POLICY = Message("comparison_tables.policy")
_CAPTION = Message("paper_table.caption")
_DIFFERENCE = Message("paper_table.difference")
_KEYS = ("policy", "variant")


def paper_table(
    folder: Path,
    measures: Mapping[str, Measure],
    named: Sequence[str],
    markup: Markup,
    lang: Language,
    *,
    difference: bool = False,
) -> str:
    """A row for each policy, or variant, and a column for each measure: mean [low, high].

    Out of the summary of a comparison or an exploration that was saved; the caption says what it
    depends on. Raises `SifError` for a measure that is not in it.
    """
    frame = table(folder, "summary").collect()
    outcome = "measure" if "measure" in frame.columns else "outcome"
    there = frame[outcome].unique(maintain_order=True).to_list()
    for name in named:
        if name not in there:
            raise SifError(Message("measure.unknown", measure=name), fix=nearest(name, there))
    chosen = list(named) or [name for name in SHOWN if name in there] or there
    prefix = "difference_" if difference and "difference_mean" in frame.columns else ""
    levers = [name for name in frame.columns if "." in name]
    columns = [
        Column(_POLICY.text(lang)),
        *(Column(path, number=True) for path in levers),
        *(Column(_head(measures.get(name), name, lang), number=True) for name in chosen),
    ]
    rows: dict[tuple[Any, ...], list[str]] = {}
    cells: dict[tuple[Any, ...], dict[str, str]] = {}
    for row in frame.iter_rows(named=True):
        key = tuple(row.get(each) for each in _KEYS)
        rows.setdefault(key, [row["policy"], *(_lever(row[path], lang) for path in levers)])
        unit = measures[row[outcome]].unit if row[outcome] in measures else ""
        mean, low, high = (row[f"{prefix}{end}"] for end in ("mean", "low", "high"))
        cells.setdefault(key, {})[row[outcome]] = _cell(mean, low, high, unit, lang)
    made = Table(
        columns, [[*rows[key], *(cells[key].get(name, "–") for name in chosen)] for key in rows]
    )
    first = frame.row(0, named=True)
    depends = first if "seed" in first else _explored(folder)
    caption = _caption({**first, **depends}, prefix != "", lang)
    if markup == "markdown":
        return f"{as_markdown(made)}\n\n{caption}"
    return as_latex(made, caption)


def _head(measure: Measure | None, name: str, lang: Language) -> str:
    if measure is None:
        return name
    unit = unit_of(measure.unit).shown.text(lang) if measure.unit else ""
    return f"{measure.words.text(lang)} ({unit})" if unit else measure.words.text(lang)


def _cell(
    mean: float | None, low: float | None, high: float | None, unit: str, lang: Language
) -> str:
    if mean is None:
        return "–"
    shown = [
        written(unit_of(unit).scaled(each), ",.1f", lang)
        for each in (mean, low, high)
        if each is not None
    ]
    return shown[0] if len(shown) < 3 else f"{shown[0]} [{shown[1]}; {shown[2]}]"


def _lever(value: object, lang: Language) -> str:
    if value is None:
        return "–"
    return written(value, ".12g", lang) if isinstance(value, float) else str(value)


def _caption(row: Mapping[str, Any], difference: bool, lang: Language) -> str:
    """What the table depends on, in a sentence."""
    from importlib.metadata import version

    parts = [_CAPTION.format(version=version("sifrules")).text(lang)]
    if difference:
        parts.insert(0, _DIFFERENCE.format(baseline=row["baseline"]).text(lang))
    if "seed" in row:
        draws = row.get("draws", 1)
        parts.append(
            Message(
                "paper_table.run" if draws == 1 else "paper_table.explored",
                draws=draws,
                replications=row["replications"],
                years=row["years"],
                scenario=scenario_word(row["scenario"]),
                seed=row["seed"],
            ).text(lang)
        )
    if row.get("behaviour", USUAL) != USUAL:
        said = behaviour_word(row["behaviour"])
        parts.append(Message("paper_table.behaviour", behaviour=said).text(lang))
    if row.get("off"):
        parts.append(Message("paper_table.off", off=row["off"]).text(lang))
    return " ".join(parts)


def _explored(folder: Path) -> dict[str, Any]:
    """What the table of an exploration depends on, which stands next to it; nothing of others."""
    file = folder / "provenance.json"
    source = read_json(file) if file.is_file() else {}
    names = ("draws", "replications", "years", "seed", "scenario", "behaviour", "off")
    if not all(name in source for name in names):
        return {}
    named = {"scenario": source["scenario"]["id"], "off": ", ".join(source["off"])}
    return {**{name: source[name] for name in names}, **named}
