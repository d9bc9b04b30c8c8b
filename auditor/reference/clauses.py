"""The sentences of the document: what `clauses` prints."""

import json
from collections.abc import Iterator

from auditor.clauses import Clause, load_clauses, promises
from auditor.reference import wrapped
from auditor.renderers import counted


def promised() -> str:
    """Every promise of the document under its heading, with what becomes of it; then the count."""
    promised = promises(load_clauses())
    lines = []
    for heading, under in promised.items():
        lines += [heading, *(line for clause in under for line in _promise(clause)), ""]
    every = [clause for under in promised.values() for clause in under]
    held = sum(bool(clause.rules) for clause in every)
    count = f"{counted(len(every), 'promise')}: {held} held by rules, "
    return "\n".join([*lines, f"{count}{len(every) - held} that no store can prove"])


def promised_as_json() -> str:
    """Every promise as an object with heading, words, rules and why it is unprovable."""
    found = [
        {
            "heading": heading,
            "says": clause.words,
            "rules": clause.rules,
            "unprovable": clause.unprovable,
        }
        for heading, under in promises(load_clauses()).items()
        for clause in under
    ]
    return json.dumps(found, indent=2)


def _promise(clause: Clause) -> Iterator[str]:
    for line in clause.lines:
        yield from wrapped("  ", line)
    if clause.unprovable:
        yield from wrapped("      ", f"no store can prove it: {clause.unprovable}")
    else:
        yield from wrapped("      ", f"held by {', '.join(clause.rules)}")
