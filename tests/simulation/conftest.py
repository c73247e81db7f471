"""A small fixed world, in which everything can be worked out by hand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field, frozen

import sifrules
from sifrules import FundPolicy, Idea, LocalizedText, Portfolio, Prospect, Registry
from sifrules.plugin.simulation import committee_name
from sifrules_simulation.execution.dispatch import run_unordered
from sifrules_simulation.experiments import batches as pieces
from sifrules_simulation.model.idea_facts import HOLDS, SEEN_TO
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import Scenario, scenario
from sifrules_simulation.model.streams import RandomStreams
from sifrules_simulation.model.world import LUCK, World

#: Nothing is left to chance, and nobody waits for anything but the money.
PLAIN = {
    "ideas.attention": 1,
    "behaviour.knows_rules": 1,
    "behaviour.priority_loss": 0,
    "handling.idea_test": 0,
    "handling.lead_least": 6,
    "handling.lead_most": 6,
    "handling.board_refusal": 0,
    "handling.fits_fund": 1,
    "handling.spent_least": 1,
    "handling.evaluation_lag": 6,
    "handling.evaluation_interest": 0,
    "handling.return_months": 36,
    "handling.exemption": 1,
    "municipality.capacity": 100,
    "municipality.committees": 2,
}


@frozen
class Always:
    """A behaviour that always applies."""

    name = "always"
    words = LocalizedText(sv="alltid", en="always")

    def given(self, parameters: Mapping[str, float]) -> Always:
        return self

    def applies(self, prospect: Prospect) -> bool:
        return True


@pytest.fixture(scope="session")
def everything() -> Registry:
    """All that is installed."""
    return sifrules.registry()


@pytest.fixture(scope="session")
def plain() -> Scenario:
    """A scenario that leaves nothing to chance."""
    return scenario("default").changed(PLAIN)


@pytest.fixture(scope="session")
def idea() -> Callable[..., Idea]:
    """Makes an idea of 1.2 million over a year that saves as much, with fields replaced."""

    def make(number: int = 0, **fields: Any) -> Idea:
        facts = dict.fromkeys((*(f"application.{name}" for name in HOLDS), *SEEN_TO), True)
        made = Idea(
            number=number,
            committee=0,
            arises=0,
            origin="internal",
            cost=120_000_000,
            months=12,
            delay=12,
            lifetime=36,
            effect=120_000_000,
            outside=0,
            human=120_000_000,
            believed_effect=120_000_000,
            believed_human=120_000_000,
            success=1.0,
            partly=0.0,
            partial=0.5,
            cashable=1.0,
            attributable=1.0,
            evaluable=True,
            regular=False,
            gains={committee_name(0): Decimal(1)},
            facts={
                **facts,
                "application.areas": 2,
                "application.municipal_partner": True,
                "application.regular_operations": False,
                "application.evaluable": True,
            },
            luck=dict.fromkeys(LUCK, 0.5),
        )
        return evolve(made, **fields)

    return make


@pytest.fixture(scope="session")
def lived(plain: Scenario) -> Callable[..., Portfolio]:
    """Lives through years under a policy with some ideas, its books checked."""

    def live_through(
        policy: FundPolicy,
        *ideas: Idea,
        years: int = 6,
        off: tuple[str, ...] = (),
        around: Scenario = plain,
        behaviour: Any = Always(),
        watching: tuple[Any, ...] = (),
        engine: str = "compiled",
        scalar: bool = False,
    ) -> Portfolio:
        adapter = PolicyAdapter(policy, around, Mechanisms.without(off), engine)
        world = World.of(ideas, (False,) * years, RandomStreams(1, 0), rows=64, committees=2)
        setup = ReplicationSetup(adapter, behaviour.given(around.values), watching, check=True)
        if scalar:
            setup = evolve(setup, scalar=True)
        return simulate(setup, world, years)

    return live_through


@pytest.fixture
def stopped(sif: Callable[..., Any]) -> Callable[..., Any]:
    """Runs a command that is stopped after so many pieces of work, as Ctrl-C does."""

    def run(after: int, *args: str) -> Any:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(pieces, "run_unordered", _stopping(after))
            return sif(*args)

    return run


def _stopping(after: int) -> Callable[..., Any]:
    """What runs pieces of work, and is stopped after so many of them."""
    done: list[int] = []

    def run(work: Any, tasks: Any, jobs: Any, *, here: bool) -> Any:
        for each in run_unordered(work, tasks, jobs, here=here):
            if len(done) == after:
                raise KeyboardInterrupt
            done.append(after)
            yield each

    return run


@pytest.fixture(scope="session")
def save() -> Callable[..., str]:
    """Runs a command for a fixture that many tests read, without report and charts; what it says.

    With `after` it is stopped after so many pieces of work.
    """
    from sifrules.cli import main
    from sifrules_simulation.presentation.charts import figures
    from sifrules_simulation.presentation.report import attached_report

    def run(*args: str, after: int | None = None) -> str:
        out = StringIO()
        with pytest.MonkeyPatch.context() as patched, redirect_stdout(out):
            patched.setattr(attached_report, "attach_report", lambda folder, lang: ())
            patched.setattr(figures, "drawn", lambda folder, figures: ())
            if after is not None:
                patched.setattr(pieces, "run_unordered", _stopping(after))
            with redirect_stderr(StringIO()), pytest.raises(SystemExit) as left:
                main(list(args))
        assert (left.value.code or 0) == (0 if after is None else 130)
        return out.getvalue()

    return run


@pytest.fixture(scope="session")
def files_of() -> Callable[[Path], dict[str, bytes]]:
    """Reads every file below a folder."""

    def read(folder: Path) -> dict[str, bytes]:
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}

    return read


# Patched by a context of their own: with the fixture `monkeypatch` in use, `sif` loads what is
# installed anew at each run.
@pytest.fixture(autouse=True)
def attached_reports() -> Iterator[None]:
    """No report is written next to results: that takes a second, and is tried in one module."""
    from sifrules_simulation.presentation.report import attached_report

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(attached_report, "attach_report", lambda folder, lang: ())
        yield


@pytest.fixture
def without_charts() -> Iterator[None]:
    """No charts are drawn of a study: they take half of its time, and are tried elsewhere."""
    from sifrules_simulation.presentation.charts import figures

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(figures, "drawn", lambda folder, figures: ())
        yield


@pytest.fixture(scope="session")
def saved(save: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small comparison, as it is kept."""
    place = tmp_path_factory.mktemp("kept") / "results"
    asked = ("compare", "orebro@2016", "norrkoping@2022", "--replications", "4", "--years", "3")
    save(*asked, "--jobs", "1", "--out", str(place))
    return place


@pytest.fixture
def again(saved: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own, which a test may spoil."""
    place = tmp_path / "results"
    shutil.copytree(saved, place)
    return place


#: What has no end tag.
_NO_END = {"meta", "br", "link", "img", "input", "hr"}


@define
class Read(HTMLParser):
    """A page read back: its tables by caption, its headings, its links, and its text."""

    tables: dict[str, list[list[str]]] = field(factory=dict)
    heads: list[tuple[int, str]] = field(factory=list)
    ids: list[str] = field(factory=list)
    asked: list[str] = field(factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(factory=list)
    text: str = ""
    _open: list[str] = field(factory=list)
    _rows: list[list[str]] = field(factory=list)
    _caption: str = ""

    def __attrs_post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        reported = dict(attrs)
        self.tags.append((tag, reported))
        self.ids += [reported["id"] or ""] if "id" in reported else []
        self.asked += [
            reported[key] or "" for key in ("href", "src", "xlink:href") if key in reported
        ]
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td"):
            self._rows[-1].append("")
        elif re.fullmatch("h[1-6]", tag):
            self.heads.append((int(tag[1]), ""))
        if tag not in _NO_END:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "table":
            self.tables[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        # A link in a cell is a part of the cell.
        inside = next((tag for tag in reversed(self._open) if tag not in ("a", "span")), "")
        if inside != "style":
            self.text += data
        if inside in ("th", "td"):
            self._rows[-1][-1] += data
        elif inside == "caption":
            self._caption += data
        elif re.fullmatch("h[1-6]", inside):
            level, said = self.heads[-1]
            self.heads[-1] = (level, said + data)


#: What the policies of `saved` are called in a report.
CALLED = {"Örebro 2016": "orebro@2016", "Norrköping 2022": "norrkoping@2022"}


@pytest.fixture(scope="session")
def read_page() -> Callable[[Path], Read]:
    """Reads a report back, its tables with ids for names; every tag that it opens is closed."""

    def read(file: Path) -> Read:
        found = Read()
        found.feed(file.read_text("utf-8"))
        found.close()
        found.tables = {
            caption: [[CALLED.get(cell, cell) for cell in row] for row in rows]
            for caption, rows in found.tables.items()
        }
        return found

    return read


@pytest.fixture(scope="session")
def always() -> Always:
    """A behaviour that always applies."""
    return Always()


#: Browsers that may be installed.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
#: No sandbox, as root has none; and nothing that a browser would fetch for itself.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser that is installed, without a window; where there is none, the test is skipped."""
    why = "needs the dependency group browser: playwright and axe-playwright-python"
    playwright = pytest.importorskip("playwright.sync_api", reason=why)
    pytest.importorskip("axe_playwright_python", reason=why)
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium is installed here")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        yield running
        running.close()
