"""The plugin tutorial: its files are written and its commands run, in the page's order."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

from attrs import field, frozen

from sifrules.plugin.discovery import OFF
from sifrules.plugin.hookspecs import PROJECT

PAGE = Path(__file__).parents[1] / "docs" / "tutorials" / "plugin_tutorial.md"
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"# (file|add to|top of): (\S+)\n(.*)", re.DOTALL)
_ASKS_CODE = "echo $?"
#: The example is left out where it is installed: its measure would stand in every comparison.
_OFF = ",".join({each.name for each in entry_points(group=PROJECT)} & {"exempelby"})
_SIF = "import sys; from sifrules.cli import main; main(sys.argv[1:])"


@frozen
class _Reader:
    """Somebody who does what the page says, in a folder of their own."""

    folder: Path
    #: where plugins are installed "as a link": what makes Python find them
    paths: list[str] = field(factory=list)

    def do(self, language: str, block: str) -> None:
        """Write the file that a block is, or give its commands."""
        if language == "console":
            self._give(block.splitlines())
        elif language in ("toml", "python") and (match := _FILE.fullmatch(block)):
            self._write(*match.groups())

    def _write(self, how: str, name: str, text: str) -> None:
        file = self.folder / name
        before = file.read_text("utf-8") if how != "file" else ""
        file.write_text(text + before if how == "top of" else before + text, "utf-8")

    def _give(self, lines: list[str]) -> None:
        starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
        given = [lines[at:end] for at, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
        for at, (command, *shown) in enumerate(given):
            if command[2:] == _ASKS_CODE:
                continue
            after = given[at + 1] if at + 1 < len(given) else [""]
            code = int(after[1]) if after[0][2:] == _ASKS_CODE else 0
            self._run(command[2:], shown, code)

    def _run(self, command: str, shown: list[str], code: int) -> None:
        match shlex.split(command):
            case ["pip", "install", "-e", folder]:
                self._install(self.folder / folder)
                return
            case ["cp", source, target]:
                shutil.copyfile(self.folder / source, self.folder / target)
                return
            case ["sif", *rest]:
                args = ["-c", _SIF, *rest]
            case ["pytest", *rest]:
                args = ["-m", "pytest", "-p", "no:cacheprovider", *rest]
            case _:
                raise AssertionError(f"the page gives a command that is not known here: {command}")
        ran = subprocess.run(
            [sys.executable, *args],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(self.paths), OFF: _OFF},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert "Traceback" not in ran.stdout, ran.stdout
        assert ran.returncode == code, f"$ {command}\n{ran.stdout}"
        printed = iter(ran.stdout.splitlines())
        for line in shown:
            pattern = ".*".join(re.escape(_even(part)) for part in line.split("..."))
            if pattern != ".*":
                found = any(re.search(pattern, _even(each)) for each in printed)
                assert found, f"$ {command}\nnot printed: {line}\n{ran.stdout}"

    def _install(self, folder: Path) -> None:
        """What ``pip install -e`` leaves behind: the sources on the path, and their entry points.

        Pip itself is tried in an environment of its own, in test_new_plugin_installed.py.
        """
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
        name, version = project["name"], project["version"]
        info = folder / "src" / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8"
        )
        points = [f"{key} = {at}" for key, at in project["entry-points"]["sifrules"].items()]
        (info / "entry_points.txt").write_text("\n".join(["[sifrules]", *points]), "utf-8")
        self.paths.append(str(folder / "src"))


def _even(line: str) -> str:
    """A line without the spaces that only lay it out."""
    return " ".join(line.split())


def test_what_the_page_shows_is_what_happens(tmp_path: Path) -> None:
    """From an empty folder to a plugin with code, without a step that the page leaves out."""
    reader = _Reader(tmp_path)
    blocks = _BLOCK.findall(PAGE.read_text("utf-8"))
    assert len(blocks) > 20
    for language, block in blocks:
        reader.do(language, block)
