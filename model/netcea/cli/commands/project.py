"""`netcea init`, `netcea list`, `netcea schema`: the project around a scenario."""

from __future__ import annotations

from pathlib import Path

import click

from netcea.cli.say import say, say_lines


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--blank", is_flag=True, help="The smallest model of two strategies that runs, to be filled in.")
def init(directory: Path, *, blank: bool) -> None:
    """Make a working copy of inputs/ and scenarios/ in DIRECTORY, or with --blank a model of your own to fill in."""
    from netcea.loading.init import make_blank_model, make_working_copy

    for line in make_blank_model(directory) if blank else make_working_copy(directory):
        say(line)


@click.command()
@click.argument("what", type=click.Choice(["scenario", "inputs", "results", "batch"]), default="scenario")
@click.argument("analysis", default="base_case")
def schema(what: str, analysis: str) -> None:
    """Print a JSON schema: of scenario files, inputs, batch files, or results.json; editors check with it.

    `netcea schema results psa`: of one analysis (base_case, one_way, two_way, threshold, psa, voi).
    """
    from netcea.analyses.registry import LOADERS
    from netcea.cli.schemas import schema_text
    from netcea.errors import InputError, Problem, did_you_mean

    if analysis not in LOADERS:
        hint = did_you_mean(analysis, list(LOADERS))
        raise InputError(
            Problem(found=f"an analysis called {analysis!r}", expected=f"one of {', '.join(LOADERS)}", suggestion=hint)
        )
    say_lines(schema_text(what, analysis))


@click.command(name="list")
def list_scenarios() -> None:
    """List the scenarios that can be named without a folder."""
    from netcea.loading.catalogue import catalogue

    for name, title in catalogue():
        say(f"{name:<42} {' '.join(title.split())}")
