"""Holds recorded telemetry against the promises made to people about it."""

from auditor.rule import ENROLLMENT_IDS, Lesser, Rule, Severity, Unclear

__all__ = ["ENROLLMENT_IDS", "Lesser", "Rule", "Severity", "Unclear"]
__version__ = "0.1.0"
