"""`netcea init`, `netcea list`, `netcea schema`: the project around a scenario."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--blank", is_flag=True, help="The smallest model of two strategies that runs, to be filled in.")
def init(directory: Path, *, blank: bool) -> None:
    """Make a working copy of inputs/ and scenarios/ in DIRECTORY, or with --blank a model of your own to fill in."""
    from netcea.loading.init import make_blank_model, make_working_copy

    for line in make_blank_model(directory) if blank else make_working_copy(directory):
        click.echo(line)


@click.command()
@click.argument("what", type=click.Choice(["scenario", "inputs", "results", "batch"]), default="scenario")
def schema(what: str) -> None:
    """Print a JSON schema: of scenario files, of inputs, of results.json, or of batch files. Editors check with it."""
    from netcea.cli.schemas import schema_text

    click.echo(schema_text(what), nl=False)


@click.command(name="list")
def list_scenarios() -> None:
    """List the scenarios that can be named without a folder."""
    from netcea.loading.catalogue import catalogue

    for name, title in catalogue():
        click.echo(f"{name:<42} {title}")
