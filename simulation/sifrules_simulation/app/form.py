"""Forms (formulär): what was filled in becomes changes of clauses, mistakes at their fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, frozen

from sifrules.errors import FaultyFile, SifError
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Joined, Text
from sifrules.values.text import Language
from sifrules_simulation.app.added_parts import added, new_path
from sifrules_simulation.app.controls import KIND, Control, Group, groups_of
from sifrules_simulation.app.offers import Offers
from sifrules_simulation.app.state import (
    LONGEST_VALUE,
    AppState,
    Mistakes,
    Query,
    one,
    read_state,
)

#: How the names of clauses begin in a form, and the kinds of parts whose fields it shows.
FIELD, SHOWN = "f.", "shown."
#: The policy whose clauses a form shows.
OF = "of"
#: The buttons that add a part, of the kind that is picked, and take an added one out.
PICKED, ADD, DROP = "picked", "add", "drop"


@frozen
class Filled:
    """A state as it was asked for, the controls that show it, and what is wrong with it.

    ``policy`` is None where the values do not make one; ``as_typed`` is what stands in the fields
    that are wrong.
    """

    state: AppState
    groups: list[Group]
    mistakes: Mistakes
    policy: FundPolicy | None
    as_typed: dict[str, str]
    #: whether other clauses have to be shown than the form shows: of another policy or kind
    other_clauses: bool = False
    #: where the part stands that was just added, "" where none was
    just_added: str = ""
    #: whether an added part was just taken out
    just_dropped: bool = False

    @property
    def place(self) -> str:
        """Where on the page a reader goes on, as the end of a link."""
        if self.just_added:
            return f"#g-{self.just_added}"
        return "#c-picked" if self.just_dropped else ""

    @property
    def sound(self) -> bool:
        """Whether it can be simulated."""
        return self.policy is not None and not self.mistakes

    @property
    def controls(self) -> Iterator[Control]:
        """All controls."""
        return _controls(self.groups)


def read_form(query: Query, offers: Offers, usual: Language) -> Filled:
    """The state that a link or a filled-in form asks for; nothing is raised for a mistake."""
    mistakes = Mistakes()
    state = read_state(query, offers, usual, mistakes)
    base = offers.policies[state.policy]
    changes = dict(state.changes)
    typed: dict[str, str] = {}
    shown = one(query, OF)
    new = ""
    if shown == state.policy:
        changes, typed = _filled_in(query, offers, base, state.lang, mistakes)
        if one(query, ADD):
            before = [path for path, _ in added(offers.registry, base, changes)]
            new = new_path(one(query, PICKED), offers.registry, base, before)
            changes |= {f"{new}.{KIND}": one(query, PICKED).partition(".")[2]} if new else {}
    state = evolve(state, changes=tuple(sorted(changes.items())))
    policy = None
    try:
        policy = offers.policy(state.policy, state.settings)
    except SifError as error:
        _place(error, _groups(offers, base, changes, state.lang), mistakes)
    groups = _groups(offers, base, changes, state.lang)
    other = bool(shown) and (shown != state.policy or bool(_exchanged(query)))
    dropped = bool(one(query, DROP))
    return Filled(state, groups, mistakes, policy, typed, other, new, dropped)


def _groups(
    offers: Offers, base: FundPolicy, changes: Mapping[str, str], lang: Language
) -> list[Group]:
    """The controls of a policy with some values changed, those of added parts among them."""
    new = (path for path, _ in added(offers.registry, base, changes))
    return groups_of(offers.registry, base, changes, lang, new)


def _controls(groups: Iterable[Group]) -> Iterator[Control]:
    for group in groups:
        yield from group.controls
        yield from group.unstated


def _filled_in(
    query: Query, offers: Offers, base: FundPolicy, lang: Language, mistakes: Mistakes
) -> tuple[dict[str, str], dict[str, str]]:
    """The changes that a form's fields say, and what was typed where that cannot be read."""
    given = {name[len(FIELD) :]: value for name, value in query if name.startswith(FIELD)}
    dropped = one(query, DROP)
    if dropped:
        given = {name: value for name, value in given.items() if not name.startswith(f"{dropped}.")}
    kinds = _kinds(query, offers, base, given)
    untouched = {each.path: each for each in _controls(_groups(offers, base, {}, lang))}
    shown = {each.path: each for each in _controls(_groups(offers, base, kinds, lang))}
    changes, typed = dict(kinds), dict[str, str]()
    exchanged = _exchanged(query)
    for path, control in shown.items():
        if control.names_kind or path not in given:
            continue
        if path.partition(".")[0] in exchanged:  # fields of the kind that was there before
            continue
        written = given[path]
        if written.strip() == control.value:  # as it was shown
            continue
        try:
            if len(written) > LONGEST_VALUE:
                written = written[:LONGEST_VALUE]
            setting = control.setting(written)
        except SifError as error:
            mistakes.add(path, error)
            typed[path] = written
            continue
        before = untouched.get(path)
        same_kind = path.rpartition(".")[0] + f".{KIND}" not in kinds
        if not setting or (same_kind and before and setting == _setting_of(before)):
            continue
        changes[path] = setting
    return changes, typed


def _exchanged(query: Query) -> set[str]:
    """The parts whose kind is another than that whose fields the form shows."""
    kinds = {name[len(SHOWN) :]: value for name, value in query if name.startswith(SHOWN)}
    return {
        path
        for path, kind in kinds.items()
        if one(query, f"{FIELD}{path}.{KIND}", usual=kind) != kind
    }


def _setting_of(control: Control) -> str:
    """The value that the guideline states, as a setting."""
    return control.setting(control.value)


def _kinds(query: Query, offers: Offers, base: FundPolicy, given: dict[str, str]) -> dict[str, str]:
    """The parts whose kind is another than the guideline's, and those that it does not have."""
    found = {f"{path}.{KIND}": kind for path, kind in added(offers.registry, base, given)}
    for control in _controls(_groups(offers, base, {}, "en")):
        if not control.names_kind:
            continue
        written = given.get(control.path, control.value)
        if written != control.value and written in dict(control.options):
            found[control.path] = written
    return found


def _place(error: SifError, groups: list[Group], mistakes: Mistakes) -> None:
    """Note what is wrong with a policy at the fields that it is of."""
    controls = {each.path for each in _controls(groups)}
    parts = {group.path for group in groups}
    if not isinstance(error, FaultyFile):
        mistakes.add("", error)
        return
    for fault in error.faults:
        words: Text = Joined.of("; ", fault.problem, fault.fix)
        key = str(fault.key)
        found = next((path for path in _upwards(key) if path in controls), "")
        if not found:
            part = next((path for path in _upwards(key) if path in parts), "")
            at = f"{part}.{KIND}"
            found = at if at in controls else (part if part in controls else "")
        mistakes.add(found, words)


def _upwards(path: str) -> Iterator[str]:
    """A path and those above it."""
    while path:
        yield path
        path = path.rpartition(".")[0]
