"""Versions (versioner): whether this sifrules satisfies what a guideline or a plugin requires."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version

from sifrules.errors import SifError, unexpected
from sifrules.values.messages import Message

_OURS = "sifrules"


def refuse_other_versions(needed: object) -> None:
    """Raise `SifError` unless this version satisfies a specifier such as ``>=0.1``.

    >>> refuse_other_versions(">=0.1")
    >>> refuse_other_versions(">=99")
    Traceback (most recent call last):
    ...
    sifrules.errors.SifError: needs sifrules >=99, and this is 0.1.0; \
pip install "sifrules>=99"
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # slow, and seldom needed

    try:
        specified = SpecifierSet(needed) if isinstance(needed, str) else None
    except InvalidSpecifier:
        specified = None
    if specified is None:
        raise unexpected(Message("expected.versions"), needed)
    ours = version(_OURS)
    if not specified.contains(ours, prereleases=True):
        raise SifError(
            Message("version.needed", needed=needed, ours=ours),
            fix=Message("version.install", needed=needed),
        )


def refuse_unmet(requirements: Iterable[str]) -> None:
    """Raise `SifError` where a requirement of a distribution is another version of sifrules."""
    from packaging.requirements import InvalidRequirement, Requirement  # the same

    for text in requirements:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.name.lower() == _OURS and requirement.marker is None:
            refuse_other_versions(str(requirement.specifier))
