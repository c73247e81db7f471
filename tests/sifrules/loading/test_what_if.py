"""What-ifs lie over their base, say what they change, and leave the base alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sifrules import FaultyFile, FundPolicy, Guideline, Registry, SifError
from sifrules.loading.what_if import overlay
from sifrules_policies import BudgetModel, NoWriteDown, ReturnFlow

TOY = "toy@2020"
Toy = Callable[..., Guideline]
RegistryOf = Callable[..., Registry]
WhatIf = Callable[..., FundPolicy]


@pytest.fixture
def what_if(toy: Toy, registry_of: RegistryOf) -> WhatIf:
    """Builds a what-if over the toy guideline."""

    def make(**changes: object) -> FundPolicy:
        over = Guideline({"base": TOY, **changes}, "mine.toml")
        registry = registry_of(toy(), Guideline({**over.tree, "id": "mine@1"}, over.origin))
        return registry.policy("mine@1")

    return make


@pytest.fixture
def changed(toy: Toy, registry_of: RegistryOf) -> Callable[..., FundPolicy]:
    """Builds the toy policy with settings, as ``--set`` gives them."""

    def make(*settings: str, **tables: object) -> FundPolicy:
        return registry_of(toy(**tables)).policy(TOY, settings)

    return make


# --- what-ifs -----------------------------------------------------------------------


def test_a_changed_value_says_that_it_is_a_what_if(what_if: WhatIf) -> None:
    """The rest keeps the citations of the base."""
    model = what_if(return_model={"floor": Decimal("0.1")}).return_model
    assert isinstance(model, ReturnFlow)
    assert model.floor == Decimal("0.1")
    assert "what-if: mine.toml" in str(model.cite("floor"))
    assert "The guideline" in str(model.cite("share"))


def test_a_value_changed_in_a_table_without_a_citation_is_a_what_if_too(what_if: WhatIf) -> None:
    """``{ value = 0.1 }`` does not borrow the citation of what it replaced."""
    model = what_if(return_model={"floor": {"value": Decimal("0.1")}}).return_model
    assert isinstance(model, ReturnFlow)
    assert "what-if" in str(model.cite("floor"))


def test_a_later_guideline_cites_its_own_document_for_what_it_changes(what_if: WhatIf) -> None:
    """A value with a citation is no what-if."""
    floor = {"value": Decimal("0.1"), "cite": "report: 5"}
    model = what_if(return_model={"floor": floor}).return_model
    assert isinstance(model, ReturnFlow)
    assert str(model.cite("floor")) == "The report, KS 1/2021, 5"


def test_what_a_later_guideline_leaves_alone_keeps_its_citation(what_if: WhatIf) -> None:
    """A citation for the whole of a changed table speaks for the changed values alone."""
    model = what_if(return_model={"cite": "report: 5", "floor": Decimal("0.1")}).return_model
    assert isinstance(model, ReturnFlow)
    assert "The report" in str(model.cite("floor"))
    assert "The guideline" in str(model.cite("share"))


def test_none_takes_a_value_out(what_if: WhatIf) -> None:
    """What is taken out is absent, as if the guideline did not state it."""
    model = what_if(return_model={"floor": "none"}).return_model
    assert isinstance(model, ReturnFlow)
    assert model.floor is None


def test_none_takes_a_part_out(what_if: WhatIf) -> None:
    """A criterion that is set to none is gone, and so is its rule."""
    assert what_if(criteria={"areas": "none"}).criteria == ()


def test_a_removed_path_is_gone(what_if: WhatIf) -> None:
    """``remove`` takes parts and values out by their paths."""
    policy = what_if(remove=["criteria.areas", "return_model.floor"])
    assert policy.criteria == ()
    assert isinstance(policy.return_model, ReturnFlow)
    assert policy.return_model.floor is None


@pytest.mark.parametrize("path", ["criteria.ares", "caps.x.y", "return_model.floor.x", "x"])
def test_what_is_not_there_cannot_be_removed(what_if: WhatIf, path: str) -> None:
    """The fault names the file, the key and the path."""
    with pytest.raises(FaultyFile, match=rf"mine\.toml: remove: no '{path}' to remove"):
        what_if(remove=[path])


def test_what_is_not_there_cannot_be_set_to_none(changed: Callable[..., FundPolicy]) -> None:
    """A misspelt key is found also where it would be taken out."""
    with pytest.raises(SifError, match="flor"):
        changed("return_model.flor=none")


@pytest.mark.parametrize("wrong", ["criteria.areas", [1], {"a": 1}])
def test_what_is_removed_is_a_list_of_paths(what_if: WhatIf, wrong: object) -> None:
    """Anything else is a fault that shows what was expected."""
    with pytest.raises(FaultyFile, match="remove: expected a list of paths"):
        what_if(remove=wrong)


def test_a_changed_kind_replaces_the_whole_part(what_if: WhatIf) -> None:
    """A budget model keeps no floor from the return flow that it replaces."""
    model = what_if(return_model={"kind": "budget"}).return_model
    assert isinstance(model, BudgetModel)
    assert "what-if" in str(model.cite())


@pytest.mark.parametrize("slot", ["write_down", "funding"])
def test_a_kind_called_none_can_be_chosen(changed: Callable[..., FundPolicy], slot: str) -> None:
    """ "none" is a kind of write-down and of funding, not only a way to take values out."""
    write_down = {"kind": "to_measured_effect", "cite": "guide: 3"}
    policy = changed(f"{slot}.kind=none", write_down=write_down)
    assert getattr(policy, slot).kind == "none"
    assert slot == "funding" or isinstance(policy.write_down, NoWriteDown)


def test_a_part_can_be_added(what_if: WhatIf) -> None:
    """A new criterion in a what-if stands next to those of the base."""
    policy = what_if(criteria={"early": {"kind": "early"}})
    assert {part.path for part in policy.criteria} == {"criteria.areas", "criteria.early"}
    assert "what-if" in str(policy.rulebook.rules[-1].citation)


def test_a_what_if_can_bring_a_fact_of_its_own(what_if: WhatIf) -> None:
    """What a guideline may do, a what-if over it may do."""
    own = {"kind": "flag", "sv": "klimatnytta", "en": "climate benefit"}
    policy = what_if(
        facts={"application.climate": own},
        criteria={"climate": {"kind": "fact", "fact": "application.climate", "holds": True}},
    )
    assert "application.climate" in policy.vocabulary


def test_a_text_in_both_languages_can_be_changed(what_if: WhatIf) -> None:
    """A changed purpose is a what-if like any changed value."""
    purpose = what_if(terms={"purpose": {"sv": "annat", "en": "other"}}).terms.purpose
    assert purpose is not None
    assert purpose.sv == "annat"


def test_the_base_is_untouched(toy: Toy, registry_of: RegistryOf) -> None:
    """Neither the base's tree nor its policy changes under a what-if or a setting."""
    base = toy()
    registry = registry_of(base)
    before = registry.policy(TOY)
    registry.policy(TOY, ["return_model.floor=0.0", "criteria.areas.areas=5"])
    assert base.tree == toy().tree
    assert registry.policy(TOY) is before


def test_overlaying_makes_a_new_tree() -> None:
    """Tables inside are new, too."""
    base: dict[str, Any] = {"a": {"b": {"value": 1}}}
    overlay(base, {"a": {"b": 2, "c": 3}}, "me")
    assert base == {"a": {"b": {"value": 1}}}


def test_a_what_if_over_a_what_if_lies_over_both(toy: Toy, registry_of: RegistryOf) -> None:
    """Each change keeps saying who made it."""
    first = Guideline(
        {"id": "one@1", "base": TOY, "return_model": {"floor": Decimal("0.2")}}, "one.toml"
    )
    second = Guideline(
        {"id": "two@1", "base": "one@1", "criteria": {"areas": {"areas": 3}}}, "two.toml"
    )
    policy = registry_of(toy(), first, second).policy("two@1")
    assert "one.toml" in str(policy.return_model.cite("floor"))  # type: ignore[union-attr]  # a part
    assert "two.toml" in str(policy.criteria[0].cite("areas"))


def test_a_base_may_be_a_file_next_to_it(toy: Toy, registry_of: RegistryOf, tmp_path: Path) -> None:
    """A relative path is looked up from the what-if's own folder."""
    (tmp_path / "base.toml").write_text(f'base = "{TOY}"\ncriteria.areas.areas = 4\n', "utf-8")
    (tmp_path / "mine.toml").write_text('base = "base.toml"\ntitle = "Mine"\n', "utf-8")
    policy = registry_of(toy()).policy(tmp_path / "mine.toml")
    assert policy.title.sv == "Mine"
    assert policy.criteria[0].areas == 4  # type: ignore[attr-defined]  # a minimum of areas


@pytest.mark.parametrize(("one", "other"), [("a@1", "b@1"), ("a@1", "a@1")])
def test_bases_that_go_round_in_a_circle_are_refused(
    registry_of: RegistryOf, one: str, other: str
) -> None:
    """Also the smallest circle, a what-if over itself."""
    guidelines = {one: Guideline({"id": one, "base": other}, "a.toml")}
    guidelines[other] = Guideline({"id": other, "base": one}, "b.toml")
    with pytest.raises(FaultyFile, match="circle"):
        registry_of(*guidelines.values()).policy(one)


@pytest.mark.parametrize(
    ("base", "told"), [("toy@2021", "did you mean toy@2020"), (3, "policy id")]
)
def test_a_base_that_is_not_there_is_named_with_its_nearest(
    toy: Toy, registry_of: RegistryOf, base: object, told: str
) -> None:
    """The fault stands in the what-if's file, at ``base``."""
    mine = Guideline({"id": "mine@1", "base": base}, "mine.toml")
    with pytest.raises(FaultyFile, match=rf"mine\.toml: base: .*{told}"):
        registry_of(toy(), mine).policy("mine@1")


# --- settings ----------------------------------------------------------------------


def test_several_settings_are_made_together_and_the_id_says_them(
    changed: Callable[..., FundPolicy],
) -> None:
    """A table of results distinguishes the variants by their ids."""
    policy = changed("return_model.floor=0.0", "criteria.areas.areas=3")
    assert policy.id == f"{TOY} with return_model.floor=0.0, criteria.areas.areas=3"
    assert policy.return_model.floor == 0  # type: ignore[union-attr]  # a return flow
    assert policy.criteria[0].areas == 3  # type: ignore[attr-defined]  # a minimum of areas


def test_a_setting_is_cited_as_one(changed: Callable[..., FundPolicy]) -> None:
    """A reader of the report sees that the guideline does not say this."""
    model = changed("return_model.floor=0.0").return_model
    assert "--set return_model.floor=0.0" in str(model.cite("floor"))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("return_model.flor=0.1", "return_model.*unknown key 'flor', did you mean floor"),
        ("return_model.floor=1.5", "return_model.floor.*share from 0 to 1"),
        ("return_model.floor=much", "return_model.floor.*expected a share"),
        ("return_modl.floor=0.1", "return_modl: unknown key; did you mean return_model"),
        ("return_model.kind=retrun_flow", "did you mean return_flow"),
        ("return_model=1", "return_model: expected a table"),
    ],
)
def test_a_setting_of_what_cannot_be_is_refused_with_advice(
    changed: Callable[..., FundPolicy], setting: str, told: str
) -> None:
    """Key, expectation and the nearest name, as for a file."""
    with pytest.raises(FaultyFile, match=told):
        changed(setting)


def test_two_settings_that_exclude_each_other_are_refused(
    changed: Callable[..., FundPolicy],
) -> None:
    """A value cannot be set and be a table as well."""
    with pytest.raises(SifError, match="another change"):
        changed("return_model=1", "return_model.floor=0.1")


def test_a_rule_made_of_a_changed_value_is_cited_to_the_what_if(
    changed: Callable[..., FundPolicy],
) -> None:
    """Whether the base cites the value itself or its part as a whole."""
    for areas in ({"value": 2, "cite": "guide: 2"}, 2):
        criteria = {"areas": {"kind": "minimum_areas", "cite": "guide: 2", "areas": areas}}
        policy = changed("criteria.areas.areas=5", criteria=criteria)
        (rule,) = [rule for rule in policy.rulebook.rules if rule.id == "criteria.areas"]
        assert rule.citation.what_if
        assert "what-if" in str(rule.citation)


def test_a_what_if_cannot_rename_the_documents_of_its_base(what_if: WhatIf) -> None:
    """What is left alone keeps its citation, word for word."""
    with pytest.raises(FaultyFile, match=r"mine\.toml: documents\.guide: .*another name"):
        what_if(documents={"guide": {"title": "My own memo"}})


def test_a_setting_cannot_bring_a_citation_or_a_document(
    changed: Callable[..., FundPolicy],
) -> None:
    """What is set on the command line is a what-if, and looks like one."""
    for setting in ('return_model.floor={value=0.1,cite="guide: 9"}', 'documents.guide.title="x"'):
        with pytest.raises(SifError):
            changed(setting)


def test_stating_the_only_kind_there_is_changes_nothing_else(
    changed: Callable[..., FundPolicy],
) -> None:
    """``kind = "terms"`` over terms that leave their kind out does not wipe them."""
    terms = {"in_force": {"value": "2013", "cite": "guide: 1"}}
    assert changed("terms.kind=terms", terms=terms).terms.in_force is not None


def test_a_value_cannot_call_itself_changed(toy: Toy, registry_of: RegistryOf) -> None:
    """Only an overlay marks a value as a what-if; in a file the word is no citation."""
    funding = {"kind": "endowment", "amount": {"value": 5, "what_if": "me"}}
    with pytest.raises(FaultyFile, match=r"funding\.amount"):
        registry_of(toy(funding=funding)).policy(TOY)


def test_a_file_cannot_take_the_id_of_an_offered_policy(
    toy: Toy, registry_of: RegistryOf, tmp_path: Path
) -> None:
    """A what-if never passes for the guideline that it changes."""
    mine = tmp_path / "mine.toml"
    mine.write_text(f'base = "{TOY}"\nid = "{TOY}"\n', "utf-8")
    with pytest.raises(FaultyFile, match="is the id of another policy"):
        registry_of(toy()).policy(mine)
