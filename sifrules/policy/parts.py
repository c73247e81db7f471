"""Parts: the small frozen pieces that a fund policy is composed of.

A part is an attrs class whose fields are clauses of a guideline. Every field is either
absent (the guideline does not say) or stated, and then carries its citation in
``sources``. A part may give rules, facts that follow from facts, and facts of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import attrs
from attrs import frozen

from sifrules.errors import SifError, Uncited
from sifrules.policy.settlement import Investment, Settlement
from sifrules.policy.wording import plain, plain_words
from sifrules.rules.conditions import Condition, Fact, Value, Values
from sifrules.rules.rulebook import Derived, Rule, Stage
from sifrules.values.citations import Citation
from sifrules.values.messages import Message, Text
from sifrules.values.text import LocalizedText, same


class Slot(StrEnum):
    """The places in a policy where a part may stand, in the order of a guideline."""

    TERMS = "terms"
    FUNDING = "funding"
    CRITERIA = "criteria"
    PROCEDURE = "procedure"
    CAPS = "caps"
    PRIORITIES = "priorities"
    RETURN_MODEL = "return_model"
    WRITE_DOWN = "write_down"
    #: alternatives, each with parts of its own in the slots
    TRACK = "track"
    #: stands inside another part
    INNER = "inner"


#: The slots that hold several parts, each under a name of its own.
MANY = frozenset({Slot.CRITERIA, Slot.CAPS, Slot.PRIORITIES, Slot.TRACK})


def slot_at(path: str) -> str:
    """The slot that a path leads to, within a track where it leads there.

    >>> slot_at("caps.amount.limit"), slot_at("track.small.caps.amount"), slot_at("track.small.pot")
    ('caps', 'caps', 'track')
    """
    first, *rest = path.split(".")
    within = rest[1] if first == Slot.TRACK and len(rest) > 1 else first
    return within if within in list(Slot) else first


#: The value of a clause that names the kind of a part.
_NO_VALUE = same("–")


@frozen
class Clause:
    """One thing that a guideline states: its path, its value in words, and where."""

    path: str
    label: LocalizedText
    value: LocalizedText
    citation: Citation | None

    @property
    def names_part(self) -> bool:
        """Whether it names the kind of a part, and states no value of its own."""
        return self.value == _NO_VALUE


def clause(
    sv: str,
    en: str,
    *,
    default: Any = None,
    check: Callable[[Any], Text | str | None] | None = None,
    say: Callable[[Any], LocalizedText] | None = None,
) -> Any:
    """A field of a part: its words, and what values are possible.

    ``check`` answers with what was expected where a value is impossible, else None.
    ``say`` renders the value in words where the default rendering does not fit.
    """

    def validate(_: object, attribute: attrs.Attribute[object], value: object) -> None:
        refuse_impossible(value, check)

    return attrs.field(
        default=default,
        validator=validate,
        metadata={"words": LocalizedText(sv=sv, en=en), "say": say, "check": check},
    )


def refuse_impossible(value: object, check: Callable[[Any], Text | str | None] | None) -> None:
    """Raise `SifError` with what was expected where a check finds a value impossible."""
    expected = check(value) if check is not None and value is not None else None
    if expected is not None:
        raise SifError(Message("value.expected", expected=expected, value=plain(value)))


def proper_share(value: Decimal) -> Text | None:
    """The check for a share of something: from 0 to 1, at most four decimals."""
    if 0 <= value <= 1 and value == round(value, 4):
        return None
    return Message("expected.proper_share")


def positive(value: int) -> Text | None:
    """The check for a number that must be above zero."""
    return None if value > 0 else Message("expected.positive")


def not_negative(value: int) -> Text | None:
    """The check for a number that must not be below zero."""
    return None if value >= 0 else Message("expected.not_negative")


# Without slots of its own, so that it can stand next to any other base (`as_part`).
@frozen(kw_only=True, slots=False)
class Part:
    """What every part has: its place in the guideline, and where its clauses are stated."""

    slot: ClassVar[Slot]
    kind: ClassVar[str]
    words: ClassVar[LocalizedText]

    #: the path of the part in its guideline, ``criteria.areas``
    path: str = attrs.field(default="")
    #: citations by field name; under ``""`` the citation of the part as a whole
    sources: Mapping[str, Citation] = attrs.field(factory=dict, repr=False)

    def rules(self) -> Iterable[Rule]:
        """The rules that the part gives."""
        return ()

    @cached_property
    def rules_once(self) -> tuple[Rule, ...]:
        """The same rules, made once: a part never changes, and is in many what-ifs."""
        return tuple(self.rules())

    def derivations(self) -> Iterable[Derived]:
        """The facts that follow from others, as the part knows them."""
        return ()

    def given(self) -> Mapping[str, Value]:
        """The facts that the part itself settles."""
        return {}

    @property
    def inner_parts(self) -> tuple[Part, ...]:
        """The parts that stand inside this one, alone in a field or listed there."""
        values = (getattr(self, field.name) for field in attrs.fields(type(self)))
        listed = (value if isinstance(value, tuple) else (value,) for value in values)
        return tuple(each for value in listed for each in value if isinstance(each, Part))

    def cite(self, name: str = "") -> Citation:
        """Where a field, or without a name the part as a whole, is stated.

        A part that a what-if has changed anywhere is cited to the what-if as a whole.
        Raises `RuleError` where nothing is cited at all.
        """
        whole = self.sources.get("")
        if name:
            stated: tuple[Citation | None, ...] = (self.sources.get(name), whole)
        else:
            fields = [cited for key, cited in self.sources.items() if key not in ("", "tried_at")]
            fields += [cited for part in self.inner_parts for cited in part.sources.values()]
            changed = next((cited for cited in fields if cited.what_if), None)
            stated = (changed, whole, *fields)
        found = next(filter(None, stated), None)
        if found is None:
            raise Uncited(f"{self.path}.{name}".strip("."), Message("file.add_cite_of_part"))
        return found

    def reads(self, note: LocalizedText, name: str = "") -> Citation:
        """The citation of what is not stated literally, but inferred from a clause."""
        return attrs.evolve(self.cite(name), reading=note)

    def rule(
        self, stage: Stage, condition: Fact | Condition, demand: LocalizedText, name: str = ""
    ) -> Rule:
        """A rule of this part, cited where its field ``name`` or the part is."""
        field = name if name in attrs.fields_dict(type(self)) else ""
        return Rule(f"{self.path}.{name}".strip("."), stage, demand, condition, self.cite(field))

    def clauses(self) -> Iterator[Clause]:
        """What the part states, clause by clause: its kind first, then its fields."""
        yield Clause(self.path, self.words, _NO_VALUE, self.sources.get(""))
        for attribute in attrs.fields(type(self)):
            label = attribute.metadata.get("words")
            value = getattr(self, attribute.name)
            if label is None or value is None or value == ():
                continue
            inside = value if isinstance(value, tuple) else (value,)
            if all(isinstance(each, Part) for each in inside):
                for each in inside:
                    yield from each.clauses()
                continue
            say = attribute.metadata["say"] or plain_words
            source = self.sources.get(attribute.name) or self.sources.get("")
            yield Clause(f"{self.path}.{attribute.name}", label, say(value), source)


class PolicyPart(Protocol):
    """What every part of a policy has: its place and its clauses.

    ``path`` is the place in the guideline (``return_model``), ``clauses()`` gives what is
    stated there, clause by clause. `Part` gives both, and a class that derives from a
    protocol without `Part` gets both when a plugin offers it. They are declared for type
    checkers alone: next to `Part`, in either order, a protocol does not replace them.

    >>> from sifrules import registry
    >>> registry().policy("orebro@2016").funding.path
    'funding'
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def path(self) -> str: ...

        def clauses(self) -> Iterator[Clause]: ...


class Funding(PolicyPart, Protocol):
    """Where a fund's money comes from (finansiering): what a simulation reads once a year.

    Where ``opening`` is None the part must have a clause ``amount``, in which the
    scenario's assumption is put before the policy is simulated.

    >>> from typing import ClassVar
    >>> from attrs import frozen
    >>> from sifrules import Funding, LocalizedText, Part, Slot, clause
    >>> @frozen(kw_only=True)
    ... class HalfEachYear(Part, Funding):
    ...     slot: ClassVar[Slot] = Slot.FUNDING
    ...     kind: ClassVar[str] = "half_each_year"
    ...     words: ClassVar[LocalizedText] = LocalizedText(sv="halvering", en="half each year")
    ...     amount: int | None = clause("belopp", "amount")
    ...     @property
    ...     def opening(self):
    ...         return self.amount
    ...     def put_in(self, year, left, surplus):
    ...         return (self.amount or 0) >> year
    >>> [HalfEachYear(amount=800).put_in(year, 0, False) for year in range(3)]
    [800, 400, 200]
    """

    __slots__ = ()

    @property
    def opening(self) -> int | None:
        """What can be granted from the start (öre), None where it is not stated."""
        ...

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        """What is set aside at the start of a year (öre), less what lapses then.

        ``year`` counts from 0, ``left`` is what remains to grant (öre), ``surplus`` says
        whether the year before closed with a surplus out of which money may be set aside.
        """
        ...

    def lapses(self, left: int) -> int:
        """How much of what is left (öre) lapses when a new year begins."""
        return 0

    @property
    def binds_coming_years(self) -> bool | None:
        """Whether each year's part of a grant is taken out of that year's money."""
        return None

    @property
    def first_year(self) -> int | None:
        """The calendar year that year 0 is; None where the guideline dates no money."""
        return None

    @property
    def undated(self) -> int:
        """What is set aside in a year that is not stated (öre): it is in no year."""
        return 0

    @property
    def closing_year(self) -> int | None:
        """The calendar year from whose beginning the fund is closed; None where it stays."""
        return None

    @property
    def reckoned(self) -> LocalizedText | None:
        """What of the money is not known and how it is reckoned, for the notes on a run."""
        return None

    @property
    def from_surplus(self) -> bool | None:
        """Whether money may be set aside anew out of a surplus, as ``put_in`` does on one."""
        return None

    @property
    def set_aside_cited(self) -> Citation | None:
        """Where the guideline states what is set aside, None where it does not."""
        return None


class Priority(PolicyPart, Protocol):
    """Who goes first where the money does not suffice (prioritering); it refuses nobody.

    >>> from typing import ClassVar
    >>> from attrs import frozen
    >>> from sifrules import LocalizedText, Part, Priority, Slot, application
    >>> @frozen(kw_only=True)
    ... class WiderFirst(Part, Priority):
    ...     slot: ClassVar[Slot] = Slot.PRIORITIES
    ...     kind: ClassVar[str] = "wider_first"
    ...     words: ClassVar[LocalizedText] = LocalizedText(sv="bredd", en="breadth")
    ...     ranked_by = (application.areas,)
    ...     def score(self, values):
    ...         return values.get("application.areas", 0)
    >>> WiderFirst().score({"application.areas": 3}), WiderFirst().place
    (3, None)
    """

    __slots__ = ()

    def score(self, values: Values) -> int:
        """The points of an application with these facts; a missing fact gives none."""
        ...

    @property
    def place(self) -> int | None:
        """Its place among priorities that are compared in order; None where points are added."""
        return None

    @property
    def ranked_by(self) -> tuple[Fact, ...]:
        """The facts of the application that ``score`` reads."""
        return ()


class ReturnModel(PolicyPart, Protocol):
    """How money comes back into the fund (återföringsmodell).

    Only ``settle`` is required. A simulation reads the other members; each has a default. For speed
    it may have ``claims_many(investments, write_down)``, from `sifrules.policy.columns`, whose
    amounts depend on no start; it gives None where an investment has to be settled by itself.

    >>> from typing import ClassVar
    >>> from attrs import frozen
    >>> from sifrules import LocalizedText, Part, ReturnModel, Settlement, Slot, clause
    >>> @frozen(kw_only=True)
    ... class Lent(Part, ReturnModel):
    ...     slot: ClassVar[Slot] = Slot.RETURN_MODEL
    ...     kind: ClassVar[str] = "lent"
    ...     words: ClassVar[LocalizedText] = LocalizedText(sv="lån", en="loan")
    ...     period: int = clause("löptid", "term", default=60)
    ...     def settle(self, investment, write_down):
    ...         return Settlement(reason=self.words)
    >>> Lent().period, Lent().states_share, Lent().allows_exemption
    (60, True, False)
    """

    __slots__ = ()

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        """What is claimed back for an investment: who, when, how much and why.

        A pure function: the same investment always gives the same settlement, and
        nothing about the policy but its own clauses may be used. A fact that it reads
        (``settled_by``) and that ``investment.facts`` lacks is not known.
        """
        ...

    @property
    def states_share(self) -> bool:
        """Whether the guideline states how much is returned.

        Where it is False the part must have a clause ``share`` (of the cost, from 0 to 1),
        in which the scenario's assumption is put before the policy is simulated.
        """
        return True

    @property
    def period(self) -> int | None:
        """Months over which money is returned; None leaves it to the application's plan."""
        return None

    @property
    def allows_exemption(self) -> bool:
        """Whether the guideline lets somebody exempt an investment from its return."""
        return False

    @property
    def comes_back(self) -> str | None:
        """``closing`` where what is paid is in the fund when the year's accounts are closed."""
        return None

    @property
    def financier(self) -> str | None:
        """Who from outside the municipality puts in the money; None where it does itself."""
        return None

    @property
    def settled_by(self) -> tuple[Fact, ...]:
        """The facts of the application or the investment that ``settle`` reads."""
        return ()

    @property
    def transition(self) -> Part | None:
        """The transitional provision (övergångsbestämmelse), None where there is none.

        A simulation of one guideline ignores it. One of a timeline asks ``applies(start)``
        whether an investment falls under the earlier return.
        """
        return None

    @property
    def exempts_running(self) -> bool:
        """Whether the guideline exempts what runs under an earlier one from its return."""
        return False


class WriteDown(PolicyPart, Protocol):
    """How much of a claim remains when an investment falls short (nedskrivning).

    >>> from typing import ClassVar
    >>> from attrs import frozen
    >>> from sifrules import Citation, Investment, LocalizedText, Month, Part, Slot, WriteDown
    >>> @frozen(kw_only=True)
    ... class Halved(Part, WriteDown):
    ...     slot: ClassVar[Slot] = Slot.WRITE_DOWN
    ...     kind: ClassVar[str] = "halved"
    ...     words: ClassVar[LocalizedText] = LocalizedText(sv="halveras", en="halved")
    ...     def keep(self, claimed, investment):
    ...         return claimed // 2, self.words, self.cite()
    >>> failed = Investment(cost=100, start=Month(2020, 1), months=12, failed=True)
    >>> Halved(sources={"": Citation("Guideline: 5")}).keep(100, failed)[0]
    50
    """

    __slots__ = ()

    def keep(self, claimed: int, investment: Investment) -> tuple[int, LocalizedText, Citation]:
        """How much of ``claimed`` (öre) remains, why, and where that is stated."""
        ...
