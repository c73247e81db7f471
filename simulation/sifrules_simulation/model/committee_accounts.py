"""The accounts of each committee (nämnd): what it was granted, what it paid back, what it saves.

The committees of a simulated municipality are alike but for chance: over many replications
the first has what the second has. So they are given in order, from the one that gains most.
"""

from __future__ import annotations

from math import fsum

import numpy as np
from numpy.typing import NDArray

from sifrules.plugin.simulation import Portfolio, committee_name
from sifrules.policy.ledger import FRAMES
from sifrules_simulation.model.measures import lasting


def committee_accounts(portfolio: Portfolio) -> NDArray[np.float64]:
    """What each committee was granted, paid back and saves, in kronor; the one that gains first.

    In order of what it gains: what it saves less what it paid back.
    """
    accounts = accounts_by_committee(portfolio)
    return accounts[np.argsort(accounts[:, 1] - accounts[:, 2], kind="stable")]


def accounts_by_committee(portfolio: Portfolio) -> NDArray[np.float64]:
    """What each committee was granted, paid back and saves, in kronor, by its number.

    The shape is committees × those three. What it saves is its share of the municipal effects, by
    the shares in which the costs fall, over their whole lifetime.
    """
    kept = portfolio.parameters["effects.kept_without"]
    granted = portfolio.granted
    effects = [each.idea.effect * lasting(each, kept) - each.early_costs for each in granted]
    rows = []
    for number in range(int(portfolio.parameters["municipality.committees"])):
        name = committee_name(number)
        shares = [float(each.idea.gains.get(name, 0)) for each in granted]
        rows.append(
            (
                sum(each.applied_for for each in granted if each.idea.committee == number),
                -portfolio.ledger.balance(FRAMES, name),
                fsum(share * effect for share, effect in zip(shares, effects, strict=True)),
            )
        )
    return np.array(rows, dtype=float).reshape(-1, 3) / 100
