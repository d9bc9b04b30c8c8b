"""The web server around the application: how long it waits, what it logs, and when it stops."""

import logging
import signal
import socket
from asyncio import TimerHandle, Transport
from collections.abc import Callable
from http import HTTPStatus
from types import TracebackType
from typing import Self, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from auditor.recorder.address import BACKLOG, Address
from auditor.recorder.app import Application, kind_and_place
from auditor.recorder.commits import Commits

PATIENCE = 60.0
"""Seconds in which a request must have come in whole, from its connection or the last answer."""

CONNECTIONS = 768
"""More are answered with 503: a process may often have no more than 1024 files open."""

FAREWELL = 5
"""Seconds that requests under way have left once the server is told to stop."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LOGGERS = ("uvicorn.error", "asyncio")


class Connection(H11Protocol):
    """A connection that ends when a client is too slow, whatever it is slow at.

    The web server itself waits forever for a first request, and for the rest of a body.
    """

    _timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as its own
        """Start to wait for a first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        if self._timer:
            self._timer.cancel()

    def on_response_complete(self) -> None:
        """Start to wait for the next request."""
        super().on_response_complete()
        self._wait()

    def _wait(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(PATIENCE, self._give_up)

    def _give_up(self) -> None:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle and not (cycle.more_body or cycle.response_complete):
            self._wait()  # for ourselves: the request is whole, and its answer is to come
        else:
            self.transport.abort()


class Terse(logging.Handler):
    """Passes on what the web server logs, without anything that came from outside."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """`tell` is given the lines."""
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell a failure's kind and place, or a message that is fixed in the server's code."""
        error = record.exc_info[1] if record.exc_info else None
        if error:
            self._tell(f"the web server met {kind_and_place(error)}")
        elif record.name != "asyncio" and not record.args and isinstance(record.msg, str):
            self._tell(f"the web server: {record.msg}")


class Server:
    """A recorder that listens; within its context, SIGINT and SIGTERM stop it."""

    def __init__(
        self,
        listener: socket.socket,
        address: Address,
        commits: Commits,
        tell: Callable[[str], None],
    ) -> None:
        """Nothing is answered before `serve`; what connects earlier waits."""
        self.url = address.url
        self._listener = listener
        self._terse = Terse(lambda line: tell(f"auditor: {line}"))
        self._tell = tell
        self._app = Application(commits, lambda line: tell(f"auditor: {line}"))
        self._server = uvicorn.Server(_configured(self._app))

    def __enter__(self) -> Self:
        """Take over the signals and the web server's log."""
        # The web server raises a signal again once it has stopped for it: this must be harmless.
        self._handlers = {sig: signal.signal(sig, self._stop) for sig in _SIGNALS}
        for name in _LOGGERS:
            logging.getLogger(name).addHandler(self._terse)
            logging.getLogger(name).propagate = False
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give them back."""
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(self._terse)
            logging.getLogger(name).propagate = True
        for sig, handler in self._handlers.items():
            signal.signal(sig, handler)

    def serve(self) -> None:
        """Answer until a signal comes, and tell what came."""
        self._server.run(sockets=[self._listener])
        counts = self._app.counts
        stored = counts.pop(HTTPStatus.OK, 0)
        self._tell(f"auditor: stopped (pings stored: {stored}, requests refused: {counts.total()})")

    def _stop(self, *_: object) -> None:
        self._server.should_exit = True


def _configured(app: Application) -> uvicorn.Config:
    return uvicorn.Config(
        cast("uvicorn._types.ASGI3Application", app),  # noqa: SLF001 - has no public name
        http=Connection,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=FAREWELL,
    )
