"""`netcea run`: base cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.commands.prices import layers_of, prices_option, redact_option, reveal_option, say_verdict
from netcea.cli.commands.shared import (
    all_or_problems,
    no_figures_option,
    no_files_option,
    out_option,
    quiet_option,
    scenarios_argument,
    set_option,
    trust_option,
)

if TYPE_CHECKING:
    from netcea.analyses.base_case.result import BaseCaseResult


@click.command()
@scenarios_argument
@set_option
@out_option
@no_figures_option
@click.option("--no-workbook", is_flag=True, help="Write no Excel file of the results.")
@click.option("--no-ledger", is_flag=True, help="Do not run the scenarios that test each assumption.")
@no_files_option
@click.option("--json", "as_json", is_flag=True, help="Print results.json to the screen in place of tables.")
@quiet_option
@trust_option
@prices_option
@redact_option
@reveal_option
def run(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    out: Path | None,
    trust: tuple[Path, ...],
    prices: tuple[Path, ...],
    reveal: tuple[str, ...],
    *,
    redact: bool,
    no_figures: bool,
    no_workbook: bool,
    no_ledger: bool,
    no_files: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run base cases: tables on the screen; results.json, CSV tables, trace, figures and an Excel file in a folder.

    SCENARIO is a file, or the name of one that comes with netcea (`netcea list`). Every scenario is loaded before
    anything is written.
    """
    from netcea.analyses.base_case.analysis import run_base_case

    layers = layers_of(prices, redact=redact, reveal=reveal)
    if redact and layers is not None:
        from netcea.cli.commands.run_redacted import run_redacted

        run_redacted(
            scenarios,
            sets,
            trust,
            layers,
            out,
            reveal,
            figures=not no_figures,
            workbook=not no_workbook,
            ledger=not no_ledger,
            no_files=no_files,
            as_json=as_json,
            quiet=quiet,
        )
        return
    results = all_or_problems(
        [lambda name=name: run_base_case(name, sets, trust, ledger=not no_ledger, prices=layers) for name in scenarios]
    )
    from netcea.analyses.base_case.folder import (  # writers only once there is something to write
        output_folders,
        write_folder,
    )

    folders = [] if no_files else output_folders(results, out)
    for result, folder in zip(results, folders, strict=False):
        write_folder(result, folder, figures=not no_figures, workbook=not no_workbook)
    if not quiet:
        _show(results, folders, as_json=as_json)
    if layers is not None:
        from functools import partial

        from netcea.loading.load import load

        for name in scenarios:
            say_verdict(partial(load, name, sets, trust), layers, name if len(scenarios) > 1 else "")


def _show(results: Sequence[BaseCaseResult], folders: Sequence[Path], *, as_json: bool) -> None:
    if as_json:
        from netcea.analyses.base_case.results_json import as_text

        click.echo(as_text(results), nl=False)
        return
    from netcea.analyses.base_case.screen import show_base_cases

    show_base_cases(results)
    for folder in folders:
        click.echo(f"Written to {folder}")
