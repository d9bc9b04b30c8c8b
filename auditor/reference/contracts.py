"""Contracts: what `contract show` and `contract diff` print."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping

from auditor.contract import Contract, ExtraContract, load_contract
from auditor.drift import differences, tabulated
from auditor.reference import wrapped
from auditor.renderers import counted


def shown(name: str) -> str:
    """A whole contract, event by event. Raises ContractError."""
    blocks = _blocks(load_contract(name))
    return "\n\n".join("\n".join(block) for block in blocks)


def shown_as_json(name: str) -> str:
    """A whole contract as an object. Raises ContractError."""
    return load_contract(name).model_dump_json(indent=2)


def drift(document: str, browser: str) -> str:
    """Every place where two contracts differ, as tables. Raises ContractError."""
    found = differences(load_contract(document), load_contract(browser))
    terminal = sys.stdout.isatty()
    width = max(shutil.get_terminal_size().columns, 60) if terminal else 100
    styled = terminal and not os.environ.get("NO_COLOR")
    page = tabulated(found, (document, browser), width=width, boxed=terminal, styled=styled)
    return f"{page}{counted(len(found), 'difference')}"


def drift_as_json(document: str, browser: str) -> str:
    """Every place where two contracts differ, as objects. Raises ContractError."""
    found = differences(load_contract(document), load_contract(browser))
    return json.dumps([difference.model_dump() for difference in found], indent=2)


def _blocks(contract: Contract) -> Iterator[list[str]]:
    """What it is, then each event, kind of uptake, scalar and limit: the lines of each."""
    yield [*wrapped("", contract.title), _scope(contract)]
    for method, object_, event in contract.each_event():
        rows = {"value": event.value} | {k: _extra(v) for k, v in event.extras.items()}
        yield _block(f"{method} {object_}", event.source, rows)
    for kind, uptake in contract.uptake.items():
        yield _block(f"uptake of {kind}: {uptake.key}", uptake.source, uptake.statuses)
    for name, scalar in contract.scalars.items():
        yield _block(name, scalar.source, {"key": scalar.key, "value": scalar.unit})
    for name, limit in contract.limits.items():
        yield _block(name, limit.source, {"at most": f"{limit.at_most} {limit.unit}"})


def _block(title: str, source: str, rows: Mapping[str, str]) -> list[str]:
    wide = max(map(len, rows), default=0)
    lines = [line for key, value in rows.items() for line in wrapped(f"  {key:<{wide}}  ", value)]
    return [*wrapped("", f"{title}  ({source})"), *lines]


def _scope(contract: Contract) -> str:
    versions, ids = contract.versions, "with" if contract.enrollment_ids else "without"
    if versions is None:
        return f"For every version, {ids} enrollment IDs."
    until = "on" if versions.last is None else f"to {versions.last}"
    return f"For Firefox {versions.first} {until}, {ids} enrollment IDs."


def _extra(extra: ExtraContract) -> str:
    """What a contract says of an extra: whether it is there, and which texts may stand in it."""
    texts = [*extra.codes, *(f"{code} (formerly)" for code in extra.former_codes)]
    texts += [f"any text of the form {extra.pattern}"] if extra.pattern else []
    texts += ["any other text" if texts else "any text"] if extra.open else []
    parts = [extra.presence.value]
    parts += [f"with reason {' or '.join(extra.only_with)}"] if extra.only_with else []
    parts += [f"on {' or '.join(extra.channels)}"] if extra.channels else []
    longest = extra.at_most_characters
    parts += [f"of at most {longest} characters"] if longest else []
    return " ".join(parts) + (f": {', '.join(texts)}" if texts else "")
