"""Empty files for explorations and own ideas, to be filled in, with every field explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sifrules.plugin.simulation import Measure
from sifrules.rules.vocabulary import FACTS
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.model.idea_facts import IDEA_FACTS
from sifrules_simulation.model.own_ideas import COLUMN_WORDS, COLUMNS
from sifrules_simulation.model.scenarios import Scenario

_PLAN = Message("empty_exploration.plan")
_LEVERS = Message("empty_exploration.levers")
_UNCERTAINTIES = Message("empty_exploration.uncertainties")
_CORRELATION = Message("empty_exploration.correlation")


def _alike(value: str) -> Mapping[Language, str]:
    return {"sv": value, "en": value}


_YES: Mapping[Language, str] = {"sv": "ja", "en": "yes"}
_NO: Mapping[Language, str] = {"sv": "nej", "en": "no"}
#: An example of what each column of a list of ideas may hold, as it is written in a language.
_EXAMPLES: Mapping[str, Mapping[Language, str]] = {
    "name": {"sv": "Familjecentral", "en": "Family centre"},
    "committee": _alike("1"),
    "arises": _alike("2025-03"),
    "cost": {"sv": "6,2 mnkr", "en": "6.2 MSEK"},
    "months": _alike("36"),
    "delay": _alike("12"),
    "lifetime": _alike("60"),
    "effect": {"sv": "9 mnkr", "en": "9 MSEK"},
    "outside": {"sv": "2 mnkr", "en": "2 MSEK"},
    "human": {"sv": "5 mnkr", "en": "5 MSEK"},
    "believed_effect": {"sv": "10 mnkr", "en": "10 MSEK"},
    "success": _alike("60 %"),
    "partly": _alike("20 %"),
    "partial": _alike("50 %"),
    "cashable": _alike("50 %"),
    "attributable": _alike("40 %"),
    "areas": _alike("2"),
    "evaluable": _YES,
    "regular": _NO,
    "taken_up": _YES,
    "origin": _alike("internal"),
    "gains": _alike("1: 60 % + 2: 40 %"),
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
    example = [_EXAMPLES[name][lang] if name in _EXAMPLES else "" for name in heads]
    return "".join(";".join(row) + "\n" for row in (heads, above, example))


def _about(name: str, lang: Language) -> str:
    words = FACTS[name].words if name in FACTS else COLUMN_WORDS[name]
    return f"# {words.text(lang)}".replace(";", ",")
