"""`netcea psa`: the probabilistic analysis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from netcea.cli.commands.prices import conclude, layers_of, prices_option, redact_option, reveal_option
from netcea.cli.commands.shared import analysis_options, draws_option, finish, seed_option, workers_option

if TYPE_CHECKING:
    from netcea.reporting.report import AnalysisReport
    from netcea.scenario.scenario import Scenario

MANY: Final = 5_000
"""Draws from which every processor is used unless told otherwise."""


@click.command()
@analysis_options
@draws_option
@seed_option
@workers_option
@click.option("--scheduler", default="", metavar="ADDRESS", help="Run on the Dask cluster at this address.")
@click.option("--sampling", type=click.Choice(["pseudo_random", "sobol"]), help="How rows are sampled.")
@click.option(
    "--until-mcse",
    type=click.FloatRange(min=0.0, min_open=True),
    metavar="QALYS",
    help="Stop at this Monte Carlo standard error of incremental NHB, or after --draws.",
)
@click.option(
    "--parameters",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Run these rows (CSV or Parquet, addresses as header) in place of sampled ones.",
)
@click.option("--keep-draws", type=click.Choice(["auto", "csv", "parquet", "no"]), help="File of draws and outcomes.")
@click.option("--bcea", is_flag=True, default=None, help="Also write costs, effects and parameters for BCEA and SAVI.")
@click.option(
    "--from",
    "from_folder",
    is_flag=True,
    help="SCENARIO is the folder of an earlier psa: show it again without running.",
)
@prices_option
@redact_option
@reveal_option
def psa(
    scenario: str,
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    out: Path | None,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    scheduler: str,
    sampling: str | None,
    until_mcse: float | None,
    parameters: Path | None,
    keep_draws: str | None,
    bcea: bool | None,
    prices: tuple[Path, ...],
    reveal: tuple[str, ...],
    *,
    redact: bool,
    from_folder: bool,
    no_figures: bool,
    no_files: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Probabilistic analysis: everything uncertain sampled, run on the same engine as the base case.

    Means beside the deterministic result and the difference explained by parameter, credible intervals,
    acceptability, expected loss, convergence, severity; every draw on disk. Exit code 1 when a draw breaks an
    invariant of the model or sampled moments are not those of inputs/.
    """
    from netcea.analyses.registry import ANALYSES
    from netcea.analyses.run_analysis import run_analysis
    from netcea.execution.workers import number_of_processors
    from netcea.loading.load import load
    from netcea.loading.option_values import options_with

    analysis = ANALYSES["psa"]
    if from_folder:
        from netcea.analyses.psa.saved import result_again

        if redact:
            raise click.UsageError("--redact makes the draws at several prices: it does not go with --from")
        report = analysis.report(result_again(Path(scenario), sets, trust, layers_of(prices, redact=False)))
        finish(report, out=out, no_figures=no_figures, no_files=no_files, as_json=as_json, quiet=quiet)
        return

    def report_of(loaded: Scenario) -> AnalysisReport:
        options = options_with(
            loaded.file.analyses.psa,
            draws=draws,
            seed=seed,
            sampling=sampling,
            until_mcse=until_mcse,
            parameters=None if parameters is None else str(parameters),
            keep_draws="no" if no_files else keep_draws,
            bcea=bcea,
        )
        many = options.draws >= MANY or options.parameters
        processes = workers or (number_of_processors() if many else 1)
        return analysis.report(
            run_analysis(analysis, loaded, options, workers=processes, scheduler=scheduler, quiet=quiet)
        )

    conclude(
        analysis.name,
        lambda at: load(scenario, sets, trust, at),
        report_of,
        prices=prices,
        redact=redact,
        reveal=reveal,
        out=out,
        no_figures=no_figures,
        no_files=no_files,
        as_json=as_json,
        quiet=quiet,
    )
