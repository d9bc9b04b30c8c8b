"""What is no shard, and which reports are not all the shards of one audit: one sentence each."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.failures import UsageError
from auditor.history import enroll
from auditor.merging.belonging import refuse_strangers
from auditor.report import Report
from auditor.sharding import Part, part
from auditor.stores import Stores, as_stores

Shards = Callable[[Stores, int], dict[Path, Report]]
Change = Callable[[Report], Report]

FIRST, SECOND, THIRD = (Path(f"shard-{number}.json") for number in (1, 2, 3))


@pytest.fixture(scope="module")
def three(shards: Shards) -> dict[Path, Report]:
    """All three shards of an audit."""
    return shards(as_stores(*([enroll(f"id {number}", day=1)] for number in range(9))), 3)


def test_a_shard() -> None:
    """A shard is told by its number and how many there are."""
    assert Part(3, 16) == part("3/16")


@pytest.mark.parametrize("text", ["0/4", "5/4", "x", "", "1", "1/0", "-1/4", "1/4/4", "1.0/4"])
def test_no_shard(text: str) -> None:
    """What names no shard is refused."""
    with pytest.raises(UsageError, match="names no shard"):
        part(text)


def without(*paths: Path) -> Callable[[dict[Path, Report]], dict[Path, Report]]:
    """Leave out the reports of these files."""
    return lambda reports: {path: each for path, each in reports.items() if path not in paths}


def changed(**update: Any) -> Callable[[dict[Path, Report]], dict[Path, Report]]:  # noqa: ANN401 - any field
    """Make the second report that of an audit that differs from the others'."""
    return lambda reports: reports | {SECOND: reports[SECOND].model_copy(update=update)}


def of_shard(**update: Any) -> Callable[[dict[Path, Report]], dict[Path, Report]]:  # noqa: ANN401 - any field
    """Make the second report that of another shard."""

    def change(reports: dict[Path, Report]) -> dict[Path, Report]:
        shard = reports[SECOND].shard
        assert shard is not None
        return changed(shard=shard.model_copy(update=update))(reports)

    return change


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(
            without(SECOND),
            "1 shard is missing, without which nothing is shown: 2/3",
            id="one is missing",
        ),
        pytest.param(
            without(FIRST, THIRD),
            "2 shards are missing, without which nothing is shown: 1/3, 3/3",
            id="two are missing",
        ),
        pytest.param(
            of_shard(number=1), "shard-2.json: is of shard 1/3, as shard-1.json is", id="twice"
        ),
        pytest.param(
            of_shard(of=4), "is of another number of shards than shard-1.json", id="another number"
        ),
        pytest.param(
            of_shard(key="0" * 32), "is of another token key than shard-1.json", id="another key"
        ),
        pytest.param(
            of_shard(people=100),
            "the shards do not have all 9 people of the stores between them",
            id="people that do not add up",
        ),
        pytest.param(
            changed(auditor="0.0.9"), "is of another version of auditor than", id="another version"
        ),
        pytest.param(
            changed(versions={"duckdb": "0.1"}),
            "is of other versions of what auditor is made of than",
            id="another engine",
        ),
        pytest.param(changed(rules_digest="sha256:0"), "is of other rules than", id="other rules"),
        pytest.param(changed(verdicts=()), "is of other rules than", id="fewer rules"),
        pytest.param(changed(options={"grace": 1}), "is of other options than", id="other options"),
        pytest.param(
            changed(shard=None), "shard-2.json: is no report of a shard", id="a whole one"
        ),
    ],
)
def test_strangers(
    three: dict[Path, Report],
    spoil: Callable[[dict[Path, Report]], dict[Path, Report]],
    told: str,
) -> None:
    """Reports that are not all the shards of one audit are refused, and it is said why."""
    with pytest.raises(UsageError) as refused:
        refuse_strangers(spoil(three))
    assert told in str(refused.value)


def test_other_stores(
    shards: Shards, three: dict[Path, Report], recording: Callable[[str], tuple[Path, Path]]
) -> None:
    """Shards of other stores, or of stores that have changed in between, are no audit together."""
    from auditor.stores import read_stores

    others = shards(read_stores([recording("firefox-115-clean")[1]]), 3)
    with pytest.raises(UsageError, match="is of other stores, or stores that have changed"):
        refuse_strangers(three | {SECOND: others[SECOND]})
