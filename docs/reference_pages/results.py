"""Results: the tables of a results folder, and what their columns are.

Two small runs are made and their folders listed, so that the page has the tables that a
run really saves, in the words of ``sif results --tables``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from click.testing import CliRunner

from reference_pages.markdown import finished, head, table
from sifrules.cli import sif
from sifrules_simulation import scenario
from sifrules_simulation.experiments.sampling import uncertain
from sifrules_simulation.model.measures import MEASURES

INTRODUCTION = """
The tables that `--out DIR` saves, each as Parquet and as CSV. `sif results DIR --tables` lists
those of a folder; [SQL](../guides/compare.md#ask-the-results-in-sql) and
[Python](../guides/python.md#results-as-tables) read them. Amounts are kronor, shares lie from 0
to 1. A run in which a replication failed also has `failures`, a comparison with `--record` also
`record`. Next to the tables lie
`manifest.json` (what was requested, and the fingerprints of what it depends on) and
`provenance.json` (versions, policies, plugins, scenario, seed).
"""

RUNS = {
    "A comparison": "compare orebro@2016 norrkoping@2022 --replications 2 --years 2 --record"
    " --table ideas --table events --table investments --table claims --table committee_runs",
    "A study of the return flow": "study return-flow --policy orebro@2016 --draws 8 --years 1"
    " --replications 2 --cause-replications 2 --no-calibrate",
}
#: Columns that every table has, described once.
ORIGIN = ("seed", "scenario", "behaviour", "off", "version")
HASHES = ("policy_hash", "plugins_hash", "scenario_hash")
HEADS = ("column", "kind", "unit", "what it is")


def page() -> str:
    """The tables of each kind of run, column by column."""
    folders = {title: _tables(command) for title, command in RUNS.items()}
    tables = [each for folder in folders.values() for each in folder]
    columns = {each["column"]: each for each in (c for table in tables for c in table["columns"])}
    lines = [*head("Tables of results", INTRODUCTION)]
    for title, folder in folders.items():
        lines += [f"## {title}", ""]
        for each in folder:
            lines += [f"### `{each['table']}`" + ("" if title == "A comparison" else " of a study")]
            lines += ["", *table(HEADS, _rows(each["columns"])), ""]
    lines += [
        "## Where a row comes from",
        "",
        "Every table has these columns as well, `record` those of its own scenario without hashes.",
        "",
    ]
    lines += table(HEADS, map(_cells, (columns[name] for name in (*ORIGIN, *HASHES))))
    return finished(lines)


def _tables(arguments: str) -> list[dict[str, Any]]:
    """What ``sif results --tables`` lists after a command with ``--out``."""
    with TemporaryDirectory() as folder:
        out = str(Path(folder) / "results")
        _run(*arguments.split(), "--jobs", "1", "--out", out)
        listed: list[dict[str, Any]] = json.loads(
            _run("results", out, "--tables", "--format=json", "--lang=en")
        )
    return listed


def _run(*arguments: str) -> str:
    ran = CliRunner().invoke(sif, arguments, catch_exceptions=False)
    if ran.exit_code:
        raise SystemExit(ran.output)
    return ran.stdout


def _rows(columns: Iterable[dict[str, str]]) -> Iterator[list[str]]:
    """The columns of a table; measures and parameters in one row, as they have pages."""
    groups = {
        "each measure by its [name](measures.md)": {each.name for each in MEASURES},
        "each parameter by its [path](parameters.md)": set(uncertain(scenario())),
    }
    listed: set[str] = set()
    names = {column["column"] for column in columns}
    for column in columns:
        name = column["column"]
        group = next((text for text, all_ in groups.items() if name in all_ and all_ <= names), "")
        if not group and name not in (*ORIGIN, *HASHES):
            yield _cells(column)
        elif group and group not in listed:
            listed.add(group)
            yield ["…", "number", "its own", group]


def _cells(column: dict[str, str]) -> list[str]:
    unit = "that of the row's measure" if column["unit"] == "measure" else column["unit"]
    return [f"`{column['column']}`", column["kind"], unit, column["what"]]
