"""What several test modules need: a toy policy, a bare registry, the command line in process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from attrs import frozen
from hypothesis import settings

import sifrules_policies.plugin as parts_plugin
from sifrules import FundPolicy, Guideline, Registry, hookimpl, registry
from sifrules.cli import main
from sifrules.cli.common import the_registry

settings.register_profile("sifrules", deadline=None, max_examples=60)
settings.load_profile("sifrules")

TOY_ID = "toy@2020"


class _Offering:
    """A plugin that offers guidelines."""

    def __init__(self, guidelines: tuple[Guideline, ...]) -> None:
        self._guidelines = guidelines

    @hookimpl
    def sifrules_guidelines(self) -> tuple[Guideline, ...]:
        return self._guidelines


def _tree() -> dict[str, Any]:
    return {
        "id": TOY_ID,
        "municipality": "Toy",
        "title": "Toy guideline",
        "documents": {
            "guide": {"title": "The guideline", "date": "2020"},
            "report": {"title": "The report", "reference": "KS 1/2021"},
        },
        "funding": {"kind": "endowment", "cite": "guide: 1", "amount": 1_000_000},
        "criteria": {"areas": {"kind": "minimum_areas", "cite": "guide: 2", "areas": 2}},
        "return_model": {
            "kind": "return_flow",
            "cite": "guide: 3",
            "share": 1,
            "bounded_by_effect": True,
            "floor": Decimal("0.3"),
        },
    }


@pytest.fixture(scope="session")
def toy() -> Callable[..., Guideline]:
    """Makes the toy guideline, tables at the top replaced, or taken out by None."""

    def make(**tables: object) -> Guideline:
        tree = {**_tree(), **tables}
        return Guideline({k: v for k, v in tree.items() if v is not None}, "toy.toml")

    return make


@pytest.fixture(scope="session")
def registry_of() -> Callable[..., Registry]:
    """Makes a registry of the shipped parts, some guidelines and some plugins by name."""

    def make(*guidelines: Guideline, **plugins: object) -> Registry:
        extra: Mapping[str, object] = {
            "parts": parts_plugin,
            "toy": _Offering(guidelines),
            **plugins,
        }
        return registry(off=["all"], extra=extra)

    return make


@pytest.fixture(scope="session")
def policy_of(
    toy: Callable[..., Guideline], registry_of: Callable[..., Registry]
) -> Callable[..., FundPolicy]:
    """Builds the toy policy, tables at the top replaced, or taken out by None."""

    def make(**tables: object) -> FundPolicy:
        guideline = toy(**tables)
        return registry_of(guideline).policy(guideline.id)

    return make


@pytest.fixture
def durable_engine() -> Any:
    """The module of the durable engine; the test is skipped where it is not installed."""
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed here")
    from sifrules.engines import durable

    return durable


@frozen
class Ran:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer that was asked for as JSON."""
        return json.loads(self.out)


@pytest.fixture
def sif(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line in this process."""

    def run(*args: str) -> Ran:
        the_registry.cache_clear()
        with pytest.raises(SystemExit) as left:
            main(list(args))
        captured = capsys.readouterr()
        return Ran(int(left.value.code or 0), captured.out, captured.err)

    return run
