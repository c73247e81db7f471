"""The pages (sidorna): HTML made on the server, of templates that the report shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from attrs import frozen

from sifrules.policy.fund_policy import STATUS_WORDS, FundPolicy
from sifrules.presentation.policy_table import HEADS
from sifrules.values.messages import Message, Text
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.app.added_parts import addable
from sifrules_simulation.app.assessing import Assessed
from sifrules_simulation.app.form import ADD, DROP, FIELD, OF, PICKED, SHOWN, Filled
from sifrules_simulation.app.offers import Offers
from sifrules_simulation.app.result_sections import sections_of
from sifrules_simulation.app.simulating import Simulated
from sifrules_simulation.app.state import MOST_OTHERS, MOST_YEARS
from sifrules_simulation.model.scenarios import bundled, scenario
from sifrules_simulation.presentation.report.blocks import Section
from sifrules_simulation.presentation.report.page import SHORT, templates

_PACKAGE = "sifrules_simulation.app"
#: The language by its own name.
_LANGUAGES = {"sv": "Svenska", "en": "English"}
WORDS: Mapping[str, Text] = {
    "title": Message("app.title"),
    "lead": Message("app.lead"),
    "skip": Message("report_page.skip"),
    "source": Message("app.source"),
    "skip_to_results": Message("app.skip_to_results"),
    "to_assess": Message("app.to_assess"),
    "to_compare": Message("app.to_compare"),
    "pages": Message("app.pages"),
    "choose": Message("app.choose"),
    "policy": Message("app.policy"),
    "show": Message("app.show"),
    "others": Message("app.others"),
    "others_help": Message("app.others_help", most=MOST_OTHERS),
    "money": Message("app.money"),
    "money_own": Message("app.money_own"),
    "money_equal": Message("app.money_equal"),
    "money_amount": Message("app.money_amount"),
    "amount": Message("app.amount"),
    "scenario": Message("app.scenario"),
    "years": Message("app.years"),
    "clauses": Message("app.clauses"),
    "clauses_help": Message("app.clauses_help"),
    "unstated": Message("app.unstated"),
    "fixed": Message("app.fixed"),
    "says": Message("app.says"),
    "says_nothing": Message("app.says_nothing"),
    "reading": Message("answer.reading"),
    "changed": Message("app.changed"),
    "kronor": Message("app.kronor"),
    "months": Message("app.months"),
    "slider": Message("app.slider"),
    "apply": Message("app.apply"),
    "add": Message("app.add"),
    "add_help": Message("app.add_help"),
    "add_button": Message("app.add_button"),
    "added": Message("app.added"),
    "drop": Message("app.drop"),
    "reset": Message("app.reset"),
    "open": Message("app.open"),
    "open_help": Message("app.open_help"),
    "open_button": Message("app.open_button"),
    "mistakes": Message("app.mistakes"),
    "results": Message("app.results"),
    "progress": Message("app.progress"),
    "no_script": Message("app.no_script"),
    "downloads": Message("app.downloads"),
    "what_if": Message("app.what_if"),
    "report": Message("app.report"),
    "workbook": Message("app.workbook"),
    "link": Message("app.link"),
    "download_help": Message("app.download_help"),
    "not_saved": Message("app.not_saved"),
    "assess_title": Message("app.assess_title"),
    "assess_lead": Message("app.assess_lead"),
    "assess_button": Message("app.assess_button"),
    "project": Message("app.project"),
    "details": Message("app.details"),
    "facts": Message("app.facts"),
    "facts_help": Message("app.facts_help"),
    "under": Message("app.under"),
}
#: What the page's script says.
SCRIPT_WORDS: Mapping[str, Text] = {
    "running": Message("app.running"),
    "stage": Message("app.stage"),
    "done": Message("app.done"),
    "wrong": Message("app.fields_wrong"),
    "lost": Message("app.lost"),
    "too_large": Message("app.unreadable_file"),
}


@frozen(slots=False)
class Pages:
    """Makes the pages."""

    offers: Offers

    @cached_property
    def _templates(self) -> Any:
        return templates(_PACKAGE)

    def compare(self, filled: Filled) -> str:
        """The page with the clauses and the place for results."""
        return self._page("compare.html.jinja", filled, filled.mistakes.by_field)

    def assess(self, filled: Filled, assessed: Assessed) -> str:
        """The page on which a project is assessed."""
        return self._page(
            "assess.html.jinja",
            filled,
            assessed.mistakes.by_field,
            assessed=assessed,
            places={},
            short=SHORT,
            many=False,
        )

    def results(self, found: Simulated, base: str, lang: Language, *, charts: bool = True) -> str:
        """The results of a stage, to stand in the page; in haste without charts."""
        sections: Sequence[Section] = sections_of(found, base, lang, charts=charts)
        text: str = self._templates.get_template("results.html.jinja").render(
            sections=sections, places={}, short=SHORT, many=False
        )
        return text

    def mistake(self, lang: Language, words: str) -> str:
        """A page that says what is wrong, and nothing else."""
        text: str = self._templates.get_template("mistake.html.jinja").render(
            lang=lang, words=words, title=WORDS["title"].text(lang)
        )
        return text

    def _page(self, template: str, filled: Filled, wrong: Mapping[str, Text], **more: Any) -> str:
        state = filled.state
        lang = state.lang
        text: str = self._templates.get_template(template).render(
            lang=lang,
            state=state,
            query=state.query(),
            languages=[
                (each, _LANGUAGES[each], state.query(each)) for each in LANGUAGES if each != lang
            ],
            say={name: words.text(lang) for name, words in WORDS.items()},
            script_words={name: words.text(lang) for name, words in SCRIPT_WORDS.items()},
            policies=[(id, self._called(each, lang)) for id, each in self.offers.policies.items()],
            scenarios=[(each, scenario(each).title.text(lang)) for each in bundled()],
            groups=filled.groups,
            clause_fields=FIELD,
            shown_kinds=SHOWN,
            of=OF,
            picked_field=PICKED,
            add_button=ADD,
            drop_button=DROP,
            addable=list(addable(self.offers.registry)),
            just_added=filled.just_added,
            just_dropped=filled.just_dropped,
            as_typed=filled.as_typed,
            wrong={name: words.text(lang) for name, words in wrong.items()},
            labels=self._labels(filled, lang),
            text=lambda words: words.text(lang),
            most_years=MOST_YEARS,
            **more,
        )
        return text

    def _called(self, policy: FundPolicy, lang: Language) -> str:
        return f"{policy.municipality}, {policy.id} ({STATUS_WORDS[policy.status].text(lang)})"

    def _labels(self, filled: Filled, lang: Language) -> dict[str, str]:
        """What fields are called in the list of what is wrong."""
        found = {each.path: each.label.text(lang) for each in filled.controls}
        named = {
            "policy": WORDS["policy"],
            "with": WORDS["others"],
            "amount": WORDS["amount"],
            "scenario": WORDS["scenario"],
            "years": WORDS["years"],
            "": HEADS["policy"],
        }
        return {**found, **{name: words.text(lang) for name, words in named.items()}}
