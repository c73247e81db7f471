"""The READMEs and docs: what they show is what happens."""

from __future__ import annotations

import contextlib
import inspect
import re
import shlex
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from sifrules.plugin import hookspecs

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
LINKED = [
    *PAGES,
    *(ROOT / shelf / "README.md" for shelf in ("policies", "plugins", "simulation", "benchmarks")),
    *sorted((ROOT / "plugins" / "sifrules_plugins").glob("*/README.md")),
    ROOT / "CHANGELOG.md",
]
#: The pages that take simulations; tox checks them with ``--check``.
SLOW = ("reform_power", "results")
#: What `sif compare` answers: one run of it is held against the README and this page.
COMPARED = "default_scenario"
QUICK = (
    "coverage",
    "facts",
    "hooks",
    "measures",
    "mechanisms",
    "parameters",
    "parts",
)
#: Begins in an empty folder, so it is run in one, by test_plugin_tutorial.py.
ELSEWHERE = DOCS / "tutorials" / "plugin_tutorial.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


_ASKS_CODE = "echo $?"


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script that writes the reference pages."""
    monkeypatch.syspath_prepend(str(DOCS))
    return import_module("build_reference")


def _examples(text: str) -> list[tuple[str, list[str], int]]:
    """The ``$ sif`` commands of a page, with the lines that come out and the exit code.

    The code is what the page shows after ``$ echo $?`` in the same block, else 0.
    """
    return [example for block in _BLOCK.findall(text) for example in _of_block(block)]


def _of_block(block: str) -> list[tuple[str, list[str], int]]:
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    after = [*found[1:], ("", [])]
    return [
        (command, lines, int(told[0]) if following == _ASKS_CODE else 0)
        for (command, lines), (following, told) in zip(found, after, strict=True)
        if command.split()[0] == "sif"
    ]


#: What takes seconds of simulation is left out where nothing is asked for; tox runs all.
LONG = ("compare", "study", "simulate")


def _parameters(page: Path, command: str, lines: list[str], code: int) -> Any:
    long = command.split()[1] in LONG or "--from-compare" in command
    marks = [pytest.mark.once] if long else []
    return pytest.param(command, lines, code, id=f"{page.name}: {command}", marks=marks)


EXAMPLES = [
    _parameters(page, *example)
    for page in PAGES
    if page != ELSEWHERE
    for example in _examples(page.read_text("utf-8"))
    if example[0] != "sif compare"
]


def test_an_exit_code_is_read_from_the_page() -> None:
    """What stands after ``echo $?`` is the code of the command before it; otherwise it is 0."""
    page = "```console\n$ sif a\nx\n$ echo $?\n1\n$ sif b\n```\n```console\n$ sif c\n```\n"
    assert _examples(page) == [("sif a", ["x"], 1), ("sif b", [], 0), ("sif c", [], 0)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with links to what the project's folder holds; what is written stays in it."""
    for path in ROOT.iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


@pytest.mark.parametrize(("command", "lines", "code"), EXAMPLES)
def test_every_command_shown_prints_what_is_shown(
    sif: Callable[..., Any], command: str, lines: list[str], code: int, folder: Path
) -> None:
    """The shown lines come out in their order; a line of three dots is anything."""
    with contextlib.chdir(folder):
        ran = sif(*_globbed(shlex.split(command)[1:]))
    assert ran.code == code, ran.err
    _holds(ran, lines)


@pytest.mark.once
def test_the_first_command_prints_what_its_pages_show(
    sif: Callable[..., Any], folder: Path, builder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it stands in the README; the reference has its tables, figure for figure."""
    from sifrules_simulation.runs import run as module

    run, found = module.run, list[Any]()

    def recorded(*args: Any, **options: Any) -> Any:
        found.append(run(*args, **options))
        return found[-1]

    monkeypatch.setattr(module, "run", recorded)
    shown = [
        lines
        for page in PAGES
        for command, lines, _ in _examples(page.read_text("utf-8"))
        if command == "sif compare"
    ]
    assert shown
    with contextlib.chdir(folder):
        ran = sif("compare")
    assert ran.code == 0, ran.err
    for lines in shown:
        _holds(ran, lines)
    (compared,) = found
    page = builder.default_scenario.page(compared.comparison)
    assert (builder.REFERENCE / f"{COMPARED}.md").read_text("utf-8") == page


def _holds(ran: Any, lines: list[str]) -> None:
    """The shown lines come out in their order."""
    printed = iter((ran.out + ran.err).splitlines())
    for line in lines:
        if line.strip() in ("", "..."):
            continue
        wanted = _even(line)
        assert any(wanted in _even(each) for each in printed), f"not printed: {line}\n{ran.out}"


def _even(line: str) -> str:
    """A line without the spaces that only lay it out."""
    return " ".join(line.split())


def _globbed(args: list[str]) -> list[str]:
    return [
        str(path)
        for arg in args
        for path in (sorted(p.relative_to(ROOT) for p in ROOT.glob(arg)) if "*" in arg else [arg])
    ]


def test_the_main_page_shows_commands() -> None:
    """The README has examples that are run here."""
    assert _examples((ROOT / "README.md").read_text("utf-8"))


def test_the_tutorial_installs_as_the_main_page_does() -> None:
    """One install command, and one way to get plain ``sif``."""
    main, tutorial = (
        (ROOT / page).read_text("utf-8") for page in ("README.md", "docs/tutorials/tutorial.md")
    )
    (command,) = [line for line in main.splitlines() if "pip install '.[report" in line]
    assert command in tutorial.splitlines()
    assert all("source .venv/bin/activate" in page for page in (main, tutorial))


@pytest.mark.parametrize("hook", hookspecs.HOOKS, ids=lambda hook: hook.__name__)
def test_every_hook_is_in_the_reference_with_its_arguments(hook: object) -> None:
    """The page and the code name the same hooks and arguments."""
    assert callable(hook)
    page = (DOCS / "reference" / "hooks.md").read_text("utf-8")
    arguments = ", ".join(inspect.signature(hook).parameters)
    assert f"{hook.__name__}({arguments})" in page


@pytest.mark.parametrize("page", QUICK)
def test_a_reference_page_is_what_the_code_says(page: str, builder: Any) -> None:
    """A page that is committed equals the page that is built now."""
    assert not builder.is_stale(builder.REFERENCE / f"{page}.md"), "run docs/build_reference.py"


def test_every_reference_page_is_generated(builder: Any) -> None:
    """Nothing else stands in the reference but how a plugin may rely on it, which is a promise."""
    pages = {page.stem for page in builder.REFERENCE.glob("*.md")}
    assert pages == {page.stem for page in builder.PAGES} | {"compatibility"}
    assert pages == {*QUICK, *SLOW, COMPARED, "compatibility"}
    checked = f"python docs/build_reference.py --check {' '.join(SLOW)}\n"
    assert checked in (ROOT / "tox.ini").read_text("utf-8")


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    """Relative links lead to files that are there, and their anchors to headings."""
    links = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)", _prose_of(page))
    broken = [
        f"{file}#{anchor}" if anchor else file
        for file, anchor in links
        if not (target := page.parent / file if file else page).exists()
        or (anchor and anchor not in _anchors(target))
    ]
    assert broken == []


def _prose_of(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", _prose_of(page), re.MULTILINE)
    texts = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", head).lower() for head in heads]
    return {re.sub(r"[^\w\- ]", "", text).strip().replace(" ", "-") for text in texts}


def test_every_page_named_in_the_code_is_there() -> None:
    """Messages, comments and examples that name a page of the docs name one that exists."""
    named = {
        (str(file.relative_to(ROOT)), page)
        for folder in ("sifrules", "policies", "plugins", "simulation", "examples", "benchmarks")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in (".py", ".toml", ".po", ".jinja", ".md")
        for page in re.findall(
            r"(?<![\w./])docs/[\w./-]+\.(?:md|ipynb|py)", file.read_text("utf-8")
        )
    }
    assert [(file, page) for file, page in sorted(named) if not (ROOT / page).exists()] == []
