"""Fleets as the warehouse exports them: audited as any export is."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.simulate.forms import Form

Shown = Callable[[Path], set[tuple[str, str, str]]]
Simulate = Callable[..., Path]


@pytest.mark.parametrize("form", [Form.PARQUET, Form.NDJSON, Form.FLATTENED])
def test_a_healthy_fleet_breaks_no_promise(form: Form, simulate: Simulate, shown: Shown) -> None:
    """Late, lost and doubled pings, wrong clocks and cut texts are no breach."""
    assert set() == shown(simulate(2000, form))


@pytest.mark.parametrize("form", [Form.PARQUET, Form.NDJSON])
def test_an_audit_finds_what_is_planted_and_no_more(
    form: Form, simulate: Simulate, shown: Shown, labelled: Shown
) -> None:
    """Every label is found, and nothing that is not labelled: in the pings that the labels name."""
    folder = simulate(2000, form, "all")
    assert labelled(folder) == shown(folder)


def test_what_a_server_cannot_hold_is_named(
    simulate: Simulate, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rules about records on disk are not planted in what arrives at a server, and named."""
    folder = simulate(1, Form.PARQUET, "all=1")
    labels = pq.read_table(folder / "labels.parquet").to_pylist()
    told = [line.split(": ") for line in capsys.readouterr().err.splitlines()]
    named = {rule for _, rule, what, *_ in told if what == "not planted"}
    records = {"enrollment_id_restored_after_opt_out", "nimbus_id_kept_after_opt_out"}
    assert (
        records | {"enrollment_id_kept_after_opt_out", "stored_id_differs_from_reported"} == named
    )
    assert set() == named & {label["planted"] for label in labels}
