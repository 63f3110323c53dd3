"""Many tasks, in this process, in others, or on a Dask cluster: a loop over what is finished.

A worker that is killed costs the task it was working on, which is done again; a task that kills its workers is reported
as failed and the rest go on. The order in which tasks finish is not fixed: whoever collects them puts them in order.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from pathlib import Path
from typing import Final

from netcea.execution.processes import end_pool, new_pool, sealed_of_this_process, uninterrupted
from netcea.execution.task import Done, Task, named, perform
from netcea.execution.task_files import TaskFolder, read_task, write_result

AHEAD: Final = 2
"""Tasks that are handed out for each worker: one in work, one waiting; the rest stay with whoever makes them."""
PER_PROCESSOR: Final = 4
"""Processes for each processor: more only cost memory."""
ATTEMPTS: Final = 3
"""Times that a task is begun before it is given up, when the process that works on it dies."""


def completed(tasks: Iterable[Task], workers: int = 1, scheduler: str = "") -> Generator[Done]:
    """Yield tasks as they finish, in any order; closed, it ends its processes.

    Parameters
    ----------
    tasks : iterable of Task
        Taken one by one as workers become free.
    workers : int
        Processes, never more than tasks or `most_workers`; 1 works in this one.
    scheduler : str
        Address of a Dask scheduler; local when empty.
    """
    if scheduler:
        from netcea.execution.cluster import completed_on_cluster

        return completed_on_cluster(tasks, scheduler)
    rest = iter(tasks)
    first = list(islice(rest, min(workers, most_workers())))
    tasks = chain(first, rest)
    return _here(tasks) if len(first) <= 1 else _several(tasks, len(first))


def most_workers() -> int:
    """Return how many processes may work at once: four for each processor."""
    return PER_PROCESSOR * number_of_processors()


def number_of_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def meanwhile(tasks: Sequence[Task], workers: int = 1) -> Iterator[Iterator[Done]]:
    """Have other processes work on tasks while this one does something else, and yield what collects them then.

    Parameters
    ----------
    tasks : sequence of Task
        All are handed out at once.
    workers : int
        Processes beside this one, never more than tasks; none does the tasks here, when they are collected.
    """
    count = min(workers, len(tasks), most_workers())
    if count < 1:
        yield _here(tasks)
        return
    files = TaskFolder()
    crew = _Crew(iter(tasks), count, files, ahead=len(tasks))
    try:
        crew.begin()
        yield crew.completed()
    finally:
        end_pool(crew.pool)
        files.close()


def _here(tasks: Iterable[Task]) -> Generator[Done]:
    for task in tasks:
        yield perform(task)


def _several(tasks: Iterable[Task], workers: int) -> Generator[Done]:
    files = TaskFolder()
    try:
        yield from _Crew(iter(tasks), workers, files).completed()
    finally:
        files.close()


class _Crew:
    """Processes at work on tasks; the pool is made anew when one of them dies."""

    def __init__(self, tasks: Iterator[Task], workers: int, files: TaskFolder, ahead: int = AHEAD) -> None:
        self.tasks, self.workers, self.files, self.ahead = tasks, workers, files, ahead
        self.pool = new_pool(workers, self.files)
        self.again: list[Task] = []  # were on a process that died
        self.begun: Counter[str] = Counter()
        self.running: dict[Future[str], Task] = {}

    def begin(self) -> None:
        """Hand out the first tasks; `completed` says what becomes of them."""
        if not self._hand_out():
            self._begin_anew()

    def completed(self) -> Generator[Done]:
        """Yield tasks as they finish; closed, it ends the processes."""
        try:
            while True:
                whole = self._hand_out()
                if whole and not self.running:
                    return
                if whole:
                    wait(self.running, return_when=FIRST_COMPLETED)
                for future in [future for future in self.running if future.done()]:
                    task = self.running.pop(future)
                    if isinstance(future.exception(), BrokenProcessPool):
                        whole = False
                        self.again.append(task)
                    else:
                        yield self._result(future, task)
                if not whole:
                    self._begin_anew()
                    yield from self._give_up()
        finally:
            end_pool(self.pool)

    def _hand_out(self) -> bool:
        """Hand out tasks while there is room; say whether the pool is whole: a process may have died meanwhile.

        A task for which it is the last attempt runs alone, so that it takes no other with it.
        """
        last_attempt = bool(self.again) and self.begun[self.again[0].key] >= ATTEMPTS - 1
        room = 1 if last_attempt else self.ahead * self.workers
        while len(self.running) < room:
            task = self.again.pop(0) if self.again else next(self.tasks, None)
            if task is None:
                break
            try:
                with uninterrupted():
                    self.running[self.pool.submit(_do, self.files.folder, self.files.put(task))] = task
            except BrokenProcessPool:
                self.again.append(task)
                return False
            self.begun[task.key] += 1
        return True

    def _result(self, future: Future[str], task: Task) -> Done:
        try:
            reason = future.result()
        except (OSError, MemoryError) as error:  # the task cannot be read
            reason = named(error)
        if not reason:
            try:
                return self.files.take(task)
            except OSError as error:  # somebody changed it or took it away
                reason = named(error)
        self.files.drop(task)
        return Done(task.key, error=reason)

    def _begin_anew(self) -> None:
        """Make another pool; what was handed out is done again, what was begun most often first."""
        self.again = sorted([*self.running.values(), *self.again], key=lambda task: -self.begun[task.key])
        self.running = {}
        end_pool(self.pool)
        self.pool = new_pool(self.workers, self.files)

    def _give_up(self) -> Iterator[Done]:
        """Yield the tasks that were begun too often."""
        while self.again and self.begun[self.again[0].key] >= ATTEMPTS:
            task = self.again.pop(0)
            self.files.drop(task)
            yield Done(task.key, error=f"the process that worked on it died, {ATTEMPTS} times")


def _do(folder: Path, number: int) -> str:
    """Do a task of a folder in the process that is called; return why its result cannot be written, or nothing."""
    sealed = sealed_of_this_process()
    return write_result(folder, number, perform(read_task(folder, number, sealed)), sealed)
