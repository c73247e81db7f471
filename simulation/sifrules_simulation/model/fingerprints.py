"""Where results come from (härkomst): versions, fingerprints, seed, scenario.

A fingerprint is a hash of what was used: of a policy its clauses, of a plugin its files,
of a scenario its parameters. Two results of the same provenance are the same results.
"""

from __future__ import annotations

import hashlib
import inspect
import platform
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.resources.abc import Traversable
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any
from zipimport import zipimporter

import attrs

from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import Behaviour, Measure
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods
from sifrules_simulation.model.index_growth import INDEX_GROWTH
from sifrules_simulation.model.scenarios import Scenario

#: What numbers depend on, next to what stands in every provenance.
_ALSO = ("polars", "scipy", "SALib", "ema-workbench")


def run_fingerprint(
    registry: Registry, labels: Sequence[str], policies: Sequence[FundPolicy], scenario: Scenario
) -> dict[str, Any]:
    """What any run of some policies in a scenario depends on, by fingerprints."""
    return {
        "policies": {
            label: of_policy(policy) for label, policy in zip(labels, policies, strict=True)
        },
        **environment_fingerprint(registry),
        "scenario": {
            "id": scenario.id,
            "values": of_scenario(scenario),
            "ranges": ranges_of(scenario),
        },
    }


def environment_fingerprint(registry: Registry) -> dict[str, Any]:
    """What any run depends on: the plugins that take part, and the versions of libraries."""
    return {
        "plugins": {each["name"]: each["hash"] for each in plugins(registry)},
        "versions": {
            "python": ".".join(platform.python_version_tuple()[:2]),
            **versions(),
            **{name: _version(name) for name in _ALSO},
        },
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


_KINDS = (".py", ".toml")
_LIBRARIES = ("sifrules", "numpy", "simpy")


def fingerprint(*pieces: str) -> str:
    """A short hash of some texts.

    >>> fingerprint("a", "b")
    'ad2fbbf2e07b42c7'
    """
    digest = hashlib.blake2b(digest_size=8)
    for piece in pieces:
        digest.update(piece.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def of_policy(policy: FundPolicy) -> str:
    """A policy's fingerprint: all its clauses, the classes of its parts, and its reforms.

    Of a part that is no class of these packages also its class's source and its values.
    """
    if policy.reforms:
        each = (f"{since}={of_policy(one)}" for since, one in periods(policy))
        return fingerprint(*each, str(policy.binding))
    clauses = (f"{c.path}={c.value.en}" for c in policy.clauses)
    seen = (policy, *policy.by_track.values())
    parts = [part for each in seen for part in each.parts]
    kinds = (f"{type(part).__module__}.{type(part).__qualname__}" for part in parts)
    others = (each for each in (*parts, policy.return_model) if each is not None)
    own = dict.fromkeys(_of_object(each) for each in others if not _is_ours(type(each)))
    return fingerprint(*clauses, *kinds, *own)


def of_scenario(scenario: Scenario) -> str:
    """A scenario's fingerprint: its parameters, when it begins, and what else it settles."""
    values = [
        f"{path}={value!r}"
        for path, value in sorted(scenario.values.items())
        if path not in scenario.idle
    ]
    if scenario.calendar != "first_sum":
        values.append(f"calendar={scenario.calendar}")
    if scenario.surplus_earmarks:
        values.append("surplus_earmarks")
    if scenario.own_size:
        values.append("own_size")
    if scenario.endowment is not None:
        values.append(f"endowment={scenario.endowment}")
    if scenario.index_growth != INDEX_GROWTH:
        values.append(f"index_growth={scenario.index_growth}")
    values += scenario.structure.changes
    if scenario.own_ideas is not None:
        values.append(f"own_ideas={scenario.own_ideas.fingerprint}")
    return fingerprint(str(scenario.begins), *values)


def ranges_of(scenario: Scenario) -> str:
    """A fingerprint of the ranges of a scenario's parameters, which studies draw from."""
    ranges = [
        f"{path}={each.low!r}:{each.high!r}"
        for path, each in scenario.stated.items()
        if path not in scenario.idle
    ]
    ranges += [f"structure.{name}={each!r}" for name, each in scenario.weights.items()]
    ranges += [
        f"{path}~{each.distribution!r}"
        for path, each in scenario.stated.items()
        if each.distribution is not None
    ]
    return fingerprint(*sorted(ranges), *scenario.correlation.as_data)


def of_plugin(registry: Registry, name: str) -> str:
    """A plugin's fingerprint: the Python and TOML files of its package or module."""
    found: Any = registry.module_of(name)
    module = found if hasattr(found, "__file__") else import_module(type(found).__module__)
    package = getattr(found, "package", None)
    if isinstance(package, str):
        module = import_module(package)
    if getattr(module, "__file__", None) is None:
        return fingerprint(repr(type(found)))
    return of_module(module)


def of_module(module: ModuleType) -> str:
    """The fingerprint of a package or module: its Python and TOML files."""
    return fingerprint(*(f"{each.name}\n{each.read_text('utf-8')}" for each in _sources(module)))


def of_python(
    registry: Registry, behaviour: Behaviour, measures: Iterable[Measure]
) -> dict[str, str]:
    """The fingerprints of a behaviour and of measures that no plugin offers, by kind and name.

    Of a function its source, the plain values that it holds or reads, and the functions of its own
    module that it calls; of an object the same of its class and, where attrs made that, its values.
    What is called in other modules is not seen.
    """
    found = {
        f"measure {each.name}": _of_code(each.of)
        for each in measures
        if each.name not in registry.measures and not _is_ours(each.of)
    }
    if registry.behaviours.get(behaviour.name) is not behaviour:
        found[f"behaviour {behaviour.name}"] = _of_object(behaviour)
    return found


def _of_object(thing: object) -> str:
    """What an object's class and those below it are, and, where attrs made it, its values."""
    kinds = [each for each in type(thing).__mro__ if _is_own(each)]
    functions = [
        each
        for kind in kinds
        for each in vars(kind).values()
        if isinstance(each, FunctionType) and not each.__code__.co_filename.startswith("<attrs")
    ]
    values = repr(thing) if attrs.has(type(thing)) else ""
    return fingerprint(*map(_source_of, kinds), *map(_of_code, functions), values)


def _is_own(kind: type) -> bool:
    """Whether a class is of somebody's own code, and no library's or of these packages."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
    return not _is_ours(kind) and kind is not object and "site-packages" not in file


def _is_ours(function: object) -> bool:
    """Whether a function is of these packages, whose files have a fingerprint already."""
    return str(getattr(function, "__module__", "")).partition(".")[0].startswith("sifrules")


def _of_code(function: Any, above: tuple[Any, ...] = ()) -> str:
    """The source of a function, what it holds and reads, and what it calls in its own module."""
    held = (each.cell_contents for each in getattr(function, "__closure__", None) or ())
    values = [*held, *(getattr(function, "__defaults__", None) or ())]
    plain = [repr(each) for each in values if _is_plain(each)]
    around, code = getattr(function, "__globals__", {}), getattr(function, "__code__", None)
    for name in sorted(_names_in(code)):
        value = around.get(name)
        if name in around and _is_plain(value):
            plain.append(f"{name}={value!r}")
            continue
        near = isinstance(value, FunctionType) and value.__module__ == function.__module__
        if near and value not in above:
            plain.append(_of_code(value, (*above, function)))
    return fingerprint(_source_of(function), *plain)


def _names_in(code: object) -> set[str]:
    """The names that code reads from around it, also within what it defines."""
    if not isinstance(code, CodeType):
        return set()
    return {*code.co_names}.union(*map(_names_in, code.co_consts))


def _is_plain(value: object) -> bool:
    """Whether it is the same text in every process: numbers, texts, lists and tables of them."""
    if isinstance(value, dict):
        return all(map(_is_plain, (*value, *value.values())))
    return all(map(_is_plain, value)) if isinstance(value, list | tuple) else type(value) in _PLAIN


#: What is the same text in every process.
_PLAIN = (str, int, float, bool, type(None))


def _source_of(thing: Any) -> str:
    """The source of a function or class; where there is none, what it was compiled to, or is."""
    try:
        return inspect.getsource(thing)
    except (OSError, TypeError):
        code = getattr(thing, "__code__", None)
    if isinstance(thing, type):  # as one that was typed at a prompt
        held = (each for each in vars(thing).values() if hasattr(each, "__code__"))
        return "\n".join((thing.__qualname__, *map(_source_of, held)))
    if not isinstance(code, CodeType):
        return getattr(thing, "__qualname__", type(thing).__qualname__)
    consts = [repr(each) for each in code.co_consts if _is_plain(each)]
    return repr((code.co_code, code.co_names, consts))


def _sources(module: ModuleType) -> Iterable[Traversable]:
    """The files of a package, or the one of a module; they may be within an archive."""
    file, loader = Path(str(module.__file__)), module.__loader__
    folder: Traversable = file.parent
    if isinstance(loader, zipimporter):
        within = file.parent.relative_to(loader.archive)
        folder = zipfile.Path(loader.archive).joinpath(*within.parts)
    return _below(folder) if file.name == "__init__.py" else [folder / file.name]


def _below(folder: Traversable) -> Iterator[Traversable]:
    """The Python and TOML files of a folder and the folders in it, by name."""
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            yield from _below(each)
        elif each.name.endswith(_KINDS):
            yield each


def versions() -> dict[str, str]:
    """The versions of what a result depends on."""
    return {name: version(name) for name in _LIBRARIES}


def plugins(registry: Registry) -> list[dict[str, Any]]:
    """The plugins that take part, each with its fingerprint."""
    return [
        {
            "name": plugin.name,
            "distribution": plugin.distribution,
            "version": plugin.version,
            "hash": of_plugin(registry, plugin.name),
        }
        for plugin in registry.plugins
        if registry.module_of(plugin.name) is not None
    ]
