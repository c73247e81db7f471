"""Parts of one's own (egna delar): objects that stand in a policy in place of its guideline's.

A policy with values changed is built of its guideline, which knows nothing of such objects: they
are carried over, and a value that is set in one of them is set in the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from sifrules.errors import SifError
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Message


def with_own_parts(policy: FundPolicy, changed: FundPolicy, settings: Iterable[str]) -> FundPolicy:
    """What was built with ``settings``, with the objects that stand in the policy before.

    Raises `SifError` for a value that an object does not have.
    """
    paths = tuple(each.partition("=")[0].strip() for each in settings)
    found: dict[str, Any] = {}
    for slot, was in (policy.built or {}).items():
        now, after = getattr(policy, slot), getattr(changed, slot)
        if now is was or now == was:
            continue
        if isinstance(was, tuple):
            found[slot] = tuple(_several(now, was, after, paths))
        else:
            found[slot] = _one(slot, now, was, after, paths)
    return attrs.evolve(changed, **found) if found else changed


def _several(now: Any, was: Any, after: Any, paths: tuple[str, ...]) -> Iterator[Any]:
    """The parts of a slot that holds several, in the order in which they stand in the policy."""
    before, then = _by_path(was), _by_path(after)
    for part in now:
        path = getattr(part, "path", "")
        old = before.get(path)
        if part is not old and part != old:
            yield _one(path, part, old, then.get(path), paths)
        elif path in then:  # it is taken out otherwise
            yield then[path]
    here = _by_path(now)
    for path, part in then.items():
        if path in before and path not in here:
            _one(path, None, before[path], part, paths)
        elif path not in here:
            yield part


def _by_path(parts: Any) -> Mapping[str, Any]:
    return {getattr(part, "path", ""): part for part in parts}


def _one(path: str, now: Any, was: Any, after: Any, paths: tuple[str, ...]) -> Any:
    """An object with what is set in it; what is built where it is exchanged as a whole."""
    below = {each.removeprefix(f"{path}.") for each in paths if each.startswith(f"{path}.")}
    if path in paths or "kind" in below:
        return after
    for each in sorted(below):
        name, dot, _ = each.partition(".")
        known = attrs.has(type(now)) and name in attrs.fields_dict(type(now))
        if not (known and isinstance(now, type(after))):
            raise _not_in(path, now, name)
        if dot and getattr(now, name) != getattr(was, name, None):
            raise _not_in(path, now, name)
        now = attrs.evolve(now, **{name: getattr(after, name)})
    return now


def _not_in(path: str, now: Any, name: str) -> SifError:
    """The error of a value that cannot be set, as an object stands there or nothing does."""
    return SifError(
        Message("own_part.not_set", path=path, kind=type(now).__name__, name=name),
        where=f"{path}.{name}",
        fix=Message("own_part.set_in_object"),
    )
