"""`netcea import`: a changed workbook back into a scenario."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from netcea.cli.commands.shared import EXIT_RULE_FAILED, json_option, no_files_option, quiet_option, trust_option
from netcea.cli.say import say, say_lines


@click.command(name="import")
@click.argument("workbook", metavar="WORKBOOK", type=click.Path(path_type=Path))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Scenario to write (default: scenarios/imported/WORKBOOK.yaml of its project).",
)
@click.option(
    "--scenario",
    default="",
    metavar="SCENARIO",
    help="What the workbook was made from, where it is not found by itself.",
)
@click.option("--overwrite", is_flag=True, help="Replace a file of that name.")
@no_files_option
@json_option
@quiet_option
@trust_option
def import_(
    workbook: Path,
    output: Path | None,
    scenario: str,
    trust: tuple[Path, ...],
    *,
    overwrite: bool,
    no_files: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Read a changed workbook of `netcea export` back into a scenario.

    Lists what was changed by address, with old and new values, and writes a scenario that `extends` the one selected
    in the workbook and gives in Python what the workbook shows. A cell that no scenario can hold - an overwritten
    formula, an unknown cell - is refused by its name. Exit code 1 when the results that the workbook holds are not
    Python's.
    """
    from netcea.loading.reading.project import shown
    from netcea.storage.writable import check_file
    from netcea.workbook.reading import tables as read_back_tables
    from netcea.workbook.reading.imported_scenario import default_file, write_scenario
    from netcea.workbook.reading.read_back import read_workbook

    if output is not None and not no_files:
        check_file(output)
    found = read_workbook(workbook, scenario, trust)
    written = ""
    if found.differs and not no_files:
        path = output or default_file(workbook, found)
        write_scenario(found, path, trust, overwrite=overwrite)
        written = shown(path)
    if as_json:
        say_lines(read_back_tables.as_json(found, written))
    elif not quiet:
        read_back_tables.show_read_back(found, written)
    if not found.agreement.agrees:
        say(f"FAILED: {read_back_tables.agreement(found)}", err=True)
        sys.exit(EXIT_RULE_FAILED)
