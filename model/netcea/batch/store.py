"""The folder of a batch: finished units, parts of long ones, what is known to be done, and who is at work in it.

A unit's folder appears whole or not at all. Its ``unit.json`` holds the key of everything that decides its bytes:
started again, a batch believes a unit with the right key whose files still have their SHA-256, and does the others.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netcea.batch.folder_lock import LOCK, locked, read_object
from netcea.batch.saved_row import is_row
from netcea.batch.units import UNIT_FILE, Made, Unit
from netcea.errors import Place
from netcea.storage.array_file import FIRST_LINE
from netcea.storage.atomic import (
    RUN,
    atomic_write_bytes,
    atomic_write_text,
    is_unfinished,
    recover,
    remove_unfinished,
    write_folder,
)
from netcea.storage.file_list import is_unchanged, remove_listed
from netcea.storage.regular_file import all_inside, inside, kind_at, read_regular, remove_empty
from netcea.storage.run_folder import refuse_runs
from netcea.storage.writable import check_folder

MARKER: Final = "batch.json"
PARTS: Final = ".netcea_parts"
TIMINGS: Final = "timings.csv"
LARGEST_PART: Final = 500_000_000
"""Of 2,048 draws of thousands of columns. [bytes]"""
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = re.compile(r"[0-9]{6}\.part")
WRITTEN: Final = (MARKER, TIMINGS, LOCK, "summary.csv", "summary.json", "failures.csv", "manifest.json")
"""Files at the top of the folder."""


@dataclass(frozen=True)
class Store:
    """The folder of one batch."""

    folder: Path

    def begin(self, name: str, units: Collection[Unit] = ()) -> None:
        """Make the folder, or recognise it as this batch's, and see that nothing in it leads elsewhere.

        Raises
        ------
        InputError
            It holds something else, or cannot be written; or where one of its files or folders should be lies a link.
        """
        marker, place = self.folder / MARKER, Place(str(self.folder))
        hint = "name another with --out"
        check_folder(self.folder)
        try:
            if self.folder.exists() and not self.folder.is_dir():
                raise place.error("a file", "a folder", hint)
            if self.folder.is_dir() and any(not is_unfinished(p.name) for p in self.folder.iterdir()):
                found = read_object(marker).get("name")
                if found != name:
                    if not found:
                        refuse_runs(self.folder, f"batch_{name}")
                    what = f"results of the batch '{found}'" if found else "a folder with files of something else"
                    raise place.error(what, "an empty folder, or this batch's own", hint)
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            found = f"a place you may not write to ({error.strerror})"
            raise place.error(found, "a folder for results", hint) from None
        variants = sorted({unit.variant for unit in units})
        parts = [f"{PARTS}/{unit.key}" for unit in units if unit.heavy]
        folders = (PARTS, *parts, *variants, *(unit.folder for unit in units))
        all_inside(self.folder, WRITTEN, folders)
        atomic_write_text(marker, json.dumps({"name": name}) + "\n")

    def locked(self) -> contextlib.AbstractContextManager[tuple[str, ...]]:
        """Keep other processes out of the folder, as `folder_lock.locked` does; yields those that wrote in it."""
        return locked(self.folder)

    def row(self, unit: Unit) -> dict[str, Any] | None:
        """Return the table line of a unit that is done with the same key and whose files are whole; else None."""
        folder = inside(self.folder, unit.folder, "a folder")
        recover(folder)
        saved = read_object(folder / UNIT_FILE)
        whole = saved.get("key") == unit.key and is_row(unit.analysis, saved.get("row")) and is_unchanged(folder)
        return dict(saved["row"]) if whole else None

    def keep(self, unit: Unit, made: Made) -> None:
        """Write a finished unit: its folder appears whole."""
        marking = unit.scenario.prices.marking
        write_folder(inside(self.folder, unit.folder, "a folder"), made.files, marking)
        self.note_time(unit, made.seconds)
        self.drop_parts(self.folder / PARTS / unit.key)

    def note_time(self, unit: Unit, seconds: float) -> None:
        """Add a line to the file of timings, which no other file depends on."""
        path = inside(self.folder, TIMINGS)
        new = not path.exists()
        if not new and path.stat().st_nlink > 1:  # another name of the file may be somebody else's
            atomic_write_bytes(path, read_regular(path, follow=False))
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(("unit,seconds\n" if new else "") + f"{unit.folder},{seconds:.3f}\n")

    def part(self, unit: Unit, index: int) -> Path:
        """Return the file of one part of a long unit."""
        return inside(self.folder, f"{PARTS}/{unit.key}/{_part_name(index)}")

    def keep_part(self, unit: Unit, index: int, data: bytes) -> None:
        """Write one part of a long unit."""
        path = self.part(unit, index)
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write_bytes(path, data)

    def read_part(self, unit: Unit, index: int) -> bytes:
        """Return the bytes of a part; none where it is not there or is no ordinary file."""
        try:
            return read_regular(self.part(unit, index), LARGEST_PART, follow=False)
        except OSError:
            return b""

    def drop_parts(self, folder: Path, runs: Collection[str] = (RUN,)) -> None:
        """Remove the parts in a folder of one unit: files that begin as a part does; others stay."""
        if kind_at(folder) != "a folder" or not _KEY.fullmatch(folder.name):
            return
        for path in sorted(folder.iterdir()):
            if _PART.fullmatch(path.name) and _begins_as_a_part(path):
                path.unlink(missing_ok=True)
        remove_unfinished(folder, runs)
        remove_empty(folder)

    def sweep(self, units: Mapping[str, Unit], unfinished: Collection[str], runs: Collection[str] = (RUN,)) -> None:
        """Remove what is left of kills, and units that the batch no longer asks for; keep parts of unfinished units.

        Nothing else is removed: a file goes when a list of ours names it, it is a part, or its name tells one of the
        processes `runs` that wrote here; and no link is followed.
        """
        keys = {units[name].key for name in unfinished}
        for path in _folders(self.folder / PARTS):
            if path.name not in keys:
                self.drop_parts(path, runs)
        remove_empty(self.folder / PARTS)
        remove_unfinished(self.folder, runs)
        for variant in _folders(self.folder):
            for folder in _folders(variant):
                is_unit = f"{variant.name}/{folder.name}" in units or kind_at(folder / UNIT_FILE) != "a file"
                if not is_unit and is_unchanged(folder, alone=True):
                    remove_listed(folder)
            remove_unfinished(variant, runs)
            remove_empty(variant)


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder that are no links."""
    if kind_at(folder) != "a folder":
        return []
    return [path for path in sorted(folder.iterdir()) if kind_at(path) == "a folder"]


def _part_name(index: int) -> str:
    return f"{index:06d}.part"


def _begins_as_a_part(path: Path) -> bool:
    if kind_at(path) != "a file":
        return False
    with path.open("rb") as file:
        return file.read(len(FIRST_LINE)) == FIRST_LINE
