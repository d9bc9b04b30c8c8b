"""What the rules are put to the test with."""

import typer

PLACE = 5

app = typer.Typer()


@app.command()
def selftest() -> None:
    """Plant what breaks each rule, and tell what was found. Exits with 1 on any miss."""
    from auditor import selftest as trial

    trials = trial.selftest()
    typer.echo(trial.table(trials))
    raise typer.Exit(0 if all(one.passed for one in trials) else 1)
