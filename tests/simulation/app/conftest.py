"""The page served in a thread: few replications and years, so that it answers at once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sifrules.cli.options import the_registry

#: A state of one year, and the stages that it is run in.
YEAR, STAGES = "years=1", (2, 4)


@pytest.fixture(scope="session")
def offers() -> Any:
    """What the page offers here: all bundled policies."""
    pytest.importorskip("jinja2", reason="the page needs the extra app")
    from sifrules_simulation.app.offers import offers_of

    return offers_of(the_registry())


@pytest.fixture(scope="module")
def address(offers: Any) -> Iterator[str]:
    """Where the page is, as long as a module's tests last."""
    why = "the page needs the extra app"
    uvicorn = pytest.importorskip("uvicorn", reason=why)
    pytest.importorskip("starlette", reason=why)
    pytest.importorskip("altair", reason=why)
    from sifrules_simulation.app.server import application
    from sifrules_simulation.app.simulating import Simulations

    listener = socket.create_server(("127.0.0.1", 0))
    simulations = Simulations(offers, STAGES)
    config = uvicorn.Config(application(offers, "en", simulations), log_level="error",
                            lifespan="off", timeout_graceful_shutdown=1)  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    simulations.closed.set()
    server.should_exit = True
    thread.join(timeout=20)
    assert not thread.is_alive()
