"""`netcea threshold`: where the ICER meets each threshold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.commands.one_way import address_option, bounds_of, bounds_option
from netcea.cli.commands.prices import conclude, prices_option, redact_option
from netcea.cli.commands.shared import analysis_options, draws_option, seed_option, workers_option

if TYPE_CHECKING:
    from netcea.reporting.report import AnalysisReport
    from netcea.scenario.scenario import Scenario


@click.command()
@analysis_options
@address_option
@bounds_option
@click.option(
    "--ladder-step",
    type=click.FloatRange(min=0, max=0.5, min_open=True),
    metavar="SHARE",
    help="Step of the price ladder, as a discount (default 0.05).",
)
@draws_option
@seed_option
@workers_option
@prices_option
@redact_option
def threshold(
    scenario: str,
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    out: Path | None,
    addresses: tuple[str, ...],
    bounds: tuple[str, ...],
    ladder_step: float | None,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    prices: tuple[Path, ...],
    *,
    redact: bool,
    no_figures: bool,
    no_files: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Threshold analysis: the price, or the value of any quantity, at which the ICER meets each threshold.

    Without --address: the discount and pack price of the intervention's drugs, and a ladder from list price to free.
    --draws solves for the price over the means of so many draws as well.
    """
    from netcea.analyses.registry import ANALYSES
    from netcea.analyses.run_analysis import run_analysis
    from netcea.loading.load import load
    from netcea.loading.option_values import options_with

    given, analysis = bounds_of(bounds), ANALYSES["threshold"]

    def report_of(loaded: Scenario) -> AnalysisReport:
        standing = loaded.file.analyses.threshold
        options = options_with(
            standing,
            addresses=list(addresses) or None,
            bounds={**standing.bounds, **given} if given else None,
            ladder_step=ladder_step,
            probabilistic_draws=draws,
            seed=seed,
        )
        return analysis.report(run_analysis(analysis, loaded, options, workers=workers or 1, quiet=quiet))

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
