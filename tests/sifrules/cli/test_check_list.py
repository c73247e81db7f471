"""Lists of applications in ``sif check``: read as people write them, decided as TOML files are."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from sifrules import FACTS, registry
from sifrules.rules.kinds import Kind
from sifrules.rules.wording import option_words

Sif = Callable[..., Any]
ROOT = Path(__file__).parents[3]
REGISTRY = registry()


def _forty() -> list[dict[str, object]]:
    """Forty applications that say different things, as TOML files hold them."""
    draw = random.Random(7)
    names = [name for name in FACTS if name.startswith(("application.", "parts."))]
    found: list[dict[str, object]] = []
    for _ in range(40):
        facts: dict[str, object] = {}
        for name in names:
            kind = FACTS[name].kind
            if draw.random() < 0.15:
                continue
            match kind:
                case Kind.FLAG:
                    facts[name] = draw.random() < 0.9
                case Kind.CHOICE:
                    facts[name] = draw.choice(FACTS[name].options)
                case Kind.MONEY:
                    facts[name] = 100 * draw.randrange(0, 90_000)
                case Kind.YEAR:
                    facts[name] = draw.randrange(2010, 2026)
                case _:
                    facts[name] = draw.randrange(1, 49)
        found.append(facts)
    return found


FORTY = _forty()


def _cell(name: str, value: object) -> object:
    """A value as somebody writes it in Swedish Excel."""
    fact = FACTS[name]
    match fact.kind:
        case Kind.FLAG:
            return "ja" if value else "nej"
        case Kind.CHOICE:
            return option_words(str(value)).sv
        case Kind.MONEY:
            assert isinstance(value, int)
            return f"{value // 1000},{value % 1000 // 100} tkr"
        case _:
            return value


def _table(write: Callable[[str, object], object]) -> list[list[object]]:
    """The forty applications under Swedish headings."""
    names = list(dict.fromkeys(name for facts in FORTY for name in facts))
    rows: list[list[object]] = [["Namn", *(FACTS[name].words.sv for name in names)]]
    for at, facts in enumerate(FORTY):
        cells = [write(name, facts[name]) if name in facts else "" for name in names]
        rows.append([f"Ansökan {at}", *cells])
    return rows


def _csv(rows: Sequence[Sequence[object]], separator: str = ";") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _toml(facts: Mapping[str, object], name: str) -> str:
    tables: dict[str, list[str]] = {}
    for fact, value in facts.items():
        table, _, key = fact.partition(".")
        tables.setdefault(table, []).append(f"{key} = {json.dumps(value)}")
    lines = [f'name = "{name}"']
    for table, entries in tables.items():
        lines += [f"[{table}]", *entries]
    return "\n".join(lines)


def _answers(data: Any) -> dict[tuple[str, str], tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The outcome, what is missing and what refuses it, by application and policy."""
    found = {}
    for each in data:
        for under in each["policies"]:
            key = each["application"], under["policy"]
            refused = under["refused_by"] if under["outcome"] == "not_eligible" else []
            found[key] = (under["outcome"], tuple(under["missing"]), tuple(refused))
    return found


@pytest.fixture(scope="module")
def of_toml(tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Any]:
    """How the forty are decided one by one, out of TOML files."""
    from sifrules import decide

    found = {}
    for at, facts in enumerate(FORTY):
        for policy in REGISTRY.policies:
            known = {name: value for name, value in facts.items() if name in policy.vocabulary}
            decision = decide(policy, known)
            refused = tuple(f.rule.id for f in decision.refusals)
            found[f"Ansökan {at}", policy.id] = (decision.outcome, decision.missing, refused)
    return found


def test_what_is_tried_has_every_outcome(of_toml: dict[Any, Any]) -> None:
    """Among the forty some are refused and some cannot be told, under many policies."""
    assert len({outcome for outcome, _, _ in of_toml.values()}) >= 2
    assert len(of_toml) == 40 * len(REGISTRY.policies)


@pytest.mark.once
@pytest.mark.parametrize(
    ("encoding", "mark"), [("cp1252", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-8-sig", b"")]
)
def test_a_list_as_csv_is_decided_as_the_files_are(
    sif: Sif, tmp_path: Path, of_toml: dict[Any, Any], encoding: str, mark: bytes
) -> None:
    """Semicolons, decimal commas, units, ja and nej, Swedish words and letters: all read alike."""
    file = tmp_path / "lista.csv"
    file.write_bytes(mark + _csv(_table(_cell)).encode(encoding))
    assert _answers(sif("check", str(file), "--format", "json").data) == of_toml


def test_a_list_as_a_workbook_is_decided_as_the_files_are(
    sif: Sif, tmp_path: Path, of_toml: dict[Any, Any]
) -> None:
    """Numbers, truth values and texts of a workbook are read as those of the files."""
    pytest.importorskip("python_calamine")
    file = tmp_path / "lista.xlsx"
    _workbook(file, _table(lambda name, value: value))
    assert _answers(sif("check", str(file), "--format", "json").data) == of_toml


def test_a_toml_file_of_a_row_is_decided_as_the_row_is(sif: Sif, tmp_path: Path) -> None:
    """A row that is picked out of a list is answered word for word as its TOML file is."""
    file, one = tmp_path / "lista.csv", tmp_path / "en.toml"
    file.write_text(_csv(_table(_cell)), "utf-8")
    one.write_text(_toml(FORTY[3], "Ansökan 3"), "utf-8")
    asked = ("--policy", "orebro@2016", "--rules")
    assert sif("check", str(file), "--row", "Ansökan 3", *asked).out == (
        sif("check", str(one), *asked).out
    )
    assert sif("check", str(file), "--row", "5", *asked).out == sif("check", str(one), *asked).out


@pytest.mark.once
def test_thousands_of_rows_are_decided_and_counted(sif: Sif, tmp_path: Path) -> None:
    """A long list is decided under all policies; how long it takes is in benchmarks/lists.py."""
    head, *rows = _table(_cell)
    file = tmp_path / "lång.csv"
    file.write_text(_csv([head, *(rows[at % 40] for at in range(2_000))]), "utf-8")
    ran = sif("check", str(file), "--lang", "sv")
    assert "2\N{NO-BREAK SPACE}000 ansökningar" in ran.out or "2000 ansökningar" in ran.out


def test_of_many_mistakes_the_first_are_shown_and_the_others_counted(
    sif: Sif, tmp_path: Path
) -> None:
    """One mistake in every row of a long list does not fill the screen."""
    file = tmp_path / "list.csv"
    file.write_text("application.areas\n" + "0\n" * 500, "utf-8")
    ran = sif("check", str(file))
    first, *_, last = ran.err.splitlines()
    assert (ran.code, len(ran.err.splitlines())) == (2, 41)
    assert "cell A2" in first
    assert "460 more" in last


@pytest.mark.once
def test_one_file_has_matrix_reasons_and_what_is_missing(sif: Sif, tmp_path: Path) -> None:
    """``--xlsx`` writes a workbook of three sheets, for a list and for TOML files alike."""
    pytest.importorskip("xlsxwriter")
    file, to = tmp_path / "lista.csv", tmp_path / "svar.xlsx"
    file.write_text(_csv(_table(_cell)), "utf-8")
    for source in (str(file), str(ROOT / "examples/applications/fails-one-area.toml")):
        sif("check", source, "--xlsx", str(to), "--lang", "sv")
        with zipfile.ZipFile(to) as book:
            named = book.read("xl/workbook.xml").decode()
            texts = book.read("xl/sharedStrings.xml").decode()
        assert all(f'name="{name}"' in named for name in ("Svar", "Skäl", "Saknas"))
        assert "krävs av" in texts
        to.unlink()


def test_csv_has_one_row_an_application(sif: Sif, tmp_path: Path) -> None:
    """The answer as CSV is the matrix: a row for each application, a column for each policy."""
    file = tmp_path / "lista.csv"
    file.write_text(_csv(_table(_cell)), "utf-8")
    rows = list(csv.reader(sif("check", str(file), "--format", "csv").out.splitlines()))
    assert len(rows) == 41
    assert rows[0][1:] == [policy.id for policy in REGISTRY.policies]
    assert {cell for row in rows[1:] for cell in row[1:]} <= {"yes", "no", "?"}


def test_the_standard_input_may_be_a_list(sif: Sif, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another program writes is read for ``-``."""

    class _Input:
        buffer = io.BytesIO(b"name,areas\nA,1\n")

    monkeypatch.setattr("sys.stdin", _Input())
    ran = sif("check", "-", "--policy", "orebro@2016", "--format", "json")
    assert ran.data[0]["policies"][0]["outcome"] == "not_eligible"
    assert ran.code == 1


GOOD = "namn;kostnad (tkr);områden;evaluable\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "A;6000;2;ja?\n", "cellen D2 (evaluable): väntade ja eller nej, fick 'ja?'"),
        (GOOD + "A;6000;2;ja\n" * 15 + "B;6000;2\n", "rad 17: raden har 3 kolumner"),
        (GOOD + "A;6000;2;ja;7\n", "rad 2: raden har 5 kolumner och rubrikerna 4"),
        (
            "namn;kostnaden\nA;6\n",
            "cellen B1 (kostnaden): rubriken är ingen uppgift; menades kos",
        ),
        ("namn;kostnad;cost\nA;6;6\n", "cellen C1 (cost): samma uppgift som i kolumn B"),
        ("Ekonomi;;\nnamn;kostnad;områden\nA;6;2\n", "rad 2: det är rubriker också här"),
        ("namn;kostnad\nA;1,5\n", "'1,5' kan vara kronor eller miljoner"),
        ("namn;kostnad\nA;6,000,000\n", "cellen B2 (kostnad)"),
        ("namn;sökande\nA;nämd\n", "cellen B2 (sökande)"),
        ("namn;\nA;7\n", "cellen B1: kolumnen har värden men ingen rubrik"),
        ("namn;kostnad\n", "listan har inga ansökningar"),
        ("", "listan har inga ansökningar"),
        ('namn;kostnad\n"A;6\n', "det är ingen CSV"),
        ("namn;områden\nA;2\nB;1\nSumma:;3\n", "rad 4: raden är en summa av andra"),
        ("namn;områden\nA;2\n;Totalt\n", "rad 3: raden är en summa av andra"),
    ],
)
def test_what_is_wrong_in_a_list_is_one_sentence_with_its_place(
    sif: Sif, tmp_path: Path, text: str, told: str
) -> None:
    """Each fault is a line of its own that names the cell or the row, and nothing is decided."""
    file = tmp_path / "lista.csv"
    file.write_text(text, "utf-8")
    ran = sif("check", str(file), "--lang", "sv")
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_every_fault_of_a_list_is_told_at_once(sif: Sif, tmp_path: Path) -> None:
    """Three cells that cannot be read are three lines."""
    file = tmp_path / "lista.csv"
    file.write_text(GOOD + "A;sex;2;ja\nB;6;två;kanske\n", "utf-8")
    assert len(sif("check", str(file)).err.strip().splitlines()) == 3


def test_columns_for_the_reader_alone_are_left_out(sif: Sif, tmp_path: Path) -> None:
    """A heading that begins with # is not read, and neither are source and description."""
    file = tmp_path / "lista.csv"
    file.write_text("namn;# diarienummer;källa;områden\nA;KS 7;brev;1\n", "utf-8")
    ran = sif("check", str(file), "--policy", "orebro@2016", "--format", "json")
    assert ran.data[0]["policies"][0]["outcome"] == "not_eligible"


def _workbook(file: Path, rows: Sequence[Sequence[object]], **more: Any) -> None:
    writer = pytest.importorskip("xlsxwriter")
    book = writer.Workbook(str(file))
    sheet = book.add_worksheet("Lista")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    for cell, formula in more.get("formulas", {}).items():
        sheet.write_formula(cell, *formula)
    for area in more.get("merged", ()):
        sheet.merge_range(area, "ihop")
    for name, first in more.get("sheets", {}).items():
        book.add_worksheet(name).write_row(2, 0, first)
    book.close()


HEADS = ["namn", "kostnad", "områden"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"merged": ["A3:C3"]}, "cellen A3:C3: cellerna är sammanfogade"),
        ({"formulas": {"B2": ("=C2*2", None, "")}}, "cellen B2: formelns resultat är inte sparat"),
        (
            {"formulas": {"B2": ("=1/0", None, "#DIV/0!")}},
            "cellen B2: cellen har felvärdet #DIV/0!; rätta formeln",
        ),
        (
            {"sheets": {"2025": ["Namn", "Kostnad"], "Om": ["Kostnad", "beskrivs så"]}},
            "det första bladet läses, och samma rubriker står också på 2025;",
        ),
    ],
)
def test_a_workbook_that_cannot_be_read_as_a_list_is_one_sentence(
    sif: Sif, tmp_path: Path, more: dict[str, Any], told: str
) -> None:
    """Merged cells, formulas without a result, and other sheets that would be left unread."""
    pytest.importorskip("python_calamine")
    file = tmp_path / "lista.xlsx"
    _workbook(file, [HEADS, ["A", 6_000_000, 2], ["B", 1_000_000, 1]], **more)
    ran = sif("check", str(file), "--lang", "sv")
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_a_formula_is_read_as_the_result_that_was_saved(sif: Sif, tmp_path: Path) -> None:
    """What Excel computed and saved counts as if it had been written."""
    pytest.importorskip("python_calamine")
    file = tmp_path / "lista.xlsx"
    _workbook(file, [HEADS, ["A", 6_000_000, ""]], formulas={"C2": ("=1+0", None, 1)})
    ran = sif("check", str(file), "--policy", "orebro@2016", "--format", "json")
    assert ran.data[0]["policies"][0]["outcome"] == "not_eligible"


def test_a_file_that_is_no_workbook_is_one_sentence(sif: Sif, tmp_path: Path) -> None:
    """A broken workbook says what to save it as."""
    pytest.importorskip("python_calamine")
    file = tmp_path / "lista.xlsx"
    file.write_bytes(b"PK\x03\x04broken")
    ran = sif("check", str(file), "--lang", "sv")
    assert ran.code == 2
    assert "spara listan som .xlsx eller som CSV i Excel" in ran.err


def test_without_the_extra_it_is_said_how_to_install_it(
    sif: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workbook without the library that reads it names the extra."""
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    file = tmp_path / "lista.xlsx"
    file.write_bytes(b"PK\x03\x04")
    assert 'pip install "sifrules[excel]"' in sif("check", str(file)).err


@pytest.mark.parametrize("template", ["list", "application"])
def test_a_template_for_all_guidelines_is_read_under_one(
    sif: Sif, tmp_path: Path, template: str
) -> None:
    """Facts that another guideline alone asks for are no fault; one that none knows is."""
    empty = sif("template", template, "--lang", "sv").out
    if template == "list":
        file, first = tmp_path / "list.csv", empty.splitlines()[0]
        row = f"One{';' * first.count(';')}\n"
        text, wrong = f"{first}\n{row}", f"{first};areax\n{row.strip()};2\n"
    else:
        file, text = tmp_path / "all.toml", re.sub(r"(?m)^#(?=\w+ = )", "", empty)
        wrong = text.replace("areas = ", "areax = ")
    file.write_text(text, "utf-8")
    ran = sif("check", str(file), "--policy", "orebro@2016")
    assert (ran.code, ran.err) == (1, "")
    file.write_text(wrong, "utf-8")
    ran = sif("check", str(file), "--policy", "orebro@2016")
    assert ran.code == 2
    assert "areax" in ran.err


def test_the_choices_of_a_cell_are_named_as_the_reader_writes_them(
    sif: Sif, tmp_path: Path
) -> None:
    """In words, once."""
    file = tmp_path / "list.csv"
    file.write_text("namn;den som ansöker\nA;kyrka\n", "utf-8")
    ran = sif("check", str(file), "--lang", "sv")
    assert ran.code == 2
    assert "nämnd, förvaltning eller kontor" in ran.err
    assert "committee" not in ran.err


@pytest.mark.parametrize(
    "head",
    ["kostnad (1000-tal kr)", "kostnad (t kr)", "kostnad (EUR)", "kostnad (1 000 kr)",
     "projekttid (år)", "duration (years)"],
)  # fmt: skip
def test_a_unit_in_a_heading_that_is_not_read_is_refused(
    sif: Sif, tmp_path: Path, head: str
) -> None:
    """Thousands are not taken for kronor, nor years for months."""
    file = tmp_path / "list.csv"
    file.write_text(f"namn;{head}\nA;36\n", "utf-8")
    ran = sif("check", str(file))
    assert ran.code == 2
    assert f"cell B1 ({head})" in ran.err
    assert "is no unit that is read" in ran.err


@pytest.mark.parametrize(
    "head", ["kostnad (Tusen  kronor)", "projekttid (mån)", "sökande (vem)", "områden (antal)"]
)
def test_a_unit_or_a_note_in_a_heading_is_read_or_left(sif: Sif, tmp_path: Path, head: str) -> None:
    """Brackets with a known unit, or of what has none."""
    file = tmp_path / "list.csv"
    cell = "nämnd" if "sökande" in head else "36"
    file.write_text(f"namn;{head}\nA;{cell}\n", "utf-8")
    assert sif("check", str(file)).code == 0


def test_applications_with_the_same_name_are_shown_with_file_and_row(
    sif: Sif, tmp_path: Path
) -> None:
    """By their rows, in every form, and where one of them is asked for."""
    file = tmp_path / "list.csv"
    file.write_text("namn;kostnad\nA;6 mnkr\nB;6 mnkr\nA;7 mnkr\n", "utf-8")
    args = ("check", str(file), "--policy", "orebro@2016")
    named = [each["application"] for each in sif(*args, "--format", "json").data]
    assert named == ["A (list.csv:2)", "B", "A (list.csv:4)"]
    ran = sif(*args, "--row", "A")
    assert ran.code == 2
    assert "several applications in the list have the name 'A': rows 2, 4" in ran.err
    assert "the rows are 2 to 4" in sif(*args, "--row", "9").err


def test_amounts_that_pay_for_more_than_the_cost_are_doubted(sif: Sif, tmp_path: Path) -> None:
    """In every form and in the workbook, for lists as for files, and when assessed."""
    calamine = pytest.importorskip("python_calamine")
    mine, file, out = tmp_path / "mine.toml", tmp_path / "list.csv", tmp_path / "out.xlsx"
    file.write_text("namn;kostnad;sökt;medfinansiering\nA;6 mnkr;5 mnkr;2 mnkr\n", "utf-8")
    mine.write_text(
        "[application]\ncost = 6_000_000\napplied_for = 5_000_000\ncofunding = 2_000_000\n"
    )
    doubt = "7,000,000\u00a0SEK, more than the cost of 6,000,000\u00a0SEK"
    for given in (file, mine):
        args = ("check", str(given), "--policy", "orebro@2016")
        (one,) = sif(*args, "--format", "json").data
        assert len(one["doubts"]) == 1
        assert doubt in " ".join(one["doubts"])
        assert "Doubtful:\n" in sif(*args, "--xlsx", str(out)).out
        sheet = calamine.CalamineWorkbook.from_path(out).get_sheet_by_name("Doubtful")
        assert doubt in sheet.to_python()[1][1]
    assert doubt in sif("assess", str(mine), "--policy", "orebro@2016").out
    assessed = sif("assess", str(mine), "--policy", "orebro@2016", "--format", "json").data
    assert doubt in " ".join(assessed["doubts"])
    file.write_text("namn;kostnad;sökt;medfinansiering\nA;6 mnkr;4 mnkr;2 mnkr\n", "utf-8")
    (one,) = sif("check", str(file), "--policy", "orebro@2016", "--format", "json").data
    assert one["doubts"] == []


def test_a_number_in_a_column_of_yes_and_no_is_refused_in_those_words(
    sif: Sif, tmp_path: Path
) -> None:
    """Not in those of TOML files."""
    pytest.importorskip("python_calamine")
    file = tmp_path / "lista.xlsx"
    _workbook(file, [["namn", "förebyggande"], ["A", 1]])
    ran = sif("check", str(file), "--lang", "sv")
    assert ran.code == 2
    assert "cellen B2 (förebyggande): väntade ja eller nej, fick '1'" in ran.err
