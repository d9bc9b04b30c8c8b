"""A key that somebody keeps: for tokens that are to be the same again, and for a baseline."""

from pathlib import Path

from auditor.failures import UsageError

_SHORTEST = 16
"""Bytes: 128 bits, below which a key can be guessed."""


def read_key(path: Path | None) -> bytes | None:
    """The bytes of a key's file; None for none. Raises UsageError, telling nothing of the key."""
    if path is None:
        return None
    try:
        key = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})"
        raise UsageError(message) from None
    if len(key) < _SHORTEST:
        message = (
            f"{path}: a token key has at least {_SHORTEST} bytes, "
            "such as `head -c 32 /dev/urandom` gives"
        )
        raise UsageError(message)
    return key
