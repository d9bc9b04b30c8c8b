"""The promises, for a reader."""

from typing import Annotated

import typer

from auditor.commands import Format

PLACE = 4

app = typer.Typer()

contract_app = typer.Typer(
    help="Read what the document, or a browser, says may be sent.", no_args_is_help=True
)
app.add_typer(contract_app, name="contract")


@app.command(epilog="Example: auditor rules --format json")
def rules(
    *, form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT
) -> None:
    """List every rule: its name, promise and severity, and what it examines."""
    from auditor.reference import rules as reference

    typer.echo(reference.listed() if form is Format.TEXT else reference.listed_as_json())


@app.command(epilog="Example: auditor explain enrollment_id_sent_after_opt_out")
def explain(rule: Annotated[str, typer.Argument(metavar="RULE")]) -> None:
    """Tell a whole rule, for a reader."""
    from auditor.reference import rules as reference

    typer.echo(reference.explained(rule))


@app.command(epilog="Example: auditor clauses")
def clauses(
    *, form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT
) -> None:
    """List every promise of the document, with its rules or why no store can prove it."""
    from auditor.reference import clauses as reference

    typer.echo(reference.promised() if form is Format.TEXT else reference.promised_as_json())


@contract_app.command(epilog="Example: auditor contract show firefox-115")
def show(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME|FILE")],
    form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,
) -> None:
    """Tell a whole contract, for a reader: event by event."""
    from auditor.reference import contracts as reference

    as_text = form is Format.TEXT
    typer.echo(reference.shown(name) if as_text else reference.shown_as_json(name))


@contract_app.command(epilog="Example: auditor contract diff documented firefox-115")
def diff(
    *,
    document: Annotated[str, typer.Argument(metavar="NAME|FILE", help="The document's.")],
    browser: Annotated[str, typer.Argument(metavar="NAME|FILE", help="The browser's.")],
    form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,
) -> None:
    """List every place where the document and a browser disagree, for the document's owners."""
    from auditor.reference import contracts as reference

    as_text = form is Format.TEXT
    typer.echo((reference.drift if as_text else reference.drift_as_json)(document, browser))


@app.command(epilog="Example: auditor schema > report.schema.json")
def schema() -> None:
    """Print the JSON Schema of the report."""
    from auditor.reference import rules as reference

    typer.echo(reference.schema())
