"""`sif new-plugin`: what it refuses, what it writes, and that nothing in it goes stale."""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest
from attrs import frozen

from sifrules import FaultyFile, Guideline, LocalizedText, Part, SifError, Slot, clause, registry
from sifrules.loading.builder import build
from sifrules.loading.schema import fields_of, inner_of
from sifrules.scaffold import Names, names_for, new_plugin
from sifrules.scaffold.guideline import explained_guideline
from sifrules.scaffold.template import the_template
from sifrules.values.citations import FILL_IN

#: runs the command line and gives back what it left behind; a fixture of conftest.py
Sif = Callable[..., Any]

#: The kinds that are installed with the project, without those of the example plugin.
#: Every kind of part but tracks, which few funds have: the guide to guidelines explains them.
KINDS = {key: part for key, part in registry(off=["exempelby"]).parts.items() if key[0] != "track"}
NAMES = Names("testkoping", "Testköping", 2024)
MINIMAL = {
    "README.md",
    "pyproject.toml",
    "tox.ini",
    "src/sifrules_testkoping/__init__.py",
    "src/sifrules_testkoping/cases.toml",
    "src/sifrules_testkoping/guidelines/2024.toml",
    "src/sifrules_testkoping/history.toml",
    "src/sifrules_testkoping/py.typed",
    "tests/test_testkoping.py",
}
OWN = ("__init__", "behaviour", "command", "criterion", "measure", "return_model")
WITH_CODE = {
    *MINIMAL,
    *(f"src/sifrules_testkoping/own/{module}.py" for module in OWN),
    "src/sifrules_testkoping/own/cases.toml",
    "src/sifrules_testkoping/guidelines/2025.toml",
    *(
        f"tests/test_own_{what}.py"
        for what in ("cases", "command", "criterion", "return_model", "simulated")
    ),
}


@pytest.fixture(scope="module")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new plugin without code."""
    return new_plugin(NAMES, KINDS, tmp_path_factory.mktemp("minimal"))[0]


@pytest.fixture(scope="module")
def with_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new plugin with the example's code."""
    return new_plugin(NAMES, KINDS, tmp_path_factory.mktemp("code"), with_code=True)[0]


@pytest.fixture(params=["minimal", "with_code"])
def written(request: pytest.FixtureRequest) -> Path:
    """Either of the two."""
    folder: Path = request.getfixturevalue(request.param)
    return folder


def _files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def _guideline(folder: Path) -> Path:
    return folder / "src" / "sifrules_testkoping" / "guidelines" / "2024.toml"


# --- names ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key", "municipality"),
    [
        ("testkoping", "testkoping", "Testkoping"),
        ("Testköping", "testkoping", "Testköping"),
        ("Åmål", "amal", "Åmål"),
        ("Upplands Väsby", "upplands-vasby", "Upplands Väsby"),
        ("A\N{COMBINING RING ABOVE}sele", "asele", "Åsele"),
        ("ostra-goinge", "ostra-goinge", "Ostra Goinge"),
    ],
)
def test_a_municipalitys_name_gives_a_key_in_ascii(name: str, key: str, municipality: str) -> None:
    """Letters lose their rings and dots, blanks become hyphens; the name itself stays."""
    names = names_for(name, None, 2024, ())
    assert (names.key, names.municipality) == (key, municipality)


@pytest.mark.parametrize(
    "name", ["", "2024town", "a/b", "../up", "a--b", "town-", "-town", "x" * 41, "ö.ö", "søndre"]
)
def test_a_name_that_will_not_do_is_refused_with_what_is_allowed(sif: Sif, name: str) -> None:
    """One line, which says what a name may be."""
    ran = sif("new-plugin", "--dir", "/nowhere", "--", name)
    assert ran.code == 2
    (line,) = ran.err.splitlines()
    assert "cannot call a plugin" in line
    assert "use letters, digits and single hyphens, a letter first" in line


@pytest.mark.parametrize("name", ["orebro", "Örebro", "parts", "policies", "plugins", "example"])
def test_a_name_that_is_taken_is_refused(sif: Sif, tmp_path: Path, name: str) -> None:
    """By a plugin that is installed, or by a package of the project."""
    ran = sif("new-plugin", name, "--dir", str(tmp_path))
    assert (ran.code, list(tmp_path.iterdir())) == (2, [])
    assert "already; choose another name" in ran.err


@pytest.mark.parametrize("municipality", ["", 'A"B', "A\nB", "{x}", "1st", "A\\B"])
def test_a_municipality_that_would_break_a_file_is_refused(municipality: str) -> None:
    """It stands in TOML and in Python, so it is letters, blanks, hyphens and full stops."""
    with pytest.raises(SifError, match="cannot read the municipality"):
        names_for("town", municipality, 2024, ())


# --- refusals -------------------------------------------------------------------------


def test_a_folder_with_something_in_it_is_left_alone(sif: Sif, tmp_path: Path) -> None:
    """One line, and what is in it stays as it was."""
    there = tmp_path / "sifrules-testkoping"
    there.mkdir()
    (there / "mine.txt").write_text("mine")
    ran = sif("new-plugin", "testkoping", "--dir", str(tmp_path))
    assert ran.code == 2
    assert ran.err == (f"sif: {there} is there already; move it away, or choose another name\n")
    assert _files(tmp_path) == {"sifrules-testkoping/mine.txt"}


def test_a_file_in_its_place_is_left_alone(sif: Sif, tmp_path: Path) -> None:
    """The same for a file of that name."""
    (tmp_path / "sifrules-testkoping").write_text("mine")
    ran = sif("new-plugin", "testkoping", "--dir", str(tmp_path))
    assert (ran.code, _files(tmp_path)) == (2, {"sifrules-testkoping"})
    assert "is there already" in ran.err


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    """A folder that was made for it is no hindrance."""
    (tmp_path / NAMES.distribution).mkdir()
    folder, files = new_plugin(NAMES, KINDS, tmp_path)
    assert _files(folder) == set(files) == MINIMAL


def test_a_place_that_is_not_there_is_reported(sif: Sif, tmp_path: Path) -> None:
    """The folder to write into is not made up."""
    ran = sif("new-plugin", "testkoping", "--dir", str(tmp_path / "no"))
    assert ran.code == 2
    assert (
        ran.err == f"sif: no folder {tmp_path / 'no'}; make it first, or name another with --dir\n"
    )


def test_where_nothing_can_be_written_nothing_is_left(
    sif: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place is full at the last step: one line, and no half of a plugin."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    ran = sif("new-plugin", "testkoping", "--dir", str(tmp_path))
    assert (ran.code, list(tmp_path.iterdir())) == (2, [])
    (line,) = ran.err.splitlines()
    assert line.startswith(f"sif: cannot write {tmp_path}")
    assert "No space left on device" in line


def test_a_place_that_may_not_be_written_is_reported(
    sif: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line again; the superuser, who may write anywhere, is refused like all others."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refused)
    ran = sif("new-plugin", "testkoping", "--dir", str(tmp_path))
    assert (ran.code, list(tmp_path.iterdir())) == (2, [])
    place = tmp_path / "sifrules-testkoping"
    refusal = f"sif: cannot write {place}: Permission denied"
    assert ran.err == f"{refusal}; name another place with --dir\n"


# --- what is written ------------------------------------------------------------------


def test_the_command_reports_what_it_wrote_and_what_comes_next(sif: Sif, tmp_path: Path) -> None:
    """The files, and the steps to a plugin that is filled in."""
    ran = sif(
        *("new-plugin", "testkoping", "--municipality", "Testköping", "--dir", str(tmp_path)),
        *("--year", "2019", "--format", "json"),
    )
    assert (ran.code, ran.err) == (0, "")
    assert (ran.data["policy"], ran.data["municipality"]) == ("testkoping@2019", "Testköping")
    assert set(ran.data["files"]) == _files(tmp_path / "sifrules-testkoping")
    assert [file.name for file in tmp_path.iterdir()] == ["sifrules-testkoping"]


def test_every_file_is_there(minimal: Path, with_code: Path) -> None:
    """The minimal plugin is small; the code comes where it is asked for."""
    assert _files(minimal) == MINIMAL
    assert _files(with_code) == WITH_CODE


def test_every_file_can_be_read(written: Path) -> None:
    """TOML is TOML, Python is Python, and a folder is a folder like any other."""
    for file in written.rglob("*"):
        if file.suffix == ".toml":
            tomllib.loads(file.read_text("utf-8"))
        if file.suffix == ".py":
            ast.parse(file.read_text("utf-8"))
    made = written.parent / "made"
    made.mkdir(exist_ok=True)
    assert written.stat().st_mode == made.stat().st_mode


def test_no_name_of_the_example_is_left(written: Path) -> None:
    """Not in a text and not in a path."""
    texts = {str(file): file.read_text("utf-8") for file in written.rglob("*") if file.is_file()}
    for path, text in texts.items():
        assert "exempel" not in (path + text).lower()
        assert "sifrules_example" not in text
        assert "sifrules-example" not in text
        assert "<!--" not in text


def test_the_entry_point_is_the_files_alone_or_the_code(minimal: Path, with_code: Path) -> None:
    """A plugin without code has no code to go through."""
    found = [
        tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
        for folder in (minimal, with_code)
    ]
    assert found == [
        {"sifrules": {"testkoping": "sifrules_testkoping:plugin"}},
        {"sifrules": {"testkoping": "sifrules_testkoping.own:plugin"}},
    ]


def test_the_years_of_a_plugin_go_together(tmp_path: Path) -> None:
    """Another year moves the guideline, the record and the cases alike."""
    folder, files = new_plugin(Names("town", "Town", 2010), KINDS, tmp_path, with_code=True)
    assert {f"src/sifrules_town/guidelines/{year}.toml" for year in (2010, 2011)} < set(files)
    texts = [file.read_text("utf-8") for file in (folder / "src").rglob("*") if file.is_file()]
    assert "town@2010" in "".join(texts)
    assert not any(f"town@{year}" in text for text in texts for year in (2024, 2025))


# --- the guideline --------------------------------------------------------------------


def test_it_is_a_policy_whose_every_source_is_to_be_filled_in(minimal: Path) -> None:
    """It can be shown at once, and no invented source is left in it."""
    policy = registry(off=["exempelby"]).policy(_guideline(minimal))
    cited = {str(each.citation) for each in policy.clauses if each.citation}
    assert policy.id == "testkoping@2024"
    assert cited == {
        f"{FILL_IN}: title of the document, {FILL_IN}: its registry number, or take the line away, "
        f"{FILL_IN} ({FILL_IN}: its date, or take the line away)"
    }


def test_no_source_of_the_record_is_left_either(minimal: Path) -> None:
    """Documents and places are the author's to write."""
    tree = tomllib.loads((_guideline(minimal).parents[1] / "history.toml").read_text("utf-8"))
    cited = [row["cite"] for row in (*tree["entries"], *tree["grants"])]
    assert {*cited, *tree["complete"].values()} == {f"minutes: {FILL_IN}"}
    assert all(value.startswith(FILL_IN) for value in tree["documents"]["minutes"].values())


def test_its_values_are_those_of_the_example(minimal: Path) -> None:
    """What is built and tested in the example is what an author begins with."""
    example = the_template().folder / "src" / "sifrules_example" / "guidelines" / "2024.toml"
    theirs, ours = (
        dict(_values(tomllib.loads(file.read_text("utf-8"))))
        for file in (example, _guideline(minimal))
    )
    assert theirs == ours


def _values(tree: dict[str, Any]) -> Iterator[tuple[str, object]]:
    for slot in Slot:
        for key, value in tree.get(slot, {}).items():
            plain = value.items() if isinstance(value, dict) else [("", value)]
            for name, each in plain:
                bare = each["value"] if isinstance(each, dict) and "value" in each else each
                if name not in ("cite", "reading") and key != "cite":
                    yield f"{slot}.{key}.{name}", bare


def _blocks(text: str) -> dict[tuple[str, str], list[str]]:
    """The tables of the guideline, stated or only shown, by slot and kind."""
    found = {}
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("# ")]
        if not lines or not lines[0].lstrip("#").startswith("["):
            continue
        slot = lines[0].lstrip("#").split("]")[0].strip("[").partition(".")[0]
        kinds = [line.split('"')[1] for line in lines if line.lstrip("#").startswith("kind = ")]
        if slot in set(Slot):
            found[slot, (kinds or [slot])[0]] = lines
    return found


def _shared(text: str, slot: str) -> str:
    """What is reported once for all kinds of a slot."""
    section = text.partition(f"# --- [{slot}")[2].partition("# ---")[0]
    return "\n".join(line for line in section.splitlines() if line.startswith("#   "))


def test_every_kind_that_is_installed_is_explained_field_by_field(minimal: Path) -> None:
    """Stated or shown: no kind and no field of a kind is missing, inner ones too."""
    text = _guideline(minimal).read_text("utf-8")
    blocks = _blocks(text)
    assert set(blocks) == set(KINDS)
    for key, part in KINDS.items():
        block = "\n".join(blocks[key])
        shared = _shared(text, key[0])
        assert part.words.sv in block
        assert part.words.en in block
        for field in fields_of(part):
            here = block + shared
            inner = list(inner_of(field.type))
            for name in (f.name for each in inner for f in fields_of(each)):
                assert f"{name} = " in block
            assert (f".{field.name}]" if inner else f"{field.name} = ") in here
            assert field.metadata["words"].en in here


@pytest.mark.parametrize("key", sorted(KINDS), ids=" ".join)
def test_what_is_only_shown_is_right_as_it_stands(minimal: Path, key: tuple[str, str]) -> None:
    """With the # taken away the file can be read, and no key or value in it is refused.

    All fields of a kind at once may contradict each other, which is a fault of the whole.
    """
    text = _guideline(minimal).read_text("utf-8")
    shown = "\n".join(line.removeprefix("#") for line in _blocks(text)[key])
    head = text.partition("# --- [terms] ---")[0]
    tree = tomllib.loads(f"{head}\n{shown}", parse_float=Decimal)
    tree.setdefault("funding", {"kind": "endowment"})
    (path,) = (
        [key[0]]
        if key[0] not in ("criteria", "caps", "priorities")
        else [f"{key[0]}.{name}" for name in tree[key[0]]]
    )
    try:
        build(Guideline(tree, "shown"), KINDS)
    except FaultyFile as error:
        of_a_field = [f for f in error.faults if f.key != path and f.key.startswith(path)]
        assert of_a_field == [] or key == ("criteria", "fact")


@frozen(kw_only=True)
class _Odd(Part):
    """A kind of a plugin's own, with fields of types that no kind of ours has."""

    slot: ClassVar[Slot] = Slot.CAPS
    kind: ClassVar[str] = "odd"
    words: ClassVar[LocalizedText] = LocalizedText(sv="udda", en="odd")

    weight: complex = clause("vikt", "weight", default=attrs.NOTHING)


def test_a_kind_of_another_plugin_is_explained_like_ours() -> None:
    """Whatever its fields are."""
    example = the_template().folder / "src" / "sifrules_example" / "guidelines" / "2024.toml"
    tree = tomllib.loads(example.read_text("utf-8"), parse_float=Decimal)
    text = explained_guideline(tree, {**KINDS, ("caps", "odd"): _Odd}, "Odd")
    assert '#kind = "odd"' in text
    assert '#weight = "..."  # vikt / weight: complex; required' in text
