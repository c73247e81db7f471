"""``sif app``: what stops it before it serves; how it serves is tried in a browser."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]


def test_a_port_in_use_is_one_sentence_with_another_to_take(sif: Sif) -> None:
    """In the language asked for; the port that is proposed is free."""
    pytest.importorskip("uvicorn", reason="needs the extra app")
    pytest.importorskip("vl_convert", reason="needs the extra app")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = sif("app", "--port", str(port), "--lang", "sv")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    found = re.search(rf"port {port} kan inte användas .* sif app --port (\d+)", ran.err)
    assert found is not None
    socket.create_server(("127.0.0.1", int(found[1]))).close()


def test_without_its_extra_it_says_what_to_install(
    sif: Sif, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library that is missing, and the command that brings it."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    for name in [each for each in sys.modules if each.startswith("sifrules_simulation.app.serv")]:
        monkeypatch.delitem(sys.modules, name)
    ran = sif("app")
    assert ran.code == 2
    assert "uvicorn" in ran.err
    assert "sifrules[app]" in ran.err


def test_a_file_that_is_no_guideline_is_refused_before_anything_is_served(
    sif: Sif, tmp_path: Path
) -> None:
    """With what is wrong in it; no address is given."""
    pytest.importorskip("uvicorn", reason="needs the extra app")
    pytest.importorskip("vl_convert", reason="needs the extra app")
    file = tmp_path / "mine.toml"
    file.write_text('base = "orebro@2016"\n[return_model]\nshare = 2.0\n', "utf-8")
    ran = sif("app", str(file), "--port", "0")
    assert (ran.code, ran.out) == (2, "")
    assert "return_model.share" in ran.err
