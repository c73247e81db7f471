"""Reform power: what counts before and after Norrköping's reform could have shown."""

from __future__ import annotations

from reference_pages.markdown import finished, head, table
from sifrules import registry
from sifrules.plugin.timelines import timeline
from sifrules_simulation import scenario
from sifrules_simulation.analysis.reform import NULL, Power, power, reform_effect
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.presentation.formatting import interval

INTRODUCTION = """
Norrköping dropped its return flow to bring in more applications. If the number of grants did not
rise afterwards, was the claim untrue? The table says what a count of as many years before as after
could show in one municipality of Norrköping's size and fund: if committees mind claims as the
model has it, and if they do not mind them at all (the null model). The last column is how many
municipalities would have to make the same reform for the counts to distinguish the two with a power
of 80 per cent, at a level of 5 per cent.

It rests on the scenario `norrkoping` as it is, on the reading that starts in 2021 still return,
and on a reform that nobody knew of before (`behaviour.announced` is 0). The fund is small beside
the ideas: in most worlds it is nearly empty when the reform comes, under both models, so that few
grants can follow whatever committees want. A start in another year, a larger fund or earmarks out
of a surplus give another table: `sif study reform norrkoping --assume surplus_earmarks=true`.
"""
_YEARS, _REPLICATIONS, _SEED = 20, 200, 1


def page() -> str:
    """Norrköping's reform: rises, no change and falls, by how many years are counted."""
    found = registry()
    effects = [
        reform_effect(
            found,
            timeline(found, "norrkoping"),
            scenario=scenario("norrkoping"),
            years=_YEARS,
            replications=_REPLICATIONS,
            seed=_SEED,
            behaviour=behaviour,
            running=Running(),
        )
        for behaviour in ("weighing", NULL)
    ]
    minding, other = effects
    lines = list(head("What Norrköping's reform could have shown", INTRODUCTION))
    for column in ("applications", "grants"):
        results = [power(minding, other, column, years) for years in minding.windows]
        heads = ["years", "committees", "change a year", "rises (%)", "same (%)", "falls (%)"]
        heads.append("needed")
        rows = [row for each in results for row in _rows(each)]
        lines += [f"## {column.capitalize()}", "", *table(heads, rows, "rlrrrrr"), ""]
    lines.append(f"{_REPLICATIONS} worlds of {_YEARS} years from 2011, seed {_SEED}.")
    return finished(lines)


def _rows(result: Power) -> list[list[str]]:
    needed = "cannot tell" if result.municipalities is None else str(result.municipalities)
    models = (("mind claims", result.minding, needed), ("do not", result.not_minding, ""))
    return [
        [
            str(count.years),
            words,
            interval(count.change, "count", "en", signed=True),
            *(interval(each, "share", "en") for each in (count.rise, count.same, count.fall)),
            last,
        ]
        for words, count, last in models
    ]
