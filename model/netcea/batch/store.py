"""The folder of a batch: finished units, parts of long ones, what is known to be done, and who is at work in it.

A unit's folder appears whole or not at all. Its ``unit.json`` holds the key of everything that decides its bytes:
started again, a batch believes a unit with the right key whose files still have their SHA-256, and does the others.
"""

from __future__ import annotations

import contextlib
import json
import pickle
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netcea.batch.folder_lock import locked, read_object
from netcea.batch.units import UNIT_FILE, Made, Unit
from netcea.errors import Place
from netcea.storage.atomic import atomic_folder, atomic_write_bytes, atomic_write_text, is_unchanged, recover

MARKER: Final = "batch.json"
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
        marker, place = self.folder / MARKER, Place(str(self.folder))
        hint = "name another with --out"
        try:
            if self.folder.exists() and not self.folder.is_dir():
                raise place.error("a file", "a folder", hint)
            if self.folder.is_dir() and any(not _TEMPORARY.fullmatch(p.name) for p in self.folder.iterdir()):
                found = read_object(marker).get("name")
                if found != name:
                    what = f"results of the batch '{found}'" if found else "a folder with files of something else"
                    raise place.error(what, "an empty folder, or this batch's own", hint)
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            found = f"a place you may not write to ({error.strerror})"
            raise place.error(found, "a folder for results", hint) from None
        atomic_write_text(marker, json.dumps({"name": name}) + "\n")

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Keep other processes out of the folder; see `netcea.batch.folder_lock.locked`."""
        return locked(self.folder)

    def row(self, unit: Unit) -> dict[str, Any] | None:
        """Return the table line of a unit that is done with the same key and whose files are whole; else None."""
        folder = self.folder / unit.folder
        recover(folder)
        saved = read_object(folder / UNIT_FILE)
        if saved.get("key") != unit.key or not is_unchanged(folder):
            return None
        row: dict[str, Any] = saved["row"]
        return row

    def keep(self, unit: Unit, made: Made) -> None:
        """Write a finished unit: its folder appears whole."""
        marking = unit.scenario.prices.marking
        goal = self.folder / unit.folder
        with atomic_folder(goal, durable=False, marking=marking) as new:  # what a crash loses is done again
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
