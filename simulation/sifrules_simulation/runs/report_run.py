"""A comparison run for its report alone (jämförelse för rapporten): saved, read back, removed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.results.manifest import COMPARISON
from sifrules_simulation.results.reader import SavedResults, read_results
from sifrules_simulation.results.temporary import temporary_folder
from sifrules_simulation.runs.request import RunRequest
from sifrules_simulation.runs.run import ComparisonResult, run

#: What sif compare takes where nothing is said.
_USUAL: Mapping[str, Any] = {
    "scenario": "default",
    "baseline": None,
    "years": YEARS,
    "replications": 200,
    "seed": 1,
}


def compared_now(
    registry: Registry,
    policies: Sequence[str],
    study: Path | None,
    lang: Language,
    given: Mapping[str, Any],
) -> SavedResults:
    """The results of a comparison that is run now, as if they had been saved.

    ``given`` are options of `sif compare` by name, ``jobs`` among them. Raises `SifError` as
    that does, and where it was stopped.
    """
    options = dict(given)
    jobs = options.pop("jobs", None)
    request = RunRequest(
        kind=COMPARISON,
        policies=policies,
        form="table",
        lang=lang,
        **{**_USUAL, **options},
    )
    with temporary_folder() as folder:
        found = run(registry, request, folder, jobs=jobs)
        if isinstance(found, ComparisonResult) and found.comparison.stopped:
            raise SifError(
                Message("report_run.stopped"), fix=Message("report_run.save_with_compare")
            )
        return evolve(read_results(folder, study), asked=_again(policies, options))


def _again(policies: Sequence[str], options: Mapping[str, Any]) -> str:
    """How the same report is asked for."""
    reported = [text for name in _USUAL if name in options for text in (f"--{name}", options[name])]
    return shlex.join(map(str, ["--from-compare", *policies, *reported]))
