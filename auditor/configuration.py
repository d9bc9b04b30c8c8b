"""The options of `audit` in a file: `auditor.toml`, or `[tool.auditor]` in `pyproject.toml`."""

from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from auditor.failures import UsageError
from auditor.written import Table, Written

OWN, SHARED = Path("auditor.toml"), Path("pyproject.toml")


class Configuration(BaseModel):
    """What the file may say: each key is an option of `audit`, with `_` for `-`."""

    baseline: str | None = None
    contract: str | None = None
    engine: Literal["duckdb", "spark"] | None = None
    fail_on: Literal["high", "medium", "low", "note", "never"] | None = None
    format: str | None = None
    grace: float | None = Field(default=None, strict=True)
    ignore: tuple[str, ...] | None = None
    memory: str | None = None
    recipes: str | None = None
    report: tuple[str, ...] | None = None
    require: tuple[str, ...] | None = None
    select: tuple[str, ...] | None = None
    spark_master: str | None = None
    threads: int | None = Field(default=None, strict=True)
    token_key: str | None = None
    waivers: str | None = None
    with_selftest: bool | None = Field(default=None, strict=True)
    witness: bool | None = Field(default=None, strict=True)

    model_config = ConfigDict(frozen=True, extra="forbid")


def options(file: Path | None) -> dict[str, object]:
    """The options that stand in a file, by the names that `audit` has for them.

    Without a file, in one of the two in this directory. Paths are seen from the file. Raises
    UsageError, naming the line.
    """
    if file is None:
        file = _found()
    if file is None:
        return {}
    source, table, above = _table(file)
    for key in table:
        if key not in Configuration.model_fields:
            near = get_close_matches(key.replace("-", "_"), Configuration.model_fields, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise source.fault((*above, key), f"there is no such option of audit{hint}")
    said = source.holding(Configuration, table, above).model_dump(exclude_none=True)
    if "format" in said:
        said["form"] = said.pop("format")
    return {name: _seen_from(file, name, value) for name, value in said.items()}


def _found() -> Path | None:
    shared = SHARED.is_file() and "auditor" in _tools(Written(SHARED, UsageError).table())
    if shared and OWN.is_file():
        message = f"options stand in both {OWN} and {SHARED}; keep one of them"
        raise UsageError(message)
    if OWN.is_file():
        return OWN
    return SHARED if shared else None


def _table(file: Path) -> tuple[Written, Table, tuple[str, ...]]:
    """The file, the table of options in it, and the keys above that table."""
    source = Written(file, UsageError)
    whole = source.table()
    if file.name != SHARED.name:
        return source, whole, ()
    table = _tools(whole).get("auditor")
    if not isinstance(table, dict):
        raise source.fault((), "has no table [tool.auditor]")
    return source, table, ("tool", "auditor")


def _tools(whole: Table) -> Table:
    tools = whole.get("tool")
    return tools if isinstance(tools, dict) else {}


def _seen_from(file: Path, name: str, value: object) -> object:
    """The value, with paths as the command line would have to say them."""
    if name == "report" and isinstance(value, tuple):
        return [str(file.parent / path) for path in value]
    is_path = name in {"baseline", "recipes", "token_key", "waivers"}
    if is_path or (name == "contract" and str(value).endswith(".toml")):
        return str(file.parent / str(value))
    return list(value) if isinstance(value, tuple) else value
