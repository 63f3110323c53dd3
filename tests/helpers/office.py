"""One LibreOffice that opens a workbook, changes cells, recalculates and says what they hold.

It is driven through its own Python interface (Debian: python3-uno), which belongs to the system's Python. Starting it takes
seconds, so every test of a process is answered by the same one, and each opens its own workbook in place of the one before.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Self

import pytest

from helpers.processes import PATIENCE
from helpers.recalculated import SOFFICE

SYSTEM_PYTHON = "/usr/bin/python3"


@cache
def is_there() -> bool:
    """Say whether LibreOffice can be driven here."""
    if SOFFICE is None or not Path(SYSTEM_PYTHON).exists():
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], check=False, capture_output=True).returncode == 0


needs_office = pytest.mark.skipif(not is_there(), reason="LibreOffice with python3-uno is not installed")


class Office:
    """A LibreOffice without a window; use as a context."""

    driver: subprocess.Popen[str] | None = None
    """The one of this process."""

    def __enter__(self) -> Self:
        if Office.driver is None or Office.driver.poll() is not None:
            Office.driver = subprocess.Popen(
                [SYSTEM_PYTHON, str(Path(__file__).with_name("uno_driver.py")), str(SOFFICE)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        """It stays for the next test."""

    @classmethod
    def close(cls) -> None:
        """End the one of this process; it ends by itself when the process is gone."""
        driver, cls.driver = cls.driver, None
        if driver is not None:
            driver.communicate(timeout=PATIENCE)

    def _ask(self, **asked: object) -> object:
        driver = Office.driver
        driver.stdin.write(json.dumps(asked) + "\n")
        driver.stdin.flush()
        line = driver.stdout.readline()
        if not line:
            Office.driver = None
            pytest.fail("LibreOffice has gone")
        return json.loads(line)

    def open(self, path: Path) -> None:
        """Open a workbook in place of the one before, and work all of it out, whatever values it holds."""
        self._ask(do="open", path=str(Path(path).resolve()))

    def change(self, cells: dict[str, object]) -> None:
        """Write values into cells (None empties them, = begins a formula) and work everything out."""
        self._ask(do="change", cells=cells)

    def work(self, what: str, *arguments: object) -> None:
        """Do what a reviewer does besides typing: see WORK in uno_driver.py."""
        self._ask(do="work", what=what, arguments=arguments)

    def save(self, path: Path) -> None:
        """Save a copy as .xlsx, as LibreOffice writes it."""
        self._ask(do="save", path=str(Path(path).resolve()))

    def values(self, cells: list[str]) -> list[object]:
        """Return what cells hold: numbers, text, None; '#' and a number for an error."""
        return self._ask(do="values", cells=cells)

    def value(self, cell: str) -> object:
        """Return what a cell holds."""
        return self.values([cell])[0]

    def range(self, cells: str) -> list[list[object]]:
        """Return rows of a range."""
        return self._ask(do="range", cells=cells)

    def errors(self) -> list[str]:
        """Return where formulas have errors, in every sheet."""
        return self._ask(do="errors")
