"""How to see one replication again (återskapa): the command that tells its story."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from sifrules.policy.fund_policy import FundPolicy
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.model.scenarios import Scenario

#: What the command line takes where nothing is said.
BEHAVIOUR, ENGINE = "weighing", "compiled"


def policy_argument(policy: FundPolicy, named: str | Path | None = None) -> str:
    """How a command line asks for a policy: as it was named, else by its id and changes.

    >>> from sifrules import registry
    >>> towns = registry()
    >>> policy_argument(towns.policy("orebro@2016", ["return_model.floor=0.0"]))
    'orebro@2016 --set return_model.floor=0.0'
    """
    if named is not None:
        return shlex.quote(str(named))
    return policy.origin if " --set " in policy.origin else shlex.quote(policy.id)


def command(
    policy: str,
    scenario: Scenario,
    *,
    seed: int,
    replication: int,
    years: int = YEARS,
    behaviour: str = BEHAVIOUR,
    off: Iterable[str] = (),
    engine: str = ENGINE,
) -> str:
    """The command that tells the story of one replication; what is usual is left out.

    >>> from sifrules_simulation import scenario
    >>> command("orebro@2016", scenario("orebro"), seed=5, replication=137, years=20)
    'sif simulate orebro@2016 --scenario orebro --years 20 --seed 5 --trace 137'
    """
    options = list(scenario.options)
    options += ["--years", str(years)] if years != YEARS else []
    options += ["--behaviour", behaviour] if behaviour != BEHAVIOUR else []
    for switch in off:
        options += ["--off", switch]
    options += ["--engine", engine] if engine != ENGINE else []
    options += ["--seed", str(seed), "--trace", str(replication)]
    return f"sif simulate {policy} {shlex.join(options)}"
