"""The manifest (planen som följer med): what a run was asked for, and all that it depends on.

A run can be resumed only as what it was. So the manifest holds the fingerprints of
policies, plugins and scenario and the versions of libraries, and a run that would depend on
anything else now is shown what that is, a line for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.results.folder import ResultsFolder

#: The file's name in a folder of results.
MANIFEST = "manifest.json"
#: What a run is called by the command that asks for it.
STUDY, COMPARISON, SIMULATION, TRADE_OFF, EXPLORATION, WRITTEN_STUDY = KINDS = (
    "sif study return-flow",
    "sif compare",
    "sif simulate",
    "sif study trade-off",
    "sif explore",
    "sif study write",
)
#: What is reported of policies and plugins that are no longer what they were, by key of a plan.
_GONE = {"policies": "manifest.policies_gone", "plugins": "manifest.plugins_gone"}
_NEW = {"policies": "manifest.policies_new", "plugins": "manifest.plugins_new"}
_CHANGED = {
    "policies": "manifest.policies_changed",
    "plugins": "manifest.plugins_changed",
    "values": "manifest.values_changed",
    "ranges": "manifest.ranges_changed",
}


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
            raise SifError(Message("manifest.other_kind", path=path, kind=kind))
        asked, plan = dict(data["asked"]), dict(data["plan"])
        return Manifest(kind=kind, asked=asked, plan=plan, finished=bool(data["finished"]))
    except (OSError, ValueError, TypeError, KeyError):
        raise SifError(
            Message("manifest.unreadable", file=file), fix=Message("checkpoints.other_folder")
        ) from None


def refuse_exploration(path: Path, manifest: Manifest | None) -> None:
    """Raise `SifError` for a folder of an exploration, with what shows one."""
    if manifest is not None and manifest.kind == EXPLORATION:
        raise SifError(
            Message("results.is_exploration", path=path),
            fix=Message("results.show_exploration", path=path),
        )


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Message]:
    """What of a plan is no longer what it was, a line for each.

    >>> before = {"draws": 8, "versions": {"numpy": "2.1"}}
    >>> [str(each) for each in differences(before, {"draws": 9, "versions": {}})]
    ['draws: 8 then, 9 now', 'numpy 2.1 then, none now']
    """
    return list(_differences(before, now))


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Message]:
    for what in dict.fromkeys((*before, *now)):
        then, is_now = before.get(what), now.get(what)
        if then == is_now:
            continue
        if what in _GONE:
            yield from _changed(what, then or {}, is_now or {})
        elif what == "versions":
            yield from (
                Message("manifest.version", name=name, then=_of(then, name), now=_of(is_now, name))
                for name in dict.fromkeys((*(then or {}), *(is_now or {})))
                if _of(then, name) != _of(is_now, name)
            )
        elif what == "scenario":
            yield from _other_scenario(then or {}, is_now or {})
        else:
            yield Message("manifest.value", what=what, then=str(then), now=str(is_now))


def _of(versions: Mapping[str, str] | None, name: str) -> Message | str:
    return (versions or {}).get(name, Message("manifest.none"))


def _changed(what: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Message]:
    for name in dict.fromkeys((*before, *now)):
        if name not in now:
            yield Message(_GONE[what], name=name)
        elif name not in before:
            yield Message(_NEW[what], name=name)
        elif before[name] != now[name]:
            yield Message(_CHANGED[what], name=name)


def _other_scenario(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Message]:
    if before.get("id") != now.get("id"):
        then, is_now = str(before.get("id")), str(now.get("id"))
        yield Message("manifest.scenario", then=then, now=is_now)
        return
    for part in ("values", "ranges"):
        if before.get(part) != now.get(part):
            yield Message(_CHANGED[part], scenario=str(now.get("id")))
