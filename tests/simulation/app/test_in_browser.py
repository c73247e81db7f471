"""The page in a browser: a share is changed and uptake follows, by mouse, keyboard and link.

Needs Playwright and axe, from the dependency group ``browser``, and a Chromium that is installed;
without one of them each test is skipped, and says so.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

SHARE = "c-return_model.share"
STATE = "policy=orebro@2016&years=3"
_UPTAKE = """() => [...document.querySelectorAll('#key tbody tr')].map(
    row => parseFloat(row.querySelector('td').textContent))"""


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A new session, in which nothing may be asked of another host, nor be complained of."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    asked, complaints = list[str](), list[str]()
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    yield opened
    context.close()
    assert [each for each in asked if not each.startswith((address, "data:", "blob:"))] == []
    assert complaints == []


def shown(page: Any, query: str = "") -> list[float]:
    """The uptakes that are shown when the last stage of a state has come, policy by policy."""
    page.wait_for_function(
        "want => location.search.includes(want) && "
        "document.getElementById('shown').dataset.replications === '4' && "
        "document.getElementById('shown').ariaBusy === 'false' && "
        "document.getElementById('progress').hidden",
        arg=query,
        timeout=60_000,
    )
    found: list[float] = page.evaluate(_UPTAKE)
    return found


def test_uptake_rises_when_less_is_returned(page: Any, address: str) -> None:
    """By keyboard: the field, its slider, its mark, the link; and the link gives the same again."""
    page.goto(f"{address}/?{STATE}&lang=en")
    assert len(shown(page)) == 1
    page.focus(f"#{SHARE.replace('.', chr(92) + '.')}")
    page.keyboard.press("Control+A")
    page.keyboard.type("20")
    as_it_is, changed = shown(page, "share%3D0.2")
    assert changed > as_it_is
    assert page.input_value(f"[data-for='{SHARE}']") == "20"
    assert page.is_visible("[data-path='return_model.share'] .mark")
    assert "4 simulated worlds" in page.inner_text("#status")
    before = page.inner_html("#shown")
    page.reload()
    shown(page, "share%3D0.2")
    assert page.inner_html("#shown") == before
    assert page.input_value(f"[id='{SHARE}']") == "20"
    page.focus(f"[data-for='{SHARE}']")
    page.keyboard.press("Home")
    assert page.input_value(f"[id='{SHARE}']") == "0"
    assert shown(page, "share%3D0.0")[1] >= changed


def test_what_is_wrong_is_said_and_mended(page: Any, address: str) -> None:
    """At the field, in a list that leads to it, and nothing is simulated until it is right."""
    page.goto(f"{address}/?{STATE}&lang=sv")
    shown(page)
    page.fill(f"[id='{SHARE}']", "150")
    page.wait_for_selector("#mistakes:not([hidden]) a")
    assert page.get_attribute(f"[id='{SHARE}']", "aria-invalid") == "true"
    assert "0 till 100" in page.inner_text("[id='e-return_model.share']")
    page.click("#mistakes a")
    assert page.evaluate("location.hash") == f"#{SHARE}"
    page.fill(f"[id='{SHARE}']", "50")
    assert len(shown(page, "share%3D0.5")) == 2
    assert page.is_hidden("#mistakes")


def test_a_rule_is_added_and_removed_by_keyboard(page: Any, address: str) -> None:
    """Picked, filled in where the focus is put, simulated, in the link; removed, it is gone."""
    page.goto(f"{address}/?{STATE}&lang=sv")
    shown(page)
    page.focus("#c-picked")
    page.select_option("#c-picked", "caps.duration")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "c-caps.duration.limit"
    assert page.inner_text("[id='e-caps.duration.limit']") == "saknas"
    page.keyboard.type("24")
    assert len(shown(page, "caps.duration.limit%3D24")) == 2
    assert page.is_hidden("#mistakes")
    page.reload()
    shown(page, "caps.duration.limit%3D24")
    assert page.input_value("[id='c-caps.duration.limit']") == "24"
    page.focus("[id='c-caps.duration.limit']")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # as the button Apply, and takes nothing out
    shown(page, "caps.duration.limit%3D24")
    page.focus("button[name=drop]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert len(shown(page)) == 1
    assert "caps.duration" not in page.evaluate("location.search")
    assert page.evaluate("document.activeElement.id") == "c-picked"


def test_what_is_shown_can_be_downloaded(page: Any, address: str, tmp_path: Path) -> None:
    """The changes as a what-if, the report and the workbook, of the state that is shown."""
    page.goto(f"{address}/?{STATE}&lang=sv")
    page.fill(f"[id='{SHARE}']", "50")
    shown(page, "share%3D0.5")
    for name in ("what-if.toml", "report.html", "numbers.xlsx"):
        with page.expect_download() as download:
            page.click(f"[data-page='/{name}']")
        download.value.save_as(tmp_path / name)
    tree = tomllib.loads((tmp_path / "what-if.toml").read_text("utf-8"))
    assert (tree["base"], tree["return_model"]["share"]) == ("orebro@2016", 0.5)
    assert "return_model.share=0.5" in (tmp_path / "report.html").read_text("utf-8")
    assert (tmp_path / "numbers.xlsx").read_bytes().startswith(b"PK")
    with page.expect_navigation():
        page.set_input_files("#c-file", tmp_path / "what-if.toml")
    shown(page)
    hostile = tmp_path / "hostile.toml"
    hostile.write_text('base = "../../<img src=x onerror=alert(1)>"', "utf-8")
    page.set_input_files("#c-file", hostile)
    page.wait_for_selector("#e-file:not([hidden])")
    assert page.query_selector("#e-file img") is None


def test_two_sessions_at_once_see_each_their_own(browser: Any, page: Any, address: str) -> None:
    """Both are answered, in their languages, with their policies."""
    other = browser.new_context().new_page()
    page.goto(f"{address}/?{STATE}&lang=sv")
    other.goto(f"{address}/?policy=norrkoping@2010&years=3&lang=en")
    shown(page)
    shown(other)
    assert "Örebro 2016" in page.inner_text("#key")
    assert "Norrköping 2010" in other.inner_text("#key")
    assert "done" in other.inner_text("#status").lower()
    assert "klart" in page.inner_text("#status").lower()
    other.context.close()


@pytest.mark.parametrize(
    ("path", "lang", "width", "scheme"),
    [("/", "sv", 390, "light"), ("/assess", "en", 1280, "dark")],
)
def test_axe_finds_nothing_serious(
    page: Any, address: str, path: str, lang: str, width: int, scheme: str
) -> None:
    """On a telephone and a desktop, by day and night; nothing scrolls sideways but boxes."""
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    project = "fact.application.cost=6+mnkr&fact.application.duration=24&detail.own_share=130"
    page.goto(f"{address}{path}?{STATE}&set=return_model.share=0.5&lang={lang}&{project}")
    if path == "/":
        shown(page)
    found = Axe().run(page).response["violations"]
    grave = [(e["id"], e["nodes"][0]["html"]) for e in found
             if e["impact"] in ("serious", "critical")]  # fmt: skip
    assert grave == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_stops_without_leftovers(sif: Callable[..., Any], page: Any, tmp_path: Path) -> None:
    """Ctrl-C while it simulates: it says so, and leaves no process, no file and no open port."""
    around = {**os.environ, "TMPDIR": str(tmp_path), "SIFRULES_LANG": "en"}
    command = [sys.executable, "-m", "sifrules", "app", "--port"]
    with subprocess.Popen([*command, "0"], env=around, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, start_new_session=True) as served:  # fmt: skip
        assert served.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", served.stdout.readline())
        assert found is not None
        port = found[1]
        taken = sif("app", "--port", port)
        assert taken.code == 2
        assert f"port {port}" in taken.err
        assert re.search(r"sif app --port \d+", taken.err)
        with page.context.browser.new_context() as elsewhere:
            session = elsewhere.new_page()
            session.goto(f"http://127.0.0.1:{port}/?policy=orebro@2016")
            session.wait_for_selector("#shown[data-replications]", timeout=60_000)
            os.kill(served.pid, signal.SIGINT)
            said, _ = served.communicate(timeout=30)
        assert served.returncode == 0, said
        assert "Traceback" not in said
        assert "closed" in said
    with pytest.raises(ProcessLookupError):
        os.killpg(served.pid, 0)
    assert [each for each in tmp_path.rglob("*") if "playwright" not in str(each)] == []
