"""The record beside the model: year by year, for one municipality alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from sifrules import Registry, registry
from sifrules.errors import SifError
from sifrules.plugin.timelines import timeline
from sifrules.values.dates import Month
from sifrules_simulation import scenario
from sifrules_simulation.analysis.record_years import (
    ComparedRecord,
    compare_record,
    municipalities,
    recorded_numbers,
)
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.replication import simulate
from sifrules_simulation.model.world import world
from sifrules_simulation.presentation.record_tables import record_notes, record_table
from sifrules_simulation.presentation.report import page, workbook
from sifrules_simulation.results.reader import read_results
from sifrules_simulation.results.record_data import record_frame, record_json

Sif = Callable[..., Any]
HERE = Running(jobs=1)
MSEK = 1_000_000


@pytest.fixture(scope="module")
def towns() -> Registry:
    """All that is installed."""
    return registry()


@pytest.fixture(scope="module")
def sodertalje(towns: Registry) -> ComparedRecord:
    """Södertälje's record, in a few worlds."""
    return compare_record(towns, "sodertalje", replications=6, running=HERE)


def _of(towns: Registry, key: str, what: str) -> dict[str, float | None]:
    numbers = recorded_numbers(towns.history(key), scenario(key).begins)
    return {str(each.period): each.value for each in numbers if each.what == what}


def test_the_record_is_told_by_year_as_the_sources_have_it(towns: Registry) -> None:
    """Södertälje's table: paid out and handed back by year, grants and kronor by decision."""
    paid = _of(towns, "sodertalje", "paid_out")
    back = _of(towns, "sodertalje", "handed_back")
    assert [(paid[year] or 0) - (back[year] or 0) for year in list(paid)[3:]] == [
        1_300_000,
        5_350_000,
        6_200_000,
    ]
    assert list(_of(towns, "sodertalje", "granted").values()) == [0, 0, 12e6, 6e6, 4.5e6, 0]


def test_what_a_total_tells_beyond_the_list_stands_in_its_period(towns: Registry) -> None:
    """Norrköping's two later grants are known for 2014 to May 2018, and for no year of it."""
    grants = _of(towns, "norrkoping", "grants")
    assert grants["2014-01/2018-05"] == 2
    assert grants["2014-01/2014-12"] is None
    assert grants["2011-01/2011-12"] == 2


def test_a_rough_number_is_marked(towns: Registry) -> None:
    """Örebro's ideas are about fifty and its grants by year are exact."""
    numbers = recorded_numbers(towns.history("orebro"), scenario("orebro").begins)
    assert [each.about for each in numbers if each.what == "ideas"] == [True]
    assert not any(each.about for each in numbers if each.what == "grants")


def test_the_numbers_of_a_simulated_fund_are_those_of_its_books(towns: Registry) -> None:
    """Paid out year by year is what the ended investments have used; grants are the ideas'."""
    around = scenario("sodertalje")
    numbers = recorded_numbers(towns.history("sodertalje"), around.begins)
    design = comparison_design(towns, [timeline(towns, "sodertalje")], scenario=around, years=6)
    setup = evolve(design.setup(0), scalar=True)
    portfolio = next(
        found
        for found in (
            simulate(setup, world(around, 6, 1, number, design.switches), 6) for number in range(20)
        )
        if any(life.spent for life in found.lives)
    )
    found = {
        what: sum(each.of(portfolio, around.begins) for each in numbers if each.what == what)
        for what in ("grants", "granted", "paid_out", "handed_back")
    }
    granted = portfolio.granted
    assert found["grants"] == len(granted) > 0
    assert found["granted"] == sum(life.applied_for for life in granted) / 100
    ended = [life for life in granted if life.ended_in is not None]
    used = sum(life.spent for life in ended) / 100
    assert found["paid_out"] >= used > 0
    assert found["paid_out"] + found["handed_back"] <= found["granted"]
    assert found["handed_back"] == sum(life.applied_for - life.spent for life in ended) / 100


def test_the_band_is_of_its_own_scenario_and_says_what_lies_outside(
    sodertalje: ComparedRecord,
) -> None:
    """Every row has a band that holds its mean's worlds; unknown numbers are not judged."""
    assert (sodertalje.scenario, sodertalje.policy) == ("sodertalje", "sodertalje@2015")
    assert (sodertalje.begins, sodertalje.years) == (Month(2013, 1), 6)
    for row in sodertalje.rows:
        assert row.band.low <= row.band.median <= row.band.high
        assert (row.inside is None) == (row.number.value is None)
    assert any("not known; the model applies" in note.text("en") for note in sodertalje.notes)


def test_the_table_and_the_export_are_of_the_same_rows(sodertalje: ComparedRecord) -> None:
    """What is saved is what is shown, in both languages."""
    data = record_json(sodertalje)
    assert len(record_frame([data])) == len(data["rows"]) == len(record_table(data, "en").rows)
    (_, period, record, *_), *_ = record_table(data, "sv").rows
    assert (period, record) == ("2016–2017", "0")
    known = sum(row["inside"] is not None for row in data["rows"])
    assert f"of {known} known numbers" in "\n".join(record_notes(data, "en"))


def test_a_municipality_without_a_scenario_is_refused(towns: Registry) -> None:
    """Nothing is foreseen in another municipality's world."""
    assert municipalities(towns, ["malmo@2016", "orebro@2013 then x", "orebro"]) == ("orebro",)
    with pytest.raises(SifError, match="no scenario of its own"):
        compare_record(towns, "malmo", replications=1, running=HERE)


@pytest.mark.once
def test_a_comparison_has_the_record_beside_it_saved_and_in_the_report(
    sif: Sif, tmp_path: Path
) -> None:
    """With --record the table is shown, saved with the results, and in page and workbook."""
    out = tmp_path / "out"
    ran = sif("compare", "norrkoping@2010", "malmo@2016", "--record", "--replications", "2",
              "--years", "3", "--jobs", "1", "--out", str(out))  # fmt: skip
    assert "What happened in Norrköping" in ran.out
    assert "--record: malmo@2016 have no record" in ran.out
    assert (out / "record.parquet").is_file()
    saved = read_results(out)
    assert 'id="record"' in page.page(saved, "sv")
    (sheet,) = (each for each in workbook.sheets(saved, "sv") if each.name == "Utfall")
    assert len(sheet.rows) == len(saved.records[0]["rows"])
    data = sif("compare", "norrkoping@2010", "--record", "--replications", "2", "--years", "3",
               "--jobs", "1", "--format", "json").data  # fmt: skip
    (record,) = data["records"]
    assert record["policy"] == "norrkoping"
    assert record["years"] == 8
