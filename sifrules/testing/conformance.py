"""What every policy promises, as one class that an author derives from."""

from __future__ import annotations

import os
import unittest
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, ClassVar

from sifrules.errors import SifError, nearest
from sifrules.plugin.discovery import OFF
from sifrules.plugin.registry import Registry, registry
from sifrules.policy.contracts import contract_faults
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.funding_trial import funding_faults
from sifrules.policy.settlement import Investment
from sifrules.presentation.answer import FORMATS, rendered
from sifrules.presentation.policy_table import shown_policy
from sifrules.rules.engines import durable_fault
from sifrules.testing import checks, generators as generated, invariants as laws
from sifrules.testing.array_checks import array_faults, behaviour_faults
from sifrules.testing.cases import cases_of, read_cases
from sifrules.testing.run_cases import run_cases
from sifrules.values.messages import Message
from sifrules.values.text import LANGUAGES

#: How many applications are made up for a policy.
APPLICATIONS = 40


class PolicyConformance:
    """Every promise that a municipality's policies make, each tried by a method.

    Derive from it, say what to try, and pytest tries it:

        class TestExempelby(PolicyConformance):
            plugin = "exempelby"

    ``plugin`` is the name of an installed plugin, or of one in ``extra``, which holds
    plugins that are not installed, by name. ``policies`` names policies by id or file
    instead, ``cases`` is a file of worked cases where it is not the plugin's own. A
    promise that a guideline cannot keep is taken out by ``test_... = None``.
    """

    __test__: ClassVar[bool] = False

    plugin: ClassVar[str | None] = None
    policies: ClassVar[Sequence[str | Path]] = ()
    cases: ClassVar[str | Path | Traversable | None] = None
    extra: ClassVar[Mapping[str, object]] = {}

    def __init_subclass__(cls, **given: Any) -> None:
        """Collect a class that states what to try, and not one that others derive from."""
        super().__init_subclass__(**given)
        if "__test__" not in cls.__dict__:
            named = bool(cls.plugin or cls.policies)
            cls.__test__ = named or cls.__name__.startswith("Test")

    # --- what is tried, overridden where that is needed -------------------------------

    def registry(self) -> Registry:
        """The installed plugins and those in ``extra``."""
        return _registry(os.environ.get(OFF, ""), tuple(self.extra.items()))

    def investments(self, policy: FundPolicy) -> Iterable[Investment]:
        """The investments that a policy is settled on."""
        return generated.investments(policy)

    def applications(self, policy: FundPolicy) -> Iterable[Mapping[str, object]]:
        """The facts that a policy decides on."""
        return generated.applications(policy, APPLICATIONS)

    def planned(self, policy: FundPolicy, investment: Investment) -> int | None:
        """What would be claimed if nothing were given up (öre); fees included.

        None leaves it to the settlements themselves: it is then what they claim
        wherever they give nothing up, if that is the same for every effect.
        """
        return None

    def tried(self) -> tuple[FundPolicy, ...]:
        """The policies that are tried."""
        known = self.registry()
        names = self.policies or self._offered(known)
        policies, faults = [], []
        for name in names:
            try:
                policies.append(known.policy(name))
            except SifError as error:
                faults.append(f"{name} cannot be built: {error}")
        _refuse("Every policy can be built", faults)
        return tuple(policies)

    def _seen(self) -> tuple[FundPolicy, ...]:
        """The policies as an application meets them: on each track, where there are any."""
        return tuple(seen for policy in self.tried() for seen in policy.on_tracks)

    def _offered(self, known: Registry) -> Sequence[str]:
        name = type(self).__name__
        if not self.plugin:
            raise AssertionError(
                f'{name} says nothing to try; write plugin = "name" or policies = ["town@year"]'
            )
        plugins = {each.name: each for each in known.plugins}
        if self.plugin not in plugins:
            raise AssertionError(
                f"{name}: no plugin {self.plugin!r} is installed; "
                f"{nearest(self.plugin, plugins)} Else install yours with pip install -e, or "
                f"name it in extra = {{{self.plugin!r}: plugin}}"
            )
        ids = known.offered_by(self.plugin)
        if not ids:
            problems = (
                "; ".join(map(str, plugins[self.plugin].problems)) or "it answers no such hook"
            )
            raise AssertionError(
                f"{name}: the plugin {self.plugin} offers no policy ({problems}); offer one by "
                "sifrules_guidelines, or name some: policies = [...]"
            )
        return ids

    # --- the promises -------------------------------------------------------------------

    def test_the_plugin_is_fine(self) -> None:
        """The plugin loads whole, and nothing that it offers is left out."""
        if not self.plugin:
            raise unittest.SkipTest("no plugin is named; its policies are")
        known = self.registry()
        known.policies  # noqa: B018 - built, so that what is wrong with them is reported
        known.commands  # noqa: B018
        problems = {each.name: each.problems for each in known.plugins}
        self._offered(known)
        _refuse(
            "The plugin has no problems",
            [f"{self.plugin}: {problem}; mend it there" for problem in problems[self.plugin]],
        )

    def test_ids_are_the_municipalitys_own(self) -> None:
        """Each id is used once, and begins with the municipality's key."""
        known = self.registry()
        doubled = [
            f"{self.plugin}: {problem}; rename one of them"
            for plugin in known.plugins
            if plugin.name == self.plugin
            for problem in plugin.problems
            if isinstance(problem, Message) and problem.code == "plugin.offered_twice"
        ]
        _refuse("Ids are unique and begin with the municipality's key", doubled)
        _refuse(
            "Ids are unique and begin with the municipality's key",
            checks.id_faults(known, self.tried()),
        )

    def test_every_value_has_its_source(self) -> None:
        """No value and no rule stands without a document and a place in it."""
        ids = self.registry().ids
        _refuse(
            "Every value has its source, document and place",
            (
                fault
                for policy in self._seen()
                for fault in checks.source_faults(policy, policy.id in ids)
            ),
        )

    def test_nothing_is_left_to_fill_in(self) -> None:
        """Nothing in a guideline or a record still says FILL IN."""
        policies = self.tried()
        towns = {policy.municipality for policy in policies}
        records = [each for each in self.registry().histories if each.municipality in towns]
        faults = [*(f for p in policies for f in checks.unfilled(p.origin, p.tree))]
        faults += [f for each in records for f in checks.unfilled(f"{each.key} (record)", each)]
        _refuse("No source is still to be filled in", faults)

    def test_dates_are_in_order(self) -> None:
        """A guideline ends after it begins, and no two hold at once."""
        _refuse("Dates are in order and do not overlap", checks.date_faults(self.tried()))

    def test_parts_answer_what_their_protocols_ask(self) -> None:
        """Each part has the members of its slot's protocol, with values that fit."""
        _refuse(
            "Parts answer what their protocols ask",
            (fault for policy in self._seen() for fault in contract_faults(policy)),
        )

    def test_the_funding_can_be_followed(self) -> None:
        """Year by year the funding sets aside, and lets lapse, whole öre of at least nothing."""
        _refuse(
            "The funding can be followed year by year",
            (fault for policy in self.tried() for fault in funding_faults(policy)),
        )

    def test_a_short_simulation_goes_through(self) -> None:
        """What installed plugins check finds nothing: by the simulation, a short run that grants.

        Skipped where no plugin checks policies. A guideline under which nothing can be
        granted, as nothing says of which money, takes this promise out.
        """
        known = self.registry()
        if not known.checks:
            raise unittest.SkipTest("no plugin checks policies; the simulation is not installed")
        _refuse(
            "A short simulation goes through",
            (fault for policy in self.tried() for fault in checks.offered_faults(known, policy)),
        )

    def test_the_same_comes_out_twice(self) -> None:
        """Built, decided and settled twice, a policy says the same."""
        known = self.registry()
        _refuse(
            "The same policy says the same twice",
            (
                fault
                for policy in self.tried()
                for seen, again in zip(policy.on_tracks, known.anew(policy).on_tracks, strict=True)
                for fault in checks.repeat_faults(
                    seen, again, self.applications(seen), self.investments(seen)
                )
            ),
        )

    def test_both_engines_decide_alike(self) -> None:
        """The reference engine and the compiled one agree; skipped where only one is there."""
        if fault := durable_fault():
            raise unittest.SkipTest(str(fault))
        _refuse(
            "Both engines decide alike",
            (
                fault
                for policy in self._seen()
                for fault in checks.engine_faults(policy, self.applications(policy))
            ),
        )

    def test_many_are_claimed_as_each_is(self) -> None:
        """A return model that offers an array method claims by it what it claims of each."""
        _refuse(
            "Many investments are claimed as each is",
            (
                fault
                for policy in self.tried()
                for fault in array_faults(policy, self.investments(policy))
            ),
        )

    def test_many_are_chosen_as_each_is(self) -> None:
        """A behaviour that offers an array method chooses by it what it chooses of each."""
        _refuse(
            "Many prospects are chosen as each is",
            behaviour_faults(self.registry().behaviours.values()),
        )

    def test_no_money_is_lost(self) -> None:
        """What is claimed and what is given up sum to the same, to the öre."""

        def faults() -> Iterator[str]:
            for policy in self._seen():

                def planned(each: Investment, policy: FundPolicy = policy) -> int | None:
                    return self.planned(policy, each)

                yield from laws.money_faults(policy, self.investments(policy), planned)

        _refuse("No öre is lost and none is made", faults())

    def test_instalments_change_no_sum(self) -> None:
        """A longer return period divides the same sum, to the öre.

        A guideline that charges for time takes this promise out.
        """
        _refuse(
            "Instalments change no sum",
            (
                fault
                for policy in self._seen()
                for fault in laws.instalment_faults(policy, self.investments(policy))
            ),
        )

    def test_it_reads_well_in_both_languages(self) -> None:
        """Every text is there in Swedish and English, and ``sif show`` shows the policy."""
        _refuse(
            "Everything can be shown in Swedish and in English",
            (
                fault
                for policy in self._seen()
                for fault in (
                    *checks.text_faults(policy, self.investments(policy)),
                    *_show_faults(policy),
                )
            ),
        )

    def test_worked_cases_come_out_right(self) -> None:
        """Each worked case gives what it expects; skipped where there is none."""
        file = self._cases(self.registry())
        if file is None:
            raise unittest.SkipTest("no worked cases; write some in cases.toml")
        policies = self.tried()
        cases = read_cases(file, self.policies[0] if len(self.policies) == 1 else None)
        known = self.registry()
        by_id = {policy.id: policy for policy in policies}
        results = (
            run_cases(by_id[case.policy], [case])[0]
            if case.policy in by_id and not case.set
            else run_cases(known, [case])[0]
            for case in cases
        )
        differing = [f"{each}\n  in {file}" for each in results if not each.passed]
        _refuse("Every worked case comes out as it says", differing)

    def _cases(self, known: Registry) -> Path | Traversable | None:
        if self.cases is not None:
            return Path(self.cases) if isinstance(self.cases, str) else self.cases
        named = self.plugin in {each.name for each in known.plugins}
        return cases_of(known, self.plugin) if self.plugin and named else None


@cache
def _registry(off: str, extra: tuple[tuple[str, object], ...]) -> Registry:
    """A registry, made once; a plugin in ``extra`` goes before an installed one of its name."""
    left_out = [*off.split(","), *(name for name, _ in extra)]
    return registry(off=left_out, extra=dict(extra))


def _show_faults(policy: FundPolicy) -> Iterator[str]:
    """What goes wrong when a policy is shown, in each language and form."""
    for language in LANGUAGES:
        for form in FORMATS:
            try:
                rendered(shown_policy(policy, language), form, language)
            except Exception as error:  # an author's own texts and conditions
                failure = f"{type(error).__name__}: {error}"
                command = f"sif show {policy.id} --lang {language} --format {form}"
                yield f"{policy.id}: {command} failed with {failure}; give every text as Words"


def _refuse(promise: str, faults: Iterable[str]) -> None:
    """Raise with the promise and every fault, if there is any."""
    __tracebackhide__ = True
    distinct = list(dict.fromkeys(faults))
    if distinct:
        more = [f"... and {len(distinct) - _MOST} more"] if len(distinct) > _MOST else []
        raise AssertionError("\n- ".join([f"{promise}:", *distinct[:_MOST], *more]))


#: The most faults that are listed.
_MOST = 20
