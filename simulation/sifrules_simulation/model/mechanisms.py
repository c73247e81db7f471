"""Switches (strömbrytare): mechanisms that can be turned off, each alone.

What a mechanism does to uptake is what differs when it is off and all else is as before.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
from attrs import frozen

from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText
from sifrules_simulation.model.parameters import Parameters


def _switch(sv: str, en: str, part_of: str = "") -> bool:
    words = LocalizedText(sv=sv, en=en)
    on: bool = attrs.field(default=True, metadata={"words": words, "part_of": part_of})
    return on


#: Inhabitants at which parameters per 100,000 hold as they stand.
REFERENCE = 100_000


@frozen(kw_only=True)
class Mechanisms:
    """Which mechanisms are at work; all of them unless turned off.

    The return flow has two parts that can be turned off alone: that committees expect its claims,
    and that what is paid back refills the fund.

    >>> Mechanisms.without(["cap"]).cap
    False
    """

    return_flow: bool = _switch("återföring: krav på återföring", "return flow: claims for return")
    claims_expected: bool = _switch(
        "väntade krav: utan dem söker nämnderna som om inget skulle återföras, men det återförs",
        "expected claims: without them, committees apply as if nothing were to be returned, "
        "and it is returned all the same",
        part_of="return_flow",
    )
    refill: bool = _switch(
        "påfyllning: utan den kan det som återförs inte beviljas igen",
        "refill: without it, what is paid back cannot be granted again",
        part_of="return_flow",
    )
    write_down: bool = _switch(
        "nedskrivning och befrielse: utan dem kvarstår krav som om allt gått som hoppats",
        "write-down and exemption: without them claims stand as if all had gone as hoped",
    )
    novelty: bool = _switch(
        "nyhetseffekt: utan den kommer väntande idéer jämnt över åren",
        "novelty: without it, waiting ideas come evenly over the years",
    )
    depletion: bool = _switch(
        "fonden tar slut och fylls på: utan det räcker pengarna alltid",
        "depletion and refill: without it, the money always suffices",
    )
    cap: bool = _switch("tak", "caps")
    effort: bool = _switch("arbetet med att söka och rapportera", "the effort to apply and report")
    organisation_size: bool = _switch(
        "organisationens storlek: utan den räknas som vid 100 000 invånare",
        "organisation size: without it, reckoned as at 100,000 inhabitants",
    )

    @classmethod
    def without(cls, names: Iterable[str]) -> Mechanisms:
        """All switches on but those named; `SifError` names the nearest of an unknown one."""
        off = {}
        for name in (names,) if isinstance(names, str) else names:
            if name not in NAMES:
                raise SifError(Message("mechanisms.unknown", name=name), fix=nearest(name, NAMES))
            off[name] = False
        return cls(**off)

    @property
    def off(self) -> tuple[str, ...]:
        """The names of the switches that are off."""
        return tuple(name for name in NAMES if not getattr(self, name))

    def size(self, given: Parameters) -> float:
        """How many times the ideas and capacity of 100,000 inhabitants there are."""
        if not self.organisation_size:
            return 1.0
        municipality = given.municipality
        return float((municipality.population / REFERENCE) ** municipality.size_elasticity)


NAMES: tuple[str, ...] = tuple(field.name for field in attrs.fields(Mechanisms))
#: Those that no other has as a part: an effect is shared out among them.
WHOLE: tuple[str, ...] = tuple(
    field.name for field in attrs.fields(Mechanisms) if not field.metadata["part_of"]
)
ALL_ON = Mechanisms()


def words_of(name: str) -> LocalizedText:
    """What a switch is called, without what it means to turn it off."""
    words: LocalizedText = attrs.fields_dict(Mechanisms)[name].metadata["words"]
    return LocalizedText(sv=words.sv.partition(":")[0], en=words.en.partition(":")[0])
