"""A comparison made for its report alone (jämförelse för rapporten): run, read back, forgotten."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.values.text import Language
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.results.reader import SavedResults, kept_in
from sifrules_simulation.runs.run import Asked, compared

#: What sif compare takes where nothing is said.
_USUAL: Mapping[str, Any] = {
    "scenario": "default",
    "baseline": None,
    "years": 15,
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
    """What a comparison that is run now comes to, as if it had been kept.

    ``given`` are options of `sif compare` by name, ``jobs`` among them. Raises `SifError` as
    that does, and where it was stopped.
    """
    options = dict(given)
    jobs = options.pop("jobs", None)
    asked = Asked(
        policies=policies,
        settings=(),
        assumptions=(),
        behaviour=USUAL,
        off=(),
        engine="compiled",
        check=False,
        measures=(),
        form="table",
        lang=lang,
        **{**_USUAL, **options},
    )
    with tempfile.TemporaryDirectory(prefix="sifrules-") as place:
        folder = Path(place)
        if compared(registry, asked, folder, jobs=jobs).comparison.stopped:
            raise SifError("the comparison was stopped", fix="keep it as it goes, with sif compare")
        return evolve(kept_in(folder, study), asked=_again(policies, options))


def _again(policies: Sequence[str], options: Mapping[str, Any]) -> str:
    """How the same report is asked for."""
    told = [text for name in _USUAL if name in options for text in (f"--{name}", options[name])]
    return shlex.join(map(str, ["--from-compare", *policies, *told]))
