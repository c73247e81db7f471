"""What a simulation reads of a procedure (handläggning): tests, reports, windows and lead times."""

from __future__ import annotations

from typing import Protocol

from sifrules.policy.parts import PolicyPart


class Procedure(PolicyPart, Protocol):
    """How an idea becomes an investment (handläggningsordning), as a simulation reads it.

    Every member may be left out: its default is simulated where the guideline is silent.

    >>> from typing import ClassVar; from attrs import frozen
    >>> from sifrules import LocalizedText, Part, Procedure, Slot, clause
    >>> @frozen(kw_only=True)
    ... class TwiceAYear(Part, Procedure):
    ...     slot: ClassVar[Slot] = Slot.PROCEDURE
    ...     kind: ClassVar[str] = "twice_a_year"
    ...     words: ClassVar[LocalizedText] = LocalizedText(sv="vår, höst", en="twice a year")
    ...     windows_per_year: int = clause("omgångar", "rounds", default=2)
    >>> TwiceAYear().windows_per_year, TwiceAYear().reports
    (2, 0)
    """

    __slots__ = ()

    @property
    def idea_test(self) -> bool | None:
        """Whether an idea is tested (idéprövning) before an application is written."""
        return None

    @property
    def reports(self) -> int:
        """The number of reports demanded of a granted investment, each costing effort."""
        return 0

    @property
    def windows_per_year(self) -> int | None:
        """Application windows a year (ansökningsperioder); None where they are rolling."""
        return None

    @property
    def closing(self) -> tuple[int, ...]:
        """The calendar months, 1 to 12, in which applications close; empty where none is fixed."""
        return ()

    @property
    def lead_time_at_least(self) -> int | None:
        """Least months from need to decision; None leaves it to the scenario."""
        return None

    @property
    def lead_time_at_most(self) -> int | None:
        """Most months from need to decision; None leaves it to the scenario."""
        return None

    @property
    def decides_idea_first(self) -> bool | None:
        """Whether the idea is decided first, and the amount later (två beslut)."""
        return None

    @property
    def amount_lead_at_least(self) -> int | None:
        """Least months from the decision on the idea to that on the amount."""
        return None

    @property
    def amount_lead_at_most(self) -> int | None:
        """Most months from the decision on the idea to that on the amount."""
        return None
