"""What the page offers (utbud): policies of plugins and of files named on the command line.

A request names a policy by an id out of this list; no request can name a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import frozen

from sifrules.errors import SifError, nearest
from sifrules.plugin.registry import Registry
from sifrules.policy.contracts import return_model_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Message

#: So much of an id that is not known is shown.
LONGEST_ID = 60


@frozen
class Offers:
    """The policies that may be picked, by id, and the files of those that no plugin offers."""

    registry: Registry
    policies: Mapping[str, FundPolicy]
    files: Mapping[str, Path]

    @property
    def first(self) -> str:
        """The policy that is shown where none is asked for: one whose return can be changed."""
        usual = next(iter(self.policies))
        if usual in self.files:
            return usual
        returning = (id for id, policy in self.policies.items() if _states_share(policy))
        return next(returning, usual)

    def policy(self, id: str, settings: Iterable[str] = ()) -> FundPolicy:
        """A policy that is offered, with values changed; `SifError` for another or a bad value.

        A file counts as it was read at the start: what is changed and what it is compared with are
        of the same reading.
        """
        if id not in self.policies:
            raise SifError(
                Message("policy.unknown", name=id[:LONGEST_ID]), fix=nearest(id, self.policies)
            )
        settings = tuple(settings)
        if not settings:
            return self.policies[id]
        return self.registry.changed(self.policies[id], settings)


def offers_of(registry: Registry, files: Iterable[Path] = ()) -> Offers:
    """All that plugins offer, after guidelines and what-ifs of files.

    Raises `SifError` for a file that is no sound guideline, or where nothing is offered.
    """
    named = {file: registry.policy(file) for file in files}
    policies = {policy.id: policy for policy in named.values()}
    if len(policies) < len(named):
        raise SifError(Message("app.same_id"), fix=Message("name.choose_another"))
    policies |= {policy.id: policy for policy in registry.policies}
    if not policies:
        raise SifError(
            Message("planning.no_policy"), fix=Message("planning.see", command="sif plugins")
        )
    return Offers(registry, policies, {policy.id: file for file, policy in named.items()})


def _states_share(policy: FundPolicy) -> bool:
    """Whether a policy states the share of the cost that is returned; a plugin's may not."""
    model = return_model_of(policy)
    return model is not None and bool(model.states_share)
