"""The report must not become the leak: nothing planted in a store comes out of any output."""

import base64
import gzip
import json
import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import lz4.block
import pytest

from auditor import renderers
from auditor.redaction import Redactor

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

RECORDINGS = sorted(path.name for path in Path(__file__).with_name("recordings").glob("firefox-*"))
CLEAN, BROKEN = "firefox-115-clean", "firefox-115-upload-off-on"
EVERY_FORMAT = [
    part for form in (*renderers.formats(), "db") for part in ("--report", f"report.{form}")
]
IDENTIFIERS = re.compile(
    rb'"(?:client_?id|session_?id|subsessionid|enrollment_?id|profile_?group_?id|user_id|'
    rb'legacy\.telemetry\.client_id|app\.normandy\.user_id)"\s*[:,]\s*"\{?([^"{}]{8,})\}?"',
    re.IGNORECASE,
)
SHARED = {"c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0", "__no_enrollment_id__"}

PLANTED = {
    "an enrollment ID": "badc0ffe-1111-4222-8333-444455556666",
    "an enrollment ID in capitals": "DEFACED0-1111-4222-8333-444455556666",
    "a malformed enrollment ID": "Planted.Enrollment.0042",
    "a malformed client id": "Sown-Client-Identifier-77",
    "a profile group id": "5ca1ab1e-1111-4222-8333-444455556666",
    "a session id": "0ff1ce00-1111-4222-8333-444455556666",
    "Normandy's user id": "b01dface-1111-4222-8333-444455556666",
    "a study's value": "https://hidden.invalid/?who=facade00-1111-4222-8333-444455556666",
    "a study's previous value": "Secretly previous value",
    "a value for the next start": "concealed/at/startup",
    "a recipe's value": "quietly-asked-for-by-recipe",
}
UUID = PLANTED["an enrollment ID"]
FIELDS = (
    *("method", "object", "slug", "reason", "originalReason", "branch", "prefBranch"),
    *("preference", "preferenceName", "detail", "previousState", "experimentType"),
    *("addonId", "caller", "conflictingSlug", "unheardOf"),
)
WRAPS = ("{}", "plain-slug-{}-release", "x" * 62 + "{}")


def squeezed(text: str) -> str:
    """Text without what a renderer may put inside a word: breaks, escapes and case."""
    plain = re.sub(r"&#(\d+);", lambda code: chr(int(code[1])), text)
    return re.sub(r"[\s\\│|]", "", plain).lower()


def leaked(texts: dict[str, str], values: dict[str, str]) -> set[tuple[str, str]]:
    """Which values stand in which texts, told by the first characters that survive any cut."""
    read = {place: squeezed(text) for place, text in texts.items()}
    return {
        (place, what)
        for place, text in read.items()
        for what, value in values.items()
        if squeezed(value)[:12] in text
    }


def dumped(database: Path) -> str:
    """Everything in a database, its indexes of words included, as SQL."""
    with closing(sqlite3.connect(database)) as connection:
        return "\n".join(connection.iterdump())


def outputs(done: subprocess.CompletedProcess[str], desk: Path) -> dict[str, str]:
    """Everything that a run has printed and written."""
    reports = [*desk.glob("report.*")]
    written = {file.name: file.read_bytes().decode(errors="replace") for file in reports}
    databases = [file for file in reports if file.suffix == ".db"]
    written |= {f"rows of {file.name}": dumped(file) for file in databases}
    return written | {"standard output": done.stdout, "standard error": done.stderr}


def contents(stores: Stores) -> Iterator[bytes]:
    """What stands in the readable files of two stores, unpacked."""
    profile, received = stores
    for file in filter(Path.is_file, profile.rglob("*")):
        data = file.read_bytes()
        packed = data.startswith(b"mozLz40\0")
        yield lz4.block.decompress(data[8:]) if packed else data
    for line in received.read_bytes().splitlines():
        body = base64.b64decode(json.loads(line)["payload"])
        yield gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


@pytest.mark.parametrize("name", RECORDINGS)
def test_real_identifiers(
    run: Run, recording: Callable[[str], Stores], desk: Path, name: str
) -> None:
    """No identifier that a real browser recorded is in any format of its report."""
    found = {
        i.decode().lower() for part in contents(recording(name)) for i in IDENTIFIERS.findall(part)
    }
    identifiers = {identifier: identifier for identifier in found - SHARED}
    done = run("audit", *recording(name), *EVERY_FORMAT)
    told = outputs(done, desk)
    assert (True, set()) == (len(identifiers) > 3, leaked(told, identifiers))


def _event(number: int, field: str, text: str, method: str, enrollment: str) -> list[object]:
    """An event that is plain but for one field."""
    parts = {"method": method, "object": "preference_study", "slug": f"plain-slug-{number}"}
    extras = {"enrollmentId": enrollment, "branch": "treatment", "reason": "unknown"}
    (parts if field in parts else extras)[field] = text
    extras[text] = "a key that is a text"
    return [number, "normandy", parts["method"], parts["object"], parts["slug"], extras]


def _events() -> Iterator[list[object]]:
    """Every planted value in every field, alone and inside a text, in a life that breaks rules."""
    texts = [wrap.format(value) for value in PLANTED.values() for wrap in WRAPS]
    places = [(field, text) for field in FIELDS for text in texts]
    for number, (field, text) in enumerate(places):
        enrollment = f"{number:08x}-7777-4222-8333-444455556666"
        for method in ("enroll", "unenroll", "expPrefChanged", "enrollFailed"):
            yield _event(number, field, text, method, enrollment)
    for number, name in enumerate(("an enrollment ID in capitals", "a malformed enrollment ID")):
        yield _event(number, "slug", f"bug-{PLANTED[name]}", "enroll", PLANTED[name])
        yield _event(number, "slug", PLANTED[name], "enroll", PLANTED[name].upper())


def _ping() -> dict[str, object]:
    annotations = {
        f"noted-{value}": {"type": "normandy-exp", "branch": value, "enrollmentId": UUID}
        for value in PLANTED.values()
    }
    freshness = {"normandy.recipe_freshness": dict.fromkeys(PLANTED.values(), 5)}
    return {
        "id": "00000000-0000-4000-8000-000000000001",
        "type": "event",
        "creationDate": "2026-11-24T07:00:00.000Z",
        "clientId": PLANTED["a malformed client id"],
        "profileGroupId": PLANTED["a profile group id"],
        "application": {"version": "115.14.0", "channel": "esr"},
        "environment": {"experiments": annotations},
        "payload": {
            "sessionId": PLANTED["a session id"],
            "processStartTimestamp": 1795503000000,
            "events": {"parent": list(_events())},
            "processes": {"parent": {"keyedScalars": freshness}},
        },
    }


def _study() -> dict[str, object]:
    """Stored studies that are named by the planted values, with preferences that hold two."""
    told = dict.fromkeys(PLANTED.values(), UUID)
    values = {
        "preferenceValue": PLANTED["a study's value"],
        "previousPreferenceValue": PLANTED["a study's previous value"],
    }
    return {
        f"stored-{value}": {
            "slug": f"stored-{value}",
            "branch": "treatment",
            "enrollmentId": UUID,
            "preferences": {"browser.planted": values},
            "told": told,
        }
        for value in PLANTED.values()
    }


RECIPES = {
    "data": [
        {
            "arguments": {
                "slug": "asked",
                "preferences": [
                    {"preferenceName": "browser.asked", "value": PLANTED["a recipe's value"]}
                ],
            }
        }
    ]
}


@pytest.fixture
def planted(copied: Callable[[str], Stores], desk: Path) -> Stores:
    """A recording in which every planted value stands wherever it can."""
    profile, received = copied(BROKEN)
    ping = json.dumps(_ping()).encode()
    (profile / "datareporting" / "archived" / "planted.json").write_bytes(ping)
    studies = json.dumps({"experiments": _study()})
    (profile / "shield-preference-experiments.json").write_text(studies)
    with (profile / "prefs.js").open("a") as prefs:
        user, value = PLANTED["Normandy's user id"], PLANTED["a value for the next start"]
        prefs.write(f'user_pref("app.normandy.user_id", "{user}");\n')
        prefs.write(f'user_pref("app.normandy.startupRolloutPrefs.browser.a", "{value}");\n')
    with received.open("a") as lines:
        uri = "/submit/telemetry/00000000-0000-4000-8000-000000000001/event/Firefox/115.14.0/esr/1"
        payload = base64.b64encode(ping).decode()
        lines.write(json.dumps({"attributeMap": {"uri": uri}, "payload": payload}) + "\n")
    (desk / "recipes.json").write_text(json.dumps(RECIPES))
    return profile, received


def test_planted_values(run: Run, planted: Stores, desk: Path) -> None:
    """No planted identifier or value is in any format, not even inside a slug or cut short."""
    done = run("audit", *planted, "--recipes", "recipes.json", *EVERY_FORMAT)
    told = outputs(done, desk)
    assert set() == leaked(told, PLANTED)


@pytest.mark.parametrize("form", renderers.formats())
def test_planted_values_in_print(run: Run, planted: Stores, desk: Path, form: str) -> None:
    """No planted value is printed in any format, however much is told and in what colours."""
    few = ("--select", "preference_value_reported", "--select", "enrollment_id_malformed")
    aloud = ("--verbose", "--color", "always", "--witness", "--format", form)
    done = run("audit", *planted, "--recipes", "recipes.json", *few, *aloud)
    assert (True, set()) == (len(done.stdout) > 100, leaked(outputs(done, desk), PLANTED))


def test_planted_values_of_a_kept_report(run: Run, planted: Stores, desk: Path) -> None:
    """Nor is one in what is made of a kept report, or told of it with its stores at hand."""
    asked = ("--recipes", "recipes.json")
    run("audit", *planted, *asked, "--select", "enrollment_id_malformed", "--report", "report.json")
    done = [
        run("verify", "report.json", *planted, *asked),
        run("render", "report.json", "--report", "report.db", "--report", "report.md"),
    ]
    told = [leaked(outputs(one, desk), PLANTED) for one in done]
    assert ([0, 0], [set(), set()]) == ([one.returncode for one in done], told)


def test_planted_values_are_found(run: Run, planted: Stores, desk: Path) -> None:
    """The planted events are what the report is about: it shows their plain slugs."""
    run("audit", *planted, "--recipes", "recipes.json", "--report", "report.json")
    report = json.loads((desk / "report.json").read_text())
    messages = " ".join(
        finding["message"] for verdict in report["verdicts"] for finding in verdict["findings"]
    )
    kinds = {"plain-slug-1", "enrollment:", "[withheld", "id:", "preference's value stands"}
    assert kinds == {kind for kind in kinds if kind in messages}


SECRET = PLANTED["a malformed enrollment ID"]
DAMAGED = {
    "datareporting/archived/a.jsonlz4": SECRET.encode(),
    "datareporting/archived/b.jsonlz4": b"mozLz40\0\xff\0\0\0" + SECRET.encode(),
    "datareporting/archived/c.json": f'{{"id": {SECRET}}}'.encode(),
    "datareporting/archived/d.json": f'["{SECRET}"]'.encode(),
    "datareporting/archived/e.json": f'{{"id": "{SECRET}", "type": "{SECRET}"}}'.encode(),
    "datareporting/state.json": f'"{SECRET}"'.encode(),
    "shield-preference-experiments.json": f'{{"{SECRET}": \xff'.encode("latin-1"),
    "ExperimentStoreData.json": f'["{SECRET}"]'.encode(),
    "user.js": f'user_pref("{SECRET}", "\xff");'.encode("latin-1"),
    "storage/permanent/chrome/idb/3561288849sdhlie.sqlite": SECRET.encode() * 99,
}


def test_damaged_files(run: Run, copied: Callable[[str], Stores], desk: Path) -> None:
    """Why a file could not be read is told without what stands in it."""
    profile, received = copied(CLEAN)
    for name, content in DAMAGED.items():
        (profile / name).write_bytes(content)
    with received.open("a") as lines:
        lines.write(f'{{"payload": "{SECRET}"}}\n{SECRET}\n')
    told = outputs(run("audit", profile, received, *EVERY_FORMAT), desk)
    named = {name for name in DAMAGED if name in told["report.json"]}
    assert (set(DAMAGED), set()) == (named, leaked(told, {"it": SECRET}))


CRASHING = '''"""A promise that cannot be tested."""

from auditor import Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="no clause", severity=Severity.HIGH, examines="enrollments", about="enrollments",
    broken_when="CAST(enrollment_id AS INTEGER) > CAST(change AS INTEGER)", says="never said",
    shows={"never": "TRUE"}, mend="mend it",
    keeps=(enroll("e1", day=1),), breaks=(enroll("e1", day=1),),
)
'''


def test_rule_that_crashes(run: Run, planted: Stores, desk: Path, installation: Path) -> None:
    """A rule that crashes over a value is told without the value, which the engine would quote."""
    (installation / "rules" / "crashing.py").write_text(CRASHING)
    options = ["--select", "crashing", *EVERY_FORMAT]
    told = outputs(run("audit", *planted, *options, PYTHONPATH=str(installation)), desk)
    crashed = "could not be run" in told["report.json"]
    assert (True, set()) == (crashed, leaked(told, PLANTED))


def test_unforeseen_failure(run: Run, recording: Callable[[str], Stores], desk: Path) -> None:
    """Of a failure that nobody foresaw only its kind and place are told, and no traceback."""
    script = (
        "from auditor import cli, run\n"
        f"def fail(*_): raise ValueError({SECRET!r}) from KeyError({SECRET!r})\n"
        "run.read_stores = fail; cli.main()"
    )
    done = run("audit", *recording(CLEAN), code=script)
    told = outputs(done, desk)
    assert (4, set()) == (done.returncode, leaked(told, {"it": SECRET, "a traceback": "Traceback"}))


WRONG_CONTRACTS = {
    "a line that is no TOML": f"title = {SECRET}",
    "a key that there is not": f'title = "a"\nenrollment_ids = true\n[events]\n["{SECRET}"]\na = 1',
    "a value of the wrong type": f'title = "a"\nenrollment_ids = "{SECRET}"\n[events]',
    "a contract to extend that there is not": f'extends = "{SECRET}"',
    "extras to do without that are no list": f'extends = "firefox-115"\nwithout = "{SECRET}"',
    "a pattern that does not compile": 'extends = "firefox-115"\n[events.preference_study.enroll]\n'
    f'source = "a"\nvalue = "b"\nextras.branch.pattern = "({SECRET}"',
    "a reason that there is not": 'extends = "firefox-115"\n[events.preference_study.enroll]\n'
    f'source = "a"\nvalue = "b"\nextras.branch.only_with = ["{SECRET}"]',
    "the same key twice": f'"{SECRET}" = 1\n"{SECRET}" = 2',
}
WRONG_RECIPES = {
    "no JSON": f'{{"value": {SECRET}}}',
    "no recipe": f'["{SECRET}"]',
    "a recipe without preferences": f'{{"arguments": {{"slug": "{SECRET}"}}}}',
}
WRONG_FILES = [
    *[pytest.param("--contract", text, id=f"contract: {k}") for k, text in WRONG_CONTRACTS.items()],
    *[pytest.param("--recipes", text, id=f"recipes: {k}") for k, text in WRONG_RECIPES.items()],
    pytest.param("--token-key", SECRET[:15], id="token key: too short"),
]


@pytest.mark.parametrize(("option", "content"), WRONG_FILES)
def test_wrong_files(
    run: Run, recording: Callable[[str], Stores], desk: Path, option: str, content: str
) -> None:
    """What is wrong with a file is told without what stands in it."""
    (desk / "wrong.toml").write_text(content)
    done = run("audit", *recording(CLEAN), option, "wrong.toml")
    told = outputs(done, desk)
    assert (2, set()) == (done.returncode, leaked(told, {"it": SECRET}))


KEY = bytes(16)


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        pytest.param(f"bug-{UUID}-release", set(), id="a UUID inside a slug"),
        pytest.param(f"bug-{UUID.upper()}", set(), id="a UUID in capitals"),
        pytest.param(UUID.replace("-", ""), set(), id="a UUID without dashes"),
        pytest.param(UUID.replace("-", "_"), set(), id="a UUID with underscores"),
        pytest.param("x" * 62 + UUID[:18], set(), id="a UUID that a limit cut"),
        pytest.param(f"a-{SECRET.lower()}-b", {SECRET}, id="a secret in another case"),
        pytest.param("x" * 68 + SECRET[:12], {SECRET}, id="a secret that a limit cut"),
        pytest.param(SECRET[:8], {SECRET[:8]}, id="a secret alone"),
        pytest.param("dark", {"dark"}, id="a short word that is the whole text"),
        pytest.param(
            "https%3A%2F%2Fhidden.invalid", {"https://hidden.invalid"}, id="a secret in a URL"
        ),
    ],
)
def test_withheld(text: str, secrets: set[str]) -> None:
    """An identifier or a secret is withheld in every form in which it is known."""
    hidden = {part[:8].lower() for part in (*secrets, UUID, "https%3a")}
    shown = Redactor(KEY, secrets).plain(text).lower()
    assert set() == {part for part in hidden if part in shown}


def test_secret_that_holds_an_identifier() -> None:
    """A secret with a UUID inside is withheld whole, and not only its UUID."""
    value = PLANTED["a study's value"]
    assert Redactor(KEY, {value}).plain(f"is {value}") == f"is [withheld, {len(value)} characters]"


def test_secret_in_the_words_of_withholding() -> None:
    """Words that stand in for a secret are not searched for secrets themselves."""
    shown = Redactor(KEY, {"characters", "concealed!"}).plain("concealed!")
    assert shown == "[withheld, 10 characters]"


@pytest.mark.parametrize(
    "slug",
    [
        pytest.param("bug-1801001-pref-adaptive-history-release-115-115", id="a slug of Mozilla's"),
        pytest.param("dark-mode-study", id="a slug with a short word that is a value too"),
        pytest.param("decade-facade-20240101", id="words and a date of hexadecimal digits"),
    ],
)
def test_plain_slug(slug: str) -> None:
    """A plain slug is shown as it is."""
    assert slug == Redactor(KEY, {"dark"}).plain(slug)


def test_count_that_equals_a_value() -> None:
    """A number that the audit counted is shown, though a preference has the same value."""
    assert Redactor(KEY, {"1234567"}).sentence("{events}", {"events": 1234567}) == "1234567"


def test_same_value_same_token() -> None:
    """Under one key a value has one token."""
    one, other = Redactor(KEY), Redactor(KEY)
    assert one.token("enrollment", UUID) == other.token("enrollment", UUID)


def test_other_key_other_token() -> None:
    """Under another key the same value has another token."""
    one, other = Redactor(KEY), Redactor(bytes(17))
    assert one.token("enrollment", UUID) != other.token("enrollment", UUID)
