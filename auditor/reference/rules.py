"""The rules and the report's form: what `rules`, `explain` and `schema` print."""

import json

from auditor.failures import UsageError
from auditor.history import Moment
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
        "What to do: " + rule.mend,
        "\n".join(_told(rule)),
        _history("Kept", rule.keeps),
        _history("Broken", rule.breaks),
    ]
    return "\n\n".join(parts)


def schema() -> str:
    """The JSON Schema of the report."""
    return json.dumps(Report.model_json_schema(mode="serialization"), indent=2, sort_keys=True)


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
    if not rule.waivable:
        lines.append("Waivers:   none; neither a waiver nor a baseline excuses a breach")
    return lines


def _history(title: str, moments: tuple[Moment, ...]) -> str:
    return f"{title}, for example:\n" + "\n".join(f"  {moment}" for moment in moments)
