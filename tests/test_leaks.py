"""The last look before anything is written: what has a raw value in it is withheld."""

import base64
import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from auditor import findings
from auditor.audit import audit
from auditor.delivery import Printed, deliver
from auditor.history import Moment, enroll, raw, recipe
from auditor.leaks import LeakError, Leaks
from auditor.report import Report
from auditor.rule import load_rules
from auditor.stores import as_stores
from auditor.stores.histories import identifier

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

BROKEN = "firefox-115-upload-off-on"
STRAY = "Planted.Enrollment.0042"
VALUE = 'https://home.example/?who="jo"&page=zwölf'
LIFE = (
    enroll("e1", day=1),
    enroll(raw(STRAY), day=2, change="b"),
    recipe(preference="p", value=VALUE),
)
UUID = identifier("e1")
WRITINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "in JSON": json.dumps,
    "in JSON, every character escaped": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "in HTML": html.escape,
    "in HTML, every character a reference": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "in a URL": lambda text: quote(text, safe=""),
    "in a URL, every byte escaped": lambda text: "".join(f"%{b:02X}" for b in text.encode()),
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in the URL-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "in the colours of a terminal": lambda text: (
        f"\x1b[1m{text[:9]}\x1b[0m\n\x1b[1m{text[9:]}\x1b[0m"
    ),
    "in hexadecimal digits": lambda text: text.encode().hex(),
    "broken into lines": lambda text: f"{text[:9]}\n      {text[9:]}",
    "inside a word": lambda text: f"bug-{text}-release",
    "in Markdown": lambda text: re.sub(r"(\W)", r"\\\1", text),
}


def leaks(*moments: Moment) -> Leaks:
    """What must not be written of a history."""
    return Leaks(as_stores(moments))


@pytest.mark.parametrize("secret", [UUID, STRAY, VALUE], ids=["a UUID", "no UUID", "a value"])
@pytest.mark.parametrize("writing", WRITINGS)
def test_raw_value(writing: str, secret: str) -> None:
    """A value is found in whatever way a format may have written it."""
    written = f'{{"message": "{WRITINGS[writing](secret)}"}}'.encode()
    with pytest.raises(LeakError):
        leaks(*LIFE).refuse(written)


@pytest.mark.parametrize("writing", [UUID.replace("-", ""), UUID.replace("-", "_")])
def test_identifier_without_dashes(writing: str) -> None:
    """An identifier is found without its dashes, inside other digits too."""
    with pytest.raises(LeakError):
        leaks(*LIFE).refuse(f"00{writing}11".encode())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("dark", "dark mode", id="a plain word"),
        pytest.param("true", "true", id="a boolean"),
        pytest.param("1234567", "1234567 events", id="a mere number"),
        pytest.param("enrollment-ids", "Enrollment-IDs are cleared", id="words of auditor's own"),
        pytest.param(VALUE, VALUE[:20], id="less than the whole of it"),
    ],
)
def test_what_proves_nothing(value: str, text: str) -> None:
    """A value that any report may hold keeps none from being written."""
    own = b"Enrollment-IDs are cleared when upload is turned off."
    leaks(recipe(preference="p", value=value)).refuse(text.encode(), own)
    with pytest.raises(LeakError):
        leaks(recipe(preference="p", value=VALUE)).refuse(f"{text} {VALUE}".encode(), own)


def test_every_identifier() -> None:
    """Whatever column holds an identifier, it is known."""
    stores = as_stores([enroll("e1", day=1)])
    ping = stores.tables["pings"].to_pylist()[0]
    for column in ("client_id", "session_id"):
        with pytest.raises(LeakError):
            Leaks(stores).refuse(str(ping[column]).encode())
    Leaks(stores).refuse(str(ping["ping"]).encode())


@pytest.fixture
def leaking() -> tuple[Report, Leaks]:
    """A report whose writer forgot to redact one message, and what its stores hold."""
    stores = as_stores(LIFE)
    report = audit(stores, load_rules())
    (verdict,) = [v for v in report.verdicts if v.rule == "enrollment_id_malformed"]
    finding = verdict.findings[0].model_copy(update={"message": f"{STRAY} is malformed"})
    wrong = verdict.model_copy(update={"findings": (finding,)})
    return report.model_copy(update={"verdicts": (wrong,)}), Leaks(stores)


def test_withheld(
    leaking: tuple[Report, Leaks], tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Of every file and of what is printed nothing is left, and each is named."""
    report, known = leaking
    paths = [tmp_path / name for name in ("a.json", "a.md", "a.txt", "a.db")]
    withheld = deliver(report, Printed(), paths, known)
    assert [*map(str, paths), "standard output"] == withheld
    assert (list(tmp_path.iterdir()), capsysbinary.readouterr().out) == ([], b"")


def test_what_was_there_before(leaking: tuple[Report, Leaks], tmp_path: Path) -> None:
    """A file that was there before stays as it was, and so does a database."""
    report, known = leaking
    paths = [tmp_path / "a.json", tmp_path / "a.db"]
    paths[0].write_text("{}")
    findings.append(paths[1], report.model_copy(update={"verdicts": ()}))
    before = [path.read_bytes() for path in paths]
    deliver(report, Printed(), paths, known)
    assert before == [path.read_bytes() for path in paths]


LEAKY = '''"""A format of someone who took data from elsewhere than the report."""

SUFFIX = ".leaky"


def render(report: object) -> str:
    return "enrolled: {secret}"
'''


def test_leaky_renderer(
    run: Run, recording: Callable[[str], Stores], desk: Path, installation: Path
) -> None:
    """The run tells which file was withheld, not why in the data's own words, and exits with 4."""
    stores = recording(BROKEN)
    state = json.loads((stores[0] / "datareporting" / "state.json").read_text())
    secret = state["clientID"]
    renderers = installation / "auditor" / "renderers"
    (renderers / "leaky.py").write_text(LEAKY.replace("{secret}", secret))
    asked = ("--report", "report.leaky", "--report", "report.json")
    done = run("audit", *stores, *asked, PYTHONPATH=str(installation))
    assert {"report.json"} == {file.name for file in desk.iterdir()}
    told = done.stderr.splitlines()
    assert (done.returncode, [told[0][:34]]) == (4, ["auditor: report.leaky was withheld"])
    assert secret not in done.stderr


@pytest.mark.parametrize("secret", [UUID, STRAY], ids=["a UUID", "no UUID"])
def test_name_of_a_file(secret: str) -> None:
    """An identifier is found in the name of a file too; that a value is one proves nothing."""
    name = f"{secret}.ndjson".encode()
    with pytest.raises(LeakError):
        leaks(*LIFE).refuse(name, names=name)
    leaks(recipe(preference="p", value="saved-pings")).refuse(
        b"saved-pings/1", names=b"saved-pings"
    )


def test_many_values() -> None:
    """However many values there are, one of them is found, and none where there is none."""
    values = [
        *(f"value number {n:05}" for n in range(2000)),
        *(f"{n:05}, a value" for n in range(2000)),
    ]
    many = leaks(*(recipe(preference="p", value=value) for value in values))
    many.refuse(b"value number of none: 00000, and no value")
    for value in (values[1234], values[3456]):
        with pytest.raises(LeakError):
            many.refuse(f"this is {value} of many".encode())


def test_named_by_a_client_id(run: Run, recording: Callable[[str], Stores], desk: Path) -> None:
    """A store that was named by a client id is not named in a report, which is withheld."""
    profile, received = recording(BROKEN)
    client = json.loads((profile / "datareporting" / "state.json").read_text())["clientID"]
    shutil.copy(received, desk / f"{client}.ndjson")
    done = run("audit", f"{client}.ndjson", "--report", "report.json")
    assert {f"{client}.ndjson"} == {file.name for file in desk.iterdir()}
    assert (done.returncode, done.stdout, done.stderr.count("withheld")) == (4, "", 2)
