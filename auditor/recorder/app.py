"""The recorder as an ASGI application: from a request to an answer."""

import asyncio
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from auditor.recorder import posted
from auditor.recorder.commits import Commits
from auditor.recorder.posted import Place, RefusedError
from auditor.stores.packed import LARGEST_PING

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]

READERS = 2
"""Bodies that are unpacked and parsed at once; a parsed ping may need many times its size."""

_GREETING = "auditor records telemetry here; pings are posted below /submit/.\n"


class Answer(NamedTuple):
    """What a client is told."""

    status: HTTPStatus
    text: str
    allowed: tuple[str, ...] = ()


class GoneError(Exception):
    """The client left before its request was whole."""


class Application:
    """Takes pings in. `tell` is given a line for each that was refused; nothing of it is in it."""

    def __init__(self, commits: Commits, tell: Callable[[str], None]) -> None:
        """`counts` are the answers given to pings, by their status."""
        self.counts: Counter[HTTPStatus] = Counter()
        self._commits = commits
        self._tell = tell
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="readers")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, receive)
        except GoneError:
            return
        except Exception as error:  # noqa: BLE001 - the server goes on; the client sends again
            self._tell(f"a ping was not stored: {kind_and_place(error)}")
            answer = Answer(HTTPStatus.SERVICE_UNAVAILABLE, "not stored\n")
        if scope["path"] != posted.HOME:
            self.counts[answer.status] += 1
        await _respond(answer, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        place = None
        try:
            place = posted.place_of(scope["method"], scope["path"])
            if place is None:
                return Answer(HTTPStatus.OK, _GREETING)
            await self._take(place, scope, receive)
        except RefusedError as refused:
            if place:
                await self._note(place, refused)
            return Answer(refused.status, f"{refused.reason}\n", refused.allowed)
        return Answer(HTTPStatus.OK, "stored\n")

    async def _take(self, place: Place, scope: Scope, receive: Receive) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if int(headers.get(b"content-length", 0)) > LARGEST_PING:
            raise posted.too_large()
        body = await _whole(receive)
        received = time.time_ns() // 1_000_000
        encoding = headers.get(b"content-encoding", "").strip().lower()
        loop = asyncio.get_running_loop()
        message = await loop.run_in_executor(
            self._readers, posted.read, place, encoding, body, received
        )
        await asyncio.wrap_future(self._commits.keep(message))

    async def _note(self, place: Place, refused: RefusedError) -> None:
        """Keep that a ping was sent which is not in the store."""
        self._tell(f"refused a ping with {int(refused.status)}: {refused.reason}")
        await asyncio.to_thread(self._commits.refuse, place.source, refused.reason)


def kind_and_place(error: BaseException) -> str:
    """What is told of a failure: never its message, which may quote a ping."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__}{place}{reason}"


async def _whole(receive: Receive) -> bytes:
    """The body. Raises RefusedError as soon as it is too large, and GoneError if it ends early."""
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise GoneError
        body += event.get("body", b"")
        if len(body) > LARGEST_PING:
            raise posted.too_large()
        if not event.get("more_body", False):
            return bytes(body)


async def _respond(answer: Answer, send: Send) -> None:
    body = answer.text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    if answer.allowed:
        headers.append((b"allow", ", ".join(answer.allowed).encode()))
    start = {"type": "http.response.start", "status": int(answer.status), "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
