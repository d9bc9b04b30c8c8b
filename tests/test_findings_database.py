"""The findings database: every run is kept, whole or not at all, and can be compared."""

import json
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from auditor import findings
from auditor.audit import audit
from auditor.findings.metadata import metadata
from auditor.findings.schema import APPLICATION_ID, KNOWN, TABLES, views
from auditor.history import Moment, enroll, opt_in, opt_out, unenroll
from auditor.report import Gate, GateFinding, Report, Waived
from auditor.rule import Severity, load_rules
from auditor.stores import as_stores, read_stores
from tests.conftest import RECORDINGS

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]
Rows = list[tuple[Any, ...]]
Ask = Callable[..., Rows]

BROKEN = "firefox-115-upload-off-on"
ENDED_TWICE = (enroll("e1", day=1), unenroll("e1", day=2), unenroll("e1", day=3))
SENT_AFTER = (enroll("e1", day=1), opt_out(day=2), opt_in(day=3), unenroll("e1", day=4))


WAIVER = Waived(justification="known", owner="a", approver="b", expires="2027-03-31")


def report_of(*moments: Moment) -> Report:
    """The report on a history."""
    return audit(as_stores(moments), load_rules())


@pytest.fixture(scope="module")
def recorded() -> Report:
    """The report on a real recording in which promises are broken."""
    folder = RECORDINGS / BROKEN
    return audit(read_stores([folder / "profile", folder / "received.ndjson"]), load_rules())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database is to be."""
    return tmp_path / "findings.db"


@pytest.fixture
def ask(path: Path) -> Ask:
    """Ask the database, by SQLite alone."""

    def rows(query: str, *values: object) -> Rows:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    return rows


def test_whole_report(path: Path, ask: Ask, recorded: Report) -> None:
    """Every verdict, finding and piece of evidence of a report can be read back."""
    findings.append(path, recorded)
    told = ask(
        "SELECT rules.name, verdicts.verdict, findings.fingerprint, evidence.ping,"
        " evidence.position, evidence.at, evidence.note FROM verdicts"
        " JOIN rules ON rules.id = verdicts.rule"
        " LEFT JOIN findings ON findings.verdict = verdicts.id"
        " LEFT JOIN evidence ON evidence.finding = findings.id"
    )
    expected = [
        (v.rule, str(v.verdict), f and f.fingerprint, *part)
        for v in recorded.verdicts
        for f in v.findings or (None,)
        for part in (
            [(e.ping, e.position, e.at, e.note) for e in f.evidence] if f else [(None,) * 4]
        )
    ]
    assert sorted(map(repr, expected)) == sorted(map(repr, told))


def test_every_file(path: Path, ask: Ask, recorded: Report) -> None:
    """Every file that was read is in it, with the sha256 of its bytes and its store."""
    findings.append(path, recorded)
    told = ask(
        "SELECT stores.path, inputs.path, inputs.digest FROM inputs"
        " JOIN stores ON stores.id = inputs.store"
    )
    expected = {(s.path, part.path, part.digest) for s in recorded.stores for part in s.inputs}
    assert (expected, True) == (set(told), len(told) > 10)


def test_runs_are_kept(path: Path, ask: Ask) -> None:
    """Another report is another run; those before it stay."""
    for history in (ENDED_TWICE, SENT_AFTER, ()):
        findings.append(path, report_of(*history))
    assert ask("SELECT id FROM runs ORDER BY id") == [(1,), (2,), (3,)]


def test_same_report_twice(path: Path, ask: Ask, recorded: Report) -> None:
    """The same report is the same run, known by its digest."""
    findings.append(path, recorded)
    before = path.read_bytes()
    findings.append(path, recorded)
    assert before == path.read_bytes()
    assert [(findings.digest_of(recorded),)] == ask("SELECT digest FROM runs")


def test_same_report_same_rows(tmp_path: Path, recorded: Report) -> None:
    """Nothing in a database tells when or where it was made."""
    for name in ("a.db", "b.db"):
        findings.append(tmp_path / name, recorded)
    assert (tmp_path / "a.db").read_bytes() == (tmp_path / "b.db").read_bytes()


def test_rule_in_other_words(path: Path, ask: Ask) -> None:
    """A rule is one row however many runs it is in; in other words it is another."""
    report = report_of(*ENDED_TWICE)
    findings.append(path, report)
    findings.append(path, report_of(*SENT_AFTER))
    assert [(len(report.verdicts),)] == ask("SELECT count(*) FROM rules")
    verdict = report.verdicts[0].model_copy(update={"promise": "Another promise."})
    findings.append(path, report.model_copy(update={"verdicts": (verdict,)}))
    assert ask("SELECT count(*) FROM rules WHERE name = ?", verdict.rule) == [(2,)]


def test_foreign_keys(path: Path, ask: Ask, recorded: Report) -> None:
    """Every row that names another names one that is there."""
    findings.append(path, recorded)
    keys = {
        (table, row[3], row[2])
        for table in TABLES
        for row in ask(f"PRAGMA foreign_key_list({table})")
    }
    expected = {
        ("stores", "run", "runs"),
        ("inputs", "store", "stores"),
        ("unreadable", "store", "stores"),
        ("verdicts", "run", "runs"),
        ("verdicts", "rule", "rules"),
        ("findings", "verdict", "verdicts"),
        ("findings", "waiver", "waivers"),
        ("gate_findings", "run", "runs"),
        ("witnesses", "verdict", "verdicts"),
        ("evidence", "finding", "findings"),
        ("evidence", "store", "stores"),
        ("story", "finding", "findings"),
        ("switches", "finding", "findings"),
    }
    assert (expected, []) == (keys, ask("PRAGMA foreign_key_check"))


@pytest.mark.parametrize(
    ("index", "words"),
    [
        pytest.param("findings_fts", "opt", id="what a finding says"),
        pytest.param("evidence_fts", "annotation", id="what a place shows"),
        pytest.param("rules_fts", "filler", id="what a promise says"),
    ],
)
def test_search(path: Path, ask: Ask, recorded: Report, index: str, words: str) -> None:
    """Words are found where they stand, and nothing for words that stand nowhere."""
    findings.append(path, recorded)
    query = f"SELECT count(*) > 0 FROM {index} WHERE {index} MATCH ?"  # noqa: S608 - our own
    found = {word: ask(query, word) for word in (words, "xylophone")}
    assert {words: [(1,)], "xylophone": [(0,)]} == found


def test_scorecard(path: Path, ask: Ask) -> None:
    """The verdict on every promise in the last run, and what it was before."""
    findings.append(path, report_of(*ENDED_TWICE))
    findings.append(path, report_of(*ENDED_TWICE[:2]))
    rule = "change_ended_twice"
    told = ask("SELECT verdict, verdict_before FROM scorecard WHERE rule = ?", rule)
    assert told == [("holds", "broken")]


def test_open_findings(path: Path, ask: Ask) -> None:
    """The findings of the last run that are not waived, and since which run they are known."""
    first, last = report_of(*ENDED_TWICE), report_of(*ENDED_TWICE, enroll("e2", day=9, change="b"))
    findings.append(path, first)
    findings.append(path, waived(last, "change_ended_twice"))
    assert ask("SELECT * FROM open_findings WHERE rule = 'change_ended_twice'") == []
    findings.append(path, last)
    query = "SELECT first_run, runs FROM open_findings WHERE rule = 'change_ended_twice'"
    assert ask(query) == [(1, 3)]


def waived(report: Report, rule: str) -> Report:
    """The report with every finding of a rule waived."""
    return report.model_copy(
        update={
            "verdicts": tuple(
                v.model_copy(
                    update={
                        "findings": tuple(
                            f.model_copy(update={"disposition": "waived", "waiver": WAIVER})
                            for f in v.findings
                        )
                    }
                )
                if v.rule == rule
                else v
                for v in report.verdicts
            )
        }
    )


def test_gate(path: Path, ask: Ask) -> None:
    """A waiver is one row however many findings it excuses; what is wrong with one is kept too."""
    report = waived(report_of(*ENDED_TWICE), "change_ended_twice")
    wrong = GateFinding(
        kind="unused-waiver",
        severity=Severity.LOW,
        rule="unenroll_failed",
        place="waivers.toml, line 12",
        message="excuses nothing",
    )
    gate = Gate(today="2027-01-01", baseline=None, waivers="sha256:00", findings=(wrong,))
    findings.append(path, report.model_copy(update={"gate": gate}))
    findings.append(path, waived(report_of(*SENT_AFTER), "enrollment_id_sent_after_opt_out"))
    told = ask(
        "SELECT waivers.owner, waivers.expires, count(*) FROM findings"
        " JOIN waivers ON waivers.id = findings.waiver GROUP BY waivers.id"
    )
    assert [(WAIVER.owner, WAIVER.expires, 2)] == told
    assert ask("SELECT today, baseline, waivers FROM runs")[:1] == [
        ("2027-01-01", None, "sha256:00")
    ]
    assert [(1, wrong.kind, wrong.place)] == ask("SELECT run, kind, place FROM gate_findings")


def test_unproven(path: Path, ask: Ask) -> None:
    """The promises that the last run could not prove, and the last run that could."""
    findings.append(path, report_of(*ENDED_TWICE))
    findings.append(path, report_of())
    query = "SELECT reason, last_proven_run FROM unproven WHERE rule = ?"
    assert ask(query, "change_ended_twice") == [("nothing-to-examine", 1)]
    assert ask(query, "preference_value_reported") == [("nothing-to-examine", None)]


def test_timeline(path: Path, ask: Ask) -> None:
    """What the findings tell of the last run is in the order in which it happened."""
    findings.append(path, report_of(*SENT_AFTER))
    rule = "enrollment_id_sent_after_opt_out"
    told = ask("SELECT at, event FROM timeline WHERE rule = ?", rule)
    events = ["enroll preference_study", "upload off", "upload on", "unenroll preference_study"]
    times = [at for at, _ in told]
    assert (sorted(times), events) == (times, [event for _, event in told])


def test_trend(path: Path, ask: Ask) -> None:
    """How many findings each run has, how many of them are new, and how many are gone."""
    for history in (ENDED_TWICE, SENT_AFTER):
        findings.append(path, report_of(*history))
    (first, second) = ask("SELECT findings, new, gone FROM trend")
    assert (first[0], 0) == first[1:]
    assert (second[0] - first[0]) == second[1] - second[2]
    assert second[2] > 0


def test_what_it_is(path: Path, ask: Ask, recorded: Report) -> None:
    """The file says what it is, and of which schema."""
    findings.append(path, recorded)
    told = (ask("PRAGMA application_id"), ask("PRAGMA user_version"), ask("PRAGMA integrity_check"))
    assert told == ([(APPLICATION_ID,)], [(KNOWN,)], [("ok",)])


def test_metadata(path: Path, ask: Ask, recorded: Report) -> None:
    """Datasette is told of every table and view, and of nothing that is not there."""
    findings.append(path, recorded)
    there = {name for (name,) in ask("SELECT name FROM sqlite_schema WHERE type <> 'index'")}
    told = metadata("findings")["databases"]["findings"]["tables"]
    described = {name for name, facts in told.items() if "description" in facts}
    hidden = {name for name, facts in told.items() if facts.get("hidden")}
    triggers = {name for (name,) in ask("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}
    assert (TABLES.keys() | views().keys(), there - triggers) == (described, described | hidden)
    for name, facts in told.items():
        columns = {row[1] for row in ask(f"PRAGMA table_info({name})")}
        label = facts.get("label_column", facts.get("sort", next(iter(columns))))
        assert set() == {label, *facts.get("facets", [])} - columns


OTHER_FILES = {
    "a text": b"a text, and none of its own\n",
    "a damaged database": b"SQLite format 3\0" + b"\xff" * 9000,
}


@pytest.mark.parametrize("what", OTHER_FILES)
def test_other_file(run: Run, recording: Callable[[str], Stores], desk: Path, what: str) -> None:
    """A file that is no findings database is refused before the audit, and stays as it is."""
    (desk / "other.db").write_bytes(OTHER_FILES[what])
    done = run("audit", *recording(BROKEN), "--report", "other.db")
    told = (done.returncode, done.stdout, done.stderr)
    assert told == (2, "", "auditor: other.db: is no findings database\n")
    assert OTHER_FILES[what] == (desk / "other.db").read_bytes()


def test_database_of_others(run: Run, recording: Callable[[str], Stores], desk: Path) -> None:
    """A database that some other program made is refused."""
    with closing(sqlite3.connect(desk / "other.db")) as connection:
        connection.execute("CREATE TABLE runs (id)")
    done = run("audit", *recording(BROKEN), "--report", "other.db")
    assert (done.returncode, done.stderr) == (2, "auditor: other.db: is no findings database\n")


def test_store_of_pings(run: Run, recording: Callable[[str], Stores], desk: Path) -> None:
    """A store that `auditor import` made is evidence, and is refused."""
    run("import", recording(BROKEN)[1], "--into", "store.db")
    before = (desk / "store.db").read_bytes()
    done = run("audit", *recording(BROKEN), "--report", "store.db")
    sentence = "auditor: store.db: is a store of pings; evidence is never altered\n"
    assert (2, sentence) == (done.returncode, done.stderr)
    assert before == (desk / "store.db").read_bytes()


def test_newer_schema(path: Path, recorded: Report) -> None:
    """A database of a later auditor is refused, and not written by one that knows less."""
    findings.append(path, recorded)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {KNOWN + 1}")
    with pytest.raises(findings.FindingsError, match="newer auditor"):
        findings.append(path, report_of(*ENDED_TWICE))


DYING = """
import os, sys
from pathlib import Path
from auditor import findings
from auditor.findings import rows
from auditor.report import Report
count = 0
plain = rows._add
def add(*arguments):
    global count
    count += 1
    if count > 60:
        os._exit(9)
    return plain(*arguments)
rows._add = add
findings.append(Path("findings.db"), Report.model_validate_json(Path("report.json").read_bytes()))
"""


@pytest.mark.parametrize("runs", [0, 1], ids=["a new database", "one that has a run"])
def test_crash(run: Run, desk: Path, recorded: Report, runs: int) -> None:
    """A process that dies in the middle leaves what was there, and the next can go on from it."""
    path = desk / "findings.db"
    if runs:
        findings.append(path, report_of(*ENDED_TWICE))
    (desk / "report.json").write_text(recorded.model_dump_json(by_alias=True))
    assert run(code=DYING).returncode == 9
    findings.append(path, recorded)
    with closing(sqlite3.connect(path)) as connection:
        told = connection.execute("SELECT count(*) FROM runs").fetchall()
        assert [(runs + 1,)] == told
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_audit_appends(run: Run, recording: Callable[[str], Stores], desk: Path) -> None:
    """`--report findings.db` adds the run of an audit, and the audit's exit code is its own."""
    profile, received = recording(BROKEN)
    codes = [
        run("audit", *stores, "--report", "findings.db", "--report", "report.json").returncode
        for stores in ((profile, received), (received,), (received,))
    ]
    report = Report.model_validate(json.loads((desk / "report.json").read_text()))
    with closing(sqlite3.connect(desk / "findings.db")) as connection:
        told = [digest for (digest,) in connection.execute("SELECT digest FROM runs ORDER BY id")]
    assert ([1, 1, 1], findings.digest_of(report), 2) == (codes, told[-1], len(told))
