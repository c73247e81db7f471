"""Claims that can never arise as the guideline states them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sifrules.policy.fund_policy import FundPolicy
from sifrules.rules.conditions import Compare
from sifrules.rules.vocabulary import application
from sifrules.rules.wording import months_words, share_words
from sifrules.validation.funding import nothing_returns
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.validation.rules import granting
from sifrules.validation.satisfiability import possible
from sifrules.values.messages import Message

_COMPARE = Message("validate_claims.compare")
_FLOOR_ABOVE = IssueTemplate(
    kind="floor_above_share",
    level=Severity.WRONG,
    what=Message("validate_claims.floor_above_what"),
    why=Message("validate_claims.floor_above_why"),
    do=_COMPARE,
)
_WRITTEN_DOWN_FLOOR = IssueTemplate(
    kind="floor_above_share",
    level=Severity.WRONG,
    what=Message("validate_claims.floor_above_what"),
    why=Message("validate_claims.written_down_floor_why"),
    do=_COMPARE,
)
_FLOOR_AT = IssueTemplate(
    kind="floor_at_share",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.floor_at_what"),
    why=Message("validate_claims.floor_at_why"),
    do=_COMPARE,
)
_FEE_ABOVE = IssueTemplate(
    kind="fee_above_share",
    level=Severity.WRONG,
    what=Message("validate_claims.fee_above_what"),
    why=Message("validate_claims.fee_above_why"),
    do=_COMPARE,
)
_FEE_ABOVE_FLOOR = IssueTemplate(
    kind="fee_above_floor",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.fee_above_floor_what"),
    why=Message("validate_claims.fee_above_floor_why"),
    do=_COMPARE,
)
_TOO_SPARSE = IssueTemplate(
    kind="instalments_too_sparse",
    level=Severity.WRONG,
    what=Message("validate_claims.too_sparse_what"),
    why=Message("validate_claims.too_sparse_why"),
    do=_COMPARE,
)
_ONE_INSTALMENT = IssueTemplate(
    kind="one_instalment",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.one_instalment_what"),
    why=Message("validate_claims.one_instalment_why"),
    do=_COMPARE,
)
_ALL_AT_ONCE = IssueTemplate(
    kind="no_instalments",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.all_at_once_what"),
    why=Message("validate_claims.all_at_once_why"),
    do=Message("validate_claims.all_at_once_do"),
)
_BEFORE_END = IssueTemplate(
    kind="return_before_end",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.before_end_what"),
    why=Message("validate_claims.before_end_why"),
    do=_COMPARE,
)
_NOT_STATED = IssueTemplate(
    kind="return_share_missing",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.not_stated_what"),
    why=Message("validate_claims.not_stated_why"),
    do=Message("validate_claims.not_stated_do"),
)
_RETURN_UNSTATED = IssueTemplate(
    kind="return_unstated",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.return_unstated_what"),
    why=Message("validate_claims.return_unstated_why"),
    do=Message("validate_claims.return_unstated_do"),
)
_NOTHING = IssueTemplate(
    kind="returns_nothing",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.nothing_what"),
    why=Message("validate_claims.nothing_why"),
    do=Message("validate_claims.nothing_do"),
)
_NO_USE = IssueTemplate(
    kind="write_down_unused",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.no_use_what"),
    why=Message("validate_claims.no_use_why"),
    do=Message("validate_claims.no_use_do"),
)
_FLOORS = IssueTemplate(
    kind="floors_differ",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.floors_what"),
    why=Message("validate_claims.floors_why"),
    do=Message("validate_claims.floors_do"),
)
_ORDER = IssueTemplate(
    kind="floor_or_write_down",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.order_what"),
    why=Message("validate_claims.order_why"),
    do=Message("validate_claims.order_do"),
)
_TOO_LATE = IssueTemplate(
    kind="return_never_applies",
    level=Severity.DOUBTFUL,
    what=Message("validate_claims.too_late_what"),
    why=Message("validate_claims.too_late_why"),
    do=Message("validate_claims.too_late_do"),
)


def of_claims(policy: FundPolicy) -> Iterator[Issue]:
    """Issues of a guideline's return model and write-down."""
    model: Any = policy.return_model
    if not policy.states_return:
        yield _RETURN_UNSTATED.at(policy.origin, "return_model")
    kind = getattr(model, "kind", None)
    if kind == "return_flow":
        yield from _of_return_flow(policy, model)
    elif kind == "outcome_share":
        for field in ("split", "ceiling"):
            if getattr(model, field) == 0:
                yield _NOTHING.at(policy.origin, f"{model.path}.{field}")
    elif kind == "outcome_contract":
        if not (model.certain or model.split or model.split_after) or model.ceiling == 0:
            yield _NOTHING.at(policy.origin, f"{model.path}.split")
    elif kind == "payment_on_target" and not (model.certain or model.share):
        yield _NOTHING.at(policy.origin, f"{model.path}.share")
    yield from _of_write_down(policy, model)


def _of_return_flow(policy: FundPolicy, model: Any) -> Iterator[Issue]:
    if not model.states_share:
        yield _NOT_STATED.at(policy.origin, f"{model.path}.share")
    elif model.share is None:  # the share depends on the delay
        if all(step.share == 0 for step in model.share_by_delay):
            yield _NOTHING.at(policy.origin, f"{model.path}.share_by_delay")
    elif model.share == 0:
        yield _NOTHING.at(policy.origin, f"{model.path}.share")
    else:
        yield from _of_shares(policy, model)
    yield from _of_times(policy, model)
    begun, transition = policy.terms.in_force, model.transition
    if transition is not None and begun is not None and begun.first > transition.ends_after.last:
        key = f"{model.path}.transition.ends_after"
        yield _TOO_LATE.at(policy.origin, key, after=transition.ends_after, begun=begun)


def _of_shares(policy: FundPolicy, model: Any) -> Iterator[Issue]:
    """The floor and the fee against the share that is returned."""
    share, floor, fee = model.share, model.floor, model.fee
    said = {
        name: share_words(value)
        for name, value in (("share", share), ("floor", floor), ("fee", fee))
        if value is not None
    }
    if floor is not None and floor > share:
        yield _FLOOR_ABOVE.at(policy.origin, f"{model.path}.floor", **said)
    elif floor == share and policy.write_down is None:
        yield _FLOOR_AT.at(policy.origin, f"{model.path}.floor", **said)
    if model.fee_place != "within" or fee is None:
        return
    if fee > share:
        yield _FEE_ABOVE.at(policy.origin, f"{model.path}.fee", **said)
    elif floor is not None and fee > floor:
        yield _FEE_ABOVE_FLOOR.at(policy.origin, f"{model.path}.fee", **said)


def _of_times(policy: FundPolicy, model: Any) -> Iterator[Issue]:
    """Instalments against the period, and the beginning against the shortest project."""
    every, lasts = model.instalment_every, model.lasts
    if lasts is not None and every is None:
        yield _ALL_AT_ONCE.at(policy.origin, f"{model.path}.lasts", lasts=months_words(lasts))
    if lasts is not None and every is not None and every >= lasts:
        remark = _TOO_SPARSE if every > lasts else _ONE_INSTALMENT
        said = {"every": months_words(every), "lasts": months_words(lasts)}
        yield remark.at(policy.origin, f"{model.path}.instalment_every", **said)
    within = model.begins_within
    demands = [rule.condition for rule in granting(policy)]
    if within is None or not possible(demands):
        return
    if not possible([*demands, Compare(application.duration, "<=", within)]):
        key = f"{model.path}.begins_within"
        yield _BEFORE_END.at(policy.origin, key, within=months_words(within))


def _of_write_down(policy: FundPolicy, model: Any) -> Iterator[Issue]:
    """The write-down against the return that it writes down."""
    down: Any = policy.write_down
    if down is None:
        return
    if model is None or nothing_returns(policy):
        yield _NO_USE.at(policy.origin, down.path)
        return
    yield from _of_order(policy, model, down)
    floor = getattr(down, "floor", None)
    kinds = (getattr(model, "kind", None), getattr(down, "kind", None))
    if kinds != ("return_flow", "to_measured_effect") or floor is None:
        return
    key = f"{down.path}.floor"
    if model.share and floor > model.share:
        said = {"floor": share_words(floor), "share": share_words(model.share)}
        yield _WRITTEN_DOWN_FLOOR.at(policy.origin, key, **said)
    elif model.floor_limits_write_down is False and floor < model.floor:
        return  # the guideline says that it is the write-down's that counts
    elif model.bounded_by_effect and floor != (model.floor or 0):
        said = {"here": share_words(floor), "there": share_words(model.floor or floor * 0)}
        yield _FLOORS.at(policy.origin, key, **said)


def _of_order(policy: FundPolicy, model: Any, down: Any) -> Iterator[Issue]:
    """A write-down without a floor of its own, where nothing says whether the return's holds."""
    floor = getattr(model, "floor", None)
    if floor is None or getattr(model, "floor_limits_write_down", True) is not None:
        return
    if getattr(down, "kind", None) != "none" and getattr(down, "floor", None) is None:
        yield _ORDER.at(policy.origin, down.path, floor=share_words(floor))
