"""Tasks and results of processes, in files: what passes through a pipe is a few bytes.

A process that is killed in the middle of a long message leaves whoever reads the other half waiting for ever. So a task
lies in a file that its process reads, and the result in a file that is complete before its process says so. A scenario
lies in a file of its own, written once however many tasks have it.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, Final

from netcea.execution.sealed import Sealed
from netcea.execution.task import Done, SentOnce, Task, named
from netcea.scenario.scenario import Scenario

LONGEST: Final = 1000
"""A message of at most so many characters is written to a pipe at once or not at all."""


class TaskFolder:
    """A folder of tasks and results, which goes when it is closed."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="netcea_"))
        self.sealed = Sealed()
        self._next = count()
        self._numbers: dict[str, int] = {}
        self._scenarios = SentOnce(self._write_scenario)

    def put(self, task: Task) -> int:
        """Write a task unless it is there; return its number.

        Parameters
        ----------
        task : Task
            What is to be done.

        Raises
        ------
        OSError
            It cannot be written.
        """
        if task.key not in self._numbers:
            number = next(self._next)
            self.sealed.write(self.folder / f"{number}.task", task, self._stand_in)
            self._numbers[task.key] = number
        return self._numbers[task.key]

    def take(self, task: Task) -> Done:
        """Return the result of a task, and remove its files.

        Parameters
        ----------
        task : Task
            One whose process says that it is done.
        """
        result: Done = self.sealed.read(self.folder / f"{self._numbers[task.key]}.done")
        self.drop(task)
        return result

    def drop(self, task: Task) -> None:
        """Remove the files of a task.

        Parameters
        ----------
        task : Task
            One that was put.
        """
        number = self._numbers.pop(task.key)
        for kind in ("task", "done"):
            (self.folder / f"{number}.{kind}").unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _stand_in(self, value: Any) -> str | None:
        return self._scenarios.of(value) if isinstance(value, Scenario) else None

    def _write_scenario(self, scenario: Scenario) -> str:
        path = self.folder / f"{len(self._scenarios)}.scenario"
        self.sealed.write(path, scenario)
        return path.name


def read_task(folder: Path, number: int, sealed: Sealed) -> Task:
    """Return a task, in the process that does it.

    Parameters
    ----------
    folder : Path
        Of a `TaskFolder`.
    number : int
        What `put` returned.
    sealed : Sealed
        Of the run.

    Raises
    ------
    BrokenSealError
        Another process wrote it.
    """
    task: Task = sealed.read(folder / f"{number}.task", lambda name: _scenario_at(folder / name, sealed))
    return task


def write_result(folder: Path, number: int, result: Done, sealed: Sealed) -> str:
    """Write what a task came to; return why it cannot be written, or nothing.

    Parameters
    ----------
    folder : Path
        Of a `TaskFolder`.
    number : int
        What `put` returned.
    result : Done
        What became of the task.
    sealed : Sealed
        Of the run.
    """
    try:
        sealed.write(folder / f"{number}.done", result)
    except Exception as error:  # noqa: BLE001 - no room, or what cannot be pickled
        return named(error)[:LONGEST]
    return ""


@lru_cache(maxsize=2)
def _scenario_at(path: Path, sealed: Sealed) -> Scenario:
    scenario: Scenario = sealed.read(path)
    return scenario
