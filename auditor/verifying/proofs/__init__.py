"""What each rule's findings must show: a plain predicate over a claim, found by the rule's name.

A module has `PROOFS`: for each rule of its family a function that tells True when what the evidence
shows breaks the promise, False when it does not, and None when the evidence cannot show it.
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from auditor.verifying.claims import Claim

Proof = Callable[[Claim], bool | None]


@cache
def proofs() -> dict[str, Proof]:
    """The predicate of every rule for which there is one."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return {rule: proof for module in modules for rule, proof in module.PROOFS.items()}
