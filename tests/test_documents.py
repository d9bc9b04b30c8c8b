"""What is generated in the documents is what the project would generate now."""

import re
from pathlib import Path

from tests import generated


def test_the_readme_is_current() -> None:
    """The report and the index of rules in README.md are what the commands print."""
    assert generated.README.read_text(encoding="utf-8") == generated.readme()


def test_the_index_beside_the_rules_is_current() -> None:
    """rules/README.md lists the rules that there are."""
    assert generated.RULES.read_text(encoding="utf-8") == generated.rules()


def test_no_document_names_an_option_that_does_not_exist() -> None:
    """Every `--option` of the README is one that the command line has."""
    modules = (Path("auditor/cli.py"), *Path("auditor/commands").glob("*.py"))
    source = "".join(module.read_text(encoding="utf-8") for module in modules)
    named = set(re.findall(r"`--([a-z-]+)", Path("README.md").read_text(encoding="utf-8")))
    assert {name for name in named if name.replace("-", "_") not in source} == set()
