"""Parts of a policy, and behaviours, called for many ideas at once.

A part is perhaps a plugin's own code. Where it raises for one of many ideas, nothing is known of
any, and whether it is ever asked about that one depends on the time: then all are left to be
considered in their time, where the same error comes of the same idea, or does not come.

What an array method gives is checked before anything is worked out from it: an array of another
length or of other numbers would put what holds of one idea on another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import numpy as np

from sifrules.errors import SifError, shown
from sifrules.policy.columns import ClaimColumns
from sifrules.values.messages import Message
from sifrules_simulation.model.streams import Array

Given = ParamSpec("Given")
Result = TypeVar("Result")


class PartRaised(Exception):
    """A part raised while it was asked about many ideas ahead of their time."""


def of_part(method: Callable[Given, Result]) -> Callable[Given, Result]:
    """The method of a part; what it raises is raised as `PartRaised`."""

    def called(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return method(*args, **kwargs)
        except Exception as error:  # a plugin's own code: whatever it raises
            raise PartRaised from error

    return called


#: Kinds of numpy's data types: truth values may be written 0 and 1, and worths as whole numbers.
TRUTHS, WHOLE, NUMBERS = "bui", "ui", "uif"


def array_of_part(given: Any, method: str, rows: int, kinds: str) -> Array:
    """What an array method of a part gives: one value of some kinds for each row.

    Raises `SifError` that names the method where it gives anything else.
    """
    return _array(given, method, (rows,), kinds)


def claims_of_part(given: Any, method: str, rows: int) -> tuple[ClaimColumns, ...] | None:
    """What a return model claims of many investments, or None where it leaves them one by one.

    Raises `SifError` where that is not some `ClaimColumns` of whole öre and months, a row for each
    investment and none below nothing.
    """
    if given is None:
        return None
    if not isinstance(given, Sequence) or not all(isinstance(each, ClaimColumns) for each in given):
        raise _refused(method, Message("parts.claims_in_columns"), given)
    return tuple(_claims(each, method, rows) for each in given)


def _claims(given: ClaimColumns, method: str, rows: int) -> ClaimColumns:
    instalments = max((1, *np.shape(given.due)[1:2]))
    amount = _array(given.amount, f"{method}: amount", (rows,), WHOLE)
    due = _array(given.due, f"{method}: due", (rows, instalments), WHOLE)
    for name, each in (("amount", amount), ("due", due)):
        if each.min(initial=0) < 0:
            least = int(each.min())
            raise _refused(f"{method}: {name}", Message("parts.not_below_nothing"), least)
    return ClaimColumns(given.kind, amount.astype(np.int64), due.astype(np.int64))


def _array(given: Any, method: str, shape: tuple[int, ...], kinds: str) -> Array:
    found: Array = np.asarray(given)
    if found.shape != shape or found.dtype.kind not in kinds:
        wanted = " × ".join(map(str, shape))
        sizes = " × ".join(map(str, found.shape))
        what = f"{sizes} {found.dtype}" if sizes else type(given).__name__
        raise _refused(method, Message(_WANTED[kinds], shape=wanted), what)
    return found


def _refused(method: str, wanted: Message, given: object) -> SifError:
    return SifError(
        Message("value.expected", expected=wanted, value=shown(given)),
        where=method,
        fix=Message("parts.mend_or_take_out"),
    )


_WANTED = {
    TRUTHS: "parts.array_of_truths",
    WHOLE: "parts.array_of_whole_numbers",
    NUMBERS: "parts.array_of_numbers",
}
