"""A command of its own: ``sif exempelby-districts``, the priority districts and their sources."""

from __future__ import annotations

import click

from sifrules import registry
from sifrules_example.own.criterion import DistrictOrShare


@click.command("exempelby-districts")
@click.argument("policy", default="exempelby@2025")
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change a value.")
def districts(policy: str, settings: tuple[str, ...]) -> None:
    """List the priority districts of a POLICY (an id or a file), and where they are stated.

    \b
    Example:
      sif exempelby-districts
    """
    for part in registry().policy(policy, settings).criteria:
        if isinstance(part, DistrictOrShare):
            for name in part.priority:
                click.echo(f"{name}: {part.cite('priority')}")
