"""Facts of the invented municipality alone, not of plugins made from it."""

from sifrules import ore, registry, replay


def test_the_plugin_is_found_by_its_entry_point_and_is_fine() -> None:
    """Installed, the plugin is there with its distribution and without problems."""
    plugin = next(each for each in registry().plugins if each.name == "exempelby")
    assert (plugin.distribution, plugin.problems) == ("sifrules-example", ())


def test_it_offers_a_guideline_and_a_proposal() -> None:
    """One needs no code, the other does."""
    assert registry().offered_by("exempelby") == ("exempelby@2024", "exempelby@2025")


def test_every_value_of_the_guideline_is_cited() -> None:
    """No clause of the guideline stands without its citation."""
    policy = registry().policy("exempelby@2024")
    uncited = [c.path for c in policy.clauses if c.citation is None and c.value.en != "–"]
    assert uncited == []


def test_the_record_is_replayed_to_the_krona() -> None:
    """What is left of the fund is what was set aside less what was granted."""
    assert replay(registry(), "exempelby").available == ore(7_500_000)
