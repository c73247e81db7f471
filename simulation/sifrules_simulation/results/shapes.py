"""What saved JSON files look like (form): a changed one is refused by its file and key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.model.stops import STOPS

#: A test of a value; a list of one shape; an object with these keys, where ``?`` begins the name
#: of one that may be absent and ``*`` stands for any.
Shape = Callable[[Any], bool] | list[Any] | dict[str, Any]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _words(value: Any) -> bool:
    """A text, in both languages or one."""
    if isinstance(value, dict):
        return value.keys() == {"sv", "en"} and all(map(_text, value.values()))
    return _text(value)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _or_none(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or test(value)


_ESTIMATE = dict.fromkeys(("mean", "low", "high"), _or_none(_number))
_STATED = {
    **dict.fromkeys(("citation", "document", "place"), _or_none(_text)),
    "reading": _or_none(_words),
}
#: What a run depends on: ``provenance.json``, and ``provenance`` of a comparison.
SOURCE: Shape = {
    "?versions": {"*": _text},
    "?policies": [{"id": _text, "?hash": _text, "?assumed": _texts}],
    "?plugins": [{"name": _text, "?version": _or_none(_text), "?hash": _text}],
    "?scenario": {"id": _text, "?hash": _text, "?values": _object, "?ranges": _object},
    "?behaviour": _text,
    "?off": _texts,
    "?engine": _text,
    "?seed": _number,
    "?years": _number,
}
_CLAUSE: Shape = {"path": _text, "label": _words, "value": _words, **_STATED}
_ABOUT_POLICY: Shape = {
    "id": _text,
    "title": _words,
    "municipality": _text,
    "status": _text,
    "clauses": [_CLAUSE],
    "rules": {"*": {"stage": _text, "demand": _words, **_STATED}},
    "not_modelled": [_words],
    "?timeline": [
        {
            "since": _or_none(_text),
            "policy": _text,
            "title": _words,
            "in_force": _STATED,
            "clauses": [_CLAUSE],
            "not_modelled": [_words],
        }
    ],
    "?changes": [
        {
            **dict.fromkeys(("since", "before", "after"), _text),
            "clauses": [
                {
                    "path": _text,
                    "label": _words,
                    "before": _or_none(_object),
                    "after": _or_none(_object),
                }
            ],
        }
    ],
    "?open": [_words],
    "?assumed": _texts,
    "?set_aside": _texts,
    "?notes": [_words],
}
_PARAMETER: Shape = {
    "path": _text,
    "words": _words,
    "unit": _text,
    **dict.fromkeys(("value", "low", "high"), _or_none(_number)),
    "assumption": _or_none(_words),
    **_STATED,
}
#: ``comparison.json``.
COMPARED: Shape = {
    "baseline": _text,
    "policies": [
        {
            "id": _text,
            "measures": {"*": {"unit": _text, **_ESTIMATE}},
            "difference": {"*": _ESTIMATE},
            **{f"?{each.name}": {"*": _number} for each in STOPS},
        }
    ],
    "?level": _number,
    "?replications": _number,
    "?provenance": SOURCE,
    "?records": [
        {
            **dict.fromkeys(("municipality", "policy", "scenario", "behaviour"), _text),
            **dict.fromkeys(("years", "seed", "replications", "failed"), _number),
            "rows": [
                {
                    **dict.fromkeys(("what", "period", "unit"), _text),
                    **dict.fromkeys(("mean", "low", "high"), _number),
                    "value": _or_none(_number),
                    "about": _flag,
                    "inside": _or_none(_flag),
                    "citations": _texts,
                }
            ],
            "notes": [_words],
        }
    ],
    "?about": {
        "?command": _or_none(_text),
        "?stopped": _flag,
        "?notes": [_words],
        "?money": [_words],
        "?policies": [_ABOUT_POLICY],
        "?measures": [{"name": _text, "unit": _text, "words": _words, "formula": _words}],
        "?scenario": {"title": _words, "parameters": [_PARAMETER]},
    },
}
_FINDING: Shape = {
    "policy": _text,
    "hypothesis": _text,
    "difference": _ESTIMATE,
    "holds": _or_none(_object),
    "verdict": _text,
}
#: ``study.json``, as far as every study has it.
STUDIED: Shape = {
    "?margin": _number,
    "?policies": [{"id": _text, "difference": _ESTIMATE, "verdict": _text}],
    "?municipalities": {"*": _text},
    "?by_record": [{"id": _text, "difference": _ESTIMATE, "verdict": _text}],
    "?findings": [_FINDING],
    "?findings_by_record": [_FINDING],
    "?as_assumed": [_FINDING],
    "?alternatives": {"*": [_FINDING]},
    "?causes": [{"policy": _text, "switch": _text}],
    "?sensitivity": [{"policy": _text, "parameter": _text, **_ESTIMATE, "tells": _flag}],
    "?information": [{"policy": _text, "hypothesis": _text, "parameter": _text, "gain": _number}],
    "?regions": [
        {
            "policy": _text,
            "hypothesis": _text,
            "outcome": _text,
            "tells": _flag,
            "where": [{"path": _text}],
            "density": _ESTIMATE,
            "coverage": _ESTIMATE,
            "base": _number,
        }
    ],
    "?two_way": [
        {
            "policy": _text,
            "hypothesis": _text,
            "x": _text,
            "y": _text,
            "x_ends": [_number],
            "y_ends": [_number],
            "shares": [[_or_none(_number)]],
        }
    ],
    "?calibration": _or_none(_object),
    "?draws": _number,
    "?replications": _number,
    "?years": _number,
    "?seed": _number,
    "?scenario": _text,
    "?behaviour": _text,
}


def refuse_misshapen(file: Path, data: Any, shape: Shape) -> None:
    """Raise `SifError` that names the file and the first key whose value is not what it was."""
    key = _misshapen(data, shape)
    if key is not None:
        raise SifError(
            Message("saved.misshapen", file=file, key=key or "-"), fix=Message("file.make_again")
        )


def _misshapen(value: Any, shape: Shape, at: str = "") -> str | None:
    """The key of what does not fit; None where all does."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            return at
        found = (_misshapen(each, shape[0], f"{at}[{n}]") for n, each in enumerate(value))
    elif isinstance(shape, Mapping):
        if not isinstance(value, dict):
            return at
        found = (
            _misshapen_key(value, name, each, f"{at}." if at else "")
            for name, each in shape.items()
        )
    else:
        return None if shape(value) else at
    return next((each for each in found if each is not None), None)


def _misshapen_key(value: dict[str, Any], name: str, shape: Shape, before: str) -> str | None:
    if name == "*":
        found = (_misshapen(each, shape, f"{before}{key}") for key, each in value.items())
        return next((each for each in found if each is not None), None)
    key = name.removeprefix("?")
    if key not in value:
        return None if name != key else f"{before}{key}"
    return _misshapen(value[key], shape, f"{before}{key}")
