"""Places in a file system: what stands there, what may not be looked into, and how it is called."""

import os
from pathlib import Path

LINKED = "is a link to a directory, which is not followed"


def shown(name: str) -> str:
    """A name as text: a file may be called by any bytes, of which not all are UTF-8."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def stands(path: Path) -> bool:
    """Whether there is a file to read: also one that turns out not to be readable."""
    try:
        return path.is_file() or (path.is_symlink() and not path.is_dir())
    except OSError:
        return True


def exists(path: Path) -> bool:
    """Whether there is something at a path: no, where a folder may not be looked into."""
    try:
        return path.exists()
    except OSError:
        return False


def is_linked_folder(path: Path) -> bool:
    """Whether a path is a link to a directory: none is followed, as it may lead in a circle."""
    return path.is_symlink() and path.is_dir()


def shut(path: Path) -> str | None:
    """Why nothing that is below a directory is read; None for what is no such directory."""
    try:
        if is_linked_folder(path):
            return LINKED
        is_open = not path.is_dir() or os.access(path, os.R_OK | os.X_OK)
    except OSError:  # it lies in a directory that is shut itself
        return None
    return None if is_open else "cannot be listed (Permission denied)"
