"""`netcea voi`: what it is worth to know more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.commands.prices import conclude, prices_option, redact_option
from netcea.cli.commands.shared import analysis_options, draws_option, seed_option, workers_option

if TYPE_CHECKING:
    from netcea.reporting.report import AnalysisReport
    from netcea.scenario.scenario import Scenario


@click.command()
@analysis_options
@draws_option
@seed_option
@workers_option
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="NAME=ADDRESS,...",
    help="Quantities known together, by address or its beginning; may be repeated.",
)
@prices_option
@redact_option
def voi(
    scenario: str,
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    out: Path | None,
    groups: tuple[str, ...],
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
    """Value of information: of knowing everything, some quantities, or what a study of n patients would show.

    EVPI, population EVPI, EVPPI of single quantities and of the scenario's groups, EVSI and the expected net benefit of
    its studies over their size.
    """
    from netcea.analyses.registry import ANALYSES
    from netcea.analyses.run_analysis import run_analysis
    from netcea.analyses.voi.analysis import refuse_unknown
    from netcea.loading.load import load
    from netcea.loading.option_values import options_with

    analysis = ANALYSES["voi"]

    def report_of(loaded: Scenario) -> AnalysisReport:
        refuse_unknown(loaded, _groups(groups, {}), "option --group")
        options = loaded.file.analyses.voi
        options = options_with(
            options, draws=draws, seed=seed, groups=_groups(groups, options.groups) if groups else None
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


def _groups(given: tuple[str, ...], standing: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the scenario's groups and those of the command line, which come last and win."""
    from netcea.errors import InputError, Problem

    found, problems = dict(standing), []
    for text in given:
        name, _, addresses = text.partition("=")
        members = [address.strip() for address in addresses.split(",") if address.strip()]
        if not name.strip() or not members:
            problems.append(
                Problem(
                    "option --group",
                    0,
                    "",
                    repr(text),
                    "NAME=ADDRESS,ADDRESS",
                    "such as --group survival=survival.TRIAL.os",
                )
            )
        found[name.strip()] = members
    if problems:
        raise InputError(problems)
    return found
