"""Where in a guideline something stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from sifrules.policy.fund_policy import FundPolicy


def key_of(policy: FundPolicy, rule: str) -> str:
    """The key of the clause that a rule comes from, by the rule's id."""
    part = max(
        (part for part in policy.parts if rule == part.path or rule.startswith(f"{part.path}.")),
        key=lambda part: len(part.path),
        default=None,
    )
    if part is None:
        return rule
    field = rule.removeprefix(part.path).strip(".").partition(".")[0]
    return f"{part.path}.{field}" if field in attrs.fields_dict(type(part)) else part.path


def texts(tree: object, above: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a file's plain data, with its key."""
    if isinstance(tree, str):
        yield above, tree
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            quoted = f'"{key}"' if "." in str(key) else str(key)
            yield from texts(value, f"{above}.{quoted}".strip("."))
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from texts(value, f"{above}[{number}]")
