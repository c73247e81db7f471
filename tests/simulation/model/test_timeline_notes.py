"""Notes on a timeline name the rules that the simulated months see."""

from __future__ import annotations

from sifrules.plugin.registry import Registry
from sifrules.plugin.timelines import timeline
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods
from sifrules_simulation.model.completion import fill_unstated
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.timeline_notes import timeline_notes


def codes(policy: FundPolicy, around: Scenario) -> dict[str, str]:
    """The notes on a timeline over fifteen years, by code."""
    return {note.code: note.text("en") for note in timeline_notes("it", policy, around, 15)}


def test_what_was_replaced_before_the_first_month_is_not_said_to_hold(
    everything: Registry, plain: Scenario
) -> None:
    """The guideline in force in the first month holds, and nothing is read of earlier ones."""
    found = codes(timeline(everything, "norrkoping"), plain)
    assert found["timeline_note.begins"] == "it: at the beginning norrkoping@2022 holds"
    assert "timeline_note.before" in found
    assert not found.keys() & {"timeline_note.gap_read_in", "timeline_note.transition"}


def test_a_provision_within_the_simulated_months_is_applied_and_said(
    everything: Registry, plain: Scenario
) -> None:
    """From when nothing is returned, and how the year that is left open is read."""
    around = plain.assuming(("begins=2015",))
    filled, _ = fill_unstated(everything, timeline(everything, "norrkoping"), around)
    found = codes(filled, around)
    assert found["timeline_note.transition"].endswith("what starts after 2021 returns nothing")
    assert "for starts in 2021;" in found["timeline_note.gap_read_in"]


def test_a_reform_that_is_tried_sets_aside_a_provision_that_has_passed(
    everything: Registry, plain: Scenario
) -> None:
    """Its dates are another reform's; so is done where one guideline holds all through."""
    tried = timeline(everything, "norrkoping@2010", reforms=["return_model.share=0.5:2030-01"])
    filled, changes = fill_unstated(everything, tried, plain)
    assert changes == fill_unstated(everything, everything.policy("norrkoping@2010"), plain)[1]
    assert [getattr(each.return_model, "transition", 1) for _, each in periods(filled)] == [
        None,
        None,
    ]
    assert not codes(filled, plain).keys() & {"timeline_note.transition"}
