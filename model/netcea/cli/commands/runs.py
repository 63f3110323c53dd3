"""`netcea runs` and `netcea show`: earlier results."""

from __future__ import annotations

from pathlib import Path

import click

from netcea.cli.commands.shared import json_option
from netcea.cli.say import say, say_lines


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), default=Path("reports"), metavar="[DIR]")
@json_option
def runs(directory: Path, *, as_json: bool) -> None:
    """List the results below DIR (default: reports), the newest first, with what each came to."""
    from netcea.reporting.runs_tables import as_text, show_runs
    from netcea.storage.run_index import find_runs

    found = find_runs(directory)
    if as_json:
        say_lines(as_text(found))
    else:
        show_runs(found)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--open", "open_folder", is_flag=True, help="Also open the folder with the system's viewer of files.")
@json_option
def show(folder: Path, *, open_folder: bool, as_json: bool) -> None:
    """Print the tables of an earlier run again, from its folder; nothing is run."""
    import json

    from netcea.reporting.saved_tables import show_saved_run
    from netcea.storage.saved_run import read_json, read_saved_run

    saved = read_saved_run(folder)
    if as_json:
        say_lines(json.dumps(read_json(folder / "results.json"), indent=2, ensure_ascii=True))
    else:
        show_saved_run(saved)
    if open_folder and click.launch(str(folder)) != 0:
        say(f"No viewer could be started; the results are in {folder}", err=True)
