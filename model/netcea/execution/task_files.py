"""Tasks and results of processes, in files: what passes through a pipe is a few bytes.

A process that is killed in the middle of a long message leaves whoever reads the other half waiting for ever. So a task
lies in a file that its process reads, and the result in a file that is complete before its process says so. A scenario
lies in a file of its own, written once however many tasks have it.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import IO, Any, Final

from netcea.execution.task import Done, SentOnce, Task, named
from netcea.scenario.scenario import Scenario

LONGEST: Final = 1000
"""A message of at most so many characters is written to a pipe at once or not at all."""


class TaskFolder:
    """A folder of tasks and results, which goes when it is closed."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="netcea_"))
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
            with (self.folder / f"{number}.task").open("wb") as file:
                _Writer(file, self._scenarios).dump(task)
            self._numbers[task.key] = number
        return self._numbers[task.key]

    def take(self, task: Task) -> Done:
        """Return the result of a task, and remove its files.

        Parameters
        ----------
        task : Task
            One whose process says that it is done.
        """
        with (self.folder / f"{self._numbers[task.key]}.done").open("rb") as file:
            result: Done = pickle.load(file)  # noqa: S301 - written by our own process
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

    def _write_scenario(self, scenario: Scenario) -> str:
        path = self.folder / f"{len(self._scenarios)}.scenario"
        path.write_bytes(pickle.dumps(scenario, protocol=pickle.HIGHEST_PROTOCOL))
        return str(path)


def read_task(folder: Path, number: int) -> Task:
    """Return a task, in the process that does it.

    Parameters
    ----------
    folder : Path
        Of a `TaskFolder`.
    number : int
        What `put` returned.
    """
    with (folder / f"{number}.task").open("rb") as file:
        task: Task = _Reader(file).load()
    return task


def write_result(folder: Path, number: int, result: Done) -> str:
    """Write what a task came to; return why it cannot be written, or nothing.

    Parameters
    ----------
    folder : Path
        Of a `TaskFolder`.
    number : int
        What `put` returned.
    result : Done
        What became of the task.
    """
    try:
        with (folder / f"{number}.done").open("wb") as file:
            pickle.dump(result, file, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - no room, or what cannot be pickled
        return named(error)[:LONGEST]
    return ""


class _Writer(pickle.Pickler):
    def __init__(self, file: IO[bytes], scenarios: SentOnce[str]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._scenarios = scenarios

    def persistent_id(self, value: Any) -> str | None:
        return self._scenarios.of(value) if isinstance(value, Scenario) else None


class _Reader(pickle.Unpickler):
    def persistent_load(self, path: str) -> Scenario:
        return _scenario_at(path)


@lru_cache(maxsize=2)
def _scenario_at(path: str) -> Scenario:
    scenario: Scenario = pickle.loads(Path(path).read_bytes())  # noqa: S301 - written by our own process
    return scenario
