"""`netcea init`: a folder of one's own with inputs/ and scenarios/, copied from netcea's or blank."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from netcea.errors import InputError, Problem
from netcea.loading.reading.project import package_project, shown
from netcea.storage.writable import check_folder

FOLDERS: Final = ("inputs", "scenarios")
BLANK: Final = Path(__file__).parent / "blank"
"""The smallest model that runs; every number in it is a placeholder."""
NATIONAL: Final = (
    "inputs/decision/method_packs.yaml",
    "inputs/mortality/england_2018_2020.csv",
    "inputs/utilities/eq5d_norms_by_age_sex.csv",
)
"""What a blank model takes from netcea's own inputs/: the same for every disease."""


def make_working_copy(directory: Path) -> Iterator[str]:
    """Copy netcea's inputs/ and scenarios/ into a folder, and yield what to do next.

    Parameters
    ----------
    directory : Path
        Where it goes; made when it is missing.

    Raises
    ------
    InputError
        The folder already holds one of them, or cannot be written; nothing was changed.
    """
    root = package_project().root
    _write(directory, _files(root))
    yield f"{shown(directory)} has its own inputs/ and scenarios/ now."
    names = sorted(path.name for path in (directory / "scenarios").glob("*.yaml"))
    yield f"Next: netcea run {' '.join(shown(directory / 'scenarios' / name) for name in names)}"


def make_blank_model(directory: Path) -> Iterator[str]:
    """Write the smallest model that runs into a folder, and yield what to do next.

    Parameters
    ----------
    directory : Path
        Where it goes; made when it is missing.

    Raises
    ------
    InputError
        As `make_working_copy`.
    """
    root = package_project().root
    _write(directory, {**_files(BLANK), **{name: root / name for name in NATIONAL}})
    scenario = shown(directory / "scenarios" / "base.yaml")
    yield f"{shown(directory)} has a blank model of two strategies now: {scenario} says what to fill in."
    yield f"Next: netcea run {scenario}"
    yield f"Then: netcea check {scenario}    lists every number that is still a placeholder"


def _files(root: Path) -> dict[str, Path]:
    """Return the files of inputs/ and scenarios/ by their place; neither hidden nor confidential ones."""
    found = {path.relative_to(root): path for name in FOLDERS for path in (root / name).rglob("*") if path.is_file()}
    return {
        place.as_posix(): path
        for place, path in sorted(found.items())
        if not place.name.endswith(".secret.yaml") and not any(part.startswith(".") for part in place.parts)
    }


def _write(directory: Path, files: Mapping[str, Path]) -> None:
    """Copy files to their places in a folder: all of them or, with an error, none."""
    where = shown(directory)
    for name in FOLDERS:
        if (directory / name).exists():
            found = f"a folder that already has {name}/"
            raise InputError(Problem(where, 0, "", found, "a new or empty folder", "nothing was changed"))
    if directory.exists() and not directory.is_dir():
        raise InputError(Problem(where, found="a file", expected="a new or empty folder"))
    check_folder(directory)
    made = [folder for folder in (directory, *directory.parents) if not folder.exists()]
    unfinished = directory / f".netcea-{secrets.token_hex(4)}.new"
    moved: list[Path] = []
    try:
        for place, source in files.items():
            (unfinished / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, unfinished / place)
        for name in FOLDERS:
            (unfinished / name).rename(directory / name)
            moved.append(directory / name)
        unfinished.rmdir()
    except OSError as error:
        for folder in (unfinished, *moved):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        found = error.strerror or str(error)
        raise InputError(Problem(where, found=found, expected="a folder that can be written")) from None
