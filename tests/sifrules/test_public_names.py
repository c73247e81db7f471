"""What the two packages with public names offer: by completion, by name, by their version."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.metadata import version

import pytest

PACKAGES = ["sifrules", "sifrules_simulation"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_completes_to_its_public_names_before_any_was_used(package: str) -> None:
    """In a process of its own, as an interactive session does it; and each of them is there."""
    script = f"""
import {package}
from rlcompleter import Completer
complete = Completer({{"{package}": {package}}}).complete
names = {package}.__all__
offered = [complete("{package}.", number) for number in range(len(names))]
assert sorted(each.strip("()") for each in offered) == sorted("{package}." + each for each in names)
assert all(hasattr({package}, name) for name in dir({package}))
"""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_its_version(package: str) -> None:
    """That of the distribution, in ``dir`` as well."""
    module = import_module(package)
    assert module.__version__ == version("sifrules")
    assert "__version__" in dir(module)
