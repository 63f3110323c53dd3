"""Writing that is either done or not done: a file, or a folder of results.

A folder of results holds the list ``.netcea_files.json``: path and SHA-256 of every file written. When a
later run replaces the folder, only files in that list that have not changed since are deleted. Every other
file, a note of the user or a workbook that was edited, is moved into the new folder; where a new file has its
name, it becomes ``name.kept-1.xlsx``. A folder with files but without the list is not ours and is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from netcea.errors import Place

LIST_NAME = ".netcea_files.json"


def atomic_write_text(path: Path, text: str) -> None:
    r"""Write UTF-8 text, line ends as they are; what UTF-8 cannot hold is written as a backslash escape.

    Parameters
    ----------
    path : Path
        Of the file.
    text : str
        Its content.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     atomic_write_text(Path(folder, "icer.txt"), "£30,000")
    ...     Path(folder, "icer.txt").read_bytes()
    b'\xc2\xa330,000'
    """
    atomic_write_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def atomic_write_bytes(path: Path, data: bytes) -> None:
    """Replace a file at once: a reader sees the old bytes or the new ones.

    Parameters
    ----------
    path : Path
        Of the file.
    data : bytes
        Its content.

    Raises
    ------
    InputError
        The file cannot be written; the old one is untouched and nothing is left beside it.
    """
    with _as_problem(path):
        if path.is_dir():
            raise Place(str(path)).error("a folder", "a file", "name a file in it")
        goal = Path(os.path.realpath(path))
        temporary = goal.with_name(f".netcea-{secrets.token_hex(8)}.tmp")
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if goal.exists():
                shutil.copymode(goal, temporary)
            temporary.replace(goal)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        _sync_folder(goal.parent)


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
    with _as_problem(target):
        recover(goal)
        _check_target(target, goal)
        made = [folder for folder in goal.parents if not folder.exists()]
        goal.parent.mkdir(parents=True, exist_ok=True)
        new = goal.with_name(f".{goal.name}.{secrets.token_hex(4)}.new")
        new.mkdir()
    try:
        yield new
        with _as_problem(target):
            _write_list(new, durable=durable, marking=marking)
            _swap(new, goal)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def is_unchanged(folder: Path, *, alone: bool = False) -> bool:
    """Say whether every file that netcea wrote into a folder is still there as it was written; alone: and no other.

    Parameters
    ----------
    folder : Path
        Of results.
    alone : bool
        Whether another file beside ours counts as a change.
    """
    ours = _read_list(folder)
    if not ours or (alone and {path.relative_to(folder).as_posix() for path in _files(folder)} != set(ours)):
        return False
    try:
        return all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in ours.items())
    except OSError:
        return False


def _check_target(target: Path, goal: Path) -> None:
    place = Place(str(target))
    if not os.path.lexists(goal):
        return
    if not goal.is_dir():
        raise place.error("a file", "a folder", "name another folder")
    if Path.cwd().resolve().is_relative_to(goal):
        found = "the current folder or one that contains it"
        raise place.error(found, "another folder", "name a folder inside it, such as results")
    if any(goal.iterdir()) and _read_list(goal) is None:
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
        if ours.fullmatch(old.name) and old.is_dir():
            if goal.exists():
                _empty_old(old, goal)
            else:
                old.rename(goal)


def _empty_old(old: Path, goal: Path) -> None:
    """Delete our own unchanged files of a replaced folder, move the others into the new one."""
    ours = _read_list(old) or {}
    for path in _files(old):
        relative = path.relative_to(old)
        digest = ours.get(relative.as_posix())
        if digest is not None and not path.is_symlink() and _sha256(path) == digest:
            path.unlink()
        else:
            kept = _free_name(goal / relative)
            kept.parent.mkdir(parents=True, exist_ok=True)
            path.rename(kept)
    (old / LIST_NAME).unlink(missing_ok=True)  # last: after an interruption the rest is still known as ours
    for folder, _, _ in os.walk(old, topdown=False):
        Path(folder).rmdir()


def _free_name(path: Path) -> Path:
    free, number = path, 0
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem}.kept-{number}{path.suffix}")
    return free


def _files(folder: Path) -> Iterator[Path]:
    """Every file and link below a folder, except the list at its top."""
    for root, folders, files in os.walk(folder):
        links = [name for name in folders if Path(root, name).is_symlink()]
        yield from (path for name in sorted(files + links) if (path := Path(root, name)) != folder / LIST_NAME)


def _write_list(folder: Path, *, durable: bool, marking: str) -> None:
    digests = {path.relative_to(folder).as_posix(): _sha256(path, sync=durable) for path in _files(folder)}
    marked = {"marking": marking} if marking else {}
    text = json.dumps({**marked, "files": dict(sorted(digests.items()))}, indent=1) + "\n"
    if durable:
        atomic_write_text(folder / LIST_NAME, text)
    else:
        (folder / LIST_NAME).write_text(text, encoding="utf-8")


def _read_list(folder: Path) -> dict[str, str] | None:
    """Return path and SHA-256 of the files that netcea wrote, None when the folder is not ours."""
    try:
        files = json.loads((folder / LIST_NAME).read_text(encoding="utf-8"))["files"]
        return {str(name): str(digest) for name, digest in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _sha256(path: Path, *, sync: bool = False) -> str:
    with path.open("r+b") if sync else path.open("rb") as file:
        if sync:
            os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


@contextlib.contextmanager
def _as_problem(path: Path) -> Iterator[None]:
    """Turn an error of the operating system into a problem with words."""
    try:
        yield
    except OSError as error:
        found, hint = _in_words(error, path)
        raise Place(str(path)).error(found, "a place to write to", hint) from error


def _in_words(error: OSError, path: Path) -> tuple[str, str]:
    """Return what was found where nothing can be written, and what to do."""
    if isinstance(error, FileNotFoundError):
        return f"no folder '{path.parent}'", "make the folder first"
    if isinstance(error, NotADirectoryError | FileExistsError):
        return "a file where a folder should be", "name another folder"
    if isinstance(error, PermissionError):
        return "a place you may not write to", "close the program that has it open, or name another place"
    return f"an error while writing ({error.strerror or error})", ""
