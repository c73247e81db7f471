"""The record beside the model (utfall och modell): year by year, for one municipality alone.

What a municipality's record says of each year stands next to what the model foresees for that
municipality: its own guidelines as they followed each other, in its own scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules.loading.history import Count, History, Total, What as Event
from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import Portfolio
from sifrules.plugin.timelines import timeline
from sifrules.policy.ledger import FRAMES, FUND, RESERVED, SPENT
from sifrules.policy.timeline import periods
from sifrules.values.citations import Citation
from sifrules.values.dates import Month
from sifrules.values.messages import Message, Text
from sifrules_simulation.analysis.foreseen import Interval
from sifrules_simulation.analysis.observations import Observed, Period, What
from sifrules_simulation.analysis.reform import recorded_grants
from sifrules_simulation.experiments.batches import (
    ArrayBatchSchema,
    BatchResult,
    Running,
    died as process_died,
    run_all,
)
from sifrules_simulation.experiments.cells import Cell, run_cell
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.scenarios import Scenario, bundled, scenario as named_scenario
from sifrules_simulation.model.timeline_notes import timeline_notes

Array = NDArray[np.float64]

#: What is set beside the model: what is counted of ideas, and what the books say of money.
Counted = What | Literal["applications", "paid_out", "returned"]
#: What is in kronor; everything else is a number.
MONEY = ("granted", "paid_out", "handed_back", "returned")
#: What is shown of every year, also where the record does not say it.
_EVERY_YEAR: tuple[Counted, ...] = ("grants", "granted")
#: The events of a record that are set beside the model, by year.
_EVENTS: tuple[Event, ...] = ("paid_out", "handed_back", "returned")
#: What a count of a record is here, by what it counts and whose.
_COUNTS: dict[tuple[str, str | None], Counted] = {
    ("ideas", None): "ideas",
    ("applications", None): "applications",
    ("applications_refused", None): "refused",
    ("granted", None): "grants",
    ("granted", "civil_society"): "civil_grants",
    ("evaluated", None): "evaluated",
    ("implemented", None): "implemented",
}
#: The accounts between which money moves that is not counted by idea: to, and from.
_MOVED = {"paid_out": (SPENT, RESERVED), "returned": (FUND, FRAMES)}
#: In which order what is counted is shown.
_ORDER: tuple[Counted, ...] = (
    "ideas",
    "applications",
    "refused",
    "grants",
    "civil_grants",
    "granted",
    "paid_out",
    "handed_back",
    "returned",
    "evaluated",
    "implemented",
)
_ORE = 100
_BATCH = 10
_PART = "record"


@frozen(kw_only=True)
class RecordedNumber:
    """A number of a record in a period; ``value`` is None where the record does not say it.

    ``first`` is the month in which the period begins and ``end`` the one after its last, counted
    from the scenario's first. ``about`` marks what a source gives as approximate.
    """

    what: Counted
    first: int
    end: int
    period: Period
    value: float | None = None
    about: bool = False
    citations: tuple[Citation, ...] = ()

    def of(self, portfolio: Portfolio, begins: Month) -> float:
        """The same number in a simulated fund whose payments are booked month by month."""
        if self.what == "applications":
            months = [life.applied for life in portfolio.lives]
            return float(sum(each is not None and self._within(each) for each in months))
        if self.what == "paid_out" or self.what == "returned":
            debit, credit = _MOVED[self.what]
            moved = 0
            for posting in portfolio.ledger.postings:
                when: Any = posting.date
                both = (posting.debit[0], posting.credit[0]) == (debit, credit)
                if both and self._within(when - begins):
                    moved += posting.amount
            return moved / _ORE
        same = Observed(
            municipality="",
            what=self.what,
            first=self.first,
            end=self.end,
            period=self.period,
            value=0.0,
            citations=(),
        )
        return same.of(portfolio)

    def _within(self, month: int) -> bool:
        return self.first <= month < self.end


@frozen(kw_only=True)
class RecordRow:
    """A number of a record, and what is foreseen of it: the mean, and nine worlds in ten."""

    number: RecordedNumber
    mean: float
    band: Interval

    @property
    def inside(self) -> bool | None:
        """Whether what happened lies where nine worlds in ten do; None where it is not known."""
        value = self.number.value
        return None if value is None else self.band.holds(value)


@frozen(kw_only=True)
class ComparedRecord:
    """One municipality's record beside what is foreseen for it, year by year."""

    municipality: str
    policy: str
    scenario: str
    begins: Month
    years: int
    seed: int
    behaviour: str
    replications: int
    failed: int
    rows: tuple[RecordRow, ...]
    notes: tuple[Text, ...] = ()


# --- what the record says -------------------------------------------------------------


def recorded_numbers(history: History, begins: Month) -> tuple[RecordedNumber, ...]:
    """What a record says by year, and of longer periods where it does not say it by year.

    How many grants there were and what was granted have a number for every year, without a
    value where the sources do not settle it.

    >>> from sifrules import registry
    >>> found = recorded_numbers(registry().history("sodertalje"), Month(2013, 1))
    >>> [(str(each.period), each.value) for each in found if each.what == "handed_back"][3:5]
    [('2016-01/2016-12', 1850000.0), ('2017-01/2017-12', 500000.0)]
    """
    counting = _Recorded(history, begins)
    found = [*counting.by_year(), *counting.counts(), *counting.beyond()]
    if not found or not any(each.value is not None for each in found):
        raise SifError(
            Message("record_years.nothing", municipality=history.municipality),
            where=history.origin or None,
        )
    return tuple(sorted(found, key=_place))


def _place(number: RecordedNumber) -> tuple[int, bool, int, int]:
    """By what is counted, year by year, and after that longer periods."""
    longer = number.period.first.year < number.period.last.year
    return _ORDER.index(number.what), longer, number.first, number.end


@frozen
class _Recorded:
    history: History
    begins: Month

    @property
    def _last(self) -> Month:
        """The last month that the record speaks of."""
        spoken = [self.history.until]
        spoken += [each.until for each in self.history.counts]
        spoken += [each.until for each in self.history.totals]
        latest = max(each.last for each in spoken)
        return Month(latest.year, latest.month)

    def by_year(self) -> Iterator[RecordedNumber]:
        grants = recorded_grants(self.history)
        for year in range(self.begins.year, self._last.year + 1):
            for what in _EVERY_YEAR:
                value = grants.get(year) if what == "grants" else self._kronor_granted(year, grants)
                cited = self._cited_grants(year) if value is not None else ()
                yield self._number(what, Month(year, 1), Month(year, 12), value, cited)
            for event in _EVENTS:
                if (moved := self._moved(event, year)) is not None:
                    amount, cited = moved
                    of_event: Any = event
                    yield self._number(of_event, Month(year, 1), Month(year, 12), amount, cited)

    def counts(self) -> Iterator[RecordedNumber]:
        """What is counted of a period; not the grants of a single year, which stand by year."""
        for count in self.history.counts:
            what = _COUNTS.get((count.what, count.origin))
            first, last = _months(count)
            if what is None or count.count is None or last - self.begins < 0:
                continue
            if what == "grants" and first.year == last.year:
                continue
            yield self._number(what, first, last, count.count, (count.cite,), about=count.about)

    def beyond(self) -> Iterator[RecordedNumber]:
        """What a total tells beyond the years that are listed, or in place of them."""
        listed = [grant for grant in self.history.grants if "granted" in self.history.complete]
        after = Month(self.history.until.last.year, self.history.until.last.month) + 1
        for total in _latest_granted(self.history):
            last = Month(total.until.last.year, total.until.last.month)
            cited = (total.cite,)
            if total.count is not None and last - after >= 0 and listed:
                more = total.count - len(listed)
                yield self._number("grants", after, last, more, cited, about=total.about)
            amounts = [grant.amount for grant in listed]
            if total.amount is not None and (not amounts or None in amounts):
                kronor = total.amount / _ORE
                yield self._number("granted", self.begins, last, kronor, cited, about=total.about)

    def _kronor_granted(self, year: int, grants: Any) -> float | None:
        if year not in grants:
            return None
        amounts = [each.amount for each in self.history.grants if each.granted.first.year == year]
        if len(amounts) != grants[year] or None in amounts:
            return None
        return sum(amount or 0 for amount in amounts) / _ORE

    def _cited_grants(self, year: int) -> tuple[Citation, ...]:
        listed = self.history.complete.get("granted")
        cited = [each.cite for each in self.history.grants if each.granted.first.year == year]
        counted = [
            each.cite
            for each in self.history.counts
            if each.what == "granted" and each.origin is None and each.first.first.year == year
        ]
        return tuple(dict.fromkeys([*([listed] if listed else []), *cited, *counted]))

    def _moved(self, event: Event, year: int) -> tuple[float, tuple[Citation, ...]] | None:
        """What was paid, handed back or returned in a year, where the list is complete."""
        entries = [each for each in self.history.entries if each.what == event]
        whole_year = year <= self.history.until.last.year
        if event not in self.history.complete or not whole_year:
            return None
        of_year = [each for each in entries if each.date.first.year <= year <= each.date.last.year]
        if any(each.amount is None for each in entries) or any(
            each.date.first.year != each.date.last.year for each in of_year
        ):
            return None
        cited = (self.history.complete[event], *(each.cite for each in of_year))
        return sum(each.amount or 0 for each in of_year) / _ORE, tuple(dict.fromkeys(cited))

    def _number(
        self,
        what: Counted,
        first: Month,
        last: Month,
        value: float | None,
        citations: tuple[Citation, ...],
        *,
        about: bool = False,
    ) -> RecordedNumber:
        last = min(last, self._last, key=lambda month: month - self.begins)
        start = max(0, first - self.begins)
        return RecordedNumber(
            what=what,
            first=start,
            end=last - self.begins + 1,
            period=Period(self.begins + start, last),
            value=None if value is None else float(value),
            about=about,
            citations=citations,
        )


def _months(count: Count) -> tuple[Month, Month]:
    first, last = count.first.first, count.until.last
    return Month(first.year, first.month), Month(last.year, last.month)


def _latest_granted(history: History) -> Iterable[Total]:
    stated = [total for total in history.totals if total.what == "granted"]
    return sorted(stated, key=lambda total: total.until.last)[-1:]


# --- what is foreseen -----------------------------------------------------------------


def municipalities(registry: Registry, policies: Iterable[str]) -> tuple[str, ...]:
    """The municipalities of some policies that have a record and a scenario of their own."""
    known = {history.key for history in registry.histories} & set(bundled())
    named = (policy.partition(" ")[0].partition("@")[0] for policy in policies)
    return tuple(dict.fromkeys(each for each in named if each in known))


def compare_record(
    registry: Registry,
    key: str,
    *,
    assumptions: Iterable[str] = (),
    behaviour: str = USUAL,
    replications: int = 200,
    seed: int = 1,
    running: Running | None = None,
) -> ComparedRecord:
    """Set a municipality's record beside what is foreseen for it alone.

    Its own guidelines as they followed each other are simulated in its own scenario, as many
    years as the record reaches. Raises `SifError` for a municipality without a record or a
    scenario, and where every replication fails.
    """
    history = registry.history(key)
    if key not in bundled():
        raise SifError(Message("record_years.no_scenario", municipality=history.municipality))
    around = named_scenario(key).assuming(tuple(assumptions))
    numbers = recorded_numbers(history, around.begins)
    years = -(-max(each.end for each in numbers) // 12)
    design = comparison_design(
        registry,
        [timeline(registry, key)],
        scenario=around,
        years=years,
        seed=seed,
        behaviour=behaviour,
    )
    values, failed = _simulated(design, numbers, replications, running or Running())
    return ComparedRecord(
        municipality=history.municipality,
        policy=design.labels[0],
        scenario=around.id,
        begins=around.begins,
        years=years,
        seed=seed,
        behaviour=design.behaviour.name,
        replications=len(values),
        failed=failed,
        rows=tuple(
            RecordRow(number=number, mean=float(column.mean()), band=Interval.of(column))
            for number, column in zip(numbers, values.T, strict=True)
        ),
        notes=tuple(_notes(design, history, around)),
    )


def _notes(design: Design, history: History, around: Scenario) -> Iterator[Text]:
    """What has to be known to read the two beside each other."""
    yield from history.notes
    policy = design.policies[0]
    yield from timeline_notes(design.labels[0], policy, around, design.years)
    begun = periods(policy)[0][1].terms.in_force
    if begun is not None and begun.first > around.begins.date.last:
        yield Message(
            "record_years.guideline_unknown",
            municipality=history.municipality,
            policy=periods(policy)[0][1].id,
            begun=begun,
        )


def _simulated(
    design: Design, numbers: tuple[RecordedNumber, ...], replications: int, running: Running
) -> tuple[Array, int]:
    """The numbers of the record in every replication that did not fail, and how many did."""
    starts = range(0, replications, _BATCH)
    cells = {
        at: [(design, numbers, range(first, min(first + _BATCH, replications)))]
        for at, first in enumerate(starts)
    }
    schema = ArrayBatchSchema(
        name=_PART,
        rows=lambda batch: {"replication": cells[batch][0][2]},
        columns=tuple(f"{each.what}.{each.first}.{each.end}" for each in numbers),
        fatal=lambda batch: process_died(_PART, None, starts[batch], design.seed),
    )
    found = run_all(schema, _one_batch, cells, evolve(running, saver=None))
    if found.stopped:
        raise KeyboardInterrupt
    gathered = list(found.values.values())
    if not gathered:
        raise found.failures[0].as_error(Message("failure.every_replication"))
    return np.concatenate(gathered), len(found.failures)


def _one_batch(
    design: Design, numbers: tuple[RecordedNumber, ...], replications: range
) -> BatchResult[Array]:
    """The numbers of a record in some replications: replications × numbers."""
    begins = design.scenario.begins
    cell = Cell(part=_PART, policies=range(1), replications=replications)
    found = run_cell(
        design,
        cell,
        lambda portfolio: [each.of(portfolio, begins) for each in numbers],
        books_monthly=True,
    )
    if not found.rows:
        return BatchResult(failures=tuple(found.failures))
    rows = np.array([row for (row,) in found.rows.values()], dtype=float)
    return BatchResult(values=rows, failures=tuple(found.failures))
