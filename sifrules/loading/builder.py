"""From a guideline's TOML, read as plain data, to a policy of checked parts; all faults at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

import attrs

from sifrules.errors import SifError, Uncited, nearest, unexpected
from sifrules.loading.guideline import Guideline
from sifrules.loading.known_parts import KnownParts
from sifrules.loading.reader import Reader, Text
from sifrules.policy.fund_policy import FundPolicy, Status, Terms
from sifrules.policy.parts import MANY, Part, Slot, slot_at
from sifrules.policy.tracks import TRACK_SLOTS, Track, shared_out
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import FACTS, Vocabulary
from sifrules.rules.wording import share_words
from sifrules.values.citations import Citation
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText
from sifrules.versions import refuse_other_versions

_TOP = (
    "id",
    "sifrules",
    "checked",
    "municipality",
    "title",
    "status",
    "not_modelled",
    "documents",
    "facts",
)
_SLOTS = tuple(slot for slot in Slot if slot not in (Slot.TRACK, Slot.INNER))
_CITED = frozenset({"value", "cite", "reading"})

#: The kinds of part there are, by slot and kind.
Kinds = Mapping[tuple[str, str], type[Part]]


def build(guideline: Guideline, kinds: Kinds, known: KnownParts | None = None) -> FundPolicy:
    """The policy that a guideline describes; parts that are ``known`` already are taken as such.

    Raises `FaultyFile` listing everything that is wrong, each with its key and what was
    expected.
    """
    reader, known = Reader(guideline.tree, guideline.origin), known or KnownParts()
    _refuse_other_versions(reader)
    if "timeline" in reader.tree:
        reader.fault(
            "timeline", Message("file.is_timeline"), fix=Message("file.name_one_guideline")
        )
        reader.stop_at_faults()
    reader.refuse_unknown((*_TOP, *_SLOTS, Slot.TRACK))
    reader.require("municipality", "title", "funding")
    reader.read("id", Text)
    if own := tuple(_own_facts(reader)):
        reader.use(Vocabulary([*FACTS.values(), *own]))
    described: dict[str, Any] = {
        "municipality": reader.read("municipality", Text),
        "title": reader.read("title", LocalizedText),
        "status": reader.read("status", Status, "guideline"),
        "checked": reader.read("checked", PartialDate),
        "not_modelled": reader.read("not_modelled", tuple[LocalizedText, ...], ()),
    }
    made = _Making(reader, kinds, known)
    pieces = made.pieces(reader.tree, "", _SLOTS)
    pieces["tracks"] = tuple(_tracks(made))
    reader.stop_at_faults()
    pieces["terms"] = pieces["terms"] or Terms(path="terms")
    policy = FundPolicy(
        id=guideline.id,
        tree=guideline.tree,
        origin=guideline.origin,
        built=pieces,
        **described,
        **pieces,
    )
    _refuse_odd_tracks(reader, policy)
    reader.stop_at_faults()
    for each in dict.fromkeys((policy, *policy.on_tracks)):
        _check_rules(reader, each, known)
    known.add(policy)
    return policy


def _refuse_other_versions(reader: Reader) -> None:
    """Refuse a guideline that requires another version of sifrules, before any other check."""
    if "sifrules" in reader.tree:
        try:
            refuse_other_versions(reader.tree["sifrules"])
        except SifError as error:
            reader.fault("sifrules", error.what, fix=error.fix)
        reader.stop_at_faults()


@attrs.frozen
class _Making:
    """The parts of one guideline as they are made; faults go to the reader."""

    reader: Reader
    kinds: Kinds
    known: KnownParts

    def pieces(self, tree: Mapping[str, Any], above: str, slots: Iterable[Slot]) -> dict[str, Any]:
        """What stands in the slots of a guideline, or of one of its tracks, by slot."""
        return {
            slot.value: tuple(self._many(tree, above, slot))
            if slot in MANY
            else self._one(tree, above, slot)
            for slot in slots
        }

    def _many(self, tree: Mapping[str, Any], above: str, slot: Slot) -> Iterator[Part]:
        tables = tree.get(slot, {})
        if not isinstance(tables, Mapping):
            wrong = Message("file.no_tables_of_slot", slot=slot)
            self.reader.fault(f"{above}{slot}", wrong)
            return
        for name, table in tables.items():
            part = self.part(slot, f"{above}{slot}.{name}", table)
            if part is not None:
                yield part

    def _one(self, tree: Mapping[str, Any], above: str, slot: Slot) -> Part | None:
        table = tree.get(slot)
        return None if table is None else self.part(slot, f"{above}{slot}", table)

    def part(self, slot: Slot, path: str, table: object) -> Part | None:
        """The part that a table describes."""
        reader = self.reader
        known = self.known.made_of(table, path, reader.tree)
        return known or _part(reader, slot, path, table, self.kinds)


def _tracks(made: _Making) -> Iterator[Track]:
    """The tracks of a guideline; a part in one has the citation of the track if it has none."""
    reader = made.reader
    tables = reader.tree.get(Slot.TRACK, {})
    if not isinstance(tables, Mapping):
        reader.fault(Slot.TRACK, Message("file.no_tables_of_slot", slot=Slot.TRACK))
        return
    for name, table in tables.items():
        path = f"{Slot.TRACK}.{name}"
        if not re.fullmatch(r"\w+", name, re.ASCII):
            reader.fault(path, Message("track.name_as"), fix=Message("name.choose_another"))
        own, inside = table, {}
        if isinstance(table, Mapping):
            own = {key: value for key, value in table.items() if key not in TRACK_SLOTS}
            inside = {key: _under(table, value, key) for key, value in table.items()}
        terms: Any = made.part(Slot.TRACK, path, own)
        pieces = made.pieces(inside, f"{path}.", TRACK_SLOTS)
        if terms is not None:
            yield Track(name=name, terms=terms, **pieces)


def _under(track: Mapping[str, Any], table: Any, slot: str) -> Any:
    """What stands in a slot of a track, cited as the track is where it has no citation."""
    if "cite" not in track or not isinstance(table, Mapping):
        return table
    if slot in MANY:
        return {name: _under(track, each, "") for name, each in table.items()}
    return table if "cite" in table else {"cite": track["cite"], **table}


def _refuse_odd_tracks(reader: Reader, policy: FundPolicy) -> None:
    """Note what is wrong with tracks beside each other, and with what they leave out."""
    whole = shared_out(policy.tracks)
    if whole > 1:
        reader.fault(Slot.TRACK, Message("track.shares_above_one", share=share_words(whole)))
    titles: dict[str, Track] = {}
    for track in policy.tracks:
        for title in dict.fromkeys((track.title.sv, track.title.en)):
            other = titles.setdefault(title, track)
            if other is not track:
                wrong = Message("track.title_twice", title=title, other=other.path)
                reader.fault(f"{track.path}.title", wrong, fix=Message("name.choose_another"))
        known = [part.path for part in policy.parts if slot_at(part.path) in TRACK_SLOTS]
        for left_out in track.terms.without:
            if left_out not in known:
                wrong = Message("track.nothing_to_leave_out", path=left_out)
                reader.fault(f"{track.path}.without", wrong, fix=nearest(left_out, known))


def _part(reader: Reader, slot: Slot, path: str, table: object, kinds: Kinds) -> Part | None:
    if not isinstance(table, Mapping):
        wanted = unexpected(Message("expected.table"), table)
        reader.fault(path, wanted.what, fix=Message("file.set_in_table", path=path))
        return None
    here = {kind: part for (at, kind), part in kinds.items() if at == slot}
    kind = table.get("kind", slot.value if slot.value in here else None)
    if not isinstance(kind, str) or kind not in here:
        missing = Message("file.missing")
        wrong = (
            missing if kind is None else Message("file.no_such_kind", slot=slot.value, kind=kind)
        )
        reader.fault(f"{path}.kind", wrong, fix=nearest(str(kind), here))
        return None
    part: Part | None = reader.structure(_cited(reader, here[kind], path, table), here[kind], path)
    return part


def _cited(reader: Reader, part: type[Any], path: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """A part's table with the citations taken out of its values and put next to them."""
    plain: dict[str, Any] = {}
    sources: dict[str, Citation] = {}
    whole = reader.citation(path, table)
    if whole is not None:
        sources[""] = whole
    uncited = table.get("cite") is None  # one that names no known document is a fault by itself
    inner = {
        field.name: _part_class(field.type) for field in attrs.fields(attrs.resolve_types(part))
    }
    for key, value in table.items():
        at = f"{path}.{key}"
        part_inside = inner.get(key)
        if key in ("kind", "cite", "reading"):
            continue
        if key in ("path", "sources"):
            reader.fault(at, Message("file.unknown_key"))
        elif part_inside is not None and isinstance(_listed(value), list):
            cite = {"cite": table.get("cite")}
            if isinstance(value, Mapping):
                cite = {key: value[key] for key in ("cite", "reading") if key in value}
            plain[key] = [
                _cited(reader, part_inside, f"{at}[{number}]", {**cite, **each})
                if isinstance(each, Mapping)
                else each
                for number, each in enumerate(_listed(value))
            ]
        elif isinstance(value, Mapping) and "value" in value:
            for odd in value.keys() - _CITED:
                reader.fault(f"{at}.{odd}", Message("file.unknown_key"), fix=nearest(odd, _CITED))
            plain[key] = value["value"]
            source = reader.citation(at, value)
            if source is not None:
                sources[key] = source
            elif uncited and "cite" not in value:
                _uncited(reader, at)
        elif isinstance(value, Mapping) and part_inside is not None:
            plain[key] = _cited(reader, part_inside, at, {"cite": table.get("cite"), **value})
        else:
            plain[key] = value
            if uncited:
                _uncited(reader, at)
    return {**plain, "path": path, "sources": sources}


def _listed(value: Any) -> Any:
    """A value that may be a list, out of the table that cites it."""
    return value["value"] if isinstance(value, Mapping) and "value" in value else value


def _uncited(reader: Reader, at: str) -> None:
    reader.fault(
        at, Message("error.no_citation"), "no_citation", fix=Message("file.write_value_and_cite")
    )


def _part_class(kind: Any) -> type[Part] | None:
    """The part that stands inside a field of this type, if one does."""
    for each in (kind, *get_args(kind)):
        if isinstance(each, type) and issubclass(each, Part):
            return each
    return None


def _own_facts(reader: Reader) -> Iterator[Fact]:
    """The facts that the guideline adds."""
    tables = reader.read("facts", dict[str, dict[str, Any]], {})
    for name, table in tables.items():
        path = f'facts."{name}"'
        fact = reader.structure({**table, "name": name}, _OwnFact, path)
        if name in FACTS:
            reader.fault(path, Message("file.fact_exists"), fix=Message("file.use_or_rename"))
        elif fact is not None and "." not in name:
            reader.fault(path, Message("fact.name_as"))
        elif fact is not None and (fact.kind is Kind.CHOICE) != bool(fact.options):
            reader.fault(path, Message("fact.options_of_choice"))
        elif fact is not None and fact.kind in (Kind.FLAG, Kind.CHOICE) and fact.bounded:
            reader.fault(path, Message("fact.bounds_without_order", kind=fact.kind))
        elif fact is not None:
            words = LocalizedText(sv=fact.sv, en=fact.en)
            made = Fact(name, fact.kind, words, fact.options, fact.least, fact.most)
            low, high = made.bounds
            if low > high:
                reader.fault(path, Message("fact.no_value_within", low=low, high=high))
            else:
                yield made


@attrs.frozen
class _OwnFact:
    """A fact that a guideline adds: ``[facts."application.climate"]``."""

    name: str
    kind: Kind
    sv: Text
    en: Text
    options: tuple[Text, ...] = ()
    least: int | None = None
    most: int | None = None

    @property
    def bounded(self) -> bool:
        return self.least is not None or self.most is not None


def _check_rules(reader: Reader, policy: FundPolicy, known: KnownParts) -> None:
    """Build every rule once, so that one without a citation is found when loading."""
    for part in policy.parts:
        if part in known:
            continue
        try:
            [*part.rules_once, *part.derivations()]
        except SifError as error:
            kind = "no_citation" if isinstance(error, Uncited) else "faulty"
            reader.fault(error.where or part.path, error.what, kind, fix=error.fix)
    reader.stop_at_faults()
    try:
        policy.vocabulary  # noqa: B018 - made here, as the rule book is, so that faults come with the file's
    except SifError as error:
        reader.fault(error.where or "", error.what)
    reader.stop_at_faults()
