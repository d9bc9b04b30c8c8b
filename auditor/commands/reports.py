"""Making something of reports that were kept."""

from datetime import UTC, datetime
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
from auditor.commands.auditing import FailOn

PLACE = 2

app = typer.Typer()


@app.command(epilog="Example: auditor render report.json --report report.sarif --report report.xml")
def render(
    *,
    kept: Annotated[
        Path, typer.Argument(metavar="REPORT.json", help="A report that an audit wrote as JSON.")
    ],
    form: ReportForm = None,
    report: ReportFiles = None,
    color: ReportColor = Color.AUTO,
) -> None:
    """Write a kept report in any other format, without its stores.

    What is written is what the audit would have written, byte for byte. Without `--report`, the
    report is printed as text.

    Exits with 0 when it was written, whatever the report says: to judge is the audit's part. Exits
    with 2 when the file holds no report.
    """
    from auditor import delivery, rendering

    printed = delivery.Printed(form or (None if report else "text"), color.wanted)
    rendering.render_again(kept, printed, tuple(report or ()))


@app.command(
    epilog="Example: auditor merge shard-1.json shard-2.json shard-3.json --report report.html"
)
def merge(  # noqa: PLR0913 - the command's own options
    *,
    kept: Annotated[
        list[Path],
        typer.Argument(metavar="REPORT.json...", help="The reports of all shards of an audit."),
    ],
    form: ReportForm = "text",
    report: ReportFiles = None,
    fail_on: Annotated[
        FailOn | None, typer.Option(help="Fail from this severity; as the shards were told.")
    ] = None,
    require: Required = None,
    baseline: BaselineFile = None,
    waivers: WaiversFile = None,
    token_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The key of the baseline.")
    ] = None,
    color: ReportColor = Color.AUTO,
    quiet: Quiet = False,
    today: Annotated[
        datetime | None, typer.Option(metavar="DATE", formats=["%Y-%m-%d"], hidden=True)
    ] = None,
) -> None:
    """Make one report of those of all shards: the report that the whole audit would have given.

    `auditor audit STORE... --shard 1/4 --report shard-1.json` audits one of four parts of the
    people, on any machine that has the same stores; the other parts are 2/4, 3/4 and 4/4. Exits as
    `audit` does, and with 2 when a shard is missing, is there twice, or is of another audit.
    """
    from auditor import delivery
    from auditor.merging import command

    request = command.Request(
        kept=tuple(kept),
        today=(today or datetime.now(UTC)).date(),
        printed=delivery.Printed(None if quiet else form, color.wanted),
        reports=tuple(report or ()),
        fail_on=None if fail_on is None else fail_on.value,
        require=tuple(require or ()),
        token_key=token_key,
        baseline=baseline,
        waivers=waivers,
    )
    raise typer.Exit(command.merge_and_report(request))


@app.command(epilog="Example: auditor verify report.json ~/profile received.ndjson")
def verify(
    *,
    kept: Annotated[
        Path, typer.Argument(metavar="REPORT.json", help="A report that an audit wrote as JSON.")
    ],
    stores: Annotated[
        list[Path], typer.Argument(metavar="STORE...", help="Its stores, in the report's order.")
    ],
    recipes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The recipes that the audit was given.")
    ] = None,
    token_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The token key that it was given.")
    ] = None,
) -> None:
    """Hold a kept report against its stores again, without the engine, views and rules.

    Every file is hashed again, every piece of evidence looked up in the store, and every finding
    derived from its evidence once more, by predicates of plain Python. That nothing else is broken
    is not verified: audit again for that.

    Exits with 0 when every finding is confirmed, with 1 when one is refuted or a file is not what
    it was, with 3 when one could not be derived again, and with 4 when a store could not be read.
    """
    from auditor.verifying.telling import Request, verify_and_tell

    raise typer.Exit(verify_and_tell(Request(kept, tuple(stores), recipes, token_key)))


@app.command(epilog="Example: auditor browse findings.db")
def browse(
    *,
    database: Annotated[
        Path, typer.Argument(metavar="FINDINGS.db", help="What `--report FINDINGS.db` has written.")
    ],
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="On 127.0.0.1; port 0 picks a free one.")
    ] = 8001,
) -> None:
    """Read a findings database in a web browser, by Datasette, on this machine alone."""
    from auditor import browsing

    browsing.browse(database, port, typer.echo)
