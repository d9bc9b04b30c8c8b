"""Rules, clauses, contracts and the report's form, told to a reader: what those commands print."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping

from auditor.clauses import Clause, load_clauses, promises
from auditor.contract import Contract, ExtraContract, load_contract
from auditor.drift import differences, tabulated
from auditor.failures import UsageError
from auditor.history import Moment
from auditor.renderers import counted, visible
from auditor.report import Report
from auditor.rule import Rule, load_rules
from auditor.run import no_such_rule


def listed() -> str:
    """Every rule on two lines: name, severity and view, then its promise."""
    rules = load_rules()
    wide = max(len(rule.name) for rule in rules)
    return "\n".join(
        f"{rule.name:<{wide}}  {rule.severity:<6}  {rule.examines}\n  {rule.promise}"
        for rule in rules
    )


def listed_as_json() -> str:
    """Every rule as an object with name, promise, severity and view."""
    keys = ("name", "promise", "severity", "examines")
    return json.dumps(
        [{key: getattr(rule, key) for key in keys} for rule in load_rules()], indent=2
    )


def index() -> str:
    """Every rule as a row of a Markdown table, for the documents that list them."""
    rows = [
        f"| [`{rule.name}`](rules/{rule.name}.py) | {rule.severity} | {rule.promise} |"
        for rule in load_rules()
    ]
    return "\n".join(["| rule | severity | promise |", "|---|---|---|", *rows])


def explained(name: str) -> str:
    """A whole rule. Raises UsageError where there is none of that name."""
    known = {rule.name: rule for rule in load_rules()}
    if name not in known:
        raise UsageError(no_such_rule(name, known))
    rule = known[name]
    parts = [
        f"{rule.name} ({rule.severity})",
        rule.promise,
        "The document: " + " ".join(rule.clause.split()),
        rule.explanation,
        "\n".join(_told(rule)),
        _history("Kept", rule.keeps),
        _history("Broken", rule.breaks),
    ]
    return "\n\n".join(parts)


def schema() -> str:
    """The JSON Schema of the report."""
    return json.dumps(Report.model_json_schema(mode="serialization"), indent=2, sort_keys=True)


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


def _told(rule: Rule) -> list[str]:
    lines = [
        f"Examines:  {rule.about} ({rule.examines} where {rule.subjects})",
        f"Broken:    when {rule.broken_when}",
    ]
    lines += [f"  {lesser.severity}:  when {lesser.when}" for lesser in rule.lesser]
    if rule.unclear:
        lines.append(f"Unproven:  when {rule.unclear.when}")
    if rule.versions:
        span = rule.versions
        lines.append(f"Versions:  Firefox {span.first} to {span.last}, which have {span.what}")
    return lines


def _history(title: str, moments: tuple[Moment, ...]) -> str:
    return f"{title}, for example:\n" + "\n".join(f"  {moment}" for moment in moments)


def _promise(clause: Clause) -> Iterator[str]:
    for line in clause.lines:
        yield from _wrapped("  ", line)
    if clause.unprovable:
        yield from _wrapped("      ", f"no store can prove it: {clause.unprovable}")
    else:
        yield from _wrapped("      ", f"held by {', '.join(clause.rules)}")


def _blocks(contract: Contract) -> Iterator[list[str]]:
    """What it is, then each event, kind of uptake, scalar and limit: the lines of each."""
    yield [*_wrapped("", contract.title), _scope(contract)]
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
    lines = [line for key, value in rows.items() for line in _wrapped(f"  {key:<{wide}}  ", value)]
    return [*_wrapped("", f"{title}  ({source})"), *lines]


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


def _wrapped(begin: str, text: str) -> list[str]:
    """A line of at most 100 characters, and what is left of it below its text."""
    return textwrap.wrap(
        visible(text),
        width=100,
        initial_indent=visible(begin),
        subsequent_indent=" " * len(visible(begin)),
        break_on_hyphens=False,
    )
