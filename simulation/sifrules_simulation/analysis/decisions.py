"""Choosing under uncertainty (val under osäkerhet), out of the frame of an exploration.

Everything here takes an `Exploration`, or its ``runs`` as a frame of any library, and gives a
frame of the same. A *variant* is a policy with levers set, a *draw* one state of the world.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sifrules.dataframes import given, taken
from sifrules.errors import SifError, nearest, shown
from sifrules.values.messages import Message
from sifrules_simulation.analysis.exploration import Exploration
from sifrules_simulation.analysis.information import gains
from sifrules_simulation.analysis.prim_boxes import prim_boxes
from sifrules_simulation.experiments.explored import names_of
from sifrules_simulation.statistics.fronts import on_front

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

#: How regret is summed up over draws: its mean, its 90th percentile, or its largest.
Regret = Literal["mean", "p90", "max"]
REGRETS: tuple[str, ...] = ("mean", "p90", "max")
_KEYS = ("policy", "variant")
#: Fewer draws than this tell nothing of what a single parameter is worth.
_FEWEST = 30


def pareto(explored: object, *, maximise: Sequence[str] = (), minimise: Sequence[str] = ()) -> Any:
    """The variants that no other one is better than in every outcome named (Pareto front).

    By the means over all draws and replications. A row for each variant on the front: its levers
    and the means.
    """
    frame, library = _frame(explored)
    maximise, minimise = names_of(maximise), names_of(minimise)
    named = (*maximise, *minimise)
    _refuse_no_numbers(frame, named)
    twice = sorted(name for name in set(named) if named.count(name) > 1)
    if twice:
        raise SifError(Message("decisions.twice", outcome=twice[0]))
    if not named:
        raise SifError(Message("decisions.no_outcome"))
    means = _over_draws(frame, named)
    signs = np.array([1.0] * len(maximise) + [-1.0] * len(minimise))
    front = on_front(means.select(named).to_numpy().astype(float) * signs)
    return given(means.filter(front), library)


def prim(
    explored: object,
    outcome: str,
    *,
    above: float | None = None,
    below: float | None = None,
    inputs: Sequence[str] | None = None,
    density: float = 0.8,
    mass: float = 0.05,
) -> Any:
    """Where among levers and parameters an outcome is above or below a line (PRIM).

    A row for each input that the box restricts: from where, to where, and the quasi-p-value; on
    every row how many of the cases of interest the box covers (``coverage``) and what share of its
    cases are of interest (``density``). The densest box along the peeling is taken, or the first
    that reaches the ``density`` asked for. By the means of each variant and draw. ``inputs`` are
    all that are numbers and differ: texts, as alternatives of a structural assumption, are not cut,
    and a lever that some policy does not have is refused. Needs the extra ``explore`` (the PRIM of
    the EMA workbench).
    """
    import polars as pl

    frame, library = _frame(explored)
    _refuse_no_numbers(frame, (outcome,))
    if (above is None) == (below is None):
        raise SifError(Message("decisions.above_or_below"))
    names = list(names_of(inputs)) if inputs is not None else _inputs(frame)
    _refuse_no_numbers(frame, names)
    _refuse_lacking(frame, names)
    cases = frame.group_by("policy", "variant", "draw", maintain_order=True).agg(
        pl.col(names).first(), pl.col(outcome).mean()
    )
    cases = cases.drop_nulls([outcome, *names])
    values = cases[outcome].to_numpy()
    interest = values > above if above is not None else values < below
    if not interest.any() or interest.all():
        raise SifError(Message("decisions.nothing_to_find", outcome=outcome))
    columns = {name: cases[name].cast(pl.Float64).to_numpy() for name in names}
    boxes = prim_boxes(
        columns, interest.astype(float), mass=mass, missing=lambda: _needs("explore")
    )
    dense = [each for each in boxes if each.density >= density]
    found = dense[0] if dense else max(boxes, key=lambda each: each.density)
    whole = boxes[0].limits
    rows = [
        {
            "input": name,
            "low": found.limits[name][0],
            "high": found.limits[name][1],
            "least": whole[name][0],
            "most": whole[name][1],
            "qp_low": _known(found.chances.get(name, (np.nan, np.nan))[0]),
            "qp_high": _known(found.chances.get(name, (np.nan, np.nan))[1]),
            "coverage": found.coverage,
            "density": found.density,
            "mass": found.mass,
        }
        for name in names
        if found.limits[name] != whole[name]
    ]
    schema: dict[str, Any] = {"input": pl.String} | dict.fromkeys(
        ("low", "high", "least", "most", "qp_low", "qp_high", "coverage", "density", "mass"),
        pl.Float64,
    )
    return given(pl.DataFrame(rows, schema=schema), library)


def best_under_uncertainty(
    explored: object, outcome: str, *, regret: Regret = "max", maximise: bool = True
) -> Any:
    """The variants in order of regret: what each gives up against the best one of each draw.

    ``regret`` names what they are put in order by: the ``mean``, the 90th percentile (``p90``)
    or the largest (``max``) over the draws. A row for each variant: its levers, the outcome's mean,
    its worst draw, the three regrets, and the share of draws in which it is best.
    """
    import polars as pl

    if regret not in REGRETS:
        raise SifError(
            Message("decisions.no_regret", name=shown(regret)), fix=nearest(str(regret), REGRETS)
        )
    frame, library = _frame(explored)
    keys, table = _by_draw(frame, outcome, maximise)
    lost = table.max(axis=1, keepdims=True) - table
    sign = 1 if maximise else -1
    found = keys.with_columns(
        pl.Series("mean", sign * table.mean(axis=0)),
        pl.Series("worst", sign * table.min(axis=0)),
        pl.Series("regret_mean", lost.mean(axis=0)),
        pl.Series("regret_p90", np.quantile(lost, 0.9, axis=0)),
        pl.Series("regret_max", lost.max(axis=0)),
        pl.Series("probability_best", _best(table)),
    )
    return given(found.sort(f"regret_{regret}", "variant"), library)


def probability_best(explored: object, outcome: str, *, maximise: bool = True) -> Any:
    """The share of draws in which each variant has the best mean outcome; ties are divided.

    The noise of few replications is in it: with more of them it comes closer to what it is.
    """
    import polars as pl

    frame, library = _frame(explored)
    keys, table = _by_draw(frame, outcome, maximise)
    found = keys.with_columns(pl.Series("probability_best", _best(table)))
    return given(found.sort("probability_best", descending=True), library)


def value_of_information(
    explored: object,
    outcome: str,
    *,
    maximise: bool = True,
    parameters: Sequence[str] | None = None,
) -> Any:
    """What it is worth to know the uncertainties before a variant is chosen, in the outcome's unit.

    The first row, ``everything``, is the expected value of perfect information: ``value`` as the
    draws have it, which few replications make too large, and ``held_out`` where the best variant is
    chosen by other replications than those it is valued by, which makes it rather too small; below
    zero, what so few replications choose is worse than the variant that is best on average. Then a
    row for each parameter that is a number, by itself (partial information), as
    `analysis.information` has it: what chance alone would gain is taken off, and ``tells`` is
    whether it can be distinguished from nothing. Needs 30 draws for those.
    """
    import polars as pl

    frame, library = _frame(explored)
    _, table = _by_draw(frame, outcome, maximise)
    now = float(table.mean(axis=0).max())
    everything = float(table.max(axis=1).mean()) - now
    rows: list[dict[str, Any]] = [
        {
            "parameter": "everything",
            "value": everything,
            "held_out": _held_out(frame, outcome, maximise),
            "tells": None,
        }
    ]
    draws = frame.unique("draw", maintain_order=True).sort("draw")
    names = list(names_of(parameters)) if parameters is not None else _varying(frame, draws)
    _refuse_no_numbers(frame, names)
    if names and len(draws) < _FEWEST:
        raise SifError(Message("decisions.few_draws", least=_FEWEST, draws=len(draws)))
    values = draws.select(names).to_numpy().astype(float) if names else np.empty((0, 0))
    rows += [
        {"parameter": each.path, "value": each.gain, "held_out": None, "tells": each.tells}
        for each in (gains(names, values, table) if names else ())
    ]
    schema: dict[str, Any] = {
        "parameter": pl.String, "value": pl.Float64, "held_out": pl.Float64, "tells": pl.Boolean,
    }  # fmt: skip
    return given(pl.DataFrame(rows, schema=schema), library)


# --- frames ---------------------------------------------------------------------------


def _frame(explored: object) -> tuple[pl.DataFrame, str]:
    """The runs of an exploration, and the library in which the answer is given."""
    if isinstance(explored, Exploration):
        return explored.runs, "polars"
    frame = taken(explored)
    _refuse_unknown(frame, ("policy", "variant", "draw"))
    if not len(frame):
        raise SifError(Message("exploration.empty_frame"))
    return frame, type(explored).__module__.partition(".")[0]


def _refuse_unknown(frame: pl.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        if name not in frame.columns:
            raise SifError(
                Message("decisions.no_column", name=shown(name)),
                fix=nearest(str(name), frame.columns),
            )


def _refuse_no_numbers(frame: pl.DataFrame, names: Sequence[str]) -> None:
    """Raise `SifError` for a column that the frame lacks, or that holds no numbers."""
    import polars as pl

    _refuse_unknown(frame, names)
    for name in names:
        kind = frame[name].dtype
        if not (kind.is_numeric() or kind == pl.Boolean):
            raise SifError(Message("decisions.no_numbers", name=name), fix=_of_numbers(frame))


def _of_numbers(frame: pl.DataFrame) -> Message:
    """Which columns hold numbers."""
    names = ", ".join(name for name in frame.columns if frame[name].dtype.is_numeric())
    return Message("decisions.numbers", names=names)


def _refuse_lacking(frame: pl.DataFrame, names: Sequence[str]) -> None:
    """Raise `SifError` for a lever that some of the policies do not have."""
    for name in names:
        lacking = frame.filter(frame[name].is_null())
        if len(lacking):
            policies = ", ".join(lacking["policy"].unique(maintain_order=True))
            raise SifError(
                Message("decisions.lacking", name=name, policies=policies),
                fix=Message("decisions.other_inputs"),
            )


def _paths(frame: pl.DataFrame) -> list[str]:
    """The columns that are levers or parameters: paths, with a dot."""
    return [name for name in frame.columns if "." in name]


def _inputs(frame: pl.DataFrame) -> list[str]:
    """The levers and parameters that are numbers and differ."""
    return [
        name
        for name in _paths(frame)
        if frame[name].dtype.is_numeric() and frame[name].n_unique() > 1
    ]


def _varying(frame: pl.DataFrame, draws: pl.DataFrame) -> list[str]:
    """The parameters: what is a number, differs between draws, and never within one."""
    each = frame.group_by("draw").n_unique()
    return [name for name in _inputs(draws) if each[name].max() == 1]


def _levers(frame: pl.DataFrame) -> list[str]:
    """The levers: what never differs within a variant."""
    each = frame.group_by("variant").n_unique()
    draws = frame["draw"].n_unique()
    paths = [name for name in _paths(frame) if each[name].max() == 1]
    return paths if draws > 1 else [name for name in paths if frame[name].n_unique() > 1]


def _over_draws(frame: pl.DataFrame, outcomes: Sequence[str]) -> pl.DataFrame:
    """The means of each variant: of its draws, each the mean of its replications."""
    import polars as pl

    levers = _levers(frame)
    by_draw = frame.group_by(*_KEYS, "draw", *levers, maintain_order=True).agg(
        pl.col(list(outcomes)).mean()
    )
    return by_draw.group_by(*_KEYS, *levers, maintain_order=True).agg(pl.col(list(outcomes)).mean())


def _by_draw(frame: pl.DataFrame, outcome: str, maximise: bool) -> tuple[pl.DataFrame, Array]:
    """The variants, and the mean of an outcome, draws × variants; larger is better.

    Raises `SifError` where some variant lacks some draw: what is not compared in the same worlds
    is not compared.
    """
    import polars as pl

    _refuse_no_numbers(frame, (outcome,))
    keys = frame.select(*_KEYS, *_levers(frame)).unique("variant", maintain_order=True)
    keys = keys.sort("variant")
    means = frame.group_by("variant", "draw").agg(pl.col(outcome).mean())
    wide = means.pivot("variant", index="draw", values=outcome).sort("draw")
    table = wide.select(map(str, keys["variant"].to_list())).to_numpy().astype(float)
    if np.isnan(table).any():
        raise SifError(
            Message("decisions.gaps", outcome=outcome), fix=Message("decisions.other_outcome")
        )
    return keys, table if maximise else -table


def _best(table: Array) -> Array:
    """The share of draws in which each variant is best; ties are divided."""
    best = table == table.max(axis=1, keepdims=True)
    share: Array = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return share


def _held_out(frame: pl.DataFrame, outcome: str, maximise: bool) -> float | None:
    """The value of knowing the draw, where the best is chosen by other replications."""
    import polars as pl

    count = frame["replication"].n_unique() if "replication" in frame.columns else 1
    if count < 2:
        return None
    wide = frame.pivot("variant", index=["draw", "replication"], values=outcome)
    wide = wide.sort("draw", "replication")
    values = wide.select(pl.exclude("draw", "replication")).to_numpy().astype(float)
    values = values.reshape(-1, count, values.shape[1]) * (1 if maximise else -1)
    if np.isnan(values).any():
        return None
    others = (values.sum(axis=1, keepdims=True) - values).argmax(axis=2)
    chosen = np.take_along_axis(values, others[:, :, None], axis=2)
    return float(chosen.mean() - values.mean(axis=(0, 1)).max())


def _needs(extra: str) -> SifError:
    """The error of a library that is not installed, by the extra that has it."""
    return SifError(
        Message("decisions.needs", extra=extra), fix=Message("install.extra", extra=extra)
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) or value < 0 else float(value)
