"""A sample of the mutants, each held against the test that killed it when the sample was drawn."""

import subprocess
import sys


def test_sampled_mutants_are_killed() -> None:
    """Rules, views and contracts that were changed are noticed: see `tests/mutation/README.md`."""
    command = [sys.executable, "-m", "tests.mutation", "--sample"]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=300)
    survived = [line for line in done.stdout.splitlines() if line.startswith("survived: ")]
    assert survived == []
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
