"""`netcea check`: what the numbers rest on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from netcea.cli.commands.shared import (
    EXIT_RULE_FAILED,
    all_or_problems,
    quiet_option,
    scenarios_argument,
    set_option,
    trust_option,
)
from netcea.cli.say import say_lines


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
    "--correlations",
    is_flag=True,
    help="Simulate the correlations of trials' figures again, in place of the rest; print those that inputs/ lacks.",
)
def check(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    *,
    as_json: bool,
    everything: bool,
    quiet: bool,
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
    from netcea.checking.report import check_scenario
    from netcea.checking.screen import render

    reports = all_or_problems([lambda name=name: check_scenario(name, sets, trust) for name in scenarios])
    say_lines(render(reports, as_json=as_json, quiet=quiet, everything=everything))
    if any(report.failed for report in reports):
        sys.exit(EXIT_RULE_FAILED)
