"""``sif validate`` as an analyst meets it: files, policies and plugins, and its exit codes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
NYBY = (ROOT / "examples" / "what-ifs" / "nyby.toml").read_text("utf-8")

#: runs the command line and gives back what it left behind; a fixture of conftest.py
Sif = Callable[..., Any]


@pytest.fixture
def nyby(tmp_path: Path) -> Callable[..., str]:
    """The example guideline as a file, with texts in it replaced."""

    def write(*changes: tuple[str, str], name: str = "nyby.toml") -> str:
        text = NYBY
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / name
        file.write_text(text, "utf-8")
        return str(file)

    return write


WRONG = ("limit = { value = 2_500_000", "limit = { value = 0")
NEVER = ("lasts = 60", "lasts = 6")
DOUBTFUL = ("areas = { value = 2", "areas = { value = 1")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ("1 fel, 1 tveksamt", "vad du gör åt det", "en delbetalning var")),
        ("en", ("1 wrong, 1 doubtful", "what to do", "an instalment every")),
    ],
)
def test_the_answer_is_a_table_for_people_in_both_languages(
    sif: Sif, nyby: Callable[..., str], lang: str, words: tuple[str, ...]
) -> None:
    """The file, each place, what is seen, why it matters and what to do."""
    file = nyby(NEVER, DOUBTFUL)
    ran = sif("validate", file, "--lang", lang)
    assert (ran.code, ran.err) == (1, "")
    for each in (*words, file, "return_model.instalment_every", "criteria.areas"):
        assert each in ran.out


def test_validate_has_the_contract_of_its_json(sif: Sif, nyby: Callable[..., str]) -> None:
    """What was checked, how many of each level, and each doubt with seven texts."""
    file = nyby(NEVER)
    data = sif("validate", file, "--format", "json").data
    assert (data["checked"], data["wrong"], data["doubtful"]) == ([file], 1, 0)
    (doubt,) = data["doubts"]
    assert list(doubt) == ["level", "kind", "file", "key", "what", "why", "do"]
    assert doubt["level"] == "wrong"
    assert doubt["kind"] == "instalments_too_sparse"
    assert (doubt["file"], doubt["key"]) == (file, "return_model.instalment_every")


def test_the_csv_has_a_row_for_each_doubt(sif: Sif, nyby: Callable[..., str]) -> None:
    """With the stable kind next to the level."""
    rows = list(csv.reader(io.StringIO(sif("validate", nyby(NEVER), "--format", "csv").out)))
    assert [len(row) for row in rows] == [7, 7]
    assert rows[1][:2] == ["wrong", "instalments_too_sparse"]


@pytest.mark.parametrize(
    ("changes", "code", "strict"), [((), 0, 0), ((DOUBTFUL,), 0, 1), ((NEVER,), 1, 1)]
)
def test_the_exit_code_is_1_where_something_is_wrong_and_with_strict_where_doubtful(
    sif: Sif, nyby: Callable[..., str], changes: tuple[tuple[str, str]], code: int, strict: int
) -> None:
    """Doubts are allowed unless they are asked about."""
    file = nyby(*changes)
    assert sif("validate", file).code == code
    assert sif("validate", file, "--strict").code == strict


def test_faults_of_a_file_stand_in_the_same_answer(sif: Sif, nyby: Callable[..., str]) -> None:
    """A file that cannot be used is an answer, next to those of sound files."""
    faulty = nyby(WRONG, ("[funding]", "[fonding]"), name="faulty.toml")
    sound = nyby()
    ran = sif("validate", sound, faulty, "--format", "json")
    assert ran.code == 1
    assert [(each["file"], each["key"]) for each in ran.data["doubts"]] == [
        (faulty, "fonding"),
        (faulty, "funding"),
        (faulty, "caps.size.limit"),
    ]


def test_a_file_that_is_not_toml_is_wrong(sif: Sif, tmp_path: Path) -> None:
    """The line is reported, in the answer."""
    file = tmp_path / "odd.toml"
    file.write_text("id = \n", "utf-8")
    ran = sif("validate", str(file), "--lang", "sv")
    assert ran.code == 1
    assert "är inte TOML" in ran.out


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("orebo", "no file, policy or plugin 'orebo'; did you mean orebro"),
        ("nowhere.toml", "nowhere.toml: no such file"),
        ("parts", "the plugin parts offers no guideline"),
    ],
)
def test_what_is_not_there_is_wrong_use(sif: Sif, name: str, told: str) -> None:
    """One line that says what to do, and nothing on standard output."""
    ran = sif("validate", name)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_plugins_name_is_its_guidelines_and_its_record(sif: Sif) -> None:
    """Örebro's four grants of 2016 may have come under the cap of three."""
    ran = sif("validate", "orebro", "--format", "json")
    assert ran.code == 0
    (doubt,) = ran.data["doubts"]
    assert (doubt["kind"], doubt["key"]) == ("year_may_be_refused", "grants[8]")


def test_a_plugins_own_file_is_no_double_of_itself(sif: Sif) -> None:
    """The file that an installed plugin offers is checked where it lies; a copy needs an id."""
    from importlib.resources import files

    file = files("sifrules_plugins.orebro") / "guidelines" / "2016.toml"
    assert sif("validate", str(file)).code == 0


def test_a_copy_under_the_same_id_is_advised_to_choose_another(sif: Sif, tmp_path: Path) -> None:
    """Else it would pass for the one that the plugin offers."""
    file = tmp_path / "copy.toml"
    file.write_text('id = "orebro@2016"\nbase = "orebro@2013"\n', "utf-8")
    ran = sif("validate", str(file))
    assert ran.code == 1
    assert "is the id of another" in ran.out


def test_files_given_together_are_held_against_each_other(
    sif: Sif, nyby: Callable[..., str], tmp_path: Path
) -> None:
    """Two guidelines of one municipality and its record, before there is a plugin."""
    later = nyby(
        ('id = "nyby@2026"', 'id = "nyby@2028"'),
        ('value = "2026-01"', 'value = "2028-01"'),
        name="later.toml",
    )
    record = tmp_path / "history.toml"
    record.write_text(
        'key = "nyby"\nmunicipality = "Nyby"\nuntil = "2027"\n'
        '[documents.minutes]\ntitle = "Minutes"\n'
        '[[grants]]\nname = "A"\ngranted = "2027"\namount = 3_000_000\ncite = "minutes: 1"\n',
        "utf-8",
    )
    ran = sif("validate", nyby(), later, str(record), "--format", "json")
    assert {each["kind"] for each in ran.data["doubts"]} == {"overlap", "would_be_refused"}
