"""Empty files for explorations and own ideas, to be filled in, with every field explained."""

from __future__ import annotations

from collections.abc import Iterable

from sifrules.plugin.simulation import Measure
from sifrules.rules.vocabulary import FACTS
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.model.idea_facts import IDEA_FACTS
from sifrules_simulation.model.own_ideas import COLUMN_WORDS
from sifrules_simulation.model.own_ideas_cells import COLUMNS
from sifrules_simulation.model.scenarios import Scenario

_PLAN = Message("empty_exploration.plan")
_LEVERS = Message("empty_exploration.levers")
_UNCERTAINTIES = Message("empty_exploration.uncertainties")
_CORRELATION = Message("empty_exploration.correlation")

#: An example of what each column of a list of ideas may hold.
_EXAMPLES = {
    "name": "Familjecentral",
    "committee": "1",
    "arises": "2025-03",
    "cost": "6,2 mnkr",
    "months": "36",
    "delay": "12",
    "lifetime": "60",
    "effect": "9 mnkr",
    "outside": "2 mnkr",
    "human": "5 mnkr",
    "believed_effect": "10 mnkr",
    "believed_human": "",
    "success": "60 %",
    "partly": "20 %",
    "partial": "50 %",
    "cashable": "50 %",
    "attributable": "40 %",
    "areas": "2",
    "evaluable": "ja",
    "regular": "nej",
    "taken_up": "ja",
    "origin": "internal",
    "gains": "1: 60 % + 2: 40 %",
}
#: Those that are written otherwise in English.
_IN_ENGLISH = {
    "name": "Family centre",
    "cost": "6.2 MSEK",
    "effect": "9 MSEK",
    "outside": "2 MSEK",
    "human": "5 MSEK",
    "believed_effect": "10 MSEK",
    "evaluable": "yes",
    "regular": "no",
    "taken_up": "yes",
}


def empty_plan(default: Scenario, measures: Iterable[Measure], lang: Language) -> str:
    """The plan of an exploration, in which every uncertainty stands with its range."""
    lines = [f"# {line}".rstrip() for line in _PLAN.text(lang).splitlines()]
    names = ", ".join(each.name for each in measures)
    lines += [
        'policies = ["orebro@2016"]',
        'outcomes = ["application_uptake", "granted", "returned"]',
        f"# {names}",
        'scenario = "default"',
        f"years = {YEARS}",
        "draws = 30",
        "replications = 3",
        "seed = 1",
        '#design = "latin_hypercube"  # factorial, latin_hypercube, sobol, monte_carlo',
        "#variants = 60",
        '#sampling = "latin_hypercube"',
        "",
        *(f"# {line}" for line in _LEVERS.text(lang).splitlines()),
        "[levers]",
        '"return_model.share" = [0.0, 0.5, 1.0]',
        '#"return_model.floor" = { low = 0.0, high = 0.5 }',
        "",
        *(f"# {line}" for line in _UNCERTAINTIES.text(lang).splitlines()),
        "[uncertainties]",
        '"behaviour.horizon" = "scenario"',
    ]
    for path, stated in default.stated.items():
        if stated.low < stated.high and path not in ("behaviour.horizon", *default.idle):
            low, high = f"{stated.low:.10g}", f"{stated.high:.10g}"
            lines.append(
                f'#"{path}" = {{ low = {low}, high = {high} }}  # {stated.words.text(lang)}'
            )
    lines += [
        "",
        *(f"# {line}" for line in _CORRELATION.text(lang).splitlines()),
        "#[[correlation]]",
        '#between = ["ideas.flow", "effects.municipal_median"]',
        "#rank = -0.4",
    ]
    return "\n".join(lines) + "\n"


def empty_ideas(lang: Language) -> str:
    """A list of own ideas: its columns, a row of what each is, and a row as an example."""
    facts = sorted(IDEA_FACTS)
    heads = [*COLUMNS, *(name for name in facts if name.startswith("application."))]
    above = [_about(name, lang) for name in heads]
    written = _EXAMPLES if lang == "sv" else {**_EXAMPLES, **_IN_ENGLISH}
    example = [written.get(name, "") for name in heads]
    return "".join(";".join(row) + "\n" for row in (heads, above, example))


def _about(name: str, lang: Language) -> str:
    words = FACTS[name].words if name in FACTS else COLUMN_WORDS[name]
    return f"# {words.text(lang)}".replace(";", ",")
