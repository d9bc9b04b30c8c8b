"""Whether the files that a report is of lie there as they did: each by the sha256 of its bytes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from auditor.report import StoreSummary

_REDACTED = ("id:", "[withheld")


def differences(told: StoreSummary, now: StoreSummary, root: Path) -> Iterator[str]:
    """What is missing, changed or added, a clause each. `now` is what a reader takes in today."""
    here = {part.path: part.digest for part in now.inputs}
    there = {part.path: part.digest for part in told.inputs}
    # A name that was redacted can only be known again by what stands in the file.
    renamed = {path for path in there if any(mark in path for mark in _REDACTED)}
    known_again = {there[path] for path in renamed}
    for path, digest in sorted(there.items()):
        if path in renamed:
            known = digest in here.values()
        else:
            # What a reader does not take in today is not opened, whatever a report may name.
            file = root / path if root.is_dir() else root.parent / path
            known = path in here and _digest(file) == digest
        if not known:
            yield f"{path} is {'changed' if path in here else 'missing'}"
    for path, digest in sorted(here.items()):
        if path not in there and digest not in known_again:
            yield f"{path} is added"


def _digest(path: Path) -> str | None:
    """`sha256:…` of a file's bytes; None when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError:
        return None
    return f"sha256:{digest.hexdigest()}"
