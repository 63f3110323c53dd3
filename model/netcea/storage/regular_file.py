"""Files as they lie on disk: ordinary files only, of a limited size, and none that a link puts elsewhere.

A pipe would be waited for, a device read without end, and what lies behind a link belongs to somebody else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import Final

from netcea.errors import InputError, Place, Problem

LARGEST: Final = 200_000_000
"""Of a file of results that is read whole. [bytes]"""
_NO_WAITING: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)


def read_regular(path: Path, most: int = LARGEST, *, follow: bool = True) -> bytes:
    """Return the bytes of an ordinary file.

    Parameters
    ----------
    path : Path
        Of the file.
    most : int
        Largest size. [bytes]
    follow : bool
        Whether the file may be a link to another.

    Raises
    ------
    OSError
        No such file, a folder, a pipe, a device, a larger file, or one that may not be read.
    """
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "a null character in the path", str(path))
    descriptor = os.open(path, os.O_RDONLY | _NO_WAITING | (0 if follow else _NO_LINK))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, f"{kind_of(status)}, not an ordinary file", str(path))
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(0, f"more than {most // 1_000_000} MB", str(path))
    return data


def kind_of(status: os.stat_result) -> str:
    """Return what lies on a disk, in words.

    Parameters
    ----------
    status : os.stat_result
        Of the thing itself, not of what it links to.

    Examples
    --------
    >>> kind_of(os.lstat(os.devnull))
    'a device'
    """
    kinds = (
        (stat.S_ISREG, "a file"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISLNK, "a link"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
    )
    return next((words for holds, words in kinds if holds(status.st_mode)), "a device")


def kind_at(path: Path) -> str:
    """Return what lies at a path itself, in words; empty where nothing does.

    Parameters
    ----------
    path : Path
        Any.
    """
    try:
        return kind_of(path.lstat())
    except (FileNotFoundError, NotADirectoryError):
        return ""


def inside(folder: Path, relative: str, kind: str = "a file") -> Path:
    """Return a path in a folder of results, on the way to which nothing leads out of the folder.

    Parameters
    ----------
    folder : Path
        Of results; itself it may be a link, which is the user's.
    relative : str
        Path below it.
    kind : str
        What may lie there already: 'a file' or 'a folder'.

    Raises
    ------
    InputError
        A link, a pipe or a device lies there or on the way, or a file in place of a folder.
    """
    path = folder
    parts = relative.split("/")
    for number, part in enumerate(parts, start=1):
        path = path / part
        expected = kind if number == len(parts) else "a folder"
        found = kind_at(path)
        if found and found != expected:
            where = f" to {path.readlink()}" if found == "a link" else ""
            hint = f"take it away: results are written inside {folder} and nowhere else"
            raise Place(str(path)).error(f"{found}{where}", f"{expected} of its own", hint)
    return path


def refuse_special(path: Path) -> None:
    """Refuse to write in the place of what is no ordinary file: a folder, a device, a pipe; a link is followed.

    Parameters
    ----------
    path : Path
        Where a file is to be written.

    Raises
    ------
    InputError
        Something else lies there.
    """
    found = kind_at(Path(os.path.realpath(path)))
    if found == "a folder":
        raise Place(str(path)).error("a folder", "a file", "name a file in it")
    if found not in ("", "a file"):
        raise Place(str(path)).error(found, "an ordinary file", "name another file")


def refuse_link(path: Path) -> None:
    """Refuse to write in the place of a link: what it leads to belongs to somebody else.

    Parameters
    ----------
    path : Path
        Where a file is to be written.

    Raises
    ------
    InputError
        A link lies there.
    """
    if kind_at(path) == "a link":
        hint = "name the file that is meant, or take the link away"
        raise Place(str(path)).error(f"a link to {path.readlink()}", "a file of its own", hint)


def remove_empty(folder: Path) -> None:
    """Remove a folder if nothing is left in it.

    Parameters
    ----------
    folder : Path
        Not a link.
    """
    with contextlib.suppress(OSError):
        folder.rmdir()


def all_inside(folder: Path, files: tuple[str, ...], folders: tuple[str, ...]) -> None:
    """Check every name that is used in a folder of results at once.

    Parameters
    ----------
    folder : Path
        Of results.
    files, folders : tuple of str
        Paths below it, as what they may be.

    Raises
    ------
    InputError
        With every one that leads out of the folder, or is something else.
    """
    problems: list[Problem] = []
    for names, kind in ((files, "a file"), (folders, "a folder")):
        for name in names:
            try:
                inside(folder, name, kind)
            except InputError as error:
                problems.extend(error.problems)
    if problems:
        raise InputError(problems)
