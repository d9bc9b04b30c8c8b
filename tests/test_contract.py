"""The contracts held against the document word for word, and against recorded browsers."""

import base64
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor import resources
from auditor.contract import (
    Contract,
    ContractError,
    ExtraContract,
    Presence,
    contract_for_version,
    contract_names,
    load_contract,
)
from auditor.reference.contracts import shown

RECORDINGS = resources.folder("recordings")
DOCUMENT = Path(__file__).with_name("recordings").joinpath("data-collection.rst").read_text("utf-8")
REVIEWED = Path(__file__).with_name("contracts")

PREFERENCE_STUDY = {"enroll", "enrollFailed", "unenroll", "unenrollFailed", "expPrefChanged"}
DOCUMENTED = {
    "preference_study": PREFERENCE_STUDY,
    "preference_rollout": {"enroll", "enrollFailed", "update", "graduate"},
    "addon_study": {"enroll", "enrollFailed", "update", "updateFailed", "unenroll"},
}
UNDOCUMENTED = {
    "preference_rollback": {"unenroll", "unenrollFailed"},
    "addon_rollout": {"enroll", "enrollFailed", "update", "updateFailed"},
    "addon_rollback": {"unenroll", "unenrollFailed"},
    "nimbus_experiment": PREFERENCE_STUDY - {"expPrefChanged"} | {"validationFailed", "expose"},
}


def events_of(contract: Contract) -> dict[str, set[str]]:
    """List the methods of each object."""
    return {object_: set(methods) for object_, methods in contract.events.items()}


def passage(heading: str) -> str:
    """Quote the document under a heading such as `Add-on Studies / Update`."""
    section, entry = heading.split(" / ")
    text = DOCUMENT.split(f"\n{section}\n", 1)[1].split(f"\n{entry}\n", 1)[1]
    return re.split(r"\n\S[^\n]*\n(?:[\^-]{3,}\n| {3}\w)", text, maxsplit=1)[0]


def recorded_events(recording: str) -> Iterator[list[Any]]:
    """Read every `normandy` event that a browser sent: method, object, value, extras."""
    for line in (RECORDINGS / recording / "received.ndjson").read_text("utf-8").splitlines():
        body = base64.b64decode(json.loads(line)["payload"])
        ping = json.loads(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
        payload = ping.get("payload", {})
        batches = list((payload.get("events") or {}).values())
        batches += [part.get("events", []) for part in payload.get("processes", {}).values()]
        yield from (event[2:] for batch in batches for event in batch if event[1] == "normandy")


def test_documented_events() -> None:
    """The document's contract has the document's events, and no others."""
    assert events_of(load_contract("documented")) == DOCUMENTED


def test_documented_extras_stand_in_the_document() -> None:
    """Each event's names are those under its heading: a line each, or a string in quotes."""
    for method, object_, event in load_contract("documented").each_event():
        text = passage(event.source)
        named = set(re.findall(r"(?m)^ {6}(\w+)$", text)) | set(
            re.findall(r"(?m)^ {3}(\w+)$", text)
        )
        assert set(event.extras) == named - {"method", "object", "value", "extra"}
        assert f'The string ``"{method}"``' in text
        assert f'The string ``"{object_}"``' in text
        assert f"(``{event.value}``)" in text


def test_documented_reasons_stand_in_the_document() -> None:
    """Each event's reasons are those listed under its heading, word for word and no others."""
    for _, _, event in load_contract("documented").each_event():
        listed = re.findall(r'(?m)^\s+(?:\* )?``"([^"]+)"``:', passage(event.source))
        assert set(event.reason.codes) == set(listed)


def test_other_documented_codes_stand_in_the_document() -> None:
    """Every other coded value is in quotes somewhere under its event's object."""
    for _, _, event in load_contract("documented").each_event():
        section = DOCUMENT.split(f"\n{event.source.split(' / ')[0]}\n", 1)[1]
        codes = {code for extra in event.extras.values() for code in extra.codes}
        assert codes <= set(re.findall(r'"([^"\n]+)"', section))


def test_documented_statuses_stand_in_the_document() -> None:
    """Each kind of uptake source has the constants and values under its heading."""
    for uptake in load_contract("documented").uptake.values():
        text = passage(uptake.source)
        listed = re.findall(r"data:: (\w+)\n\n +:Telemetry value: (\w+)", text)
        assert uptake.statuses == dict(listed)
        assert f"``{uptake.key}``" in text


def test_documented_freshness_is_a_time() -> None:
    """The recipe's freshness is documented in seconds since 1970."""
    scalars = load_contract("documented").scalars
    assert {name: scalar.unit for name, scalar in scalars.items()} == {
        "normandy.recipe_freshness": "seconds since 1970"
    }
    assert "reported as seconds since 1970" in passage(scalars["normandy.recipe_freshness"].source)


def test_documented_limit() -> None:
    """The one documented limit is that of a failed enrollment's branch."""
    limits = {
        key: extra.at_most_characters
        for _, _, event in load_contract("documented").each_event()
        for key, extra in event.extras.items()
        if extra.at_most_characters is not None
    }
    assert limits == {"preferenceBranch": 80}
    assert "truncated to 80 characters" in passage("Preference Studies / Enrollment Failed")


@pytest.mark.parametrize("name", ["firefox-115", "firefox-132"])
def test_browser_sends_more_than_documented(name: str) -> None:
    """A browser sends every documented event, and those of four undocumented objects."""
    assert events_of(load_contract(name)) == DOCUMENTED | UNDOCUMENTED


@pytest.mark.parametrize("recording", sorted(p.name for p in RECORDINGS.glob("firefox-*")))
def test_recorded_browsers_keep_their_contract(recording: str) -> None:
    """What a real browser was seen to send is within the contract of its version."""
    contract = load_contract(contract_for_version(int(recording.split("-")[1])) or "")
    breaches = set()
    for method, object_, _, *rest in recorded_events(recording):
        event, extras = contract.event(method, object_), dict(*rest)
        assert event is not None, f"{method} {object_}"
        for key in extras.keys() | event.extras.keys():
            presence = event.presence(key, extras.get("reason", ""), "esr")
            unexpected = Presence.FORBIDDEN if key in extras else Presence.REQUIRED
            allowed = key not in extras or event.extras[key].allows(extras[key])
            if presence is unexpected or not allowed:
                breaches.add((method, object_, key, extras.get("reason")))
    assert breaches == set()


@pytest.mark.parametrize(
    ("method", "object_", "reason", "presence"),
    [
        ("enroll", "preference_study", None, "required"),
        ("enrollFailed", "preference_rollout", "conflict", "forbidden"),
        ("unenrollFailed", "preference_study", "already-unenrolled", "required"),
        ("unenrollFailed", "preference_study", "does-not-exist", "forbidden"),
        ("unenrollFailed", "preference_study", None, "optional"),
        ("updateFailed", "addon_study", "download-failure", "required"),
        ("updateFailed", "addon_study", "install-failure", "forbidden"),
        ("updateFailed", "addon_study", "resource://x.mjs:1:2 TypeError", "forbidden"),
        ("enrollFailed", "addon_rollout", "conflict", "required"),
        ("expose", "nimbus_experiment", None, "forbidden"),
    ],
)
def test_firefox_115_sends_ids(
    method: str, object_: str, reason: str | None, presence: str
) -> None:
    """Whether Firefox 115 sends an enrollment ID depends on the event, and on its reason."""
    event = load_contract("firefox-115").event(method, object_)
    assert event is not None
    assert event.presence("enrollmentId", reason) == presence


def test_later_browsers_send_no_ids() -> None:
    """A contract can extend another without an extra, and add what is new."""
    later = load_contract("firefox-132")
    assert "enrollmentId" not in {key for _, _, event in later.each_event() for key in event.extras}
    unenroll = later.event("unenroll", "nimbus_experiment")
    assert unenroll is not None
    assert set(unenroll.extras) == {
        "branch", "reason", "changedPref", "conflictingSlug", "prefName", "prefType",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("major", "name"),
    [
        (69, None),
        (70, "firefox-115"),
        (115, "firefox-115"),
        (116, "firefox-132"),
        (200, "firefox-132"),
    ],
)
def test_version_picks_the_contract(major: int, name: str | None) -> None:
    """Both ends of a contract's versions belong to it, and the newest contract has no last one."""
    assert contract_for_version(major) == name


def test_only_nightly_tells_the_caller() -> None:
    """An extra of some channels is forbidden on the others, and optional where none is known."""
    event = load_contract("documented").event("unenrollFailed", "preference_study")
    assert event is not None
    seen = {
        channel: event.presence("caller", None, channel) for channel in ("nightly", "esr", None)
    }
    assert seen == {"nightly": "optional", "esr": "forbidden", None: "optional"}


@pytest.mark.parametrize(
    ("extra", "allowed"),
    [
        pytest.param(ExtraContract(), {"a", "b.js:1 E"}, id="free text allows any text"),
        pytest.param(ExtraContract(codes=("a",)), {"a"}, id="codes allow themselves alone"),
        pytest.param(
            ExtraContract(former_codes=("a",), codes=("c",)), {"a"}, id="former codes too"
        ),
        pytest.param(ExtraContract(codes=("a",), open=True), {"a", "b.js:1 E"}, id="open codes"),
        pytest.param(
            ExtraContract(pattern=r".+:\d+ \w"), {"b.js:1 E"}, id="a pattern is the whole"
        ),
    ],
)
def test_what_an_extra_allows(extra: ExtraContract, allowed: set[str]) -> None:
    """An extra is free text unless it lists codes or has a form."""
    assert {text for text in ("a", "b.js:1 E") if extra.allows(text)} == allowed


EVENT = 'title = "t"\nenrollment_ids = true\nscalars = {}\nuptake = {}\n[events.o.m]\nvalue = "v"\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('title = "S3CRET"\nS3CRET\n', 2, id="not TOML"),
        pytest.param("[S3CRET]\n[S3CRET]\n", 2, id="a table declared twice"),
        pytest.param(EVENT, 5, id="an event without source"),
        pytest.param(EVENT + 'source = "s"\nS3CRET = 1\n', 8, id="an unknown key"),
        pytest.param(
            EVENT + 'source = "s"\n[events.o.m.extras]\na = {}\nb = { presence = "S3CRET" }\n',
            10,
            id="an unknown presence",
        ),
        pytest.param(
            EVENT + 'source = "s"\n[events.o.m.extras]\na = { only_with = ["S3CRET"] }\n',
            5,
            id="a reason that is not listed",
        ),
        pytest.param(
            EVENT + 'source = "s"\nextras.a = { pattern = "(S3CRET" }\n', 8, id="a broken pattern"
        ),
        pytest.param('title = "t"\nextends = "S3CRET"\n', 2, id="it extends nothing known"),
        pytest.param('extends = "../S3CRET"\n', 1, id="it extends a file outside the project"),
    ],
)
def test_wrong_contract(tmp_path: Path, text: str, line: int) -> None:
    """A wrong contract gives one sentence with file and line, and nothing of what it holds."""
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        load_contract(str(file))
    message = str(caught.value)
    assert message.startswith(f"{file}, line {line}: ")
    assert "\n" not in message
    assert "S3CRET" not in message


@pytest.mark.parametrize("name", contract_names())
def test_what_a_contract_says_was_reviewed(name: str) -> None:
    """Every event, extra, code and limit is as it stands in `tests/contracts`, for reviewers."""
    assert f"{shown(name)}\n" == REVIEWED.joinpath(f"{name}.txt").read_text(encoding="utf-8")


def test_no_such_contract() -> None:
    """A name that is neither a contract nor a file is said to be so."""
    with pytest.raises(ContractError, match=r"^firefox-1: there is no such contract"):
        load_contract("firefox-1")


def test_own_contract_can_extend_the_projects(tmp_path: Path) -> None:
    """A user's file may say only what is different, for versions of its own."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "firefox-132"\ntitle = "Ours"\n', encoding="utf-8")
    own, extended = load_contract(str(file)), load_contract("firefox-132")
    assert (own.title, own.versions, own.events) == ("Ours", None, extended.events)
