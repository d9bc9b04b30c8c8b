"""What JSON holds, as columns can hold it: texts, numbers, times and ids, each in one form."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from auditor.history import FILLER
from auditor.stores.packed import UnreadableError

CANARY = "c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0"
"""The client id while upload is off (`TelemetryUtils.knownClientID`): nobody's."""

SLUG_BYTES = 80
"""Telemetry cuts an event's value here (`kMaxValueByteLength`); annotations and records are cut
to match, so that one change has one name."""

LATEST = 1 << 45
"""No clock is later (in the year 3084), so that no sum of times leaves what a column can hold."""


_FIRST, _LAST = 1_262_304_000_000, 4_102_444_800_000
"""The years 2010 to 2100, in milliseconds."""

_NUMBER = re.compile(r"[0-9]{1,19}(\.[0-9]{1,9})?")


def client_of(value: object) -> tuple[str | None, bool]:
    """A client id in its plain form, or None and True for the canary."""
    text = (text_of(value) or "").strip("{}").lower()
    return (None, True) if text == CANARY else (text or None, False)


def enrollment_of(value: object) -> tuple[str | None, bool]:
    """An enrollment ID as it was recorded, or None and True for the filler."""
    text = as_text(value)
    return (None, True) if text == FILLER else (text, False)


def slug_of(text: str | None) -> str | None:
    """The name of a change, cut as Telemetry cuts an event's value: at a whole character."""
    if text is None or text.isascii():
        return text and text[:SLUG_BYTES]
    return text.encode()[:SLUG_BYTES].decode(errors="ignore")


def epoch_ms(text: object) -> int | None:
    """An ISO 8601 time in milliseconds since 1970 UTC, or None where there is none to read."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return within(round(moment.timestamp() * 1000), 0, LATEST)


def warehouse_ms(value: object) -> int | None:
    """A time as warehouses write it: text with ` UTC` after it, or a number of any unit."""
    if isinstance(value, str):
        told = epoch_ms(value.removesuffix(" UTC"))
        return _of_number(_NUMBER.fullmatch(value) and float(value)) if told is None else told
    return None if isinstance(value, bool) else _of_number(value)


def _of_number(value: object) -> int | None:
    """Milliseconds of a number, whose size tells its unit: no two have a time that is alike."""
    if not isinstance(value, int | float):
        return None
    if _FIRST <= value * 1000 < _LAST:
        return round(value * 1000)
    units = (1, 1_000, 1_000_000)
    return next((int(value // unit) for unit in units if _FIRST <= value / unit < _LAST), None)


def within(number: int | None, low: int, high: int) -> int | None:
    """The number, if it is at least `low` and below `high`."""
    return number if number is not None and low <= number < high else None


def major(version: str | None) -> int | None:
    """The major version of `115.14.0`."""
    found = re.match(r"\d{1,6}", version or "")
    return int(found[0]) if found else None


def clean(text: str) -> str:
    """The text with half surrogate pairs (which no UTF-8 can hold) as U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def object_of(value: object, otherwise: str) -> dict[str, Any]:
    """A JSON object. Raises UnreadableError with what to say otherwise."""
    if not isinstance(value, dict):
        raise UnreadableError(otherwise)
    return value


def mapping_of(value: object) -> dict[str, Any]:
    """A JSON object, or an empty one in the place of anything else."""
    return value if isinstance(value, dict) else {}


def text_of(value: object) -> str | None:
    """A text as a column can hold it, or None in the place of anything else."""
    if not isinstance(value, str):
        return None
    return value if value.isascii() else clean(value)


def as_text(value: object) -> str | None:
    """A recorded value as text; what is not a string (Telemetry sends none) as its JSON."""
    if isinstance(value, str):
        return value if value.isascii() else clean(value)
    if value is None:
        return None
    try:
        return json.dumps(value)
    except RecursionError:
        message = "holds a value nested too deeply"
        raise UnreadableError(message) from None


def number_of(value: object) -> int | None:
    """A whole number that a column can hold, or None in the place of anything else."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) < 1 << 62 else None
