"""Serving the page (körning): the port on this machine, and a stop that leaves nothing behind."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.app.offers import offers_of
from sifrules_simulation.app.server import application
from sifrules_simulation.app.simulating import STAGES, Simulations

#: The page is offered to this machine alone.
HOST = "127.0.0.1"
#: So many ports after one in use are tried for one to propose.
_TRIED = 50
#: So many seconds open connections have to end.
_GRACE = 2


def serve(
    registry: Registry,
    files: Iterable[Path],
    port: int,
    lang: Language,
    ready: Callable[[str], object],
    stages: tuple[int, ...] = STAGES,
) -> None:
    """Serve the page until Ctrl-C; ``ready`` is called with its address once it can be opened.

    Raises `SifError` where the port is in use, with one that is free.
    """
    offers = offers_of(registry, files)
    simulations = Simulations(offers, stages)
    with _listening(port) as listener:
        config = uvicorn.Config(
            application(offers, lang, simulations),
            log_level="error",
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_GRACE,
        )
        server = _Server(config, simulations)
        ready(f"http://{HOST}:{listener.getsockname()[1]}/?lang={lang}")
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it anew when it has stopped
            server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that ends what is being simulated as soon as it is to stop."""

    def __init__(self, config: uvicorn.Config, simulations: Simulations) -> None:
        super().__init__(config)
        self._simulations = simulations

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the runs first: their connections are open as long as they last.

        What does not end in time is interrupted, and that is no mistake to complain of.
        """
        self._simulations.closed.set()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A socket on a port of this machine; `SifError` where it cannot be had."""
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        free = next(filter(_is_free, range(port + 1, port + _TRIED)), 0)
        raise SifError(
            Message("app.port_in_use", port=str(port), error=os.strerror(error.errno or 0)),
            fix=Message("app.another_port", port=str(free)),
        ) from None
    with listener:
        yield listener


def _is_free(port: int) -> bool:
    if port > 65_535:
        return False
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True
