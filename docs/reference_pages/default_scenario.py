"""The default scenario: every bundled policy compared, so that a change of the model shows."""

from __future__ import annotations

from collections.abc import Iterator

from reference_pages.markdown import finished, head
from sifrules.presentation.table import as_markdown
from sifrules_simulation import Comparison, compare
from sifrules_simulation.presentation.comparison_tables import tables

INTRODUCTION = """
What `sif compare` answers without options: every bundled policy in the default scenario. It is what
one set of assumptions leads to, no finding; how to read it is described in
[comparing](../guides/compare.md).
"""

REPLICATIONS = 200


def page(result: Comparison | None = None) -> str:
    """The means of every bundled policy, and their differences from the baseline.

    Of a comparison that is made unless it is given: a long one.
    """
    result = result or compare(replications=REPLICATIONS, keep=False)
    title = "What comes out in the default scenario"
    return finished([*head(title, INTRODUCTION), *_means(result)])


def _means(result: Comparison) -> Iterator[str]:
    for table in tables(result, "en"):
        yield from (f"{table.title}.", "", as_markdown(table), "")
    willing, _ = tables(result, "en", ("willingness", "refusals"))
    yield "How many of those that make up their mind want to apply, and how many are refused:"
    yield from ("", as_markdown(willing))
