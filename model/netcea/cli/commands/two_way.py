"""`netcea two-way`: two quantities on a grid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcea.cli.commands.prices import conclude, prices_option, redact_option
from netcea.cli.commands.shared import analysis_options

if TYPE_CHECKING:
    from netcea.reporting.report import AnalysisReport
    from netcea.scenario.scenario import Scenario


@click.command("two-way")
@analysis_options
@click.option(
    "--axis",
    "axes",
    multiple=True,
    metavar="ADDRESS[=LOW:HIGH[:STEPS]]",
    help="A quantity and its values, in its own unit; twice.",
)
@prices_option
@redact_option
def two_way(
    scenario: str,
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    out: Path | None,
    axes: tuple[str, ...],
    prices: tuple[Path, ...],
    *,
    redact: bool,
    no_figures: bool,
    no_files: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Two-way sensitivity analysis: two quantities on a grid, with a heat map of incremental net health benefit.

    Without LOW:HIGH a quantity moves between its 2.5% and 97.5% quantile, or over its range; 11 steps.
    """
    from netcea.analyses.registry import ANALYSES
    from netcea.loading.load import load
    from netcea.loading.option_values import options_with

    given, analysis = axes_of(axes), ANALYSES["two-way"]

    def report_of(loaded: Scenario) -> AnalysisReport:
        return analysis.report(analysis.run(loaded, options_with(loaded.file.analyses.two_way, axes=given or None)))

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


def axes_of(given: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the axes as the scenario's `analyses.two_way.axes` would hold them.

    Raises
    ------
    InputError
        With every text that is no ADDRESS[=LOW:HIGH[:STEPS]], and when there are not two.

    Examples
    --------
    >>> axes_of(("costs.unit.ct_scan=50:150:3", "costs.unit.nurse_hour"))[0]
    {'address': 'costs.unit.ct_scan', 'low': 50.0, 'high': 150.0, 'steps': 3}
    """
    from netcea.errors import InputError, Problem

    found, problems = [], []
    for text in given:
        address, equals, rest = text.partition("=")
        axis: dict[str, Any] = {"address": address.strip()}
        try:
            if equals:
                low, high, *steps = rest.split(":")
                axis |= {"low": float(low), "high": float(high)}
                if steps:
                    (axis["steps"],) = map(int, steps)
        except ValueError:
            problems.append(
                Problem(
                    "--axis",
                    0,
                    "",
                    repr(text),
                    "ADDRESS, ADDRESS=LOW:HIGH or ADDRESS=LOW:HIGH:STEPS",
                    "such as --axis costs.drug.NAME.discount=0:1:21",
                )
            )
        found.append(axis)
    if given and len(given) != 2:
        problems.append(Problem("--axis", 0, "", f"{len(given)} of them", "two"))
    if problems:
        raise InputError(problems)
    return found
