"""Results that were not saved (resultat i minnet): a comparison as if it had been read back."""

from __future__ import annotations

import json
from pathlib import Path

from sifrules_simulation.analysis.comparison import Comparison
from sifrules_simulation.model.breakdowns import BREAKDOWNS
from sifrules_simulation.results.metadata import run_metadata
from sifrules_simulation.results.reader import SavedResults


def results_of(comparison: Comparison, asked: str) -> SavedResults:
    """What `read_results` gives of a comparison that was saved, without a file.

    ``asked`` is how `sif report` is asked for this again.
    """
    data = {**comparison.as_json(), "about": run_metadata(comparison)}
    plain = json.loads(json.dumps(data, ensure_ascii=False))
    return SavedResults(
        folder=Path(),
        comparison=plain,
        about=plain["about"],
        summary=comparison.frame,
        breakdowns={each.name: comparison.breakdown(each.name) for each in BREAKDOWNS},
        study=None,
        study_source=None,
        asked=asked,
    )
