"""Imports point one way: the arrows between the parts of the project, as data."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "auditor"

# A part is a module of `auditor`, or a whole folder of it. Read a line as: may import.
ALLOWED: dict[str, set[str]] = {
    # what a promise is, and what is said of it
    "resources": set(),
    "history": set(),
    "rule": {"resources", "history"},
    "__init__": {"rule"},
    "report": {"rule"},
    "written": set(),
    "contract": {"resources", "written"},
    "clauses": {"resources", "written"},
    # from files to tables to subjects
    "stores": {"history", "report"},
    "values": {"stores"},
    "lookups": {"values", "stores"},
    "readings": {"contract", "stores"},
    "views": set(),
    "engines": {"rule", "stores", "views"},
    "sharding": {"engines", "failures", "lookups", "report", "stores", "views"},
    # from subjects to verdicts
    "redaction": {"values"},
    "verdicts": {"engines", "redaction", "report", "rule", "stores", "views"},
    "audit": {
        *(
            "__init__",
            "clauses",
            "engines",
            "lookups",
            "readings",
            "redaction",
            "report",
            "rule",
            "sharding",
            "stores",
        ),
        "verdicts",
    },
    # from verdicts to people
    "renderers": {"report", "rule"},
    "drift": {"contract", "renderers"},
    "findings": {"renderers", "report", "stores"},
    "failures": {"clauses", "contract", "engines", "findings", "report", "rule", "stores"},
    "leaks": {"stores", "values"},
    "withholding": {"leaks", "renderers", "report"},
    "delivery": {"failures", "findings", "leaks", "renderers", "report", "withholding"},
    "interrupts": {"stores"},
    "watching": {"renderers", "stores"},
    "keys": {"failures"},
    "configuration": {"failures", "written"},
    # which findings are excused, and what became of them
    "gate": {"delivery", "failures", "keys", "renderers", "report", "rule", "written"},
    "run": {
        *("audit", "contract", "delivery", "failures", "findings", "gate", "keys", "leaks"),
        *("readings", "renderers", "report", "resources", "rule", "selftest", "sharding"),
        *("stores", "watching"),
    },
    "rendering": {"delivery", "failures", "report"},
    "merging": {
        *("audit", "contract", "delivery", "engines", "failures", "gate", "keys", "readings"),
        *("renderers", "rendering", "report", "rule", "run", "verdicts"),
    },
    "reference": {
        *("clauses", "contract", "drift", "failures", "history", "renderers", "report", "rule"),
        *("run", "stores", "views"),
    },
    "breaches": {"audit", "engines", "readings", "rule", "stores"},
    "selftest": {"breaches", "engines", "history", "report", "rule", "stores"},
    "importing": {"failures", "renderers", "report", "stores"},
    "simulate": {
        *("breaches", "engines", "failures", "history", "rule", "stores", "views"),
    },
    "recorder": {"failures", "stores"},
    "browsing": {"failures", "findings", "recorder"},
    # It may not know the views, the engines and the rules' predicates: it is to be independent.
    "verifying": {
        *("contract", "failures", "keys", "redaction", "renderers", "rendering", "report"),
        *("rule", "stores"),
    },
    "reproduce": {
        *("audit", "engines", "failures", "history", "keys", "leaks", "readings", "renderers"),
        *("rule", "run", "stores", "values", "verdicts", "views", "watching"),
    },
    "commands": {
        *("browsing", "configuration", "delivery", "gate", "importing", "interrupts", "merging"),
        "recorder",
        *(
            "reference",
            "renderers",
            "rendering",
            "reproduce",
            "rule",
            "run",
            "selftest",
            "simulate",
        ),
        "verifying",
    },
    "cli": {"__init__", "commands", "failures", "interrupts"},
    "__main__": {"cli"},
}
NETWORK = {
    *("asyncio", "ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver"),
    *("ssl", "urllib.request", "webbrowser", "wsgiref", "xmlrpc"),
    *("datasette", "uvicorn"),
}
SERVERS = {"recorder", "browsing"}


def imports(file: Path) -> Iterator[str]:
    """The full name of everything that a file imports, wherever in the file it does so."""
    package = ".".join(file.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = f"{package}.{node.module or ''}" if node.level else node.module
            yield from (f"{base}.{alias.name}" for alias in node.names)


def part_of(name: str) -> str:
    """The part in which an imported name of `auditor` lies."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ALLOWED else "__init__"


def files_of(part: str) -> list[Path]:
    """The files of a part."""
    return sorted((PACKAGE / part).rglob("*.py")) or [PACKAGE / f"{part}.py"]


def imported_by(part: str) -> set[str]:
    """Everything that a part imports."""
    return set(chain.from_iterable(map(imports, files_of(part))))


def is_or_in(name: str, modules: set[str]) -> bool:
    """Whether a name is one of the modules, or lies in one."""
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def test_every_part_has_its_place() -> None:
    """The table of arrows has every part of the package, and no other."""
    folders = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}
    assert folders | {file.stem for file in PACKAGE.glob("*.py")} == set(ALLOWED)


@pytest.mark.parametrize("part", ALLOWED)
def test_arrows(part: str) -> None:
    """A part imports those parts that the table allows, and itself."""
    own = {part_of(name) for name in imported_by(part) if is_or_in(name, {"auditor"})}
    assert set() == own - ALLOWED[part] - {part}


def test_arrows_make_no_circle() -> None:
    """No part is reached from itself: the arrows point one way."""
    left = dict(ALLOWED)
    while free := {part for part, arrows in left.items() if not arrows & left.keys()}:
        left = {part: arrows for part, arrows in left.items() if part not in free}
    assert set() == set(left)


@pytest.mark.parametrize("rule", sorted((ROOT / "rules").glob("*.py")), ids=lambda file: file.stem)
def test_rules(rule: Path) -> None:
    """A rule imports what a promise is made of, and how histories are written: nothing else."""
    modules = {name.rpartition(".")[0] for name in imports(rule)}
    assert set() == modules - {"auditor", "auditor.history"}


def test_only_one_module_loads_rules() -> None:
    """Files are loaded as code by `auditor.rule` alone: nothing else reaches the rules."""
    loaders = {part for part in ALLOWED if "importlib.util" in imported_by(part)}
    assert {"rule"} == loaders


def test_nothing_names_the_rules_as_a_module() -> None:
    """No file of the package imports a rule by its name."""
    named = set(chain.from_iterable(map(imported_by, ALLOWED)))
    assert set() == {name for name in named if is_or_in(name, {"rules", "auditor.rules"})}


@pytest.mark.parametrize("part", sorted(ALLOWED.keys() - SERVERS))
def test_no_network(part: str) -> None:
    """No part but the two that serve can open a socket: none imports what could."""
    assert set() == {name for name in imported_by(part) if is_or_in(name, NETWORK)}


def test_dependencies_are_declared() -> None:
    """What the package imports from outside is what the project declares, no more and no less."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    declared = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in lines}
    tops = {name.partition(".")[0] for part in ALLOWED for name in imported_by(part)}
    assert declared == tops - sys.stdlib_module_names - {"auditor"}
