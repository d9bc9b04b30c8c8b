"""The commands: a module for each of the reader's tasks, which it opens with its place in `--help`.

A module has `PLACE`, its place in the help from the top, and `app`, to which its commands belong.
"""

import importlib
import pkgutil
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from auditor import renderers


class Format(StrEnum):
    """What a list is printed as."""

    TEXT = "text"
    JSON = "json"


class Color(StrEnum):
    """When a report is printed in colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"

    @property
    def wanted(self) -> bool | None:
        """None for `auto`."""
        return None if self is Color.AUTO else self is Color.ALWAYS


def _form(name: str) -> str:
    if name not in renderers.formats():
        message = f"there is no format {name!r}; there are {', '.join(renderers.formats())}"
        raise typer.BadParameter(message)
    return name


# Options that every command has which makes reports. Which formats there are, the folder says.
ReportForm = Annotated[
    str | None,
    typer.Option(
        "--format",
        parser=_form,
        metavar="|".join(renderers.formats()),
        autocompletion=renderers.formats,
        help="What to print.",
    ),
]
ReportFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--report", metavar="FILE", help="Also write FILE, in the format of its suffix; repeatable."
    ),
]
ReportColor = Annotated[
    Color, typer.Option("--color", help="Colours; auto: on a terminal, unless NO_COLOR is set.")
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print nothing; the exit code and --report tell.")
]
Required = Annotated[
    list[str] | None,
    typer.Option("--require", metavar="RULE", help="Exit 3 if this is unproven."),
]
BaselineFile = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="FILE", help="Findings that were there before."),
]
WaiversFile = Annotated[
    Path | None,
    typer.Option("--waivers", metavar="FILE", help="Findings somebody answers for, as TOML."),
]


def tasks() -> list[ModuleType]:
    """The modules of this folder, in the order in which the help lists their commands."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return sorted(modules, key=lambda module: module.PLACE)
