"""Firefox, run without a window and driven over its Marionette protocol.

A message is `<length>:<JSON>`; a command is `[0, id, name, parameters]`, its answer `[1, id, error,
value]`. Source: testing/marionette in Firefox; remote/marionette/packet.sys.mjs.
"""

import itertools
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

PATIENCE = 90
"""Seconds for a first start, and for any one command."""


class Marionette:
    """A session with a Firefox, in which its own code can be run."""

    def __init__(self, port: int) -> None:
        """Connect, and begin a session in the browser's own context."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._numbers = itertools.count(1)
        self._receive()
        self.command("WebDriver:NewSession")
        self.command("Marionette:SetContext", value="chrome")

    def __enter__(self) -> Self:
        """The session."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection; the browser goes on."""
        self._socket.close()

    def command(self, name: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        """Send a command and return its value."""
        message = json.dumps([0, next(self._numbers), name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, value = self._receive()
        assert error is None, error
        return value

    def run(self, script: str) -> Any:  # noqa: ANN401 - JSON
        """Run JavaScript in the browser, with `await`, and return what it returns."""
        ends = "value => done([value, null]), error => done([null, String(error)])"
        body = f"const done = arguments[0]; (async () => {{ {script} }})().then({ends});"
        answer = self.command("WebDriver:ExecuteAsyncScript", script=body, args=[])
        value, error = answer["value"]
        assert error is None, error
        return value

    def quit(self) -> None:
        """Have the browser shut down as a person would."""
        self.command("Marionette:Quit", flags=["eForceQuit"])

    def _receive(self) -> Any:  # noqa: ANN401 - JSON
        length = b""
        while not length.endswith(b":"):
            length += self._some(1)
        message = b""
        while len(message) < int(length[:-1]):
            message += self._some(int(length[:-1]) - len(message))
        return json.loads(message)

    def _some(self, size: int) -> bytes:
        data = self._socket.recv(size)
        assert data, "Firefox closed the connection"
        return data


@contextmanager
def firefox(binary: str, profile: Path, log: Path) -> Iterator[Marionette]:
    """A Firefox on that profile, and a session with it. It is gone at the end."""
    command = [binary, "--headless", "--marionette", "--remote-allow-system-access"]
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [*command, "--no-remote", "--profile", str(profile)],
            env={
                "HOME": str(profile.parent),
                "PATH": "/usr/bin:/bin",
                "MOZ_CRASHREPORTER_DISABLE": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        ) as process,
    ):
        try:
            with Marionette(_port(profile, process)) as session:
                yield session
                session.quit()
                process.wait(PATIENCE)
        finally:
            process.kill()


def _port(profile: Path, process: "subprocess.Popen[bytes]") -> int:
    """The port that Firefox picked, which it writes into its profile."""
    file = profile / "MarionetteActivePort"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if file.is_file() and (text := file.read_text(encoding="ascii")):
            return int(text)
        time.sleep(0.1)
    message = f"Firefox did not start (exit code {process.poll()})"
    raise TimeoutError(message)
