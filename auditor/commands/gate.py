"""What a pipeline trusts: which findings were there before, and what became of them."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from auditor.commands import Format
from auditor.commands.auditing import FailOn

PLACE = 2

app = typer.Typer()

baseline_app = typer.Typer(
    help="Keep the list of findings that were there before, so that only new ones fail.",
    no_args_is_help=True,
)
app.add_typer(baseline_app, name="baseline")

Report = Annotated[Path, typer.Argument(metavar="REPORT.json", help="A report of `audit`.")]
Into = Annotated[Path, typer.Option(metavar="FILE", help="The baseline.")]
TokenKey = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A key without which nobody can read it.")
]
FirstSeen = Annotated[
    datetime | None,
    typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="Noted beside what is added."),
]


@baseline_app.command(epilog="Example: auditor baseline write report.json --into baseline.json")
def write(
    *, report: Report, into: Into, token_key: TokenKey = None, first_seen: FirstSeen = None
) -> None:
    """Begin a baseline with the findings of a report.

    It holds no identifier. Findings of rules that are not waivable, and waived ones, stay out.
    """
    from auditor.gate import tasks

    typer.echo(tasks.write(report, into, token_key, first_seen and first_seen.date()))


@baseline_app.command(epilog="Example: auditor baseline update report.json --into baseline.json")
def update(
    *, report: Report, into: Into, token_key: TokenKey = None, first_seen: FirstSeen = None
) -> None:
    """Accept what is new in a report, or graver. Nothing is taken out."""
    from auditor.gate import tasks

    typer.echo(tasks.update(report, into, token_key, first_seen and first_seen.date()))


@baseline_app.command(epilog="Example: auditor baseline prune report.json --into baseline.json")
def prune(*, report: Report, into: Into, token_key: TokenKey = None) -> None:
    """Take out what a report shows to be gone: never what its rules could not examine."""
    from auditor.gate import tasks

    typer.echo(tasks.prune(report, into, token_key))


@app.command(epilog="Example: auditor compare yesterday.json today.json")
def compare(
    *,
    old: Annotated[Path, typer.Argument(metavar="OLD.json", help="A report of `audit`.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.json", help="A later one.")],
    form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,
    fail_on: Annotated[FailOn, typer.Option(help="Fail from this severity.")] = FailOn.LOW,
) -> None:
    """Tell what is new, still broken, no longer observable, and fixed between two reports.

    Exits with 1 when something is new, with 4 when the new audit was incomplete.
    """
    from auditor.gate import tasks

    found = tasks.compared(old, new)
    typer.echo(tasks.told(found) if form is Format.TEXT else tasks.as_json(found))
    raise typer.Exit(found.exit_code(fail_on.severity))
