"""Hooks: what a plugin may answer, and the protocols and values that its answers meet."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from enum import Enum
from types import FunctionType, ModuleType

import attrs

from reference_pages.markdown import example, finished, head, prose, table
from sifrules.plugin import hookspecs, simulation
from sifrules.policy import parts, procedure

INTRODUCTION = """
What a plugin may answer: the hooks, in the order in which they are called, and the protocols that
its answers meet. How a plugin is made and tested is described in [plugins](../guides/plugins.md);
what it may rely on, and what happens where one fails, in [compatibility](compatibility.md).

## How answers combine

- Every hook returns a sequence of offers. `None`, and an empty one, offer nothing.
- The offers of all plugins are put together, flat, and sorted by name.
- Two offers of one name are both left out, and both plugins are named as the cause.
- A function whose name begins with `sifrules_` and is no hook is refused with the nearest name.

There is no global manager: `registry()` makes one each time it is called, so two with different
plugins can be used at the same time.
"""


def page() -> str:
    """Every hook, every protocol, and what the simulation gives to plugins."""
    return finished(
        [
            *head("Hooks", INTRODUCTION),
            *("## The hooks", ""),
            *(line for hook in hookspecs.HOOKS for line in _hook(hook)),
            *("## Protocols of parts", "", _first(parts), ""),
            *(
                line
                for module in (parts, procedure)
                for each in _classes(module)
                if _is_protocol(each)
                for line in _class(each)
            ),
            *("## What the simulation gives and asks", ""),
            *(f"{paragraph}\n" for paragraph in prose(simulation)),
            *(line for each in _classes(simulation) for line in _class(each)),
        ]
    )


def _hook(hook: Callable[..., object]) -> Iterator[str]:
    yield from (f"### `{hook.__name__}`", "", *_signature(hook))
    for paragraph in prose(hook):
        yield from (paragraph, "")
    yield from example(hook)


def _signature(function: Callable[..., object]) -> Iterator[str]:
    yield from ("```text", _written(function), "```", "")


def _written(function: Callable[..., object], *, without_self: bool = False) -> str:
    """A function's name, arguments and result as its source has them."""
    signature = inspect.signature(function)
    if without_self:
        arguments = list(signature.parameters.values())[1:]
        signature = signature.replace(parameters=arguments)
    text = f"{function.__name__}{signature}"
    return text.replace("'", "")


def _first(module: ModuleType) -> str:
    return next(prose(module))


def _classes(module: ModuleType) -> Iterator[type]:
    """The public classes of a module in the order of its source."""
    for name, found in vars(module).items():
        public = not name.startswith("_") and inspect.isclass(found)
        if public and found.__module__ == module.__name__:
            yield found


def _is_protocol(each: type) -> bool:
    return bool(getattr(each, "_is_protocol", False))


def _class(each: type) -> Iterator[str]:
    yield from (f"### `{each.__name__}`", "")
    for paragraph in prose(each):
        yield from (paragraph, "")
    yield from example(each)
    if issubclass(each, Enum):
        yield from ("One of " + ", ".join(f"`{member.value}`" for member in each) + ".", "")
        return
    if attrs.has(each):
        types = inspect.get_annotations(each)
        fields = [field.name for field in attrs.fields(each) if not field.name.startswith("_")]
        yield from ("```text", *(f"{name}: {types[name]}" for name in fields), "```", "")
    members = list(_members(each))
    if members:
        yield from (*table(["member", "what it is"], members), "")


def _members(each: type) -> Iterator[tuple[str, str]]:
    """The properties and methods of a class: its own, and those of the classes it extends."""
    owners = [owner for owner in reversed(each.__mro__) if owner.__module__ == each.__module__]
    for name, member in {k: v for owner in owners for k, v in vars(owner).items()}.items():
        if name.startswith("_"):
            continue
        match member:
            case property(fget=function) if function is not None:
                returns = function.__annotations__["return"]
                yield f"`{name}: {returns}`", " ".join(prose(function))
            case FunctionType():
                yield f"`{_written(member, without_self=True)}`", " ".join(prose(member))
