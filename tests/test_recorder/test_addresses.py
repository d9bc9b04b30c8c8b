"""Where the recorder listens: an address spelled out, and loopback unless another one is."""

import errno
import inspect
import socket
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from auditor.commands import storing
from auditor.recorder.address import parse
from tests.test_recorder.running import Answer, Recorder, ping, recording

Run = Callable[..., CompletedProcess[str]]

NO_ADDRESSES = [
    *("8080", ":8080", "*:8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0:80"),
    *("example.org:80", "http://127.0.0.1:80", "::1:80", "[::1]", "[fe80::1%lo]:80", ""),
]


def test_loopback_by_default(recorder: Recorder) -> None:
    """Unless another address is spelled out, only this machine reaches the recorder."""
    assert parse(inspect.signature(storing.record).parameters["listen"].default).loopback
    assert recorder.host == "127.0.0.1"
    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.2", recorder.port)) == errno.ECONNREFUSED
    assert "warning" not in recorder.log


def test_other_address(store: Path) -> None:
    """An address that others reach is used when it is spelled out, with a warning."""
    with recording(store, listen="0.0.0.0:0") as recorder:
        assert recorder.post(ping()) == Answer(200, "stored\n")
        assert "warning: 0.0.0.0 is not loopback" in recorder.log


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_other_protocol(store: Path) -> None:
    """The loopback of IPv6 is loopback too."""
    with recording(store, listen="[::1]:0") as recorder:
        assert recorder.url == f"http://[::1]:{recorder.port}"
        assert "warning" not in recorder.log


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_no_address(run: Run, desk: Path, address: str) -> None:
    """Anything but an IP address and a port is refused, and no store is made."""
    done = run("record", "--into", "store.db", "--listen", address)
    assert done.returncode == 2
    assert done.stderr == (
        f"auditor: {address!r} is no IP address and port, such as 127.0.0.1:8080\n"
    )
    assert list(desk.iterdir()) == []


def test_address_in_use(run: Run, recorder: Recorder, desk: Path) -> None:
    """Where something listens already, nothing is recorded."""
    done = run("record", "--into", "store.db", "--listen", f"127.0.0.1:{recorder.port}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Address already in use" in done.stderr
    assert list(desk.iterdir()) == []
