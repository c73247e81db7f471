"""What a run was made with (maskin och bibliotek): Python, libraries, platform, commit, sources."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

from sifrules_simulation.model.fingerprints import of_module

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_PACKAGES = ("sifrules", "sifrules_policies", "sifrules_simulation")
_HASH = re.compile(r"[0-9a-f]{40}")


def environment_of_run() -> dict[str, Any]:
    """Python, every library that sifrules names and that is there, platform, commit, sources.

    The commit is that of the repository that it runs out of, or that it was installed from; None
    for a release. The hash of the sources tells also what was changed since.
    """
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "libraries": dict(_libraries()),
        "commit": commit(),
        "sources": {name: of_module(import_module(name)) for name in _PACKAGES},
    }


@cache
def _libraries() -> tuple[tuple[str, str], ...]:
    """Every library that the distribution needs or may use, and that is installed.

    Looked for once in a process, as each takes reading a file of metadata.
    """
    return tuple(_installed())


def _installed() -> Iterator[tuple[str, str]]:
    try:
        needed = distribution("sifrules").requires or []
    except PackageNotFoundError:
        needed = []
    names = {match[0] for each in needed if (match := _NAME.match(each))} | _DEFAULT
    for name in sorted(names, key=str.lower):
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


#: What every run uses, wherever the distribution does not say what it needs.
_DEFAULT = {"attrs", "joblib", "numpy", "pluggy", "polars", "scipy", "simpy"}


@cache
def commit() -> str | None:
    """The commit that it runs out of or was installed from, None where nothing says."""
    try:
        stated = distribution("sifrules").read_text("direct_url.json")
    except PackageNotFoundError:
        stated = None
    if stated:
        found = json.loads(stated).get("vcs_info", {}).get("commit_id")
        if isinstance(found, str):
            return found
    return _of_repository(Path(str(import_module("sifrules").__file__)).parent.parent)


def _of_repository(root: Path) -> str | None:
    """The commit of a repository, read without git."""
    git = root / ".git"
    try:
        if git.is_file():  # a work tree of another repository
            git = root / git.read_text("utf-8").partition("gitdir:")[2].strip()
        head = (git / "HEAD").read_text("utf-8").strip()
        if head.startswith("ref:"):
            name = head.partition("ref:")[2].strip()
            file = git / name
            if file.is_file():
                head = file.read_text("utf-8").strip()
            else:
                packed = (git / "packed-refs").read_text("utf-8").splitlines()
                head = next((each.split()[0] for each in packed if each.endswith(name)), "")
    except OSError:
        return None
    return head if _HASH.fullmatch(head) else None
