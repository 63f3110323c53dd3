"""`netcea check`: what the numbers rest on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.commands.shared import (
    EXIT_RULE_FAILED,
    all_or_problems,
    exit_if_failed,
    quiet_option,
    scenarios_argument,
    set_option,
    trust_option,
    write_and_print,
)
from netcea.cli.say import say_lines

if TYPE_CHECKING:
    from netcea.reporting.report import Report
    from netcea.scenario.scenario import Scenario


@click.command()
@scenarios_argument
@set_option
@trust_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--all", "everything", is_flag=True, help="List what is otherwise counted, and every element that is met."
)
@quiet_option
@click.option(
    "--reference-case",
    "against",
    is_flag=True,
    help="Every rule of NICE's reference case, what each departure does to ICER and NHB, and every method pack.",
)
@click.option(
    "--checklists",
    "lists",
    is_flag=True,
    help="CHEERS 2022, AdViSHE, TECH-VER and Philips, answered from a run of every analysis; what a person must add.",
)
@click.option(
    "--verified",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Where netcea verify wrote, for RC16 (repeatable) [default: reports/NAME_verify].",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With --reference-case or --checklists: folder for its results.json and CSV tables; else nothing is written.",
)
@click.option(
    "--correlations",
    is_flag=True,
    help="Simulate the correlations of trials' figures again, in place of the rest; print those that inputs/ lacks.",
)
def check(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    verified: tuple[Path, ...],
    out: Path | None,
    *,
    as_json: bool,
    everything: bool,
    quiet: bool,
    against: bool,
    lists: bool,
    correlations: bool,
) -> None:
    """Check scenarios and the numbers they use; exit code 1 when a rule fails, 2 when a file cannot be loaded.

    What matters comes first: errors, numbers that are unverified or implausible, and what departs from NICE's reference
    case. What is assumed or not used is counted; --all lists it, by address, and --json has everything.
    """
    if correlations:
        from netcea.checking.trial_correlations import check_correlations

        lines, differs = check_correlations(scenarios, sets, trust)
        say_lines("\n".join(lines))
        sys.exit(EXIT_RULE_FAILED if differs else 0)
    if against and lists:
        raise click.UsageError("--reference-case and --checklists are two commands: one at a time")
    if against or lists:
        from netcea.loading.load import load
        from netcea.reporting.report import output_folders

        loaded = all_or_problems([partial(load, name, sets, trust) for name in scenarios])
        analysis, report_of = _reference_case(verified) if against else _checklists(quiet=quiet)
        folders = [] if out is None else output_folders(loaded, analysis, out)
        made = [report_of(scenario) for scenario in loaded]
        write_and_print(made, folders, as_json=as_json, quiet=quiet)
        exit_if_failed([fault for report in made for fault in report.faults])
        return
    if out is not None:
        raise click.UsageError("--out goes with --reference-case or --checklists")
    from netcea.checking.report import check_scenario
    from netcea.checking.screen import render

    reports = all_or_problems([lambda name=name: check_scenario(name, sets, trust, verified) for name in scenarios])
    say_lines(render(reports, as_json=as_json, quiet=quiet, everything=everything))
    if any(report.failed for report in reports):
        sys.exit(EXIT_RULE_FAILED)


def _reference_case(verified: tuple[Path, ...]) -> tuple[str, Callable[[Scenario], Report]]:
    """Return what puts a scenario beside the reference case, with its name."""
    from netcea.checking.reference_case.linter import lint
    from netcea.checking.reference_case.report import ANALYSIS, report

    return ANALYSIS, lambda scenario: report(lint(scenario, None, verified))


def _checklists(*, quiet: bool) -> tuple[str, Callable[[Scenario], Report]]:
    """Return what fills in every checklist from a run of everything, with its name."""
    from netcea.submission.checklists.report import ANALYSIS, report
    from netcea.submission.submission import gather

    return ANALYSIS, lambda scenario: report(gather(scenario, quiet=quiet))
