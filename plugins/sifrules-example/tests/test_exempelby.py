"""What a plugin's own tests look like: every promise, and what is its own."""

from collections.abc import Callable

from sifrules import Registry, ore, replay
from sifrules.testing import Outcome, PolicyConformance


class TestExempelby(PolicyConformance):
    """Sources, dates, ids, both engines, exact money, both languages, every worked case."""

    plugin = "exempelby"


def test_it_is_found_by_its_entry_point(sif_registry: Registry) -> None:
    """Installed, the plugin is there with its distribution."""
    (plugin,) = [each for each in sif_registry.plugins if each.name == "exempelby"]
    assert plugin.distribution == "sifrules-example"


def test_half_the_cost_comes_back_whatever_the_effect(tried: Callable[..., Outcome]) -> None:
    """And a fourth more once an effect is shown."""
    project = {"cost": 2_000_000, "start": "2024-09", "months": 24}
    assert tried("exempelby@2024", investment={**project, "failed": True}).returned == 1_000_000
    assert "effect shown" in tried("exempelby@2024", investment={**project, "effect": 1}).why(
        "part"
    )


def test_the_record_is_replayed_to_the_krona(sif_registry: Registry) -> None:
    """What is left of the fund is what was set aside less what was granted."""
    assert replay(sif_registry, "exempelby").available == ore(7_500_000)
