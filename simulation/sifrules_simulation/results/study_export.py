"""Keeping studies (studieresultat): every draw and every replication, with where they come from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sifrules.plugin.registry import Registry
from sifrules.values.text import Language
from sifrules_simulation.analysis.calibration import Calibration
from sifrules_simulation.analysis.paired_effects import ARMS, Effects, means
from sifrules_simulation.experiments.sampling import within
from sifrules_simulation.model.fingerprints import (
    of_policy,
    of_scenario,
    plugins,
    ranges_of,
    versions,
)
from sifrules_simulation.presentation.charts import figures
from sifrules_simulation.presentation.charts.figures import _drawn
from sifrules_simulation.results import study_frames as frames
from sifrules_simulation.results.export import keep_failures
from sifrules_simulation.results.folder import ResultsFolder
from sifrules_simulation.studies.return_flow import Study

if TYPE_CHECKING:
    import polars as pl


def keep(
    folder: ResultsFolder, study: Study, data: dict[str, Any], registry: Registry, lang: Language
) -> tuple[str, ...]:
    """Keep a study, the data that it is shown as, and its charts.

    ``draws`` has a row for each draw and policy: the parameters drawn, and the mean of every
    measure with and without the return flow. ``runs`` has a row for each replication and arm,
    ``failures`` one for each replication that failed, if any did.
    Gives back what could not be kept, in words: charts need the extra ``report``.
    """
    source = provenance(study, registry)
    folder.json("study.json", data)
    folder.json("provenance.json", source)
    if len(study.effects.values):
        folder.table("draws", draws_frame(study).lazy(), source)
        folder.table("runs", runs_frame(study.effects).lazy(), source)
    keep_failures(folder, study.failures, source)
    return _drawn(folder, lambda: figures.figures(data, lang))


def keep_calibration(
    folder: ResultsFolder,
    found: Calibration,
    data: dict[str, Any],
    registry: Registry,
    lang: Language,
) -> tuple[str, ...]:
    """Keep a calibration: its tables, the draws accepted, and its charts.

    Gives back what could not be kept, in words: charts need the extra ``report``.
    """
    source = {
        "versions": versions(),
        "policies": [{"id": r.policy.id, "hash": of_policy(r.policy)} for r in found.records],
        "plugins": plugins(registry),
        "scenarios": {r.scenario.id: of_scenario(r.scenario) for r in found.records},
        "draws": found.draws,
        "seed": found.seed,
    }
    folder.json("calibration.json", data)
    folder.json("provenance.json", source)
    folder.table("parameters", frames.parameters_frame(data).lazy(), source)
    folder.table("predicted", frames.predicted_frame(data).lazy(), source)
    folder.table("posterior", posterior_frame(found).lazy(), source)
    return _drawn(folder, lambda: figures.calibration_figures(data, lang))


def posterior_frame(found: Calibration) -> pl.DataFrame:
    """A row for each draw kept, with its number and the parameters in the scenario's ranges."""
    import polars as pl

    drawn = within(found.scenario, found.posterior.points, found.posterior.kept)
    columns = {path: drawn.values[:, at] for at, path in enumerate(drawn.paths)}
    return pl.DataFrame({"draw": drawn.numbers, **columns})


def keeping_in(path: Path | None) -> ResultsFolder | None:
    """The folder to keep a study in, tried before the study begins; None if none is named."""
    return None if path is None else ResultsFolder(path)


def provenance(study: Study, registry: Registry) -> dict[str, Any]:
    """All that a study hangs on, as JSON carries it."""
    setup, found = study.effects.setup, study.effects
    scenario = setup.scenario
    return {
        "versions": versions(),
        "policies": [
            {"id": label, "hash": of_policy(policy), "assumed": list(assumed)}
            for label, policy, assumed in zip(
                setup.labels, setup.policies, setup.assumed, strict=True
            )
        ],
        "plugins": plugins(registry),
        "scenario": {
            "id": scenario.id,
            "hash": of_scenario(scenario),
            "ranges_hash": ranges_of(scenario),
        },
        "behaviour": setup.behaviour.name,
        "margin": study.finding.margin,
        "draws": len(found.draws),
        "replications": int(found.values.shape[1]),
        "precision": study.precision.as_json("draws") if study.precision else None,
        "seed": setup.seed,
        "years": setup.years,
    }


def draws_frame(study: Study) -> pl.DataFrame:
    """A row for each draw and policy."""
    import polars as pl

    found = study.effects
    draws = found.draws
    like = None
    if study.calibration is not None:
        like = np.isin(draws.numbers, study.calibration.posterior.kept)
    frames = []
    for policy, label in enumerate(found.setup.labels):
        columns: dict[str, Any] = {"draw": draws.numbers}
        if like is not None:
            columns["like_the_record"] = like
        for measure in found.setup.measures:
            for arm, name in enumerate(ARMS):
                columns[f"{measure.name}_{name}"] = means(found.arm(policy, arm, measure.name))
        columns |= {path: draws.values[:, at] for at, path in enumerate(draws.paths)}
        frames.append(pl.DataFrame(columns).select(pl.lit(label).alias("policy"), pl.all()))
    return pl.concat(frames).fill_nan(None)


def runs_frame(found: Effects) -> pl.DataFrame:
    """A row for each policy, draw, replication and arm."""
    import polars as pl

    count, replications = found.values.shape[:2]
    numbers = np.repeat(found.draws.numbers, replications)
    worlds = numbers * replications + np.tile(np.arange(replications), count)
    frames = []
    for policy, label in enumerate(found.setup.labels):
        for arm, name in enumerate(ARMS):
            measured = {
                measure.name: found.arm(policy, arm, measure.name).ravel()
                for measure in found.setup.measures
            }
            frame = pl.DataFrame({"draw": numbers, "replication": worlds, **measured})
            beside = (pl.lit(label).alias("policy"), pl.lit(name).alias("return_flow"))
            frames.append(frame.select(*beside, pl.all()))
    return pl.concat(frames).fill_nan(None)
