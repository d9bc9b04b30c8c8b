"""Holding stores against the rules."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor.commands import (
    BaselineFile,
    Color,
    Quiet,
    ReportColor,
    ReportFiles,
    ReportForm,
    Required,
    WaiversFile,
)
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


def _configured(context: typer.Context, file: Path | None) -> Path | None:
    """Take the options of a file for those that the command line does not give."""
    from auditor import configuration

    if not context.resilient_parsing:
        context.default_map = configuration.options(file)
    return file


@app.command(
    epilog="Examples: auditor audit ~/profile received.ndjson --report findings.md\n\n"
    "In a pipeline: auditor audit qa.db --format github --report findings.sarif --fail-on high"
)
def audit(  # noqa: PLR0913 - the command's own options
    *,
    stores: Annotated[list[Path], typer.Argument(metavar="STORE...", help="Recorded stores.")],
    form: ReportForm = "text",
    report: ReportFiles = None,
    select: Annotated[list[str] | None, typer.Option(metavar="RULE", help="Only this.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULE", help="Not this.")] = None,
    contract: Annotated[
        str, typer.Option(metavar="auto|NAME|FILE", help="What the browser is known to send.")
    ] = "auto",
    recipes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Recipes, for their preference values.")
    ] = None,
    fail_on: Annotated[FailOn, typer.Option(help="Fail from this severity.")] = FailOn.LOW,
    require: Required = None,
    baseline: BaselineFile = None,
    waivers: WaiversFile = None,
    grace: Annotated[
        float,
        typer.Option(min=0, max=1e9, help="Seconds granted to pings under way at an opt-out."),
    ] = 60.0,
    memory: Annotated[
        str | None, typer.Option(metavar="SIZE", help="The engine's limit, such as 4GB.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, max=1024, help="The engine's; as many as cores.")
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="K/N", help="Judge one of N parts of the people; see merge."),
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Where the rules run.")] = Engine.DUCKDB,
    spark_master: Annotated[
        str, typer.Option(metavar="URL", help="The cluster of --engine spark.")
    ] = "local[2]",
    witness: Annotated[
        bool, typer.Option("--witness", help="Of what holds, show one that kept it.")
    ] = False,
    with_selftest: Annotated[
        bool,
        typer.Option("--with-selftest", help="Tell what each rule finds of what is planted."),
    ] = False,
    token_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A key, to get the same tokens again.")
    ] = None,
    color: ReportColor = Color.AUTO,
    quiet: Quiet = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Tell on standard error what is done, and how long."),
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="These options in a file: auditor.toml, or [tool.auditor] in pyproject.toml.",
            is_eager=True,
            callback=_configured,
        ),
    ] = None,
    today: Annotated[
        datetime | None, typer.Option(metavar="DATE", formats=["%Y-%m-%d"], hidden=True)
    ] = None,
) -> None:
    """Hold stores against the rules."""
    from auditor import delivery, interrupts, run

    del config
    request = run.Request(
        stores=tuple(stores),
        printed=delivery.Printed(None if quiet else form, color.wanted),
        reports=tuple(report or ()),
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        require=tuple(require or ()),
        contract=contract,
        recipes=recipes,
        fail_on=fail_on.severity,
        grace=round(grace * 1000),
        memory=memory,
        threads=threads,
        shard=shard,
        token_key=token_key,
        witness=witness,
        with_selftest=with_selftest,
        spark=spark_master if engine is Engine.SPARK else None,
        verbose=verbose,
        baseline=baseline,
        waivers=waivers,
        today=(today or datetime.now(UTC)).date(),
    )
    with interrupts.interruptible():
        code = run.audit_and_report(request)
    raise typer.Exit(code)


@app.command(epilog="Example: auditor demo")
def demo() -> None:
    """Audit a recording of a real Firefox in which upload was turned off and on again."""
    from auditor import run

    run.demonstrate()
