"""What committees bear: it adds up to what the fund granted, was paid, and brought about."""

from __future__ import annotations

import numpy as np
import pytest

from sifrules import Registry
from sifrules_simulation import compare
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.breakdowns import COMMITTEES
from sifrules_simulation.model.committee_accounts import committee_accounts
from sifrules_simulation.model.measures import (
    administration,
    granted,
    net_municipal_saving,
    returned,
)

PAIR = ["orebro@2016", "norrkoping@2022"]


def test_all_committees_together_bear_what_the_measures_count(everything: Registry) -> None:
    """Kronor granted; paid back, the fee among it; and effects, whose costs fall in total."""
    experiment = comparison_design(everything, PAIR, years=8)
    for policy in range(2):
        for replication in range(4):
            portfolio = experiment.portfolio(policy, replication)
            sums = dict(
                zip(COMMITTEES.columns, committee_accounts(portfolio).sum(axis=0), strict=True)
            )
            assert sums["granted"] == granted(portfolio)
            fees = portfolio.ledger.balance("administration") / 100
            assert sums["returned"] == pytest.approx(returned(portfolio) + fees)
            assert COMMITTEES.columns["returned"].words.en == "paid back, fees with it"
            saved = sums["effect"] - portfolio.ledger.balance("spent") / 100
            saved -= administration(portfolio)
            assert saved == pytest.approx(net_municipal_saving(portfolio))


def test_committees_stand_in_order_of_what_they_gain() -> None:
    """In every replication, and so in the means."""
    found = compare(PAIR, replications=6, years=8)
    table = found.table("committees")
    assert table.columns[:4] == ["policy", "committee", "measure", "mean"]
    for policy in PAIR:
        means = {
            name: table.filter(policy=policy, measure=name)["mean"].to_numpy()
            for name in COMMITTEES.columns
        }
        assert (np.diff(means["effect"] - means["returned"]) <= 0).all()
        assert means["granted"].sum() == pytest.approx(found.mean(policy, "granted").mean)
        assert len(means["granted"]) == found.experiment.committees
