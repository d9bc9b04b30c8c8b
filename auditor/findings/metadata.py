"""What a reader of the findings database is told of its tables and views, in Datasette's form."""

from typing import Any

from auditor.findings.schema import SEARCHED, views

_TOLD = {
    "runs": "One row is one audit, numbered in the order in which they were added.",
    "stores": "One row is one store of a run.",
    "inputs": "One row is one file that was read, and the sha256 of its bytes.",
    "unreadable": "One row is one input that could not be read, and why.",
    "rules": "One row is one promise as it stood: one whose words have changed is another row.",
    "verdicts": "One row is what one run says of one promise.",
    "waivers": "One row is one waiver: who excused findings, why, and until when.",
    "gate_findings": "One row is something wrong with a waiver, or with an entry of the baseline.",
    "findings": "One row is one subject that broke a promise, in one run.",
    "evidence": "One row is one place in a store, and what it shows.",
    "witnesses": "One row is one subject that kept a promise, with its evidence as JSON.",
    "story": "One row is another place of a finding's subject, which is no evidence.",
    "switches": "One row is one moment at which a person's upload went off or on.",
}
_FACETS = {
    "scorecard": ["verdict", "severity"],
    "open_findings": ["severity", "rule", "disposition"],
    "unproven": ["reason"],
    "timeline": ["rule", "person"],
    "verdicts": ["run", "verdict"],
    "findings": ["severity", "disposition"],
    "evidence": ["event", "note"],
}
_INSIDES = ("", "_config", "_data", "_docsize", "_idx")
"""The ends of the names of the tables that an index of words is kept in."""

_LABELS = {"waivers": "justification", "rules": "name", "runs": "digest", "findings": "message"}


def metadata(database: str) -> dict[str, Any]:
    """Datasette's metadata for a database of that name."""
    told = _TOLD | {view: _comment(sql) for view, sql in views().items()}
    tables: dict[str, dict[str, Any]] = {name: {"description": told[name]} for name in told}
    for table, facets in _FACETS.items():
        tables[table]["facets"] = facets
    for table, label in _LABELS.items():
        tables[table]["label_column"] = label
    # Of a view Datasette cannot know by itself that it can be searched.
    tables["open_findings"] |= {"fts_table": "findings_fts", "fts_pk": "finding"}
    tables["trend"]["sort"] = "run"
    tables |= {f"{table}_fts{part}": {"hidden": True} for table in SEARCHED for part in _INSIDES}
    return {
        "title": "Findings of auditor",
        "description": "Whether the promises of Normandy's data-collection document were kept. "
        "Identifiers are tokens, each of one run's stores; preference values are never shown.",
        "databases": {database: {"tables": tables}},
    }


def _comment(sql: str) -> str:
    lines = sql.splitlines()
    return " ".join(line.removeprefix("-- ") for line in lines if line.startswith("-- "))
