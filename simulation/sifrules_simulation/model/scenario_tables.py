"""Tables of a scenario that are no parameters: weights, correlations, distributions, own ideas."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from sifrules.errors import Fault, FaultyFile, SifError, nearest
from sifrules.loading.reader import Reader
from sifrules.values.messages import Message
from sifrules.values.quantities import read_number
from sifrules_simulation.model.distributions import Correlation, Distribution
from sifrules_simulation.model.own_ideas import OwnIdeas, own_ideas
from sifrules_simulation.model.structure import Structure

STRUCTURE, CORRELATION = "structure", "correlation"
DISTRIBUTION, OWN_IDEAS = "distribution", "own_ideas"


def read_weights(reader: Reader) -> dict[str, dict[str, float]] | None:
    """The weights of the alternatives of structural assumptions, with their faults noted."""
    stated = reader.read(STRUCTURE, dict[str, dict[str, Decimal]])
    for name, each in (stated or {}).items():
        try:
            for alternative in each:
                Structure().changed(name, alternative)
        except SifError as error:
            reader.fault(f"{STRUCTURE}.{name}", error.what, fix=error.fix)
        if min(each.values(), default=Decimal(0)) < 0 or not sum(each.values()):
            reader.fault(f"{STRUCTURE}.{name}", Message("structure.weights"))
    if stated is None:
        return None
    return {
        name: {key: float(weight) for key, weight in each.items()} for name, each in stated.items()
    }


def read_distribution(reader: Reader, path: str, table: Mapping[str, Any]) -> Distribution | None:
    """The distribution of a parameter, with its faults noted; None where it has none."""
    if DISTRIBUTION not in table:
        return None
    stated = table[DISTRIBUTION]
    if not isinstance(stated, Mapping):
        reader.fault(
            f"{path}.{DISTRIBUTION}",
            Message("expected.table"),
            fix=Message("distribution.write_as"),
        )
        return None
    try:
        return Distribution.of(stated)
    except SifError as error:
        reader.fault(f"{path}.{DISTRIBUTION}", error.what, fix=error.fix)
        return None


def read_correlation(reader: Reader) -> Correlation | None:
    """The rank correlations of pairs, with their faults noted; None where none is stated."""
    stated = reader.tree.get(CORRELATION)
    if stated is None:
        return None
    pairs: dict[tuple[str, str], float] = {}
    if not isinstance(stated, list):
        stated = [stated]
    for number, each in enumerate(stated):
        at = f"{CORRELATION}[{number}]"
        between = each.get("between") if isinstance(each, Mapping) else None
        rank = each.get("rank") if isinstance(each, Mapping) else None
        odd = not isinstance(each, Mapping) or each.keys() != {"between", "rank"}
        if (
            odd
            or not (isinstance(between, list) and len(between) == 2)
            or not isinstance(rank, int | Decimal)
            or isinstance(rank, bool)
        ):
            reader.fault(at, Message("correlation.entry"), fix=Message("correlation.write_as"))
            continue
        pairs[str(between[0]), str(between[1])] = float(rank)
    try:
        return Correlation.of_pairs(pairs)
    except SifError as error:
        reader.fault(CORRELATION, error.what, fix=error.fix)
        return None


def correlated(
    found: Correlation, pair: str, written: str, stated: Mapping[str, Any], origin: str
) -> Correlation:
    """A correlation with one pair more, as ``ideas.flow,ideas.stock`` and ``0.6``.

    Raises `SifError` for what is no pair of uncertain parameters, or no correlation.
    """
    one, comma, other = (piece.strip() for piece in pair.partition(","))
    try:
        rank = float(read_number(written))
    except SifError as error:
        fix = Message("correlation.write_setting")
        raise SifError(error.what, where=CORRELATION, fix=fix) from None
    if not comma:
        wrong = Message("correlation.entry")
        raise SifError(wrong, where=CORRELATION, fix=Message("correlation.write_setting"))
    return refuse_certain(found.with_pair(one, other, rank), stated, origin)


def correlation_settings(found: Correlation) -> tuple[str, ...]:
    """The pairs of a correlation as `Scenario.assuming` takes them."""
    return tuple(
        f"{CORRELATION}.{one},{other}={found.ranks[row][column]!r}"
        for row, one in enumerate(found.paths)
        for column, other in enumerate(found.paths)
        if row < column and found.ranks[row][column]
    )


def read_own_ideas(reader: Reader, folder: Path) -> OwnIdeas | None:
    """The list of ideas that a scenario names, beside its file; None where it names none."""
    stated = reader.tree.get(OWN_IDEAS)
    if stated is None:
        return None
    if isinstance(stated, str):
        stated = {"file": stated}
    file = stated.get("file") if isinstance(stated, Mapping) else None
    resampled = stated.get("resampled", False) if isinstance(stated, Mapping) else None
    odd = isinstance(stated, Mapping) and stated.keys() - {"file", "resampled"}
    if not isinstance(file, str) or not isinstance(resampled, bool) or odd:
        reader.fault(OWN_IDEAS, Message("own_ideas.entry"), fix=Message("own_ideas.write_as"))
        return None
    return own_ideas(str(folder / file), resampled=resampled)


def refuse_certain(found: Correlation, stated: Mapping[str, Any], origin: str) -> Correlation:
    """A correlation of parameters that there are, each of them uncertain."""
    faults = [
        Fault(origin, CORRELATION, Message(code, path=path), fix=fix)
        for path in found.paths
        for code, fix, wrong in (
            ("scenario.no_parameter", nearest(path, stated), path not in stated),
            ("correlation.certain", None, path in stated and stated[path].low == stated[path].high),
        )
        if wrong
    ]
    if faults:
        raise FaultyFile(faults)
    return found
