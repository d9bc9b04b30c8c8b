"""Uptake as Firefox counted it in main pings: in a keyed histogram, beside the events of later.

`UPTAKE_REMOTE_CONTENT_RESULT_1` has a histogram for each source, with a bucket for each status.
Sources: services/common/uptake-telemetry.js, which adds the status of every report under its
source, and services/common/tests/unit/head_helpers.js, which holds each label against the bucket at
its place. Which bucket a status of later versions would have, no source tells: one that is beyond
these is named as what cannot be read.
"""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from auditor.stores.apart import Listed
from auditor.stores.intake import Message
from auditor.stores.ping_events import NORMANDY, UPTAKE
from auditor.stores.plain import clean, mapping_of, number_of

HISTOGRAM = "UPTAKE_REMOTE_CONTENT_RESULT_1"
SOURCES = "normandy/"
"""How the sources begin that are Normandy's."""

STATUSES = (
    "up_to_date", "success", "backoff", "pref_disabled", "parse_error", "content_error",
    "sign_error", "sign_retry_error", "conflict_error", "sync_error", "apply_error",
    "server_error", "certificate_error", "download_error", "timeout_error", "network_error",
    "offline_error", "cleanup_error", "unknown_error", "custom_1_error", "custom_2_error",
    "custom_3_error", "custom_4_error", "custom_5_error",
)  # fmt: skip
"""The statuses, in the order of the buckets."""

PROCESS = "{} histogram"
"""What stands for the process: a bucket is no event in the process's list."""

UNREADABLE = "has an uptake histogram with a bucket that stands for no status that is known"


def take_histograms(message: Message, payload: dict[str, Any]) -> None:
    """Take in a report for each bucket of Normandy's that is not empty, by source and status."""
    key = message.ping.message
    for process, histograms in _histograms(payload):
        found = [*_filled(mapping_of(histograms.get(HISTOGRAM)))]
        known = sorted((source, place) for source, place in found if place is not None)
        if len(known) < len(found):
            message.faults.append(UNREADABLE)
        if known:
            reports = [
                [None, UPTAKE, "uptake", NORMANDY, STATUSES[place], {"source": source}]
                for source, place in known
            ]
            name = PROCESS.format(clean(process))
            message.listed.append(Listed(key, name, orjson.dumps(reports).decode()))


def _histograms(payload: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The keyed histograms of every process; the parent's lie outside its process."""
    yield "parent", mapping_of(payload.get("keyedHistograms"))
    for process, part in mapping_of(payload.get("processes")).items():
        yield process, mapping_of(mapping_of(part).get("keyedHistograms"))


def _filled(sources: dict[str, Any]) -> Iterator[tuple[str, int | None]]:
    """The source and the place of every bucket that is not empty; None for one that is none."""
    for source, histogram in sources.items():
        if source.startswith(SOURCES):
            values = mapping_of(histogram).get("values")
            if not isinstance(values, dict):
                yield clean(source), None
            for bucket, count in mapping_of(values).items():
                if count != 0:
                    yield clean(source), _place(bucket, number_of(count))


def _place(bucket: str, count: int | None) -> int | None:
    known = re.fullmatch("[0-9]{1,2}", bucket) is not None and int(bucket) < len(STATUSES)
    return int(bucket) if known and count is not None and count > 0 else None
