"""Plans of explorations (utforskningsplaner) as TOML files: what `explore` takes, in a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from sifrules.errors import Fault, FaultyFile, SifError
from sifrules.loading.reader import Reader, Text
from sifrules.loading.toml import read_toml
from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.exploration import AS_STATED, Space
from sifrules_simulation.experiments.exploration_plan import (
    REPLICATIONS,
    ExplorationRequest,
    exploration_plan,
)
from sifrules_simulation.experiments.explored import ExplorationPlan
from sifrules_simulation.experiments.logged import logs_named
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.measures import SHOWN
from sifrules_simulation.model.scenario_tables import read_correlation
from sifrules_simulation.model.scenarios import Scenario, scenario

_LEVERS, _UNCERTAINTIES = "levers", "uncertainties"
_TOP = (
    "policies",
    "outcomes",
    "scenario",
    "years",
    "seed",
    "behaviour",
    "off",
    "design",
    "variants",
    "draws",
    "sampling",
    "replications",
    "correlation",
    _LEVERS,
    _UNCERTAINTIES,
)


@frozen(kw_only=True)
class WrittenPlan:
    """What a file asks to be explored."""

    file: str
    request: ExplorationRequest

    def plan(self, registry: Registry, tables: Iterable[str] = ()) -> ExplorationPlan:
        """The plan, with tables of what happened; `FaultyFile` with the place of what is wrong."""
        asked = evolve(self.request, tables=logs_named(tables))
        try:
            return exploration_plan(registry, asked)
        except FaultyFile:
            raise
        except SifError as error:
            raise FaultyFile(
                [Fault(self.file, error.where or "", error.what, fix=error.fix)]
            ) from None


def read_plan(file: Path) -> WrittenPlan:
    """The plan of an exploration out of a TOML file.

    Policies and scenarios that are files are found next to it. Raises `FaultyFile` with every
    fault.
    """
    reader = Reader(read_toml(file), str(file))
    reader.refuse_unknown(_TOP)
    reader.require("policies")
    policies = reader.read("policies", tuple[Text, ...], ())
    levers = _table(reader, _LEVERS)
    uncertainties: Any = reader.tree.get(_UNCERTAINTIES)
    if uncertainties != AS_STATED:
        uncertainties = _table(reader, _UNCERTAINTIES)
    off = reader.read("off", tuple[Text, ...], ())
    outcomes = reader.read("outcomes", tuple[Text, ...], SHOWN)
    arguments: dict[str, Any] = {
        "levers": levers,
        "uncertainties": uncertainties,
        "outcomes": outcomes,
        "off": off,
        "design": reader.read("design", Text),
        "variants": reader.read("variants", int),
        "draws": reader.read("draws", int),
        "sampling": reader.read("sampling", Text),
        "replications": reader.read("replications", int, REPLICATIONS),
        "years": reader.read("years", int, YEARS),
        "seed": reader.read("seed", int, 1),
        "behaviour": reader.read("behaviour", Text, USUAL),
        "correlation": read_correlation(reader),
        "scenario": _scenario(reader, file.parent),
    }
    reader.stop_at_faults()
    named = (str(file.parent / each) if each.endswith(".toml") else str(each) for each in policies)
    return WrittenPlan(
        file=str(file), request=ExplorationRequest(policies=tuple(named), **arguments)
    )


def _scenario(reader: Reader, folder: Path) -> Scenario | None:
    name = reader.read("scenario", Text, "default")
    if name is None:
        return None
    try:
        return scenario(folder / name if name.endswith(".toml") else name)
    except FaultyFile:
        raise
    except SifError as error:
        reader.fault("scenario", error.what, fix=error.fix)
        return None


def _table(reader: Reader, key: str) -> dict[str, Any]:
    """A table of levers or uncertainties: lists, ranges and distributions by path."""
    table = reader.tree.get(key, {})
    if not isinstance(table, Mapping):
        reader.fault(key, Message("expected.table"), fix=Message("exploration.write_as"))
        return {}
    found: dict[str, Any] = {}
    for path, stated in table.items():
        if not isinstance(stated, list | Mapping) and stated != AS_STATED:
            reader.fault(
                f"{key}.{path}", Message("exploration.entry"), fix=Message("exploration.write_as")
            )
            continue
        found[path] = _plain(stated)
        inner = next(iter(stated), "") if isinstance(stated, Mapping) else ""
        if inner and isinstance(stated[inner], list | Mapping) and "name" not in stated:
            quoted = Message("exploration.quote_path", path=f"{path}.{inner}")
            reader.fault(f"{key}.{path}", quoted)
        elif stated != AS_STATED and not path.startswith("structure."):
            try:
                Space.of(found[path], path)
            except SifError as error:
                reader.fault(f"{key}.{path}", error.what, fix=error.fix)
    return found


def _plain(stated: Any) -> Any:
    """Numbers as Python has them, where a file has exact decimals."""
    if isinstance(stated, list):
        return [_plain(each) for each in stated]
    if isinstance(stated, Mapping):
        return {key: _plain(each) for key, each in stated.items()}
    return float(stated) if isinstance(stated, Decimal) else stated
