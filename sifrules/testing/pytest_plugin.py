"""The pytest plugin: fixtures for testing guidelines and plugins.

pytest imports this module in every run, so nothing of sifrules is imported here before a
fixture is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from sifrules import FundPolicy, Registry
    from sifrules.testing.outcome import TrialResult


@pytest.fixture(scope="session")
def sif_registry() -> Registry:
    """The installed plugins and all that they offer."""
    from sifrules import registry

    return registry()


@pytest.fixture(scope="session")
def sif_policy(sif_registry: Registry) -> Callable[..., FundPolicy]:
    """Finds a policy by id or TOML file, values changed: ``sif_policy("orebro@2016", "a.b=1")``."""

    def find(name: str | Path, *settings: str) -> FundPolicy:
        return sif_registry.policy(name, settings)

    return find


@pytest.fixture(scope="session")
def toy_policy() -> Callable[..., FundPolicy]:
    """Makes the toy policy, tables at the top replaced, or taken out by None."""
    from sifrules.testing import toy_policy

    return toy_policy


@pytest.fixture(scope="session")
def toy_facts() -> Callable[..., dict[str, Any]]:
    """Makes facts which meet the toy policy, some replaced, or taken out by None."""
    from sifrules.testing import toy_facts

    return toy_facts


@pytest.fixture(scope="session")
def tried() -> Callable[..., TrialResult]:
    """Tries a policy, with an answer in the field's words."""
    from sifrules.testing import try_policy

    return try_policy
