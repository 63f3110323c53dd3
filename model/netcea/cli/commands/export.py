"""`netcea export`: the whole model in spreadsheet formulas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from netcea.cli.commands.prices import layers_of, prices_option, redact_option, reveal_option
from netcea.cli.commands.shared import (
    draws_option,
    quiet_option,
    scenario_argument,
    seed_option,
    set_option,
    trust_option,
)
from netcea.cli.say import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from netcea.loading.merging.draft import DraftScenario
    from netcea.scenario.scenario import Scenario
    from netcea.workbook.variants import Variants

MOST_LIVE: Final = 10_000
"""Rows of the live probabilistic run at most: a spreadsheet works the whole model out for each."""


@click.command()
@scenario_argument
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Excel file to write (default: reports/NAME_model.xlsx).",
)
@click.option(
    "--scenarios",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    metavar="DIR",
    help="Folder of scenarios that can be selected in the workbook; may be repeated.",
)
@click.option("--psa", is_flag=True, help="Add a probabilistic analysis: draws as values, all results by formula.")
@click.option("--ledger", is_flag=True, help="Add what every scenario of the bias ledger does to the result.")
@click.option(
    "--live-draws",
    type=click.IntRange(0, MOST_LIVE),
    default=1000,
    metavar="N",
    show_default=True,
    help="Draws that the workbook can work out itself, on the sheet PSA live; 0 for none.",
)
@click.option("--overwrite", is_flag=True, help="Replace a file of that name even if netcea did not write it.")
@draws_option
@seed_option
@set_option
@quiet_option
@trust_option
@prices_option
@redact_option
@reveal_option
def export(
    scenario: str,
    output: Path | None,
    folders: tuple[Path, ...],
    draws: int | None,
    seed: int | None,
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    prices: tuple[Path, ...],
    reveal: tuple[str, ...],
    live_draws: int,
    *,
    redact: bool,
    psa: bool,
    ledger: bool,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Write the whole model as an Excel workbook of live formulas, proven equal to this program.

    A reviewer changes an input or chooses a scenario in the workbook and sees the result move. Scenarios of a folder
    that do not fit the sheets of SCENARIO are listed in it with the reason; those of another population are left out.
    The states after the steps of SCENARIO's waterfall, other families of curves, no waning, other tables and rules are
    there to choose from without being asked for. With --prices the prices are live inputs and the cover says so; with
    --redact there are values only, and none that a confidential price changes.
    """
    import datetime as dt

    from netcea.analyses.base_case.analysis import ledger_of
    from netcea.analyses.registry import ANALYSES
    from netcea.errors import InputError, Problem
    from netcea.execution.progress import stage
    from netcea.loading.load import resolve
    from netcea.loading.merging.draft import read_draft
    from netcea.loading.option_values import options_with
    from netcea.loading.reading.project import stem_of
    from netcea.reporting.xlsx.own_file import refuse_other_files
    from netcea.storage.writable import check_file
    from netcea.workbook.alternatives import after_steps, alternatives, unlike
    from netcea.workbook.export import live_workbook
    from netcea.workbook.formulas.formula import NotInFormulasError
    from netcea.workbook.variants import same_population

    stem = stem_of(scenario)
    path = output or Path("reports") / (f"{stem}_redacted.xlsx" if redact and prices else f"{stem}_model.xlsx")
    refuse_other_files(path, overwrite=overwrite)
    check_file(path)
    layers = layers_of(prices, redact=redact, reveal=reveal)
    if redact and layers is not None:
        from netcea.cli.commands.export_redacted import export_redacted

        if folders:
            raise click.UsageError("--redact writes values of one scenario: it does not go with --scenarios")
        export_redacted(scenario, sets, trust, layers, path, reveal, draws, seed, psa=psa, quiet=quiet)
        return
    merged = read_draft(scenario, sets, trust, None, layers)
    with stage(f"loading {scenario}"):
        base = resolve(merged)

    def again(path: Path) -> DraftScenario:
        return read_draft(str(path), sets, trust, merged.inputs, layers)

    found = unlike([*after_steps(base, again), *_of_folders(folders, again), *alternatives(merged, base, again)], base)
    others = [other for other in found if same_population(base, other)]
    one_way = ANALYSES["one_way"].run(base, quiet=quiet)
    probabilistic = None
    if psa:
        standing = base.file.analyses.psa
        options = options_with(standing, draws=draws, seed=seed, keep_draws="no", bcea=True, explain=False)
        probabilistic = ANALYSES["psa"].run(base, options, quiet=quiet)
    entries = ledger_of(base, quiet=quiet) if ledger else ()
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    try:
        made = live_workbook(
            [base, *others], one_way=one_way, psa=probabilistic, ledger=entries, date=today, live_draws=live_draws
        )
    except NotInFormulasError as error:
        raise InputError(
            Problem(
                base.path,
                0,
                "",
                str(error),
                "what spreadsheet formulas can hold",
                "netcea run writes its results as values",
            )
        ) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    with stage("writing the file"):
        made.save(path)
    if not quiet:
        _say_what_was_written(path, made.variants, len(found) - len(others))


def _say_what_was_written(path: Path, variants: Variants, of_others: int) -> None:
    """Say what the file holds, and which scenarios it does not: those that do not fit, and another population's."""
    n, base = len(variants.scenarios), variants.base
    say(f"{path}: {path.stat().st_size / 1e6:.1f} MB, {n} scenario{'s' if n > 1 else ''} to select from")
    lines = [f"does not fit: {name} ({reason})" for name, reason in variants.refused]
    lines += [f"left out: {of_others} of another population"] if of_others else []
    for line in lines:
        say(f"  {line}")
    for warning in base.warnings:
        say(f"Warning: {warning}", err=True)
    if base.prices.marking:
        say("CONFIDENTIAL: confidential prices are live inputs of this workbook.", err=True)


def _of_folders(folders: tuple[Path, ...], again: Callable[[Path], DraftScenario]) -> list[Scenario]:
    """Load the scenarios of folders, with the same --set and prices; all problems are shown at once."""
    from functools import partial

    from netcea.cli.commands.shared import all_or_problems
    from netcea.loading.load import resolve

    def loaded(path: Path) -> Scenario:
        return resolve(again(path))

    found: list[Scenario] = all_or_problems(
        [partial(loaded, path) for folder in folders for path in sorted(folder.glob("*.yaml"))]
    )
    return found
