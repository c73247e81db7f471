"""Investments and claims as columns (kolumner): what a return model says of many at once.

A return model, or a write-down, may offer an array method beside the one for a single investment:
`claims_many` beside ``settle``, ``keep_many`` beside ``keep``. Both give the same to the öre. Where
a part offers none, it is asked one investment at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sifrules.policy.settlement import ClaimKind, Investment
from sifrules.rules.vocabulary import investment as target
from sifrules.values.money import share_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

#: Products below this are exact in 64 bits.
_EXACT = 2**62


@frozen(kw_only=True, eq=False)
class InvestmentColumns:
    """Many investments as they would be settled, a row each; none of them is exempted.

    Amounts are öre. ``effect`` is the effect that counts, as `Investment.measured` gives it, and
    nothing where it is not ``known``. ``reached`` is 1 where the target is reached, 0 where it is
    not and -1 where that is not known. ``start`` counts months from the year 0, ``months`` and
    ``effects_begin`` from the start. ``return_months`` is the same for all.
    """

    granted: Array
    start: Array
    months: Array
    effect: Array
    known: Array
    reached: Array
    effects_begin: Array
    return_months: int | None = None

    @classmethod
    def of(cls, investments: Sequence[Investment]) -> InvestmentColumns:
        """The same investments in columns; of each it is known when its effects begin."""
        import numpy as np

        flags = [each.facts.get(target.target_reached.name) for each in investments]
        begins = [each.effects_begin or each.start for each in investments]
        return cls(
            granted=np.array([each.granted for each in investments]),
            start=np.array([12 * each.start.year + each.start.month - 1 for each in investments]),
            months=np.array([each.months for each in investments]),
            effect=np.array([each.measured or 0 for each in investments]),
            known=np.array([each.measured is not None for each in investments]),
            reached=np.array([-1 if flag is None else int(flag) for flag in flags]),
            effects_begin=np.array(
                [begin - each.start for begin, each in zip(begins, investments, strict=True)]
            ),
            return_months=investments[0].return_months,
        )


@frozen(eq=False)
class ClaimColumns:
    """Claims of one kind on many investments (öre), each due in equal instalments.

    ``due`` has a row for each investment and a column for each instalment, in months from the
    start. Where nothing is claimed the amount is zero.
    """

    kind: ClaimKind
    amount: Array
    due: Array


def shares_of(amounts: Array, share: Decimal | Fraction) -> Array:
    """A share of each amount in whole öre, rounded as `share_of` does.

    >>> import numpy as np
    >>> shares_of(np.array([5, 15, 16]), Decimal("0.5")).tolist()
    [2, 8, 8]
    """
    import numpy as np

    upper, lower = share.as_integer_ratio()
    if upper * int(np.abs(amounts).max(initial=0)) >= _EXACT or 2 * lower >= _EXACT:
        return np.array([share_of(amount, share) for amount in amounts.tolist()], np.int64)
    whole, rest = np.divmod(amounts * upper, lower)
    twice = 2 * rest
    rounded: Array = whole + ((twice > lower) | ((twice == lower) & (whole % 2 == 1)))
    return rounded


def padded(rows: Sequence[Sequence[int]]) -> Array:
    """Rows of different lengths as one array of whole numbers, the shorter ones filled with 0.

    >>> padded([(7, 3), (1,)]).tolist()
    [[7, 3], [1, 0]]
    """
    import numpy as np

    most = max(map(len, rows))
    return np.array([[*row, *[0] * (most - len(row))] for row in rows], np.int64)


@frozen(eq=False)
class PayerColumns:
    """Who pays for each of many investments, as whole-number shares, a column for each payer."""

    shares: Array

    def split(self, amounts: Array) -> Array:
        """Each amount divided among its payers, by largest remainder as `split` does.

        >>> import numpy as np
        >>> PayerColumns(padded([(7, 3), (1,)])).split(np.array([101, 50])).tolist()
        [[71, 30], [50, 0]]
        """
        import numpy as np

        shares, largest = self.shares, int(np.abs(amounts).max(initial=0))
        if largest * int(shares.sum(axis=1, dtype=object).max(initial=0)) >= _EXACT:
            shares = shares.astype(object)  # Python's numbers: 64 bits do not suffice
        totals = shares.sum(axis=1, keepdims=True)
        products = amounts[:, None] * shares
        parts, rest = products // totals, products % totals
        lost = amounts[:, None] - parts.sum(axis=1, keepdims=True)
        order = np.argsort(-rest, axis=1, kind="stable")
        more = np.zeros_like(parts)
        np.put_along_axis(more, order, np.arange(parts.shape[1]) < lost, axis=1)
        divided: Array = (parts + more).astype(np.int64)
        return divided


def instalments(claims: ClaimColumns, payers: PayerColumns) -> Array:
    """What each payer of each investment owes at each instalment (öre): investment, payer, month.

    The earlier instalments are the larger, by an öre, as `split` divides them.
    """
    import numpy as np

    count = claims.due.shape[1]
    whole, rest = np.divmod(payers.split(claims.amount)[:, :, None], count)
    owed: Array = whole + (np.arange(count) < rest)
    return owed


def array_method(part: object, name: str) -> Any:
    """The array method of a part by its name, None where it has none that holds for it.

    A class that changes anything of one that offers an array method has to offer its own.
    """
    changed: set[str] = set()
    for kind in type(part).__mro__:
        if name in vars(kind):
            given = {each for base in kind.__mro__ for each in vars(base)}
            return getattr(part, name) if given.isdisjoint(changed) else None
        changed |= {
            each
            for each, value in vars(kind).items()
            if not each.startswith("__") and (callable(value) or hasattr(value, "__get__"))
        }
    return None
