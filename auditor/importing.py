"""One run of the command `import`: many sources, read one after the other into one store."""

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.failures import UsageError
from auditor.renderers import counted, visible
from auditor.report import ExitCode
from auditor.stores import NoSuchStoreError, read_store, recorded_in
from auditor.stores.files import Source
from auditor.stores.intake import Intake
from auditor.stores.own.content import Addition
from auditor.stores.own.messages import Kept, messages_in, rows_in
from auditor.stores.own.schema import StoreError, opened, writing
from auditor.stores.own.sources import Origin, note_origin
from auditor.stores.places import shown

if TYPE_CHECKING:
    from rich.progress import Progress
    from sqlite_utils import Database

_REFUSED = {
    sqlite3.SQLITE_BUSY: "another program is writing to it",
    sqlite3.SQLITE_READONLY: "cannot be written to",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_FULL: "there is no room left on the disk",
}

TOLD = 20
"""Inputs that could not be read, of which each is told."""


@dataclass(frozen=True)
class Import:
    """What became of one source: what was in it, and how many of its pings were new."""

    origin: Origin
    new: int

    @property
    def empty(self) -> bool:
        """Whether there was nothing in it, and nothing that could not be read."""
        what = self.origin
        return not (what.pings or what.records or (what.kind and what.unreadable))


class _NothingError(Exception):
    """No source holds any telemetry."""


def import_and_tell(sources: Sequence[Path], into: Path) -> ExitCode:
    """Import, say what was, and say how it went."""
    try:
        done = import_sources(sources, into)
    except _NothingError:
        sys.stderr.write("auditor: nothing was imported: there is no telemetry in what was given\n")
        return ExitCode.NOTHING_AUDITED
    refused = [(one.origin.path, part) for one in done for part in one.origin.unreadable]
    for source, part in refused[:TOLD]:
        where = part.path if part.path == source else f"{source}: {part.path}"
        sys.stderr.write(f"auditor: {visible(where)} {part.reason}\n")
    if len(refused) > TOLD:
        sys.stderr.write(f"auditor: {len(refused) - TOLD} more could not be read\n")
    pings, new = sum(one.origin.pings for one in done), sum(one.new for one in done)
    what = f"{counted(len(done), 'source')}, {counted(pings, 'ping')}, {new} of them new"
    sys.stdout.write(f"{visible(into.as_posix())}: {what}\n")
    return ExitCode.INCOMPLETE if refused else ExitCode.KEPT


def import_sources(sources: Sequence[Path], into: Path) -> list[Import]:
    """Add what is new in the sources to the store: of all of them, or, should it fail, of none.

    Raises NoSuchStoreError and UsageError before anything is read.
    """
    _refuse_sources(sources, into)
    with _store(into) as database, writing(database), _progress() as progress:
        done = [_import(source, database, progress) for source in sources]
        if all(one.empty for one in done):
            raise _NothingError
        return done


def _refuse_sources(sources: Sequence[Path], into: Path) -> None:
    """Raise what is wrong with the paths."""
    target = into.resolve()
    for source in sources:
        if not source.exists():
            message = f"{source}: no such file or directory"
            raise NoSuchStoreError(message)
        if target == source.resolve() or (source.is_dir() and source.resolve() in target.parents):
            message = f"{into}: lies inside a source; evidence is never altered"
            raise UsageError(message)
    if not target.parent.is_dir() or target.is_dir():
        message = f"{into}: no store can be written there"
        raise UsageError(message)


@contextmanager
def _store(path: Path) -> Iterator["Database"]:
    """The store, ready to be written. One that was made for nothing is taken away again."""
    made = not path.exists()
    try:
        with opened(path) as database:
            yield database
    except BaseException as error:
        if made:
            for part in ("", "-wal", "-shm"):
                path.with_name(path.name + part).unlink(missing_ok=True)
        if isinstance(error, StoreError):
            message = f"{path}: {error}"
            raise UsageError(message) from None
        if isinstance(error, sqlite3.OperationalError) and _code(error) in _REFUSED:
            message = f"{path}: {_REFUSED[_code(error)]}"
            raise UsageError(message) from None
        raise


def _code(error: sqlite3.Error) -> int:
    """SQLite's plain error code, without what it adds for its own programmers."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _import(path: Path, database: "Database", progress: "Progress | None") -> Import:
    source, intake = Source(path), Intake()
    kind = read_store(source, 0, intake)
    tally = intake.tallies[0]
    origin = Origin(
        path=shown(path.as_posix()),
        place=shown(path.resolve().as_posix()),
        kind=kind,
        digest=source.digest,
        pings=tally.pings,
        events=tally.events,
        records=tally.records,
        unreadable=tuple(part for _, part in intake.unreadable),
        recorded=frozenset(intake.recorded),
    )
    tables = recorded_in(intake)
    addition = Addition(database, note_origin(database, origin))
    addition.add(
        _shown(progress, messages_in(tables), path, tally.pings),
        [*rows_in(tables, "profiles")],
        [*rows_in(tables, "records")],
        rows_in(tables, "recipes"),
    )
    return Import(origin, addition.message - addition.first)


@contextmanager
def _progress() -> "Iterator[Progress | None]":
    """Bars on standard error, where it is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        yield progress


def _shown(
    progress: "Progress | None", messages: Iterable[Kept], path: Path, total: int
) -> Iterable[Kept]:
    """The messages, with a bar that tells how many have been written."""
    if progress is None:
        return messages
    from rich.markup import escape

    return progress.track(messages, total, description=escape(visible(path.name)))
