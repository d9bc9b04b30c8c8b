"""What the rules are put to the test with."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.simulate.forms import Form

PLACE = 5

app = typer.Typer()


@app.command(epilog="Example: auditor selftest")
def selftest() -> None:
    """Plant what breaks each rule, and tell what was found. Exits with 1 on any miss."""
    from auditor import selftest as trial

    trials = trial.selftest()
    typer.echo(trial.table(trials))
    raise typer.Exit(0 if all(one.passed for one in trials) else 1)


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
