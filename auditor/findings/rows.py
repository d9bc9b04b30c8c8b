"""A report as rows of the findings database."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditor.findings.schema import TABLES, keys_of
from auditor.report import Finding, Report, StoreSummary, Verdict
from auditor.stores.own.schema import insertion

if TYPE_CHECKING:
    from sqlite_utils import Database

_RULE = (*("name", "promise", "clause", "section", "explanation", "mend", "severity", "waivable"),)


def highest(database: "Database") -> dict[str, int]:
    """The highest number in each table: what comes after is new."""
    return {
        name: database.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()[0]  # noqa: S608 - names of our own
        for name in TABLES
    }


def texts_since(database: "Database", known: Mapping[str, int]) -> bytes:
    """Every row that is new, as it can be read back."""
    lines = [
        json.dumps(row, ensure_ascii=False)
        for name, last in known.items()
        for row in database.execute(f"SELECT * FROM {name} WHERE id > ?", [last])  # noqa: S608 - names of our own
    ]
    return "\n".join(lines).encode(errors="replace")


def add_run(database: "Database", report: Report, digest: str) -> None:
    """Add every row of the report."""
    plain = report.model_dump(mode="json")
    run = _add(
        database,
        "runs",
        _picked(plain, "runs")
        | _picked(plain["gate"] or {}, "runs")
        | {"digest": digest}
        | {name: json.dumps(plain[name], sort_keys=True) for name in ("versions", "options")},
    )
    for part in (plain["gate"] or {}).get("findings", ()):
        _add(database, "gate_findings", part | {"run": run})
    stores = {n: _add_store(database, run, n, store) for n, store in enumerate(report.stores)}
    for verdict in report.verdicts:
        _add_verdict(database, run, verdict, stores)


def _add_store(database: "Database", run: int, number: int, store: StoreSummary) -> int:
    plain = store.model_dump(mode="json")
    added = _add(database, "stores", _picked(plain, "stores") | {"run": run, "number": number})
    for name in ("inputs", "unreadable"):
        _add_all(database, name, plain[name], {"store": added})
    return added


def _add_verdict(
    database: "Database", run: int, verdict: Verdict, stores: Mapping[int, int]
) -> None:
    plain = verdict.model_dump(mode="json")
    told = {"name": verdict.rule} | {key: plain[key] for key in _RULE[1:]}
    rule = _known(database, "rules", told)
    added = _add(database, "verdicts", _picked(plain, "verdicts") | {"run": run, "rule": rule})
    if verdict.witness is not None:
        shown = json.dumps(plain["witness"]["evidence"], ensure_ascii=False)
        told = {"verdict": added, "message": plain["witness"]["message"], "evidence": shown}
        _add(database, "witnesses", told)
    for finding in verdict.findings:
        _add_finding(database, added, finding, stores)


def _add_finding(
    database: "Database", verdict: int, finding: Finding, stores: Mapping[int, int]
) -> None:
    plain = finding.model_dump(mode="json")
    waiver = _known(database, "waivers", plain["waiver"]) if plain["waiver"] else None
    links = {"verdict": verdict, "waiver": waiver}
    added = _add(database, "findings", _picked(plain, "findings") | links)
    evidence = [
        part | {"number": number, "store": stores.get(part["store"])}
        for number, part in enumerate(plain["evidence"])
    ]
    _add_all(database, "evidence", evidence, {"finding": added})
    for name in ("story", "switches"):
        _add_all(database, name, plain[name], {"finding": added})


def _known(database: "Database", table: str, row: Mapping[str, Any]) -> int:
    """The number of a row that many others share: one in other words is another."""
    same = " AND ".join(f"{name} = ?" for name in row)
    query = f"SELECT id FROM {table} WHERE {same}"  # noqa: S608 - names of our own
    found = database.execute(query, _values(row)).fetchone()
    return int(found[0]) if found else _add(database, table, row)


def _picked(plain: Mapping[str, Any], table: str) -> dict[str, Any]:
    """Those of a report's fields that are columns, but for what links the tables."""
    columns = TABLES[table].keys() - {"id", *(column for column, _, _ in keys_of(table))}
    return {name: plain[name] for name in plain.keys() & columns}


def _add(database: "Database", table: str, row: Mapping[str, Any]) -> int:
    """Add one row, and give its number."""
    return int(database.execute(insertion(table, list(row)), _values(row)).lastrowid or 0)


def _add_all(
    database: "Database", table: str, rows: Sequence[Mapping[str, Any]], link: Mapping[str, int]
) -> None:
    """Add rows that have the same columns, and all the same link to another table."""
    if rows:
        columns = [*rows[0], *link]
        values = (_values({**row, **link}) for row in rows)
        database.conn.executemany(insertion(table, columns), values)


def _values(row: Mapping[str, Any]) -> list[Any]:
    return [_whole(value) if isinstance(value, str) else value for value in row.values()]


def _whole(text: str) -> str:
    """The text as SQLite can keep it: not half a surrogate pair, as in a path that is no UTF-8."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
