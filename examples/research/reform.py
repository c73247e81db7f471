"""A reform: Norrköping's guidelines in turn against the first one kept, event by event."""

import polars as pl

import sifrules

result = sifrules.compare(
    ["norrkoping@2010", "norrkoping"],
    scenario="norrkoping",
    replications=4,
    years=20,
    tables=["claims", "events"],
    jobs=1,
)
by_guideline = result.claims.filter(entry="claimed").group_by("policy", "guideline")
print(by_guideline.agg(pl.len().alias("claims"), pl.col("amount").sum()).sort("policy"))
print(result.events.group_by("policy", "activity").len().sort("policy", "len").tail(5))
print(result.difference("norrkoping", "returned"))
