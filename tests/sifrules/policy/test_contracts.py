"""Contracts of parts: what a simulation reads, the defaults, and what a class lacks."""

from __future__ import annotations

import pickle
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from sifrules import (
    Guideline,
    Investment,
    LocalizedText,
    Part,
    ReturnModel,
    Settlement,
    SifError,
    Slot,
    WriteDown,
    clause,
    hookimpl,
    registry,
)
from sifrules.policy.contracts import (
    MEMBERS,
    PROTOCOLS,
    as_part,
    contract_faults,
    funding_of,
    procedure_of,
    return_model_of,
)
from sifrules.testing import toy_guideline, toy_policy
from sifrules.values.text import same

_WORDS = LocalizedText(sv="efter överenskommelse", en="by agreement")


@frozen(kw_only=True)
class Alone(ReturnModel):
    """An author's model that names the protocol and not `Part`."""

    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "alone"
    words: ClassVar[LocalizedText] = _WORDS
    years: int = clause("år", "years", default=1)

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        return Settlement(reason=self.words)


@frozen(kw_only=True)
class After(Part, ReturnModel):
    """The protocol after `Part`."""

    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "after"
    words: ClassVar[LocalizedText] = _WORDS
    years: int = clause("år", "years", default=1)

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        return Settlement(reason=self.words)


@frozen(kw_only=True)
class Before(ReturnModel, Part):
    """The protocol before `Part`."""

    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "before"
    words: ClassVar[LocalizedText] = _WORDS
    years: int = clause("år", "years", default=1)

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        return Settlement(reason=self.words)


class _Plugin:
    def __init__(self, kind: type, guideline: Guideline) -> None:
        self._kind, self._guideline = kind, guideline

    @hookimpl
    def sifrules_parts(self) -> list[type]:
        return [self._kind]

    @hookimpl
    def sifrules_guidelines(self) -> list[Guideline]:
        return [self._guideline]


@pytest.mark.parametrize("kind", [Alone, After, Before])
def test_a_class_that_derives_from_an_exported_protocol_is_a_part(kind: Any) -> None:
    """Alone, and before or after `Part`; its clauses are shown, and it can be pickled."""
    model = {"kind": kind.kind, "cite": "guide: 5", "years": 3}
    plugin = _Plugin(kind, toy_guideline(return_model=model, write_down=None))
    known = registry(off=[], extra={"ours": plugin})
    policy = known.policy("toy@2020")
    assert isinstance(policy.return_model, kind)
    assert isinstance(policy.return_model, Part)
    assert [(each.path, each.value.text("en")) for each in policy.return_model.clauses()][1:] == [
        ("return_model.years", "3")
    ]
    assert pickle.loads(pickle.dumps(policy.return_model)) == policy.return_model
    assert known.changed(policy, ["return_model.years=4"]).return_model.years == 4  # type: ignore[union-attr]
    assert not [each.problems for each in known.plugins if each.name == "ours" and each.problems]


def test_a_class_without_a_protocol_is_no_part() -> None:
    """The message says what to make of it."""

    @frozen
    class Nothing:
        pass

    with pytest.raises(SifError, match="Nothing is no part; make it a frozen attrs class of Part"):
        as_part(Nothing)


@frozen
class _Duck:
    """A return model that is no `Part` and names no protocol."""

    path: str = "return_model"

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        return Settlement(reason=_WORDS)

    def clauses(self) -> Any:
        return iter(After(path=self.path).clauses())


def test_what_is_no_part_is_shown_with_its_clauses() -> None:
    """Nothing that stands in a policy's slot is dropped from its clauses."""
    policy = evolve(toy_policy(), return_model=_Duck())
    assert "return_model.years" in [each.path for each in policy.clauses]


def test_a_model_without_the_optional_members_has_their_defaults() -> None:
    """An existing class works as before where its guideline is silent."""
    model = return_model_of(evolve(toy_policy(), return_model=_Duck()))
    assert model is not None
    assert (model.states_share, model.period, model.allows_exemption, model.transition) == (
        True,
        None,
        False,
        None,
    )


def test_a_policy_without_a_procedure_has_the_defaults_of_one() -> None:
    """No test of ideas, no reports, applications at any time, the scenario's lead time."""
    procedure = procedure_of(toy_policy(procedure=None))
    assert procedure.reports == 0
    assert {procedure.idea_test, procedure.windows_per_year, procedure.lead_time_at_least} == {None}


def test_a_member_is_looked_up_once() -> None:
    """A part is frozen: what a member is does not change, however often it is read."""
    read: list[str] = []

    @frozen(kw_only=True)
    class Counting(Part):
        slot: ClassVar[Slot] = Slot.PROCEDURE
        kind: ClassVar[str] = "counting"
        words: ClassVar[LocalizedText] = _WORDS

        @property
        def reports(self) -> int:
            read.append("reports")
            return 2

    procedure = procedure_of(evolve(toy_policy(), procedure=Counting()))
    assert [procedure.reports, procedure.reports] == [2, 2]
    assert read == ["reports"]


def test_an_error_in_a_members_own_code_is_not_hidden_by_the_default() -> None:
    """A default stands only for a member that is not there."""

    @frozen(kw_only=True)
    class Wrong(Part):
        slot: ClassVar[Slot] = Slot.PROCEDURE
        kind: ClassVar[str] = "wrong"
        words: ClassVar[LocalizedText] = _WORDS

        @property
        def reports(self) -> int:
            raise AttributeError("no manuals here")

    with pytest.raises(AttributeError, match="no manuals here"):
        _ = procedure_of(evolve(toy_policy(), procedure=Wrong())).reports


def test_a_funding_that_cannot_be_simulated_names_what_its_class_lacks() -> None:
    """Every required member, in one sentence."""

    @frozen(kw_only=True)
    class Gift(Part):
        slot: ClassVar[Slot] = Slot.FUNDING
        kind: ClassVar[str] = "gift"
        words: ClassVar[LocalizedText] = _WORDS

    policy = evolve(toy_policy(), funding=Gift())
    with pytest.raises(SifError, match="give its part opening, put_in, as Funding says"):
        funding_of(policy)
    assert list(contract_faults(policy)) == [
        "toy@2020: funding: Gift has no opening; Funding needs an amount in öre or None",
        "toy@2020: funding: Gift has no put_in; "
        "Funding needs a method (year, left, surplus) giving öre",
    ]


def test_values_that_do_not_fit_are_found() -> None:
    """With what the class answers and what its protocol needs."""

    @frozen(kw_only=True)
    class Odd(Part, ReturnModel):
        slot: ClassVar[Slot] = Slot.RETURN_MODEL
        kind: ClassVar[str] = "odd"
        words: ClassVar[LocalizedText] = _WORDS
        exemption: str | None = clause("befrielse", "exemption")
        period: Any = clause("tid", "period", default="long")
        states_share: Any = False

        def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
            return Settlement(reason=same("–"))

    faults = "\n".join(contract_faults(evolve(toy_policy(), return_model=Odd())))
    assert "Odd has period = 'long'; ReturnModel needs a number of months above 0" in faults
    assert "Odd leaves states_share open (False) and has no clause share" in faults
    assert "Odd states exemption and has no allows_exemption of its own" in faults


def test_every_member_of_a_protocol_is_checked() -> None:
    """The members that the suite checks are those of the protocols."""
    for slot, protocol in PROTOCOLS.items():
        public = {name for name in vars(protocol) if not name.startswith("_")}
        assert public == {member.name for member in MEMBERS[slot]}
