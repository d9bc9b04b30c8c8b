"""Mutants of SQL: each of one small change that someone could have made by mistake.

The changes: a comparison at its bound or turned round, AND for OR, a part of either left out, NOT
added or removed, a number moved by one, a text changed, a part of a regular expression left out, an
entry of a list left out, a default left out, `min` for `max` and their like, ascending for
descending, an outer join for an inner one, and a FILTER, a WHERE, a DISTINCT, a branch of CASE or
a part of UNION left out.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import sqlglot
from sqlglot import exp

Change = Callable[[exp.Expr], exp.Expr | None]
"""What takes the place of a node; None takes it out."""

_SWAPPED: dict[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.NullSafeEQ: (exp.NullSafeNEQ,),
    exp.NullSafeNEQ: (exp.NullSafeEQ,),
    exp.LT: (exp.LTE, exp.GTE),
    exp.LTE: (exp.LT, exp.GT),
    exp.GT: (exp.GTE, exp.LTE),
    exp.GTE: (exp.GT, exp.LT),
    exp.And: (exp.Or,),
    exp.Or: (exp.And,),
    exp.Add: (exp.Sub,),
    exp.Sub: (exp.Add,),
    exp.Min: (exp.Max,),
    exp.Max: (exp.Min,),
    exp.ArgMin: (exp.ArgMax,),
    exp.ArgMax: (exp.ArgMin,),
    exp.Least: (exp.Greatest,),
    exp.Greatest: (exp.Least,),
    exp.LogicalOr: (exp.LogicalAnd,),
    exp.LogicalAnd: (exp.LogicalOr,),
}
_TRUTHS = (exp.Column, exp.Is, exp.Exists, exp.In, exp.Between, exp.RegexpLike, exp.Contains)
_JOINING = (exp.And, exp.Or, exp.Union)


def mutants(sql: str) -> Iterator[tuple[str, str]]:
    """Every mutant of a query or a predicate: what was changed, and the whole with the change."""
    whole = sqlglot.parse_one(sql, dialect="duckdb")
    seen = {_text(whole)}
    for place, node in enumerate(whole.walk()):
        for told, change in _changes(node):
            mutant = whole.copy()
            target = next(node for at, node in enumerate(mutant.walk()) if at == place)
            changed = _replaced(target, change)
            text = _text(changed)
            if text not in seen:
                seen.add(text)
                yield f"{_short(node)} -> {told}", text


def unchanged(sql: str) -> str:
    """The same query or predicate as the mutants are written: what must pass every test."""
    return _text(sqlglot.parse_one(sql, dialect="duckdb"))


def _text(node: exp.Expr) -> str:
    return node.sql(dialect="duckdb")


def _short(node: exp.Expr) -> str:
    text = " ".join(_text(node).split())
    return text if len(text) <= 90 else f"{text[:60]} ... {text[-25:]}"


def _replaced(node: exp.Expr, change: Change) -> exp.Expr:
    """The whole after the change of a node in it."""
    new, root = change(node), node.root()
    if new is None:
        node.pop()
    elif node.parent is None:
        return new
    else:
        node.replace(new)
    return root


def _changes(node: exp.Expr) -> Iterator[tuple[str, Change]]:
    for kind in _SWAPPED.get(type(node), ()):
        yield kind.__name__, partial(_as, kind)
    yield from _of_truths(node)
    yield from _of_literals(node)
    yield from _of_lists(node)
    yield from _of_queries(node)


def _of_truths(node: exp.Expr) -> Iterator[tuple[str, Change]]:
    """NOT added or removed, and parts of AND, OR and UNION left out."""
    if isinstance(node, exp.Not):
        yield "without NOT", lambda node: node.this
    elif isinstance(node, _TRUTHS) and _stands_as_truth(node):
        yield "NOT", lambda node: exp.Not(this=exp.Paren(this=node.copy()))
    if isinstance(node, _JOINING):
        yield "the first alone", lambda node: node.this
        if not isinstance(node.this, type(node)):
            yield "the last alone", lambda node: node.expression


def _stands_as_truth(node: exp.Expr) -> bool:
    while isinstance(node.parent, exp.Paren):
        node = node.parent
    if isinstance(node.parent, exp.If):
        return node.arg_key == "this" and not (node.parent.parent and node.parent.parent.this)
    return node.parent is None or isinstance(node.parent, (exp.And, exp.Or, exp.Where, exp.Having))


def _as(kind: type[exp.Expr], node: exp.Expr) -> exp.Expr:
    return kind(**node.args)


def _moved(step: int, number: exp.Expr) -> exp.Expr:
    return exp.Literal.number(int(number.this) + step)


def _text_of(text: str, _: exp.Expr) -> exp.Expr:
    return exp.Literal.string(text)


def _of_literals(node: exp.Expr) -> Iterator[tuple[str, Change]]:
    if isinstance(node, exp.Boolean):
        yield "the opposite", lambda node: exp.Boolean(this=not node.this)
    if not isinstance(node, exp.Literal):
        return
    if not node.is_string:
        for step in (1, -1):
            yield (
                f"{int(node.this) + step}",
                partial(_moved, step),
            )
        return
    yield "another text", lambda node: exp.Literal.string(f"{node.this}~")
    if _is_pattern(node):
        for told, text in _patterns(node.this):
            yield told, partial(_text_of, text)


def _is_pattern(node: exp.Expr) -> bool:
    return isinstance(node.parent, exp.RegexpLike) and node.arg_key == "expression"


def _patterns(pattern: str) -> Iterator[tuple[str, str]]:
    """The regular expression without an anchor, or without one of the alternatives in it."""
    if pattern.startswith("^"):
        yield "without ^", pattern[1:]
    if pattern.endswith("$"):
        yield "without $", pattern[:-1]
    bounds = [-1, *_bounds(pattern), len(pattern)]
    for begin, end in pairwise(bounds):
        left, right = pattern[begin : begin + 1], pattern[end : end + 1]
        if (
            begin < end
            and "|" in {left, right}
            and left in {"", "(", "|"}
            and right in {"", ")", "|"}
        ):
            cut = (begin, end) if left == "|" else (begin + 1, end + 1)
            yield (
                f"without {pattern[begin + 1 : end]}",
                pattern[: max(cut[0], 0)] + pattern[cut[1] :],
            )


def _bounds(pattern: str) -> list[int]:
    """Where `(`, `|` and `)` stand in a regular expression, outside of classes of characters."""
    bare = re.sub(r"\\.|\[[^]]+\]", lambda found: "." * len(found[0]), pattern)
    return [at for at, character in enumerate(bare) if character in "(|)"]


def _of_lists(node: exp.Expr) -> Iterator[tuple[str, Change]]:
    """Entries of IN, defaults of coalesce, and branches of CASE left out."""
    if isinstance(node, exp.In) and len(node.expressions) > 1:
        for at, entry in enumerate(node.expressions):
            yield f"without {_short(entry)}", partial(_without, what="expressions", at=at)
    if isinstance(node, exp.Coalesce):
        last = len(node.expressions) - 1
        yield "without its default", lambda node: _without(node, "expressions", last)
    if isinstance(node, exp.Case) and len(node.args["ifs"]) > 1:
        for at, branch in enumerate(node.args["ifs"]):
            yield f"without {_short(branch)}", partial(_without, what="ifs", at=at)


def _without(node: exp.Expr, what: str, at: int) -> exp.Expr:
    fewer = node.copy()
    entries = list(fewer.args[what])
    fewer.set(what, entries[:at] + entries[at + 1 :])
    return fewer


def _of_queries(node: exp.Expr) -> Iterator[tuple[str, Change]]:
    if isinstance(node, exp.Filter):
        yield "without FILTER", lambda node: node.this
    if isinstance(node, (exp.Where, exp.Having)) and not isinstance(node.parent, exp.Filter):
        yield "left out", lambda _: None
    if isinstance(node, exp.Distinct) and node.args.get("expressions"):
        yield "without DISTINCT", lambda node: node.expressions[0]
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        yield "without DISTINCT", lambda node: _with(node, "distinct", None)
    if isinstance(node, exp.Ordered) and isinstance(node.parent, exp.Order):
        yield "the other way", lambda node: _with(node, "desc", not node.args.get("desc"))
    if isinstance(node, exp.Join) and node.args.get("on"):
        outer = node.args.get("side") == "LEFT"
        yield (
            ("JOIN" if outer else "LEFT JOIN"),
            lambda node: _with(node, "side", None if outer else "LEFT"),
        )


def _with(node: exp.Expr, what: str, value: object) -> exp.Expr:
    changed = node.copy()
    changed.set(what, value)
    return changed
