"""Measure how the two big packages are laid out, at any revision.

    python benchmarks/structure.py                    the work tree
    python benchmarks/structure.py 1d06904 .          revisions next to each other, . for the tree

An *entry* is a module or package directly inside the package. One entry *links* to another where
anything in it imports anything in the other. Entries that import each other in a circle are a
*cycle* and share a *level*; the lowest level imports no other entry. *Module cycles* are circles
of single modules, at any depth. *Late imports* are those inside functions, of our own modules.
Imports for type checkers alone count, as they do for import-linter.

Needs git and the dependency group ``lint``, of which grimp reads the imports.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import asdict, frozen

ROOT = Path(__file__).parents[1]
PACKAGES = {"sifrules": ".", "sifrules_simulation": "simulation"}
SHELVES = (".", "policies", "plugins", "simulation")
OURS = ("sifrules", "sifrules_policies", "sifrules_plugins", "sifrules_simulation")
WORK_TREE = "."

Links = Mapping[str, frozenset[str]]


@frozen
class Structure:
    """The figures of one package."""

    entries: int
    levels: int
    links: int
    cycles: int
    entries_in_cycles: int
    module_cycles: int
    late_imports: int


def measure(package: str, tree: Path) -> Structure:
    """The figures of a package whose sources are in ``tree``, which is on the path."""
    import grimp

    graph = grimp.build_graph(package, cache_dir=None)
    modules = {
        module: frozenset(graph.find_modules_directly_imported_by(module)) - {package, module}
        for module in graph.modules - {package}
    }
    entries: dict[str, set[str]] = {_entry(module): set() for module in modules}
    for module, imported in modules.items():
        entries[_entry(module)] |= {_entry(each) for each in imported} - {_entry(module)}
    links = {entry: frozenset(to) for entry, to in entries.items()}
    cycles = _cycles(links)
    return Structure(
        entries=len(links),
        levels=_levels(links),
        links=sum(map(len, links.values())),
        cycles=len(cycles),
        entries_in_cycles=sum(map(len, cycles)),
        module_cycles=len(_cycles(modules)),
        late_imports=sum(1 for _ in late_imports(tree / PACKAGES[package] / package)),
    )


def _entry(module: str) -> str:
    return module.split(".")[1]


def _reached(links: Links, start: str) -> frozenset[str]:
    """All that a module imports, directly or not; itself where it is in a circle."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = links[waiting.pop()] - found
        found |= new
        waiting += new
    return frozenset(found)


def _cycles(links: Links) -> set[frozenset[str]]:
    """The groups of modules that import each other in a circle."""
    reached = {each: _reached(links, each) for each in links}
    return {
        frozenset(other for other in reached[each] if each in reached[other])
        for each in links
        if each in reached[each]
    }


def _levels(links: Links) -> int:
    """How many levels there are if each entry stands above all that it imports."""
    group = {each: cycle for cycle in _cycles(links) for each in cycle}
    group |= {each: frozenset([each]) for each in links if each not in group}
    level: dict[frozenset[str], int] = {}

    def of(each: frozenset[str]) -> int:
        if each not in level:
            below = {group[to] for member in each for to in links[member]} - {each}
            level[each] = 1 + max(map(of, below), default=0)
        return level[each]

    return max(map(of, group.values()))


def late_imports(folder: Path) -> Iterator[tuple[Path, str]]:
    """Imports of our own modules inside functions: the file, and the imported module."""
    for file in sorted(folder.rglob("*.py")):
        for node in _inside_functions(ast.parse(file.read_text("utf-8"))):
            for name in _imported(node):
                if name.partition(".")[0] in OURS:
                    yield file, name


def _inside_functions(tree: ast.AST, *, inside: bool = False) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if inside:
            yield node
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from _inside_functions(node, inside=inside or is_function)


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield "sifrules" if node.level else node.module or ""  # relative ones are our own


def at(revision: str) -> dict[str, dict[str, int]]:
    """The figures of both packages at a revision, measured in a process of its own."""
    if revision == WORK_TREE:
        return _measured(ROOT)
    with TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "archive", revision], cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        return _measured(Path(folder))


def _measured(tree: Path) -> dict[str, dict[str, int]]:
    path = os.pathsep.join(str(tree / shelf) for shelf in SHELVES)
    ran = subprocess.run(
        [sys.executable, __file__, "--here", str(tree)],
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures: dict[str, dict[str, int]] = json.loads(ran.stdout)
    return figures


def main(arguments: list[str]) -> None:
    """Print one table: a row for each figure of each package, a column for each revision."""
    if arguments[:1] == ["--here"]:
        tree = Path(arguments[1])
        print(json.dumps({package: asdict(measure(package, tree)) for package in PACKAGES}))
        return
    revisions = arguments or [WORK_TREE]
    found = [at(revision) for revision in revisions]
    heads = ["work tree" if revision == WORK_TREE else revision for revision in revisions]
    print(f"| package | figure | {' | '.join(heads)} |")
    print(f"|---|---|{'---:|' * len(heads)}")
    for package in PACKAGES:
        for figure in found[0][package]:
            values = " | ".join(str(each[package][figure]) for each in found)
            print(f"| `{package}` | {figure.replace('_', ' ')} | {values} |")


if __name__ == "__main__":
    main(sys.argv[1:])
