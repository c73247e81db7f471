"""Export (slutliga tabeller): the final tables of any run, saved with their provenance."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sifrules.plugin.registry import Registry
from sifrules.values.text import Language
from sifrules_simulation.analysis.calibration import Calibration
from sifrules_simulation.analysis.comparison import Comparison, provenance_columns
from sifrules_simulation.analysis.exploration import Exploration
from sifrules_simulation.analysis.log_frames import comparison_log, event_log, exploration_log
from sifrules_simulation.analysis.paired_effects import PARTS, Effects, means
from sifrules_simulation.analysis.trade_off import TradeOff
from sifrules_simulation.experiments.batches import Failure
from sifrules_simulation.experiments.machine import environment_of_run
from sifrules_simulation.experiments.provenance import environment, provenance
from sifrules_simulation.experiments.runner import ALL_LISTS
from sifrules_simulation.experiments.sampling import within
from sifrules_simulation.model.breakdowns import BREAKDOWNS, YEARLY
from sifrules_simulation.model.fingerprints import of_policy, of_scenario
from sifrules_simulation.model.own_size import own_values
from sifrules_simulation.results import study_frames, table_files
from sifrules_simulation.results.folder import ResultsFolder, failures_frame, files_of
from sifrules_simulation.results.metadata import run_metadata
from sifrules_simulation.results.record_data import record_frame
from sifrules_simulation.results.spreadsheet import amounts_of
from sifrules_simulation.results.trade_off_data import amounts, trade_off_frame, trade_off_json
from sifrules_simulation.studies.return_flow import Study

if TYPE_CHECKING:
    import polars as pl


def save_comparison(
    folder: ResultsFolder,
    comparison: Comparison,
    batches: Sequence[Path],
    lang: Language,
    records: Sequence[dict[str, Any]] = (),
    *,
    command: str | None = None,
) -> None:
    """Save a comparison: its estimates, and every replication out of its batches' files.

    ``records`` are what happened in municipalities, beside what is foreseen of them.
    """
    source = {**comparison.provenance, "replications": comparison.replications}
    data = {**comparison.as_json(), "about": run_metadata(comparison)}
    if records:
        data["records"] = list(records)
    folder.json("comparison.json", data)
    tables = {
        "summary": comparison.frame.lazy(),
        **{each.name: comparison.breakdown(each.name).lazy() for each in BREAKDOWNS},
    }
    if comparison.replications:
        simulated = table_files.scan(batches)
        tables["runs"] = runs_table(simulated, source)
        tables["panel"] = panel_table(simulated, comparison.experiment.years, source)
        design = comparison.experiment
        save_logs(folder, design.tables, partial(comparison_log, simulated, design), source)
    else:
        folder.without(*files_of("runs"), *files_of("panel"))
    if records:
        tables["record"] = record_frame(records).lazy()
    else:
        folder.without(*files_of("record"))
    of_money = amounts_of(comparison.experiment.measures)
    _save(folder, source, tables, comparison.failures, of_money, lang, command)


def save_logs(
    folder: ResultsFolder,
    tables: Sequence[str],
    framed: Callable[[str], pl.LazyFrame],
    source: dict[str, Any],
) -> None:
    """Save what happened, as far as it was asked for: for programs only, as it may be large.

    It is put together out of the batches bit by bit. Events come also in the columns of process
    mining.
    """
    for name in tables:
        frame = framed(name)
        folder.sink(name, frame, source)
        if name == "events":
            folder.sink("event_log", event_log(frame), source)


def save_study(
    folder: ResultsFolder,
    study: Study,
    data: dict[str, Any],
    lang: Language,
    command: str | None = None,
) -> None:
    """Save a study, and the data that it is shown as.

    ``draws`` has a row for each draw and policy: the parameters drawn, and the mean of every
    measure with and without the return flow. ``runs`` has a row for each replication and arm,
    ``failures`` one for each replication that failed, if any did.
    """
    folder.json("study.json", data)
    tables: dict[str, pl.LazyFrame] = {}
    if len(study.effects.values):
        tables = {
            "draws": draws_frame(study).lazy(),
            "runs": effects_frame(study.effects).lazy(),
        }
    of_money = amounts_of(study.effects.design.measures)
    _save(folder, study_provenance(study), tables, study.failures, of_money, lang, command)


def save_trade_off(
    folder: ResultsFolder, found: TradeOff, lang: Language, command: str | None = None
) -> None:
    """Save a trade-off: its combinations as a table, and all of it as plain data."""
    source = {**provenance(found.design), "replications": found.replications}
    folder.json("trade_off.json", trade_off_json(found))
    tables = {"points": trade_off_frame(found).lazy()}
    _save(folder, source, tables, found.failures, amounts(found), lang, command)


def save_exploration(
    folder: ResultsFolder,
    found: Exploration,
    batches: Sequence[Path],
    lang: Language,
    command: str | None = None,
) -> None:
    """Save an exploration: every replication with its inputs, the means, and their summary.

    What happened is put together out of its batches' files.
    """
    plan = found.plan
    data = {
        "variants": [{"policy": each.named, **each.levers} for each in plan.variants],
        "draws": len(plan.draws),
        "replications": plan.replications,
        "levers": list(plan.levers),
        "uncertainties": list(plan.uncertainties),
        "outcomes": list(plan.outcomes),
        "failures": len(found.failures),
        "stopped": found.stopped,
    }
    folder.json("exploration.json", data)
    tables = {"runs": found.runs.lazy(), "means": found.means.lazy()}
    if found.values:
        tables["summary"] = found.summary.lazy()
        framed = partial(exploration_log, table_files.scan(batches), plan)
        save_logs(folder, plan.design.tables, framed, dict(found.provenance))
    of_money = amounts_of(plan.design.measures)
    _save(folder, dict(found.provenance), tables, found.failures, of_money, lang, command)


def save_calibration(
    folder: ResultsFolder,
    found: Calibration,
    data: dict[str, Any],
    registry: Registry,
    lang: Language,
) -> None:
    """Save a calibration: its tables, and the draws accepted."""
    source = {
        **environment(registry),
        "policies": [{"id": r.policy.id, "hash": of_policy(r.policy)} for r in found.records],
        "scenarios": {r.scenario.id: of_scenario(r.scenario) for r in found.records},
        "draws": found.draws,
        "seed": found.seed,
    }
    folder.json("calibration.json", data)
    tables = {
        "parameters": study_frames.parameters_frame(data).lazy(),
        "predicted": study_frames.predicted_frame(data).lazy(),
        "posterior": posterior_frame(found).lazy(),
    }
    _save(folder, source, tables, (), amounts_of(()), lang)


def _save(
    folder: ResultsFolder,
    source: dict[str, Any],
    tables: Mapping[str, pl.LazyFrame],
    failures: Sequence[Failure],
    amounts: Collection[str],
    lang: Language,
    command: str | None = None,
) -> None:
    """Save tables with their provenance; of failures a row each, and no file where none did."""
    source = {**source, "environment": environment_of_run(), "command": command}
    folder.json("provenance.json", source)
    for name, frame in tables.items():
        folder.table(name, frame, source, amounts=amounts, lang=lang)
    if failures:
        folder.table("failures", failures_frame(failures).lazy(), source, lang=lang)
    else:
        folder.without(*files_of("failures"))


def study_provenance(study: Study) -> dict[str, Any]:
    """All that a study depends on, as JSON carries it."""
    return {
        **provenance(study.effects.design, drawn=True),
        "margin": study.finding.margin,
        "draws": len(study.effects.draws),
        "replications": int(study.effects.values.shape[1]),
        "precision": study.precision.as_json("draws") if study.precision else None,
    }


# --- tables ---------------------------------------------------------------------------


def runs_table(simulated: pl.LazyFrame, source: dict[str, Any]) -> pl.LazyFrame:
    """A row for each policy and replication, every measure a column, with what it depends on."""
    import polars as pl

    return simulated.select(pl.exclude(ALL_LISTS)).with_columns(**provenance_columns(source))


def panel_table(simulated: pl.LazyFrame, years: int, source: dict[str, Any]) -> pl.LazyFrame:
    """A row for each policy, replication and year, with what it depends on."""
    import polars as pl

    columns = [pl.col(each).alias(name) for each, name in YEARLY.saved.items()]
    year = pl.int_ranges(pl.lit(1), pl.lit(years + 1), dtype=pl.Int64).alias("year")
    depends_on = {
        name: each for name, each in provenance_columns(source).items() if name != "years"
    }
    by_year = simulated.select("policy", "replication", year, *columns).explode(
        "year", *YEARLY.columns
    )
    return by_year.with_columns(**depends_on)


def posterior_frame(found: Calibration) -> pl.DataFrame:
    """A row for each draw accepted, with its number and the parameters in the scenario's ranges."""
    import polars as pl

    drawn = within(found.scenario, found.posterior.points, found.posterior.kept)
    columns = {path: drawn.values[:, at] for at, path in enumerate(drawn.paths)}
    return pl.DataFrame({"draw": drawn.numbers, **columns})


def draws_frame(study: Study) -> pl.DataFrame:
    """A row for each draw and policy."""
    import polars as pl

    found = study.effects
    draws = found.draws
    like = None
    if study.calibration is not None:
        like = np.isin(draws.numbers, study.calibration.posterior.kept)
    frames = []
    for policy, label in enumerate(found.design.labels):
        columns: dict[str, Any] = {"draw": draws.numbers}
        if like is not None:
            columns["like_the_record"] = like
        for measure in found.design.measures:
            for arm, name in enumerate(PARTS):
                columns[f"{measure.name}_{name}"] = means(found.arm(policy, arm, measure.name))
        values = own_values(
            draws.paths, draws.values, found.design.scenario, found.design.policies[policy]
        )
        columns |= {path: values[:, at] for at, path in enumerate(draws.paths)}
        frames.append(pl.DataFrame(columns).select(pl.lit(label).alias("policy"), pl.all()))
    return pl.concat(frames).fill_nan(None)


def effects_frame(found: Effects) -> pl.DataFrame:
    """A row for each policy, draw, replication and arm."""
    import polars as pl

    count, replications = found.values.shape[:2]
    numbers = np.repeat(found.draws.numbers, replications)
    worlds = numbers * replications + np.tile(np.arange(replications), count)
    frames = []
    for policy, label in enumerate(found.design.labels):
        for arm, name in enumerate(PARTS):
            measured = {
                measure.name: found.arm(policy, arm, measure.name).ravel()
                for measure in found.design.measures
            }
            frame = pl.DataFrame({"draw": numbers, "replication": worlds, **measured})
            labels = (pl.lit(label).alias("policy"), pl.lit(name).alias("return_flow"))
            frames.append(frame.select(*labels, pl.all()))
    return pl.concat(frames).fill_nan(None)
