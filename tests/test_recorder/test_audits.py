"""A store that was recorded over HTTP is audited as what a telemetry server received."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.test_recorder.running import RECORDINGS, Recorder, of_recording

Run = Callable[..., CompletedProcess[str]]

NAMES = sorted(path.parent.name for path in RECORDINGS.glob("*/received.ndjson"))
BY_TIME_OF_RECEIPT = {"enrollment_id_sent_after_opt_out"}


def verdicts(run: Run, store: Path) -> dict[str, Any]:
    """What is said of each rule, without where in the store it was found."""
    report = json.loads(run("audit", store, "--format", "json").stdout)
    return {
        verdict["rule"]: (
            *(verdict[name] for name in ("verdict", "reason", "subjects", "broken")),
            sorted(finding["fingerprint"] for finding in verdict["findings"]),
        )
        for verdict in report["verdicts"]
    }


def post_all(recorder: Recorder, name: str, received: Path) -> None:
    """Post a recording's pings, and write what an ingestion edge would have written of them."""
    with received.open("w", encoding="utf-8") as file:
        lines = (RECORDINGS / name / "received.ndjson").read_text(encoding="utf-8").splitlines()
        for (ping, _), line in zip(of_recording(name), lines, strict=True):
            message = json.loads(line)
            moment = time.time_ns() // 1_000_000
            assert recorder.post(ping).status == 200
            message["attributeMap"]["submission_timestamp"] = _iso(moment)
            file.write(json.dumps(message) + "\n")


def _iso(moment: int) -> str:
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment // 1000))
    return f"{whole}.{moment % 1000:03}Z"


@pytest.mark.parametrize("name", NAMES)
def test_verdicts(run: Run, recorder: Recorder, store: Path, tmp_path: Path, name: str) -> None:
    """Every verdict and fingerprint is that of the same pings received at the same times.

    And of those received at other times, but for the rule about the time of receipt.
    """
    received = tmp_path / "received.ndjson"
    post_all(recorder, name, received)
    assert recorder.stop() == 0
    recorded = verdicts(run, store)
    assert recorded == verdicts(run, received)
    earlier = verdicts(run, RECORDINGS / name / "received.ndjson")
    different = {rule for rule in recorded if recorded[rule] != earlier[rule]}
    assert different <= BY_TIME_OF_RECEIPT


def test_while_recording(run: Run, recorder: Recorder, store: Path, tmp_path: Path) -> None:
    """A store can be audited while the recorder is still at work."""
    received = tmp_path / "received.ndjson"
    post_all(recorder, "firefox-115-clean", received)
    assert verdicts(run, store) == verdicts(run, received)
    post_all(recorder, "firefox-115-uptake", received)


def test_posted_again(run: Run, recorder: Recorder, store: Path, tmp_path: Path) -> None:
    """A ping that a browser posts twice, as it does when an answer is lost, is one ping."""
    received = tmp_path / "received.ndjson"
    post_all(recorder, "firefox-115-upload-off-on", received)
    post_all(recorder, "firefox-115-upload-off-on", tmp_path / "again.ndjson")
    assert verdicts(run, store) == verdicts(run, received)


def test_refused(run: Run, recorder: Recorder, store: Path, tmp_path: Path) -> None:
    """An audit of a store is incomplete when a ping was posted that could not be read."""
    post_all(recorder, "firefox-115-clean", tmp_path / "received.ndjson")
    assert run("audit", store).returncode == 0
    ping, _ = of_recording("firefox-115-clean")[0]
    assert recorder.post(ping._replace(body=ping.body[:-9])).status == 400
    assert run("audit", store).returncode == 4


def test_not_for_a_wrong_path(run: Run, recorder: Recorder, store: Path, tmp_path: Path) -> None:
    """Whatever else is asked of the server leaves nothing in the store."""
    post_all(recorder, "firefox-115-clean", tmp_path / "received.ndjson")
    assert recorder.ask("POST", "/elsewhere", b"{}").status == 404
    assert recorder.ask("GET", of_recording("firefox-115-clean")[0][0].path).status == 405
    assert run("audit", store).returncode == 0
