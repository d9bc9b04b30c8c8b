"""A telemetry server for QA: what browsers post to it is kept in our own store.

A ping is answered with 200 only when it is on the disk. The only part that opens a socket.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.failures import UsageError
from auditor.recorder.address import bound, parse
from auditor.recorder.commits import Commits
from auditor.stores.own.schema import StoreError
from auditor.stores.own.writing import Writer

if TYPE_CHECKING:
    from auditor.recorder.server import Server

_HINTS = """\
auditor: recording into {into}, listening on {url}
  To have Firefox send here, set in user.js (or about:config) and restart it:
    user_pref("toolkit.telemetry.server", "{url}");
    user_pref("toolkit.telemetry.send.overrideOfficialCheck", true);
    user_pref("telemetry.fog.test.localhost_port", {port});
    user_pref("datareporting.policy.dataSubmissionPolicyBypassNotification", true);
  The third is for Glean, which sends to the loopback of its own machine only. Debian's Firefox
  sends nothing unless datareporting.policy.dataSubmissionEnabled and
  datareporting.healthreport.uploadEnabled are true. Ctrl+C stops.
"""
_WARNING = """\
auditor: warning: {host} is not loopback. Whoever reaches it can add pings to the store, and what
  browsers send crosses the network unencrypted unless a reverse proxy adds TLS.
"""


@contextmanager
def listening(into: Path, listen: str, tell: Callable[[str], None]) -> Iterator["Server"]:
    """A recorder whose socket listens and whose store is open: `serve` answers until a signal.

    `tell` is given lines for the person who runs it. Raises UsageError, before a store is made,
    when it cannot listen there.
    """
    address = parse(listen)
    if find_spec("uvicorn") is None:
        message = "`record` needs a web server: pip install 'auditor[record]'"
        raise UsageError(message)
    from auditor.recorder.server import Server

    with ExitStack() as stack:
        socket, address = bound(address)
        stack.enter_context(socket)
        commits = stack.enter_context(Commits(_opened(into, address.url, stack)))
        if not address.loopback:
            tell(_WARNING.format(host=address.host))
        server = stack.enter_context(Server(socket, address, commits, tell))
        tell(_HINTS.format(into=into, url=address.url, port=address.port))
        yield server


def _opened(into: Path, url: str, stack: ExitStack) -> Writer:
    """The store, open for as long as the stack. Raises UsageError when there can be none."""
    try:
        return stack.enter_context(Writer(into, source=url))
    except StoreError as error:
        reason = str(error)
    except (OSError, sqlite3.Error) as error:
        reason = f"cannot be written ({getattr(error, 'strerror', '') or type(error).__name__})"
    message = f"{into}: {reason}"
    raise UsageError(message)
