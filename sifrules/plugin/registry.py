"""The registry: the plugins, and what they offer.

A `Registry` is made by a factory, never a global: two with different plugins can exist
at the same time. A plugin that fails is named and left out; the rest works.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pluggy

from sifrules.errors import Fault, FaultyFile, SifError, nearest, unexpected
from sifrules.loading.builder import build
from sifrules.loading.guideline import Guideline, read_guideline
from sifrules.loading.history import History
from sifrules.loading.known_parts import KnownParts
from sifrules.loading.what_if import over_base, with_settings
from sifrules.plugin import hookspecs
from sifrules.plugin.discovery import (
    OFF,
    Plugin,
    _loaded,
    _Offers,
    _renamed,
    _timed,
    on_one_line,
    reported,
)
from sifrules.plugin.fact_names import FactClash, fact_clashes
from sifrules.plugin.simulation import Behaviour, Measure, Observer
from sifrules.policy.contracts import as_part
from sifrules.policy.fund_policy import FundPolicy, Terms
from sifrules.policy.own_parts import with_own_parts
from sifrules.policy.parts import Part, Slot
from sifrules.policy.tracks import TrackTerms
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Joined, Message, Text, as_text
from sifrules.values.text import LocalizedText

if TYPE_CHECKING:
    import click


class Registry:
    """The loaded plugins and all that they offer.

    Policies are built when they are first requested. ``plugins`` lists the plugins
    and what is wrong with them.
    """

    def __init__(self, sources: Iterable[_Offers]) -> None:
        self._sources = {source.name: source for source in sources}
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        for source in self._sources.values():
            self._register(source)
        self.parts: dict[tuple[str, str], type[Part]] = {
            ("terms", "terms"): Terms,
            ("track", "track"): TrackTerms,
        }
        offered = self._gather("sifrules_parts", _slot_and_kind, type)
        self.parts |= {key: as_part(part) for key, part in offered.items()}
        self._guidelines: dict[str, Guideline] = self._gather(
            "sifrules_guidelines", _id_of, Guideline
        )
        self._histories: dict[str, History] = self._gather(
            "sifrules_history", lambda history: history.key, History
        )
        self._policies: dict[str, FundPolicy] = {}
        self._known_parts = KnownParts()
        self.behaviours: Mapping[str, Behaviour] = self._gather(
            "sifrules_behaviours", _name_of_behaviour, object
        )
        self.measures: Mapping[str, Measure] = self._gather(
            "sifrules_measures", lambda measure: measure.name, Measure
        )
        self.observers: tuple[Observer, ...] = tuple(
            observer for _, observer in self._offered("sifrules_observers", _callable)
        )
        self.checks: tuple[Callable[..., Iterable[object]], ...] = tuple(
            check for _, check in self._offered("sifrules_checks", _callable)
        )

    def __reduce__(self) -> tuple[Callable[..., Registry], tuple[object, ...]]:
        """To another process it goes as its plugins, which are asked anew there."""
        return _remade, (tuple(map(_carried, self._sources.values())),)

    # --- plugins --------------------------------------------------------------------

    def _register(self, source: _Offers) -> None:
        if source.module is None:
            return
        try:
            self._manager.register(source.module, source.name)
            for hook in self._manager.get_hookcallers(source.module) or ():
                if not hook.has_spec():
                    known = [each.__name__ for each in hookspecs.HOOKS]
                    advice = nearest(hook.name, known)
                    source.problems.append(Message("plugin.no_hook", hook=hook.name, advice=advice))
            if source.problems:
                self._manager.unregister(source.module)
        except (
            Exception,
            SystemExit,
        ) as error:  # a plugin's own code: what it raises is its problem
            wrong = isinstance(error, pluggy.PluginValidationError)
            source.problems.append(as_text(on_one_line(error) if wrong else reported(error)))
            if self._manager.has_plugin(source.name):
                self._manager.unregister(name=source.name)

    def _gather(self, hook: str, name_of: Any, kind: type) -> dict[Any, Any]:
        """The offers of all plugins to one hook, by name and sorted; doubles left out."""
        offers: dict[Any, list[tuple[_Offers, Any]]] = {}
        for source, offer in self._offered(hook, lambda offer: _is_a(kind, offer)):
            try:
                offers.setdefault(name_of(offer), []).append((source, offer))
            except Exception as error:  # a plugin's own value
                source.problems.append(Joined.of(": ", hook, reported(error)))
        for name, offered in offers.items():
            if kind is Guideline:
                for source, _ in offered:
                    source.ids.append(name)
            if len(offered) > 1:
                names = sorted(source.name for source, _ in offered)
                by = Joined(names, Message("nearest.and"))
                shown = " ".join(name) if isinstance(name, tuple) else name
                for source, _ in offered:
                    source.problems.append(Message("plugin.offered_twice", offer=shown, plugins=by))
        return {name: given[0][1] for name, given in sorted(offers.items()) if len(given) == 1}

    def _offered(
        self, hook: str, refuse: Callable[[Any], Text | None]
    ) -> Iterator[tuple[_Offers, Any]]:
        """Every offer to one hook with its plugin; what ``refuse`` answers on is a problem."""
        for source in self._sources.values():
            for offer in self._answers(source, hook):
                refused = refuse(offer)
                if refused is None:
                    yield source, offer
                else:
                    source.problems.append(Joined.of(": ", hook, refused))

    def _answers(self, source: _Offers, hook: str) -> Sequence[Any]:
        if source.module is None or not self._manager.is_registered(source.module):
            return ()
        others = [each for each in self._manager.get_plugins() if each is not source.module]
        try:
            with _timed(source, hook):
                answers = self._manager.subset_hook_caller(hook, others)()
            return [offer for answer in answers for offer in answer]
        except (Exception, SystemExit) as error:  # a plugin's own code
            source.problems.append(Joined.of(": ", hook, reported(error)))
            return ()

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """The plugins, by name, with what is wrong with them."""
        return tuple(
            Plugin(source.name, source.distribution, source.version, tuple(source.problems))
            for _, source in sorted(self._sources.items())
        )

    def offered_by(self, plugin: str) -> tuple[str, ...]:
        """The ids of the policies that a plugin offers."""
        return tuple(sorted(set(self._sources[plugin].ids) & self._guidelines.keys()))

    @cached_property
    def commands(self) -> Mapping[str, click.Command]:
        """The commands that plugins offer, by name."""
        import click

        return self._gather("sifrules_commands", _name_of, click.Command)

    # --- policies -------------------------------------------------------------------

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the policies that plugins offer, sorted."""
        return tuple(self._guidelines)

    @property
    def policies(self) -> tuple[FundPolicy, ...]:
        """The offered policies, by id; one with faults is left out and its plugin says so.

        So are those that mean different facts by one name: none of them is read wrongly by chance.
        """
        sound = tuple(self._sound())
        clashes = tuple(fact_clashes(sound))
        for clash in clashes:
            self._report_clash(clash)
        left_out = {id for clash in clashes for id in clash.policies}
        return tuple(policy for policy in sound if policy.id not in left_out)

    def _report_clash(self, clash: FactClash) -> None:
        of = [each for each in self._sources.values() if set(each.ids) & set(clash.policies)]
        problem = Message(
            "plugin.fact_clash",
            fact=clash.fact,
            policies=", ".join(clash.policies),
            plugins=Joined(sorted(each.name for each in of), Message("nearest.and")),
        )
        for source in of:
            if problem not in source.problems:
                source.problems.append(problem)

    def _sound(self) -> Iterator[FundPolicy]:
        for id in self.ids:
            try:
                yield self.policy(id)
            except SifError as error:
                for source in self._sources.values():
                    problem = Message("plugin.policy_left_out", policy=id, error=error.full_text)
                    if id in self.offered_by(source.name) and problem not in source.problems:
                        source.problems.append(problem)

    def policy(self, name: str | Path, settings: Iterable[str] = ()) -> FundPolicy:
        """A policy by its id, its municipality, or a TOML file; with values changed.

        ``name`` may be ``orebro@2016``; ``malmo``, where a municipality has but one
        policy; or the path of a guideline or what-if file. ``settings`` are changes as
        ``return_model.floor=0.0``. Raises `SifError` for what is unknown or faulty.
        """
        settings = (settings,) if isinstance(settings, str) else tuple(settings)
        if not settings and str(name) in self._policies:
            return self._policies[str(name)]
        guideline = self._resolved(self._guideline(name), ())
        policy = self._built(with_settings(guideline, settings, str(name)))
        if not settings and str(name) in self._guidelines:
            self._policies[str(name)] = policy
        return policy

    def guideline(self, name: str | Path) -> Guideline:
        """A guideline as its file has it, not yet checked: by id, municipality or TOML file."""
        return self._guideline(name)

    def built(self, guideline: Guideline) -> FundPolicy:
        """The policy that a guideline and its bases describe; raises `FaultyFile` on faults."""
        return self._built(self._resolved(guideline, ()))

    def changed(self, policy: FundPolicy, settings: Iterable[str]) -> FundPolicy:
        """A policy with values changed, also in parts that are objects; its id says what was.

        >>> from sifrules import registry
        >>> towns = registry()
        >>> policy = towns.changed(towns.policy("orebro@2016"), ["return_model.floor=0.0"])
        >>> policy.id
        'orebro@2016 with return_model.floor=0.0'
        """
        wanted = (settings,) if isinstance(settings, str) else tuple(settings)
        built = self._built(with_settings(_guideline_of(policy), wanted))
        return with_own_parts(policy, built, wanted)

    def anew(self, policy: FundPolicy) -> FundPolicy:
        """A policy built once more, out of no part that is there already."""
        return self._built(_guideline_of(policy), KnownParts())

    def module_of(self, plugin: str) -> object:
        """The module or object that a plugin is, None where it could not be loaded."""
        return self._sources[plugin].module

    def _built(self, guideline: Guideline, known: KnownParts | None = None) -> FundPolicy:
        try:
            return build(guideline, self.parts, known or self._known_parts)
        except SifError:
            raise
        except Exception as error:  # the code of a plugin's part: whatever it raises is reported
            raise SifError(
                Message("plugin.part_failed", error=reported(error)), where=guideline.origin
            ) from error

    def _guideline(self, name: str | Path) -> Guideline:
        text = str(name)
        if text in self._guidelines:
            return self._guidelines[text]
        if isinstance(name, Path) or text.endswith(".toml") or os.sep in text:
            return self._of_its_own(read_guideline(Path(name)))
        same_town = [id for id in self.ids if id.partition("@")[0] == text]
        if len(same_town) == 1:
            return self._guidelines[same_town[0]]
        if same_town:
            raise SifError(
                Message("policy.several", text=text),
                fix=Message("policy.say_which", same_town=", ".join(same_town)),
            )
        raise SifError(Message("policy.unknown", name=text), fix=nearest(text, self.ids))

    def _of_its_own(self, guideline: Guideline) -> Guideline:
        """A file's guideline, refused where it would pass for one that a plugin offers."""
        if guideline.id in self._guidelines:
            wrong = Message("file.id_taken", id=guideline.id)
            raise FaultyFile([Fault(guideline.origin, "id", wrong, fix=Message("file.choose_id"))])
        return guideline

    def _resolved(self, guideline: Guideline, above: tuple[str, ...]) -> Guideline:
        """A guideline with its bases under it."""
        if "base" not in guideline.tree:
            return guideline
        base = guideline.tree["base"]
        if not isinstance(base, str):
            raise FaultyFile(
                [
                    Fault(
                        guideline.origin,
                        "base",
                        unexpected(Message("expected.policy_id"), base).what,
                    )
                ]
            )
        if base in above:
            raise FaultyFile(
                [Fault(guideline.origin, "base", Message("file.base_circle", base=base))]
            )
        name: str | Path = base
        if base.endswith(".toml"):
            name = Path(guideline.origin).parent / base
        try:
            found = self._guideline(name)
        except SifError as error:
            raise FaultyFile([Fault(guideline.origin, "base", error.full_text)]) from None
        return over_base(guideline, self._resolved(found, (*above, base)))

    def policy_on(self, municipality: str, when: dt.date | PartialDate | str) -> FundPolicy:
        """The guideline of a municipality in force on a date.

        A partial date, and a text as ``2013-05``, must lie under one guideline as a whole; of a
        date with a time of day the day counts. Raises `SifError` where none was in force, or
        where the sources do not settle which one was.
        """
        day = PartialDate.of(when)
        first, last = day.first, day.last
        candidates = [
            policy
            for policy in self.policies
            if policy.id.partition("@")[0] == municipality and policy.status == "guideline"
        ]
        if not candidates:
            towns = {id.partition("@")[0] for id in self.ids}
            raise SifError(
                Message("guideline.none_of", municipality=municipality),
                fix=nearest(municipality, towns),
            )
        answers = {policy.id: policy.in_force_throughout(first, last) for policy in candidates}
        possible = [id for id, answer in answers.items() if answer is not False]
        if len(possible) == 1 and answers[possible[0]] is True:
            return self.policy(possible[0])
        raise SifError(
            Message(
                "policy.several_in_force",
                municipality=municipality,
                when=when,
                policies=Joined(possible, Message("nearest.or")),
            )
            if possible
            else Message("guideline.none_in_force", municipality=municipality, when=when)
        )

    def fund_begun(self, policy: FundPolicy) -> PartialDate | None:
        """When the first guideline of a policy's municipality came into force, if known."""
        town = policy.id.partition("@")[0]
        of_town = [each for each in self.policies if each.id.partition("@")[0] == town]
        dates = [each.terms.in_force for each in (policy, *of_town)]
        return min(filter(None, dates), key=lambda date: date.first, default=None)

    # --- histories ------------------------------------------------------------------

    @property
    def histories(self) -> tuple[History, ...]:
        """The records of what was granted, by municipality."""
        return tuple(self._histories.values())

    def history(self, municipality: str) -> History:
        """The record of one municipality; `SifError` names the nearest where there is none."""
        key = municipality.partition("@")[0]
        if key not in self._histories:
            raise SifError(
                Message("record.none_of", municipality=municipality),
                fix=nearest(key, self._histories),
            )
        return self._histories[key]


def registry(
    *, off: Iterable[str] | None = None, extra: Mapping[str, object] | None = None
) -> Registry:
    """A registry of the installed plugins.

    ``off`` names plugins to leave out (``all`` for every installed one); without it the
    environment variable ``SIFRULES_PLUGINS_OFF`` does. ``extra`` registers plugins that
    are not installed, by name.
    """
    sources = [_loaded(entry) for entry in _entries(off)]
    sources += [_Offers(name, module) for name, module in (extra or {}).items()]
    return Registry(_renamed(sources))


def _carried(source: _Offers) -> tuple[str, object, bool, str | None, str | None]:
    """A plugin as it is sent to another process: a module by its name, an object as it is."""
    module, by_name = source.module, isinstance(source.module, ModuleType)
    carried = module.__name__ if isinstance(module, ModuleType) else module
    return source.name, carried, by_name, source.distribution, source.version


def _remade(carried: Iterable[tuple[str, Any, bool, str | None, str | None]]) -> Registry:
    return Registry(
        _Offers(name, import_module(module) if by_name else module, distribution, version)
        for name, module, by_name, distribution, version in carried
    )


def installed() -> Registry:
    """The registry of the installed plugins, made once in a process for the same plugins.

    For what is run many times. A guideline that is changed on the disk meanwhile is not seen.

    >>> installed() is installed()
    True
    """
    return _made(tuple((entry.name, entry.value) for entry in _entries(None)))


def registry_or_installed(given: object) -> Registry:
    """A registry that was given, or without one that of the installed plugins.

    >>> registry_or_installed(None) is installed()
    True
    """
    if given is None:
        return installed()
    if not isinstance(given, Registry):
        raise unexpected(Message("expected.registry"), given)
    return given


@lru_cache(maxsize=1)
def _made(_: tuple[tuple[str, str], ...]) -> Registry:
    return registry()


def _entries(off: Iterable[str] | None) -> list[EntryPoint]:
    """The entry points of the installed plugins that are not left out, in the order of names."""
    if off is None:
        off = os.environ.get(OFF, "").split(",")
    left_out = {name.strip() for name in ((off,) if isinstance(off, str) else off)}
    found = sorted(set(entry_points(group=hookspecs.PROJECT)), key=lambda e: (e.name, e.value))
    return [entry for entry in found if not left_out & {entry.name, "all"}]


def _guideline_of(policy: FundPolicy) -> Guideline:
    """The guideline that a policy was built of, by the policy's id."""
    return Guideline({**policy.tree, "id": policy.id}, policy.origin)


def _id_of(guideline: Guideline) -> str:
    if not isinstance(guideline.tree, Mapping):
        raise SifError(Message("guideline.no_table", origin=guideline.origin))
    return guideline.id


def _name_of(command: click.Command) -> str:
    if not command.name:
        raise SifError(Message("command.without_name"))
    if command.name in hookspecs.BUILT_IN_COMMANDS:
        raise SifError(Message("command.name_taken", name=command.name))
    return command.name


def _is_a(kind: type, offer: object) -> Text | None:
    return None if isinstance(offer, kind) else unexpected(kind.__name__, offer).full_text


def _callable(offer: object) -> Text | None:
    return None if callable(offer) else unexpected(Message("expected.observer"), offer).full_text


def _name_of_behaviour(behaviour: Behaviour) -> str:
    for method in ("given", "applies"):
        if not callable(getattr(behaviour, method, None)):
            raise SifError(
                Message("behaviour.none", behaviour=behaviour),
                fix=Message("behaviour.give_method", method=method),
            )
    if not isinstance(behaviour.words, LocalizedText):
        raise SifError(Message("behaviour.no_words", behaviour=behaviour))
    return behaviour.name


def _slot_and_kind(offer: type) -> tuple[str, str]:
    part = as_part(offer)
    if part.slot in (Slot.TERMS, Slot.TRACK):
        raise SifError(Message("part.terms_fixed", slot=part.slot), where=part.__name__)
    return str(part.slot), str(part.kind)
