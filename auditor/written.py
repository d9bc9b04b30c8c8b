"""A TOML file that somebody wrote: its table, and the lines on which its parts stand."""

import re
import tomllib
from collections import Counter
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Table = dict[str, Any]
_Model = TypeVar("_Model", bound=BaseModel)


class Written:
    """A TOML file that people write, whose faults are told by file and line, quoting nothing."""

    def __init__(
        self, file: Path, error: type[Exception], missing: str = "there is no such file"
    ) -> None:
        """Read the file. Whatever is wrong with it, now or later, is raised as an `error`."""
        self.file, self._error = file, error
        try:
            self.text = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise self.fault((), missing) from None
        except OSError as failure:
            raise self.fault((), f"the file cannot be read ({failure.strerror})") from None
        except UnicodeDecodeError:
            raise self.fault((), "the file is not text in UTF-8") from None

    def table(self) -> Table:
        """What the file says, before anything is known of its meaning."""
        try:
            return tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:
            # tomllib's own words repeat keys of the file; its line is all that is taken.
            line = re.search(r"at line (\d+)", str(error))
            raise self._at(line and line[1], "this is not TOML") from None

    def holding(self, model: type[_Model], table: Table, above: tuple[str, ...] = ()) -> _Model:
        """The table as a `model`; `above` are the keys under which it stands in the file."""
        try:
            return model.model_validate(table)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            missing = f": {first['loc'][-1]}" if first["type"] == "missing" else ""
            reason = first["msg"].removeprefix("Value error, ")
            raise self.fault(
                (*above, *first["loc"]), f"{reason[0].lower()}{reason[1:]}{missing}"
            ) from None

    def fault(self, key: tuple[int | str, ...], reason: str) -> Exception:
        """The fault of what stands under `key`, or of the whole file where that is empty."""
        return self._at(self.line(key) if key else None, reason)

    def line(self, key: tuple[int | str, ...]) -> int | None:
        """The line on which what stands under `key` begins, as far as it can be found."""
        return _line(self.text, key)

    def _at(self, line: object, reason: str) -> Exception:
        return self._error(f"{self.file}{f', line {line}' if line else ''}: {reason}")


_HEADER = re.compile(r"\s*(\[+)([^\[\]]+)\]+")
_KEY = re.compile(r"""\s*([\w."'-]+(?:\s*\.\s*[\w."'-]+)*)\s*=""")
_NAME = re.compile(r""""[^"]*"|'[^']*'|[\w-]+""")


def _line(text: str, wanted: tuple[int | str, ...]) -> int | None:
    """Find the line that leads farthest towards the key `wanted`."""
    table: tuple[int | str, ...] = ()
    found, farthest = None, 0
    entries: Counter[tuple[str, ...]] = Counter()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            names = _names(header[2])
            # In `[[a list]]`, each header begins the next entry.
            path = table = (*names, entries[names]) if header[1] == "[[" else names
            entries[names] += 1
        elif assignment := _KEY.match(line):
            path = (*table, *_names(assignment[1]))
        else:
            continue
        same = takewhile(lambda pair: pair[0] == pair[1], zip(path, wanted, strict=False))
        shared = len(list(same))
        if shared > farthest:
            found, farthest = number, shared
    return found


def _names(path: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in _NAME.findall(path))
