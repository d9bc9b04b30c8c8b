"""The way a report leaves: printed, or put in place as a whole file that replaces no input."""

import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from auditor import renderers
from auditor.failures import UsageError
from auditor.report import Report


def refuse_in_place_of(paths: Iterable[Path], inputs: Collection[Path]) -> None:
    """Raise UsageError, before anything is done, when a report cannot be written to its path.

    `inputs` are files and folders that were given: no report replaces one, or lies inside one.
    """
    taken = {given.resolve(): given.is_dir() for given in inputs}
    for path in paths:
        try:
            renderers.by_suffix(path.suffix)
        except ValueError as error:
            raise UsageError(str(error)) from None
        target = path.resolve()
        if not target.parent.is_dir() or target.is_dir():
            message = f"{path}: no report can be written there; name a file in a folder that exists"
            raise UsageError(message)
        if target in taken:
            message = f"{path}: is an input of this command; name another file for the report"
            raise UsageError(message)
        if any(taken.get(parent) for parent in target.parents):
            message = f"{path}: lies inside a store; evidence is never altered"
            raise UsageError(message)


@dataclass(frozen=True)
class Printed:
    """How a report is printed: in which format, if at all, and whether in colours.

    Where nothing is said of colours, a terminal has them, unless `NO_COLOR` is set.
    """

    form: str | None = "text"
    color: bool | None = None


def deliver(report: Report, printed: Printed, paths: Iterable[Path]) -> None:
    """Write the report to every path, in the format of its suffix, and print it."""
    for path in paths:
        put(path, renderers.parts(report, path.suffix))
    if printed.form is not None:
        show(renderers.parts(report, printed.form, **_options(printed)))


def put(path: Path, parts: Iterable[bytes]) -> None:
    """Put the whole file in place at once, or none of it.

    This is the only way in which a report becomes a file: what is to be asked of every one of
    them is asked here, before it takes the place of what was there.
    """
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _options(printed: Printed) -> dict[str, object]:
    """What only text is told: it alone depends on where it is printed."""
    if printed.form != "text":
        return {}
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else 100
    by_itself = terminal and not os.environ.get("NO_COLOR")
    color = by_itself if printed.color is None else printed.color
    return {"color": color, "width": max(width, 60)}


def show(parts: Iterable[bytes]) -> None:
    """Print to standard output, for as long as somebody reads."""
    sys.stdout.flush()
    try:
        sys.stdout.buffer.writelines(parts)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever read has read enough, as `head` does. That says nothing of the promises, so the
        # exit code stays the audit's own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
