"""Contracts of parts: which members of its slot's protocol a part has, and which are missing.

The protocols are in `sifrules.policy.parts`. A member that a part does not have takes
the protocol's default; what has none is required.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from inspect import getattr_static
from types import FunctionType
from typing import Any, cast

import attrs
from attrs import frozen

from sifrules.errors import SifError, shown
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Funding, Part, Priority, ReturnModel, Slot, WriteDown
from sifrules.policy.procedure import Procedure
from sifrules.rules.conditions import Fact
from sifrules.values.citations import Citation
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText

#: The protocol of each slot whose parts answer more than rules.
PROTOCOLS: Mapping[Slot, type] = {
    Slot.FUNDING: Funding,
    Slot.PROCEDURE: Procedure,
    Slot.PRIORITIES: Priority,
    Slot.RETURN_MODEL: ReturnModel,
    Slot.WRITE_DOWN: WriteDown,
}


@frozen
class Member:
    """A member of a protocol: whether a part must have it, and what its values are."""

    name: str
    expected: str
    fits: Callable[[Any], bool]
    required: bool = False


def _count(least: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and value >= least


def _or_none(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or fits(value)


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


def _are_facts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, Fact) for each in value)


def _are_months(value: object) -> bool:
    return isinstance(value, tuple) and all(type(each) is int and 1 <= each <= 12 for each in value)


_MONTHS = "a whole number of months or None"

#: The members of each protocol, in its order.
MEMBERS: Mapping[Slot, tuple[Member, ...]] = {
    Slot.FUNDING: (
        Member("opening", "an amount in öre or None", _or_none(_count(0)), required=True),
        Member("put_in", "a method (year, left, surplus) giving öre", callable, required=True),
        Member("lapses", "a method (left) giving öre", callable),
        Member("binds_coming_years", "true, false or None", _or_none(_is(bool))),
        Member("first_year", "a year or None", _or_none(_count(1))),
        Member("undated", "an amount in öre, 0 or more", _count(0)),
        Member("closing_year", "a year or None", _or_none(_count(1))),
        Member("reckoned", "words in both languages or None", _or_none(_is(LocalizedText))),
        Member("from_surplus", "true, false or None", _or_none(_is(bool))),
        Member("set_aside_cited", "a citation or None", _or_none(_is(Citation))),
    ),
    Slot.PROCEDURE: (
        Member("idea_test", "true, false or None", _or_none(_is(bool))),
        Member("reports", "a number of reports, 0 or more", _count(0)),
        Member("windows_per_year", "a number of windows above 0 or None", _or_none(_count(1))),
        Member("closing", "a tuple of months from 1 to 12", _are_months),
        Member("lead_time_at_least", _MONTHS, _or_none(_count(0))),
        Member("lead_time_at_most", _MONTHS, _or_none(_count(0))),
        Member("decides_idea_first", "true, false or None", _or_none(_is(bool))),
        Member("amount_lead_at_least", _MONTHS, _or_none(_count(0))),
        Member("amount_lead_at_most", _MONTHS, _or_none(_count(0))),
    ),
    Slot.PRIORITIES: (
        Member("score", "a method (values) giving points", callable, required=True),
        Member("place", "a place above 0 or None", _or_none(_count(1))),
        Member("ranked_by", "a tuple of facts", _are_facts),
    ),
    Slot.RETURN_MODEL: (
        Member("settle", "a method (investment, write_down) giving a Settlement", callable, True),
        Member("states_share", "true or false", _is(bool)),
        Member("period", "a number of months above 0 or None", _or_none(_count(1))),
        Member("allows_exemption", "true or false", _is(bool)),
        Member("comes_back", "instalment, closing or None", _or_none(_is(str))),
        Member("financier", "a name or None", _or_none(_is(str))),
        Member("settled_by", "a tuple of facts", _are_facts),
        Member("transition", "a part or None", _or_none(_is(Part))),
        Member("exempts_running", "true or false", _is(bool)),
    ),
    Slot.WRITE_DOWN: (
        Member("keep", "a method (claimed, investment) giving öre, why and where", callable, True),
    ),
}

#: The clause that takes the scenario's assumption, where the part leaves a member open.
_ASSUMED_IN = {"opening": (None, "amount"), "states_share": (False, "share")}
_ABSENT = object()


def _has(part: object, slot: Slot, name: str) -> bool:
    """Whether a part has a member of its own, rather than one inherited from the protocol."""
    own = _stated(part, name)
    return own is not _ABSENT and own is not _of_class(PROTOCOLS[slot], name)


def _stated(part: object, name: str) -> object:
    """What a part has by a name, as it stands in its class or, if not there, in itself."""
    kind: Any = type(part)
    own = _of_class(kind, name)
    return getattr_static(part, name, _ABSENT) if own is _ABSENT else own


@cache
def _of_class(kind: type, name: str) -> object:
    return getattr_static(kind, name, _ABSENT)


class _Completed:
    """A part in which a missing member has the default of its protocol.

    A part is frozen: each member is looked up once, and is then an attribute here.
    """

    def __init__(self, part: object, protocol: type) -> None:
        self._part, self._protocol = part, protocol

    def __getattr__(self, name: str) -> Any:
        member = self.__dict__[name] = self._member(name)
        return member

    def _member(self, name: str) -> Any:
        if _stated(self._part, name) is not _ABSENT:
            return getattr(self._part, name)
        default = _of_class(self._protocol, name)
        if isinstance(default, property | FunctionType):
            return default.__get__(self)
        raise AttributeError(f"{type(self._part).__name__} has no member {name}")


def procedure_of(policy: FundPolicy) -> Procedure:
    """The procedure of a policy; all defaults where the guideline states none.

    >>> from sifrules import registry
    >>> procedure_of(registry().policy("orebro@2016")).windows_per_year is None
    True
    """
    return cast(Procedure, _Completed(policy.procedure, Procedure))


def funding_of(policy: FundPolicy) -> Funding:
    """The funding of a policy; `SifError` lists the members its class needs to be simulated."""
    _refuse_lacking(policy, Slot.FUNDING, policy.funding)
    return cast(Funding, _Completed(policy.funding, Funding))


def return_model_of(policy: FundPolicy) -> ReturnModel | None:
    """The return model of a policy, None where the guideline states none."""
    if policy.return_model is None:
        return None
    return cast(ReturnModel, _Completed(policy.return_model, ReturnModel))


def priorities_of(policy: FundPolicy) -> tuple[Priority, ...]:
    """The priorities of a policy; none where the guideline states none."""
    return tuple(cast(Priority, _Completed(part, Priority)) for part in policy.priorities)


def _refuse_lacking(policy: FundPolicy, slot: Slot, part: object) -> None:
    lacking = [
        each.name for each in MEMBERS[slot] if each.required and not _has(part, slot, each.name)
    ]
    if lacking:
        raise SifError(
            Message("part.not_simulated", name=type(part).__name__),
            where=policy.id,
            fix=Message(
                "part.give_members",
                members=", ".join(lacking),
                protocol=PROTOCOLS[slot].__name__,
            ),
        )


def contract_faults(policy: FundPolicy) -> Iterator[str]:
    """What the parts of a policy miss of their slots' protocols, one sentence for each member."""
    for slot in PROTOCOLS:
        parts: tuple[object, ...] = {
            Slot.FUNDING: (policy.funding,),
            Slot.PROCEDURE: (policy.procedure,),
            Slot.PRIORITIES: policy.priorities,
            Slot.RETURN_MODEL: (policy.return_model,),
            Slot.WRITE_DOWN: (policy.write_down,),
        }[slot]
        for part in filter(None, parts):
            for fault in _faults(slot, part):
                yield f"{policy.id}: {slot}: {type(part).__name__} {fault}"


def _faults(slot: Slot, part: object) -> Iterator[str]:
    protocol = PROTOCOLS[slot].__name__
    for member in MEMBERS[slot]:
        if not _has(part, slot, member.name):
            if member.required:
                yield f"has no {member.name}; {protocol} needs {member.expected}"
            continue
        try:
            value = getattr(part, member.name)
        except Exception as error:  # an author's own property
            yield f"raised {type(error).__name__} for {member.name}: {error}"
            continue
        if not member.fits(value):
            yield f"has {member.name} = {shown(value)}; {protocol} needs {member.expected}"
        left_open, clause = _ASSUMED_IN.get(member.name, (_ABSENT, ""))
        if value is left_open and clause not in _fields(type(part)):
            yield (
                f"leaves {member.name} open ({value}) and has no clause {clause}; "
                f"{protocol} needs one, for what the scenario assumes"
            )
    yield from _unread_clauses(slot, part, protocol)


#: Clauses of return models that a simulation reads by a member of another name.
_BY_MEMBER = {"lasts": "period", "exemption": "allows_exemption", "share": "states_share"}


def _unread_clauses(slot: Slot, part: object, protocol: str) -> Iterator[str]:
    """Clauses that the bundled models have, without the member by which they are read."""
    if slot is not Slot.RETURN_MODEL:
        return
    for clause in _BY_MEMBER.keys() & _fields(type(part)):
        member = _BY_MEMBER[clause]
        open_share = clause != "share" or getattr(part, clause) is None
        if open_share and not _has(part, slot, member):
            yield (
                f"states {clause} and has no {member} of its own; "
                f"{protocol} needs it for a simulation to follow the clause"
            )


def _fields(kind: type) -> frozenset[str]:
    return frozenset(attrs.fields_dict(kind)) if attrs.has(kind) else frozenset()


@cache
def as_part(given: type) -> type[Part]:
    """A part's class, also where the author's derives from a protocol alone.

    A frozen attrs class of `ReturnModel`, `WriteDown`, `Funding`, `Procedure` or `Priority` gets
    from `Part` its path and its sources. Raises `SifError` for any other class.
    """
    written = attrs.has(given)
    if written and issubclass(given, Part):
        return given
    if not written or not set(PROTOCOLS.values()) & set(given.__mro__):
        raise SifError(
            Message("part.none", name=given.__name__), fix=Message("part.make_attrs_class")
        )
    names = {
        "__module__": given.__module__,
        "__qualname__": given.__qualname__,
        "__doc__": given.__doc__,
        "__reduce__": _reduced,
    }
    slot = next(slot for slot, protocol in PROTOCOLS.items() if protocol in given.__mro__)
    if not hasattr(given, "slot"):
        names["slot"] = slot
    made = type(given)(given.__name__, (given, Part), names)
    return cast(type[Part], frozen(kw_only=True)(made))


def _reduced(self: Part) -> tuple[Callable[..., Part], tuple[type, dict[str, object]]]:
    """For pickle: the author's own class, which can be imported, and the values."""
    author = next(kind for kind in type(self).__mro__[1:] if attrs.has(kind))
    return _restored, (author, attrs.asdict(self, recurse=False))


def _restored(author: type, values: dict[str, Any]) -> Part:
    return as_part(author)(**values)
