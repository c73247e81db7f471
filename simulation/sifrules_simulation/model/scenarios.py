"""Scenarios (världar): a municipality's parameters, each with its range and its source.

A scenario is a TOML file. Every parameter has a value, a plausible range (what studies
draw from), a unit, and either a citation or the assumption that it rests on. A scenario
may stand on another (``base``) and state only what differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from numbers import Real
from pathlib import Path
from typing import Any, Literal

import attrs
from attrs import frozen

from sifrules.errors import Fault, FaultyFile, SifError, nearest, shown, unexpected
from sifrules.loading.reader import Reader, Text
from sifrules.loading.toml import read_setting, read_toml
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.money import Ore
from sifrules.values.quantities import read_amount
from sifrules.values.text import LocalizedText
from sifrules_simulation.model.distributions import Correlation
from sifrules_simulation.model.index_growth import INDEX_GROWTH, NAME as _INDEX_GROWTH, read_growth
from sifrules_simulation.model.own_ideas import HOW_MANY, OwnIdeas, own_ideas
from sifrules_simulation.model.parameters import (
    GROUPS,
    ORDERED,
    Parameters,
    declared,
)
from sifrules_simulation.model.scenario_entries import (
    LARGEST,
    Stated,
    as_number,
    read_entry,
    refuse_unknown_parameters,
    states,
    unit_words,
)
from sifrules_simulation.model.scenario_tables import (
    CORRELATION,
    OWN_IDEAS,
    STRUCTURE,
    correlated,
    read_correlation,
    read_own_ideas,
    read_weights,
    refuse_certain,
)
from sifrules_simulation.model.structure import NEEDS, Structure, Weights

_TOP = (
    "id",
    "base",
    "title",
    "begins",
    "calendar",
    "surplus_earmarks",
    "own_size",
    "endowment",
    "index_growth",
    "documents",
    STRUCTURE,
    CORRELATION,
    OWN_IDEAS,
)
#: What year 0 is to a fund whose guideline dates its money; see `Scenario.calendar`.
Calendar = Literal["first_sum", "begins"]
#: Settings of a scenario that are no parameters, as the command line writes them.
_BEGINS, _EARMARKS, _ENDOWMENT = "begins", "surplus_earmarks", "endowment"
_OWN_SIZE = "own_size"
_FOLDER = files("sifrules_simulation.model") / "municipalities"


@frozen(kw_only=True, slots=False)
class Scenario:
    """A municipality to simulate funds in: every parameter, and when time begins.

    >>> world = scenario("default")
    >>> world.value("municipality.population")
    100000.0
    >>> world.changed({"behaviour.horizon": 24}).parameters.behaviour.horizon
    24
    """

    id: str
    title: LocalizedText
    begins: Month
    stated: Mapping[str, Stated] = attrs.field(repr=False)
    origin: str = attrs.field(repr=False)
    #: ``first_sum``: the first simulated year is that of a fund's first sum, whenever that was,
    #: so that funds of different years can be compared. ``begins``: it is the year in which the
    #: scenario begins; each sum comes in its own year, and what was set aside before at the start.
    calendar: Calendar = "first_sum"
    #: whether money is set aside anew out of a surplus where a guideline makes that possible
    surplus_earmarks: bool = False
    #: whether each policy is simulated in the size of its own municipality, where that is stated
    own_size: bool = False
    #: the same money for every fund (öre), set aside once when the simulation begins, in place of
    #: what its guideline sets aside; None for each fund's own
    endowment: Ore | None = None
    #: by how much an index rises a year, after the last year that a guideline's file has it of
    index_growth: Decimal = INDEX_GROWTH
    #: which alternatives of the structural assumptions are at work, and the weights by which
    #: a study draws them, where it does
    structure: Structure = Structure()
    weights: Weights = attrs.field(factory=dict, repr=False)
    #: how the uncertain parameters move together, where draws are made
    correlation: Correlation = Correlation()
    #: ideas of the municipality's own, in place of drawn ones
    own_ideas: OwnIdeas | None = attrs.field(default=None, repr=False)
    #: what the command line writes for this scenario, next to what it stands on
    changes: tuple[str, ...] = attrs.field(default=(), repr=False)

    @property
    def options(self) -> tuple[str, ...]:
        """What the command line writes for this scenario; nothing for the default one."""
        named = () if self.origin == "default" else ("--scenario", self.origin)
        return (*named, *self.changes)

    @cached_property
    def parameters(self) -> Parameters:
        """The parameters by group, as the simulation reads them.

        A parameter of a structural assumption's alternative that is not taken reads 0.
        """
        groups: dict[str, Any] = {}
        idle = self.structure.idle
        for group, kind in GROUPS.items():
            values = {
                field.name: _typed(field, 0.0 if path in idle else self.value(path))
                for field in attrs.fields(kind)
                for path in [f"{group}.{field.name}"]
            }
            groups[group] = kind(**values)
        return Parameters(**groups)

    @cached_property
    def evaluation_lag(self) -> int:
        """Months from a project's end to its evaluation; below zero before the end.

        By `handling.evaluation_lag`; less the delay of the start where the date was fixed by the
        grant.
        """
        handling = self.parameters.handling
        fixed = self.structure.evaluation == "fixed_date"
        return handling.evaluation_lag - (handling.start_lag if fixed else 0)

    @cached_property
    def idle(self) -> frozenset[str]:
        """The parameters that change nothing: of alternatives that are neither taken nor drawn.

        With a list of ideas as they are also those of how many ideas come, and when.
        """
        idle = (path for path in self.structure.idle if not self._may_draw(*NEEDS[path]))
        listed = self.own_ideas is not None and not self.own_ideas.resampled
        return frozenset((*idle, *(HOW_MANY if listed else ())))

    def _may_draw(self, name: str, alternative: str) -> bool:
        return self.weights.get(name, {}).get(alternative, 0) > 0

    @cached_property
    def values(self) -> Mapping[str, float]:
        """Every parameter's value, by path."""
        return {path: stated.value for path, stated in self.stated.items()}

    def value(self, path: str) -> float:
        """One parameter's value; `SifError` names the nearest where there is none."""
        if path not in self.stated:
            raise SifError(
                Message("scenario.no_parameter", path=path), fix=nearest(str(path), self.stated)
            )
        return self.stated[path].value

    def changed(self, values: Mapping[str, float]) -> Scenario:
        """The scenario with other values, which must be possible; ranges stay as they are.

        Raises `FaultyFile` naming every value that is not possible, and `SifError` for a parameter
        that changes nothing under the structural assumptions taken.
        """
        if not isinstance(values, Mapping):
            raise unexpected(Message("expected.table"), values)
        numbers = {path: self._number(path, value) for path, value in values.items()}
        changed = self.with_values(numbers)
        assumed = ", ".join(f"{path}={value:.12g}" for path, value in values.items())
        name = f"{self.id} with {assumed}" if values else self.id
        faults = _impossible(changed.stated, name, values)
        if faults:
            raise FaultyFile(faults)
        for path in values:
            refuse_idle(changed, path)
        changes = (word for path in values for word in ("--assume", f"{path}={values[path]!r}"))
        return attrs.evolve(changed, id=name, changes=(*self.changes, *changes))

    def _number(self, path: str, value: Any) -> float:
        """A number for a parameter that there is; `SifError` for what is none."""
        self.value(path)
        if isinstance(value, bool) or not isinstance(value, Real | Decimal):
            wrong = Message("scenario.no_number", value=shown(value))
            raise SifError(wrong, where=path, fix=Message("scenario.write_value"))
        number: Any = value
        if abs(number) > LARGEST:
            raise SifError(Message("scenario.number_too_large", value=shown(value)), where=path)
        return float(number)

    def with_values(self, values: Mapping[str, float]) -> Scenario:
        """The scenario with values that are known to be possible; it keeps its name."""
        stated = dict(self.stated)
        for path, value in values.items():
            stated[path] = attrs.evolve(stated[path], value=float(value))
        return attrs.evolve(self, stated=stated)

    def assuming(self, settings: Iterable[str]) -> Scenario:
        """The scenario with values changed as the command line writes them, one or several.

        >>> scenario("default").assuming(("begins=2013-05", "behaviour.horizon=24")).begins
        Month(year=2013, month=5)
        """
        values: dict[str, float] = {}
        names: set[str] = set()
        paired: list[str] = []
        changed = self
        for setting in (settings,) if isinstance(settings, str) else settings:
            path, _, written = (piece.strip() for piece in setting.partition("="))
            if path in names:
                raise SifError(
                    Message("scenario.assumed_twice", path=path), fix=Message("setting.set_once")
                )
            names.add(path)
            if path == _BEGINS:
                changed = changed.beginning(written)
                continue
            if path == _ENDOWMENT:
                changed = changed.endowing(written)
                continue
            if path == _INDEX_GROWTH:
                changed = changed._assuming(setting, index_growth=read_growth(written))
                continue
            if path == OWN_IDEAS:
                changed = changed.with_ideas(own_ideas(written))
                continue
            group, _, name = path.partition(".")
            if group == STRUCTURE:
                taken = changed.structure.changed(name, written)
                left = {key: each for key, each in changed.weights.items() if key != name}
                changed = changed._assuming(setting, structure=taken, weights=left)
                continue
            if group == CORRELATION:
                joint = correlated(
                    changed.correlation, name, written, changed.stated, changed.origin
                )
                changed = changed._assuming(setting, correlation=joint)
                paired += (each.strip() for each in name.split(","))
                continue
            path, value = read_setting(setting)
            if path in (_EARMARKS, _OWN_SIZE) and isinstance(value, bool):
                changed = changed._assuming(setting, **{path: value})
                continue
            self.value(path)
            try:
                values[path] = as_number(value, self.stated[path].unit)
            except SifError as error:
                advice = error.fix or Message("scenario.write_setting")
                raise SifError(error.what, where=path, fix=advice) from None
        for path in paired:
            refuse_idle(changed, path)
        return changed.changed(values) if values else changed

    def beginning(self, written: str) -> Scenario:
        """The scenario from a year, or a month as ``2013-05``, by the calendar.

        >>> scenario("default").beginning("2013").calendar
        'begins'
        """
        month = Month.parse(f"{written}-01" if re.fullmatch(r"\d{4}", written) else written)
        return self._assuming(f"{_BEGINS}={written}", begins=month, calendar="begins")

    def endowing(self, written: str) -> Scenario:
        """The scenario with the same money for every fund, as ``20 mnkr``.

        >>> scenario("default").endowing("20 mnkr").endowment
        2000000000
        """
        try:
            amount = read_amount(written)
        except SifError as error:
            raise SifError(error.what, where=_ENDOWMENT, fix=error.fix) from None
        if amount <= 0:
            wrong = Message("scenario.endowment_not_positive", amount=shown(written))
            raise SifError(wrong, fix=Message("scenario.give_endowment_as"))
        return self._assuming(f"{_ENDOWMENT}={written}", endowment=amount)

    def with_ideas(self, ideas: OwnIdeas) -> Scenario:
        """The scenario with ideas of the municipality's own, see `own_ideas`."""
        if not isinstance(ideas, OwnIdeas):
            raise SifError(
                unexpected(Message("expected.own_ideas"), type(ideas).__name__).what,
                fix=Message("own_ideas.read_first"),
            )
        return self._assuming(f"{OWN_IDEAS}={ideas.origin or ideas.fingerprint}", own_ideas=ideas)

    def _assuming(self, setting: str, **changes: Any) -> Scenario:
        """The scenario with what is no parameter changed, and a name that says so."""
        name = f"{self.id} {'and' if self.changes else 'with'} {setting}"
        return attrs.evolve(self, id=name, changes=(*self.changes, "--assume", setting), **changes)


def refuse_idle(around: Scenario, path: str) -> None:
    """Refuse to set a parameter that changes nothing; `SifError` says what it takes."""
    if path in around.idle and path in HOW_MANY:
        raise SifError(Message("own_ideas.idle", path=path), fix=Message("own_ideas.resample"))
    if path in around.idle:
        name, alternative = NEEDS[path]
        setting = f"{STRUCTURE}.{name}={alternative}"
        raise SifError(
            Message("structure.idle", path=path, setting=setting),
            fix=Message("structure.take_alternative", setting=setting),
        )


@cache
def bundled() -> tuple[str, ...]:
    """The ids of the scenarios that come with the simulation."""
    names = (file.name for file in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def scenario(name: str | Path = "default") -> Scenario:
    """A scenario by its id, or from a TOML file.

    Raises `SifError` for an unknown id, `FaultyFile` with every fault of a faulty file. One that
    comes with the simulation is read once in a process.
    """
    return _bundled(name) if name in bundled() else _read(name)


@cache
def _bundled(name: str) -> Scenario:
    return _read(name)


def _read(name: str | Path) -> Scenario:
    return _built(_tree(name, ()), str(name))


def _file(name: str | Path, folder: str = ".") -> Path | Traversable:
    if str(name) in bundled():
        return _FOLDER / f"{name}.toml"
    if str(name).endswith(".toml") or isinstance(name, Path):
        return Path(folder) / name
    raise SifError(
        Message("scenario.unknown", name=str(name)),
        fix=Message("scenario.or_file", known=nearest(str(name), bundled())),
    )


def _tree(name: str | Path, above: tuple[str, ...], folder: str = ".") -> dict[str, Any]:
    """A scenario's plain data over that of its base; each value knows the file it is from."""
    file = _file(name, folder)
    if str(file) in above:
        raise FaultyFile([Fault(str(file), "base", Message("scenario.base_circle"))])
    own = read_toml(file)
    reader = Reader(own, str(file))
    reader.refuse_unknown((*_TOP, *GROUPS))
    stated = {path: read_entry(reader, path) for path, _ in declared() if states(reader, path)}
    refuse_unknown_parameters(reader)
    begins = reader.read("begins", Text)
    top = {
        "id": reader.read("id", Text),
        "title": reader.read("title", LocalizedText),
        "begins": begins,
        "calendar": reader.read("calendar", Calendar),
        "surplus_earmarks": reader.read("surplus_earmarks", bool),
        "own_size": reader.read("own_size", bool),
        "endowment": reader.read("endowment", Ore),
        "index_growth": reader.read(_INDEX_GROWTH, Decimal),
        "weights": read_weights(reader),
        "correlation": read_correlation(reader),
        OWN_IDEAS: read_own_ideas(reader, Path(str(file)).parent),
    }
    base = reader.read("base", Text)
    reader.stop_at_faults()
    under: dict[str, Any] = {"stated": {}}
    if base is not None:
        try:
            under = _tree(base, (*above, str(file)), str(Path(str(file)).parent))
        except FaultyFile:
            raise
        except SifError as error:
            raise FaultyFile([Fault(str(file), "base", error.what, fix=error.fix)]) from None
    return {
        **under,
        **{key: value for key, value in top.items() if value is not None},
        "stated": {**under["stated"], **stated},
    }


def _built(tree: Mapping[str, Any], origin: str) -> Scenario:
    stated: dict[str, Stated] = tree["stated"]
    faults = [
        Fault(origin, path, Message("file.missing"), fix=Message("scenario.state_or_base"))
        for path, _ in declared()
        if path not in stated
    ]
    faults += [
        Fault(origin, key, Message("file.missing"))
        for key in ("id", "title", "begins")
        if key not in tree
    ]
    faults += _impossible(stated, origin, stated)
    if faults:
        raise FaultyFile(faults)
    try:
        begins = Month.parse(tree["begins"])
    except SifError as error:
        raise FaultyFile([Fault(origin, "begins", error.full_text)]) from None
    return Scenario(
        id=tree["id"],
        title=tree["title"],
        begins=begins,
        calendar=tree.get("calendar", "first_sum"),
        surplus_earmarks=tree.get("surplus_earmarks", False),
        own_size=tree.get("own_size", False),
        endowment=tree.get("endowment"),
        index_growth=tree.get(_INDEX_GROWTH, INDEX_GROWTH),
        structure=_likeliest(tree.get("weights", {})),
        weights=tree.get("weights", {}),
        correlation=refuse_certain(tree.get("correlation", Correlation()), stated, origin),
        own_ideas=tree.get(OWN_IDEAS),
        stated=stated,
        origin=origin,
    )


def _likeliest(weights: Weights) -> Structure:
    """The alternative with the most weight of each assumption that has weights."""
    likeliest = {name: max(each, key=lambda key: each[key]) for name, each in weights.items()}
    return Structure(**likeliest)


def _impossible(
    stated: Mapping[str, Stated], origin: str, looked_at: Mapping[str, Any]
) -> list[Fault]:
    """What cannot be among some parameters: out of bounds, not whole, or out of order."""
    faults = []
    for path, field in declared():
        if path not in stated or path not in looked_at:
            continue
        each, (low, high) = stated[path], field.metadata["bounds"]
        for key in ("value", "low", "high"):
            number = getattr(each, key)
            if not low <= number <= high:
                wrong = Message(
                    "scenario.number_within",
                    low=low,
                    high=high,
                    unit=unit_words(each.unit),
                    value=number,
                )
                faults.append(Fault(origin, f"{path}.{key}", wrong))
            elif field.metadata["whole"] and key == "value" and number != int(number):
                wrong = Message("scenario.whole_number", value=number)
                faults.append(Fault(origin, path, wrong))
        if each.low > each.high:
            faults.append(Fault(origin, path, Message("scenario.range_reversed")))
    for less, more in ORDERED:
        if less in stated and more in stated and stated[less].value > stated[more].value:
            faults.append(Fault(origin, less, Message("scenario.no_more_than", other=more)))
    return faults


def _typed(field: attrs.Attribute[Any], value: float) -> float | int:
    return int(value) if field.metadata["whole"] else value
