"""The simulation as plugins see it: ideas, prospects, behaviours, events, portfolios, measures.

The simulation fills these in; behaviours, observers and measures read them. Amounts are
whole öre, times whole months from the start of the simulation. What a committee thinks
a project is worth is a judgement and no money, so a `Prospect` holds floats, in kronor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from math import fsum
from typing import Any, Protocol

from attrs import define, field, frozen, setters

from sifrules.errors import SifError, unexpected
from sifrules.policy.ledger import Ledger
from sifrules.rules.conditions import Value
from sifrules.values.citations import Citation
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText


class ProjectOutcome(StrEnum):
    """How an investment can turn out."""

    AS_HOPED = "as_hoped"
    PARTLY = "partly"
    FAILS = "fails"


# Made for every idea of every replication: frozen, but made as fast as a plain class.
@define(unsafe_hash=True, on_setattr=setters.frozen)
class Idea:
    """A committee's idea for an investment (satsning), as the world holds it.

    All of it is drawn before the run and is the same under every policy. ``effect`` is
    the fall in municipal costs over the effect's whole ``lifetime`` if all goes as
    hoped, ``outside`` what others than the municipality gain, ``human`` the worth of
    the human gains; ``believed_*`` is what the committee thinks. Of the effect a share
    is ``cashable`` (frees money) and a share ``attributable`` (an evaluation can trace
    it). ``gains`` says which committees' costs fall. ``luck`` holds numbers from 0 to 1
    that settle, the same under every policy, what chance settles.
    """

    number: int
    committee: int
    arises: int
    origin: str
    cost: int
    months: int
    delay: int
    lifetime: int
    effect: int
    outside: int
    human: int
    believed_effect: int
    believed_human: int
    success: float
    partly: float
    partial: float
    cashable: float
    attributable: float
    evaluable: bool
    regular: bool
    gains: Mapping[str, Any]
    facts: Mapping[str, Value]
    luck: Mapping[str, float]

    @property
    def payer(self) -> str:
        """The name of the committee whose idea it is, as claims name it."""
        return committee_name(self.committee)

    @property
    def expected_share(self) -> float:
        """The share of the hoped-for gains to expect, over how it may turn out."""
        return self.success + self.partly * self.partial

    @property
    def viable(self) -> bool:
        """Whether it is new work that is worth its cost to society, by its expected gains."""
        worth = (self.effect + self.outside + self.human) * self.expected_share
        return not self.regular and worth >= self.cost


@cache
def committee_name(number: int) -> str:
    """How a committee of the simulated municipality is named."""
    return f"committee {number + 1}"


@frozen
class OutcomeForecast:
    """One way a project may turn out, as the committee sees it before it applies.

    ``chance`` from 0 to 1; ``human`` gains, cashable ``savings`` within the planning
    horizon and ``claims``, each in kronor and at the committee's own discount.
    """

    outcome: ProjectOutcome
    chance: float
    human: float
    savings: float
    claims: float


@frozen
class Prospect:
    """What a committee sees of a project: cash flows, risk and effort only.

    No name or kind of a policy is in it. ``effort`` is what applying costs whether or
    not it is granted, ``burden`` what running it costs on top of the grant (kronor), with the part
    of the cost that the committee pays itself;
    ``grant_chance`` is how likely the committee thinks a grant. ``luck`` (0 to 1) is
    the idea's own draw, for behaviours that leave the choice to chance.
    """

    expectations: tuple[OutcomeForecast, ...]
    effort: float
    burden: float
    grant_chance: float
    luck: float

    def expected(self, of: str) -> float:
        """The mean of ``human``, ``savings`` or ``claims`` over how it may turn out."""
        return fsum(each.chance * float(getattr(each, of)) for each in self.expectations)

    @property
    def balance(self) -> float:
        """What it gives less what it takes if it is granted, and less the effort (kronor)."""
        gains = self.expected("human") + self.expected("savings") - self.expected("claims")
        return self.grant_chance * (gains - self.burden) - self.effort


@frozen(eq=False)
class ProspectColumns:
    """Many prospects at once, a row each, as arrays: what `Prospect` holds of one.

    ``chance``, ``human``, ``savings`` and ``claims`` have a column for each way that a project may
    turn out, in the order of `ProjectOutcome`; one that cannot come has the chance of nothing.
    ``effort`` is a number where it is the same for all.
    """

    chance: Any
    human: Any
    savings: Any
    claims: Any
    effort: Any
    burden: Any
    grant_chance: float
    luck: Any

    def __iter__(self) -> Iterator[Prospect]:
        """The prospects, one by one."""
        columns = (self.chance, self.human, self.savings, self.claims)
        effort = self.effort + 0 * self.burden
        every = (*columns, effort, self.burden, self.luck)
        for *ways, work, burden, luck in zip(*(each.tolist() for each in every), strict=True):
            forecasts = map(OutcomeForecast, ProjectOutcome, *ways)
            possible = tuple(each for each in forecasts if each.chance > 0)
            yield Prospect(possible, work, burden, self.grant_chance, luck)


class Behaviour(Protocol):
    """How a committee chooses whether to apply; any class with these may be one.

    ``name`` is what the command line calls it. It is made for a run by `given`, with the
    scenario's parameters by path (``behaviour.risk_aversion``). It may offer ``applies_many``,
    which takes `ProspectColumns` and gives an array of what `applies` says of each row, and
    ``worth``, from a prospect to a number: by it the tracks of a fund are ranked, otherwise by
    `Prospect.balance`. Beside ``worth`` it may offer ``worth_many``, an array of the same.
    """

    @property
    def name(self) -> str: ...

    @property
    def words(self) -> LocalizedText: ...

    def given(self, parameters: Mapping[str, float]) -> Behaviour:
        """The behaviour with the parameters of a scenario."""
        ...

    def applies(self, prospect: Prospect) -> bool:
        """Whether the committee applies; depends on the prospect alone."""
        ...


def worth(behaviour: Behaviour, prospect: Prospect) -> float:
    """What applying is worth to a committee, to choose between the tracks of a fund.

    By the behaviour's own method ``worth``, which takes the prospect; where it has none, by the
    plain balance of what the prospect expects.
    """
    own: Callable[[Prospect], float] | None = getattr(behaviour, "worth", None)
    return prospect.balance if own is None else own(prospect)


def chooses(behaviour: Behaviour, prospect: Prospect) -> bool:
    """Whether a committee applies with what it sees, by its behaviour.

    Raises `SifError` where the behaviour answers neither yes nor no, as one that returns nothing.
    """
    answer: Any = behaviour.applies(prospect)
    if isinstance(answer, int) or getattr(getattr(answer, "dtype", None), "kind", "") == "b":
        return bool(answer)
    wanted = unexpected(Message("expected.flag"), answer)
    raise SifError(
        wanted.what,
        where=f"{type(behaviour).__name__}.applies",
        fix=Message("behaviour.return_choice"),
    )


class Step(StrEnum):
    """The steps of an idea's process, as events and traces name them."""

    ARISES = "arises"
    NOT_TAKEN_UP = "not_taken_up"
    TRACK_CHOSEN = "track_chosen"
    IDEA_TEST = "idea_test"
    FORESEEN_REFUSAL = "foreseen_refusal"
    REFRAINS = "refrains"
    SHELVED = "shelved"
    CHOOSES = "chooses"
    AWAITS_REFORM = "awaits_reform"
    APPLIES = "applies"
    DECIDED = "decided"
    BOARD_REFUSES = "board_refuses"
    IDEA_APPROVED = "idea_approved"
    AMOUNT_SET = "amount_set"
    QUEUED = "queued"
    WITHDRAWN = "withdrawn"
    GOES_FIRST = "goes_first"
    GRANTED = "granted"
    STARTS = "starts"
    HALF_TIME = "half_time"
    ENDS = "ends"
    EVALUATED = "evaluated"
    CLAIMED = "claimed"
    WRITTEN_DOWN = "written_down"
    EXEMPTED = "exempted"
    PAID = "paid"
    IMPLEMENTED = "implemented"
    NOT_IMPLEMENTED = "not_implemented"
    SET_ASIDE = "set_aside"
    LAPSED = "lapsed"


@frozen
class Event:
    """One thing that happened: when, to which idea, what, by which clauses of which guideline.

    ``idea`` is None for what happens to the fund itself. ``what`` is the code of what happened
    with its arguments (amounts, months, counts); ``what.text("sv")`` puts it into words.
    ``guideline`` is the id of the policy that it fell under, one of those of a timeline.
    """

    month: int
    idea: int | None
    step: Step
    what: Message
    amount: int | None = None
    citations: tuple[Citation, ...] = ()
    guideline: str = ""


#: Is called with every event of a replication, in order.
Observer = Callable[[Event], None]


@define
class IdeaHistory:
    """The result of one idea: months, None where a step was not reached; amounts in öre."""

    idea: Idea
    considered: int | None = None
    chosen: bool | None = None
    applied: int | None = None
    granted_in: int | None = None
    ended_in: int | None = None
    evaluated: bool | None = None
    implemented: bool | None = None
    #: the step at which it stopped, where it did
    stopped: Step | None = None
    #: the rules that refused it, in an idea test or as an application
    refused_by: tuple[str, ...] = ()
    #: the rules that the committee knew to rule it out, so that nothing was handed in
    foreseen_by: tuple[str, ...] = ()
    #: the rules that cannot be decided, where none refused it
    undecided_by: tuple[str, ...] = ()
    #: the amount applied for: of the project cut to fit, if it was
    applied_for: int = 0
    scale: float = 1.0
    #: what was used of the fund's money, and of the committee's own
    spent: int = 0
    own_spent: int = 0
    outcome: ProjectOutcome | None = None
    claimed: int = 0
    claims: int = 0
    unsettled: bool = False
    #: the month of the final evaluation, by which it was also settled whether it is carried on
    evaluated_in: int | None = None
    #: the track of the fund that it was taken to, by name, where the fund has tracks
    track: str | None = None
    #: the month in which the idea was approved, where that is decided before the amount
    approved_in: int | None = None
    #: by what municipal costs rose before the effect came (öre), where the scenario has it so
    early_costs: int = 0

    @property
    def granted(self) -> bool:
        """Whether it became an investment."""
        return self.granted_in is not None

    @property
    def refused(self) -> bool:
        """Whether it was applied with and refused, by the rules or by the board."""
        return self.stopped is Step.BOARD_REFUSES or (
            self.stopped is Step.DECIDED and not self.undecided_by
        )

    @property
    def realised(self) -> float:
        """The share of the hoped-for gains that came about."""
        if self.outcome is ProjectOutcome.AS_HOPED:
            return self.scale
        return self.idea.partial * self.scale if self.outcome is ProjectOutcome.PARTLY else 0.0


class Halted(Protocol):
    """Where an idea stopped at rules: what `IdeaHistory` holds of that."""

    @property
    def applied(self) -> int | None: ...
    @property
    def refused_by(self) -> tuple[str, ...]: ...
    @property
    def foreseen_by(self) -> tuple[str, ...]: ...
    @property
    def undecided_by(self) -> tuple[str, ...]: ...


@frozen
class IdeaCounts:
    """What is counted of all ideas of a portfolio, also of those that nobody applies with.

    ``attributable`` is the sum of the attributable shares of those that are viable.
    """

    viable: int
    attributable: float
    considered: int

    @classmethod
    def of(cls, lives: Sequence[IdeaHistory]) -> IdeaCounts:
        """The counts of some histories."""
        viable = [life.idea for life in lives if life.idea.viable]
        return cls(
            viable=len(viable),
            attributable=fsum(idea.attributable for idea in viable),
            considered=sum(life.chosen is not None for life in lives),
        )


@frozen
class Portfolio:
    """One simulated fund over the years: the history of every idea, and the fund's accounts.

    ``balances`` is what the fund had left at the end of each month, ``put_in`` what was
    put into it each year (öre), before what lapsed. ``parameters`` are the scenario's, by path.
    ``lives`` are the histories of all ideas, ``pursued`` those that a committee chose to apply
    with, and ``halted`` those that stopped at a rule: a measure that needs no others is faster by
    these, and by ``counts``.
    """

    policy: str
    seed: int
    replication: int
    years: int
    lives: Sequence[IdeaHistory]
    balances: Sequence[int]
    put_in: Sequence[int]
    ledger: Ledger
    has_fund: bool
    parameters: Mapping[str, float] = field(repr=False)
    #: the names of the fund's tracks, where it has any
    tracks: tuple[str, ...] = ()
    pursued: Sequence[IdeaHistory] = field(repr=False, eq=False)
    halted: Sequence[Halted] = field(repr=False, eq=False)
    counts: IdeaCounts = field(repr=False, eq=False)

    @pursued.default
    def _pursued(self) -> Sequence[IdeaHistory]:
        return [life for life in self.lives if life.chosen]

    @halted.default
    def _halted(self) -> Sequence[Halted]:
        return self.lives

    @counts.default
    def _counts(self) -> IdeaCounts:
        return IdeaCounts.of(self.lives)

    @property
    def granted(self) -> list[IdeaHistory]:
        """The histories of the ideas that were granted money."""
        return [life for life in self.pursued if life.granted_in is not None]


def _computes(_: object, __: object, of: Any) -> None:
    if not callable(of):
        raise SifError(Message("measure.no_function"))


@frozen
class Measure:
    """One number that a simulated portfolio is measured by.

    ``name`` as columns carry it, its ``words``, its ``unit`` (``SEK``, ``share``,
    ``count``, ``months``), the ``formula`` in words, and the function that computes it:
    None where it is not defined for a portfolio (a share of nothing). A share is from 0 to 1.
    A value that is not finite is a failed measure.
    """

    name: str
    words: LocalizedText
    unit: str
    formula: LocalizedText
    of: Callable[[Portfolio], float | None] = field(validator=_computes)
