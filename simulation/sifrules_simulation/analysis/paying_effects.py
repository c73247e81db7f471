"""At which effects a project is worth applying for (effekter som lönar sig)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

#: The ends are found to the thousand kronor (öre).
THOUSAND = 100_000
#: The largest effect that is tried, as a multiple of the cost, and in how many steps for each.
MOST, STEPS = 10, 10


@frozen
class EffectSpan:
    """Effects (öre) from ``least`` to ``most`` at which applying pays.

    ``most`` is None where it pays up to the largest effect that is tried.
    """

    least: int
    most: int | None = None


def tried_effects(cost: int) -> list[int]:
    """The effects (öre) that are tried first: from nothing to ten times the cost, by tenths."""
    thousands = -(-cost // THOUSAND)
    steps = (thousands * step // STEPS for step in range(MOST * STEPS + 1))
    return [THOUSAND * each for each in dict.fromkeys(steps)]


def paying_spans(
    effects: Sequence[int], worths: Sequence[float], worth: Callable[[int], float]
) -> tuple[EffectSpan, ...]:
    """The spans of effects at which applying pays, the ends found to the thousand kronor.

    ``worths`` are what the project is worth at ``effects``; ``worth`` is asked in between. As
    claims may grow faster than savings, applying may pay at no effect and not at a larger one. What
    turns twice between two effects that are tried is not seen.
    """
    return tuple(_spans(effects, worths, worth))


def _spans(
    effects: Sequence[int], worths: Sequence[float], worth: Callable[[int], float]
) -> Iterator[EffectSpan]:
    least: int | None = effects[0] if worths[0] > 0 else None
    for at in range(1, len(effects)):
        before, after = worths[at - 1] > 0, worths[at] > 0
        if before is after:
            continue
        below, above = _turn(effects[at - 1], effects[at], worth, before=before)
        if after:
            least = above
        elif least is not None:
            yield EffectSpan(least, below)
            least = None
    if least is not None:
        yield EffectSpan(least)


def _turn(
    below: int, above: int, worth: Callable[[int], float], *, before: bool
) -> tuple[int, int]:
    """The two effects, a thousand kronor apart, between which the answer turns."""
    while above - below > THOUSAND:
        middle = (below + above) // (2 * THOUSAND) * THOUSAND
        if (worth(middle) > 0) is before:
            below = middle
        else:
            above = middle
    return below, above
