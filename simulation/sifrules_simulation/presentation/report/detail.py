"""Which policies a report shows in detail (i detalj), where there are too many for all of them.

A page is sent by mail: curves, clauses and years of some hundred policies are too large for it,
and nobody tells that many curves apart. Every policy has its measures all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.presentation.report.blocks import Paragraph, Section
from sifrules_simulation.results.reader import Data, SavedResults

if TYPE_CHECKING:
    import polars as pl

#: So many policies are shown in detail at most, the baseline among them.
MOST = 40
#: The measure by which it is decided which policies differ most.
_BY = "application_uptake"
_NOT_ALL = Message("report_detail.not_all")


def in_detail(saved: SavedResults) -> SavedResults:
    """The same results of the baseline and of the policies that differ most from it."""
    policies = saved.comparison["policies"]
    if len(policies) <= MOST:
        return saved
    others = sorted((each for each in policies if each["id"] != saved.baseline), key=_least)
    shown = {saved.baseline, *(each["id"] for each in others[: MOST - 1])}

    def of_shown(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(frame["policy"].is_in(sorted(shown)))

    chosen = [each for each in policies if each["id"] in shown]
    return evolve(
        saved,
        comparison={**saved.comparison, "policies": chosen},
        summary=None if saved.summary is None else of_shown(saved.summary),
        breakdowns={name: of_shown(frame) for name, frame in saved.breakdowns.items()},
    )


def with_what_is_left_out(section: Section, saved: SavedResults, lang: Language) -> Section:
    """A section of details, with a sentence on what it has where that is not all."""
    reported = left_out(saved, lang)
    return evolve(section, blocks=[Paragraph(reported), *section.blocks]) if reported else section


def left_out(saved: SavedResults, lang: Language) -> str:
    """Which policies are shown in detail; nothing where all are."""
    count = len(saved.policies)
    if count <= MOST:
        return ""
    reported = _NOT_ALL.format(shown=MOST, count=count, others=MOST - 1, baseline=saved.baseline)
    return reported.text(lang)


def _least(policy: Data) -> float:
    """Less for a policy that differs more; 0 for one of which nothing is known."""
    mean: float | None = policy["difference"].get(_BY, {}).get("mean")
    return -abs(mean or 0.0)
