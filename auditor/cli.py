"""The command line: parse, audit, render, exit."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor import __version__
from auditor.rule import Severity

app = typer.Typer(
    name="auditor",
    help="Hold recorded Firefox telemetry against the promises of Normandy's data-collection "
    "document, and say rule by rule whether they were kept.",
    epilog="Exit codes: 0 kept, 1 broken, 2 wrong usage, 3 nothing audited, 4 incomplete.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

contract_app = typer.Typer(
    help="Read what the document, or a browser, says may be sent.", no_args_is_help=True
)
app.add_typer(contract_app, name="contract")


class Format(StrEnum):
    """What goes to standard output."""

    TEXT = "text"
    JSON = "json"


class FailOn(StrEnum):
    """From which severity a broken promise fails the audit."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOTE = "note"
    NEVER = "never"

    @property
    def severity(self) -> Severity | None:
        """None for `never`."""
        return None if self is FailOn.NEVER else Severity(self.value)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"auditor {__version__}")
        raise typer.Exit


@app.callback()
def _auditor(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=lambda v: _version(wanted=v), is_eager=True)
    ] = False,
) -> None:
    del version


@app.command(epilog="Example: auditor audit ~/profile received.ndjson --report findings.md")
def audit(  # noqa: PLR0913 - the command's own options
    *,
    stores: Annotated[list[Path], typer.Argument(metavar="STORE...", help="Recorded stores.")],
    form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,
    report: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Also write FILE (.json, .md).")
    ] = None,
    select: Annotated[list[str] | None, typer.Option(metavar="RULE", help="Only this.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULE", help="Not this.")] = None,
    contract: Annotated[
        str, typer.Option(metavar="auto|NAME|FILE", help="What the browser is known to send.")
    ] = "auto",
    recipes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Recipes, for their preference values.")
    ] = None,
    fail_on: Annotated[FailOn, typer.Option(help="Fail from this severity.")] = FailOn.LOW,
    require: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Exit 3 if this is unproven.")
    ] = None,
    grace: Annotated[
        float,
        typer.Option(min=0, max=1e9, help="Seconds granted to pings under way at an opt-out."),
    ] = 60.0,
    memory: Annotated[
        str | None, typer.Option(metavar="SIZE", help="The engine's limit, such as 4GB.")
    ] = None,
    token_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A key, to get the same tokens again.")
    ] = None,
) -> None:
    """Hold stores against the rules."""
    from auditor import run

    request = run.Request(
        stores=tuple(stores),
        form=form.value,
        reports=tuple(report or ()),
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        require=tuple(require or ()),
        contract=contract,
        recipes=recipes,
        fail_on=fail_on.severity,
        grace=round(grace * 1000),
        memory=memory,
        token_key=token_key,
    )
    raise typer.Exit(run.audit_and_report(request))


@app.command("import", epilog="Example: auditor import ~/profile received.ndjson --into all.db")
def import_(
    *,
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Recorded stores.")],
    into: Annotated[Path, typer.Option(metavar="STORE.db", help="The store; made if missing.")],
) -> None:
    """Make one store of many, or add to it what is new.

    Preference values, client ids and enrollment IDs are kept in it as they were recorded: rules
    need them. The store is made for your eyes only (mode 0600). Exits with 4 when an input could
    not be read, which the store remembers, and with 3 when there was nothing to import.
    """
    from auditor import importing

    raise typer.Exit(importing.import_and_tell(sources, into))


@app.command()
def rules(
    *, form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT
) -> None:
    """List every rule: its name, promise and severity, and what it examines."""
    from auditor.reference import rules as reference

    typer.echo(reference.listed() if form is Format.TEXT else reference.listed_as_json())


@app.command()
def explain(rule: Annotated[str, typer.Argument(metavar="RULE")]) -> None:
    """Tell a whole rule, for a reader."""
    from auditor.reference import rules as reference

    typer.echo(reference.explained(rule))


@app.command()
def clauses(
    *, form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT
) -> None:
    """List every promise of the document, with its rules or why no store can prove it."""
    from auditor.reference import clauses as reference

    typer.echo(reference.promised() if form is Format.TEXT else reference.promised_as_json())


@contract_app.command()
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


@app.command()
def stores(
    *, form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT
) -> None:
    """List the kinds of store, how each is recognised, and which rules each can prove."""
    from auditor.reference import stores as reference

    as_text = form is Format.TEXT
    typer.echo(reference.kinds_told() if as_text else reference.kinds_as_json())


@app.command()
def schema() -> None:
    """Print the JSON Schema of the report."""
    from auditor.reference import rules as reference

    typer.echo(reference.schema())


@app.command()
def selftest() -> None:
    """Plant what breaks each rule, and tell what was found. Exits with 1 on any miss."""
    from auditor import selftest as trial

    trials = trial.selftest()
    typer.echo(trial.table(trials))
    raise typer.Exit(0 if all(one.passed for one in trials) else 1)


@app.command()
def demo() -> None:
    """Audit a recording of a real Firefox in which upload was turned off and on again."""
    from auditor import run

    run.demonstrate()


@app.command(epilog="Example: auditor record --into qa.db --listen 127.0.0.1:8080")
def record(
    *,
    into: Annotated[Path, typer.Option(metavar="STORE.db", help="The store; made if missing.")],
    listen: Annotated[
        str, typer.Option(metavar="IP:PORT", help="Where; port 0 picks a free one.")
    ] = "127.0.0.1:8080",
) -> None:
    """Receive pings over HTTP into a store, as Firefox's telemetry server does."""
    from auditor import recorder

    with recorder.listening(into, listen, lambda line: typer.echo(line, err=True)) as server:
        typer.echo(f"listening on {server.url}")
        server.serve()


def main() -> None:
    """Run the command line; whatever goes wrong ends in one sentence and an exit code."""
    from auditor.failures import told

    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last border: no traceback, which could quote data
        message, code = told(error)
        typer.echo(f"auditor: {message}", err=True)
        sys.exit(code)
