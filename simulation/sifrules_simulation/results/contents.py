"""What a folder of results holds by name (innehåll), so that nothing else is overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.model.breakdowns import BREAKDOWNS
from sifrules_simulation.model.logs import ALL_LOGS, LOGS
from sifrules_simulation.results.folder import files_of
from sifrules_simulation.results.manifest import (
    COMPARISON,
    EXPLORATION,
    SIMULATION,
    STUDY,
    TRADE_OFF,
    WRITTEN_STUDY,
)

#: The commands that save results without a manifest, as they are not resumed.
CALIBRATION, BREAK_EVEN = "sif study calibrate", "sif study break-even"
REFORM = "sif study reform"
EVIDENCE = "sif study evidence"
SURFACE = "sif study surface"

_COMPARED = (
    *("summary", *(each.name for each in BREAKDOWNS), "runs", "panel", "record", "failures"),
    *(*LOGS, "event_log"),
)
_TABLES = {
    COMPARISON: _COMPARED,
    SIMULATION: _COMPARED,
    STUDY: ("draws", "runs", "failures"),
    TRADE_OFF: ("points", "failures"),
    EXPLORATION: ("runs", "means", "summary", "failures", *ALL_LOGS, "event_log"),
    CALIBRATION: ("parameters", "predicted", "posterior"),
}
_OTHERS = {
    COMPARISON: ("comparison.json", "provenance.json", "report.html"),
    SIMULATION: ("comparison.json", "provenance.json"),
    STUDY: (
        "study.json",
        "provenance.json",
        "report.html",
        *(
            f"{chart}.svg"
            for chart in ("effects", "shares", "causes", "sensitivity", "foreseen", "parameters")
        ),
    ),
    TRADE_OFF: (
        "trade_off.json",
        "trade_off.svg",
        "provenance.json",
        *(f"front-{number:02}.toml" for number in range(1, 100)),
    ),
    EXPLORATION: ("exploration.json", "provenance.json"),
    CALIBRATION: ("calibration.json", "provenance.json", "foreseen.svg", "parameters.svg"),
    BREAK_EVEN: ("break_even.json",),
    REFORM: ("reform.json", "reform.svg"),
    EVIDENCE: ("evidence.json",),
    SURFACE: ("surface.json", "surface.svg"),
    WRITTEN_STUDY: ("minutes.json",),
}


def names_of(kind: str) -> tuple[str, ...]:
    """Every file that a command may save in a folder, but for its manifest and its batches.

    >>> names_of(BREAK_EVEN)
    ('break_even.json',)
    """
    tables = (file for name in _TABLES.get(kind, ()) for file in files_of(name))
    return (*_OTHERS[kind], *tables)


def refuse_overwriting(path: Path, names: Iterable[str]) -> None:
    """Raise `SifError` where one of these files is there already."""
    there = [name for name in names if (path / name).exists()]
    if there:
        raise SifError(
            Message("results.would_overwrite", path=path, names=", ".join(there)),
            fix=Message("results.other_folder_or_force"),
        )
