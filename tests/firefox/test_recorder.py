"""A real Firefox sends its telemetry to the recorder, and the store that comes of it is audited.

Not run by default: `make test-firefox`, after `apt-get install firefox-esr`.
"""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.firefox.marionette import Marionette, firefox
from tests.test_recorder.running import Recorder, recording

pytestmark = pytest.mark.firefox

Run = Callable[..., CompletedProcess[str]]

NOWHERE = 9
"""The port of a proxy that is not there: nothing that is not on loopback is reached."""

SUBMIT = """
    const load = name => ChromeUtils.importESModule(`resource://${name}.sys.mjs`);
    const { TelemetryController } = load("gre/modules/TelemetryController");
    await TelemetryController.promiseInitialized();
    const { TelemetryEvents } = load("normandy/lib/TelemetryEvents");
    TelemetryEvents.sendEvent("enroll", "preference_study", "a-study", { branch: "a-branch" });
    TelemetryEvents.sendEvent("unenroll", "preference_study", "a-study",
        { branch: "a-branch", reason: "unknown", didResetValue: "true" });
    load("gre/modules/EventPing").TelemetryEventPing._submitPing("periodic");
"""
TURN_OFF = "Services.prefs.setBoolPref('datareporting.healthreport.uploadEnabled', false);"


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    """A recorder that adds to `store.db`."""
    with recording(tmp_path / "store.db") as running:
        yield running


@pytest.fixture
def browser(tmp_path: Path, recorder: Recorder) -> Iterator[Marionette]:
    """A new profile in the real browser, whose telemetry goes to the recorder."""
    binary = shutil.which("firefox-esr") or shutil.which("firefox")
    if binary is None:
        pytest.fail("there is no Firefox here: apt-get install firefox-esr")
    profile = tmp_path / "profile"
    profile.mkdir()
    lines = (f'user_pref("{k}", {json.dumps(v)});' for k, v in preferences(recorder).items())
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    with firefox(binary, profile, tmp_path / "firefox.log") as session:
        yield session


def preferences(recorder: Recorder) -> dict[str, object]:
    """Those that the recorder names, those that Debian turns off, and no way to the network."""
    return {
        "toolkit.telemetry.server": recorder.url,
        "toolkit.telemetry.send.overrideOfficialCheck": True,
        "telemetry.fog.test.localhost_port": recorder.port,
        "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
        "datareporting.policy.dataSubmissionEnabled": True,
        "datareporting.healthreport.uploadEnabled": True,
        "toolkit.telemetry.initDelay": 0,
        "marionette.port": 0,
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": NOWHERE,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": NOWHERE,
        "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
    }


def stored(store: Path) -> list[str]:
    """The type of every ping in the store."""
    with closing(sqlite3.connect(store)) as database:
        return [kind for (kind,) in database.execute("SELECT document_type FROM pings")]


def arrives(store: Path, kind: str, seconds: float = 60) -> None:
    """Wait until a ping of that type is in the store."""
    end = time.monotonic() + seconds
    while kind not in stored(store):
        assert time.monotonic() < end, (kind, sorted(stored(store)))
        time.sleep(0.1)


def test_real_firefox(run: Run, recorder: Recorder, browser: Marionette, tmp_path: Path) -> None:
    """Its own pings, Glean's and both deletion requests arrive, and are audited.

    The audit reads all of them, and finds what is wrong with the events that were made here.
    """
    store = tmp_path / "store.db"
    browser.run(SUBMIT)
    arrives(store, "event")
    arrives(store, "glean:baseline")
    browser.run(TURN_OFF)
    arrives(store, "deletion-request")
    arrives(store, "glean:deletion-request")
    assert recorder.stop() == 0
    done = run("audit", store, "--format", "json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    broken = {v["rule"] for v in report["verdicts"] if v["verdict"] == "broken"}
    assert "unenroll_reason_unknown" in broken  # as it was submitted above
    (summary,) = report["stores"]
    assert (summary["kind"], summary["unreadable"]) == ("auditor-store", [])
    assert summary["pings"] == len(stored(store)) >= 4
    assert summary["events"] >= 2
    assert "requests refused: 0" in recorder.log
