"""STAND-IN for ``sif validate`` and ``sif test`` of the testing kit."""

from __future__ import annotations

from pathlib import Path

import click

from sifrules.cli.common import the_registry
from sifrules.errors import SifError
from sifrules.testing import read_cases, run_case


@click.command()
@click.argument("policies", nargs=-1, required=True)
def validate(policies: tuple[str, ...]) -> None:
    """Whether guidelines (ids or files) are sound."""
    for policy in policies:
        click.echo(f"{the_registry().policy(policy).id}: fine")


@click.command()
@click.argument("cases", nargs=-1, required=True, type=click.Path(path_type=Path))
def test(cases: tuple[Path, ...]) -> None:
    """Try the worked cases of files."""
    wrong = []
    for file in cases:
        for case in read_cases(file):
            differences = run_case(case, the_registry().policy(case.policy, case.set))
            wrong += [f"{case.name}: {each}" for each in differences]
    if wrong:
        raise SifError("\n".join(wrong))
