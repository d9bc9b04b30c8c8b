"""One run of the command `browse`: Datasette over a findings database, for this machine alone."""

from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from auditor import findings
from auditor.failures import UsageError
from auditor.findings.metadata import metadata
from auditor.recorder.address import Address, bound

HOST = "127.0.0.1"
"""The only address at which it listens: what a person may read here is not for the network."""

_SETTINGS = {
    "allow_download": False,
    "num_sql_threads": 2,
    "default_page_size": 50,
    "truncate_cells_html": 0,
}


def browse(path: Path, port: int, tell: Callable[[str], None]) -> None:
    """Serve the database until it is interrupted; port 0 picks a free one.

    `tell` is given the line that says where. Raises UsageError.
    """
    _refuse(path)
    if find_spec("datasette") is None:
        message = "`browse` needs Datasette: pip install 'auditor[browse]'"
        raise UsageError(message)
    import uvicorn
    from datasette.app import Datasette

    listener, address = bound(Address(HOST, port))
    with listener, suppress(KeyboardInterrupt):
        told = metadata(path.stem)
        served = Datasette([str(path.resolve())], metadata=told, settings=_SETTINGS).app()
        config = uvicorn.Config(served, log_level="error", access_log=False)
        tell(f"browsing at {address.url}")
        uvicorn.Server(config).run(sockets=[listener])


def _refuse(path: Path) -> None:
    if not path.is_file():
        message = f"{path}: no such file"
        raise UsageError(message)
    if not path.stat().st_size:
        message = f"{path}: is no findings database"
        raise UsageError(message)
    try:
        findings.refuse(path)
    except findings.FindingsError as error:
        message = f"{path}: {error}"
        raise UsageError(message) from None
