"""Conditions as a file states them: bounds on a fact, and tables of them within each other."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from sifrules.errors import SifError
from sifrules.rules.conditions import Condition, Fact, IfThen, all_of, any_of
from sifrules.rules.kinds import Kind
from sifrules.values.messages import Message

#: The bounds that may be demanded of a fact with an order.
BOUNDS_OF_FACTS = ("at_least", "at_most", "more_than", "less_than")


@frozen(kw_only=True)
class Bounds:
    """What is demanded of one fact; all that is stated must hold.

    Numbers are written as the fact is: kronor, months.

    >>> from sifrules.rules.vocabulary import application
    >>> Bounds(at_least=Decimal(3)).on(application.areas).test({"application.areas": 2})
    False
    """

    holds: bool | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    more_than: Decimal | None = None
    less_than: Decimal | None = None
    one_of: tuple[str, ...] = ()

    def on(self, fact: Fact) -> Condition:
        """The condition on a fact; `SifError` where nothing is demanded of it."""
        bounds: list[Condition] = []
        if self.holds is not None:
            bounds.append(fact.is_(self.holds))
        if self.one_of:
            bounds.append(fact.one_of(*self.one_of))
        for bound, compare in (
            (self.at_least, fact.__ge__),
            (self.at_most, fact.__le__),
            (self.more_than, fact.__gt__),
            (self.less_than, fact.__lt__),
        ):
            if bound is not None:
                whole = fact.kind not in (Kind.MONEY, Kind.SHARE) and bound == int(bound)
                bounds.append(compare(int(bound) if whole else bound))
        if not bounds:
            raise SifError(Message("criteria.no_test"))
        return all_of(*bounds)


@frozen(kw_only=True)
class StatedCondition(Bounds):
    """A table that is a condition: ``any_of``, ``all_of``, ``if_then``, or bounds on a ``fact``.

    A flag that is named alone must hold. Tables stand within each other to any depth.

    >>> from sifrules.rules.vocabulary import application as a
    >>> early, areas = StatedCondition(fact=a.early), StatedCondition(fact=a.areas, at_least=2)
    >>> either = StatedCondition(any_of=(early.condition, areas.condition)).condition
    >>> either.test({"application.early": True}), either.test({"application.areas": 1})
    (True, None)
    """

    fact: Fact | None = None
    any_of: tuple[Condition, ...] = ()
    all_of: tuple[Condition, ...] = ()
    if_then: IfThen | None = None

    @property
    def condition(self) -> Condition:
        """The condition; `SifError` where not exactly one of the four is stated."""
        bounds = Bounds(
            holds=self.holds,
            at_least=self.at_least,
            at_most=self.at_most,
            more_than=self.more_than,
            less_than=self.less_than,
            one_of=self.one_of,
        )
        bounded = bounds != Bounds()
        match self.fact, self.any_of, self.all_of, self.if_then:
            case Fact() as fact, (), (), None:
                alone = fact.kind is Kind.FLAG and not bounded
                return fact.is_(True) if alone else bounds.on(fact)
            case None, (_, *_) as parts, (), None if not bounded:
                return any_of(*parts)
            case None, (), (_, *_) as parts, None if not bounded:
                return all_of(*parts)
            case None, (), (), IfThen() as if_then if not bounded:
                return if_then
        raise SifError(Message("criteria.one_condition"))
