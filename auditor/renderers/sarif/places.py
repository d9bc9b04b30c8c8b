"""Where evidence lies, as SARIF's locations."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from auditor.renderers import visible
from auditor.report import Evidence, StoreSummary

Json = dict[str, Any]

LOCATIONS = 100
"""Locations of a result: GitHub takes up to 1,000, and stores no more than these."""

ARTIFACTS = 25_000
"""Files that are listed with their digests: longer lists would leave no room for findings."""

_LINE = re.compile(r"(.+):([1-9]\d{0,8})")


def told(text: str) -> Json:
    """A message, in which nothing that a store says becomes a link."""
    return {"text": visible(text).replace("](", "] (")}


class Places:
    """The stores of a report, in which its evidence lies."""

    def __init__(self, stores: tuple[StoreSummary, ...]) -> None:
        """Take the stores in the order of the report."""
        self._stores = stores
        inputs = [(number, part) for number, store in enumerate(stores) for part in store.inputs]
        self._inputs = inputs[:ARTIFACTS]
        self.unlisted = len(inputs) - len(self._inputs)
        files = [(number, part.path) for number, part in self._inputs]
        self._index = {file: index for index, file in reversed(list(enumerate(files)))}

    def bases(self) -> Json:
        """What stands for each store in the places within it."""
        return {_base(number): _described(store) for number, store in enumerate(self._stores)}

    def artifacts(self) -> Iterator[Json]:
        """Every file that was read, with the digest of its bytes."""
        for number, part in self._inputs:
            yield {
                "location": {"uri": _uri(part.path), "uriBaseId": _base(number)},
                "roles": ["analysisTarget"],
                "hashes": {"sha-256": visible(part.digest.removeprefix("sha256:"))},
            }

    def stores(self) -> list[Json]:
        """The stores themselves, where something is said of them as a whole."""
        return [self.store(number) for number in range(len(self._stores))][:LOCATIONS]

    def store(self, number: int) -> Json:
        """One store itself: a folder, or the file that it is."""
        inputs = self._stores[number].inputs if number in range(len(self._stores)) else ()
        if len(inputs) == 1 and PurePath(self._stores[number].path).name == inputs[0].path:
            return self.within(number, inputs[0].path)
        return {"physicalLocation": {"artifactLocation": {"uri": "./", "uriBaseId": _base(number)}}}

    def within(self, number: int, source: str) -> Json:
        """A file of a store, or a line of one."""
        line = _LINE.fullmatch(source)
        if line and (number, source) not in self._index and (number, line[1]) in self._index:
            artifact, region = self._artifact(number, line[1]), {"startLine": int(line[2])}
            return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
        return {"physicalLocation": {"artifactLocation": self._artifact(number, source)}}

    def of(self, evidence: Evidence) -> Json:
        """Where a piece of evidence lies, and what it shows."""
        named = (evidence.ping, evidence.position)
        event = {"name": visible(evidence.event), "kind": "event"}
        if full := "#".join(str(part) for part in named if part is not None):
            event["fullyQualifiedName"] = visible(full)
        place = self.within(evidence.store, evidence.source)
        return place | {"logicalLocations": [event], "message": told(evidence.note)}

    def _artifact(self, number: int, path: str) -> Json:
        index = self._index.get((number, path))
        known = {} if index is None else {"index": index}
        return {"uri": _uri(path), "uriBaseId": _base(number)} | known


def _base(number: int) -> str:
    return f"STORE{number + 1}"


def _described(store: StoreSummary) -> Json:
    """Where it was audited, in words: whoever reads the report may have it somewhere else."""
    return {"description": {"text": visible(f"{store.kind}: {store.path}")}}


def _uri(path: str) -> str:
    """A path within a store; never one that leads out of it, whatever the store says."""
    parts = [part for part in path.encode("utf-8", "replace").split(b"/") if part not in _DOTS]
    return "/".join(map(quote, parts)) or "./"


_DOTS = {b"", b".", b".."}
