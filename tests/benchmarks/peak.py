"""What reading one store takes: bytes of memory at the most, and seconds of the processor's time.

Run as a module with a path: only a process of its own shows its peak.
"""

import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from auditor.stores import NothingAuditedError, UnreadableError, read_recipes, read_stores


class Peak(NamedTuple):
    """Memory in bytes, and time in seconds, which other work on the machine does not add to."""

    memory: int
    seconds: float


def peak_of(path: Path) -> Peak:
    """The peak of a process that reads the store, or the recipes, and ends."""
    command = [sys.executable, "-W", "error", "-m", "tests.benchmarks.peak", str(path)]
    memory, seconds = subprocess.run(command, check=True, capture_output=True).stdout.split()
    return Peak(int(memory), float(seconds))


def main(path: Path) -> None:
    """Read, and print what it took."""
    with suppress(NothingAuditedError, UnreadableError):
        read_recipes(path) if path.name == "recipes.json" else read_stores([path])
    # `ru_maxrss` would be that of the process that started this one, where it had more.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (kibibytes,) = re.findall(r"VmHWM:\s*(\d+) kB", status)
    sys.stdout.write(f"{int(kibibytes) * 1024} {time.process_time()}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
