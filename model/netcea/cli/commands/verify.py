"""`netcea verify`: every black-box test on the user's own scenario."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from netcea.cli.commands.shared import (
    all_or_problems,
    exit_if_failed,
    json_option,
    no_files_option,
    out_option,
    quiet_option,
    scenarios_argument,
    set_option,
    trust_option,
    write_and_print,
)
from netcea.cli.number_types import WholeNumberFrom


@click.command()
@scenarios_argument
@set_option
@click.option(
    "--draws",
    type=WholeNumberFrom(100, 200_000),
    default=1000,
    show_default=True,
    metavar="N",
    help="Rows of the probabilistic sample in which every invariant is looked at.",
)
@click.option("--seed", type=WholeNumberFrom(0), default=1, show_default=True, metavar="N", help="Seed of these rows.")
@click.option(
    "--published",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Table of published values (address, value, low, high, source) [default: published_values.csv of inputs/].",
)
@out_option
@json_option
@quiet_option
@no_files_option
@trust_option
def verify(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    draws: int,
    seed: int,
    published: Path | None,
    out: Path | None,
    trust: tuple[Path, ...],
    *,
    as_json: bool,
    quiet: bool,
    no_files: bool,
) -> None:
    """Put scenarios to the black-box tests that every model must pass; exit code 1 when one fails.

    Each scenario is changed in ways of which the consequence is known (prices of 0, utilities of 1, nobody dies, names
    exchanged, cycles halved, every number moved) and run again. Each test passes, fails, does not apply or is explained
    in a sentence. A table, JSON and a page are written.
    """
    from netcea.loading.load import load
    from netcea.reporting.report import output_folders
    from netcea.verification.report import ANALYSIS, report
    from netcea.verification.verify import verify as verified

    loaded = all_or_problems([partial(load, name, sets, trust) for name in scenarios])
    folders = [] if no_files else output_folders(loaded, ANALYSIS, out)
    reports = [report(verified(scenario, (), draws, seed, published or "", quiet=quiet)) for scenario in loaded]
    write_and_print(reports, folders, as_json=as_json, quiet=quiet)
    exit_if_failed([fault for made in reports for fault in made.faults])
