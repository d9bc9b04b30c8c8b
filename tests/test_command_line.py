"""The command line as a process: what it prints and writes where, and what it never touches."""

import hashlib
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest

from auditor import resources
from auditor.rule import load_rules

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

CLEAN, BROKEN = "firefox-115-clean", "firefox-115-upload-off-on"
RULES = {rule.name for rule in load_rules()}
SENT = "enrollment_id_sent_after_opt_out"
HEAVY = {"duckdb", "pyarrow", "sqlite_utils", "cramjam", "lz4"}
TOKEN = re.compile(r"enrollment:[0-9a-f]{8}")


def digests(folder: Path) -> dict[str, str]:
    """The digest of every file in a folder, by its path."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.fixture
def audited(run: Run, recording: Callable[[str], Stores]) -> subprocess.CompletedProcess[str]:
    """A broken recording, audited, as JSON."""
    return run("audit", *recording(BROKEN), "--format", "json")


def test_select(run: Run, recording: Callable[[str], Stores]) -> None:
    """Only the selected rules are held against the stores."""
    wanted = ["--select", SENT, "--select", "enrollment_id_malformed", "--format", "json"]
    report = json.loads(run("audit", *recording(BROKEN), *wanted).stdout)
    assert {SENT, "enrollment_id_malformed"} == {v["rule"] for v in report["verdicts"]}


def test_ignore(run: Run, recording: Callable[[str], Stores]) -> None:
    """Every rule but the ignored ones is held against the stores."""
    done = run("audit", *recording(BROKEN), "--ignore", SENT, "--format", "json")
    assert RULES - {SENT} == {v["rule"] for v in json.loads(done.stdout)["verdicts"]}


def test_near_miss_of_a_rule(run: Run, recording: Callable[[str], Stores]) -> None:
    """A rule's name that is wrong by a letter is answered with the name that was meant."""
    done = run("audit", *recording(BROKEN), "--select", f"{SENT}s")
    assert f"did you mean {SENT}?" in done.stderr


def test_schema(run: Run, audited: subprocess.CompletedProcess[str]) -> None:
    """The JSON report is valid under the schema that the command line prints."""
    schema = json.loads(run("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(audited.stdout), schema)


def test_reports_beside_the_output(
    run: Run, recording: Callable[[str], Stores], desk: Path
) -> None:
    """Every `--report` is written, in the format of its suffix, beside what is printed."""
    reports = ["--report", "report.json", "--report", "report.md"]
    done = run("audit", *recording(BROKEN), "--format", "json", *reports)
    page = (desk / "report.md").read_text(encoding="utf-8")
    assert {"report.json", "report.md"} == set(digests(desk))
    assert ("# Privacy audit", done.stdout) == (
        page.partition("\n")[0],
        (desk / "report.json").read_text(encoding="utf-8"),
    )


def test_results_and_nothing_else_on_standard_output(
    audited: subprocess.CompletedProcess[str],
) -> None:
    """Standard output is one JSON document, and standard error is silent."""
    assert (json.loads(audited.stdout)["schema"], audited.stderr) == (1, "")


def test_failure_on_standard_error(run: Run) -> None:
    """Why nothing was audited is told on standard error alone, in one line."""
    done = run("audit", "no-such-store")
    assert (done.stdout, done.stderr) == ("", "auditor: no-such-store: no such file or directory\n")


def test_rules_are_the_files(run: Run) -> None:
    """The list of rules is the list of files in the folder of rules, in their order."""
    files = sorted(file.stem for file in resources.folder("rules").glob("*.py"))
    assert files == [rule["name"] for rule in json.loads(run("rules", "--format", "json").stdout)]


def test_rules_for_a_reader(run: Run) -> None:
    """The list for a reader names every rule at the start of a line, with its promise below."""
    lines = run("rules").stdout.splitlines()
    told = {(name.split()[0], promise.strip()) for name, promise in zip(*[iter(lines)] * 2)}  # noqa: B905
    assert {(rule.name, rule.promise) for rule in load_rules()} == told


def test_explain(run: Run) -> None:
    """A rule is explained by its promise, its clause, its explanation and what to do."""
    (rule,) = (rule for rule in load_rules() if rule.name == SENT)
    told = run("explain", SENT).stdout
    parts = {rule.promise, " ".join(rule.clause.split()), rule.explanation, rule.broken_when}
    parts |= {rule.mend}
    assert parts == {part for part in parts if part in told}


def test_explain_every_rule(run: Run) -> None:
    """Every rule can be explained, and names itself first."""
    script = (
        "from auditor.reference import rules as reference; from auditor.rule import load_rules\n"
        "for rule in load_rules(): print(reference.explained(rule.name).split()[0])"
    )
    assert set(run(code=script).stdout.split()) == RULES


def test_explain_no_rule(run: Run) -> None:
    """To explain a rule that there is not is wrong usage."""
    done = run("explain", "no_such_rule")
    assert (done.returncode, done.stdout) == (2, "")


def test_demo(run: Run, recording: Callable[[str], Stores], desk: Path) -> None:
    """The demo succeeds anywhere, leaves its report, and tells the exit code of the same audit."""
    demo, same = run("demo"), run("audit", *recording(BROKEN))
    assert (0, {"demo-report.md"}) == (demo.returncode, set(digests(desk)))
    assert f"exits with {same.returncode}." in demo.stdout


def test_same_bytes(
    run: Run,
    recording: Callable[[str], Stores],
    audited: subprocess.CompletedProcess[str],
) -> None:
    """The same stores give the same JSON, byte for byte, whatever the hash seed."""
    again = run("audit", *recording(BROKEN), "--format", "json", PYTHONHASHSEED="7")
    assert audited.stdout == again.stdout


@pytest.fixture
def two_stores(copied: Callable[[str], Stores]) -> Stores:
    """Two stores that differ and hold the same enrollment IDs."""
    profile, received = copied(BROKEN)
    other = received.with_name("fewer.ndjson")
    other.write_bytes(b"\n" + received.read_bytes())
    del profile
    return received, other


def _tokens(run: Run, store: Path, *options: object) -> set[str]:
    done = run("audit", store, "--select", "enrollment_id_shared_between_clients", *options)
    return set(TOKEN.findall(done.stdout))


def test_tokens_of_two_stores(run: Run, two_stores: Stores) -> None:
    """Without a key, two reports cannot be joined: the same ID has another token in each."""
    one, other = (_tokens(run, store) for store in two_stores)
    assert (len(one), set()) == (len(other), one & other)


def test_tokens_under_one_key(run: Run, two_stores: Stores, desk: Path) -> None:
    """Under one key the same ID has the same token in the reports of two stores."""
    (desk / "secret.key").write_bytes(bytes(range(32)))
    one, other = (_tokens(run, store, "--token-key", "secret.key") for store in two_stores)
    assert (True, one) == (bool(one), other)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["audit", "--help"], ["--version"]], ids=" ".join
)
def test_help_is_light(run: Run, arguments: list[str]) -> None:
    """Help and version load neither the engine nor what reads stores."""
    script = (
        "import atexit, sys; from auditor.cli import main\n"
        f"atexit.register(lambda: print(*({HEAVY} & sys.modules.keys()), file=sys.stderr)); main()"
    )
    assert run(*arguments, code=script).stderr.split() == []


def test_command_line_is_light(run: Run) -> None:
    """To load the command line loads none of the heavy libraries, not even the terminal's."""
    script = f"import sys, auditor.cli; print(*({HEAVY | {'rich.console'}} & sys.modules.keys()))"
    assert run(code=script).stdout.split() == []


def test_evidence_is_never_altered(
    run: Run, copied: Callable[[str], Stores], tmp_path: Path
) -> None:
    """Every file of a store is the same before and after, and nothing is left in between."""
    profile, received = copied(BROKEN)
    before = digests(profile.parent), digests(tmp_path / "home")
    run("audit", profile, received)
    assert before == (digests(profile.parent), digests(tmp_path / "home"))


def test_no_socket(run: Run, recording: Callable[[str], Stores]) -> None:
    """An audit opens no socket, not even on its own machine."""
    script = (
        "import sys; sys.addaudithook(lambda event, _: event.startswith('socket.')"
        " and print(event, file=sys.stderr)); from auditor.cli import main; main()"
    )
    done = run("audit", *recording(CLEAN), code=script)
    assert (done.returncode, done.stderr) == (0, "")


def _terminal(arguments: list[str], **environment: str) -> bytes:
    """What the command line prints on a terminal."""
    master, slave = pty.openpty()
    with os.fdopen(master, "rb", buffering=0) as screen:
        process = subprocess.Popen(  # as `run` does, but on a terminal
            [sys.executable, "-m", "auditor", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"PATH": os.environ["PATH"], "TERM": "xterm"} | environment,
        )
        os.close(slave)
        shown = b"".join(_read(screen.fileno()))
        process.wait(timeout=60)
    return shown


def _read(end: int) -> Iterator[bytes]:
    """What is shown until the terminal is closed, which Linux tells as an error."""
    while True:
        try:
            part = os.read(end, 4096)
        except OSError:
            return
        yield part


def test_color_on_a_terminal(recording: Callable[[str], Stores]) -> None:
    """On a terminal the report has colours."""
    assert b"\x1b[" in _terminal(["audit", *map(str, recording(BROKEN))])


def test_no_color(recording: Callable[[str], Stores]) -> None:
    """`NO_COLOR` is honoured: nothing has a colour or a weight, though it is a terminal."""
    shown = _terminal(["audit", *map(str, recording(BROKEN))], NO_COLOR="1")
    assert (b"BROKEN" in shown, re.findall(rb"\x1b\[[\d;]*m", shown)) == (True, [])


def test_no_terminal(run: Run, recording: Callable[[str], Stores]) -> None:
    """Where the output is no terminal, it has no escape codes."""
    done = run("audit", *recording(BROKEN), TERM="xterm-256color", COLORTERM="truecolor")
    assert ("BROKEN" in done.stdout, "\x1b" in done.stdout + done.stderr) == (True, False)
