"""The same money for every fund: rules compared with rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import SifError, registry
from sifrules_simulation import compare, scenario
from sifrules_simulation.analysis.run_notes import run_notes
from sifrules_simulation.model.completion import stated_in_full
from sifrules_simulation.model.fingerprints import of_scenario
from sifrules_simulation.model.mechanisms import ALL_ON
from sifrules_simulation.model.money_notes import set_aside_in_all
from sifrules_simulation.model.policy_adapter import PolicyAdapter

REGISTRY = registry()
EQUAL = scenario("default").endowing("20 mnkr")


@pytest.mark.parametrize("policy", [policy.id for policy in REGISTRY.policies])
def test_every_fund_is_given_the_same_and_nothing_but_its_money_changes(policy: str) -> None:
    """20 million once from the start, under each policy that has a fund."""
    found = REGISTRY.policy(policy)
    filled, _ = stated_in_full(REGISTRY, found, EQUAL)
    usual, _ = stated_in_full(REGISTRY, found, scenario("default"))
    adapter = PolicyAdapter(filled, EQUAL, ALL_ON)
    amount = 20_000_000_00 if adapter.has_fund else 0
    assert set_aside_in_all(adapter, 15) == amount
    assert adapter.put_in(0, 0, True) == amount
    assert [adapter.put_in(year, 0, True) for year in range(1, 15)] == [0] * 14
    assert filled.id == policy
    rules = [[r for r in p.rulebook.rules if not r.id.startswith("funding.")]
             for p in (filled, usual)]  # fmt: skip
    assert rules[0] == rules[1]
    assert adapter.has_fund is (policy != "botkyrka@2018")


def test_two_funds_that_differ_in_money_alone_become_one() -> None:
    """With the same money two policies that differ in it alone give the same, world for world."""
    poor = REGISTRY.policy("vingaker@undated", ["funding.amount=1000000"])
    rich = REGISTRY.policy("vingaker@undated", ["funding.amount=80000000"])
    asked: Any = {"replications": 4, "years": 6, "jobs": 1}
    own = compare([poor, rich], **asked)
    equal = compare([poor, rich], scenario=EQUAL, **asked)
    assert own.difference(rich.id, "granted").mean != 0
    assert equal.difference(rich.id, "granted").mean == 0
    assert [note.code for note in run_notes(own)].count("money_note.unequal") == 1
    (told,) = [note for note in run_notes(own) if note.code == "money_note.unequal"]
    assert "1,000,000" in told.en
    assert "80,000,000" in told.en
    codes = [note.code for note in run_notes(equal)]
    assert "money_note.equal" in codes
    assert "money_note.unequal" not in codes


def test_a_run_can_be_repeated_by_what_its_scenario_says(tmp_path: Path) -> None:
    """The command line of the scenario gives it again, and a file may state it."""
    (option, setting) = EQUAL.options
    assert option == "--assume"
    again = scenario("default").assuming((setting,))
    assert again.endowment == EQUAL.endowment
    assert of_scenario(again) == of_scenario(EQUAL) != of_scenario(scenario("default"))
    file = tmp_path / "mine.toml"
    file.write_text(
        'id = "mine"\nbase = "default"\ntitle = { sv = "Min", en = "Mine" }\n'
        'endowment = "20 mnkr"\n',
        "utf-8",
    )
    assert scenario(file).endowment == EQUAL.endowment


@pytest.mark.parametrize("written", ["0", "-5 mnkr", "mycket"])
def test_an_amount_that_is_none_is_refused(written: str) -> None:
    """What is no money above nothing is no endowment."""
    with pytest.raises(SifError):
        scenario("default").endowing(written)


ASKED = ("compare", "orebro@2016", "skane@2018", "botkyrka@2018", "--replications", "1",
         "--years", "2", "--jobs", "1", "--lang", "sv")  # fmt: skip


def test_the_command_line_gives_every_fund_the_same(sif: Callable[..., Any]) -> None:
    """``--endowment`` with an amount, ``--equal-money`` with that of the middle fund."""
    ran = sif(*ASKED, "--endowment", "20 mnkr")
    assert "varje fond har samma pengar, 20\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000" in ran.out
    assert "varje fond har samma pengar" in sif(*ASKED, "--equal-money").out
    assert "med --equal-money får alla lika mycket" in sif(*ASKED).out
    both = sif(*ASKED, "--equal-money", "--endowment", "20 mnkr")
    assert both.code == 2
    assert "säger båda vad varje fond får" in both.err
    none = sif("compare", "botkyrka@2018", "--equal-money", "--lang", "sv")
    assert "ingen av riktlinjerna har en fond" in none.err
