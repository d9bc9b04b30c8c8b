"""Where the recorder listens: an address spelled out in full, so that none is wide by accident."""

import ipaddress
import re
import socket
from typing import NamedTuple

from auditor.failures import UsageError

BACKLOG = 2048
"""Connections that the system holds until they are accepted."""

_ADDRESS = re.compile(r"(?P<host>localhost|[\d.]+|\[[\da-fA-F:.]+\]):(?P<port>\d{1,5})")


class Address(NamedTuple):
    """An IP address and a port."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return ipaddress.ip_address(self.host).is_loopback

    @property
    def url(self) -> str:
        """As a browser is told it."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self}"

    def __str__(self) -> str:
        """As it is written at the command line."""
        return f"{self.host}:{self.port}"


def parse(text: str) -> Address:
    """`127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`. Raises UsageError for anything else."""
    found = _ADDRESS.fullmatch(text)
    try:
        if found and int(found["port"]) <= 0xFFFF:  # noqa: PLR2004 - the highest port
            host = found["host"].strip("[]").replace("localhost", "127.0.0.1")
            return Address(str(ipaddress.ip_address(host)), int(found["port"]))
    except ValueError:
        pass
    message = f"{text!r} is no IP address and port, such as 127.0.0.1:8080"
    raise UsageError(message)


def bound(address: Address) -> tuple[socket.socket, Address]:
    """A socket that listens there, and its address: port 0 has become a free one."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        message = f"cannot listen on {address.url} ({error.strerror})"
        raise UsageError(message) from None
    return listener, Address(address.host, listener.getsockname()[1])
