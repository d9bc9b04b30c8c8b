"""Fleets as directories of profiles: audited as any profiles are."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.rule import load_rules
from auditor.simulate.forms import Form

Shown = Callable[[Path], set[tuple[str, str, str]]]
Simulate = Callable[..., Path]

NOT_PLANTED = {"enrollment_id_restored_after_opt_out"}


def test_a_healthy_fleet_breaks_no_promise(simulate: Simulate, shown: Shown) -> None:
    """Opt-outs, returns and failures are no breach, as profiles show them."""
    assert set() == shown(simulate(40, Form.PROFILES))


def test_an_audit_finds_what_is_planted_and_no_more(
    simulate: Simulate, shown: Shown, labelled: Shown
) -> None:
    """Every label is found, and nothing that is not labelled: in the pings that the labels name."""
    folder = simulate(20, Form.PROFILES, "all=1")
    assert labelled(folder) == shown(folder)


def test_every_rule_is_planted_that_a_profile_can_show(
    simulate: Simulate, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are named on standard error."""
    labels = pq.read_table(simulate(1, Form.PROFILES, "all=1") / "labels.parquet").to_pylist()
    told = [line.split(": ") for line in capsys.readouterr().err.splitlines()]
    assert {rule for _, rule, what, *_ in told if what == "not planted"} == NOT_PLANTED
    rules = {rule.name for rule in load_rules()}
    assert rules - NOT_PLANTED == {label["planted"] for label in labels} - NOT_PLANTED


def test_a_profile_looks_like_one_of_firefox(simulate: Simulate) -> None:
    """Every client has a directory with preferences, state and an archive by month."""
    folder = simulate(5, Form.PROFILES) / "fleet"
    profiles = [*folder.iterdir()]
    assert len(profiles) == 5
    for profile in profiles:
        names = {path.relative_to(profile).as_posix() for path in profile.rglob("*")}
        assert {"prefs.js", "datareporting/state.json", "datareporting/session-state.json"} <= names
        assert any(profile.glob("datareporting/archived/????-??/*.main.jsonlz4"))
