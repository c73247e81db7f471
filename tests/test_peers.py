"""The small fund of the benchmarks: every library that is there comes to the same balances."""

from __future__ import annotations

import importlib
import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
OTHERS = {"salabim": "salabim_fund", "mesa": "mesa_fund", "ciw": "ciw_fund"}


@pytest.fixture(scope="module")
def fund() -> Iterator[ModuleType]:
    """The small fund, from the folder of the benchmarks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        yield importlib.import_module("peers_fund")


def test_simpy_gives_the_balances_of_a_plain_loop(fund: ModuleType) -> None:
    """To the krona, in every month of every replication."""
    for number in range(20):
        given = fund.drawn(number)
        assert fund.in_simpy(given) == fund.plain(given)


def test_the_money_runs_out_and_comes_back(fund: ModuleType) -> None:
    """The model is worth telling: some are refused for want of money, and some pay back."""
    given = fund.drawn(0)
    balances = fund.plain(given)
    assert len(balances) == fund.MONTHS
    assert min(balances) < max(given.costs)
    assert any(later > earlier for earlier, later in itertools.pairwise(balances))


@pytest.mark.parametrize("library", OTHERS)
def test_the_others_give_them_too(fund: ModuleType, library: str) -> None:
    """Every library that is installed comes to the same balances."""
    timing, others = map(importlib.import_module, ("peers_timing", "peers_fund_others"))
    why = timing.absence(library)
    if why:
        pytest.skip(f"{library} is {why}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = getattr(others, OTHERS[library])()
        for number in range(3):
            given = fund.drawn(number)
            assert model(given) == fund.plain(given)
