"""What a recorded store can be, and how one is made."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.commands import Format

PLACE = 3

app = typer.Typer()


@app.command(epilog="Example: auditor stores --format json")
def stores(
    *, form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT
) -> None:
    """List the kinds of store, how each is recognised, and which rules each can prove."""
    from auditor.reference import stores as reference

    as_text = form is Format.TEXT
    typer.echo(reference.kinds_told() if as_text else reference.kinds_as_json())


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
