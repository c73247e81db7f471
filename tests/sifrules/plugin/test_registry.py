"""A broken plugin is named and left out; the rest works."""

from __future__ import annotations

import datetime as dt
import re
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import Distribution, EntryPoint, version
from typing import Any, ClassVar

import click
import pytest
from attrs import frozen

import sifrules_policies.plugin as parts_plugin
from sifrules import (
    FaultyFile,
    FundPolicy,
    Guideline,
    LocalizedText,
    Part,
    PartialDate,
    Registry,
    Rule,
    SifError,
    Slot,
    hookimpl,
    registry,
)
from sifrules.plugin import registry as registries
from sifrules.plugin.discovery import OFF

TOY = "toy@2020"
Toy = Callable[..., Guideline]
RegistryOf = Callable[..., Registry]


class _Town:
    """A plugin that answers with what it was made with, or raises it."""

    def __init__(self, *guidelines: Any) -> None:
        self._guidelines = guidelines

    @hookimpl
    def sifrules_guidelines(self) -> Any:
        return self._guidelines


class _Raising:
    """A plugin whose hook raises."""

    @hookimpl
    def sifrules_guidelines(self) -> Any:
        raise ZeroDivisionError("a mistake in the plugin")


class _Answering:
    """A plugin that answers with something, whatever it is."""

    def __init__(self, answer: object) -> None:
        self._answer = answer

    @hookimpl
    def sifrules_guidelines(self) -> Any:
        return self._answer


class _Misspelt:
    """A plugin with a hook that there is not."""

    @hookimpl
    def sifrules_guideline(self) -> Any:
        return ()


def _problems(found: Registry, plugin: str) -> str:
    (asked,) = (each for each in found.plugins if each.name == plugin)
    return "\n".join(map(str, asked.problems))


def _named(toy: Toy, id: str) -> Guideline:
    return toy(id=id)


def test_two_offers_of_one_id_are_both_left_out_and_both_named(
    toy: Toy, registry_of: RegistryOf
) -> None:
    """Neither wins by chance; what else the two offer works."""
    one = _Town(_named(toy, "same@1"), _named(toy, "one@1"))
    other = _Town(_named(toy, "same@1"), _named(toy, "other@1"))
    found = registry_of(one=one, other=other)
    assert found.ids == ("one@1", "other@1")
    for plugin in ("one", "other"):
        assert "same@1 is offered by one and other; both are left out" in _problems(found, plugin)


def test_one_plugin_offering_an_id_twice_is_reported(toy: Toy, registry_of: RegistryOf) -> None:
    """The same mistake within one plugin."""
    found = registry_of(one=_Town(_named(toy, "same@1"), _named(toy, "same@1")))
    assert found.ids == ()
    assert "same@1" in _problems(found, "one")


def test_two_offers_of_one_kind_of_part_are_both_left_out(registry_of: RegistryOf) -> None:
    """Also for parts: the shipped plugin offered twice cancels itself, by name."""

    class Again:
        @hookimpl
        def sifrules_parts(self) -> Any:
            return parts_plugin.sifrules_parts()[:1]

    found = registry_of(again=Again())
    (first, *_) = parts_plugin.sifrules_parts()
    assert (str(first.slot), first.kind) not in found.parts
    assert "again and parts" in _problems(found, "parts")


@pytest.mark.parametrize(
    ("plugin", "told"),
    [
        (_Raising(), "sifrules_guidelines: ZeroDivisionError: a mistake in the plugin"),
        (_Misspelt(), "no hook sifrules_guideline; did you mean sifrules_guidelines"),
        (_Answering(3), "sifrules_guidelines: TypeError"),
        (_Answering([3]), "sifrules_guidelines: expected Guideline, got 3"),
        (_Answering([{"id": "x@1"}]), "expected Guideline, got"),
        (_Answering("toy"), "expected Guideline, got"),
    ],
    ids=["raises", "misspelt", "number", "list", "dict", "text"],
)
def test_a_plugin_that_answers_wrongly_is_named_and_the_rest_works(
    toy: Toy, registry_of: RegistryOf, plugin: object, told: str
) -> None:
    """Its problem is reported in one line; other plugins' policies are there."""
    found = registry_of(toy(), broken=plugin)
    assert told in _problems(found, "broken")
    assert found.ids == (TOY,)
    assert _problems(found, "toy") == ""


@pytest.mark.parametrize("answer", [None, (), []])
def test_a_plugin_may_offer_nothing(registry_of: RegistryOf, answer: object) -> None:
    """None and an empty sequence are no problem."""
    assert _problems(registry_of(quiet=_Answering(answer)), "quiet") == ""


def test_a_plugin_that_is_broken_in_one_hook_still_answers_the_others(
    registry_of: RegistryOf,
) -> None:
    """A part is left out, not the whole plugin."""

    class Half(_Raising):
        @hookimpl
        def sifrules_commands(self) -> Any:
            return [click.Command("hello")]

    assert list(registry_of(half=Half()).commands) == ["hello"]


def test_asking_again_does_not_repeat_a_problem(registry_of: RegistryOf) -> None:
    """Problems are reported once, however often the commands are looked up."""

    class Wrong:
        @hookimpl
        def sifrules_commands(self) -> Any:
            return [3]

    found = registry_of(wrong=Wrong())
    assert dict(found.commands) == {}
    assert dict(found.commands) == {}
    assert _problems(found, "wrong").count("expected") == 1


def test_a_faulty_guideline_is_left_out_and_its_plugin_says_why(
    toy: Toy, registry_of: RegistryOf
) -> None:
    """The sound policies are there; the faults are reported with file and key."""
    found = registry_of(toy(), other=_Town(toy(id="bad@1", status="draft")))
    assert [policy.id for policy in found.policies] == [TOY]
    assert "bad@1 is left out: toy.toml: status: expected one of" in _problems(found, "other")
    assert len(found.policies) == 1
    assert _problems(found, "other").count("bad@1") == 1


@frozen(kw_only=True)
class _Breaking(Part):
    """A part whose own code fails."""

    slot: ClassVar[Slot] = Slot.CRITERIA
    kind: ClassVar[str] = "breaking"
    words: ClassVar[LocalizedText] = LocalizedText(sv="x", en="y")

    def rules(self) -> Iterable[Rule]:
        raise ZeroDivisionError("a mistake in the part")


class _Plain:
    """A class that is no attrs class at all."""

    slot = Slot.CRITERIA
    kind = "plain"


class _BrokenParts:
    @hookimpl
    def sifrules_parts(self) -> Any:
        return [_Breaking, _Plain]


@pytest.mark.parametrize("kind", ["breaking", "plain"])
def test_a_part_whose_code_fails_takes_down_only_its_policy(
    toy: Toy, registry_of: RegistryOf, kind: str
) -> None:
    """Listing the policies names the faulty one and shows the rest."""
    bad = toy(id="bad@1", criteria={"a": {"kind": kind, "cite": "guide"}})
    found = registry_of(toy(), theirs=_BrokenParts(), other=_Town(bad))
    assert [policy.id for policy in found.policies] == [TOY]
    assert "bad@1" in _problems(found, "other")


# --- installed plugins --------------------------------------------------------------


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Makes entry points as if plugins were installed."""

    def install(points: dict[str, str]) -> None:
        found = [EntryPoint(name, value, "sifrules") for name, value in points.items()]
        module = sys.modules["sifrules.plugin.registry"]  # in sifrules, the name is the function's
        monkeypatch.setattr(
            module, "entry_points", lambda group: found if group == "sifrules" else []
        )

    return install


def test_a_plugin_that_cannot_be_imported_is_named_and_the_rest_works(
    installed: Callable[[dict[str, str]], None],
) -> None:
    """An import error is a line about that plugin, nothing more."""
    installed({"gone": "no_such_module_of_ours:plugin", "parts": "sifrules_policies.plugin"})
    found = registry()
    assert "cannot be loaded: ModuleNotFoundError" in _problems(found, "gone")
    assert ("return_model", "budget") in found.parts


def test_a_plugin_that_raises_when_imported_is_named(
    installed: Callable[[dict[str, str]], None], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its own code raises is its problem."""
    (tmp_path / "raising_plugin_of_ours.py").write_text("1 / 0\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    installed({"raising": "raising_plugin_of_ours"})
    assert "cannot be loaded: ZeroDivisionError" in _problems(registry(), "raising")


def test_a_plugin_that_is_slow_works_and_is_reported(
    registry_of: RegistryOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command waits for it, so whoever looks at the plugins sees which one it is."""
    monkeypatch.setattr(sys.modules["sifrules.plugin.discovery"], "SLOW", 0.01)

    class Slow:
        @hookimpl
        def sifrules_measures(self) -> list[object]:
            time.sleep(0.05)
            return []

    said = _problems(registry_of(slow=Slow()), "slow")
    assert re.search(r"sifrules_measures took \d+\.\d s; every command waits", said)


def test_a_plugin_with_an_argument_that_a_hook_does_not_have_is_named(
    registry_of: RegistryOf,
) -> None:
    """It is left out, with the argument."""

    class Asking:
        @hookimpl
        def sifrules_measures(self, portfolio: object) -> list[object]:
            return []

    problems = _problems(registry_of(asking=Asking()), "asking")
    assert "sifrules_measures" in problems
    assert "portfolio" in problems


def test_a_plugin_for_a_newer_sifrules_is_not_loaded(
    installed: Callable[[dict[str, str]], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Its distribution says which it needs, and that is what is reported."""
    folder = tmp_path / "newer-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: newer\nVersion: 1.0\nRequires-Dist: sifrules>=99\n", "utf-8"
    )
    (folder / "entry_points.txt").write_text("[sifrules]\nnewer = no_such:plugin\n", "utf-8")
    (point,) = Distribution.at(folder).entry_points
    module = sys.modules["sifrules.plugin.registry"]
    monkeypatch.setattr(module, "entry_points", lambda group: [point])
    (plugin,) = registry(off=()).plugins
    assert tuple(map(str, plugin.problems)) == (
        f'needs sifrules >=99, and this is {version("sifrules")}; pip install "sifrules>=99"',
    )


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        (">=99", "needs sifrules >=99, and this is"),
        ("newer", "expected versions of sifrules as >=0.1, got 'newer'"),
        (2, "expected versions of sifrules as >=0.1, got 2"),
    ],
)
def test_a_guideline_for_another_sifrules_is_refused_for_that_alone(
    toy: Toy, registry_of: RegistryOf, needed: object, told: str
) -> None:
    """What else it says may be right for that version."""
    found = registry_of(toy(sifrules=needed, unheard_of={"a": 1}))
    with pytest.raises(FaultyFile, match=told) as raised:
        found.policy("toy@2020")
    assert len(raised.value.faults) == 1
    assert registry_of(toy(sifrules=">=0.1")).policy("toy@2020").id == "toy@2020"


@pytest.mark.parametrize("off", ["parts", "all", " parts , other"])
def test_a_plugin_can_be_turned_off_by_name_or_by_the_environment(
    installed: Callable[[dict[str, str]], None], monkeypatch: pytest.MonkeyPatch, off: str
) -> None:
    """It is not even imported."""
    installed({"parts": "sifrules_policies.plugin"})
    assert registry(off=off.split(",")).plugins == ()
    monkeypatch.setenv(OFF, off)
    assert registry().plugins == ()
    assert [plugin.name for plugin in registry(off=[]).plugins] == ["parts"]


def test_two_registries_stand_side_by_side(toy: Toy, registry_of: RegistryOf) -> None:
    """There is no global: what one knows, the other does not."""
    assert registry_of(toy()).ids == (TOY,)
    assert registry_of().ids == ()


def test_the_order_of_plugins_changes_nothing(toy: Toy) -> None:
    """Answers are put together and sorted."""
    towns = {name: _Town(_named(toy, f"{name}@1")) for name in ("b", "a", "c")}
    back = dict(reversed(towns.items()))
    found = [registry(off=["all"], extra=each).ids for each in (towns, back)]
    assert found[0] == found[1] == ("a@1", "b@1", "c@1")


# --- looking policies up ------------------------------------------------------------


def test_an_unknown_policy_names_the_nearest(toy: Toy, registry_of: RegistryOf) -> None:
    """A slip of the keyboard is answered with what was meant."""
    with pytest.raises(SifError, match="no policy 'toy@2002'; did you mean toy@2020"):
        registry_of(toy()).policy("toy@2002")


def test_a_municipality_with_one_policy_is_enough(toy: Toy, registry_of: RegistryOf) -> None:
    """``toy`` is the one guideline that Toy has."""
    assert registry_of(toy()).policy("toy").id == TOY


def test_a_municipality_with_several_policies_asks_which(toy: Toy, registry_of: RegistryOf) -> None:
    """And names them."""
    with pytest.raises(SifError, match="toy has several policies; say which: toy@2020, toy@2021"):
        registry_of(toy(), toy(id="toy@2021")).policy("toy")


def _in_force(
    toy: Toy, id: str, start: str | None, end: str | None = None, **more: Any
) -> Guideline:
    dates = {"in_force": start, "replaced": end}
    terms = {name: value for name, value in dates.items() if value is not None}
    return toy(id=id, terms={"cite": "guide: 1", **terms}, **more)


def _on(found: Registry, when: str) -> FundPolicy:
    return found.policy_on("toy", PartialDate.parse(when))


def test_the_guideline_in_force_on_a_date_is_found(toy: Toy, registry_of: RegistryOf) -> None:
    """One follows on the other, to the day."""
    old = _in_force(toy, "toy@1", "2013-01-01", "2016-07-01")
    found = registry_of(old, _in_force(toy, "toy@2", "2016-07-01"))
    assert _on(found, "2013").id == "toy@1"
    assert found.policy_on("toy", dt.date(2016, 6, 30)).id == "toy@1"
    assert found.policy_on("toy", dt.date(2016, 7, 1)).id == "toy@2"
    assert _on(found, "2020-spring").id == "toy@2"


@pytest.mark.parametrize("when", ["2016", "2016-07", "2015-autumn"])
def test_a_date_that_may_lie_under_either_of_two_guidelines_is_not_guessed(
    toy: Toy, registry_of: RegistryOf, when: str
) -> None:
    """Both are named."""
    old = _in_force(toy, "toy@1", "2013", "2015-10-05" if "autumn" in when else "2016-07-05")
    new = _in_force(toy, "toy@2", "2015-10-05" if "autumn" in when else "2016-07-05")
    with pytest.raises(SifError, match=r"cannot tell which guideline of toy.*toy@1 or toy@2"):
        _on(registry_of(old, new), when)


def test_a_day_in_a_year_in_which_guidelines_changed_is_not_guessed(
    toy: Toy, registry_of: RegistryOf
) -> None:
    """Where the sources only know the year of the change, any day of it is open."""
    found = registry_of(_in_force(toy, "toy@1", "2013", "2016"), _in_force(toy, "toy@2", "2016"))
    with pytest.raises(SifError, match="cannot tell"):
        found.policy_on("toy", dt.date(2016, 7, 1))


def test_a_guideline_that_is_surely_in_force_does_not_hide_one_that_may_be(
    toy: Toy, registry_of: RegistryOf
) -> None:
    """An old guideline that nothing says was replaced is no answer while a new one may hold."""
    found = registry_of(_in_force(toy, "toy@1", "2013"), _in_force(toy, "toy@2", "2016"))
    with pytest.raises(SifError, match="cannot tell"):
        found.policy_on("toy", dt.date(2016, 7, 1))


def test_a_guideline_without_dates_is_not_guessed_to_be_in_force(
    toy: Toy, registry_of: RegistryOf
) -> None:
    """What the source does not date stays open."""
    with pytest.raises(SifError, match="cannot tell"):
        _on(registry_of(toy()), "2016")


def test_a_gap_between_two_guidelines_is_reported(toy: Toy, registry_of: RegistryOf) -> None:
    """No guideline was in force, and that is what is said."""
    old, new = _in_force(toy, "toy@1", "2013", "2014"), _in_force(toy, "toy@2", "2016")
    found = registry_of(old, new)
    with pytest.raises(SifError, match="no guideline of toy was in force 2015"):
        _on(found, "2015")
    with pytest.raises(SifError, match="no guideline of toy was in force"):
        _on(found, "2012")


def test_a_proposal_is_never_in_force(toy: Toy, registry_of: RegistryOf) -> None:
    """Only guidelines count."""
    found = registry_of(_in_force(toy, "toy@1", "2013", status="proposal"))
    with pytest.raises(SifError, match="no guideline of 'toy'"):
        _on(found, "2015")


def test_an_unknown_municipality_names_the_nearest(toy: Toy, registry_of: RegistryOf) -> None:
    """Both for guidelines and for records."""
    found = registry_of(_in_force(toy, "toy@1", "2013"))
    with pytest.raises(SifError, match="did you mean toy"):
        found.policy_on("tov", dt.date(2015, 1, 1))
    with pytest.raises(SifError, match="no record of grants for 'toy@1'"):
        found.history("toy@1")


class _Leaving:
    @hookimpl
    def sifrules_guidelines(self) -> Any:
        raise SystemExit(3)


def test_a_plugin_that_would_end_the_process_is_named_instead(
    toy: Toy, registry_of: RegistryOf
) -> None:
    """``sys.exit`` in a hook is that plugin's problem; the rest works."""
    found = registry_of(toy(), leaving=_Leaving())
    assert [policy.id for policy in found.policies] == [TOY]
    assert "SystemExit" in _problems(found, "leaving")


def test_two_faulty_plugins_do_not_hide_each_other(toy: Toy, registry_of: RegistryOf) -> None:
    """A guideline that is no table, and one whose base is not there: both are named."""
    no_table = _Town(Guideline("no", "a"))  # type: ignore[arg-type]  # what a plugin might do
    no_base = _Town(Guideline({"base": "toy@1999", "id": "lost@1"}, "lost.toml"))
    found = registry_of(toy(), one=no_table, other=no_base)
    assert [policy.id for policy in found.policies] == [TOY]
    assert "no table" in _problems(found, "one")
    assert "lost@1 is left out" in _problems(found, "other")


def test_the_installed_plugins_are_loaded_once_in_a_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What runs many comparisons loads them once, and again where others are left out."""
    everything = registries.installed()
    assert registries.installed() is everything
    monkeypatch.setenv(OFF, "orebro")
    assert "orebro@2016" in everything.ids
    assert "orebro@2016" not in registries.installed().ids
