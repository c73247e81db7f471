"""The command line as an analyst meets it: answers, exit codes, one line for a mistake."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules.cli import options
from sifrules.rules import engines
from sifrules.values.messages import Message

EXAMPLES = Path(__file__).parents[3] / "examples"
COMPLETE = str(EXAMPLES / "applications" / "invented-complete.toml")
COMMANDS = ("policies", "show", "diff", "plugins", "validate", "check", "claims", "replay")
BRYGGAN = ["--cost", "12200000", "--start", "2017-08", "--months", "29"]


#: runs the command line and gives back what it left behind; a fixture of conftest.py
Sif = Callable[..., Any]


# --- every command ------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(sif: Sif, command: str) -> None:
    """The help of each command shows how it is written."""
    ran = sif(command, "--help")
    assert ran.code == 0
    assert "Example" in ran.out
    assert f"sif {command}" in ran.out


ANSWERS: dict[str, list[str]] = {
    "policies": ["policies"],
    "show": ["show", "orebro@2016"],
    "diff": ["diff", "norrkoping@2010", "norrkoping@2022"],
    "plugins": ["plugins"],
    "validate": ["validate", "orebro"],
    "check": ["check", COMPLETE],
    "claims": ["claims", "--policy", "orebro@2016", *BRYGGAN],
    "replay": ["replay", "sodertalje"],
}


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_answer_comes_in_every_form_and_language(
    sif: Sif, command: str, form: str, lang: str
) -> None:
    """Four forms, two languages, and nothing on standard error."""
    ran = sif(*ANSWERS[command], "--format", form, "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip()
    if form == "json":
        assert ran.data
    if form == "csv":
        separator = ";" if lang == "sv" else ","
        rows = list(csv.reader(io.StringIO(ran.out), delimiter=separator))
        assert len({len(row) for row in rows}) == 1


def test_help_loads_none_of_the_heavy_libraries() -> None:
    """Asking for help is quick: what only some commands need is not imported."""
    heavy = {"scipy", "altair", "polars", "simpy", "durable", "durable_rules_engine", "numpy"}
    script = (
        "import sys\n"
        "from sifrules.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    pass\n"
        f"print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"


# --- check --------------------------------------------------------------------------


def test_check_has_the_contract_of_its_json(sif: Sif) -> None:
    """Application, policy, engine, outcome, missing, and each rule with what it read."""
    ran = sif("check", COMPLETE, "--policy", "orebro@2016", "--format", "json")
    (answer,) = ran.data
    assert answer["outcome"] == "eligible"
    assert answer["policy"] == "orebro@2016"
    rules = {rule["id"]: rule for rule in answer["rules"]}
    assert rules["criteria.areas"]["verdict"] == "met"
    assert rules["criteria.areas"]["reads"]["application.areas"] >= 2
    assert rules["criteria.areas"]["citation"].keys() >= {"document", "reference", "place"}


@pytest.mark.once
@pytest.mark.usefixtures("durable_engine")
def test_both_engines_give_the_same_answer_but_for_their_name(sif: Sif) -> None:
    """Every example under every policy, word for word."""
    files = sorted(map(str, (EXAMPLES / "applications").glob("*.toml")))
    durable, compiled = (
        sif("check", *files, "--engine", engine, "--format", "json")
        for engine in ("durable", "compiled")
    )
    assert len(files) >= 13
    assert durable.out.replace('"engine": "durable"', '"engine": "compiled"') == compiled.out


@pytest.mark.parametrize("words", [["check", COMPLETE], ["test", "orebro"]])
def test_why_the_reference_does_not_decide_is_said_next_to_the_engine(
    words: list[str], sif: Sif, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the language asked for, where no engine was asked for."""
    fault = Message("engine.durable_unusable", error="X")
    for module in (engines, options):
        monkeypatch.setattr(module, "durable_fault", lambda: fault)
    said = "compiled (durable-rules är installerat men kan inte användas här (X))"
    assert said in sif(*words, "--lang", "sv").out
    asked = sif(*words, "--lang", "sv", "--engine", "compiled").out
    assert "compiled" in asked
    assert "kan inte användas" not in asked


def test_a_long_matrix_keeps_its_reasons_short(sif: Sif) -> None:
    """All examples under all policies: the first missing facts, and how many more there are."""
    files = sorted(map(str, (EXAMPLES / "applications").glob("*.toml")))
    assert " more" in sif("check", *files).out
    alone = sif("check", files[0], "--policy", "orebro@2016").out
    assert "missing" in alone
    assert " more" not in alone


def test_a_part_left_out_is_named_and_cannot_be_determined(sif: Sif) -> None:
    """Without a word on the return plan, Örebro's rules cannot tell."""
    file = str(EXAMPLES / "applications" / "invented-return-plan-left-out.toml")
    ran = sif("check", file, "--policy", "orebro@2016", "--format", "json")
    (answer,) = ran.data
    assert ran.code == 1
    assert (answer["outcome"], answer["missing"]) == ("cannot_tell", ["parts.return_plan"])


def test_the_fourth_grant_of_a_year_meets_the_cap(sif: Sif) -> None:
    """A file that states facts of the fund is tried for allocation too."""
    file = str(EXAMPLES / "applications" / "fourth-grant-in-a-year.toml")
    ran = sif(
        "check", file, "--policy", "orebro@2016", "--policy", "orebro@2013", "--format", "json"
    )
    now, before = ran.data
    refused = [rule["id"] for rule in now["rules"] if rule["verdict"] == "not_met"]
    assert refused == ["caps.new_investments"]
    assert before["outcome"] == "eligible"


def test_a_fact_can_be_added_and_a_clause_changed_for_one_run(sif: Sif) -> None:
    """--fact and --set try another application and another policy."""
    more = ["--fact", "application.areas=2", "--set", "criteria.areas.areas=3", "--format", "json"]
    ran = sif("check", COMPLETE, "--policy", "orebro@2016", *more)
    refused = [rule["id"] for rule in ran.data[0]["rules"] if rule["verdict"] == "not_met"]
    assert refused == ["criteria.areas"]
    assert "criteria.areas.areas=3" in ran.data[0]["policy"]


def test_each_policy_is_given_the_facts_that_it_knows(sif: Sif, tmp_path: Path) -> None:
    """A fact that only one policy declares is no fault, and is kept from the others."""
    mine, ours = tmp_path / "mine.toml", tmp_path / "ours.toml"
    mine.write_text(_WITH_OWN_FACT, "utf-8")
    ours.write_text("[application]\nareas = 2\nlocal_school = true\n", "utf-8")
    both = ["--policy", str(mine), "--policy", "orebro@2016", "--format", "json"]
    ran = sif("check", str(ours), *both)
    assert [answer["policy"] for answer in ran.data] == ["orebro@2016+mine", "orebro@2016"]
    ran = sif("check", str(ours), "--policy", "orebro@2016")
    assert (ran.code, ran.out) == (2, "")
    assert "application.local_school: no fact" in ran.err
    ours.write_text('[application]\nlocal_school = "yes"\n', "utf-8")
    ran = sif("check", str(ours), *both)
    assert "application.local_school: expected true or false" in ran.err
    assert len(ran.err.splitlines()) == 1


_WITH_OWN_FACT = """
base = "orebro@2016"
[facts."application.local_school"]
kind = "flag"
sv = "en skola på orten är med"
en = "a local school takes part"
[criteria.local_school]
kind = "fact"
cite = "report: 2"
fact = "application.local_school"
holds = true
"""


def test_the_matrix_in_markdown_is_one_whole_table(sif: Sif) -> None:
    """A policy's name in a heading stays on the heading's line."""
    out = sif("check", COMPLETE, "--policy", "orebro@2016", "--format", "markdown").out
    table = [line for line in out.splitlines() if line.startswith("|")]
    assert "| orebro@2016 " in table[0]
    assert len({line.count("|") for line in table[:3]}) == 1


# --- mistakes -----------------------------------------------------------------------


def _claims(*more: str, cost: str = "12200000", start: str = "2017-08") -> list[str]:
    return [
        *("claims", "--policy", "orebro@2016", f"--cost={cost}"),
        *("--start", start, "--months", "29", *more),
    ]


def _show(setting: str) -> list[str]:
    return ["show", "orebro@2016", "--set", setting]


def _both(*settings: str) -> list[str]:
    return [word for setting in settings for word in ("--set", setting)]


MISTAKES: dict[str, tuple[list[str], str]] = {
    "an unknown policy": (["show", "orebro@2106"], "did you mean orebro@2016"),
    "a municipality with several policies": (["diff", "orebro", "orebro@2016"], "say which"),
    "an unknown command": (["chekc"], "did you mean check"),
    "an unknown option": (["policies", "--langg", "sv"], "see sif policies --help"),
    "no application file": (["check", "nowhere.toml"], "nowhere.toml: no such file"),
    "a folder for a file": (["check", str(EXAMPLES)], "is a folder"),
    "an unknown value path": (_show("return_model.flor=0"), "did you mean floor"),
    "an impossible value": (_show("return_model.floor=2"), "from 0 to 1"),
    "a change without a value": (_show("floor"), "write it as"),
    "a float with an exponent": (_show("return_model.floor=1e-7"), "exponent"),
    "a value that is not a number": (_show("return_model.floor=nan"), "no value"),
    "a negative cost": (_claims(cost="-5"), "above 0"),
    "an absurd cost": (_claims(cost="9" * 20), "at most"),
    "a cost that is no number": (_claims(cost="NaN"), "expected an amount"),
    "a cost with grouped thousands": (_claims(cost="610,000"), "write 610000"),
    "a cost with thousands after a point": (_claims(cost="1.000"), "write 1000"),
    "a cost with two commas": (_claims(cost="12,200,000"), "write 12200000"),
    "a cost with three decimals": (_claims(cost="12200000,123"), "expected kronor"),
    "a cost with an exponent": (_claims(cost="1e7"), "expected an amount"),
    "shares that are not the whole": (
        _claims("--payer", "a=0.5", "--payer", "b=0.4"),
        "the shares of the payers sum to 90 %; make them sum to 100 %",
    ),
    "a payer named twice": (_claims("--payer", "a=0.5", "--payer", "a=0.5"), "a committee twice"),
    "a negative write-down": (_claims("--written-down=-1"), "--written-down of at least 0"),
    "a month that is none": (_claims(start="2017-13"), "expected a month as 2017-08"),
    "a start before the fund": (
        _claims(start="1817-08"),
        "before the fund's first guideline (2013-05)",
    ),
    "an exemption that is not stated": (_claims("--exempt"), "no exemption"),
    "a failure with an effect": (_claims("--failed", "--effect", "5"), "give one"),
    "a record that is not there": (["replay", "orebo"], "did you mean orebro"),
    "a day that is none": (["replay", "orebro", "--until", "2013-02-31"], "expected a day"),
    "a day that is no day at all": (
        ["replay", "orebro", "--until", "hej"],
        "for --until: expected",
    ),
    "a day before the record": (
        ["replay", "orebro", "--until", "2013-04-30"],
        "the record begins 2013-05-01",
    ),
    "a fact without a value": (
        ["check", COMPLETE, "--fact", "x"],
        "write it as application.areas=2",
    ),
    "a change to no policy": (["check", COMPLETE, "--set", "a=1"], "add --policy"),
    "an option that takes one value, given twice": (
        _claims("--policy", "malmo@2016"),
        "for '--policy': it is given twice, and takes one value",
    ),
    "the same in two spellings": (_claims("--cost=1"), "for '--cost': it is given twice"),
    "two values for one clause": (
        ["show", "orebro@2016", *_both("return_model.floor=0.3", "return_model.floor=0.7")],
        "set each value once",
    ),
    "a clause of a part that is taken out": (
        ["show", "orebro@2016", *_both("return_model.floor=0.3", "return_model=none")],
        "set each value once",
    ),
    "the same the other way round": (
        ["show", "orebro@2016", *_both("return_model=none", "return_model.floor=0.3")],
        "set each value once",
    ),
    "a fact given twice": (
        ["check", COMPLETE, "--fact", "application.areas=2", "--fact", "application.areas=3"],
        "--fact application.areas is given twice; give each fact once",
    ),
    "an impossible fact": (
        ["check", COMPLETE, "--policy", "orebro@2016", "--fact", "application.cost=-5"],
        "--fact: application.cost: expected kronor of at least 0, got -5",
    ),
    "an unknown fact": (
        ["check", COMPLETE, "--fact", "application.aeras=2"],
        "did you mean application.areas",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_that_says_what_to_do(sif: Sif, mistake: str) -> None:
    """Exit code 2, nothing on standard output, one line, no traceback."""
    args, told = MISTAKES[mistake]
    ran = sif(*args)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert ran.err.startswith("sif: ")


def test_every_fault_of_every_file_is_reported_at_once(sif: Sif, tmp_path: Path) -> None:
    """Broken TOML, an unknown fact and a float, each with its file and key."""
    broken, wrong = tmp_path / "broken.toml", tmp_path / "wrong.toml"
    broken.write_text("name = ", "utf-8")
    wrong.write_text(
        '[application]\naeras = 2\ncost = 1.5e3\nareas = "two"\n[parts]\nbudget = 1\n', "utf-8"
    )
    ran = sif("check", str(broken), str(wrong))
    assert (ran.code, ran.out) == (2, "")
    assert "broken.toml: is not TOML" in ran.err
    assert "wrong.toml" in ran.err
    wrong.write_text('[application]\naeras = 2\nareas = "two"\n[parts]\nbudget = 1\n', "utf-8")
    ran = sif("check", str(wrong))
    told = ran.err.splitlines()
    assert [line.split(": ")[2] for line in told] == [
        "application.aeras",
        "application.areas",
        "parts.budget",
    ]


def test_a_policy_may_be_a_file_wherever_an_id_is_accepted(sif: Sif, tmp_path: Path) -> None:
    """A what-if of one's own, shown, compared, checked and settled."""
    mine = tmp_path / "mine.toml"
    mine.write_text('base = "orebro@2016"\n[return_model]\nfloor = 0.0\n', "utf-8")
    assert "what-if" in sif("show", str(mine)).out
    assert "return_model.floor" in sif("diff", "orebro@2016", str(mine)).out
    assert sif("check", COMPLETE, "--policy", str(mine)).code == 0
    args = ["--policy", str(mine), *BRYGGAN, "--effect", "0", "--format", "json"]
    assert sif("claims", *args).data["total_sek"] == 610_000


def test_text_from_a_file_is_shown_and_never_taken_for_more(sif: Sif, tmp_path: Path) -> None:
    """Formulas, control marks and direction marks lose their power in every form."""
    hostile = tmp_path / "hostile.toml"
    hostile.write_text(
        'name = "=HYPERLINK(\\"x\\")\\u202Eevil\\u001B[31m|<b>"\n[application]\nareas = 1\n',
        "utf-8",
    )
    for form in ("table", "markdown", "csv"):
        out = sif("check", str(hostile), "--policy", "orebro@2016", "--format", form).out
        assert "\u202e" not in out
        assert "\x1b" not in out
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[1][0].startswith("'=")


def test_a_reader_that_leaves_early_is_no_mistake() -> None:
    """`sif show ... | head -1` ends without a traceback."""
    ran = subprocess.run(
        f"{sys.executable} -c 'from sifrules.cli import main; main()' show orebro@2016 | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr


def test_a_change_of_kind_is_shown_by_what_it_was_and_what_it_is(sif: Sif) -> None:
    """Each side names its own kind, and a clause that changed its name shows both names."""
    rows = sif("diff", "norrkoping@2010", "norrkoping@2022", "--format", "json").data["differences"]
    told = {row["path"]: (row["a"], row["b"]) for row in rows if row["a"] and row["b"]}
    kinds = {path: (a["value"], b["value"]) for path, (a, b) in told.items()}
    assert kinds["return_model"] == ("return-flow model", "budget model, no return")
    assert kinds["funding"] == ("one-off endowment", "earmark in equity")
    labels = {row["path"]: row["label"] for row in rows}
    assert (labels["funding"], labels["funding.amount"]) == ("kind", "amount set aside / amount")


@pytest.mark.parametrize(
    "pair", [("norrkoping@2010", "norrkoping@2022"), ("orebro@2013", "botkyrka@2018")]
)
def test_no_difference_is_a_dash(sif: Sif, pair: tuple[str, str]) -> None:
    """A difference says what stands on each side, or nothing where nothing stands there."""
    rows = sif("diff", *pair, "--format", "json").data["differences"]
    assert all(
        side is None or side["value"] != "–" for row in rows for side in (row["a"], row["b"])
    )
