"""Controls (reglage): one for each clause whose value can be set, made of the part's own schema.

The kind of a control and its bounds are asked of the field's type and of its own check, so that a
part of a plugin gets its controls as ours do. Lists, conditions and texts are shown as they are.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

import attrs
from attrs import evolve, frozen

from sifrules.errors import SifError
from sifrules.loading.schema import fields_of, is_required, plain_type, unit_of
from sifrules.loading.toml import read_setting
from sifrules.loading.what_if import NONE
from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import MANY, Clause, Part, Slot, slot_at
from sifrules.policy.wording import plain_words
from sifrules.rules.wording import YES_NO, option_words
from sifrules.values.citations import Citation
from sifrules.values.messages import Message, Text
from sifrules.values.money import Ore
from sifrules.values.quantities import in_kronor, read_amount, read_share
from sifrules.values.text import Language

#: The slots whose one part may be exchanged for one of another kind.
_EXCHANGED = (Slot.FUNDING, Slot.PROCEDURE, Slot.RETURN_MODEL, Slot.WRITE_DOWN)
#: What is tried most stands first; the rest in the order of a guideline.
_FIRST = (Slot.RETURN_MODEL, Slot.WRITE_DOWN, Slot.FUNDING, Slot.CAPS)
#: Slots that say nothing a simulation reads and nobody would try.
_LEFT_OUT = frozenset({Slot.TERMS})
KIND = "kind"
_PERCENT = Decimal(100)


class Form(StrEnum):
    """What a control looks like."""

    SHARE = "share"
    NUMBER = "number"
    AMOUNT = "amount"
    WHOLE = "whole"
    CHOICE = "choice"


@frozen(kw_only=True)
class Control:
    """One value that can be set.

    ``value`` is what it shows, as a person writes it; ``stated`` is what the guideline says, in
    words, None where it says nothing. ``least`` and ``most`` are bounds of a whole number or a
    share, None where there is none.
    """

    path: str
    form: Form
    label: Text
    value: str = ""
    stated: Text | None = None
    citation: Citation | None = None
    options: tuple[tuple[str, Text], ...] = ()
    least: int | None = None
    most: int | None = None
    months: bool = False
    changed: bool = False

    @property
    def names_kind(self) -> bool:
        """Whether it exchanges a whole part."""
        return self.path.endswith(f".{KIND}")

    def setting(self, written: str) -> str:
        """What a person wrote as ``--set`` takes it, nothing where that changes nothing.

        Raises `SifError` where it cannot be read.
        """
        written = written.strip()
        if not written:
            return "" if (NONE, YES_NO[False]) in self.options else NONE
        match self.form:
            case Form.SHARE:
                share = read_share(as_per_cent(written))
                if (share < 0 and self.least == 0) or (share > 1 and self.most == _PERCENT):
                    raise SifError(Message("app.whole_share"))
                return _decimal(share)
            case Form.AMOUNT:
                return format(in_kronor(read_amount(written)), "f")
            case Form.WHOLE:
                if not (written.isascii() and written.lstrip("-").isdigit() and len(written) < 10):
                    raise SifError(Message("app.whole_number"))
                return str(int(written))
            case Form.NUMBER:
                return _decimal(_number(written))
            case _:
                if written not in dict(self.options):
                    raise SifError(Message("app.no_option"))
                return written


@frozen
class Group:
    """A part of the policy: its controls, those of what it leaves unsaid, and what else it says."""

    path: str
    title: Text
    citation: Citation | None
    controls: tuple[Control, ...]
    unstated: tuple[Control, ...]
    fixed: tuple[Clause, ...]
    #: the kind whose fields are shown, None where it cannot be exchanged
    shown_kind: str | None = None
    #: the kind of a part that the guideline does not have, None where it has it
    added: str | None = None


def groups_of(
    registry: Registry,
    policy: FundPolicy,
    changes: Mapping[str, str],
    lang: Language,
    added: Iterable[str] = (),
) -> list[Group]:
    """The controls of a policy with some values changed, part by part; ``added`` are new parts."""
    tracks = (part for track in policy.tracks for part in track.stated())
    parts = [each for each in (*policy.parts, *tracks) if isinstance(each, Part)]
    there: dict[str, Part | None] = {
        each.path: each for each in parts if slot_at(each.path) not in _LEFT_OUT
    }
    for slot in _EXCHANGED:
        there.setdefault(str(slot), None)  # the guideline has none
    there |= dict.fromkeys(added)
    order = [*_FIRST, *(each for each in Slot if each not in _FIRST)]
    paths = sorted(there, key=lambda path: order.index(Slot(path.partition(".")[0])))
    made = (_group(registry, path, there[path], changes, lang) for path in paths)
    return [each for each in made if each is not None]


def _group(
    registry: Registry,
    path: str,
    part: Part | None,
    changes: Mapping[str, str],
    lang: Language,
) -> Group | None:
    slot = slot_at(path)
    kind = changes.get(f"{path}.{KIND}", part.kind if part else "")
    chosen = registry.parts.get((slot, kind))
    if changes.get(path) == NONE or chosen is None:
        chosen = None
    same = part if part is not None and chosen is not None and part.kind == kind else None
    first = [_kind(registry, slot, path, part, changes)] if slot in _EXCHANGED else []
    if slot in MANY and part is not None:
        first = [_presence(path, part, changes)]
    stated = {each.path: each for each in same.clauses()} if same else {}
    controls = list(first)
    unstated: list[Control] = []
    for each in fields_of(chosen) if chosen else ():
        control = _control(f"{path}.{each.name}", each, same, stated, changes, lang)
        if control is None:
            continue
        shown = control.stated is not None or control.changed or is_required(each)
        (controls if shown else unstated).append(control)
    new = part is None and slot in MANY
    if new and chosen is None:
        return None
    if not controls and not unstated and part is None and not new:
        return None
    ours = {each.path for each in (*controls, *unstated)}
    fixed = tuple(c for c in stated.values() if c.path not in ours and not c.names_part)
    titled = part or chosen
    return Group(
        path=path,
        title=titled.words if titled else _SLOTS[slot],
        citation=None if part is None else part.sources.get(""),
        controls=tuple(controls),
        unstated=tuple(unstated),
        fixed=fixed,
        shown_kind=kind if path in _EXCHANGED else None,
        added=kind if new else None,
    )


_SLOTS: Mapping[str, Text] = {
    Slot.FUNDING: Message("app.slot_funding"),
    Slot.PROCEDURE: Message("app.slot_procedure"),
    Slot.RETURN_MODEL: Message("app.slot_return_model"),
    Slot.WRITE_DOWN: Message("app.slot_write_down"),
}


def _kind(
    registry: Registry, slot: str, path: str, part: Part | None, changes: Mapping[str, str]
) -> Control:
    """The control that exchanges a part for one of another kind."""
    kinds = [(kind, each.words) for (of, kind), each in registry.parts.items() if of == slot]
    options: list[tuple[str, Text]] = [*kinds]
    if part is None:
        options = [("", Message("app.not_stated")), *kinds]
    name = f"{path}.{KIND}"
    value = changes.get(name, part.kind if part else "")
    return Control(
        path=name,
        form=Form.CHOICE,
        label=Message("app.kind"),
        value=value,
        stated=part.words if part else None,
        citation=part.sources.get("") if part else None,
        options=tuple(options),
        changed=name in changes,
    )


def _presence(path: str, part: Part, changes: Mapping[str, str]) -> Control:
    """The control that takes one of several parts out."""
    out = changes.get(path) == NONE
    return Control(
        path=path,
        form=Form.CHOICE,
        label=Message("app.applies"),
        value=NONE if out else "",
        stated=YES_NO[True],
        citation=part.sources.get(""),
        options=(("", YES_NO[True]), (NONE, YES_NO[False])),
        changed=out,
    )


def _control(
    path: str,
    of: attrs.Attribute[Any],
    part: Part | None,
    stated: Mapping[str, Clause],
    changes: Mapping[str, str],
    lang: Language,
) -> Control | None:
    """The control of a field; None for what no single value is."""
    kind = plain_type(of.type)
    says = stated.get(path)
    made = Control(
        path=path,
        form=Form.CHOICE,
        label=of.metadata["words"],
        stated=says.value if says else None,
        citation=says.citation if says else None,
        months=unit_of(of) == "months",
        changed=path in changes,
    )
    silent = () if is_required(of) else (("", Message("app.not_stated")),)
    if kind is bool:
        yes_no = tuple((str(each).lower(), words) for each, words in YES_NO.items())
        made = evolve(made, options=(*silent, *yes_no))
    elif typing.get_origin(kind) is Literal:
        say = of.metadata["say"] or option_words
        named = tuple((each, say(each)) for each in typing.get_args(kind))
        made = evolve(made, options=(*silent, *named))
    elif kind is Ore:
        made = evolve(made, form=Form.AMOUNT)
    elif kind is int:
        made = evolve(made, form=Form.WHOLE, least=_least(of))
    elif kind is Decimal:
        say = of.metadata["say"] or plain_words
        least = None if _possible(of, Decimal("-0.01")) else 0
        most = None if _possible(of, Decimal("1.01")) else 100
        if "%" in say(Decimal("0.5")).text(lang):
            made = evolve(made, form=Form.SHARE, least=least, most=most)
        else:
            made = evolve(made, form=Form.NUMBER, least=least)
    else:
        return None
    written = changes.get(path)
    value = _set_value(path, written) if written else getattr(part, of.name, None)
    return evolve(made, value=_shown(made.form, value, lang, bool(written)))


def has_control(of: attrs.Attribute[Any]) -> bool:
    """Whether a field is a single value, which a control can set."""
    kind = plain_type(of.type)
    return kind in (bool, int, Ore, Decimal) or typing.get_origin(kind) is Literal


def _set_value(path: str, written: str) -> object:
    return None if written == NONE else read_setting(f"{path}={written}")[1]


def _possible(of: attrs.Attribute[Any], value: object) -> bool:
    """Whether the field's own check accepts a value."""
    try:
        if of.validator is not None:
            of.validator(None, of, value)
    except SifError:
        return False
    return True


def _least(of: attrs.Attribute[Any]) -> int | None:
    """The least whole number that the field's own check accepts; None where -1 is one."""
    least = next((each for each in (-1, 0, 1) if _possible(of, each)), None)
    return None if least == -1 else least


def _shown(form: Form, value: object, lang: Language, as_set: bool) -> str:
    """A value as a person writes it in the control; one that was ``as_set`` is in kronor."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if form is Form.AMOUNT and isinstance(value, int | Decimal):
        kronor = Decimal(value) if as_set else in_kronor(int(value))
        spaced = f"{kronor.normalize():,f}".replace(",", " ")  # as it can be read back
        return spaced.replace(".", ",") if lang == "sv" else spaced
    if isinstance(value, int | Decimal):
        number = Decimal(value) * (_PERCENT if form is Form.SHARE else 1)
        text = format(number.normalize(), "f")
        return text.replace(".", ",") if lang == "sv" else text
    return str(value)


def as_per_cent(written: str) -> str:
    """What is written in a field of per cent, with its unit where that is left out.

    >>> as_per_cent("30"), as_per_cent("30 procent")
    ('30 %', '30 procent')
    """
    return f"{written} %" if written[-1:].isdigit() else written


def _decimal(value: Decimal) -> str:
    """A decimal as TOML has it, with a point."""
    text = format(value.normalize(), "f")
    return text if "." in text else f"{text}.0"


def _number(written: str) -> Decimal:
    text = written.replace(",", ".").replace(" ", "")
    if not (text.isascii() and text.lstrip("-").replace(".", "", 1).isdigit() and len(text) < 16):
        raise SifError(Message("app.number"))
    return Decimal(text)
