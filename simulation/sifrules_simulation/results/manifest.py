"""The manifest (planen som följer med): what a run was asked for, and all that it depends on.

A run can be resumed only as what it was. So the manifest holds the fingerprints of
policies, plugins and scenario and the versions of libraries, and a run that would hang on
anything else now is told what that is, a line for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from sifrules.errors import SifError
from sifrules_simulation.results.folder import ResultsFolder

#: The file's name in a folder of results.
MANIFEST = "manifest.json"
#: What a run is called by the command that asks for it.
STUDY, COMPARISON, SIMULATION = KINDS = ("sif study return-flow", "sif compare", "sif simulate")


@frozen(kw_only=True)
class Manifest:
    """What was ``asked`` for, so that it can be asked again, and the ``plan`` it came to.

    ``kind`` is the command that asks for it, one of `KINDS`.
    """

    kind: str
    asked: Mapping[str, Any]
    plan: Mapping[str, Any]
    finished: bool = False

    def write(self, folder: ResultsFolder, finished: bool = False) -> None:
        """Put it down in a folder."""
        self = evolve(self, finished=finished)
        data = {"kind": self.kind, "finished": finished, "asked": self.asked, "plan": self.plan}
        folder.json(MANIFEST, data)


def manifest_in(path: Path) -> Manifest | None:
    """The manifest in a folder, None where there is none.

    Raises `SifError` for one that cannot be read, or that is of something else.
    """
    file = path / MANIFEST
    if not file.exists():
        return None
    try:
        data = json.loads(file.read_text("utf-8"))
        kind = data["kind"]
        if kind not in KINDS:
            raise SifError(f"{path} holds something else: {kind}")
        asked, plan = dict(data["asked"]), dict(data["plan"])
        return Manifest(kind=kind, asked=asked, plan=plan, finished=bool(data["finished"]))
    except (OSError, ValueError, TypeError, KeyError):
        raise SifError(
            f"{file} cannot be read, so nobody can tell what it is of",
            fix="name another folder",
        ) from None


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What of a plan is no longer what it was, a line for each.

    >>> differences({"draws": 8, "versions": {"numpy": "2.1"}}, {"draws": 9, "versions": {}})
    ['draws: 8 then, 9 now', 'numpy 2.1 then, none now']
    """
    return list(_differences(before, now))


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for what in dict.fromkeys((*before, *now)):
        then, is_now = before.get(what), now.get(what)
        if then == is_now:
            continue
        if what in ("policies", "plugins"):
            yield from _changed({"policies": "policy", "plugins": "plugin"}[what], then, is_now)
        elif what == "versions":
            yield from (
                f"{name} {_of(then, name)} then, {_of(is_now, name)} now"
                for name in dict.fromkeys((*(then or {}), *(is_now or {})))
                if _of(then, name) != _of(is_now, name)
            )
        elif what == "scenario":
            yield from _other_scenario(then or {}, is_now or {})
        else:
            yield f"{what}: {then} then, {is_now} now"


def _of(versions: Mapping[str, str] | None, name: str) -> str:
    return (versions or {}).get(name, "none")


def _changed(
    what: str, before: Mapping[str, str] | None, now: Mapping[str, str] | None
) -> Iterator[str]:
    then, is_now = before or {}, now or {}
    for name in dict.fromkeys((*then, *is_now)):
        if name not in is_now:
            yield f"the {what} {name} is not there now"
        elif name not in then:
            yield f"the {what} {name} was not there then"
        elif then[name] != is_now[name]:
            yield f"the {what} {name} has changed"


def _other_scenario(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    if before.get("id") != now.get("id"):
        yield f"scenario: {before.get('id')} then, {now.get('id')} now"
        return
    for part in ("values", "ranges"):
        if before.get(part) != now.get(part):
            yield f"the {part} of the scenario {now.get('id')} have changed"
