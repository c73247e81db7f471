"""The READMEs and docs: what they show is what happens."""

from __future__ import annotations

import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sifrules import hookspecs

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def _examples(page: Path) -> list[tuple[str, list[str]]]:
    """The ``$ sif`` commands of a page, each with the lines that it says come out."""
    found: list[tuple[str, list[str]]] = []
    for block in _BLOCK.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line)
    return [(command, lines) for command, lines in found if command.startswith("sif ")]


EXAMPLES = [
    pytest.param(command, lines, id=f"{page.name}: {command}")
    for page in PAGES
    for command, lines in _examples(page)
]


@pytest.mark.parametrize(("command", "lines"), EXAMPLES)
def test_every_command_shown_prints_what_is_shown(command: str, lines: list[str]) -> None:
    """Run in the project's folder, the shown lines come out in their order; ... is anything."""
    script = "import sys; from sifrules.cli import main; main(sys.argv[1:])"
    ran = subprocess.run(
        [sys.executable, "-c", script, *_globbed(shlex.split(command)[1:])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    printed = iter((ran.stdout + ran.stderr).splitlines())
    for line in lines:
        if line.strip() in ("", "..."):
            continue
        wanted = _even(line)
        assert any(wanted in _even(each) for each in printed), f"not printed: {line}\n{ran.stdout}"


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
    assert _examples(ROOT / "README.md")


@pytest.mark.parametrize("hook", hookspecs.HOOKS, ids=lambda hook: hook.__name__)
def test_every_hook_is_in_the_reference_with_its_arguments(hook: object) -> None:
    """The page and the code name the same hooks and arguments."""
    assert callable(hook)
    page = (ROOT / "docs" / "hooks.md").read_text("utf-8")
    arguments = ", ".join(inspect.signature(hook).parameters)
    assert f"{hook.__name__}({arguments})" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    """Relative links point at files that are there."""
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
