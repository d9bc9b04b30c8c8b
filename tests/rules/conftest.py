"""What the tests of rules share: every rule, and an audit of a history."""

from collections.abc import Callable, Iterable

import pytest

from auditor.audit import audit
from auditor.history import Moment
from auditor.report import Verdict
from auditor.rule import Rule, load_rules
from auditor.stores import as_stores

RULES = {rule.name: rule for rule in load_rules()}

Judge = Callable[[str, Iterable[Moment]], Verdict]


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Hold a history against one rule."""

    def verdict(name: str, moments: Iterable[Moment]) -> Verdict:
        return audit(as_stores(moments), [RULES[name]]).verdicts[0]

    return verdict


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `rule` is run for every rule."""
    if "rule" in metafunc.fixturenames:
        metafunc.parametrize("rule", RULES.values(), ids=RULES)


def named(name: str) -> Rule:
    """The rule of that name."""
    return RULES[name]
