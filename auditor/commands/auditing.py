"""Holding stores against the rules."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor.commands import Format
from auditor.rule import Severity

PLACE = 1

app = typer.Typer()


class Engine(StrEnum):
    """Where views and rules run."""

    DUCKDB = "duckdb"
    SPARK = "spark"


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
    engine: Annotated[Engine, typer.Option(help="Where the rules run.")] = Engine.DUCKDB,
    spark_master: Annotated[
        str, typer.Option(metavar="URL", help="The cluster of --engine spark.")
    ] = "local[2]",
    witness: Annotated[
        bool, typer.Option("--witness", help="Of what holds, show one that kept it.")
    ] = False,
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
        witness=witness,
        spark=spark_master if engine is Engine.SPARK else None,
    )
    raise typer.Exit(run.audit_and_report(request))


@app.command()
def demo() -> None:
    """Audit a recording of a real Firefox in which upload was turned off and on again."""
    from auditor import run

    run.demonstrate()
