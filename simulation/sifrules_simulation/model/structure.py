"""Structural assumptions (strukturantaganden): what the model takes for granted, with alternatives.

A parameter has a range; an assumption on how things work has alternatives. The first of each is
what the model does unless a scenario says otherwise. A scenario may give alternatives weights, and
a study then draws them by these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
from attrs import frozen

from sifrules.errors import SifError, nearest
from sifrules.values.citations import Citation
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

#: How likely each alternative of each assumption is: numbers in proportion.
Weights = Mapping[str, Mapping[str, float]]


def _assumption(sv: str, en: str, **alternatives: LocalizedText) -> str:
    first: str = attrs.field(
        default=next(iter(alternatives)),
        metadata={"words": LocalizedText(sv=sv, en=en), "alternatives": alternatives},
    )
    return first


@frozen(kw_only=True)
class Structure:
    """Which alternative of each structural assumption is at work; the first unless stated.

    >>> Structure().changed("claims_horizon", "savings").claims_horizon
    'savings'
    """

    claims_horizon: str = _assumption(
        "hur långt fram nämnden räknar krav",
        "how far ahead the committee counts claims",
        none=LocalizedText(sv="hur långt som helst", en="however late they are due"),
        savings=LocalizedText(
            sv="lika långt som besparingar (behaviour.horizon)",
            en="as far as savings (behaviour.horizon)",
        ),
    )
    evaluation: str = _assumption(
        "vad en utvärdering ser av effekten",
        "what an evaluation sees of the effect",
        lifetime=LocalizedText(sv="hela livslängden", en="its whole lifetime"),
        so_far=LocalizedText(sv="det som kommit dittills", en="what has come so far"),
        fixed_date=LocalizedText(
            sv="det som kommit vid en tid som räknas från beviljandet, inte från starten",
            en="what has come by a date counted from the grant, not from the start",
        ),
    )
    unmeasured: str = _assumption(
        "vad som krävs när ingen effekt mätts",
        "what is claimed where no effect was measured",
        stated=LocalizedText(
            sv="som riktlinjen, eller läsningen av den, säger",
            en="as the guideline, or the reading of it, says",
        ),
        nothing=LocalizedText(sv="ingenting", en="nothing"),
        floor=LocalizedText(sv="golvet, där det finns ett", en="the floor, where there is one"),
    )
    proof: str = _assumption(
        "vem som ska övertygas om effekten där något krävs tillbaka",
        "who has to be convinced of the effect where something is claimed back",
        whole=LocalizedText(sv="ingen särskild", en="nobody in particular"),
        each=LocalizedText(
            sv="varje förvaltning om sin egen del, i ansökan och i utvärderingen (behaviour.proof)",
            en="each administration of its own part, in application and evaluation "
            "(behaviour.proof)",
        ),
    )
    early_costs: str = _assumption(
        "vad som händer med kostnaderna innan effekten kommer",
        "what costs do before the effect comes",
        none=LocalizedText(sv="ingenting", en="nothing"),
        rise=LocalizedText(
            sv="de stiger, hur det än går sedan (effects.early_rise)",
            en="they rise, whatever comes later (effects.early_rise)",
        ),
    )
    volumes: str = _assumption(
        "volymerna i verksamheten",
        "volumes in operations",
        steady=LocalizedText(sv="oförändrade", en="steady"),
        growing=LocalizedText(
            sv="växer och döljer effekten (effects.volume_growth)",
            en="they grow and hide the effect (effects.volume_growth)",
        ),
    )
    shifted_costs: str = _assumption(
        "kommunala besparingar som andra får betala",
        "municipal savings that others pay for",
        none=LocalizedText(sv="inga", en="none"),
        outside=LocalizedText(
            sv="en del av effekten är kostnader som flyttas, som till staten (effects.shifted)",
            en="a part of the effect is costs moved, as to the state (effects.shifted)",
        ),
    )

    def changed(self, name: str, alternative: str) -> Structure:
        """Another alternative of one assumption; `SifError` names the nearest of an unknown one."""
        if name not in ALTERNATIVES:
            raise SifError(Message("structure.unknown", name=name), fix=nearest(name, ALTERNATIVES))
        if alternative not in ALTERNATIVES[name]:
            raise SifError(
                Message("structure.unknown_alternative", name=name, alternative=alternative),
                fix=nearest(alternative, ALTERNATIVES[name]),
            )
        return attrs.evolve(self, **{name: alternative})

    @property
    def changes(self) -> tuple[str, ...]:
        """What is not the first alternative, as the command line writes it."""
        return tuple(
            f"structure.{name}={getattr(self, name)}"
            for name, alternatives in ALTERNATIVES.items()
            if getattr(self, name) != alternatives[0]
        )

    @property
    def idle(self) -> frozenset[str]:
        """The parameters of alternatives that are not taken.

        >>> "effects.shifted" in Structure(shifted_costs="outside").idle
        False
        """
        return frozenset(path for path, (name, at) in NEEDS.items() if getattr(self, name) != at)

    def risen(self, delay: int, lifetime: int, month: int) -> float:
        """Months of costs that rise before the effect, that an evaluation sees, by the lifetime.

        >>> Structure().risen(12, 36, 6), Structure(evaluation="so_far").risen(12, 36, 6)
        (0.3333333333333333, 0.16666666666666666)
        """
        return (delay if self.evaluation == "lifetime" else min(delay, month)) / lifetime

    def risen_of(self, delay: Array, lifetime: Array, month: Array) -> Array:
        """The same for many effects."""
        import numpy as np

        months = delay if self.evaluation == "lifetime" else np.minimum(delay, month)
        risen: Array = months / lifetime
        return risen

    def seen(self, delay: int, lifetime: int, month: int) -> float:
        """How much of a whole effect an evaluation finds so many months after the start.

        >>> Structure(evaluation="so_far").seen(12, 36, 30)
        0.5
        """
        if self.evaluation == "lifetime":
            return 1.0
        return min(max(month - delay, 0), lifetime) / lifetime

    def seen_of(self, delay: Array, lifetime: Array, month: Array) -> Array | float:
        """The same for many effects, each its own delay, lifetime and month."""
        import numpy as np

        if self.evaluation == "lifetime":
            return 1.0
        seen: Array = np.minimum(np.maximum(month - delay, 0), lifetime) / lifetime
        return seen

    def of_model(self, model: Any) -> Any:
        """A return model with what it claims of an unmeasured effect; as it is where it cannot."""
        if self.unmeasured == "stated" or not hasattr(model, "unmeasured"):
            return model
        if self.unmeasured == "floor" and getattr(model, "floor", None) is None:
            return model
        here = Citation(f"structure.unmeasured={self.unmeasured}", what_if=True)
        sources = {**model.sources, "unmeasured": here}
        return attrs.evolve(model, unmeasured=self.unmeasured, sources=sources)


#: Parameters that are at work with one alternative of an assumption only.
NEEDS: dict[str, tuple[str, str]] = {
    "behaviour.proof": ("proof", "each"),
    "effects.early_rise": ("early_costs", "rise"),
    "effects.volume_growth": ("volumes", "growing"),
    "effects.shifted": ("shifted_costs", "outside"),
}

_FIELDS = attrs.fields(Structure)
#: The alternatives of each assumption, the first being what the model does.
ALTERNATIVES: dict[str, tuple[str, ...]] = {
    field.name: tuple(field.metadata["alternatives"]) for field in _FIELDS
}
USUAL = Structure()


def drawn_at(points: Mapping[str, float], weights: Weights, given: Structure) -> Structure:
    """The alternatives at a point from 0 to 1 of each assumption that has weights.

    >>> weights = {"evaluation": {"lifetime": 3, "so_far": 1}}
    >>> drawn_at({"evaluation": 0.9}, weights, USUAL).evaluation
    'so_far'
    """
    found = given
    for name, each in weights.items():
        left = points[name] * sum(each.values())
        for alternative, weight in each.items():
            if left < weight:
                found = found.changed(name, alternative)
                break
            left -= weight
    return found
