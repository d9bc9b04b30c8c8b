"""Pings received by an ingestion edge are read line by line, in every form that it writes."""

import base64
import gzip
import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from auditor.stores import Stores
from auditor.stores.files import Source
from auditor.stores.intake import Intake
from auditor.stores.packed import LARGEST_PING
from auditor.stores.received import read_lines

Rows = list[dict[str, Any]]
Reasons = dict[str, str]
Found = Callable[..., tuple[Callable[[str], Rows], Reasons]]
PING = "ed1d48a6-777c-421f-9ec6-a34e69957908"
GLEAN = "0809ff92-ea3e-435d-8b29-64c92933a18c"
RECEIVED = 1_795_502_311_000
URI = f"/submit/telemetry/{PING}/event/Firefox/115.14.0/esr/20240801134912?v=4"
ENROLL = [1, "normandy", "enroll", "preference_study", "slug", {"enrollmentId": "id"}]
RAW = {"uri": URI, "submission_timestamp": "2026-11-24T06:38:31.000Z"}
DECODED = {
    "document_namespace": "telemetry",
    "document_type": "event",
    "document_id": PING,
    "submission_timestamp": "2026-11-24T06:38:31Z",
}
FIREFOX = "firefox-desktop"
GLEAN_BODY = {
    "client_info": {"app_display_version": "115.14.0", "app_channel": "esr"},
    "ping_info": {
        "experiments": {"slug": {"branch": "b", "extra": {"type": "nimbus", "enrollmentId": "id"}}}
    },
    "metrics": {"uuid": {"legacy.telemetry.client_id": "E02E6401-eaf6-4c88-ba86-a4c7d42128ec"}},
}


@pytest.fixture
def found(
    received: Callable[..., Path],
    read: Callable[..., Stores],
    rows: Callable[[Stores, str], Rows],
    unreadable: Callable[[Stores], dict[str, str]],
) -> Found:
    """Read a file of these lines; give its tables by name, and the lines that were unreadable."""

    def of(*lines: bytes, name: str = "received.ndjson") -> tuple[Callable[[str], Rows], Reasons]:
        stores = read(received(*lines, name=name))
        return partial(rows, stores), unreadable(stores)

    return of


@pytest.fixture
def message(event_ping: Callable[..., object], line: Callable[..., bytes]) -> Callable[..., bytes]:
    """Write an event ping as a line with these attributes."""
    return partial(line, event_ping(ENROLL))


@pytest.mark.parametrize("zipped", [False, True], ids=["a plain payload", "a zipped payload"])
@pytest.mark.parametrize("attributes", [RAW, DECODED], ids=["as received", "as decoded"])
def test_message(
    found: Found,
    message: Callable[..., bytes],
    attributes: dict[str, str],
    zipped: bool,  # noqa: FBT001 - a case, not a flag
) -> None:
    """Both forms of attributes and both of payloads give the same ping and its receipt."""
    tables, _ = found(message(zipped=zipped, **attributes))
    assert [
        (row["ping"], row["document_type"], row["received"], row["source"])
        for row in tables("pings")
    ] == [(PING, "event", RECEIVED, "received.ndjson:1")]


def test_without_attributes(
    found: Found,
    event_ping: Callable[..., object],
) -> None:
    """A message that lost its attributes is a ping of which the receipt is not known."""
    payload = base64.b64encode(json.dumps(event_ping(ENROLL)).encode()).decode()
    tables, _ = found(json.dumps({"payload": payload}).encode())
    assert [(row["ping"], row["received"]) for row in tables("pings")] == [(PING, None)]


def test_zipped_file(
    found: Found,
    message: Callable[..., bytes],
) -> None:
    """A file that was zipped whole is read as it was before."""
    data = gzip.compress(message(**RAW))
    tables, _ = found(data, name="pings.ndjson.gz")
    assert [row["ping"] for row in tables("pings")] == [PING]


def test_zipped_file_cut_short(
    found: Found,
    message: Callable[..., bytes],
) -> None:
    """What came before the cut is read, and the file is named."""
    padding = random.Random(0).randbytes(100_000).hex().encode()  # noqa: S311 - nothing secret
    data = gzip.compress(message(**RAW) + padding)
    tables, reasons = found(data[:-20_000], name="pings.ndjson.gz")
    assert list(reasons) == ["pings.ndjson.gz"]
    assert [row["ping"] for row in tables("pings")] == [PING]


def test_blank_lines(
    found: Found,
    message: Callable[..., bytes],
) -> None:
    """Blank lines are passed over, and count as lines."""
    tables, reasons = found(b"\n", b"  \r\n", message(**RAW), b"\n")
    assert [row["source"] for row in tables("pings")] == ["received.ndjson:3"]
    assert reasons == {}


NO_MESSAGE = "is not a message of the ingestion edge (no attributeMap and payload)"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        pytest.param(b"[1, 2]", NO_MESSAGE, id="a list"),
        pytest.param(b"{}", NO_MESSAGE, id="an object without a payload"),
        pytest.param(b'{"payload": 7}', NO_MESSAGE, id="a payload that is a number"),
        pytest.param(b'{"payload":', "is not JSON (line 2, column 1)", id="half a line"),
        pytest.param(b"\xff", "is not UTF-8 (byte 0)", id="no UTF-8"),
        pytest.param(b'{"payload": "?"}', "has a payload that is not base64", id="no base64"),
        pytest.param(b'{"payload": "e30"}', "has a payload that is not base64", id="half base64"),
        pytest.param(
            b'{"payload": "\\u00e9\\ud800"}', "has a payload that is not base64", id="no ASCII"
        ),
        pytest.param(b'{"payload": "H4sI"}', "is gzip cut short", id="half gzip"),
        pytest.param(b'{"payload": "H4sAAAAA"}', "is not whole gzip", id="broken gzip"),
        pytest.param(b'{"payload": ""}', "is not JSON (line 1, column 1)", id="nothing"),
        pytest.param(b'{"payload": "W10="}', "is not a JSON object", id="a ping that is a list"),
        pytest.param(b"[" * 5000, "is JSON nested too deeply", id="lists in lists"),
        pytest.param(b"x" * (20 << 20), "is longer than a ping may be", id="20 megabytes"),
    ],
)
def test_broken_line(
    found: Found,
    message: Callable[..., bytes],
    broken: bytes,
    reason: str,
) -> None:
    """A line that is no message is named with its number, and the next line is read."""
    tables, reasons = found(broken + b"\n", message(**RAW))
    assert {"received.ndjson:1": reason} == reasons
    assert [row["source"] for row in tables("pings")] == ["received.ndjson:2"]


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param({"uri": f"/submit/{FIREFOX}/baseline/1/{GLEAN}"}, id="as received"),
        pytest.param(
            {
                "document_namespace": FIREFOX,
                "document_type": "baseline",
                "document_id": GLEAN.upper(),
            },
            id="as decoded",
        ),
    ],
)
def test_glean_ping(
    found: Found,
    line: Callable[..., bytes],
    attributes: dict[str, str],
) -> None:
    """A Glean ping is told by its type, its document and the client id of the older telemetry."""
    tables, _ = found(line(GLEAN_BODY, **attributes))
    assert [
        (row["ping"], row["document_type"], row["client_id"], row["major"])
        for row in tables("pings")
    ] == [(GLEAN, "glean:baseline", "e02e6401-eaf6-4c88-ba86-a4c7d42128ec", 115)]


def test_experiments_of_glean_ping(
    found: Found,
    line: Callable[..., bytes],
) -> None:
    """The experiments that a Glean ping lists are annotations."""
    tables, _ = found(line(GLEAN_BODY, uri=f"/submit/{FIREFOX}/baseline/1/{GLEAN}"))
    assert [
        (row["slug"], row["kind"], row["branch"], row["enrollment_id"])
        for row in tables("annotations")
    ] == [("slug", "nimbus_experiment", "b", "id")]


def test_glean_ping_without_document(
    found: Found,
    line: Callable[..., bytes],
) -> None:
    """A Glean ping that nothing names is unreadable: no copy of it could be known again."""
    _, reasons = found(line(GLEAN_BODY, uri=f"/submit/{FIREFOX}/baseline/1"))
    assert reasons == {"received.ndjson:1": "is a Glean ping without a document id"}


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param({"uri": 7, "submission_timestamp": []}, id="other types"),
        pytest.param({"uri": "/elsewhere", "submission_timestamp": "noon"}, id="other texts"),
        pytest.param({"document_namespace": {}, "document_id": 7}, id="objects"),
    ],
)
def test_odd_attributes(
    found: Found,
    message: Callable[..., bytes],
    attributes: dict[str, object],
) -> None:
    """Attributes that say nothing are passed over, and the ping speaks for itself."""
    tables, _ = found(message(**attributes))
    assert [(row["ping"], row["received"]) for row in tables("pings")] == [(PING, None)]


def test_half_a_surrogate_pair_in_attributes(
    found: Found,
    line: Callable[..., bytes],
) -> None:
    """Names that no UTF-8 can hold are kept with the sign for what is missing."""
    names = {"document_namespace": "x", "document_type": "a\ud800", "document_id": "b\ud800"}
    tables, _ = found(line({}, **names))
    assert [(row["ping"], row["document_type"]) for row in tables("pings")] == [
        ("b\ufffd", "glean:a\ufffd")
    ]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param(
            gzip.compress(bytes(100 << 20), 1),
            "is larger than the 8,388,608 bytes that it may be",
            id="a bomb",
        ),
        pytest.param(
            b'"' + b"x" * (10 << 20) + b'"',
            "is larger than the 8,388,608 bytes that it may be",
            id="ten megabytes",
        ),
    ],
)
def test_large_payload(
    found: Found,
    payload: bytes,
    reason: str,
) -> None:
    """A payload that is larger than a ping may be is named, and not read."""
    message = {"payload": base64.b64encode(payload).decode()}
    _, reasons = found(json.dumps(message).encode())
    assert {"received.ndjson:1": reason} == reasons


def test_lines_without_end(tmp_path: Path, read: Callable[..., Stores]) -> None:
    """A file of lines that are no message is given up after a thousand of them, and says so."""
    file = tmp_path / "lines.ndjson.gz"
    file.write_bytes(gzip.compress(b"{}\n" * 100_000))
    (summary,) = read(file).summaries
    assert len(summary.unreadable) < 1_010
    assert "has over 1,000 lines" in " ".join(part.reason for part in summary.unreadable)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(b"\n" * 1_000_000, "has empty lines without end", id="nothing but line ends"),
        pytest.param(b"\0" * 100_000_000, "has lines without end", id="a line that never ends"),
    ],
)
def test_nothing_without_end(
    tmp_path: Path, read: Callable[..., Stores], lines: bytes, reason: str
) -> None:
    """A few packed bytes that unpack to nothing, over and over, are given up, and named."""
    file = tmp_path / "lines.ndjson.gz"
    file.write_bytes(gzip.compress(lines))
    (summary,) = read(file).summaries
    told = f"{reason}; the rest is not read"
    assert [("lines.ndjson.gz", told)] == [(part.path, part.reason) for part in summary.unreadable]


def test_attributes_beside_the_payload(
    tmp_path: Path, message: Callable[..., bytes], table: Callable[..., list[dict[str, object]]]
) -> None:
    """The warehouse's `payload_bytes_raw` has no `attributeMap`, and tells the same."""
    whole = json.loads(message(**RAW))
    file = tmp_path / "payload_bytes_raw.ndjson"
    file.write_text(json.dumps({**whole["attributeMap"], "payload": whole["payload"]}))
    assert [(row["ping"], row["received"]) for row in table("pings", file)] == [(PING, RECEIVED)]


class Growing(Source):
    """A file to which half a line is added whenever one is read."""

    def lines(self, path: Path, limit: int = 2 * LARGEST_PING) -> Iterator[bytes | None]:
        """The lines that were whole as the file was opened."""
        for line in super().lines(path, limit):
            with path.open("ab") as file:
                file.write(b'{"attributeMap": {}, "payl')
            yield line


def test_a_file_that_a_server_writes_to(
    received: Callable[..., Path],
    line: Callable[..., bytes],
    event_ping: Callable[..., dict[str, Any]],
) -> None:
    """What was there is read, to its last whole line, and nothing is unreadable."""
    names = [f"00000000-0000-4000-8000-{number:012}" for number in range(3)]
    path = received(*(line(event_ping(id=name)) for name in names), b'{"attrib')
    intake = Intake()
    read_lines(Growing(path), path, 0, intake)
    assert [message.ping.ping for message in intake.messages] == names
    assert intake.unreadable == []
