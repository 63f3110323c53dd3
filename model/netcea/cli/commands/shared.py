"""What commands share: common options, problems of many scenarios at once, reports written, shown and failed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from netcea.cli.number_types import WholeNumberFrom
from netcea.cli.say import say, say_lines

if TYPE_CHECKING:
    from netcea.errors import Problem
    from netcea.reporting.report import Report
    from netcea.reporting.table import Table

EXIT_RULE_FAILED: Final = 1
EXIT_INTERRUPTED: Final = 130
"""After Ctrl-C, SIGTERM and SIGHUP."""

scenario_argument = click.argument("scenario", metavar="SCENARIO")
scenarios_argument = click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
set_option = click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="ADDRESS=VALUE",
    help="Change a choice or a number; may be repeated, the last one wins.",
)


def _folders(_: click.Context, __: click.Parameter, given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the folders that were named; what is none is bad input."""
    from netcea.errors import InputError, Place

    problems = [
        Place(f"--trust {path}").problem("a file" if path.exists() else "no such folder", "a folder of scenarios")
        for path in given
        if not path.is_dir()
    ]
    if problems:
        raise InputError(problems)
    return given


trust_option = click.option(
    "--trust",
    multiple=True,
    callback=_folders,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Let `extends` read scenarios from this folder outside the project.",
)
out_option = click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for results (default: reports/NAME)."
)
no_figures_option = click.option("--no-figures", is_flag=True, help="Write no figures.")
no_files_option = click.option("--no-files", is_flag=True, help="Only print; write nothing.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the results as JSON in place of tables.")


def _hushed(_: click.Context, __: click.Parameter, quiet: bool) -> bool:
    """Return whether nothing is to be printed; then no progress is shown either."""
    if quiet:
        from netcea.execution.progress import hush

        hush()
    return quiet


quiet_option = click.option("--quiet", is_flag=True, callback=_hushed, help="Print nothing but problems.")
seed_option = click.option(
    "--seed",
    type=WholeNumberFrom(min=0),
    metavar="N",
    help="Seed of the random numbers; the same seed gives the same bytes.",
)
draws_option = click.option("--draws", type=WholeNumberFrom(min=2), metavar="N", help="Number of draws.")


def _workers(_: click.Context, __: click.Parameter, given: int | None) -> int | None:
    """Return the number of processes that was asked for, or as many as may work at once, and say so."""
    if given is None:
        return None
    from netcea.execution.workers import PER_PROCESSOR, most_workers

    if given > most_workers():
        say(f"--workers {given}: {most_workers()} are used, {PER_PROCESSOR} for each processor.", err=True)
    return min(given, most_workers())


workers_option = click.option(
    "--workers",
    type=WholeNumberFrom(min=1),
    metavar="N",
    callback=_workers,
    help="Number of processes, at most four for each processor and one for each part; the results do not depend on it.",
)


def all_or_problems(tasks: Sequence[Any]) -> list[Any]:
    """Call every task; when some fail, show the problems of all of them at once."""
    from netcea.errors import InputError

    done: list[Any] = []
    problems: list[Problem] = []
    for task in tasks:
        try:
            done.append(task())
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return done


def write_and_print(
    reports: Sequence[Report],
    folders: Sequence[Path],
    together: Callable[[], Sequence[Table]] = tuple,
    *,
    as_json: bool,
    quiet: bool,
    figures: bool = True,
) -> None:
    """Write each report into its folder, where there are folders, and print them all, or their JSON.

    Parameters
    ----------
    reports : sequence of Report
    folders : sequence of Path
        One for each report, or none.
    together : function, optional
        Returns tables of all of them, which are printed last.
    as_json, quiet : bool
        Print JSON; print nothing, not even JSON.
    figures : bool
        Whether figures are drawn.
    """
    from netcea.execution.progress import stage
    from netcea.reporting.report import results_text, write_report

    for report, folder in zip(reports, folders, strict=False):
        with stage("writing tables and figures"):
            write_report(report, folder, figures=figures)
    if quiet:
        return
    if as_json:
        say_lines(results_text(reports))
        return
    from netcea.reporting.screen import show_reports

    show_reports(reports, together())
    for folder in folders:
        say(f"Written to {folder}")


def exit_if_failed(faults: Sequence[str]) -> None:
    """Say what is wrong with results, and end with exit code 1; nothing where nothing is.

    Parameters
    ----------
    faults : sequence of str
        Sentences.
    """
    for fault in faults:
        say(f"FAILED: {fault}", err=True)
    if faults:
        sys.exit(EXIT_RULE_FAILED)
