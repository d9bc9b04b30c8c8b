"""What the rules, and single findings, are put to the test with."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.simulate.forms import Form

PLACE = 5

app = typer.Typer()


@app.command(epilog="Example: auditor selftest")
def selftest() -> None:
    """Plant ways to break each rule, and near misses. Exits with 1 on a miss or false alarm."""
    from auditor.rule import load_rules
    from auditor.selftest.table import table
    from auditor.selftest.trials import selftest as trials_of

    trials = trials_of(load_rules())
    typer.echo(table(trials))
    raise typer.Exit(0 if all(trial.passed for trial in trials) else 1)


@app.command(epilog="Example: auditor simulate --clients 1000 --plant all --seed 1 --into fleet")
def simulate(
    *,
    clients: Annotated[int, typer.Option(min=1, help="Healthy clients.")],
    into: Annotated[Path, typer.Option(metavar="DIR", help="A new directory.")],
    plant: Annotated[
        str, typer.Option(metavar="RULE=K,...|all|none", help="What is broken, how often.")
    ] = "none",
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same fleet.")] = 0,
    form: Annotated[Form, typer.Option(help="What the fleet is.")] = Form.PARQUET,
) -> None:
    """Write a labelled fleet: browsers that behave as real ones do, and what is planted.

    `labels.parquet` tells what is broken in it, for whom, and in which pings that shows.
    """
    from auditor.simulate import fleet

    request = fleet.Request(
        clients=clients, seed=seed, into=into, form=form, times=fleet.planting_of(plant)
    )
    typer.echo(fleet.simulate(request))


@app.command(epilog="Example: auditor reproduce 0b1a427c profile received.ndjson --into mini.db")
def reproduce(  # noqa: PLR0913 - the command's own options
    *,
    fingerprint: Annotated[
        str, typer.Argument(metavar="FINGERPRINT", help="The finding's, or its beginning.")
    ],
    stores: Annotated[list[Path], typer.Argument(metavar="STORE...", help="Recorded stores.")],
    into: Annotated[Path, typer.Option(metavar="MINI.db", help="A new file.")],
    contract: Annotated[
        str, typer.Option(metavar="auto|NAME|FILE", help="As in the audit.")
    ] = "auto",
    recipes: Annotated[Path | None, typer.Option(metavar="FILE", help="As in the audit.")] = None,
    grace: Annotated[float, typer.Option(min=0, max=1e9, help="As in the audit.")] = 60.0,
    token_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A key, to get the same file again.")
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Tell on standard error what is done, and how long."),
    ] = False,
) -> None:
    """Cut stores down to the few rows that a finding needs: a store to attach to a bug.

    Every identifier in it is another one, the same wherever it was the same, and so is every
    preference value; of free texts that the finding's sentence does not show, only the form is
    left. Times, versions and names of changes stay as they were.
    """
    from auditor import reproduce as reproducing

    request = reproducing.Request(
        fingerprint=fingerprint,
        stores=tuple(stores),
        into=into,
        contract=contract,
        recipes=recipes,
        grace=round(grace * 1000),
        key=token_key,
        verbose=verbose,
    )
    typer.echo(reproducing.reproduce(request))
