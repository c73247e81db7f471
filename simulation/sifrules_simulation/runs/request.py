"""Requests (beställningar): what a command asks to be run, as a manifest holds it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping
from statistics import median_low
from typing import Any

from attrs import asdict, field, fields, frozen

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.plugin.timelines import timeline
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.analysis.compare import refuse_precision
from sifrules_simulation.analysis.sequential_effects import refuse_unmeasured
from sifrules_simulation.analysis.trade_off import TradeOffPlan, trade_off_plan
from sifrules_simulation.experiments.defaults import (
    ACCEPT,
    CAUSE_REPLICATIONS,
    DRAWS,
)
from sifrules_simulation.experiments.design import Design, refuse_unknown
from sifrules_simulation.experiments.planning import Named, comparison_design
from sifrules_simulation.experiments.sampling import draws
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.fingerprints import of_python, run_fingerprint
from sifrules_simulation.model.money_notes import set_aside_in_all
from sifrules_simulation.model.scenarios import Scenario, scenario
from sifrules_simulation.results.manifest import COMPARISON, STUDY, TRADE_OFF, Manifest
from sifrules_simulation.studies.hypotheses import study_design


def texts(texts: Iterable[str]) -> tuple[str, ...]:
    """Some texts, as JSON may have carried them."""
    return tuple(texts)


def here() -> str:
    """The folder in which a command was given."""
    try:
        return os.getcwd()
    except OSError:  # the folder was removed
        return ""


def precise(precision: Iterable[Any] | None) -> tuple[str, float] | None:
    """A measure and a half-width, as JSON may have carried them."""
    if precision is None:
        return None
    measure, width = precision
    return str(measure), float(width)


def middle_endowment(
    registry: Registry,
    policies: Iterable[Named],
    named: str,
    assumptions: Iterable[str],
    years: int,
) -> int:
    """What the middle one of some funds sets aside over the years (whole kronor).

    Of an even count the lower of the two in the middle. Raises `SifError` where none has a fund.
    """
    around = scenario(named).assuming(tuple(assumptions))
    design = comparison_design(registry, list(policies) or None, scenario=around, years=years)
    adapters = [design.setup(at).adapter for at in range(len(design.labels))]
    amounts = [set_aside_in_all(each, years) for each in adapters if each.has_fund]
    if not amounts:
        raise SifError(Message("command_compare.no_funds"))
    return median_low(amounts) // 100


def comparison_manifest(
    registry: Registry,
    design: Design,
    replications: int,
    precision: tuple[str, float] | None,
    asked: Mapping[str, Any],
    kind: str = COMPARISON,
) -> Manifest:
    """What was requested of a comparison or simulation, and all that its results depend on."""
    plan = {
        **run_fingerprint(registry, design.labels, design.policies, design.scenario),
        "behaviour": design.behaviour.name,
        "years": design.years,
        "seed": design.seed,
        "baseline": design.baseline,
        "off": list(design.switches.off),
        "engine": design.engine,
        "check": design.check,
        "replications": replications,
        "precision": list(precision) if precision else None,
        **({"tables": list(design.tables)} if design.tables else {}),
        **of_python(registry, design.behaviour, design.measures),
    }
    return Manifest(kind=kind, asked=dict(asked), plan=plan)


@frozen(kw_only=True)
class RunRequest:
    """What a command asks to be run; ``place`` is the folder that it was given in.

    ``kind`` is the command, one of `KINDS` in `sifrules_simulation.results.manifest`.
    ``replications`` of a comparison, or ``draws`` of a study, are the most that are spent,
    where they go on until a ``precision``.
    """

    kind: str
    policies: tuple[str, ...] = field(converter=texts)
    scenario: str
    assumptions: tuple[str, ...] = field(default=(), converter=texts)
    behaviour: str = USUAL
    years: int
    seed: int
    replications: int
    precision: tuple[str, float] | None = field(default=None, converter=precise)
    form: str
    lang: Language
    place: str = field(factory=here)
    # of a comparison or simulation
    settings: tuple[str, ...] = field(default=(), converter=texts)
    reforms: tuple[str, ...] = field(default=(), converter=texts)
    binding: tuple[str, ...] = field(default=(), converter=texts)
    baseline: str | None = None
    draw: int | None = None
    off: tuple[str, ...] = field(default=(), converter=texts)
    engine: str = "compiled"
    check: bool = False
    measures: tuple[str, ...] = field(default=(), converter=texts)
    tables: tuple[str, ...] = field(default=(), converter=texts)
    #: whether the records of the municipalities are set beside what is foreseen of them
    record: bool = False
    # of a trade-off
    levers: tuple[str, ...] = field(default=(), converter=texts)
    less: tuple[str, ...] = field(default=(), converter=texts)
    points: int | None = None
    # of a study
    margin: float = 0.05
    draws: int = DRAWS
    cause_replications: int = CAUSE_REPLICATIONS
    calibrate: bool = True
    alternative_draws: int = 0
    own_size: bool = False

    @property
    def size(self) -> dict[str, Any]:
        """How much of a study is run."""
        return {
            "draws": self.draws,
            "replications": self.replications,
            "precision": self.precision,
            "cause_replications": self.cause_replications,
            "calibrate": self.calibrate,
            "alternative_draws": self.alternative_draws,
        }

    @property
    def command_line(self) -> str:
        """The command that asks for it again; what is usual is left out."""
        usual = {each.name: each.default for each in fields(RunRequest)}
        words = self.kind.split()
        study = self.kind == STUDY
        by_option = study or self.kind == TRADE_OFF
        words += self.policies if not by_option else ()
        named = {"--policy": self.policies if by_option else (), "--assume": self.assumptions,
                 "--set": self.settings, "--reform": self.reforms, "--binding": self.binding,
                 "--lever": self.levers, "--less": self.less, "--off": self.off,
                 "--measure": self.measures, "--table": self.tables}  # fmt: skip
        words += [word for option, each in named.items() for one in each for word in (option, one)]
        words += ["--scenario", self.scenario, "--years", str(self.years)]
        words += ["--replications", str(self.replications), "--seed", str(self.seed)]
        for name in ("behaviour", "baseline", "draw", "engine", "points"):
            if getattr(self, name) != usual[name]:
                words += [f"--{name}", str(getattr(self, name))]
        if self.precision is not None:
            words += ["--precision", f"{self.precision[0]}={self.precision[1]!r}"]
        words += ["--check"] if self.check else []
        words += ["--record"] if self.record else []
        if study:
            words += ["--margin", repr(self.margin), "--draws", str(self.draws)]
            words += ["--cause-replications", str(self.cause_replications)]
            words += ["--calibrate" if self.calibrate else "--no-calibrate"]
            if self.alternative_draws:
                words += ["--alternative-draws", str(self.alternative_draws)]
            words += ["--any-size"] if not self.own_size else []
        return shlex.join(words)

    def around(self) -> Scenario:
        """The scenario, with what is assumed in it, or as one draw of a study has it."""
        around = scenario(self.scenario).assuming(self.assumptions)
        if self.own_size:
            around = around.assuming(("own_size=true",))
        if self.draw is None:
            return around
        return draws(around, self.draw + 2, self.seed).world(self.draw)

    def design(self, registry: Registry) -> Design:
        """What is run. Raises `SifError` for all that is unknown or impossible."""
        if self.kind == STUDY:
            studied = study_design(
                registry,
                self.around(),
                self.policies or None,
                behaviour=self.behaviour,
                years=self.years,
                seed=self.seed,
            )
            refuse_unmeasured(self.precision, studied)
            return studied
        tried: Any = self._policies(registry)
        if self.kind == TRADE_OFF:
            tried = list(self.trade_off(registry).policies)
        compared = comparison_design(
            registry,
            tried,
            scenario=self.around(),
            years=self.years,
            seed=self.seed,
            baseline=self.baseline,
            behaviour=self.behaviour,
            off=self.off,
            engine=self.engine,
            check=self.check,
            tables=self.tables,
        )
        if self.reforms:  # what was asked for is the reform: without it there is no answer
            reformed = {each.id for each in tried or () if isinstance(each, FundPolicy)}
            for left in compared.left_out:
                if left.policy in reformed:
                    raise SifError(left.why)
        refuse_unknown(compared, self.measures)
        refuse_precision(self.precision, compared)
        return compared

    def trade_off(self, registry: Registry) -> TradeOffPlan:
        """The combinations of values that a trade-off tries."""
        (named,) = self.policies
        base = registry.policy(named, self.settings)
        return trade_off_plan(
            registry, base, self.levers, self.measures,
            less=self.less, points=self.points, seed=self.seed,
        )  # fmt: skip

    def manifest(self, registry: Registry, design: Design) -> Manifest:
        """What was requested, and all that the results depend on."""
        precision = list(self.precision) if self.precision else None
        if self.kind == STUDY:
            size = {**self.size, "precision": precision, "accept": ACCEPT, "margin": self.margin}
        else:
            return comparison_manifest(
                registry, design, self.replications, self.precision, asdict(self), self.kind
            )
        plan = {
            **run_fingerprint(registry, design.labels, design.policies, design.scenario),
            "behaviour": design.behaviour.name,
            "years": design.years,
            "seed": design.seed,
            **size,
        }
        return Manifest(kind=self.kind, asked=asdict(self), plan=plan)

    def _policies(self, registry: Registry) -> list[str | FundPolicy] | None:
        """Those named; compared with a change or a reform, each next to itself without it."""
        if not (self.settings or self.reforms or self.binding):
            return list(self.policies) or None
        changed = [
            timeline(registry, each, self.settings, self.reforms, self.binding)
            for each in self.policies
        ]
        if self.kind != COMPARISON or not (self.settings or self.reforms):
            return list(changed)
        plain = [timeline(registry, each) for each in self.policies]
        return [each for pair in zip(plain, changed, strict=True) for each in pair]
