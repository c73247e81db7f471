"""Notes on a fund's money (anmärkningar): what is left out, and from when it is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sifrules.policy.contracts import funding_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Funding
from sifrules.policy.wording import money_words
from sifrules.values.messages import Message
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.scenarios import Scenario


def money_notes(label: str, policy: FundPolicy, scenario: Scenario) -> Iterator[Message]:
    """Of one policy: what is not stated, what is not counted, and a fund older or younger."""
    funding = funding_of(policy)
    if funding.undated:
        yield Message("money_note.undated", policy=label, amount=money_words(funding.undated))
    if funding.from_surplus and not scenario.surplus_earmarks:
        yield Message("money_note.surplus", policy=label)
    if not policy.states_return:
        yield Message("money_note.return_unstated", policy=label)
    if funding.reckoned is not None:
        yield Message("money_note.reckoned", policy=label, how=funding.reckoned)
    for track in policy.tracks:
        if track.pot is not None and track.pot.rest is None:
            yield Message("money_note.rest_not_stated", policy=label, track=track.title)
    if funding.closing_year is not None:
        yield _closing(label, funding, scenario)
    if scenario.calendar == "begins" and funding.opening != 0:
        yield from _by_the_calendar(label, funding.first_year, scenario)


def set_aside_in_all(adapter: PolicyAdapter, years: int) -> int:
    """What is set aside over the years (öre), as if nothing were granted and nothing came back."""
    left = total = 0
    for year in range(years):
        left -= adapter.lapses(year, left)
        put_in = max(0, adapter.put_in(year, left, False))
        left, total = left + put_in, total + put_in
    return total


def unequal_money(funds: Mapping[str, int], scenario: Scenario) -> Iterator[Message]:
    """How unequal the money of some funds is, by label; or that the scenario made it equal."""
    if scenario.endowment is not None:
        yield Message("money_note.equal", amount=money_words(scenario.endowment))
        return
    if len(funds) < 2 or min(funds.values()) == max(funds.values()):
        return
    least, most = (pick(funds, key=lambda label: funds[label]) for pick in (min, max))
    yield Message(
        "money_note.unequal",
        least=least,
        low=money_words(funds[least]),
        most=most,
        high=money_words(funds[most]),
    )


def _closing(label: str, funding: Funding, scenario: Scenario) -> Message:
    placed = scenario.calendar == "begins" or funding.first_year is not None
    code = "money_note.closes" if placed else "money_note.closes_unplaced"
    return Message(code, policy=label, year=str(funding.closing_year))


def _by_the_calendar(label: str, first: int | None, scenario: Scenario) -> Iterator[Message]:
    begins = scenario.begins.year
    if first is None:
        yield Message("money_note.no_dates", policy=label, begins=str(begins))
    elif first != begins:
        code = "money_note.before" if first < begins else "money_note.later"
        said = {"policy": label, "first": str(first)}
        yield Message(code, **said, **({"begins": str(begins)} if first < begins else {}))
