"""Timelines by name, out of a file and by reforms; what is impossible is refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import Registry, SifError, registry
from sifrules.plugin.timelines import timeline
from sifrules.policy.binding import Binding
from sifrules.policy.timeline import in_force, periods, remarks
from sifrules.values.dates import Month

Sif = Callable[..., Any]


@pytest.fixture(scope="module")
def towns() -> Registry:
    """All that is installed."""
    return registry()


@pytest.mark.parametrize(
    ("town", "expected"),
    [
        ("norrkoping", [(None, "norrkoping@2010"), ("2022-01", "norrkoping@2022")]),
        ("orebro", [(None, "orebro@2013"), ("2016-09", "orebro@2016")]),
        ("sodertalje", [(None, "sodertalje@2015")]),
    ],
)
def test_a_municipality_is_its_guidelines_in_their_order(
    towns: Registry, town: str, expected: list[tuple[str | None, str]]
) -> None:
    """A proposal was never in force, and is not among them."""
    found = periods(timeline(towns, town))
    assert [(since and str(since), each.id) for since, each in found] == expected


def test_the_guideline_in_force_follows_the_month(towns: Registry) -> None:
    """The month of a reform is the first under the new rules."""
    norrkoping = timeline(towns, "norrkoping")
    assert in_force(norrkoping, Month(2021, 12)).id == "norrkoping@2010"
    assert in_force(norrkoping, Month(2022, 1)).id == "norrkoping@2022"


def test_reforms_are_put_one_after_the_other(towns: Registry) -> None:
    """A policy by name, then a clause of what is in force by then."""
    found = timeline(
        towns, "orebro@2013", reforms=["orebro@2016:2014-01", "return_model.floor=0:2015-07"]
    )
    assert found.id == (
        "orebro@2013 then orebro@2016 from 2014-01 and return_model.floor=0 from 2015-07"
    )
    last: Any = found.reforms[-1].policy.return_model
    assert last.floor == 0
    assert len(found.reforms[-1].policy.caps) == 1


def test_a_change_is_made_in_every_guideline_that_takes_it(towns: Registry) -> None:
    """And refused where none does."""
    found = timeline(towns, "norrkoping", ["return_model.transition.gap=no_return"])
    gaps = [each.return_model.transition.gap for _, each in periods(found)]  # type: ignore[union-attr]
    assert gaps == ["no_return", "no_return"]
    only = timeline(towns, "norrkoping", ["return_model.share=0.5"])
    assert next(getattr(each.return_model, "share", None) for _, each in periods(only)) == 0.5
    with pytest.raises(SifError):
        timeline(towns, "norrkoping", ["return_model.nonsense=1"])
    with pytest.raises(SifError, match="nonsense"):
        timeline(towns, "norrkoping", ["return_model.share=0.5", "return_model.nonsense=1"])


@pytest.mark.parametrize(
    ("reforms", "said"),
    [
        (["orebro@2016"], "'orebro@2016' is no reform"),
        (["orebro@2016:soon"], "month"),
        (["orebro@2016:2014-13"], "month"),
        (["nowhere@1:2014-01"], "nowhere@1"),
        (["orebro@2016:2015-01", "norrkoping@2022:2015-01"], "both hold from 2015-01"),
        (["orebro@2016:2015-02", "norrkoping@2022:2015-01"], "comes after"),
        (["orebro@2016:2012-01"], "2012-01 is before the fund"),
        (["return_model.nonsense=1:2015-01"], "nonsense"),
    ],
)
def test_a_reform_that_cannot_be_is_refused_in_a_sentence(
    towns: Registry, reforms: list[str], said: str
) -> None:
    """What is wrong, in words that name it."""
    with pytest.raises(SifError, match=said.replace("'", ".")):
        timeline(towns, "orebro@2013", reforms=reforms)


@pytest.mark.parametrize("binding", ["nonsense=end", "investment=never", "investment"])
def test_a_binding_that_cannot_be_is_refused(towns: Registry, binding: str) -> None:
    """Both by its name and by its value."""
    with pytest.raises(SifError):
        timeline(towns, "orebro@2013", reforms=["orebro@2016:2014-01"], binding=[binding])


@pytest.mark.parametrize(
    ("reforms", "binding", "said"),
    [
        ((), ("investment=end",), "nothing to bind"),
        (("orebro@2016:2014-01",), ("investment=end", "investment=grant"), "set already"),
    ],
)
def test_a_binding_that_is_of_no_use_or_given_twice_is_refused(
    towns: Registry, reforms: tuple[str, ...], binding: tuple[str, ...], said: str
) -> None:
    """It would otherwise be dropped without a word."""
    with pytest.raises(SifError, match=said):
        timeline(towns, "orebro@2013", reforms=reforms, binding=binding)


FILE = """
id = "norrkoping@earlier"

[[timeline]]
policy = "norrkoping@2010"

[[timeline]]
policy = "norrkoping@2022"
from = "2015-01"

[binding]
investment = "end"
"""


def test_a_file_lists_guidelines_and_what_binds_what(towns: Registry, tmp_path: Path) -> None:
    """Its id is what it says."""
    file = tmp_path / "earlier.toml"
    file.write_text(FILE, "utf-8")
    found = timeline(towns, file)
    assert found.id == "norrkoping@earlier"
    assert [str(since) for since, _ in periods(found)] == ["None", "2015-01"]
    assert found.binding == Binding(investment="end")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('from = "2015-01"', ""), "timeline[1].from"),
        (('from = "2015-01"', 'from = "2015"'), "timeline[1].from"),
        (('from = "2015-01"', 'form = "2015-01"'), "timeline[1].form"),
        (('policy = "norrkoping@2010"', 'policy = "norrkoping@1810"'), "norrkoping@1810"),
        (('policy = "norrkoping@2010"', 'policy = "norrkoping@2010"\nfrom = "2010-01"'), "from"),
        (('investment = "end"', 'investment = "never"'), "binding.investment"),
        (("[[timeline]]\npolicy", "[timeline]\npolicy"), "timeline"),
    ],
)
def test_a_faulty_file_is_refused_with_the_place(
    towns: Registry, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    """Every fault at its key."""
    file = tmp_path / "earlier.toml"
    file.write_text(FILE.replace(*change), "utf-8")
    with pytest.raises(SifError) as raised:
        timeline(towns, file)
    assert said in str(raised.value)


def test_what_the_sources_leave_open_is_remarked(towns: Registry) -> None:
    """A day within a month, and a guideline of another municipality."""
    kinds = [each.kind for each in remarks(timeline(towns, "orebro"))]
    assert kinds == ["part_of_month"]
    mixed = timeline(towns, "orebro@2013", reforms=["norrkoping@2022:2016-01"])
    assert [each.kind for each in remarks(mixed)] == ["other_municipality"]


def test_sif_show_tells_the_guidelines_of_a_municipality_and_what_each_changes(sif: Sif) -> None:
    """In both languages and as data."""
    shown = sif("show", "norrkoping", "--lang", "sv").out
    assert "januari 2022" in shown
    assert "Vad norrkoping@2022 ändrar" in shown
    data = sif("show", "norrkoping", "--format", "json").data
    assert [each["policy"] for each in data["periods"]] == ["norrkoping@2010", "norrkoping@2022"]
    assert any(each["path"] == "return_model" for each in data["changes"][0])


@pytest.mark.parametrize(
    "command", [("claims", "--cost", "1000000", "--start", "2015-01", "--months", "12"), ("diff",)]
)
def test_where_one_guideline_is_wanted_a_timeline_is_refused_in_a_sentence(
    sif: Sif, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """With what to do instead."""
    file = tmp_path / "earlier.toml"
    file.write_text(FILE, "utf-8")
    policy = (str(file), "orebro@2016") if command == ("diff",) else ("--policy", str(file))
    ran = sif(*command, *policy)
    assert ran.code == 2
    assert "the file is a timeline, and one guideline is wanted here" in ran.err
    assert ran.err.count("\n") == 1
