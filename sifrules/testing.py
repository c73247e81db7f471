"""Worked cases: a guideline tried on what it was made for, as data.

A case has a sentence as its name, the facts it starts from and what is expected; it is
TOML, so that it can be written, read and run without Python. No test framework is
needed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, ClassVar, Literal

from attrs import field, frozen

from sifrules.api import decide
from sifrules.applications import flat_facts
from sifrules.citations import FILL_IN
from sifrules.dates import Month
from sifrules.errors import SifError
from sifrules.guideline import read_toml
from sifrules.money import Ore, kronor
from sifrules.policy import FundPolicy
from sifrules.registry import registry
from sifrules.settlement import ClaimKind, Investment, ReductionKind, Settlement
from sifrules.structuring import Reader


@frozen(kw_only=True)
class Expected:
    """What a case expects; what is left out is not looked at.

    Of a decision: the ``outcome``, the rule that it is ``decided_by`` (one that is not
    met, or cannot be told), and the facts that are ``missing``. Of a settlement, in
    kronor: what is ``returned``, the ``fee``, what is ``written_down`` and ``exempted``,
    the months of the ``first_due`` and ``last_due`` claims, or that it ``cannot_tell``.
    """

    outcome: Literal["eligible", "not_eligible", "cannot_tell"] | None = None
    decided_by: str | None = None
    missing: tuple[str, ...] | None = None
    returned: Ore | None = None
    fee: Ore | None = None
    written_down: Ore | None = None
    exempted: Ore | None = None
    first_due: str | None = None
    last_due: str | None = None
    cannot_tell: bool | None = None


@frozen(kw_only=True)
class Settled:
    """The investment that a settlement case starts from; amounts in kronor."""

    cost: Ore
    start: str
    months: int
    effect: Ore | None = None
    failed: bool = False
    exempt: bool = False
    return_from: str | None = None
    return_months: int | None = None

    def investment(self) -> Investment:
        """The investment, its months read."""
        return Investment(
            cost=self.cost,
            start=Month.parse(self.start),
            months=self.months,
            effect=self.effect,
            failed=self.failed,
            exempt=self.exempt,
            return_from=Month.parse(self.return_from) if self.return_from else None,
            return_months=self.return_months,
        )


@frozen(kw_only=True)
class Case:
    """One worked case: a sentence, a policy, what is given and what is expected."""

    name: str
    policy: str
    facts: Mapping[str, Any] = field(factory=dict)
    stages: tuple[str, ...] = ("idea_test", "application")
    set: tuple[str, ...] = ()
    investment: Settled | None = None
    expect: Expected


def read_cases(file: Path | Traversable) -> tuple[Case, ...]:
    """Read worked cases from a TOML file of ``[[cases]]``; all faults are raised at once."""
    reader = Reader(read_toml(file), str(file))
    reader.refuse_unknown(("cases",))
    cases = reader.read("cases", tuple[Case, ...], ())
    names = [case.name for case in cases]
    for name in sorted({name for name in names if names.count(name) > 1}):
        reader.fault("cases", f"two cases are called {name!r}")
    for number, case in enumerate(cases):
        if case.expect == Expected():
            reader.fault(f"cases[{number}].expect", "expects nothing, so nothing could fail")
    reader.stop_at_faults()
    found: tuple[Case, ...] = cases
    return found


def run_case(case: Case, policy: FundPolicy, *, engine: str | None = None) -> tuple[str, ...]:
    """Try a case; what comes back are the differences from what it expects, () for none."""
    try:
        return tuple(_differences(case, policy, engine))
    except SifError as error:
        return (str(error),)


def _differences(case: Case, policy: FundPolicy, engine: str | None) -> Iterator[str]:
    expect = case.expect
    if expect.outcome or expect.decided_by or expect.missing is not None:
        facts = dict(flat_facts(case.facts))
        decision = decide(policy, facts, stages=case.stages, engine=engine)
        if expect.outcome and decision.outcome != expect.outcome:
            against = ", ".join(f.rule.id for f in decision.findings if f.verdict != "met")
            yield f"outcome: expected {expect.outcome}, got {decision.outcome} ({against})"
        if expect.decided_by:
            verdicts = {f.rule.id: f.verdict.value for f in decision.findings}
            verdict = verdicts.get(expect.decided_by, "no rule")
            if verdict in ("met", "no rule"):
                yield f"decided_by: {expect.decided_by} is {verdict}"
        if expect.missing is not None and set(decision.missing) != set(expect.missing):
            yield f"missing: expected {expect.missing}, got {decision.missing}"
    of_settlement = [name for name in _OUTCOMES if getattr(expect, name) is not None]
    if case.investment is None and of_settlement:
        yield f"{of_settlement[0]}: expected of a case that states no investment"
    if case.investment is not None:
        settlement = policy.settle(case.investment.investment())
        for name, found in _OUTCOMES.items():
            wanted, got = getattr(expect, name), found(settlement)
            if wanted is not None and wanted != got:
                yield f"{name}: expected {_shown(wanted)}, got {_shown(got)}"


def _due(settlement: Settlement, choose: Callable[..., Month]) -> str | None:
    return str(choose(claim.due for claim in settlement.claims)) if settlement.claims else None


_OUTCOMES: Mapping[str, Callable[[Settlement], Any]] = {
    "returned": lambda settlement: settlement.of(ClaimKind.RETURN),
    "fee": lambda settlement: settlement.of(ClaimKind.FEE),
    "written_down": lambda settlement: settlement.of(ReductionKind.WRITTEN_DOWN),
    "exempted": lambda settlement: settlement.of(ReductionKind.EXEMPTED),
    "first_due": lambda settlement: _due(settlement, min),
    "last_due": lambda settlement: _due(settlement, max),
    "cannot_tell": lambda settlement: not settlement.settled,
}


def _shown(value: object) -> object:
    return Decimal(str(kronor(value))) if type(value) is int else value


class PolicyConformance:
    """STAND-IN for the testing kit: what every plugin must hold, as tests."""

    plugin: ClassVar[str]
    cases: ClassVar[Path | Traversable | None] = None

    def test_the_plugin_is_fine(self) -> None:
        """Installed, without problems, and offering policies."""
        found = [each for each in registry().plugins if each.name == self.plugin]
        assert [each.problems for each in found] == [()]
        assert registry().offered_by(self.plugin)

    def test_every_source_is_filled_in(self) -> None:
        """No source still says FILL IN."""
        policies = [registry().policy(id) for id in registry().offered_by(self.plugin)]
        open_ = [
            f"{policy.id}: {clause.path}: {clause.citation}"
            for policy in policies
            for clause in policy.clauses
            if FILL_IN in str(clause.citation)
        ]
        assert open_ == [], "sources are still to be filled in"

    def test_every_case_comes_out_as_it_says(self) -> None:
        """The worked cases."""
        for case in read_cases(self.cases) if self.cases is not None else ():
            assert run_case(case, registry().policy(case.policy, case.set)) == (), case.name
