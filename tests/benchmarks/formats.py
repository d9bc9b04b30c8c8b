"""How long and how much memory each format takes for 100,000 findings: run as a module.

Every format has a process of its own, in which the memory of the report alone is measured first.
"""

import hashlib
import resource
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from pathlib import Path

from auditor import renderers
from auditor.audit import audit
from auditor.report import Finding, Report
from auditor.rule import load_rules
from auditor.stores import read_stores

RECORDING = Path("tests/recordings/firefox-115-upload-off-on")
FINDINGS = 100_000


def finding(like: Finding, number: int) -> Finding:
    """One more finding, of whose names and tokens none is another's."""
    name = hashlib.sha256(str(number).encode()).hexdigest()
    evidence = tuple(
        replace(
            part,
            ping=name[index:][:32],
            source=f"datareporting/archived/{name[index:][:32]}.event.jsonlz4",
            person=f"person:{name[-8:]}",
            position=number % 90,
        )
        for index, part in enumerate(like.evidence)
    )
    message = f"enrollment:{name[:8]}{like.message[19:]}"
    return like.model_copy(
        update={"fingerprint": name[:32], "message": message, "evidence": evidence}
    )


def large() -> Report:
    """The audit of a recording, with very many findings of one rule."""
    stores = read_stores([RECORDING / "profile", RECORDING / "received.ndjson"])
    report = audit(stores, [r for r in load_rules() if r.name.endswith("_sent_after_opt_out")])
    (verdict,) = report.verdicts
    findings = tuple(finding(verdict.findings[0], number) for number in range(FINDINGS))
    many = verdict.model_copy(update={"findings": findings, "broken": FINDINGS})
    return report.model_copy(update={"verdicts": (many,)})


def peak() -> int:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measured(form: str) -> str:
    """The figures of one format, in a line."""
    report = large()
    before, begun, size, packed = peak(), time.perf_counter(), 0, zlib.compressobj()
    small = 0
    for part in renderers.parts(report, form):
        size, small = size + len(part), small + len(packed.compress(part))
    seconds = time.perf_counter() - begun
    sizes = f"{size / 1e6:7.1f} MB, {small / 1e6:5.1f} MB under gzip"
    return f"{form:10}{sizes}, {seconds:5.1f} s, {before} MB of memory before, {peak()} MB after"


def main() -> None:
    """Print the table, or, given a format, its line."""
    if len(sys.argv) > 1:
        print(measured(sys.argv[1]))  # noqa: T201 - a benchmark's output
        return
    for form in renderers.formats():
        subprocess.run([sys.executable, "-m", "tests.benchmarks.formats", form], check=True)


if __name__ == "__main__":
    main()
