"""Policies by name (namn): a report says "Norrköping 2010", and the id once, in its list.

A name is made where an id is the municipality's own with a year or a word behind it; what
somebody has named otherwise keeps its id, and so do two that would be named alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from sifrules.presentation.changed_ids import id_words
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.results.reader import Data, SavedResults

if TYPE_CHECKING:
    import polars as pl

_SET = " with "
_UNDATED = Message("report_names.undated")
_CHANGED = Message("report_names.changed")
_COLUMNS = ("policy", "baseline")


def names_of(saved: SavedResults, lang: Language) -> dict[str, str]:
    """What each policy is called, by its id; what was studied and not compared comes last."""
    towns = {each: saved.described(each).get("municipality", "") for each in saved.policies}
    towns |= {each: town for each, town in _studied(saved).items() if each not in towns}
    named = {each: _name(each, str(town), lang) for each, town in towns.items()}
    count = Counter(named.values())
    return {
        each: name if count[name] == 1 else id_words(each, lang) for each, name in named.items()
    }


def named(
    saved: SavedResults, lang: Language, names: Mapping[str, str] | None = None
) -> SavedResults:
    """The same results with names in the place of ids; the command and its changes keep theirs.

    What was saved of a policy has its id as ``named_from``. ``names`` are other names, by id.
    """
    names = names or names_of(saved, lang)
    comparison = dict(saved.comparison)
    about = dict(saved.about)
    pattern = _pattern(names)

    def worded(notes: Any) -> Any:
        return [_worded(note, names, pattern) for note in notes]

    comparison["baseline"] = names.get(saved.baseline, saved.baseline)
    comparison["policies"] = [_renamed(each, names) for each in comparison["policies"]]
    if "provenance" in comparison:
        source = dict(comparison["provenance"])
        source["policies"] = [_renamed(each, names) for each in source.get("policies", ())]
        comparison["provenance"] = source
    about["policies"] = [
        {**_renamed(each, names), "named_from": each["id"], "notes": worded(each.get("notes", ()))}
        for each in about.get("policies", ())
    ]
    for key in ("notes", "money"):
        about[key] = worded(about.get(key, ()))
    return evolve(
        saved,
        comparison=comparison,
        about=about,
        summary=None if saved.summary is None else _of_frame(saved.summary, names),
        breakdowns={key: _of_frame(each, names) for key, each in saved.breakdowns.items()},
        study=None if saved.study is None else _with_names(saved.study, names),
    )


def studied_alone(saved: SavedResults) -> list[str]:
    """The policies that were studied and are not compared, by id."""
    return [each for each in _studied(saved) if each not in saved.policies]


def _studied(saved: SavedResults) -> dict[str, str]:
    """The municipality of each policy that was studied, by id; an older study has none saved."""
    if saved.study is None:
        return {}
    towns = saved.study.get("municipalities", {})
    return {each["id"]: towns.get(each["id"], "") for each in saved.study["policies"]}


def _name(policy: str, town: str, lang: Language) -> str:
    own, _, change = policy.partition(_SET)
    guideline, _, what_if = own.partition("+")
    key, at, version = guideline.partition("@")
    if not key or not _slug(town).endswith(key) or (at and not re.fullmatch(r"[\w.-]+", version)):
        return id_words(policy, lang)
    version = _UNDATED.text(lang) if version == "undated" else version
    name = " + ".join(filter(None, (f"{town} {version}".strip(), what_if)))
    return _CHANGED.format(policy=name, change=change).text(lang) if change else name


def _slug(town: str) -> str:
    plain = unicodedata.normalize("NFKD", town.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)


def _renamed(each: Data, names: Mapping[str, str]) -> dict[str, Any]:
    return {**each, "id": names.get(each["id"], each["id"])}


def _pattern(names: Mapping[str, str]) -> re.Pattern[str] | None:
    """Finds ids in a sentence, the longest first; None where no policy has another name."""
    ids = sorted((each for each, name in names.items() if each != name), key=len, reverse=True)
    if not ids:
        return None
    return re.compile(rf"(?<![\w@.=-])(?:{'|'.join(map(re.escape, ids))})(?![\w@=-])")


def _worded(note: Any, names: Mapping[str, str], pattern: re.Pattern[str] | None) -> Any:
    if pattern is None:
        return note
    if isinstance(note, str):
        return pattern.sub(lambda found: names[found[0]], note)
    return {lang: _worded(text, names, pattern) for lang, text in note.items()}


def _of_frame(frame: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    import polars as pl

    there = [column for column in _COLUMNS if column in frame.columns]
    return frame.with_columns(pl.col(column).replace(names) for column in there)


def _with_names(study: Data, names: Mapping[str, str]) -> Data:
    """A study with names for ids, but for the municipalities, which stay by id."""
    kept = {key: study[key] for key in ("municipalities",) if key in study}
    return {**_deep(study, names), **kept}


def _deep(data: Any, names: Mapping[str, str]) -> Any:
    """Plain data with every text that is an id replaced."""
    if isinstance(data, str):
        return names.get(data, data)
    if isinstance(data, Mapping):
        return {names.get(key, key): _deep(each, names) for key, each in data.items()}
    return [_deep(each, names) for each in data] if isinstance(data, list) else data
