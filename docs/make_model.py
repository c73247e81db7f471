"""Write docs/parameters.md and the tables of docs/model.md out of the code and the scenarios.

    python docs/make_model.py            writes both
    python docs/make_model.py --check    exits 1 where one of them is stale

The table of means is computed: every bundled policy in the default scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import attrs
from written import write_or_check

from sifrules_simulation import Mechanisms, compare, scenario
from sifrules_simulation.model.measures import MEASURES
from sifrules_simulation.model.parameters import GROUPS
from sifrules_simulation.model.scenarios import Scenario, Stated, bundled
from sifrules_simulation.presentation.comparison_tables import tables

HERE = Path(__file__).parent
NOTE = (
    "<!-- Written by docs/make_model.py out of the scenario files: change those, not this page. -->"
)
REPLICATIONS = 200


# --- parameters ---------------------------------------------------------------------


def parameters_page() -> str:
    """Every parameter of every bundled scenario."""
    base = scenario("default")
    lines = [
        "# Parameters",
        "",
        NOTE,
        "",
        "What steers the [model](../explanation/model.md) and is not stated by a policy. *Value* is what the",
        "default scenario uses, *range* what is plausible and what studies draw from. A parameter",
        "rests on a source, perhaps by a reading of it, or on an assumption that says so.",
        "Change one with `--assume behaviour.horizon=36`, or write a scenario of your own.",
    ]
    for group, kind in GROUPS.items():
        lines += ["", f"## `{group}`", "", (kind.__doc__ or "").splitlines()[0], ""]
        lines += ["| parameter | what it is | unit | value | range | rests on |"]
        lines += ["|---|---|---|---|---|---|"]
        lines += [
            f"| `{field.name}` | {_row(base.stated[f'{group}.{field.name}'])} |"
            for field in attrs.fields(kind)
        ]
    for name in bundled():
        if name != base.id:
            lines += _differing(scenario(name), base)
    return "\n".join(lines) + "\n"


def _row(stated: Stated) -> str:
    span = f"{_number(stated.low)} to {_number(stated.high)}"
    cells = (stated.words.en, stated.unit, _number(stated.value), span, _rests_on(stated))
    return " | ".join(cell.replace("|", "\\|") for cell in cells)


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _rests_on(stated: Stated) -> str:
    if stated.citation is None:
        return f"assumption: {stated.assumption.en if stated.assumption else ''}"
    reading = f"; reading: {stated.citation.reading.en}" if stated.citation.reading else ""
    return f"{stated.citation}{reading}"


def _differing(other: Scenario, base: Scenario) -> Iterator[str]:
    """The parameters in which a scenario differs from the default one."""
    yield from ("", f"## The scenario `{other.id}`: {other.title.en}", "")
    yield from (f"Begins {other.begins}. Differs from the default in:", "")
    yield from (
        "| parameter | what it is | unit | value | range | rests on |",
        "|---|---|---|---|---|---|",
    )
    for path, stated in base.stated.items():
        if other.stated[path] != stated:
            yield f"| `{path}` | {_row(other.stated[path])} |"


# --- the model's tables -------------------------------------------------------------


def model_page(text: str) -> str:
    """The page of the model with its tables as they must be."""
    for name, lines in (("switches", _switches()), ("measures", _measures()), ("means", _means())):
        joined = "\n".join(lines)
        block = f"<!-- {name}: begin -->\n\n{joined}\n\n<!-- {name}: end -->"
        text = re.sub(
            f"<!-- {name}: begin -->.*<!-- {name}: end -->",
            lambda _, block=block: block,
            text,
            flags=re.DOTALL,
        )
    return text


def _switches() -> Iterator[str]:
    yield from ("| switch | what it is |", "|---|---|")
    for field in attrs.fields(Mechanisms):
        yield f"| `{field.name}` | {field.metadata['words'].en} |"


def _measures() -> Iterator[str]:
    yield from ("| measure | in words | unit | formula |", "|---|---|---|---|")
    for measure in MEASURES:
        yield f"| `{measure.name}` | {measure.words.en} | {measure.unit} | {measure.formula.en} |"


def _means() -> Iterator[str]:
    from sifrules.presentation.table import as_markdown

    result = compare(replications=REPLICATIONS, keep=False)
    for table in tables(result, "en"):
        yield f"{table.title}."
        yield ""
        yield as_markdown(table)
        yield ""
    names = ("willingness", "refusals")
    (willing, _) = tables(result, "en", names)
    yield "How many of those that make up their mind want to apply, and how many are refused:"
    yield ""
    yield as_markdown(willing)


def main() -> None:
    model = HERE / "explanation" / "model.md"
    text = model_page(model.read_text("utf-8"))
    write_or_check(
        {HERE / "reference" / "parameters.md": parameters_page(), model: text}, "make_model.py"
    )


if __name__ == "__main__":
    main()
