"""`netcea one-way`: each quantity at a low and a high value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.commands.prices import conclude, prices_option, redact_option
from netcea.cli.commands.shared import analysis_options

if TYPE_CHECKING:
    from netcea.quantities.quantity import Bounds
    from netcea.reporting.report import AnalysisReport
    from netcea.scenario.scenario import Scenario

address_option = click.option(
    "--address", "addresses", multiple=True, metavar="ADDRESS", help="A quantity of inputs/; may be repeated."
)
bounds_option = click.option(
    "--bounds",
    multiple=True,
    metavar="ADDRESS=LOW:HIGH",
    help="Lowest and highest value, in the quantity's own unit; may be repeated.",
)


@click.command("one-way")
@analysis_options
@address_option
@bounds_option
@prices_option
@redact_option
def one_way(
    scenario: str,
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    out: Path | None,
    addresses: tuple[str, ...],
    bounds: tuple[str, ...],
    prices: tuple[Path, ...],
    *,
    redact: bool,
    no_figures: bool,
    no_files: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """One-way sensitivity analysis: every uncertain quantity at its 2.5% and 97.5% quantile, one at a time.

    Ranked by incremental net health benefit at the lower threshold; what is estimated together is not moved singly.
    """
    from netcea.analyses.registry import ANALYSES
    from netcea.loading.load import load
    from netcea.loading.option_values import options_with

    given, analysis = bounds_of(bounds), ANALYSES["one-way"]

    def report_of(loaded: Scenario) -> AnalysisReport:
        standing = loaded.file.analyses.one_way
        bounded = {**standing.bounds, **given} if given else None
        return analysis.report(
            analysis.run(loaded, options_with(standing, addresses=list(addresses) or None, bounds=bounded))
        )

    conclude(
        analysis.name,
        lambda at: load(scenario, sets, trust, at),
        report_of,
        prices=prices,
        redact=redact,
        out=out,
        no_figures=no_figures,
        no_files=no_files,
        as_json=as_json,
        quiet=quiet,
    )


def bounds_of(given: tuple[str, ...]) -> dict[str, Bounds]:
    """Return address -> bounds.

    Raises
    ------
    InputError
        With every text that is no ADDRESS=LOW:HIGH.
    """
    from netcea.errors import InputError, Problem
    from netcea.quantities.quantity import Bounds

    found, problems = {}, []
    for text in given:
        address, _, ends = text.partition("=")
        try:
            low, high = (float(end) for end in ends.split(":"))
            found[address.strip()] = Bounds(low=low, high=high)
        except ValueError:
            problems.append(
                Problem(
                    "--bounds",
                    0,
                    "",
                    repr(text),
                    "ADDRESS=LOW:HIGH, two numbers, the low first",
                    "such as --bounds costs.drug.NAME.discount=0:0.5",
                )
            )
    if problems:
        raise InputError(problems)
    return found
