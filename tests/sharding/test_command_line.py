"""`audit --shard` and `merge` at the command line."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from auditor.delivery import Printed
from auditor.run import Request, audit_and_report

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

RECORDINGS = Path("tests/recordings").resolve()
NAME = "firefox-115-upload-off-on"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The reports of both shards of an audit."""
    folder, stores = tmp_path_factory.mktemp("shards"), RECORDINGS / NAME
    files = [folder / "one.json", folder / "two.json"]
    for number, file in enumerate(files, start=1):
        audit_and_report(
            Request(
                stores=(stores / "profile", stores / "received.ndjson"),
                today=date(2026, 11, 24),
                printed=Printed(None),
                reports=(file,),
                shard=f"{number}/2",
            )
        )
    return files


@pytest.fixture
def kept(written: list[Path], desk: Path) -> list[str]:
    """The names of both reports, where the command line works."""
    return [Path(shutil.copy(file, desk)).name for file in written]


def test_the_whole_audit(
    run: Run, recording: Callable[[str], Stores], desk: Path, kept: list[str]
) -> None:
    """What is printed and written of merged shards is the audit's, and so is the exit code."""
    whole = run("audit", *recording(NAME), "--report", "whole.json", "--report", "whole.sarif")
    merged = run("merge", *kept, "--report", "merged.json", "--report", "merged.sarif")
    assert (whole.returncode, whole.stdout) == (merged.returncode, merged.stdout)
    for suffix in ("json", "sarif"):
        told = [(desk / f"{name}.{suffix}").read_bytes() for name in ("whole", "merged")]
        assert told[0] == told[1]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--fail-on", "never"], id="nothing fails"),
        pytest.param(["--fail-on", "high"], id="only the gravest fail"),
        pytest.param(
            ["--fail-on", "never", "--require", "preference_value_reported"],
            id="a rule is required, and unproven",
        ),
    ],
)
def test_what_fails(
    run: Run, recording: Callable[[str], Stores], kept: list[str], options: list[str]
) -> None:
    """What fails is said when shards are merged, as it would have been to the audit."""
    whole = run("audit", *recording(NAME), *options, "--format", "json")
    merged = run("merge", *kept, *options, "--format", "json")
    assert (whole.returncode, whole.stdout, whole.stderr) == (
        merged.returncode,
        merged.stdout,
        merged.stderr,
    )


def test_baseline(run: Run, recording: Callable[[str], Stores], kept: list[str]) -> None:
    """What was there before is held against the merged report."""
    run("audit", *recording(NAME), "--quiet", "--report", "whole.json")
    run("baseline", "write", "whole.json", "--into", "baseline.json")
    options = ("--baseline", "baseline.json", "--format", "json")
    whole = run("audit", *recording(NAME), *options)
    merged = run("merge", *kept, *options)
    assert (whole.returncode, whole.stdout) == (merged.returncode, merged.stdout)


def test_a_shard_says_that_it_is_one(run: Run, desk: Path, kept: list[str]) -> None:
    """No format passes a shard off as a whole audit."""
    done = run("render", kept[0], "--format", "text", "--report", "r.md", "--report", "r.html")
    people = json.loads((desk / kept[0]).read_bytes())["shard"]["people"]
    assert f"shard 1 of 2: {people} of 10 people" in " ".join(done.stdout.split())
    for name in ("r.md", "r.html"):
        assert "This is no whole audit" in (desk / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["baseline", "write", "one.json", "--into", "new.json"], id="a baseline"),
        pytest.param(["compare", "one.json", "two.json"], id="a comparison"),
    ],
)
def test_no_gate_on_a_shard(run: Run, kept: list[str], command: list[str]) -> None:
    """What one shard does not tell is not taken for gone or new."""
    done = run(*command)
    told = (
        f"auditor: {kept[0]}: is the report of one shard; `auditor merge` makes one of all of them"
    )
    assert (2, f"{told}\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(["--shard", "0/4"], "'0/4' names no shard", id="before the first"),
        pytest.param(["--shard", "5/4"], "'5/4' names no shard", id="after the last"),
        pytest.param(["--shard", "x"], "'x' names no shard", id="no shard at all"),
        pytest.param(
            ["--shard", "1/2", "--witness"], "--witness goes with no shard", id="a witness"
        ),
        pytest.param(
            ["--shard", "1/2", "--report", "a.db"],
            "--report FILE.db goes with no shard",
            id="a database of findings",
        ),
    ],
)
def test_refused_of_an_audit(
    run: Run, recording: Callable[[str], Stores], options: list[str], told: str
) -> None:
    """What is no shard, and what a shard cannot tell, is refused before anything is read."""
    done = run("audit", *recording(NAME), *options)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr


def test_refused_of_a_merge(run: Run, desk: Path, kept: list[str]) -> None:
    """What is no report, is given twice or stands where a report shall, is refused by its name."""
    (desk / "torn.json").write_text("{")
    done = {name: run("merge", *kept, name) for name in ("torn.json", "none.json", "one.json")}
    told = {name: (each.returncode, each.stderr.partition(": ")[2]) for name, each in done.items()}
    assert told["none.json"] == (2, "none.json: cannot be read (No such file or directory)\n")
    assert told["one.json"] == (2, "one.json: is given twice\n")
    assert told["torn.json"][1].startswith("torn.json: is not JSON")
    over = run("merge", *kept, "--report", kept[0])
    assert (over.returncode, "is an input of this command" in over.stderr) == (2, True)
