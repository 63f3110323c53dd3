"""A lock on a folder, for one process at a time on any number of computers; one whose process is gone is taken over."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from netcea.errors import Place
from netcea.storage.atomic import RUN, unfinished_name
from netcea.storage.regular_file import kind_at, read_regular

LOCK: Final = ".netcea_lock"
MOST_RUNS: Final = 1000
"""Killed processes that a lock names."""
MOST: Final = 10_000_000
"""Largest record of a batch or a unit. [bytes]"""


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[tuple[str, ...]]:
    """Keep other processes out of a folder; yield those that wrote in it: killed ones, whose locks say so, and this.

    Parameters
    ----------
    folder : Path

    Yields
    ------
    tuple of str
        `netcea.storage.atomic.RUN` of each.

    Raises
    ------
    InputError
        Another process is at work in it.
    """
    path = folder / LOCK
    runs: tuple[str, ...] = (RUN,)
    mine: dict[str, Any] = {"pid": os.getpid(), "host": socket.gethostname(), "run": secrets.token_hex(8)}
    while not _placed(path, json.dumps(mine := {**mine, "wrote": list(runs)})):
        held = read_object(path)
        if _alive(held) or kind_at(path) not in ("", "a file"):
            found = f"a batch at work in it (process {held.get('pid')} on {held.get('host')})"
            hint = f"wait for it; if it is gone, delete {path}"
            raise Place(str(folder)).error(found, "a folder of its own for each run", hint)
        _take_away(path, held)
        runs = tuple(dict.fromkeys((*runs, *_wrote(held))))[:MOST_RUNS]
    try:
        yield runs
    finally:
        if read_object(path) == mine:
            path.unlink(missing_ok=True)


def _wrote(lock: Mapping[str, Any]) -> list[str]:
    """Return the processes that a lock names: its own, and those whose lock that one took over."""
    named = lock.get("wrote")
    return [run for run in named if isinstance(run, str)] if isinstance(named, list) else []


def read_object(path: Path) -> dict[str, Any]:
    """Return a JSON object; an empty one where there is none."""
    try:
        found = json.loads(read_regular(path, MOST, follow=False))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _placed(lock: Path, text: str) -> bool:
    """Put a lock where none is, whole at once: nobody reads half of it."""
    whole = lock.with_name(unfinished_name())
    try:
        whole.write_text(text, encoding="utf-8")
        try:
            os.link(whole, lock)
        except FileExistsError:
            return False
        except OSError:  # a disk without links
            with contextlib.suppress(FileExistsError), lock.open("x", encoding="utf-8") as file:
                file.write(text)
                return True
            return False
        return True
    finally:
        whole.unlink(missing_ok=True)


def _take_away(lock: Path, dead: Mapping[str, Any]) -> None:
    """Remove the lock of a process that is gone; one that another process has put there meanwhile goes back."""
    aside = lock.with_name(unfinished_name())
    try:
        lock.rename(aside)
    except FileNotFoundError:
        return
    if read_object(aside) != dead:
        with contextlib.suppress(OSError):
            os.link(aside, lock)
    aside.unlink(missing_ok=True)


def _alive(lock: Mapping[str, Any]) -> bool:
    """Say whether the process that made a lock may still be at work; one on another computer always may."""
    pid = lock.get("pid")
    if not isinstance(pid, int):
        return False
    if lock.get("host") != socket.gethostname():
        return True
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False
