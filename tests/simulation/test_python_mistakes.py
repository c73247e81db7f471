"""What Python code may give to the library: a value of the wrong kind is a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from sifrules import (
    LocalizedText,
    PartialDate,
    Portfolio,
    Prospect,
    Registry,
    SifError,
    registry,
    replay,
)
from sifrules_simulation import compare, experiment, explore, scenario, search

FEW: dict[str, Any] = {"replications": 2, "years": 1, "jobs": 1}


class Willing:
    """A behaviour that always applies."""

    words = LocalizedText(sv="villig", en="willing")

    def __init__(self, name: Any = "willing") -> None:
        self.name = name

    def given(self, _: Mapping[str, float]) -> Willing:
        return self

    def applies(self, _: Prospect) -> bool:
        return True


class Forgetful(Willing):
    """A behaviour whose method gives nothing back."""

    def applies(self, _: Prospect) -> Any:
        """Neither yes nor no."""


def broken(_: Portfolio) -> float:
    """a measure that cannot be taken"""
    raise LookupError("nothing there")


@pytest.fixture(scope="module")
def towns() -> Registry:
    """The installed plugins."""
    return registry()


@pytest.mark.parametrize(
    "when",
    [
        dt.date(2014, 5, 1),
        dt.datetime(2014, 5, 1, 12, 30),
        PartialDate.parse("2014-05"),
        "2014-05-01",
        "2014",
    ],
)
def test_a_date_may_be_written_in_every_usual_way(towns: Registry, when: Any) -> None:
    """A day, a moment, a partial date or a text; replays take them too."""
    assert towns.policy_on("orebro", when).id == "orebro@2013"
    assert replay(towns, "orebro", when).until.year == 2014


def test_a_date_may_be_a_timestamp_of_pandas(towns: Registry) -> None:
    """One that is no time is refused."""
    pandas = pytest.importorskip("pandas")
    assert towns.policy_on("orebro", pandas.Timestamp("2014-05-01")).id == "orebro@2013"
    with pytest.raises(SifError, match="expected a date"):
        towns.policy_on("orebro", pandas.NaT)


@pytest.mark.parametrize("when", ["tomorrow", None, 3.5, True, [2014]])
def test_what_is_no_date_is_refused(towns: Registry, when: Any) -> None:
    """With the ways to write one."""
    with pytest.raises(SifError, match="expected a date as 2013"):
        towns.policy_on("orebro", when)


def test_a_single_policy_and_a_single_switch_need_no_list() -> None:
    """An id alone is that policy, not its letters."""
    alone = compare("orebro@2016", off="cap", **FEW)
    assert alone.labels == ("orebro@2016",)
    assert alone.experiment.switches.off == ("cap",)
    assert registry().policy("orebro@2016", "return_model.floor=0.0").id.endswith("floor=0.0")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"policies": 5}, "expected an id, a file or a policy, or a list of them, got 5"),
        ({"behaviour": object()}, "expected the name of a behaviour, .*known: .*weighing"),
        ({"behaviour": 5}, "expected the name of a behaviour, got 5; known: .*weighing"),
        ({"behaviour": "weighting"}, "did you mean weighing"),
        ({"behaviour": Willing}, r"Willing is a class, .*: Willing\(\)"),
        ({"behaviour": Willing("weighing")}, "already is a behaviour 'weighing'"),
        ({"behaviour": Willing(None)}, "expected a name of the behaviour, got None"),
        ({"measures": "grants"}, "expected a measure or a function with a name, got 'grants'"),
        ({"measures": 5}, "expected a measure or a function with a name, got 5"),
    ],
)
def test_a_wrong_argument_of_a_comparison_is_refused(wrong: dict[str, Any], told: str) -> None:
    """Before anything is run."""
    with pytest.raises(SifError, match=told):
        compare(**{"policies": "orebro@2016", **FEW, **wrong})


def test_where_every_replication_failed_that_is_what_is_said() -> None:
    """A single measure needs no list either; its own error is reported, and not that none is kept.

    Whatever table is asked for.
    """
    failed = compare("orebro@2016", measures=broken, **FEW)
    for name in ("runs", "panel"):
        with pytest.raises(SifError, match=r"every replication failed.*nothing there"):
            failed.table(name)


def test_one_assumption_needs_no_list() -> None:
    """A text is that one, and not its letters."""
    assert scenario().assuming("behaviour.horizon=36").value("behaviour.horizon") == 36


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"behaviour.horizon": "36"}, "behaviour.horizon: expected a number, got '36'; give"),
        ({"behaviour.horizon": None}, "behaviour.horizon: expected a number, got None"),
        ({"behaviour.horizon": True}, "behaviour.horizon: expected a number, got True"),
        ({"behaviour.horizon": 10**400}, "behaviour.horizon: the number is too large"),
        ({5: 1}, "no parameter 5"),
        ("behaviour.horizon", "expected a table"),
    ],
)
def test_a_parameter_is_changed_to_a_number_only(values: Any, told: str) -> None:
    """A text, a truth value and a number without end are none."""
    with pytest.raises(SifError, match=told):
        scenario("default").changed(values)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"levers": {"return_model.share": 0.5}}, r"return_model\.share: .*range \(low, high\)"),
        ({"uncertainties": 5}, "names of parameters"),
        ({"uncertainties": [{"ideas.flow": (4, 12)}]}, "names of parameters"),
        ({"outcomes": None}, "list of names"),
        ({"outcomes": 5}, "list of names"),
        ({"tables": 3}, "list of names"),
        ({"jobs": 0}, "at least 1"),
        ({"jobs": "2"}, "at least 1"),
        ({"jobs": None, "scheduler": 8786}, "tcp://HOST:PORT"),
    ],
)
def test_what_an_exploration_cannot_take_is_a_sentence(asked: dict[str, Any], wrong: str) -> None:
    """Each kind of wrong value, with what was expected."""
    with pytest.raises(SifError, match=wrong):
        explore("orebro@2016", **{"outcomes": ["grants"], **FEW, **asked})


def test_what_an_experiment_and_a_search_cannot_take_is_a_sentence() -> None:
    """Values that are none, a search of nothing, and one that tries nothing."""
    with pytest.raises(SifError, match="values by path"):
        experiment("orebro@2016", None, None, ["grants"], years=1)(3)  # type: ignore[arg-type]
    pytest.importorskip("pymoo")
    for levers, tries in (({}, 8), ({"return_model.share": (0.0, 1.0)}, 0)):
        with pytest.raises(SifError, match=r"levers|evaluations"):
            search("orebro@2016", levers, maximise=["grants"], evaluations=tries, jobs=1)


def test_a_behaviour_that_answers_neither_yes_nor_no_fails() -> None:
    """One that forgets to return is not taken for one that never applies."""
    failed = compare("orebro@2016", behaviour=Forgetful("forgetful"), **FEW)
    assert failed.replications == 0
    with pytest.raises(SifError, match=r"Forgetful\.applies: expected true or false, got None"):
        _ = failed.runs
