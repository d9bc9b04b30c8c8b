"""One request as a ping: its path, its encoding and its body, or why it is refused."""

import base64
import re
from http import HTTPMethod, HTTPStatus
from typing import NamedTuple

from auditor.stores import iso
from auditor.stores.intake import Message
from auditor.stores.packed import LARGEST_PING, TooLargeError, UnreadableError, is_gzip
from auditor.stores.ping import UUID, Found
from auditor.stores.received import read_message

HOME = "/"
READS = (HTTPMethod.GET, HTTPMethod.HEAD)
WRITES = (HTTPMethod.POST, HTTPMethod.PUT)

_NAME = r"[\w-]{1,64}"
_LEGACY = re.compile(
    rf"/submit/telemetry/(?P<document>{UUID.pattern})/{_NAME}(/[^/]{{1,128}}){{4}}", re.ASCII
)
_GLEAN = re.compile(
    rf"/submit/(?!telemetry/){_NAME}/{_NAME}/\d{{1,4}}/(?P<document>{UUID.pattern})", re.ASCII
)
_TOO_LARGE = f"the body is larger than the {LARGEST_PING:,} bytes that a ping may be"


class RefusedError(Exception):
    """A request that is not taken in. The reason holds nothing of what was sent."""

    def __init__(self, status: HTTPStatus, reason: str, *allowed: str) -> None:
        """`allowed` are the methods that the path has, for a wrong one."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.allowed = allowed


class Place(NamedTuple):
    """Where a ping was posted to: the path, and the document id in it."""

    path: str
    document: str

    @property
    def source(self) -> str:
        """As reports name it: of the path, only the document id is known to be nobody's secret."""
        return f"submit/{self.document}"


def place_of(method: str, path: str) -> Place | None:
    """The place of a ping; None for the start page. Raises RefusedError for any other request."""
    found = _LEGACY.fullmatch(path) or _GLEAN.fullmatch(path)
    if path != HOME and not found:
        raise RefusedError(HTTPStatus.NOT_FOUND, "no ping is taken at this path")
    allowed = WRITES if found else READS
    if method not in allowed:
        raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "not with this method", *allowed)
    return Place(path, found["document"].lower()) if found else None


def too_large() -> RefusedError:
    """The refusal of a body that is too large, declared, streamed or unpacked."""
    return RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)


def read(place: Place, encoding: str, body: bytes, received: int) -> Message:
    """The ping in a body, received at that time in milliseconds. Raises RefusedError."""
    attributes = {"uri": place.path, "submission_timestamp": iso(received)}
    _refuse_other(encoding, body)
    payload = base64.b64encode(body).decode()
    found = Found(place.document, place.source)
    try:
        # The form in which an ingestion edge passes it on, so that one reader reads both.
        return read_message({"attributeMap": attributes, "payload": payload}, found)
    except TooLargeError:
        raise too_large() from None
    except UnreadableError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"the body {error}") from None


def _refuse_other(encoding: str, body: bytes) -> None:
    """Raise RefusedError for a body that is not in the encoding it is said to be in."""
    if encoding not in {"", "identity", "gzip"}:
        reason = "the body has an encoding other than gzip"
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, reason)
    if encoding == "gzip" and not is_gzip(body):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the body is not whole gzip")
