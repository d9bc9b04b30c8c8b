"""A reproducer of everything that was judged of the recordings by hand."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from auditor.audit import audit
from auditor.leaks import Leaks
from auditor.report import Finding
from auditor.reproduce import put
from auditor.reproduce.making import Given, Reproducer, made
from auditor.reproduce.secrecy import NOBODYS
from auditor.reproduce.sights import Judge
from auditor.rule import Severity, load_rules
from auditor.stores import Stores, read_both, read_stores
from tests.judgements import FOUND
from tests.test_recordings import ENTRIES, RECORDINGS, findings

if TYPE_CHECKING:
    import pyarrow as pa

UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TOKEN_OR_COUNT = re.compile(r"\b[a-z]+:[0-9a-f]{8}\b|\b\d+\b")
JUDGED = sorted({(ENTRIES[name][0], *FOUND[name]) for name in FOUND})
"""Recording, rule and severity: entries that share them are found as one."""


@cache
def stores_of(recording: str) -> "tuple[Stores, dict[str, pa.Table]]":
    """A recording's stores, settled and as recorded."""
    folder = RECORDINGS / recording
    return read_both([folder / "profile", folder / "received.ndjson"])


def reproducer(recording: str, fingerprint: str, key: bytes = b"any key") -> Reproducer:
    """A reproducer of one finding of a recording."""
    return made(fingerprint, Given(*stores_of(recording), Judge(), key))


def sentence(finding: Finding) -> str:
    """What a finding says, whoever it is about and however often it was seen."""
    return TOKEN_OR_COUNT.sub("#", finding.message)


def identifiers(data: bytes) -> set[bytes]:
    """Every UUID in a file, but for those that are nobody's."""
    nobodys = {text.encode() for text in NOBODYS}
    return {uuid.lower() for uuid in UUID.findall(data)} - nobodys


def known(recording: str) -> set[bytes]:
    """Every UUID that the recording's base tables hold, wherever it stands."""
    tables = stores_of(recording)[1].values()
    texts = (str(table.to_pylist()).encode() for table in tables)
    return set().union(*map(identifiers, texts))


@pytest.mark.parametrize(("recording", "rule", "severity"), JUDGED)
def test_what_was_judged_has_a_reproducer(
    recording: str, rule: str, severity: Severity, tmp_path: Path
) -> None:
    """It has under 20 rows, gives the same finding to a whole audit, and names nobody."""
    path = tmp_path / "mini.db"
    found = next(f for name, f in findings(recording) if (name, f.severity) == (rule, severity))
    kept = put(
        path,
        reproducer(recording, found.fingerprint),
        Judge(),
        Leaks(stores_of(recording)[0]),
    )
    verdicts = audit(read_stores([path]), load_rules()).verdicts
    (again,) = (verdict for verdict in verdicts if verdict.rule == rule)
    assert (found.severity, sentence(found)) in {(f.severity, sentence(f)) for f in again.findings}
    assert sum(kept.values()) < 20
    assert set() == identifiers(path.read_bytes()) & known(recording)
