"""The report in a browser: opened from disk with the network off, wide and narrow, day and night.

Needs Playwright and axe, from the dependency group ``browser``, and Debian's Chromium or
another that is installed already; without one of them each test is skipped, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from sifrules_simulation.results.reader import read_results

pytestmark = pytest.mark.once

#: A desktop and two telephones.
WIDTHS = (1280, 390, 360)
SCHEMES = ("light", "dark")
#: How high the letters of a chart are at the least on the first telephone (pixels).
LEAST_LETTERS = 11
REPORTS = list(product(("sv", "en"), ("alone", "studied")))
_FOCUSED = """() => {
    const at = document.activeElement;
    return at === document.body ? null : [...document.querySelectorAll('*')].indexOf(at);
}"""
_FOCUSABLE = """() => {
    const all = [...document.querySelectorAll('*')];
    return all.filter(each => each.matches('a[href], [tabindex="0"], summary, button'))
        .filter(each => each.checkVisibility())
        .map(each => all.indexOf(each));
}"""
_SIDEWAYS = """() => {
    document.querySelectorAll('details').forEach(each => { each.open = true; });
    return [...document.querySelectorAll('.box, pre')]
        .filter(each => !each.closest('#policies') && each.scrollWidth > each.clientWidth + 1)
        .map(each => each.getAttribute('aria-label') || each.textContent);
}"""
_CHARTS = """() => [...document.querySelectorAll('figure svg')].map(svg => {
    const box = svg.getBoundingClientRect();
    const marks = svg.querySelectorAll('[class*="mark-"] path, [class*="mark-"] line');
    const drawn = [...marks].filter(mark => !mark.closest('[class*="role-axis"]'));
    return [box.width, box.height, drawn.length];
})"""


_LETTERS = """() => [...document.querySelectorAll('figure svg')].flatMap(svg => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll('text')].map(
        text => scale * parseFloat(getComputedStyle(text).fontSize));
})"""


@define
class Opened:
    """A report in a browser, and what was asked for and complained of meanwhile."""

    page: Any
    asked: list[str] = field(factory=list)
    complaints: list[str] = field(factory=list)


@pytest.fixture(scope="module")
def files(
    saved: Path, study_with_influences: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Path]:
    """Reports in both languages, with and without a study."""
    pytest.importorskip("jinja2", reason="a report needs the extra report")
    from sifrules_simulation.presentation.report.page import page

    place, found = tmp_path_factory.mktemp("pages"), {}
    for lang, what in REPORTS:
        file = place / f"{lang}-{what}.html"
        results = read_results(saved, study_with_influences if what == "studied" else None)
        file.write_text(page(results, "sv" if lang == "sv" else "en"), "utf-8")
        found[lang, what] = file
    return found


@pytest.fixture(params=REPORTS, ids="-".join)
def opened(
    request: pytest.FixtureRequest, browser: Any, files: dict[tuple[str, str], Path]
) -> Iterator[tuple[str, str, Opened]]:
    """Each of them, opened from disk where there is no network."""
    lang, what = request.param
    context = browser.new_context(offline=True, viewport={"width": WIDTHS[0], "height": 900})
    found = Opened(context.new_page())
    found.page.on("request", lambda asked: found.asked.append(asked.url))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on("console", lambda said: found.complaints.append(f"{said.type}: {said.text}"))
    found.page.goto(files[lang, what].as_uri())
    yield lang, what, found
    context.close()


def test_the_report_opens_whole_without_a_network(opened: tuple[str, str, Opened]) -> None:
    """Nothing but itself is asked for, nothing complained of; language right, charts drawn.

    The page never scrolls sideways, and on a telephone no box of it but in the appendix.
    """
    lang, what, found = opened
    page = found.page
    assert page.evaluate("document.documentElement.lang") == lang
    for width, scheme in product(WIDTHS, SCHEMES):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width < WIDTHS[0]:
            assert page.evaluate(_SIDEWAYS) == []
        if width == WIDTHS[1]:
            assert min(page.evaluate(_LETTERS)) > LEAST_LETTERS
        charts = page.evaluate(_CHARTS)
        assert len(charts) == (11 if what == "studied" else 5)
        for wide, high, marks in charts:
            assert min(wide, high) > 50
            assert marks >= 2
    assert found.asked == [page.url]
    assert page.url.startswith("file:")
    assert found.complaints == []


def test_every_link_leads_somewhere(opened: tuple[str, str, Opened]) -> None:
    """Each to a part of the same page, which comes into sight."""
    page = opened[2].page
    links = page.eval_on_selector_all("a", "all => all.map(each => each.getAttribute('href'))")
    assert len(links) > 20
    assert [each for each in links if not each.startswith("#")] == []
    lost = "all => all.filter(each => !document.getElementById(each.hash.slice(1))).length"
    assert page.eval_on_selector_all("a", lost) == 0
    page.click("nav li:last-child a")
    assert page.evaluate("location.hash") == "#policies"
    top = "document.getElementById('policies').getBoundingClientRect().top < innerHeight"
    assert page.evaluate(top)


def test_the_keyboard_reaches_everything_that_can_be_operated(
    browser: Any, files: dict[tuple[str, str], Path]
) -> None:
    """In the order of the page; the skip link is first, is seen, and skips; boxes scroll."""
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(files["sv", "studied"].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    reached = [page.evaluate(_FOCUSED)]
    wanted = page.evaluate(_FOCUSABLE)
    for _ in wanted[1:]:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(_FOCUSED))
    assert reached == wanted
    page.focus(".skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("#policies .box")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('#policies .box').scrollLeft > 0", timeout=9000)
    page.close()


@pytest.mark.parametrize(
    ("lang", "what", "scheme"), [("sv", "studied", "light"), ("en", "alone", "dark")]
)
def test_axe_finds_nothing_serious(
    browser: Any, files: dict[tuple[str, str], Path], lang: str, what: str, scheme: str
) -> None:
    """Contrast, names, order of headings, tables: no violation that is serious or critical."""
    page = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    page.goto(files[lang, what].as_uri())
    assert grave(page) == []
    page.close()


def test_axe_would_find_what_is_serious(browser: Any) -> None:
    """A picture without words, and grey on grey: the check above can fail."""
    page = browser.new_page()
    page.set_content(
        "<html lang=en><title>a</title><main><h1>b</h1><img src='data:,'>"
        "<p style='color: #999; background: #aaa'>hard to read</p></main></html>"
    )
    assert {each[0] for each in grave(page)} == {"image-alt", "color-contrast"}
    page.close()


def grave(page: Any) -> list[tuple[str, str, str]]:
    """What axe finds in a page that is serious or critical: the rule, its words, and where."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        (each["id"], each["help"], each["nodes"][0]["html"][:200])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
