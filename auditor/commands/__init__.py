"""The commands: a module for each of the reader's tasks, which it opens with its place in `--help`.

A module has `PLACE`, its place in the help from the top, and `app`, to which its commands belong.
"""

import importlib
import pkgutil
from enum import StrEnum
from types import ModuleType


class Format(StrEnum):
    """What a list is printed as."""

    TEXT = "text"
    JSON = "json"


def tasks() -> list[ModuleType]:
    """The modules of this folder, in the order in which the help lists their commands."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return sorted(modules, key=lambda module: module.PLACE)
