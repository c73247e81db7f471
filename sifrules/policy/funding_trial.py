"""A trial of a policy's funding (prov av finansieringen): what it sets aside, year by year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

from sifrules.errors import shown
from sifrules.policy.contracts import funding_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Funding

#: The years that are tried, and what is left in the fund when each begins (öre).
YEARS = range(10)
LEFT = (0, 1, 100_000_000)


def funding_faults(policy: FundPolicy) -> Iterator[str]:
    """What a simulation could not go on with: no whole öre, less than nothing, or an error.

    The first fault is given; a sum that the scenario assumes leaves nothing to try.

    >>> from sifrules import registry
    >>> list(funding_faults(registry().policy("orebro@2016")))
    []
    """
    where = f"{policy.id}: funding: {type(policy.funding).__name__}"
    try:
        funding = funding_of(policy)
        if funding.opening is None:
            return
    except Exception as error:  # an author's own code, or a member that is not there
        yield f"{where} failed: {type(error).__name__}: {error}"
        return
    for said, call, most in _calls(funding):
        try:
            amount = call()
        except Exception as error:  # an author's own code
            yield f"{where}: {said} raised {type(error).__name__}: {error}"
            return
        if type(amount) is not int or amount < 0:
            yield f"{where}: {said} gave {shown(amount)}; expected whole öre, 0 or more"
            return
        if most is not None and amount > most:
            yield f"{where}: {said} gave {amount}; no more can lapse than is left"
            return


def _calls(funding: Funding) -> Iterator[tuple[str, Callable[[], int], int | None]]:
    """What is asked of a funding, in words and as a call, and the most that it may answer."""
    for year, left, surplus in product(YEARS, LEFT, (False, True)):
        put_in = partial(funding.put_in, year, left, surplus)
        yield f"put_in({year}, {left}, {surplus})", put_in, None
    for left in LEFT:
        yield f"lapses({left})", partial(funding.lapses, left), left
