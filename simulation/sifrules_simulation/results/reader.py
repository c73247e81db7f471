"""What was saved (det sparade): the results in a folder, read back; nothing else is looked at.

A part that is not there is None, or empty, and the report says so in a sentence.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sifrules.errors import SifError
from sifrules.values.errors import reported
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.model.breakdowns import BREAKDOWNS
from sifrules_simulation.results import table_files
from sifrules_simulation.results.manifest import manifest_in, refuse_exploration
from sifrules_simulation.results.shapes import COMPARED, SOURCE, STUDIED, refuse_misshapen

if TYPE_CHECKING:
    import polars as pl

Data = Mapping[str, Any]

#: What stands for a comparison where there is a study alone.
NO_COMPARISON: Data = {"policies": [], "baseline": ""}


@frozen(eq=False, kw_only=True)
class SavedResults:
    """A comparison as it was saved, and a study if there is one."""

    folder: Path
    comparison: Data
    #: what `sif compare` saved of clauses, measures and scenario; empty of an older one
    about: Data
    summary: pl.DataFrame | None
    #: the breakdowns that are there, by name (`sifrules_simulation.model.breakdowns`)
    breakdowns: Mapping[str, pl.DataFrame]
    study: Data | None
    study_source: Data | None
    #: how `sif report` is asked for this again
    asked: str

    @property
    def policies(self) -> list[str]:
        """The policies, in the order in which they were compared."""
        return [each["id"] for each in self.comparison["policies"]]

    @property
    def baseline(self) -> str:
        """The policy that the others are compared with."""
        return str(self.comparison["baseline"])

    @property
    def source(self) -> Data:
        """What the comparison depends on."""
        found: Data = self.comparison.get("provenance", {})
        return found

    @property
    def records(self) -> list[Data]:
        """Records of municipalities beside what is foreseen of them, if they were requested."""
        return list(self.comparison.get("records", ()))

    def described(self, policy: str) -> Data:
        """What was saved of a policy's clauses and rules; nothing of an older comparison."""
        return next((each for each in self.about.get("policies", ()) if each["id"] == policy), {})


def read_results(folder: Path, study: Path | None = None) -> SavedResults:
    """What `sif compare --out` saved in a folder, and a study that is there or elsewhere.

    A folder may hold a study alone. Raises `SifError` where there is neither, or no study
    where one is asked for.
    """
    file = folder / "comparison.json"
    if not folder.is_dir():
        raise SifError(
            Message("results.no_folder", folder=folder), fix=Message("comparison.name_folder")
        )
    alone = study is None and (folder / "study.json").is_file()
    if not file.is_file() and not alone:
        refuse_exploration(folder, manifest_in(folder))
        raise SifError(
            Message("comparison.none_there", folder=folder), fix=Message("comparison.make")
        )
    comparison = read_json(file) if file.is_file() else NO_COMPARISON
    if not isinstance(comparison.get("policies"), list) or "baseline" not in comparison:
        raise SifError(
            Message("comparison.not_one", file=file), fix=Message("comparison.make_again")
        )
    if file.is_file():
        refuse_misshapen(file, comparison, COMPARED)
    reported, source = study_in(study) if study is not None else _study_of_folder(folder)
    return SavedResults(
        folder=folder,
        comparison=comparison,
        about=comparison.get("about", {}),
        summary=_frame(folder, "summary"),
        breakdowns=_breakdowns(folder),
        study=reported,
        study_source=source,
        asked=shlex.quote(str(folder)),
    )


def said(text: Mapping[str, str] | str | None, lang: Language) -> str:
    """A text that was saved in both languages, or as it is in one; nothing where there is none.

    >>> said({"sv": "golv", "en": "floor"}, "sv"), said("our own count", "sv")
    ('golv', 'our own count')
    """
    if isinstance(text, str):
        return text
    return text[lang] if text else ""


def _study_of_folder(folder: Path) -> tuple[Data | None, Data | None]:
    return study_in(folder) if (folder / "study.json").is_file() else (None, None)


def study_in(place: Path) -> tuple[Data, Data | None]:
    """A study from its folder, or from the file that `sif study write` made."""
    file = place if place.is_file() else place / "study.json"
    if not file.is_file():
        raise SifError(Message("study.none_there", place=place), fix=Message("study.make"))
    data = read_json(file)
    if isinstance(data.get("study"), Mapping):  # as sif study write saves it
        return current_study(data["study"], file), data.get("provenance")
    if "margin" not in data or "policies" not in data:
        raise SifError(Message("study.not_one", file=file), fix=Message("study.make_again"))
    provenance = file.with_name("provenance.json")
    source = read_json(provenance) if provenance.is_file() else {}
    refuse_misshapen(provenance, source, SOURCE)
    return current_study(data, file), source if "margin" in source else None


#: What an older version did not save of a study.
_NEWEST = {"asked", "findings", "as_assumed", "two_way"}


def current_study(study: Data, file: Path) -> Data:
    """A study as it is saved now; `SifError` for one that an older version saved."""
    if not study.keys() >= _NEWEST:
        raise SifError(Message("study.older_version", file=file), fix=Message("study.run_again"))
    refuse_misshapen(file, study, STUDIED)
    return study


def read_json(file: Path) -> Data:
    """A file's plain data; `SifError` where it cannot be read."""
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SifError(
            Message("saved.unreadable", file=file, error=reported(error)),
            fix=Message("file.make_again"),
        ) from None
    if not isinstance(data, dict):
        raise SifError(Message("file.no_results", file=file), fix=Message("file.make_again"))
    return data


def _breakdowns(folder: Path) -> dict[str, pl.DataFrame]:
    found = ((breakdown.name, _frame(folder, breakdown.name)) for breakdown in BREAKDOWNS)
    return {name: frame for name, frame in found if frame is not None}


def _frame(folder: Path, name: str) -> pl.DataFrame | None:
    import polars as pl

    file = folder / table_files.file_of(name)
    if not file.is_file():
        return None
    try:
        return table_files.read(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        first = str(error).partition("\n")[0]
        raise SifError(
            Message("file.unreadable_table", file=file, first=first), fix=Message("file.make_again")
        ) from None
