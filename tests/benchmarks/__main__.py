"""Every benchmark of this folder, as one table: `make bench`.

A benchmark is a module with `measures()`, which gives lines of the table.
"""

import importlib
import os
import pkgutil
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import RUNS, Measure

HERE = Path(__file__).parent


def measures() -> Iterator[Measure]:
    """The lines of all modules, in the order of their names."""
    names = {module.name for module in pkgutil.iter_modules([str(HERE)])} - {"__main__"}
    for name in sorted(names):
        module = importlib.import_module(f"tests.benchmarks.{name}")
        if hasattr(module, "measures"):
            yield from module.measures()


def main() -> None:
    """Print the table, a line as soon as it is known."""
    python = f"Python {platform.python_version()}"
    lines = [
        f"Medians of {RUNS} runs; {os.cpu_count()} cores, {python}.",
        "",
        "| what | ours | peer | peer's | ratio |",
        "|---|---|---|---|---|",
    ]
    for line in lines:
        print(line)  # noqa: T201 - a benchmark's output
    for measure in measures():
        print(f"| {' | '.join(measure)} |")  # noqa: T201 - a benchmark's output
        sys.stdout.flush()


if __name__ == "__main__":
    main()
