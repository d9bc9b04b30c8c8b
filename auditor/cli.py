"""The command line: parse, audit, render, exit."""

import sys
from typing import Annotated

import typer

from auditor import __version__, commands

app = typer.Typer(
    name="auditor",
    help="Hold recorded Firefox telemetry against the promises of Normandy's data-collection "
    "document, and say rule by rule whether they were kept.",
    epilog="Exit codes: 0 kept, 1 broken, 2 wrong usage, 3 nothing audited, 4 incomplete.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

for _task in commands.tasks():
    app.add_typer(_task.app)


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


def main() -> None:
    """Run the command line; whatever goes wrong ends in one sentence and an exit code."""
    from auditor import interrupts
    from auditor.failures import told

    try:
        app()
    except interrupts.InterruptedAudit:
        interrupts.end_process()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last border: no traceback, which could quote data
        message, code = told(error)
        typer.echo(f"auditor: {message}", err=True)
        sys.exit(code)
