"""A report held against its stores again, without the engine, the views or the rules that made it.

Three questions: do the files lie there as they did, does each piece of evidence stand where it is
said to, and does it show what the finding says? A finding that holds is `confirmed`, one that does
not is `refuted`; one about which the evidence alone decides nothing is `not re-derived`. That
nothing else is broken is not said: that is for a new audit to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.report import Report
from auditor.stores import Stores
from auditor.verifying.desk import Desk, Standing, Verified
from auditor.verifying.inputs import differences

__all__ = ["Standing", "Verification", "Verified", "verify"]


@dataclass(frozen=True)
class Verification:
    """What became of a report: of its files, a clause for each difference, and of its findings."""

    altered: tuple[str, ...]
    findings: tuple[Verified, ...]

    def count(self, standing: Standing) -> int:
        """How many findings stand so."""
        return sum(one.standing is standing for one in self.findings)


def verify(
    report: Report, stores: Stores, paths: Sequence[Path], key: bytes | None = None
) -> Verification:
    """Hold a report against its stores, which are given in the order of the report.

    `key` is the token key that the audit was given, if any.
    """
    altered = tuple(
        f"{path}: {clause}"
        for told, now, path in zip(report.stores, stores.summaries, paths, strict=True)
        for clause in differences(told, now, path)
    )
    desk = Desk(report, stores, key)
    findings = tuple(
        desk.verified(verdict, finding)
        for verdict in report.verdicts
        for finding in verdict.findings
    )
    return Verification(altered, findings)
