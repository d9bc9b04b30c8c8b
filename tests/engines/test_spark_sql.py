"""Where DuckDB and Spark give different answers to the same words, the words are changed."""

import re
from pathlib import Path

import pytest

from auditor import views
from auditor.engines.spark_sql import translated
from auditor.rule import load_rules

DIFFERENCES = {
    "a character is told by code point": (
        "SELECT chr(65533) AS c",
        "SELECT '\N{REPLACEMENT CHARACTER}' AS c",
    ),
    "bytes are counted": ("SELECT strlen(a) AS n", "SELECT OCTET_LENGTH(a) AS n"),
    "a pattern's end is the text's end": (
        "SELECT regexp_matches(a, '^b$') AS m",
        r"SELECT a RLIKE '(?d)^b\\z' AS m",
    ),
    "a row without the value is passed over": (
        "SELECT max_by(a, b) AS m FROM t",
        "SELECT MAX_BY(a, b) FILTER(WHERE NOT a IS NULL) AS m FROM t",
    ),
    "a filter is kept as the value is asked for": (
        "SELECT min_by(a, b) FILTER (c) AS m FROM t",
        "SELECT MIN_BY(a, b) FILTER(WHERE c AND NOT a IS NULL) AS m FROM t",
    ),
    "what is unknown comes last": (
        "SELECT min_by(a, (b, c)) AS m FROM t",
        "SELECT MIN_BY(a, (b IS NULL, b, c IS NULL, c)) FILTER(WHERE NOT a IS NULL) AS m FROM t",
    ),
}
NOT_PORTABLE = re.compile(r"\\[bBdDsSwW]|\[\[|\(\?|\$[^|)']|[*+?]\+")


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_differences(difference: str) -> None:
    """The query that Spark is given says what DuckDB would have understood."""
    query, expected = DIFFERENCES[difference]
    assert expected == translated(query)


@pytest.mark.parametrize("view", views.load())
def test_views_are_translated(view: str) -> None:
    """Every view can be written in Spark's words."""
    assert "SELECT" in translated(views.load()[view].sql)


def test_patterns_mean_the_same_to_both() -> None:
    """No view and no rule has a pattern that RE2 and Java read differently."""
    texts = [view.sql for view in views.load().values()]
    texts += [rule.model_dump_json() for rule in load_rules()]
    patterns = re.findall(r"regexp_\w+\([^,]+,\s*'((?:[^']|'')*)'", "\n".join(texts))
    assert patterns
    assert set() == {pattern for pattern in patterns if NOT_PORTABLE.search(pattern)}


def test_the_log_says_nothing() -> None:
    """What Spark would log may quote data."""
    settings = Path("auditor/engines/spark-log.properties").read_text(encoding="utf-8")
    assert "rootLogger.level = off" in settings
