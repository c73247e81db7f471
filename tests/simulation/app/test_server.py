"""The server: who may ask, what is answered, and that no path of a request is opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest

OREBRO = "policy=orebro@2016&set=return_model.share=0.5&years=1&lang=sv"
SCRIPT = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)"


class Answer:
    """What was answered: its status, its headers and its text."""

    def __init__(
        self,
        address: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> None:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.request("GET" if content is None else "POST", target, content, headers or {})
        found = connection.getresponse()
        self.status, self.headers, self.content = found.status, found.headers, found.read()
        connection.close()

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode()

    @property
    def data(self) -> Any:
        """The content as JSON."""
        return json.loads(self.content)


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"Host": "localhost:8350"}, 200),
        ("/", {"Host": "evil.example"}, 400),
        ("/", {"Host": "127.0.0.1.evil.example:8350"}, 400),
        ("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, 403),
        (f"/report.html?{OREBRO}", {"Sec-Fetch-Site": "same-site"}, 403),
        ("/check", {"Origin": "http://evil.example"}, 403),
        ("/../../etc/passwd", {}, 404),
        ("/app.py", {}, 404),
    ],
)
def test_only_this_machine_and_its_own_page_are_answered(
    address: str, target: str, headers: Mapping[str, str], status: int
) -> None:
    """Another host's name, another site's request and another path are refused; a link is not."""
    answer = Answer(address, target, headers)
    assert answer.status == status
    if status in (200, 403):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "query",
    [
        f"policy={SCRIPT}",
        "policy=../../../etc/passwd",
        "policy=/etc/passwd",
        f"with={SCRIPT}",
        f"scenario={SCRIPT}",
        f"set=return_model.share={SCRIPT}",
        "set=base=/etc/passwd",
        f"policy=orebro@2016&of=orebro@2016&f.return_model.share=%22%3E{SCRIPT}",
        f"years={SCRIPT}&money={SCRIPT}",
        "lang=../sv",
        "&".join(f"x{number}=1" for number in range(1500)),
    ],
)
def test_a_hostile_link_does_no_harm(address: str, query: str) -> None:
    """There is a page with what is wrong, in which what was sent is text."""
    target = f"/?{query}".replace("<", "%3C").replace(">", "%3E")
    answer = Answer(address, target)
    assert answer.status == 200
    assert SCRIPT not in answer.text
    assert "root:" not in answer.text
    assert ESCAPED in answer.text or not query.startswith(("policy=<", "with=", "set=r"))
    assert Answer(address, target.replace("/?", "/what-if.toml?")).status in (200, 400)


def test_what_is_wrong_stands_at_its_field(address: str) -> None:
    """With the name of the field, and as it was typed."""
    sent = "/?policy=orebro@2016&of=orebro@2016&f.return_model.share=150&lang=sv"
    page = Answer(address, sent).text
    assert 'value="150"' in page
    assert 'id="e-return_model.share">väntade en andel från 0 till 100' in page
    assert 'aria-invalid="true"' in page


def test_a_form_that_was_sent_leads_to_its_link(address: str) -> None:
    """As without JavaScript: the address is that of the changes alone."""
    sent = "/?policy=orebro@2016&of=orebro@2016&f.return_model.share=50&money=equal&lang=sv"
    answer = Answer(address, sent)
    assert answer.status == 303
    assert answer.headers["Location"] == (
        "/?policy=orebro%402016&set=return_model.share%3D0.5&money=equal&lang=sv"
    )


def test_results_come_in_stages(address: str) -> None:
    """Progress, a first answer in haste, the same with charts, and the last of more."""
    answer = Answer(address, f"/run?{OREBRO}")
    events = [each.split("\ndata: ") for each in answer.text.strip().split("\n\n")]
    results = [json.loads(data) for name, data in events if name == "event: results"]
    assert [each["replications"] for each in results] == [2, 2, 4]
    assert [each["last"] for each in results] == [False, False, True]
    assert events[0][0] == "event: tick"
    for part in ("answer", "charts", "parties", "return", "assumptions"):
        assert (f'<section id="{part}"' in results[0]["html"]) == (part != "charts")
        assert f'<section id="{part}"' in results[1]["html"]


@pytest.mark.once
def test_files_are_downloaded_under_plain_names(address: str) -> None:
    """The changes, the report in the language asked for, and the workbook."""
    what_if, report, numbers = (
        Answer(address, f"/{name}?{OREBRO}")
        for name in ("what-if.toml", "report.html", "numbers.xlsx")
    )
    assert "[return_model]\nshare = 0.5" in what_if.text
    assert '<html lang="sv">' in report.text
    assert "xl/workbook.xml" in ZipFile(BytesIO(numbers.content)).namelist()
    for answer, name in ((what_if, "what-if.toml"), (report, "report.html")):
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'base = "/etc/passwd"', "no policy"),
        (b'base = "../secret.toml"', "no policy"),
        (b'base = "orebro@2016"\n[return_model]\nshare = 2.0', "0 to 1"),
        (b"x" * 300_000, "larger"),
    ],
)
def test_a_hostile_file_is_refused(address: str, content: bytes, said: str) -> None:
    """A base that is a path, values out of bounds, a file too large: a sentence each."""
    assert said in Answer(address, "/open?lang=en", content=content).data["wrong"]


def test_a_what_if_is_opened_as_a_link(address: str) -> None:
    """Its changes are those of the link."""
    content = b'base = "orebro@2016"\n[return_model]\nfloor = 0.0'
    answer = Answer(address, "/open?lang=sv", content=content)
    assert answer.data == {"query": "policy=orebro%402016&set=return_model.floor%3D0.0&lang=sv"}


def test_a_project_is_assessed_on_a_page_of_its_own(address: str) -> None:
    """By what was typed, in the language asked for; what is wrong stands at its field."""
    fields = "fact.application.cost=6+mnkr&fact.application.duration=24&detail.effect=8+mnkr"
    page = Answer(address, f"/assess?{OREBRO}&{fields}").text
    assert "6 000 000 kr" in page.replace("\xa0", " ")
    assert 'id="assessment"' in page
    assert "mer än kostnaden" not in page
    doubted = Answer(address, f"/assess?{OREBRO}&{fields}&fact.application.applied_for=90mnkr").text
    assert "mer än kostnaden" in doubted
    wrong = Answer(address, f"/assess?{OREBRO}&{fields}&detail.own_share=130").text
    assert 'id="assessment"' not in wrong
    assert 'id="e-detail.own_share">väntade' in wrong
