"""The server (servern): what is answered to which request, on this machine alone.

Every page is its link: nothing is saved between requests but the last results. A request names
policies and scenarios by ids out of a list, and no path of it is opened.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import wraps
from importlib.resources import files
from threading import Event
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from attrs import frozen
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp, Message as Sent, Receive, Scope, Send

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.app.assessing import assessed
from sifrules_simulation.app.form import OF, Filled, read_form
from sifrules_simulation.app.offers import Offers
from sifrules_simulation.app.pages import Pages
from sifrules_simulation.app.simulating import Simulations, Stopped
from sifrules_simulation.app.state import Query, language_of
from sifrules_simulation.app.what_if_file import LARGEST, changes_in, what_if_file
from sifrules_simulation.presentation.report import page as report, workbook
from sifrules_simulation.results.in_memory import results_of

#: The names of this machine by which it is asked; another is a trick of another site.
HOSTS = ("127.0.0.1", "localhost")
#: So many fields a request may have.
_MOST_FIELDS = 1000
_PAGES = ("/", "/assess")
_HEADERS = {
    b"content-security-policy": b"default-src 'none'; script-src 'self'; style-src 'self'; "
    b"img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def application(offers: Offers, usual: Language, simulations: Simulations) -> Starlette:
    """The application: its pages, its answers to the page's script, and its files."""
    page = _App(offers, usual, simulations, Pages(offers))
    return Starlette(
        routes=[
            Route("/", page.compare),
            Route("/assess", page.assess),
            Route("/check", page.check),
            Route("/run", page.run),
            Route("/open", page.open, methods=["POST"]),
            Route("/what-if.toml", page.what_if),
            Route("/report.html", page.report),
            Route("/numbers.xlsx", page.workbook),
            Route("/app.js", lambda _: _resource("app.js", "text/javascript")),
            Route("/app.css", lambda _: _style()),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
            Middleware(_Guarded),
        ],
    )


@frozen
class _Guarded:
    """Refuses what another site's page asks for but a link to a page, and adds the headers."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with(message: Sent) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS.items()]
            await send(message)

        headers = dict(scope["headers"])
        if _from_elsewhere(scope, headers):
            refused = Response("Forbidden", status_code=403, media_type="text/plain")
            await refused(scope, receive, send_with)
            return
        await self.app(scope, receive, send_with)


def _from_elsewhere(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether another site asks: by what browsers say of who asks, and by the origin."""
    site = headers.get(b"sec-fetch-site", b"none")
    if site not in (b"none", b"same-origin"):
        navigates = headers.get(b"sec-fetch-mode") == b"navigate"
        return not (navigates and scope["method"] == "GET" and scope["path"] in _PAGES)
    origin = headers.get(b"origin", b"").decode("latin-1")
    return bool(origin) and urlsplit(origin).netloc != headers.get(b"host", b"").decode("latin-1")


Answering = Callable[["_App", Request], Any]


def _worded(answer: Answering) -> Answering:
    """An answer whose `SifError` is a page that says what is wrong."""

    @wraps(answer)
    def answered(self: _App, request: Request) -> Response:
        try:
            found: Response = answer(self, request)
        except SifError as error:
            lang = language_of(_query(request), self.usual)
            return HTMLResponse(self.pages.mistake(lang, error.text(lang)), 400)
        return found

    return answered


@frozen
class _App:
    """The answers. Those that compute run in a thread each."""

    offers: Offers
    usual: Language
    simulations: Simulations
    pages: Pages

    # --- pages --------------------------------------------------------------------------

    def compare(self, request: Request) -> Response:
        """The page with the clauses; a form that was sent leads on to its link."""
        query = _query(request)
        filled = read_form(query, self.offers, self.usual)
        if filled.sound and any(name == OF for name, _ in query):
            return RedirectResponse(f"/?{filled.state.query()}{filled.place}", 303)
        return HTMLResponse(self.pages.compare(filled))

    @_worded
    def assess(self, request: Request) -> Response:
        """The page on which a project is assessed."""
        query = _query(request)
        filled = read_form(query, self.offers, self.usual)
        return HTMLResponse(self.pages.assess(filled, assessed(query, filled, self.offers)))

    # --- for the page's script ----------------------------------------------------------

    def check(self, request: Request) -> Response:
        """What a form says: its link, or what is wrong at which field."""
        filled = read_form(_query(request), self.offers, self.usual)
        state, lang = filled.state, filled.state.lang
        labels = {each.path: each.label.text(lang) for each in filled.controls}
        return JSONResponse(
            {
                "sound": filled.sound,
                "query": state.query(),
                "languages": {each: state.query(each) for each in LANGUAGES},
                "wrong": {k: words.text(lang) for k, words in filled.mistakes.by_field.items()},
                "labels": labels,
                "changed": [path for path, _ in state.changes],
                "other_clauses": filled.other_clauses,
            }
        )

    async def run(self, request: Request) -> Response:
        """The results as they come, as events."""
        query = _query(request)
        filled = await run_in_threadpool(read_form, query, self.offers, self.usual)
        return StreamingResponse(self._events(filled), media_type="text/event-stream")

    async def _events(self, filled: Filled) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue()
        stop = Event()

        def put(item: tuple[str, Any] | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, item)

        work = loop.run_in_executor(None, self._run, filled, stop, put)
        try:
            while (item := await queue.get()) is not None:
                name, data = item
                yield f"event: {name}\ndata: {json.dumps(data)}\n\n"
            await work
        finally:  # also where the browser has gone
            stop.set()

    def _run(
        self, filled: Filled, stop: Event, put: Callable[[tuple[str, Any] | None], None]
    ) -> None:
        state = filled.state
        try:
            if not filled.sound:
                raise _first(filled)
            first = True
            for found in self.simulations.staged(
                state, stop, lambda done, total: put(("tick", {"done": done, "total": total}))
            ):
                for charts in (False, True) if first and not found.last else (True,):
                    html = self.pages.results(found, state.policy, state.lang, charts=charts)
                    count = found.comparison.replications
                    put(("results", {"html": html, "replications": count, "last": found.last}))
                first = False
        except SifError as error:
            put(("mistake", error.text(state.lang)))
        except Stopped:
            pass
        finally:
            put(None)

    async def open(self, request: Request) -> Response:
        """The link to what a what-if file says, sent by the page; or what is wrong with it."""
        lang = language_of(_query(request), self.usual)
        content = b""
        try:
            async for piece in request.stream():
                content += piece
                if len(content) > LARGEST:
                    break
        except ClientDisconnect:
            return Response(status_code=400)
        try:
            base, settings = await run_in_threadpool(changes_in, content)
            found = self._opened(base, settings, lang)
        except SifError as error:
            return JSONResponse({"wrong": error.text(lang)})
        return JSONResponse({"query": found.state.query()})

    def _opened(self, base: str, settings: list[str], lang: Language) -> Filled:
        self.offers.policy(base, settings)
        pairs = [("policy", base), ("lang", lang), *(("set", each) for each in settings)]
        found = read_form(pairs, self.offers, self.usual)
        if not found.sound:
            raise _first(found)
        return found

    # --- files --------------------------------------------------------------------------

    @_worded
    def what_if(self, request: Request) -> Response:
        """The changes as a what-if file."""
        filled = self._sound(request)
        link = str(request.base_url) + "?" + filled.state.query()
        about = Message("app.what_if_about", link=link).text(filled.state.lang)
        return _file(what_if_file(filled.state, about), "application/toml", "what-if.toml")

    @_worded
    def report(self, request: Request) -> Response:
        """The report, of as many replications as `sif compare` runs."""
        filled = self._sound(request)
        text = report.page(self._saved(filled), filled.state.lang)
        return _file(text, "text/html", "report.html")

    @_worded
    def workbook(self, request: Request) -> Response:
        """The numbers as a workbook."""
        filled = self._sound(request)
        content = workbook.workbook(self._saved(filled), filled.state.lang)
        return _file(content, _XLSX, "numbers.xlsx")

    def _sound(self, request: Request) -> Filled:
        filled = read_form(_query(request), self.offers, self.usual)
        if not filled.sound:
            raise _first(filled)
        return filled

    def _saved(self, filled: Filled) -> Any:
        try:
            found = self.simulations.whole(filled.state)
        except Stopped:
            raise SifError(Message("app.closing")) from None
        return results_of(found.comparison, "")


def _first(filled: Filled) -> SifError:
    """The first thing that is wrong, as an error."""
    name, words = next(iter(filled.mistakes.by_field.items()), ("", Message("app.too_much")))
    return SifError(words, where=name or None)


def _query(request: Request) -> Query:
    """The fields of a request; too many are none."""
    try:
        found = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return ()
    return [(name, value) for name, value in found if "\0" not in name + value]


def _file(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _resource(name: str, kind: str) -> Response:
    return Response((files(__package__) / name).read_text("utf-8"), media_type=kind)


def _style() -> Response:
    own = (files(__package__) / "app.css").read_text("utf-8")
    return Response(report.style_sheet() + own, media_type="text/css")
