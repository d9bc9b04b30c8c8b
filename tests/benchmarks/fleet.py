"""What an audit of a fleet's export costs: `python -m tests.benchmarks.fleet --clients 700000`.

A hundred thousand clients are 1.6 million events. The fleet is written first, by `auditor
simulate`, into a directory that is removed again; each line is measured in turn with its peers,
in one run.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from auditor.audit import audit
from auditor.rule import Rule, load_rules
from auditor.simulate import fleet
from auditor.stores import Stores, read_stores
from tests.benchmarks.measuring import compared

ONE = "enrollment_id_reused_after_end"
SOME = 10

Event = tuple[int, str | None, str, str | None]
"""The order of an event, its enrollment ID, its method and its reason."""


def scan(folder: Path) -> None:
    """Decode every column of every file, and no more."""
    import duckdb

    with duckdb.connect(config={"threads": 2}) as session:
        for table in ("event_v4", "main_v5", "deletion_request_v4"):
            place = (folder / f"{table}-*.parquet").as_posix()
            session.execute(f"SELECT bit_xor(hash(t)) FROM read_parquet('{place}') AS t").fetchall()  # noqa: S608 - our own path


def whole(folder: Path, rules: Sequence[Rule]) -> None:
    """Read the export, and audit it."""
    audit(read_stores([folder]), rules)


def loop(events: Sequence[Event]) -> int:
    """One rule as a dictionary: the last ending of each ID, and what uses it later."""
    ended: dict[str, int] = {}
    reused = set[str]()
    for sequence, enrollment, method, reason in events:
        if enrollment is None:
            continue
        if enrollment in ended and not (
            method == "unenrollFailed" and reason == "already-unenrolled"
        ):
            reused.add(enrollment)
        if method in {"unenroll", "graduate"}:
            ended.setdefault(enrollment, sequence)
    return len(reused)


def events_of(stores: Stores) -> list[Event]:
    """The events as tuples in memory, in their order."""
    query = "SELECT sequence, enrollment_id, method, reason FROM events ORDER BY sequence"
    return stores.tables.rows(query)


def lines(folder: Path) -> Iterator[str]:
    """The lines of the table, each as soon as it is known."""
    rules = load_rules()
    one = [rule for rule in rules if rule.name == ONE]
    for name, chosen in (("one rule", one), (f"{SOME} rules", rules[:SOME]), ("all rules", rules)):
        told = compared(name, partial(whole, folder, chosen), "a bare scan", partial(scan, folder))
        yield " | ".join(told)
    stores = read_stores([folder])
    events = events_of(stores)
    for name, chosen in (("one rule", one), ("all rules", rules)):
        told = compared(
            f"{name}, of {len(events):,} events that are read already",
            partial(audit, stores, chosen),
            "a dictionary loop over tuples, one rule",
            partial(loop, events),
        )
        yield " | ".join(told)


def profile(folder: Path) -> Iterator[str]:
    """Where the time of one audit goes, by its steps: the steps that an audit tells anybody."""
    begun: list[tuple[str, float]] = []

    class Step:
        def __init__(self, what: str) -> None:
            self.what = what.replace(folder.as_posix(), "the export")

        def __enter__(self) -> None:
            self.begun = time.perf_counter()

        def __exit__(self, *_: object) -> None:
            begun.append((self.what, time.perf_counter() - self.begun))

    audit(read_stores([folder], (), Step), load_rules(), None, Step)
    return (f"{what} | {seconds:.1f} s" for what, seconds in begun)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clients", type=int, default=100_000)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as into:
        folder = Path(into) / "fleet"
        told = fleet.simulate(fleet.Request(asked.clients, 1, folder, times={}))
        tell(told.partition(": ")[2])
        for part in (lines, profile):
            tell("")
            for line in part(folder / "fleet"):
                tell(f"| {line} |")


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
