"""Amounts and shares are written as people write them, wherever the tool asks for one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sifrules import registry
from sifrules.loading.history import read_history
from sifrules.testing import run_cases
from sifrules.testing.cases import read_cases

Sif = Callable[..., Any]

CLAIMS = ["claims", "--policy", "orebro@2016", "--start", "2017-08", "--months", "29"]
APPLICATION = '[application]\ncost = "6,2 mnkr"\ncofunding = "200 tkr"\n'
WHAT_IF = """base = "orebro@2016"
[return_model]
floor = "50 %"
fee = "0,05"
[criteria.small]
kind = "fact"
fact = "application.cost"
at_most = "6.2 MSEK"
[criteria.either]
kind = "condition"
any_of = [{ fact = "application.cost", less_than = "100 tkr" }, { fact = "application.early" }]
"""
CASES = """[[cases]]
name = "Six millions come back with a fee"
policy = "orebro@2016"
set = ["return_model.fee=5 %"]
expect = { returned = "6 200 tkr", fee = "310 000 kr" }
[cases.investment]
cost = "6,2 mnkr"
start = "2017-08"
months = 29
effect = "8 mnkr"
gains = { a = "60 %", b = "0,4" }
"""
HISTORY = """key = "toy"
municipality = "Toy"
until = "2020"
[documents]
book = { title = "The book" }
[[entries]]
what = "endowment"
date = "2015"
amount = "6,2 mnkr"
cite = "book: 1"
"""


def _file(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def test_options_take_amounts_with_units_and_shares_in_per_cent(sif: Sif) -> None:
    """The same claims as of bare numbers."""
    plain = ["--cost", "6200000", "--effect", "12000000", "--payer", "a=0.5", "--payer", "b=0.5"]
    words = ["--cost", "6,2 mnkr", "--effect", "12 000 tkr", "--payer", "a=50 %", "--payer=b=0,5"]
    told = [sif(*CLAIMS, *more, "--format", "json").data for more in (plain, words)]
    assert told[0] == told[1]
    assert told[0]["total_sek"] == 6_510_000


def test_facts_and_changed_values_take_them_too(sif: Sif, tmp_path: Path) -> None:
    """``--fact`` and ``--set`` with a comma, a unit or a sign."""
    mine = _file(tmp_path, "mine.toml", "[application]\nareas = 2\n")
    change = ["--policy", "malmo@2016", "--set", "caps.size.kind=amount_per_investment"]
    asked = [*change, "--set", "caps.size.limit=6,2 mnkr", "--stage", "allocation", "--rules"]
    for cost, verdict in (("6,2 mnkr", "met"), ("6 200 001", "not_met")):
        ran = sif("check", mine, *asked, "--fact", f"application.cost={cost}", "--format", "json")
        rules = {rule["id"].split(".")[1]: rule["verdict"] for rule in ran.data[0]["rules"]}
        assert rules["size"] == verdict
    shown = sif("show", "orebro@2016", "--set", "return_model.floor=0,5", "--format", "json").data
    floors = [each["value"] for each in shown["clauses"] if each["path"] == "return_model.floor"]
    assert floors == ["50 %"]


def test_files_take_them_as_texts(tmp_path: Path) -> None:
    """What-ifs, worked cases and records: each value as if the number stood there."""
    policy = registry().policy(_file(tmp_path, "mine.toml", WHAT_IF))
    model: Any = policy.return_model
    assert (model.floor, model.fee) == (Decimal("0.5"), Decimal("0.05"))
    small = next(part for part in policy.parts if part.path == "criteria.small")
    assert (small.condition.test({"application.cost": 620_000_000})) is True
    assert (small.condition.test({"application.cost": 620_000_001})) is False
    either = next(part for part in policy.parts if part.path == "criteria.either")
    assert (either.condition.test({"application.cost": 9_999_999})) is True
    cases = read_cases(Path(_file(tmp_path, "cases.toml", CASES)))
    assert [str(each) for each in run_cases(registry(), cases) if not each.passed] == []
    history = read_history(Path(_file(tmp_path, "record.toml", HISTORY)))
    assert history.entries[0].amount == 620_000_000


def test_an_application_takes_them_as_texts(sif: Sif, tmp_path: Path) -> None:
    """The cost is what a bare number of kronor would be."""
    mine = _file(tmp_path, "mine.toml", APPLICATION)
    args = ("--policy", "orebro@2016", "--rules", "--format", "json")
    told = sif("check", mine, *args).data[0]
    _file(tmp_path, "mine.toml", "[application]\ncost = 6_200_000\ncofunding = 200_000\n")
    assert told == sif("check", mine, *args).data[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[return_model]\nfloor = "50"\n', "floor: expected a share as 0.5 or 50 %"),
        ('[caps.a]\nkind = "amount_per_investment"\nlimit = 6.2\n', "write 6.2 kr or 6.2 mnkr"),
        ('[caps.a]\nkind = "amount_per_investment"\nlimit = "6.2"\n', "write 6.2 kr or 6.2 mnkr"),
        (
            '[criteria.a]\nkind = "fact"\nfact = "application.cost"\nat_most = "6,2"\n',
            "criteria.a.at_most: '6,2' may be kronor or millions",
        ),
        (
            '[criteria.a]\nkind = "fact"\nfact = "application.areas"\nat_least = "50 %"\n',
            "criteria.a.at_least: expected a number",
        ),
    ],
)
def test_an_unclear_one_in_a_file_is_refused_at_its_key(
    sif: Sif, tmp_path: Path, text: str, told: str
) -> None:
    """No unit is guessed, and what to write is said."""
    mine = _file(tmp_path, "mine.toml", f'base = "orebro@2016"\n{text}')
    ran = sif("show", mine)
    assert ran.code == 2
    assert told in ran.err


def test_a_cost_below_ten_thousand_kronor_is_doubted(sif: Sif, tmp_path: Path) -> None:
    """In check, claims and validate; one of ten thousand is not."""
    mine = _file(tmp_path, "mine.toml", "[application]\ncost = 6.2\n")
    for cost, doubted in (("6.2", True), ("9999", True), ("10000", False)):
        args = ("check", mine, "--fact", f"application.cost={cost}", "--policy", "orebro@2016")
        assert ("write the unit, as 6.2 mnkr" in sif(*args).out) is doubted
        assert bool(sif(*args, "--format", "json").data[0]["doubts"]) is doubted
    for cost, doubted in (("6", True), ("6,20 kr", True), ("10 tkr", False)):
        told = sif(*CLAIMS, "--cost", cost, "--effect", "0").out
        assert ("write the unit, as 6.2 mnkr" in " ".join(told.split())) is doubted
    for limit, doubted in (("6", True), ("10_000", False)):
        text = f'[caps.a]\nkind = "amount_per_investment"\nlimit = {limit}\n'
        mine = _file(tmp_path, "what-if.toml", f'base = "orebro@2016"\n{text}')
        issues = sif("validate", mine, "--format", "json").data["doubts"]
        keys = [each["key"] for each in issues if each["kind"] == "small_amount"]
        assert keys == (["caps.a.limit"] if doubted else [])


def test_a_small_grant_of_a_record_is_doubted(sif: Sif, tmp_path: Path) -> None:
    """Money set aside and granted; other entries may be small."""
    text = HISTORY.replace('"6,2 mnkr"', "62").replace('"toy"', '"orebro"', 1)
    issues = sif("validate", _file(tmp_path, "r.toml", text), "--format", "json").data["doubts"]
    keys = [each["key"] for each in issues if each["kind"] == "small_amount"]
    assert keys == ["entries[0].amount"]
