"""Writing that is either done or not done: a file, or a folder of results.

A folder of results holds the list ``.netcea_files.json``: path and SHA-256 of every file written. When a
later run replaces the folder, only files in that list that have not changed since are deleted. Every other
file, a note of the user or a workbook that was edited, is moved into the new folder; where a new file has its
name, it becomes ``name.kept-1.xlsx``. A folder with files but without the list is not ours and is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from netcea.errors import Place
from netcea.storage.file_list import (
    LIST_NAME,
    checked_list,
    files_below,
    is_as_written,
    list_text,
    read_list,
    remove_listed,
    sha256_of,
)
from netcea.storage.regular_file import kind_at, refuse_special, remove_empty
from netcea.storage.writable import as_problem, check_beside

RUN: Final = secrets.token_hex(4)
"""Of this process: what it leaves unfinished has a name that begins with it."""
_UNFINISHED_FILE: Final = re.compile(r"\.netcea-([0-9a-f]{8})[0-9a-f]{8}\.tmp")
_UNFINISHED_FOLDER: Final = re.compile(r"\..+\.[0-9a-f]{8}\.new")


def atomic_write_text(path: Path, text: str, *, durable: bool = True) -> None:
    r"""Write UTF-8 text, line ends as they are; what UTF-8 cannot hold is written as a backslash escape.

    Parameters
    ----------
    path : Path
        Of the file.
    text : str
        Its content.
    durable : bool
        As of `atomic_write_bytes`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     atomic_write_text(Path(folder, "icer.txt"), "£30,000")
    ...     Path(folder, "icer.txt").read_bytes()
    b'\xc2\xa330,000'
    """
    atomic_write_bytes(path, text.encode("utf-8", errors="backslashreplace"), durable=durable)


def atomic_write_bytes(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace a file at once: a reader sees the old bytes or the new ones.

    Parameters
    ----------
    path : Path
        Of the file.
    data : bytes
        Its content.
    durable : bool
        Wait until the disk has it, so that a power cut loses nothing; not needed in a folder that is made durable as a
        whole, or is only passing.

    Raises
    ------
    InputError
        The file cannot be written; the old one is untouched and nothing is left beside it.
    """
    with as_problem(path):
        refuse_special(path)
        goal = Path(os.path.realpath(path))
        temporary = goal.with_name(unfinished_name())
        try:
            with temporary.open("xb") as file:
                file.write(data)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            if goal.exists():
                shutil.copymode(goal, temporary)
            temporary.replace(goal)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        if durable:
            _sync_folder(goal.parent)


def write_folder(target: Path, files: Mapping[str, bytes], marking: str = "") -> None:
    """Write a folder of files that are known beforehand: what a kill leaves of it names all its files.

    Parameters
    ----------
    target : Path
        Where the folder appears, whole.
    files : mapping of str -> bytes
        Path below the folder -> content. What a crash of the machine loses is found by its SHA-256.
    marking : str
        Of a confidential run; empty for others.

    Raises
    ------
    InputError
        As of `atomic_folder`.
    """
    with atomic_folder(target, durable=False, marking=marking) as new:
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        _replace_list(new, list_text(digests, marking))
        for name, data in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def unfinished_name() -> str:
    """Return a name for a file that is being written, which tells the process that writes it."""
    return f".netcea-{RUN}{secrets.token_hex(4)}.tmp"


def remove_unfinished(folder: Path, runs: Collection[str] = (RUN,)) -> None:
    """Remove what a kill left below a folder of a file or a folder that was being written there.

    A name alone does not make a file ours: it must be that of a process that is known to have been at work here.

    Parameters
    ----------
    folder : Path
        Whose entries are looked at; links are left alone.
    runs : collection of str
        `RUN` of this process, and of those that were killed.
    """
    for path in sorted(folder.iterdir()) if kind_at(folder) == "a folder" else ():
        written = _UNFINISHED_FILE.fullmatch(path.name)
        if written is not None:
            if written[1] in runs and kind_at(path) == "a file":
                path.unlink(missing_ok=True)
        elif _UNFINISHED_FOLDER.fullmatch(path.name) and kind_at(path) == "a folder":
            remove_unfinished(path, runs)
            remove_listed(path, unfinished=True)
            remove_empty(path)


def is_unfinished(name: str) -> bool:
    """Say whether a name is that of a file that was being written.

    Parameters
    ----------
    name : str
        Of a file.

    Examples
    --------
    >>> is_unfinished(".netcea-0123456789abcdef.tmp"), is_unfinished("thesis.tmp")
    (True, False)
    """
    return _UNFINISHED_FILE.fullmatch(name) is not None


@contextlib.contextmanager
def atomic_folder(target: Path, *, durable: bool = True, marking: str = "") -> Iterator[Path]:
    """Yield an empty folder beside `target`; it becomes `target` when the block ends without an exception.

    After an exception the temporary folder is removed and an old `target` is as it was. A process killed
    inside the block leaves its unfinished ``.<name>.<token>.new``; killed between the two renames it leaves
    the old folder as ``.<name>.<token>.old``, and the next call puts it back.

    Parameters
    ----------
    target : Path
        Where the folder appears.
    durable : bool
        Wait until the disk has everything, so that a power cut loses nothing; without it the list of SHA-256 tells.
    marking : str
        What the list says of the whole folder: that it is confidential.

    Raises
    ------
    InputError
        `target` is a file, holds files but was not written by netcea, is or contains the current folder, or
        cannot be written.
    """
    goal = Path(os.path.realpath(target))
    made: list[Path] = []
    with as_problem(target):
        recover(goal)
        _check_goal(target, goal)
        made = [folder for folder in goal.parents if not folder.exists()]
        goal.parent.mkdir(parents=True, exist_ok=True)
        new = goal.with_name(f".{goal.name}.{secrets.token_hex(4)}.new")
        new.mkdir()
    try:
        yield new
        with as_problem(target):
            _write_list(new, durable=durable, marking=marking)
            _swap(new, goal)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def check_target(target: Path) -> None:
    """Refuse, before work is done, a folder that `atomic_folder` would refuse after it.

    Parameters
    ----------
    target : Path
        Where a folder is to appear.

    Raises
    ------
    InputError
        As of `atomic_folder`; nothing is written.
    """
    with as_problem(target):
        _check_goal(target, Path(os.path.realpath(target)))
    check_beside(target)


def _check_goal(target: Path, goal: Path) -> None:
    place = Place(str(target))
    if not os.path.lexists(goal):
        return
    if not goal.is_dir():
        raise place.error("a file", "a folder", "name another folder")
    if Path.cwd().resolve().is_relative_to(goal):
        found = "the current folder or one that contains it"
        raise place.error(found, "another folder", "name a folder inside it, such as results")
    if any(goal.iterdir()) and checked_list(goal) is None:
        found = "a folder with files that were not written by netcea"
        raise place.error(found, "a new or empty folder", "name a folder inside it")
    if not os.access(goal, os.W_OK):
        raise PermissionError(goal)


def _swap(new: Path, goal: Path) -> None:
    old = new.with_suffix(".old")
    if goal.exists():
        goal.rename(old)
    try:
        new.rename(goal)
    except BaseException:
        if old.exists():
            old.rename(goal)
        raise
    _sync_folder(goal.parent)
    if old.exists():
        _empty_old(old, goal)


def recover(goal: Path) -> None:
    """Finish what a process began that was killed while it replaced a folder.

    Parameters
    ----------
    goal : Path
        The folder that was being replaced.
    """
    if not goal.parent.is_dir():
        return
    ours = re.compile(rf"\.{re.escape(goal.name)}\.[0-9a-f]{{8}}\.old")
    for old in sorted(goal.parent.iterdir()):
        if ours.fullmatch(old.name) and kind_at(old) == "a folder":
            if goal.exists():
                _empty_old(old, goal)
            else:
                old.rename(goal)


def _empty_old(old: Path, goal: Path) -> None:
    """Delete our own unchanged files of a replaced folder, move the others into the new one."""
    ours = read_list(old) or {}
    for path in list(files_below(old)):
        relative = path.relative_to(old)
        digest = ours.get(relative.as_posix())
        if digest is not None and is_as_written(path, digest):
            path.unlink()
        else:
            path.rename(_free_name(_real_folder(goal, relative.parent) / relative.name))
    (old / LIST_NAME).unlink(missing_ok=True)  # last: after an interruption the rest is still known as ours
    for folder, _, _ in os.walk(old, topdown=False):
        Path(folder).rmdir()


def _real_folder(goal: Path, relative: Path) -> Path:
    """Return a folder below another, made if need be; beside a link or a file of its name, another name."""
    folder = goal
    for part in relative.parts:
        folder = folder / part
        if kind_at(folder) not in ("", "a folder"):
            folder = _free_name(folder)
        folder.mkdir(exist_ok=True)
    return folder


def _free_name(path: Path) -> Path:
    free, number = path, 0
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem}.kept-{number}{path.suffix}")
    return free


def _replace_list(folder: Path, text: str) -> None:
    """Write the list of a folder that is being made: a kill leaves it whole, or a file whose name is ours."""
    written = folder / unfinished_name()
    written.write_text(text, encoding="utf-8")
    written.replace(folder / LIST_NAME)


def _write_list(folder: Path, *, durable: bool, marking: str) -> None:
    text = list_text(
        {p.relative_to(folder).as_posix(): sha256_of(p, sync=durable) for p in files_below(folder)}, marking
    )
    if durable:
        atomic_write_text(folder / LIST_NAME, text)
    else:
        _replace_list(folder, text)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
