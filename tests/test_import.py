"""The command `import`: one store of many, of which the audit says what it says of the many."""

import json
import os
import pty
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import audit
from auditor.importing import import_sources
from auditor.report import Report
from auditor.rule import load_rules
from auditor.stores import read_stores

ROOT = Path(__file__).parents[1]
RECORDINGS = ROOT / "tests" / "recordings"
NAMES = sorted(path.parent.name for path in RECORDINGS.glob("*/received.ndjson"))
CLEAN, BROKEN = "firefox-115-clean", "firefox-115-upload-off-on"

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

STOP_IN_THE_MIDDLE = """
import sys, time
from pathlib import Path
from auditor.importing import import_sources
from auditor.stores.own.content import Addition

def stop(self, *given):
    print("in the middle", flush=True)
    time.sleep(60)

def add(self, *given):
    self.database.execute("PRAGMA cache_size = 1")  # so that much is in the log before its end
    add_all(self, *given)

add_all, Addition.add = Addition.add, add
Addition._add_profile = stop
import_sources([Path(path) for path in sys.argv[2:]], Path(sys.argv[1]))
"""


def told(report: Report) -> dict[str, tuple[Any, ...]]:
    """What the audit says of each promise, with the fingerprints of its findings."""
    return {
        v.rule: (
            *(v.verdict, v.reason, v.detail, v.subjects, v.broken),
            [(f.fingerprint, f.severity, len(f.evidence)) for f in v.findings],
        )
        for v in report.verdicts
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_audit_of_the_store_is_that_of_its_sources(
    recording: Callable[[str], Stores], tmp_path: Path, name: str
) -> None:
    """Same verdicts, same subjects, same findings."""
    import_sources(recording(name), tmp_path / "store.db")
    rules = load_rules()
    plain = audit(read_stores(recording(name)), rules)
    assert told(plain) == told(audit(read_stores([tmp_path / "store.db"]), rules))


def test_all_recordings_in_one_store(recording: Callable[[str], Stores], tmp_path: Path) -> None:
    """Many people in one store are told apart as they are in many."""
    sources = [path for name in NAMES for path in recording(name)]
    import_sources(sources, tmp_path / "store.db")
    rules = load_rules()
    plain = audit(read_stores(sources), rules)
    assert told(plain) == told(audit(read_stores([tmp_path / "store.db"]), rules))


def test_it_says_what_was_imported(run: Run, recording: Callable[[str], Stores]) -> None:
    """One line; of the second import, that nothing was new."""
    done = [run("import", *recording(CLEAN), "--into", "all.db") for _ in range(2)]
    assert [one.returncode for one in done] == [0, 0]
    assert done[0].stdout == "all.db: 2 sources, 28 pings, 27 of them new\n"
    assert done[1].stdout == "all.db: 2 sources, 28 pings, 0 of them new\n"
    assert [one.stderr for one in done] == ["", ""]


def test_only_its_owner_can_read_it(
    run: Run, desk: Path, recording: Callable[[str], Stores]
) -> None:
    """Preference values and client ids are in it."""
    run("import", *recording(CLEAN), "--into", "all.db")
    assert stat.S_IMODE((desk / "all.db").stat().st_mode) == 0o600
    assert [file.name for file in desk.iterdir()] == ["all.db"]


def test_help_says_what_is_kept(run: Run) -> None:
    """Whoever makes a store knows that it holds what a report never shows."""
    told_ = " ".join(run("import", "--help").stdout.split())
    assert "Preference values, client ids and enrollment IDs are kept" in told_


def test_unreadable_input(run: Run, copied: Callable[[str], Stores]) -> None:
    """Exit 4; the rest is imported, and the audit of the store says that it is incomplete."""
    profile, received = copied(CLEAN)
    received.write_bytes(received.read_bytes() + b"what is this?\n")
    done = run("import", profile, received, "--into", "all.db")
    assert done.returncode == 4
    assert done.stderr.endswith(" is not JSON (line 1, column 1)\n")
    assert "what is this?" not in done.stderr
    audited = run("audit", "all.db", "--format", "json")
    assert audited.returncode == 4
    (store,) = json.loads(audited.stdout)["stores"]
    (part,) = store["unreadable"]
    assert part["path"].startswith(f"{received}: received.ndjson:")
    assert store["pings"] > 20


def test_a_source_that_is_no_store(run: Run, desk: Path, copied: Callable[[str], Stores]) -> None:
    """It is one input that could not be read, beside others that could."""
    profile, _ = copied(CLEAN)
    (desk / "notes.txt").write_text("notes")
    done = run("import", profile, "notes.txt", "--into", "all.db")
    assert done.returncode == 4
    assert done.stderr.startswith("auditor: notes.txt is no store that is known")
    assert run("audit", "all.db").returncode == 4


@pytest.mark.parametrize("made", [False, True], ids=["a new store", "a store that is there"])
def test_nothing_to_import(
    run: Run, desk: Path, recording: Callable[[str], Stores], *, made: bool
) -> None:
    """Exit 3; no store is made, and one that is there stays as it is."""
    if made:
        run("import", *recording(CLEAN), "--into", "all.db")
    before = (desk / "all.db").read_bytes() if made else None
    (desk / "notes.txt").write_text("notes")
    (desk / "empty.ndjson").touch()
    done = run("import", "notes.txt", "empty.ndjson", "--into", "all.db")
    assert done.returncode == 3
    assert done.stderr == (
        "auditor: nothing was imported: there is no telemetry in what was given\n"
    )
    assert before == ((desk / "all.db").read_bytes() if made else None)
    assert made == (desk / "all.db").exists()


def a_file(desk: Path) -> str:
    """A file that is no store."""
    (desk / "a.db").write_text("something else")
    return "a.db: is not a store of auditor's own"


def a_newer_store(desk: Path) -> str:
    """A store whose schema is not known yet."""
    import sqlite3
    from contextlib import closing

    from auditor.stores.own.writing import Writer

    with Writer(desk / "a.db", "a recorder"):
        pass
    with closing(sqlite3.connect(desk / "a.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    return "a.db: was written by a newer auditor (schema 99; this one knows 1)"


def a_folder(desk: Path) -> str:
    """A folder in the place of a file."""
    (desk / "a.db").mkdir()
    return "a.db: no store can be written there"


@pytest.mark.parametrize("spoil", [a_file, a_newer_store, a_folder], ids=lambda make: make.__doc__)
def test_what_cannot_be_written_to(
    run: Run, desk: Path, recording: Callable[[str], Stores], spoil: Callable[[Path], str]
) -> None:
    """Exit 2, one sentence, and it stays as it is."""
    sentence = spoil(desk)
    before = (desk / "a.db").read_bytes() if (desk / "a.db").is_file() else None
    done = run("import", *recording(CLEAN), "--into", "a.db")
    assert (done.returncode, done.stderr) == (2, f"auditor: {sentence}\n")
    assert before == ((desk / "a.db").read_bytes() if (desk / "a.db").is_file() else None)


def test_no_such_source(run: Run, desk: Path, recording: Callable[[str], Stores]) -> None:
    """Exit 2 before anything is read."""
    done = run("import", *recording(CLEAN), "nowhere", "--into", "all.db")
    assert (done.returncode, done.stderr) == (2, "auditor: nowhere: no such file or directory\n")
    assert not (desk / "all.db").exists()


@pytest.mark.parametrize("inside", ["store.db", "datareporting/store.db"])
def test_into_a_source(run: Run, copied: Callable[[str], Stores], inside: str) -> None:
    """Evidence is never altered: the store may not lie in a source."""
    profile, _ = copied(CLEAN)
    done = run("import", profile, "--into", profile / inside)
    assert done.returncode == 2
    assert "lies inside a source; evidence is never altered" in done.stderr
    assert not (profile / inside).exists()


@pytest.mark.parametrize("made", [False, True], ids=["a new store", "a store that is there"])
def test_killed_in_the_middle(
    run: Run, desk: Path, recording: Callable[[str], Stores], *, made: bool
) -> None:
    """The store is what it was, and the next import does it all."""
    if made:
        run("import", *recording(CLEAN), "--into", "all.db")
    before = told(audit(read_stores([desk / "all.db"]), load_rules())) if made else None
    command = [sys.executable, "-c", STOP_IN_THE_MIDDLE, "all.db", *map(str, recording(BROKEN))]
    with subprocess.Popen(
        command, cwd=desk, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in the middle\n"
        os.kill(process.pid, signal.SIGKILL)
    assert (desk / "all.db-wal").stat().st_size > 10_000
    if made:
        assert before == told(audit(read_stores([desk / "all.db"]), load_rules()))
    again = run("import", *recording(BROKEN), "--into", "all.db")
    assert (again.returncode, again.stdout) == (0, "all.db: 2 sources, 42 pings, 41 of them new\n")


def test_progress_only_on_a_terminal(desk: Path, recording: Callable[[str], Stores]) -> None:
    """Bars go to standard error, when that is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "auditor", "import", *map(str, recording(CLEAN))]
    done = subprocess.run(
        [*command, "--into", "all.db"],
        cwd=desk, env=os.environ | {"TERM": "xterm"}, stdout=subprocess.PIPE, stderr=theirs,
        check=False,
    )  # fmt: skip
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.stdout == b"all.db: 2 sources, 28 pings, 27 of them new\n"
    assert "received.ndjson" in shown
