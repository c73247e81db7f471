"""What cannot be simulated is left out by name, and what grants nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import frozen

from sifrules import Guideline, LocalizedText, Part, SifError, Slot, hookimpl, registry
from sifrules.plugin.registry import Registry
from sifrules.rules.rulebook import Stage
from sifrules.rules.vocabulary import application
from sifrules_simulation import compare, explore, scenario
from sifrules_simulation.analysis.run_notes import run_notes
from sifrules_simulation.model.structure_notes import structure_notes
from sifrules_simulation.results.reader import read_results

Sif = Callable[..., Any]


@frozen(kw_only=True)
class Unknown(Part):
    """A demand that reads what no world draws."""

    slot: ClassVar[Slot] = Slot.CRITERIA
    kind: ClassVar[str] = "unknown"
    words: ClassVar[LocalizedText] = LocalizedText(sv="ett krav", en="a demand")

    def rules(self) -> Any:
        yield self.rule(Stage.APPLICATION, application.external_actor, self.words, "unknown")


class Ours:
    """A plugin with one policy that nobody can simulate, and one whose part fails."""

    def __init__(self, faulty: type[Part]) -> None:
        self.parts = [Unknown, faulty]

    @hookimpl
    def sifrules_parts(self) -> Any:
        return self.parts

    @hookimpl
    def sifrules_guidelines(self) -> Any:
        cite = {"cite": "guideline2016: p. 7"}
        yield Guideline(
            {"base": "orebro@2016", "id": "unknown@2024",
             "criteria": {"ours": {"kind": "unknown", **cite}}}, "unknown",
        )  # fmt: skip
        yield Guideline(
            {"base": "orebro@2016", "id": "faulty@2024",
             "funding": {"kind": "faulty_funding", **cite}}, "faulty",
        )  # fmt: skip


@pytest.fixture(scope="module")
def ours(faulty_funding: type[Part]) -> Registry:
    """All that is installed, and our plugin."""
    return registry(extra={"ours": Ours(faulty_funding)})


def _notes(result: Any) -> list[str]:
    return [str(note) for note in run_notes(result)]


@pytest.mark.parametrize(
    ("policy", "why"),
    [("unknown@2024", "application.external_actor"), ("faulty@2024", "ZeroDivisionError: by hand")],
)
def test_a_policy_that_cannot_be_simulated_is_left_out_and_the_rest_compared(
    ours: Registry, policy: str, why: str
) -> None:
    """Its name and the reason stand in the notes; the others have the figures they always have."""
    found = compare([policy, "orebro@2016"], replications=2, years=2, registry=ours)
    alone = compare(["orebro@2016"], replications=2, years=2, registry=ours)
    assert found.labels == ("orebro@2016",)
    assert found.mean("orebro@2016", "grants") == alone.mean("orebro@2016", "grants")
    (note,) = _notes(found)
    assert note.startswith(f"left out, as it cannot be simulated: {policy}")
    assert why in note


def test_a_policy_that_cannot_be_simulated_is_refused_where_all_depends_on_it(
    ours: Registry,
) -> None:
    """Alone, or as the baseline."""
    with pytest.raises(SifError, match=r"application\.external_actor"):
        compare(["unknown@2024"], replications=2, years=2, registry=ours)
    with pytest.raises(SifError, match="ZeroDivisionError"):
        compare(
            ["orebro@2016", "faulty@2024"], baseline="faulty@2024", replications=2, years=2,
            registry=ours,
        )  # fmt: skip


def test_a_policy_that_never_grants_is_noted_in_every_output(sif: Sif, tmp_path: Path) -> None:
    """With the rule that speaks against most; in table, JSON and what a report reads."""
    never = tmp_path / "never.toml"
    never.write_text(
        'base = "orebro@2016"\nid = "never@2024"\n[caps.none]\n'
        'kind = "amount_per_investment"\nlimit = 1\ncite = "guideline2016: p. 7"\n'
    )
    asked = ("compare", str(never), "orebro@2016", "--replications", "3", "--years", "2")
    table = sif(*asked, "--out", str(tmp_path / "out"))
    said = "never@2024: nothing is granted in any of 3 simulated worlds"
    assert said in " ".join(table.out.split())
    assert any(said in note["en"] for note in sif(*asked, "--format", "json").data["notes"])
    saved = read_results(tmp_path / "out")
    assert any(said in note["en"] for note in saved.described("never@2024")["notes"])
    assert not saved.described("orebro@2016")["notes"]


def test_where_there_is_no_fund_that_is_why_nothing_is_granted(sif: Sif) -> None:
    """In Swedish too."""
    ran = sif("compare", "botkyrka@2018", "--replications", "2", "--years", "2", "--lang", "sv")
    assert "botkyrka@2018: det finns ingen fond, så inget beviljas" in ran.out


def test_that_a_lead_before_reforms_is_of_no_use_is_noted() -> None:
    """Where no rules change."""
    for policy, noted in (("orebro@2016", True), ("orebro", False)):
        around = scenario("orebro").changed({"behaviour.announced": 12})
        notes = _notes(compare(policy, scenario=around, replications=2, years=4, jobs=1))
        assert any("has no effect, as no rules change" in note for note in notes) is noted


def test_a_comparison_says_what_stands_in_as_an_exploration_does() -> None:
    """Both have the same notes, each with its words in both languages."""
    size: Any = {"replications": 1, "years": 1, "jobs": 1}
    compared = compare("norrkoping", **size).notes
    explored = explore("norrkoping", None, None, "ideas", **size).notes
    assert [each.en for each in compared if "assumed" in each.en]
    assert {each.sv for each in explored} <= {each.sv for each in compared}


@pytest.mark.parametrize(
    ("settings", "noted"),
    [
        (("structure.shifted_costs=outside", "effects.shifted=0.4"), "40\u00a0%"),
        (("structure.evaluation=fixed_date",), "handling.start_lag"),
        (("structure.evaluation=fixed_date", "handling.start_lag=3"), None),
        ((), None),
    ],
)
def test_an_alternative_that_changes_what_a_figure_means_is_noted(
    settings: tuple[str, ...], noted: str | None
) -> None:
    """Savings that others pay for, and a fixed date that is no other date in the scenario."""
    said = [note.text("sv") for note in structure_notes(scenario().assuming(settings))]
    assert [noted in each for each in said if noted] == [True] * (noted is not None)
    assert len(said) == (noted is not None)


def test_a_parameter_that_is_stated_and_not_used_is_noted() -> None:
    """Until the alternative that it acts with is taken, or where it is as in the default one."""
    stated = scenario().with_values({"effects.early_rise": 0.75})
    (note,) = structure_notes(stated)
    assert "effects.early_rise" in note.en
    assert "structure.early_costs=rise" in note.en
    assert not list(structure_notes(stated.assuming(("structure.early_costs=rise",))))
    assert not list(structure_notes(scenario()))


def test_where_nothing_is_granted_it_is_said_why() -> None:
    """That no idea arises, or that nobody applies, is not taken for a want of money."""
    few: dict[str, Any] = {"replications": 1, "years": 1, "jobs": 1}
    none = scenario().changed({"ideas.flow": 0, "ideas.stock": 0})
    nobody = scenario().changed({"ideas.attention": 0})
    said = [_notes(compare("orebro@2016", scenario=each, **few))[-1] for each in (none, nobody)]
    assert "no idea arises in any of 1" in said[0]
    assert "no committee applies in any of 1" in said[1]


def test_facts_for_which_values_stand_in_are_named_with_them(sif: Sif, tmp_path: Path) -> None:
    """Options and numbers of the guideline's own are nobody's finding; a study says so too."""
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'base = "orebro@2016"\nid = "mine@2024"\n'
        '[facts."application.pupils"]\n'
        'kind = "count"\nsv = "elever"\nen = "pupils"\nleast = 20\nmost = 300\n'
        '[facts."application.place"]\n'
        'kind = "choice"\noptions = ["a", "b"]\nsv = "plats"\nen = "place"\n'
        '[criteria.pupils]\nkind = "fact"\ncite = "guideline2016: 1"\n'
        'fact = "application.pupils"\nat_least = 25\n'
        '[criteria.place]\nkind = "fact"\ncite = "guideline2016: 1"\n'
        'fact = "application.place"\none_of = ["a"]\n'
    )
    mine_alone = _notes(compare([str(mine)], replications=1, years=1))
    (note,) = [each for each in mine_alone if "are assumed" in each]
    assert "pupils (application.pupils): 20 to 300" in note
    assert "place (application.place): one of the options" in note
    assert "are assumed" not in " ".join(_notes(compare(["lulea@2024"], replications=1, years=1)))
    args = ("--draws", "2", "--years", "1", "--replications", "2", "--cause-replications", "0")
    study = sif("study", "return-flow", "--policy", str(mine), *args, "--no-calibrate").out
    assert "pupils (application.pupils): 20 to 300" in study
