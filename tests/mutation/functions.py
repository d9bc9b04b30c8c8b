"""Mutants of functions and constants, by the operators of cosmic-ray, put in force in place."""

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

_OPERATORS = (
    *(f"ReplaceComparisonOperator_{pair}" for pair in (
        "Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt",
        "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt", "Is_IsNot", "IsNot_Is",
    )),
    *(f"ReplaceBinaryOperator_{pair}" for pair in (
        "Add_Sub", "Sub_Add", "Mul_FloorDiv", "FloorDiv_Mul", "BitOr_BitAnd", "BitAnd_BitOr",
    )),
    *("AddNot", "NumberReplacer", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceFalseWithTrue"),
    *("ReplaceTrueWithFalse", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_USub_UAdd"),
    "ZeroIterationForLoop",
)  # fmt: skip

Mutant = tuple[str, str, Callable[[], None]]
"""What was changed, the name of what holds it, and what puts the change in force."""


def mutants(module: ModuleType) -> Iterator[Mutant]:
    """Every mutant of a module's functions and constants."""
    source = inspect.getsource(module)
    for name in _OPERATORS:
        operator = get_operator(f"core/{name}")()
        for occurrence in range(source.count("\n") * 9):
            changed = mutate_code(source, operator, occurrence)
            if changed is None:
                break
            yield from _mutant(module, source, changed)


def _mutant(module: ModuleType, source: str, changed: str) -> Iterator[Mutant]:
    """The mutant that a changed source is, if anything but an annotation is changed."""
    try:
        old, new = _codes(source, module), _codes(changed, module)
    except SyntaxError:
        return  # the operator took the `*` before keywords for a multiplication
    told = _told(source, changed)
    for name in new:
        if not _same(old[name], new[name]):
            yield told, name, partial(setattr, _function(module, name), "__code__", new[name])
            return
    for before, after in zip(ast.parse(source).body, ast.parse(changed).body, strict=True):
        if ast.dump(before) != ast.dump(after) and isinstance(after, ast.Assign | ast.AnnAssign):
            code = compile(ast.Module([after], []), str(module.__file__), "exec")
            yield told, "constants", partial(exec, code, vars(module))


def _told(source: str, changed: str) -> str:
    pairs = zip(source.splitlines(), changed.splitlines(), strict=False)
    before, after = next((before, after) for before, after in pairs if before != after)
    return f"{' '.join(before.split())} -> {' '.join(after.split())}"


def _codes(source: str, module: ModuleType) -> dict[str, CodeType]:
    """The code of every function that the module or a class of it holds, by qualified name."""
    found: dict[str, CodeType] = {}
    waiting = [compile(source, str(module.__file__), "exec", dont_inherit=True)]
    for code in waiting:
        for part in code.co_consts:
            if isinstance(part, CodeType) and "<" not in part.co_qualname:
                found[part.co_qualname] = part
                waiting += [part] if not part.co_flags & inspect.CO_OPTIMIZED else []
    return {name: code for name, code in found.items() if code.co_flags & inspect.CO_OPTIMIZED}


def _same(one: CodeType, other: CodeType) -> bool:
    """Whether two codes do the same: all but the places in the source."""
    return one.replace(co_linetable=b"", co_firstlineno=1, co_consts=()) == other.replace(
        co_linetable=b"", co_firstlineno=1, co_consts=()
    ) and _constants(one) == _constants(other)


def _constants(code: CodeType) -> str:
    parts = (
        (part.co_code, _constants(part)) if isinstance(part, CodeType) else (type(part), part)
        for part in code.co_consts
    )
    return repr([*parts])


def _function(module: ModuleType, name: str) -> FunctionType:
    """The function itself, under whatever wraps it: a property, a classmethod, a cache."""
    found: Any = module
    for part in name.split("."):
        found = inspect.getattr_static(found, part)
    for inner in ("wrapped", "fget", "func", "__func__"):
        found = getattr(found, inner, found)
    function = inspect.unwrap(found)
    assert isinstance(function, FunctionType)
    return function
