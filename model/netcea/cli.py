"""The command line: parse, call, print. Imports stand inside the commands, so that ``--help`` is quick."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcea import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netcea.analyses.results import BaseCaseResult
    from netcea.errors import InputError, Problem

EXIT_RULE_FAILED = 1
EXIT_BAD_INPUT = 2


class _Group(click.Group):
    """Turns bad input into its message and exit code 2, and suggests a command for a misspelt one."""

    def invoke(self, ctx: click.Context) -> Any:
        from netcea.errors import InputError

        try:
            return super().invoke(ctx)
        except InputError as error:
            _print_problems(error)
            ctx.exit(EXIT_BAD_INPUT)
        except BrokenPipeError:
            raise  # the reader has seen enough (netcea list | head)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"netcea: {where}{error.strerror or error}", err=True)
            ctx.exit(EXIT_BAD_INPUT)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from netcea.errors import did_you_mean

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = did_you_mean(args[0], self.list_commands(ctx)) if args else ""
            raise click.UsageError(f"{error.message} {hint}".strip(), ctx) from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="netcea")
def main() -> None:
    """netcea: an open cost-effectiveness model for advanced neuroendocrine tumours.

    A partitioned-survival model that reads YAML scenarios and computes life years, QALYs, costs and ICERs.

    \b
    netcea run pnet epnet            the two base cases
    netcea run pnet --set settings.horizon_years=20
    netcea init my-model             a working copy of inputs/ and scenarios/
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    gc.set_threshold(200_000, 20, 20)  # a process of a second: collecting garbage less often saves a seventh of it


_scenarios = click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
_set = click.option("--set", "sets", multiple=True, metavar="ADDRESS=VALUE",
                    help="Change a choice or a number; may be repeated, the last one wins.")  # fmt: skip
_trust = click.option("--trust", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
                      help="Let `extends` read scenarios from this folder outside the project.")  # fmt: skip


@main.command()
@_scenarios
@_set
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Folder for results (default: reports/NAME).")  # fmt: skip
@click.option("--no-figures", is_flag=True, help="Write no figures.")
@click.option("--no-workbook", is_flag=True, help="Write no Excel file of the results.")
@click.option("--no-ledger", is_flag=True, help="Do not run the scenarios that test each assumption.")
@click.option("--no-files", is_flag=True, help="Only print; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print results.json to the screen in place of tables.")
@click.option("--quiet", is_flag=True, help="Print nothing but problems.")
@_trust
def run(
    scenarios: tuple[str, ...], sets: tuple[str, ...], out: Path | None, trust: tuple[Path, ...],
    *, no_figures: bool, no_workbook: bool, no_ledger: bool, no_files: bool, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Run base cases: tables on the screen; results.json, CSV tables, trace, figures and an Excel file in a folder.

    SCENARIO is a file, or the name of one that comes with netcea (`netcea list`). Every scenario is loaded before
    anything is written.
    """
    from netcea.analyses.base_case import run_base_case

    results = _all_or_problems([lambda name=name: run_base_case(name, sets, trust, ledger=not no_ledger)
                                for name in scenarios])  # fmt: skip
    from netcea.reporting.folder import output_folders, write_folder  # writers only once there is something to write

    folders = [] if no_files else output_folders(results, out)
    for result, folder in zip(results, folders, strict=False):
        write_folder(result, folder, figures=not no_figures, workbook=not no_workbook)
    if not quiet:
        _show(results, folders, as_json=as_json)


@main.command()
@_scenarios
@_set
@_trust
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
def check(
    scenarios: tuple[str, ...], sets: tuple[str, ...], trust: tuple[Path, ...], *, as_json: bool, quiet: bool
) -> None:
    """Check scenarios and the numbers they use; exit code 1 when a rule fails, 2 when a file cannot be loaded.

    Lists, by address, what is unverified, assumed, unsourced, unused or outside its plausible range, and what departs
    from NICE's reference case.
    """
    from netcea.checking.report import check_scenario, render

    reports = _all_or_problems([lambda name=name: check_scenario(name, sets, trust) for name in scenarios])
    click.echo(render(reports, as_json=as_json, quiet=quiet), nl=False)
    if any(report.failed for report in reports):
        sys.exit(EXIT_RULE_FAILED)


@main.command()
@click.argument("directory", type=click.Path(path_type=Path))
def init(directory: Path) -> None:
    """Make a working copy of inputs/ and scenarios/ in DIRECTORY."""
    from netcea.loading.init import make_working_copy

    for line in make_working_copy(directory):
        click.echo(line)


@main.command()
@click.argument("what", type=click.Choice(["scenario", "inputs", "results"]), default="scenario")
def schema(what: str) -> None:
    """Print a JSON schema: of scenario files, of inputs, or of results.json. Editors complete and validate with it."""
    from netcea.schemas import schema_text

    click.echo(schema_text(what), nl=False)


@main.command(name="list")
def list_scenarios() -> None:
    """List the scenarios that can be named without a folder."""
    from netcea.loading.catalogue import catalogue

    for name, title in catalogue():
        click.echo(f"{name:<42} {title}")


def _show(results: Sequence[BaseCaseResult], folders: Sequence[Path], *, as_json: bool) -> None:
    if as_json:
        from netcea.reporting.results_json import as_text

        click.echo(as_text(results), nl=False)
        return
    from netcea.reporting.screen import show_base_cases

    show_base_cases(results)
    for folder in folders:
        click.echo(f"Written to {folder}")


def _all_or_problems(tasks: Sequence[Any]) -> list[Any]:
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


def _print_problems(error: InputError) -> None:
    count = len(error.problems)
    for problem in error.problems:
        click.echo(str(problem), err=True)
    click.echo(f"{count} problem{'s' if count != 1 else ''}; nothing was run and nothing was written.", err=True)


if __name__ == "__main__":
    main()
