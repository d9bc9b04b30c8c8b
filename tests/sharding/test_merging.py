"""The report that is made of shards is that of the whole audit, byte for byte."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from auditor.history import Moment, annotate, enroll, keep_record, opt_out, raw, unenroll, update
from auditor.merging.joining import merge
from auditor.renderers import render
from auditor.report import Outcome, Report
from auditor.rule import load_rules
from auditor.simulate import fleet
from auditor.simulate.forms import Form
from auditor.stores import Stores, as_stores, read_recipes, read_stores
from tests.oracles import strategies
from tests.oracles.strategies import History

RECORDINGS = sorted(file.parent for file in Path("tests/recordings").glob("*/truth.json"))
EXAMPLES = [history for rule in load_rules() for history in (rule.keeps, rule.breaks)]
SHARED = "enrollment_id_shared_between_clients"

Shards = Callable[[Stores, int], dict[Path, Report]]
Whole = Callable[[Stores], Report]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """A small fleet in which every rule that a server can show is broken."""
    folder = tmp_path_factory.mktemp("planted") / "planted"
    fleet.simulate(fleet.Request(40, 3, folder, Form.PARQUET, fleet.planting_of("all")))
    return read_stores([folder / "fleet"], read_recipes(folder / "recipes.json"))


@pytest.mark.parametrize("of", [1, 2, 3, 16], ids=lambda of: f"in {of}")
def test_a_fleet(planted: Stores, shards: Shards, whole: Whole, of: int) -> None:
    """Whatever is planted in a fleet, its shards tell together what the whole audit tells."""
    merged = merge(shards(planted, of))
    assert render(whole(planted), "json") == render(merged, "json")


@pytest.mark.parametrize("of", [2, 5], ids=lambda of: f"in {of}")
def test_every_example_of_every_rule(shards: Shards, whole: Whole, of: int) -> None:
    """Whoever keeps or breaks a promise, among all others, is judged by one shard alike."""
    stores = as_stores(*EXAMPLES)
    assert render(whole(stores), "json") == render(merge(shards(stores, of)), "json")


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda folder: folder.name)
def test_every_recording(recording: Path, shards: Shards, whole: Whole) -> None:
    """What was recorded of a real Firefox is told alike, and what a verdict lacks as well."""
    stores = read_stores([recording / "profile", recording / "received.ndjson"])
    assert render(whole(stores), "json") == render(merge(shards(stores, 3)), "json")


def test_what_cannot_be_read(
    tmp_path: Path, shards: Shards, whole: Whole, recording: Callable[[str], tuple[Path, Path]]
) -> None:
    """An input that cannot be read is one for all shards: it is told once, and of every verdict."""
    torn = tmp_path / "torn.ndjson"
    torn.write_bytes(recording("firefox-115-clean")[1].read_bytes() + b"{torn\n")
    stores = read_stores([torn])
    assert render(whole(stores), "json") == render(merge(shards(stores, 3)), "json")


LINKS = [raw(f"7d9c1a55-6d3e-4f4d-9d6c-0c9d6ad1d5{number:02}") for number in range(13)]
"""IDs that are the same in every history."""

COMMON = [[enroll("own", day=1), enroll(LINKS[0], day=2, change="other")] for _ in range(12)]
CHAIN = [
    [enroll(LINKS[number], day=1), annotate(LINKS[number + 1], day=2, change="other")]
    for number in range(12)
]


@pytest.mark.parametrize(
    ("histories", "shared"),
    [
        pytest.param(COMMON, 1, id="one ID of twelve people"),
        pytest.param(CHAIN, 11, id="a chain of people, each with an ID of the next"),
    ],
)
def test_rules_across_people(
    shards: Shards, whole: Whole, histories: list[list[Moment]], shared: int
) -> None:
    """Whoever has an ID in common is judged by one shard, which sees every place of the ID."""
    stores = as_stores(*histories)
    reports = shards(stores, 4)
    verdicts = {v.rule: v for v in merge(reports).verdicts}
    assert shared == verdicts[SHARED].broken
    assert render(whole(stores), "json") == render(merge(reports), "json")
    finders = [path for path, report in reports.items() if broken(report, SHARED)]
    assert len(finders) == 1


def broken(report: Report, rule: str) -> int:
    """How many subjects broke a rule."""
    return sum(verdict.broken for verdict in report.verdicts if verdict.rule == rule)


def test_a_shape_of_many_people_is_one_subject(shards: Shards, whole: Whole) -> None:
    """What is counted over everybody is counted once, by the one shard that it falls to."""
    stores = as_stores(*([enroll(f"id {n}", day=1), unenroll(f"id {n}", day=2)] for n in range(20)))
    subjects: defaultdict[str, list[int]] = defaultdict(list)
    for report in shards(stores, 3).values():
        for verdict in report.verdicts:
            subjects[verdict.rule].append(verdict.subjects)
    told = {verdict.rule: verdict.subjects for verdict in whole(stores).verdicts}
    assert told == {rule: sum(each) for rule, each in subjects.items()}


def test_shards_divide_people(shards: Shards) -> None:
    """Each shard has some people, and all have everybody between them."""
    stores = as_stores(*([enroll(f"id {number}", day=1)] for number in range(60)))
    told = [report.shard for report in shards(stores, 3).values() if report.shard]
    assert {60} == {shard.everybody for shard in told} == {sum(shard.people for shard in told)}
    assert all(8 < shard.people < 32 for shard in told)


def test_a_crash_in_one_shard(shards: Shards) -> None:
    """A rule that one shard could not run keeps what others found, and is incomplete."""
    reports = shards(as_stores(*COMMON), 2)
    path = next(path for path, report in reports.items() if not broken(report, SHARED))
    crashed = {
        "verdict": Outcome.UNPROVEN,
        "reason": "incomplete",
        "detail": "the rule could not be run (OutOfMemoryException)",
    }
    verdicts = tuple(
        v.model_copy(update=crashed) if v.rule == SHARED else v for v in reports[path].verdicts
    )
    reports[path] = reports[path].model_copy(update={"verdicts": verdicts})
    merged = merge(reports)
    verdict = next(verdict for verdict in merged.verdicts if verdict.rule == SHARED)
    detail = "the rule could not be run (OutOfMemoryException) in 1 of 2 shards"
    assert ("broken", "incomplete", detail) == (verdict.verdict, verdict.reason, verdict.detail)
    assert merged.exit_code() == 4


DRAWN = [
    *strategies.lifecycles(),
    *strategies.opt_outs(),
    *strategies.collisions(),
    [keep_record("e1", day=3), opt_out(day=2), update("e1", day=4)],
]


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batch=strategies.batches(strategies.histories(DRAWN), 12))
def test_generated_histories(shards: Shards, whole: Whole, batch: list[History]) -> None:
    """Shards tell of any people what the whole audit tells."""
    stores = as_stores(*batch)
    assert render(whole(stores), "json") == render(merge(shards(stores, 3)), "json")
