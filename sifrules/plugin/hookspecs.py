"""The hooks a plugin may answer, in the order in which they fire.

This page is the contract. A plugin is a module or object with functions of these names,
marked with `hookimpl`, and named by an entry point in the group ``sifrules``. Every
answer is a sequence, ``()`` or ``None`` for nothing; the answers of all plugins are put
together, sorted, and two offers of one name are refused with both plugins named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    import click

    from sifrules.loading.guideline import Guideline
    from sifrules.loading.history import History
    from sifrules.plugin.simulation import Behaviour, Measure, Observer
    from sifrules.policy.parts import Part

#: The name of the project in pluggy, and of the group of entry points.
PROJECT = "sifrules"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def sifrules_parts() -> Sequence[type[Part]] | None:
    """Offer kinds of part that guidelines may name.

    Called once, when the registry is made, before any guideline is read. Return the
    classes, each with its ``slot`` and ``kind``; None offers nothing. A slot and kind
    offered twice is refused.

    >>> from sifrules import hookimpl, registry
    >>> class OurParts:
    ...     @hookimpl
    ...     def sifrules_parts(self):
    ...         from sifrules_policies.write_downs import NoWriteDown
    ...         class Never(NoWriteDown):
    ...             kind = "never"
    ...         return [Never]
    >>> ("write_down", "never") in registry(extra={"ours": OurParts()}).parts
    True
    """


@hookspec
def sifrules_guidelines() -> Sequence[Guideline] | None:
    """Offer fund policies, as guidelines.

    Called once, when the registry is made. Return a `Guideline` for each, usually by
    ``read_guideline`` of a TOML file in the plugin's package; None offers nothing. A
    guideline with faults is left out and named; two of one id are both left out, and so are those
    that mean different facts by one name.

    >>> from sifrules import Guideline, hookimpl, registry
    >>> class OurTown:
    ...     @hookimpl
    ...     def sifrules_guidelines(self):
    ...         return [Guideline({"base": "orebro@2016", "id": "ourtown@2024"}, "ours")]
    >>> registry(extra={"ours": OurTown()}).policy("ourtown@2024").municipality
    'Örebro'
    """


@hookspec
def sifrules_history() -> Sequence[History] | None:
    """Offer the record of what a municipality really granted.

    Called once, when the registry is made. Return a `History` for each municipality,
    usually by ``read_history`` of a TOML file; None offers nothing. Two histories of
    one municipality are both left out.

    >>> from sifrules import registry
    >>> registry().history("sodertalje").grants[0].amount // 100
    6000000
    """


@hookspec
def sifrules_behaviours() -> Sequence[Behaviour] | None:
    """Offer ways in which committees choose whether to apply.

    Called once, when the registry is made; the simulation uses the one that is requested
    by name. Return `Behaviour` objects; None offers nothing. A name offered twice is
    refused. A behaviour sees a `Prospect` (cash flows, risk, effort) and never a policy.

    >>> from attrs import frozen
    >>> from sifrules import LocalizedText, hookimpl, registry
    >>> @frozen
    ... class Always:
    ...     name = "always"
    ...     words = LocalizedText(sv="söker alltid", en="always applies")
    ...     def given(self, parameters):
    ...         return self
    ...     def applies(self, prospect):
    ...         return True
    >>> class OurBehaviours:
    ...     @hookimpl
    ...     def sifrules_behaviours(self):
    ...         return [Always()]
    >>> "always" in registry(extra={"ours": OurBehaviours()}).behaviours
    True
    """


@hookspec
def sifrules_measures() -> Sequence[Measure] | None:
    """Offer measures of simulated portfolios.

    Called once, when the registry is made; every measure is computed for every simulated
    portfolio and becomes a column. Return `Measure` objects; None offers nothing. A name
    offered twice is refused.

    >>> from sifrules import Measure, LocalizedText, hookimpl, registry
    >>> class OurMeasures:
    ...     @hookimpl
    ...     def sifrules_measures(self):
    ...         few = LocalizedText(sv="färre än tre bidrag", en="fewer than three grants")
    ...         return [Measure("few", few, "share", few, lambda p: float(len(p.granted) < 3))]
    >>> "few" in registry(extra={"ours": OurMeasures()}).measures
    True
    """


@hookspec
def sifrules_observers() -> Sequence[Observer] | None:
    """Offer functions that are called with every event of every simulated portfolio.

    Called once, when the registry is made; the functions are called in the order of the
    events. With an observer everything is simulated in the process that was started, whatever
    ``jobs`` or a cluster would do, so that what it gathers is all there. Return callables that
    take an `Event`; None offers nothing.

    >>> from sifrules import hookimpl, registry
    >>> class Watching:
    ...     @hookimpl
    ...     def sifrules_observers(self):
    ...         return [print]
    >>> registry(extra={"ours": Watching()}).observers
    (<built-in function print>,)
    """


@hookspec
def sifrules_checks() -> Sequence[Callable[..., Iterable[object]]] | None:
    """Offer functions that look for what is doubtful in a guideline, for `sif validate`.

    Called once, when the registry is made; each function is called with the registry and a
    policy that could be built, after the checks of the library, and gives `Issue` objects. None
    offers nothing.

    >>> from sifrules import hookimpl, registry
    >>> class OurChecks:
    ...     @hookimpl
    ...     def sifrules_checks(self):
    ...         return [lambda registry, policy: ()]
    >>> len(registry(extra={"ours": OurChecks()}).checks) == len(registry().checks) + 1
    True
    """


@hookspec
def sifrules_commands() -> Sequence[click.Command] | None:
    """Offer commands for the ``sif`` command line.

    Called when the command line lists its commands, or is given one that is not built in.
    Return click commands; their names become ``sif NAME``; None offers nothing. A name
    that two plugins offer is refused, and so is that of a built-in command.

    >>> import click
    >>> from sifrules import hookimpl, registry
    >>> class OurCommand:
    ...     @hookimpl
    ...     def sifrules_commands(self):
    ...         return [click.Command("hello")]
    >>> "hello" in registry(extra={"ours": OurCommand()}).commands
    True
    """


#: The built-in commands, by name: a plugin's command of one of these names is left out.
BUILT_IN_COMMANDS = (
    "policies",
    "show",
    "diff",
    "plugins",
    "validate",
    "check",
    "claims",
    "replay",
    "test",
    "new-plugin",
    "completion",
)

#: The hooks in the order in which they fire.
HOOKS = (
    sifrules_parts,
    sifrules_guidelines,
    sifrules_history,
    sifrules_behaviours,
    sifrules_measures,
    sifrules_observers,
    sifrules_checks,
    sifrules_commands,
)
