"""DuckDB's SQL as Spark's: what sqlglot translates, and what means something else to Spark.

Each of the differences below is silent: Spark would run the query, and give another answer.
"""

from collections.abc import Callable
from functools import cache

import sqlglot
from sqlglot import exp


@cache
def translated(query: str) -> str:
    """The query in Spark's dialect, with the same answer."""
    tree = sqlglot.parse_one(query, read="duckdb")
    for rewrite in _REWRITES:
        tree = tree.transform(rewrite)
    return tree.sql(dialect="spark")


def _characters(node: exp.Expression) -> exp.Expression:
    """`chr` is by code point; Spark's is by byte."""
    if isinstance(node, exp.Chr):
        return exp.Literal.string("".join(chr(int(part.name)) for part in node.expressions))
    return node


def _bytes(node: exp.Expression) -> exp.Expression:
    """`strlen` counts bytes; Spark has it under another name."""
    if isinstance(node, exp.Anonymous) and node.name.lower() == "strlen":
        return exp.Anonymous(this="OCTET_LENGTH", expressions=node.expressions)
    return node


def _pattern(node: exp.Expression) -> exp.Expression:
    """`$` is the text's end, and `.` what is no line feed; Java knows other ends of lines."""
    if isinstance(node, exp.RegexpLike):
        written = node.expression.name
        node.set("expression", exp.Literal.string("(?d)" + written.replace("$", r"\z")))
    return node


def _known_arguments(node: exp.Expression) -> exp.Expression:
    """`min_by` and `max_by` pass over rows without the value; Spark gives NULL for them."""
    if not isinstance(node, (exp.ArgMin, exp.ArgMax)) or node.args.get("known"):
        return node
    known = node.copy()
    known.set("known", True)  # noqa: FBT003 - a mark on the tree, so that none is rewritten twice
    value, order = known.this, known.expression
    given = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
    if isinstance(order, exp.Tuple):
        known.set("expression", exp.Tuple(expressions=_last_without(order.expressions)))
    return exp.Filter(this=known, expression=exp.Where(this=given))


def _last_without(parts: list[exp.Expression]) -> list[exp.Expression]:
    """Parts of a tuple that sort NULL last, as DuckDB does; to Spark, NULL comes first."""
    return [
        each
        for part in parts
        for each in (exp.Is(this=part.copy(), expression=exp.Null()), part.copy())
    ]


def _one_filter(node: exp.Expression) -> exp.Expression:
    """A filter of a filter is one."""
    if isinstance(node, exp.Filter) and isinstance(node.this, exp.Filter):
        inner = node.this
        both = exp.and_(node.expression.this.copy(), inner.expression.this.copy())
        return exp.Filter(this=inner.this.copy(), expression=exp.Where(this=both))
    return node


_REWRITES: tuple[Callable[[exp.Expression], exp.Expression], ...] = (
    _characters,
    _bytes,
    _pattern,
    _known_arguments,
    _one_filter,
)
