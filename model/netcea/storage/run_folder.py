"""What a folder that is to be written to holds already: an earlier run, several, or a comparison."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from netcea.errors import InputError, Place
from netcea.storage.regular_file import kind_at
from netcea.storage.saved_run import analysis_of, read_json

RUN_RECORD: Final = "run.json"
COMPARISON: Final = "difference.json"
BATCH: Final = "batch.json"
DEEPEST: Final = 2
"""Folders inside one another in which runs are looked for."""
MOST_NAMED: Final = 4
"""Runs of a folder that are named."""


class EarlierRun(NamedTuple):
    """The run of a folder: of which analysis, of which scenario."""

    analysis: str
    name: str
    source: str


def run_in(folder: Path) -> EarlierRun | None:
    """Return the run that a folder holds; None where it holds none, or one whose record cannot be read.

    Parameters
    ----------
    folder : Path
        Of results, perhaps.
    """
    path = folder / RUN_RECORD
    if kind_at(path) != "a file":
        return None
    try:
        record = read_json(path)
        scenario = record["scenario"]
        return EarlierRun(analysis_of(record), str(scenario["name"]), str(scenario["source"]))
    except (InputError, KeyError, TypeError, AttributeError):
        return None


def runs_below(folder: Path) -> list[str]:
    """Return the folders of results below a folder, by their path in it: runs, comparisons, and each batch as one.

    Parameters
    ----------
    folder : Path
        Whose folders are looked at; links are left alone.
    """
    return sorted(found.relative_to(folder).as_posix() for found in _runs(folder, DEEPEST))


def refuse_others(folder: Path, name: str, source: str, own: str) -> None:
    """Refuse a folder that holds something else of netcea's than an earlier run of the same scenario.

    Parameters
    ----------
    folder : Path
        That a run would replace.
    name, source : str
        Of the scenario that was run: an earlier run is of the same one where either is the same.
    own : str
        What a folder of its own is called.

    Raises
    ------
    InputError
        It holds a run of another scenario, a comparison, or a batch.
    """
    earlier, place, hint = run_in(folder), Place(str(folder)), _beside(folder, own)
    if earlier is not None and name != earlier.name and source != earlier.source:
        found = f"a folder with a run of another scenario, '{earlier.name}' ({earlier.analysis})"
        raise place.error(found, "a new folder, or one with an earlier run of the same scenario", hint)
    if earlier is None and kind_at(folder / COMPARISON) == "a file":
        raise place.error("a folder with a comparison (netcea diff)", "a new folder, or one of the same scenario", hint)
    refuse_several(folder, own)


def refuse_runs(folder: Path, own: str) -> None:
    """Refuse a folder with a run where something else than a run is to be written.

    Parameters
    ----------
    folder : Path
        That would be replaced.
    own : str
        What a folder of its own is called.

    Raises
    ------
    InputError
        It holds a run, or several.
    """
    earlier = run_in(folder)
    if earlier is not None:
        found = f"a folder with a run of '{earlier.name}' ({earlier.analysis})"
        raise Place(str(folder)).error(found, "a folder of its own", _beside(folder, own))
    refuse_several(folder, own)


def refuse_several(folder: Path, own: str) -> None:
    """Refuse a folder that is no run itself but has runs in it.

    Parameters
    ----------
    folder : Path
        That would be replaced.
    own : str
        What a folder of its own is called.

    Raises
    ------
    InputError
        There are runs below it.
    """
    below = [] if kind_at(folder / RUN_RECORD) else runs_below(folder)
    if not below:
        return
    more = len(below) - MOST_NAMED
    named = ", ".join(below[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    runs = "a result of netcea" if len(below) == 1 else f"{len(below):,} results of netcea"
    of_batch = kind_at(folder / BATCH) == "a file"
    hint = "name another with --out" if of_batch else f"--out {folder / own} puts it beside them"
    what = "a batch, a folder" if of_batch else "a folder"
    raise Place(str(folder)).error(f"{what} with {runs} in it ({named})", "a folder of its own", hint)


def _beside(folder: Path, own: str) -> str:
    """Return how to put a run beside a folder that holds something else."""
    other = Path(os.path.normpath(folder)).parent / own
    return f"--out {other}" if os.path.realpath(other) != os.path.realpath(folder) else "name another with --out"


def _runs(folder: Path, depth: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            inside = sorted(Path(e.path) for e in entries if e.is_dir(follow_symlinks=False) and e.name[:1] != ".")
    except OSError:
        return
    for child in inside:
        if any(kind_at(child / record) == "a file" for record in (RUN_RECORD, COMPARISON, BATCH)):
            yield child
        elif depth > 1:
            yield from _runs(child, depth - 1)
