"""Worked cases: a guideline tried on what it was made for, as data.

A case has a sentence as its name, the facts it starts from and what is expected; it is
TOML, so that it can be written, read and run without Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

from attrs import evolve, field, frozen

from sifrules.errors import SifError
from sifrules.loading.reader import Reader
from sifrules.loading.toml import read_toml
from sifrules.plugin.registry import Registry
from sifrules.policy.settlement import Investment, granted_of
from sifrules.rules.conditions import Value
from sifrules.rules.wording import share_words
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.money import NOTHING, Ore


@frozen(kw_only=True)
class Expected:
    """What a case expects; what is left out is not checked.

    Of a decision: the ``outcome``, the rule that it is ``decided_by`` (one that is not
    met, or undecided), and the facts that are ``missing``. Of a settlement, in
    kronor: what is ``returned``, the ``fee``, the ``interest``, what an index adds
    (``indexed``), what is ``written_down`` and ``exempted``, the months of the
    ``first_due`` and ``last_due`` claims, or that it ``cannot_tell`` all of it (with a sum
    where a part is owed for sure).
    """

    outcome: Literal["eligible", "not_eligible", "cannot_tell"] | None = None
    decided_by: str | None = None
    missing: tuple[str, ...] | None = None
    returned: Ore | None = None
    fee: Ore | None = None
    interest: Ore | None = None
    indexed: Ore | None = None
    written_down: Ore | None = None
    exempted: Ore | None = None
    first_due: str | None = None
    last_due: str | None = None
    cannot_tell: bool | None = None

    @property
    def of_decision(self) -> bool:
        """Whether it expects anything of the decision."""
        return bool(self.outcome or self.decided_by or self.missing is not None)


@frozen(kw_only=True)
class Settled:
    """The investment that a settlement case starts from; amounts in kronor.

    It takes what `Investment` takes; its facts are the case's own, and what they say that
    others pay is not ``granted``.
    """

    cost: Ore
    granted: Ore | None = None
    start: str
    months: int
    effect: Ore | None = None
    failed: bool = False
    exempt: bool = False
    gains: Mapping[str, Decimal] = field(factory=dict)
    effects_begin: str | None = None
    return_from: str | None = None
    return_months: int | None = None
    decided_write_down: Ore = NOTHING

    def investment(self, facts: Mapping[str, Value]) -> Investment:
        """The investment with its application's facts, its months read."""
        shares = sum(self.gains.values())
        if self.gains and shares != 1:
            raise SifError(
                Message("claims.shares_sum", sum=share_words(Decimal(shares))),
                where="gains",
                fix=Message("claims.make_shares_sum"),
            )
        return Investment(
            cost=self.cost,
            granted=granted_of(self.cost, facts) if self.granted is None else self.granted,
            start=Month.parse(self.start),
            months=self.months,
            effect=self.effect,
            failed=self.failed,
            exempt=self.exempt,
            gains=self.gains,
            effects_begin=_month(self.effects_begin),
            return_from=_month(self.return_from),
            return_months=self.return_months,
            decided_write_down=self.decided_write_down,
            facts=facts,
        )


def _month(written: str | None) -> Month | None:
    return Month.parse(written) if written else None


@frozen(kw_only=True)
class Case:
    """One worked case: a sentence, a policy, what is given and what is expected.

    ``policy`` is an id or a guideline's file, next to the file of the case. It may be left
    out where the cases are read for one policy.
    """

    name: str
    policy: str = ""
    facts: Mapping[str, Any] = field(factory=dict)
    stages: tuple[str, ...] = ("idea_test", "application")
    set: tuple[str, ...] = ()
    investment: Settled | None = None
    expect: Expected


def read_cases(file: Path | Traversable, policy: str | Path | None = None) -> tuple[Case, ...]:
    """Read worked cases from a TOML file of ``[[cases]]``; all faults are raised at once.

    ``policy`` is whose case it is where a case does not say.
    """
    reader = Reader(read_toml(file), str(file))
    reader.refuse_unknown(("cases",))
    cases = tuple(_with_policies(reader.read("cases", tuple[Case, ...], ()), file, policy))
    names = [case.name for case in cases]
    for name in sorted({name for name in names if names.count(name) > 1}):
        reader.fault("cases", Message("case.twice", name=name))
    for number, case in enumerate(cases):
        if case.expect == Expected():
            reader.fault(f"cases[{number}].expect", Message("case.expects_nothing"))
        if not case.policy:
            reader.fault(
                f"cases[{number}].policy",
                Message("case.no_policy"),
            )
    reader.stop_at_faults()
    return cases


def _with_policies(
    cases: tuple[Case, ...], file: Path | Traversable, policy: str | Path | None
) -> Iterator[Case]:
    """The cases, each with its policy: a file is sought next to the cases, as a base is."""
    for case in cases:
        if not case.policy:
            yield evolve(case, policy=str(policy or ""))
        elif case.policy.endswith(".toml"):
            yield evolve(case, policy=str(Path(str(file)).parent / case.policy))
        else:
            yield case


def cases_of(registry: Registry, plugin: str) -> Path | Traversable | None:
    """The file of worked cases that a plugin brings, its ``cases_file``; None without one."""
    file: Any = getattr(registry.module_of(plugin), "cases_file", None)
    return file if file is not None and file.is_file() else None
