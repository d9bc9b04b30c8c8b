"""The way a report leaves: printed, or put in place as a whole file that replaces no input."""

import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from auditor import findings, renderers
from auditor.failures import UnwrittenError, UsageError
from auditor.leaks import LeakError, Leaks
from auditor.report import Report
from auditor.withholding import Look, look_at


def refuse_in_place_of(paths: Iterable[Path], inputs: Collection[Path]) -> None:
    """Raise UsageError, before anything is done, when a report cannot be written to its path.

    `inputs` are files and folders that were given: no report replaces one, or lies inside one.
    """
    taken = {given.resolve(): given.is_dir() for given in inputs}
    for path in paths:
        _refuse_suffix(path)
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
        if _is_database(path):
            _refuse_database(path)


def _is_database(path: Path) -> bool:
    return path.suffix.lower() == findings.SUFFIX


def _refuse_suffix(path: Path) -> None:
    if not _is_database(path):
        try:
            renderers.by_suffix(path.suffix)
        except ValueError as error:
            message = f"{str(error).removesuffix('.')}, {findings.SUFFIX}."
            raise UsageError(message) from None


def _refuse_database(path: Path) -> None:
    try:
        findings.refuse(path)
    except findings.FindingsError as error:
        message = f"{path}: {error}"
        raise UsageError(message) from None


@dataclass(frozen=True)
class Printed:
    """How a report is printed: in which format, if at all, and whether in colours.

    Where nothing is said of colours, a terminal has them, unless `NO_COLOR` is set.
    """

    form: str | None = "text"
    color: bool | None = None


def deliver(
    report: Report, printed: Printed, paths: Iterable[Path], leaks: Leaks | None = None
) -> list[str]:
    """Write the report to every path, in the format of its suffix, and print it.

    Given what the stores hold, whatever has a raw value of theirs in it is withheld: these are the
    names of what was.
    """
    withheld = [path.as_posix() for path in paths if not _kept(report, path, leaks)]
    if printed.form is not None and not _shown(report, printed, printed.form, leaks):
        withheld.append("standard output")
    return withheld


def _kept(report: Report, path: Path, leaks: Leaks | None) -> bool:
    """Write one file, or leave what was there before."""
    try:
        if _is_database(path):
            findings.append(path, report, look_at(report, "json", leaks))
        else:
            parts = renderers.parts(report, path.suffix)
            put(path, parts, look_at(report, path.suffix, leaks))
    except LeakError:
        return False
    except findings.FindingsError as error:
        message = f"{path}: {error}"
        raise findings.FindingsError(message) from None
    return True


def _shown(report: Report, printed: Printed, form: str, leaks: Leaks | None) -> bool:
    """Print, or leave it be. What is to be looked at as a whole is first made as a whole."""
    parts: Iterable[bytes] = renderers.parts(report, form, **_options(printed))
    if leaks is not None:
        parts = [b"".join(parts)]
        try:
            look_at(report, form, leaks)(parts[0])
        except LeakError:
            return False
    show(parts)
    return True


def put(path: Path, parts: Iterable[bytes], look: Look = lambda _: None) -> None:
    """Put the whole file in place at once, or none of it: not when `look` raises at its bytes.

    This is the only way in which a report becomes a file of its own: what is to be asked of every
    one of them is asked here, before it takes the place of what was there. Raises UnwrittenError,
    such as when the disk is full.
    """
    try:
        _put(path, parts, look)
    except OSError as error:
        message = f"{path}: could not be written ({error.strerror or type(error).__name__})"
        raise UnwrittenError(message) from None


def _put(path: Path, parts: Iterable[bytes], look: Look) -> None:
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        look(Path(name).read_bytes())
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
    """Print to standard output, for as long as somebody reads. Raises UnwrittenError."""
    sys.stdout.flush()
    try:
        sys.stdout.buffer.writelines(parts)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever read has read enough, as `head` does. That says nothing of the promises, so the
        # exit code stays the audit's own.
        _silence()
    except OSError as error:
        _silence()
        message = f"standard output could not be written ({error.strerror or type(error).__name__})"
        raise UnwrittenError(message) from None


def _silence() -> None:
    """Let what is left unwritten go nowhere, or Python would try once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
