"""An empty scenario to fill in (mall): every parameter with its words and the default's range."""

from __future__ import annotations

from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.model.scenarios import Scenario

_ABOUT = Message("template.scenario")
_TITLE = Message("template.my_scenario")
_WHY = Message("template.why")


def empty_scenario(default: Scenario, lang: Language) -> str:
    """A TOML file over the default scenario, in which each parameter can be stated."""
    title = f"{{ sv = {_quoted(_TITLE, 'sv')}, en = {_quoted(_TITLE, 'en')} }}"
    lines = [f"# {line}".rstrip() for line in _ABOUT.format().text(lang).splitlines()]
    lines += ['id = "mine"', 'base = "default"', f"title = {title}"]
    why = f"{{ sv = {_quoted(_WHY, 'sv')}, en = {_quoted(_WHY, 'en')} }}"
    table = ""
    for path, stated in default.stated.items():
        group, _, name = path.partition(".")
        if group != table:
            lines += ["", f"[{group}]"]
            table = group
        numbers = ", ".join(f"{key} = {getattr(stated, key):.10g}" for key in _NUMBERS)
        lines.append(f"# {stated.words.text(lang)}")
        lines.append(f'#{name} = {{ {numbers}, unit = "{stated.unit}", assumption = {why} }}')
    return "\n".join(lines) + "\n"


_NUMBERS = ("value", "low", "high")


def _quoted(words: Message, lang: Language) -> str:
    return f'"{words.text(lang)}"'
