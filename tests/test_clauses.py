"""The clauses held against the document word for word, and against the rules."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from auditor.clauses import Clause, ClauseError, load_clauses, promises
from auditor.contract import load_contract
from auditor.rule import Rule, load_rules

Run = Callable[..., subprocess.CompletedProcess[str]]

DOCUMENT = Path(__file__).with_name("recordings").joinpath("data-collection.rst").read_text("utf-8")
CLAUSES = load_clauses()
EVERY = [clause for under in CLAUSES.values() for clause in under]
PROMISES = [clause for under in promises(CLAUSES).values() for clause in under]
RULES = load_rules()
QUOTING = [rule for rule in RULES if rule.source is None]
UNDERLINE = re.compile(r"(?m)^([=^-])\1{2,}$")


def quoted() -> Iterator[str]:
    """The words of the clauses, each heading once and before what stands under it."""
    before: list[str] = []
    for heading, under in CLAUSES.items():
        titles = heading.split(" / ")
        new = titles[-1:] if before[: len(titles) - 1] == titles[:-1] else titles
        yield from " ".join(new).split()
        before = titles
        for clause in under:
            yield from clause.words.split()


def common(one: str, other: str) -> int:
    """The length of the longest run of words that both have."""
    first, second = one.split(), other.split()
    match = SequenceMatcher(None, first, second, autojunk=False).find_longest_match()
    return match.size


def quotes(rule: Rule, clause: Clause) -> bool:
    """Whether a clause has most of the words that the rule quotes, in a run."""
    return common(rule.clause, clause.says) > len(rule.clause.split()) / 2


def test_the_clauses_are_the_whole_document() -> None:
    """Together they are the document, word for word and in its order.

    Its headings are theirs. Only the lines that underline a heading are left out.
    """
    assert list(quoted()) == UNDERLINE.sub("", DOCUMENT).split()


def test_headings_are_those_of_the_contract() -> None:
    """The document's contract names its entries by the same headings."""
    contract = load_contract("documented")
    sources = {event.source for _, _, event in contract.each_event()}
    sources |= {uptake.source for uptake in contract.uptake.values()}
    sources |= {scalar.source for scalar in contract.scalars.values()}
    assert sources - CLAUSES.keys() == set()


def test_every_named_rule_exists() -> None:
    """No promise is held by a rule that there is not."""
    assert {name for clause in EVERY for name in clause.rules} - {r.name for r in RULES} == set()


@pytest.mark.parametrize("rule", QUOTING, ids=lambda rule: rule.name)
def test_every_rule_stands_under_what_it_quotes(rule: Rule) -> None:
    """A rule that quotes the document is named by a clause with most of those words."""
    assert any(quotes(rule, clause) for clause in EVERY if rule.name in clause.rules)


def test_no_reason_ends_like_a_sentence() -> None:
    """Reasons are printed after a colon: they begin small and have no full stop."""
    reasons = {clause.unprovable for clause in EVERY if clause.unprovable}
    assert {r for r in reasons if r[0].isupper() or r.endswith(".")} == set()


HEADING = '[["A / B"]]\n'
GOOD = HEADING + 'says = "s"\ntold = true\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("S3CRET\n", 1, id="not TOML"),
        pytest.param(GOOD + HEADING + 'says = "S3CRET"\n', 4, id="neither rules nor a reason"),
        pytest.param(GOOD + HEADING + 'says = "s"\nrules = []\n', 4, id="an empty list of rules"),
        pytest.param(GOOD + 'rules = ["S3CRET"]\n', 1, id="rules, although it is only told"),
        pytest.param(
            HEADING + 'says = "s"\nrules = ["a"]\nunprovable = "S3CRET"\n',
            1,
            id="rules and a reason why there are none",
        ),
        pytest.param(GOOD + HEADING + "told = true\n", 4, id="nothing quoted"),
        pytest.param(GOOD + GOOD + "S3CRET = 1\n", 7, id="an unknown key"),
        pytest.param(GOOD + HEADING + 'says = ""\ntold = true\n', 5, id="no words"),
    ],
)
def test_wrong_clauses(tmp_path: Path, text: str, line: int) -> None:
    """A wrong file gives one sentence with file and line, and nothing of what it holds."""
    file = tmp_path / "clauses.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ClauseError) as caught:
        load_clauses(file)
    message = str(caught.value)
    assert message.startswith(f"{file}, line {line}: ")
    assert "\n" not in message
    assert "S3CRET" not in message


def test_no_such_file(tmp_path: Path) -> None:
    """A file that is not there is said not to be."""
    with pytest.raises(ClauseError, match=r"none\.toml: there is no such file$"):
        load_clauses(tmp_path / "none.toml")


def test_wrong_clauses_end_the_command(run: Run, installation: Path) -> None:
    """Wrong clauses end with exit code 2 and one sentence."""
    (installation / "rules" / "clauses.toml").write_text(HEADING, encoding="utf-8")
    done = run("clauses", PYTHONPATH=str(installation))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"auditor: \S+clauses\.toml, line 1: [^\n]+\n", done.stderr)


@pytest.mark.parametrize(
    ("says", "lines"),
    [
        pytest.param("A\nb ``c``\nd.", ("A b c d.",), id="a sentence"),
        pytest.param(
            'method\n   The string ``"a"``\nobject\n   The string\n   ``"b"``',
            ('method: The string "a"', 'object: The string "b"'),
            id="names, and what is said of them",
        ),
        pytest.param(
            "extra\n   branch\n      A name", ("extra: branch: A name",), id="a name in one"
        ),
        pytest.param("* ``a``: b\n  c\n* ``d``: e", ("a: b c", "d: e"), id="bullets"),
        pytest.param(
            ".. data:: A\n\n   :Telemetry value: b", ("A: Telemetry value: b",), id="a status"
        ),
        pytest.param(":ref:`a b <C>` and :ref:`d/e`, *f*", ("a b and d/e, f",), id="references"),
    ],
)
def test_lines_for_a_reader(says: str, lines: tuple[str, ...]) -> None:
    """A clause is printed without markup, each name or bullet on a line with what it says."""
    assert Clause(says=says, told=True).lines == lines


def test_clauses_as_json(run: Run) -> None:
    """As JSON, every promise is an object under its heading, in the document's order."""
    found = json.loads(run("clauses", "--format", "json").stdout)
    assert [(f["says"], f["rules"], f["unprovable"]) for f in found] == [
        (clause.words, list(clause.rules), clause.unprovable) for clause in PROMISES
    ]
    assert list(dict.fromkeys(f["heading"] for f in found)) == list(promises(CLAUSES))


def test_clauses_as_text(run: Run) -> None:
    """As text, each promise is followed by what becomes of it; no line is over 100 characters."""
    done = run("clauses")
    lines = done.stdout.splitlines()
    at = lines.index("  Normandy failed to verify the signature of the recipe.")
    assert lines[at + 1].startswith("      no store can prove it: a signature is verified inside")
    at = lines.index("  New changes continue to receive a enrollment IDs as normal.")
    assert lines[at + 1] == "      held by enrollment_while_off_without_id"
    assert max(map(len, lines)) <= 100
    assert (done.returncode, done.stderr) == (0, "")


def test_clauses_end_with_their_count(run: Run) -> None:
    """The last line counts the promises, those held, and those that no store can prove."""
    held = sum(bool(clause.rules) for clause in PROMISES)
    assert run("clauses").stdout.splitlines()[-1] == (
        f"{len(PROMISES)} promises: {held} held by rules, "
        f"{len(PROMISES) - held} that no store can prove"
    )
