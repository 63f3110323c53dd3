"""Whether a place can be written to, asked before the work is done of which the results go there."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from netcea.errors import Place
from netcea.storage.regular_file import refuse_special

EXPECTED: Final = "a place to write to"


def check_folder(folder: Path) -> None:
    """Refuse a folder in which no file can be made; what is missing of its path counts as made.

    Parameters
    ----------
    folder : Path
        Into which files are to be written.

    Raises
    ------
    InputError
        A file lies in the way, the drive is missing, or nothing can be written there; nothing is left there.
    """
    _check(folder, Path(os.path.realpath(folder)))


def check_file(path: Path) -> None:
    """Refuse a file that cannot be written: as `check_folder` of its folder, or something else lies in its place.

    Parameters
    ----------
    path : Path
        Where a file is to be written.

    Raises
    ------
    InputError
        As of `check_folder`; a folder, a device or a pipe lies there.
    """
    with as_problem(path):
        refuse_special(path)
    _check(path, Path(os.path.realpath(path)).parent)


def check_beside(folder: Path) -> None:
    """Refuse a folder that cannot be replaced by one that is made beside it.

    Parameters
    ----------
    folder : Path
        That is to be written, whole.

    Raises
    ------
    InputError
        As of `check_folder`; it is where a drive is mounted.
    """
    goal = Path(os.path.realpath(folder))
    if goal.is_mount():
        raise Place(str(folder)).error("a drive, which is not replaced", "a folder", "name a folder in it")
    _check(folder, goal.parent)


def _check(named: Path, folder: Path) -> None:
    place = Place(str(named))
    there = _nearest(folder, place)
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except PermissionError:
        raise place.error(f"a place you may not write to: '{_typed(there)}'", EXPECTED, "name another place") from None
    except OSError as error:
        found = f"a place where nothing can be written: '{_typed(there)}' ({error.strerror or error})"
        raise place.error(found, EXPECTED, "name another place") from None


def _nearest(folder: Path, place: Place) -> Path:
    """Return the folder itself, or the nearest above it that is there."""
    for one in (folder, *folder.parents):
        try:
            mode = one.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        except PermissionError:
            raise place.error(
                f"a place you may not look into: '{_typed(one.parent)}'", EXPECTED, "name another place"
            ) from None
        if stat.S_ISDIR(mode):
            return one
        raise place.error(f"a file where a folder should be: '{_typed(one)}'", EXPECTED, "name another folder")
    raise place.error(f"no drive '{folder.anchor}'", EXPECTED, "connect it, or name another place")


def _typed(place: Path) -> Path:
    here = Path.cwd().resolve()
    return place.relative_to(here) if place.is_relative_to(here) else place


@contextlib.contextmanager
def as_problem(path: Path) -> Iterator[None]:
    """Turn an error of the operating system into a problem with words.

    Parameters
    ----------
    path : Path
        Of what is being written.

    Raises
    ------
    InputError
        With what was found there and what to do.
    """
    try:
        yield
    except OSError as error:
        found, hint = _in_words(error, path)
        raise Place(str(path)).error(found, EXPECTED, hint) from error


def _in_words(error: OSError, path: Path) -> tuple[str, str]:
    """Return what was found where nothing can be written, and what to do."""
    if isinstance(error, FileNotFoundError) and not path.parent.exists():
        return f"no folder '{path.parent}'", "make the folder first"
    if isinstance(error, NotADirectoryError | FileExistsError):
        return "a file where a folder should be", "name another folder"
    if isinstance(error, PermissionError):
        return "a place you may not write to", "close the program that has it open, or name another place"
    return f"an error while writing ({error.strerror or error})", ""
