"""The folder of a batch: finished units, parts of long ones, what is known to be done, and who is at work in it.

A unit's folder appears whole or not at all. Its ``unit.json`` holds the key of everything that decides its bytes:
started again, a batch believes a unit with the right key whose files still have their SHA-256, and does the others.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import re
import secrets
import shutil
import socket
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netcea.batch.units import UNIT_FILE, Made, Unit
from netcea.errors import InputError, Problem
from netcea.storage.atomic import atomic_folder, atomic_write_bytes, atomic_write_text, is_unchanged, recover

MARKER: Final = "batch.json"
LOCK: Final = ".netcea_lock"
PARTS: Final = ".netcea_parts"
TIMINGS: Final = "timings.csv"
_TEMPORARY: Final = re.compile(r"\.netcea-[0-9a-f]{16}\.tmp")
"""What a kill leaves of a file that was being written."""


@dataclass(frozen=True)
class Store:
    """The folder of one batch."""

    folder: Path

    def begin(self, name: str) -> None:
        """Make the folder, or recognise it as this batch's.

        Raises
        ------
        InputError
            It holds something else, or cannot be written.
        """
        marker = self.folder / MARKER
        try:
            if self.folder.exists() and not self.folder.is_dir():
                raise InputError(Problem(str(self.folder), 0, "", "a file", "a folder", "name another with --out"))
            if self.folder.is_dir() and any(not _TEMPORARY.fullmatch(p.name) for p in self.folder.iterdir()):
                found = _read_json(marker).get("name")
                if found != name:
                    what = f"results of the batch '{found}'" if found else "a folder with files of something else"
                    raise InputError(
                        Problem(
                            str(self.folder),
                            0,
                            "",
                            what,
                            "an empty folder, or this batch's own",
                            "name another with --out",
                        )
                    )
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                Problem(
                    str(self.folder),
                    0,
                    "",
                    f"a place you may not write to ({error.strerror})",
                    "a folder for results",
                    "name another with --out",
                )
            ) from None
        atomic_write_text(marker, json.dumps({"name": name}) + "\n")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out of the folder; a lock whose process is gone is taken over.

        Raises
        ------
        InputError
            Another process is at work in it.
        """
        path = self.folder / LOCK
        mine = {"pid": os.getpid(), "host": socket.gethostname(), "run": secrets.token_hex(8)}
        while not _placed(path, json.dumps(mine)):
            held = _read_json(path)
            if _alive(held) or path.is_dir():
                found = f"a batch at work in it (process {held.get('pid')} on {held.get('host')})"
                raise InputError(
                    Problem(
                        str(self.folder),
                        0,
                        "",
                        found,
                        "a folder of its own for each run",
                        f"wait for it; if it is gone, delete {path}",
                    )
                )
            _take_away(path, held)
        try:
            yield
        finally:
            if _read_json(path) == mine:
                path.unlink(missing_ok=True)

    def row(self, unit: Unit) -> dict[str, Any] | None:
        """Return the table line of a unit that is done with the same key and whose files are whole; else None."""
        folder = self.folder / unit.folder
        recover(folder)
        saved = _read_json(folder / UNIT_FILE)
        if saved.get("key") != unit.key or not is_unchanged(folder):
            return None
        row: dict[str, Any] = saved["row"]
        return row

    def keep(self, unit: Unit, made: Made) -> None:
        """Write a finished unit: its folder appears whole."""
        with atomic_folder(self.folder / unit.folder, durable=False) as new:  # what a crash loses is done again
            for name, data in made.files.items():
                path = new / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        self.note_time(unit, made.seconds)
        shutil.rmtree(self.folder / PARTS / unit.key, ignore_errors=True)

    def note_time(self, unit: Unit, seconds: float) -> None:
        """Add a line to the file of timings, which no other file depends on."""
        path = self.folder / TIMINGS
        new = not path.exists()
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(("unit,seconds\n" if new else "") + f"{unit.folder},{seconds:.3f}\n")

    def part(self, unit: Unit, index: int) -> Path:
        """Return the file of one part of a long unit."""
        return self.folder / PARTS / unit.key / f"{index:06d}.part"

    def keep_part(self, unit: Unit, index: int, value: Any) -> None:
        """Write one part of a long unit."""
        path = self.part(unit, index)
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write_bytes(path, pickle.dumps(value, protocol=5))

    def parts(self, unit: Unit, count: int) -> Iterator[Any]:
        """Yield the parts of a long unit in order, one at a time."""
        for index in range(count):
            yield pickle.loads(self.part(unit, index).read_bytes())  # noqa: S301 - files that this program wrote

    def sweep(self, units: Mapping[str, Unit], unfinished: Collection[str]) -> None:
        """Remove what is left of kills, and units that the batch no longer asks for; keep parts of unfinished units."""
        keys = {units[name].key for name in unfinished}
        for path in (self.folder / PARTS).glob("*"):
            if path.name not in keys:
                shutil.rmtree(path, ignore_errors=True)
        with contextlib.suppress(OSError):
            (self.folder / PARTS).rmdir()
        for path in sorted(self.folder.glob(f"*/*/{UNIT_FILE}")):
            folder = path.parent
            name = folder.relative_to(self.folder).as_posix()
            if name not in units and is_unchanged(folder, alone=True):
                shutil.rmtree(folder)
                with contextlib.suppress(OSError):
                    folder.parent.rmdir()
        for left in [*self.folder.glob("*/.*.new"), *self.folder.glob(".netcea-*.tmp")]:
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def _placed(lock: Path, text: str) -> bool:
    """Put a lock where none is, whole at once: nobody reads half of it."""
    whole = lock.with_name(f".netcea-{secrets.token_hex(8)}.tmp")
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
    aside = lock.with_name(f".netcea-{secrets.token_hex(8)}.tmp")
    try:
        lock.rename(aside)
    except FileNotFoundError:
        return
    if _read_json(aside) != dead:
        with contextlib.suppress(OSError):
            os.link(aside, lock)
    aside.unlink(missing_ok=True)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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
