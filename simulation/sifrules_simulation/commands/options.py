"""Options (flaggor) that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from sifrules.cli.usage import BadValue
from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules.values.quantities import read_number
from sifrules_simulation.execution.cluster import cluster
from sifrules_simulation.experiments.defaults import YEARS

Command = TypeVar("Command", bound=Callable[..., Any])

#: How many replications are run, and the most that are where a precision is asked for.
MOST_BY_PRECISION = 5_000
REPLICATIONS = 200


class MeasureName(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A measure, by its name or by the words that are shown, in either language.

    What is neither is left as it is: a plugin may have it, and where none has it is refused.
    """

    name = "MEASURE"

    def convert(self, value: object, param: object, ctx: object) -> str:
        from sifrules_simulation.model.measures import MEASURES

        asked = " ".join(str(value).split())
        words = {text: each.name for each in MEASURES for text in (each.words.sv, each.words.en)}
        return words.get(asked.lower(), asked)


class HalfWidth(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A measure and a half-width, as application_uptake=0.02."""

    name = "MEASURE=HALFWIDTH"

    def convert(self, value: object, param: object, ctx: object) -> tuple[str, float]:
        if isinstance(value, tuple):
            return value
        measure, _, width = str(value).partition("=")
        try:
            return MeasureName().convert(measure, param, ctx), float(read_number(width))
        except SifError:
            raise BadValue(Message("option.measure_and_width")) from None


def shared_work(command: Command) -> Command:
    """The options ``--jobs`` and ``--scheduler``; the cluster is connected while a command runs."""

    @wraps(command)
    def around(*args: Any, jobs: int | None, scheduler: str | None, **options: Any) -> Any:
        if jobs is not None and scheduler is not None:
            raise SifError(
                Message("option.jobs_or_scheduler"),
                fix=Message("option.one_of_them"),
            )
        with nullcontext() if scheduler is None else cluster(scheduler):
            return command(*args, jobs=jobs, **options)

    for option in (
        click.option("--scheduler", metavar="tcp://HOST:PORT",
                     help="Let the workers of this Dask scheduler do the work."),
        click.option("--jobs", type=click.IntRange(min=1),
                     help="Processes to share the work; all cores unless given."),
    ):  # fmt: skip
        around = option(around)
    return around  # type: ignore[return-value]  # it takes what the command takes, and an option


#: The option that keeps tables of what happened.
table_option = click.option(
    "--table", "tables", multiple=True, metavar="NAME",
    help="Keep also what happened in the folder of --out: ideas, events, investments, claims, "
    "panel or committee_runs. May be repeated.",
)  # fmt: skip


def run_options(command: Command) -> Command:
    """The options that say what is run, and how."""
    options: tuple[Callable[..., Any], ...] = (
        click.option("--scenario", default="default", metavar="ID|FILE", show_default=True,
                     help="The municipality to simulate, by name or as a TOML file."),
        click.option("--assume", "assumptions", multiple=True, metavar="PATH=VALUE",
                     help="Change a parameter of the scenario, as behaviour.horizon=36; "
                     "begins=2013 makes the years those of the calendar, surplus_earmarks=true "
                     "lets money be set aside anew out of a surplus."),
        click.option("--years", type=click.IntRange(1, 100), default=YEARS, show_default=True,
                     help="How many years to simulate."),
        click.option("--replications", type=click.IntRange(min=1),
                     help=f"How many worlds to try; {REPLICATIONS} unless --precision is given."),
        click.option("--seed", type=click.IntRange(0, 2**63), default=1, show_default=True,
                     help="The seed of all draws; the same seed gives the same result."),
        click.option("--behaviour", default="weighing", show_default=True,
                     help="How committees choose: weighing, prospect, null, or a plugin's."),
        click.option("--off", multiple=True, metavar="SWITCH",
                     help="Turn a mechanism off: return_flow or its parts claims_expected and "
                     "refill, write_down, novelty, depletion, cap, effort or organisation_size. "
                     "May be repeated."),
        click.option("--engine", type=click.Choice(["compiled", "durable"]), default="compiled",
                     show_default=True, help="What decides by the rules; both give the same."),
        click.option("--check", is_flag=True, help="Check the books of every replication."),
        shared_work,
        click.option("--measure", "measures", multiple=True, type=MeasureName(), metavar="NAME",
                     help="Show this measure in the tables instead of the usual ones, by its "
                     "name or by its words in a table."),
        table_option,
        click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
                     help="Save every replication there, as Parquet and CSV."),
        click.option("--force", is_flag=True,
                     help="Overwrite what the folder of --out holds of another run."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def refuse_tables_without(out: object, tables: tuple[str, ...]) -> None:
    """Raise `SifError` where tables of what happened are asked for, and no folder for them."""
    if tables and out is None:
        raise SifError(
            Message("command_compare.tables_without_out"), fix=Message("command_compare.give_out")
        )


def endowment_option(command: Command) -> Command:
    """The option that gives every fund the same money."""

    @wraps(command)
    def around(
        *args: Any, endowment: str | None, assumptions: tuple[str, ...], **options: Any
    ) -> Any:
        if endowment is not None:
            assumptions = (*assumptions, f"endowment={endowment}")
        return command(*args, assumptions=assumptions, **options)

    return click.option(
        "--endowment",
        metavar="AMOUNT",
        help="Give every fund this money, once when the simulation begins, in place of its own.",
    )(around)  # type: ignore[return-value]  # it takes what the command takes, and an option


def reform_options(command: Command) -> Command:
    """The options that change a policy's rules in the middle of the years."""

    @wraps(command)
    def around(
        *args: Any, announced: int | None, assumptions: tuple[str, ...], **options: Any
    ) -> Any:
        if announced is not None:
            assumptions = (*assumptions, f"behaviour.announced={announced}")
        return command(*args, assumptions=assumptions, **options)

    for option in (
        click.option("--announced", type=click.IntRange(0, 120), metavar="MONTHS",
                     help="How long before a reform committees know of it and may wait; "
                     "the scenario says 0."),
        click.option("--binding", multiple=True, metavar="WHAT=WHEN",
                     help="Which rules bind what is under way at a reform, as investment=end: "
                     "idea, application or queue=decided|begun, investment=start|grant|end, "
                     "claim=settled|due. May be repeated."),
        click.option("--reform", "reforms", multiple=True, metavar="POLICY:MONTH",
                     help="Put another policy in force from a month, as norrkoping@2022:2015-01, "
                     "or change a clause, as return_model.share=0.5:2015-01. May be repeated."),
    ):  # fmt: skip
        around = option(around)
    return around  # type: ignore[return-value]  # it takes what the command takes, and an option
