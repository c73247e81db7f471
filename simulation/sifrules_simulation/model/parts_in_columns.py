"""Parts of a policy, and behaviours, called for many ideas at once.

A part is perhaps a plugin's own code. Where it raises for one of many ideas, nothing is known of
any, and whether it is ever asked about that one depends on the time: then all are left to be
considered in their time, where the same error comes of the same idea, or does not come.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

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
