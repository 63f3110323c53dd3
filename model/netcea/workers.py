"""Many tasks, in this process, in others, or on a Dask cluster: a loop over what is finished.

A worker that is killed costs the task it was working on, which is done again; a task that kills its workers is reported
as failed and the rest go on. The order in which tasks finish is not fixed: whoever collects them puts them in order.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final

from netcea.errors import InputError, Problem

AHEAD: Final = 2
"""Tasks that are handed out for each worker: one in work, one waiting; the rest stay with whoever makes them."""
ATTEMPTS: Final = 3
"""Times that a task is begun before it is given up, when the process that works on it dies."""


@dataclass(frozen=True)
class Task:
    """A piece of work of about a second.

    Attributes
    ----------
    key : str
        Names the task; unique.
    function : function of a module, not nested (other processes must find it)
    arguments : tuple
    """

    key: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Done:
    """A finished task: what it returned, or why it failed.

    Attributes
    ----------
    key : str
    value : object
    error : str
        Empty when it was done.
    problems : tuple of Problem
        Where bad input was the reason.
    """

    key: str
    value: Any = None
    error: str = ""
    problems: tuple[Problem, ...] = ()


def completed(tasks: Iterable[Task], workers: int = 1, scheduler: str = "") -> Iterator[Done]:
    """Yield tasks as they finish, in any order.

    Parameters
    ----------
    tasks : iterable of Task
        Taken one by one as workers become free.
    workers : int
        Processes; 1 works in this one.
    scheduler : str
        Address of a Dask scheduler; local when empty.
    """
    if scheduler:
        from netcea.cluster import completed_on_cluster  # noqa: PLC0415 - an extra

        return completed_on_cluster(tasks, scheduler)
    return _here(tasks) if workers <= 1 else _in_processes(tasks, workers)


def done(task: Task) -> Done:
    """Do a task; bad input and the system's errors become its error, everything else is a fault of the program."""
    try:
        return Done(task.key, task.function(*task.arguments))
    except InputError as error:
        return Done(task.key, error=str(error), problems=error.problems)
    except (OSError, MemoryError) as error:
        return Done(task.key, error=f"{type(error).__name__}: {error}")


def number_of_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _here(tasks: Iterable[Task]) -> Iterator[Done]:
    for task in tasks:
        yield done(task)


def _in_processes(tasks: Iterable[Task], workers: int) -> Iterator[Done]:
    """Yield tasks done by a pool of processes, which is made anew when one of them dies."""
    following = iter(tasks)
    waiting: list[Task] = []  # to be done again
    begun: dict[str, int] = {}
    pool = _pool(workers)
    running: dict[Future[Done], Task] = {}
    try:
        while True:
            alone = bool(waiting) and begun[waiting[0].key] >= ATTEMPTS - 1
            room = 1 if alone else AHEAD * workers
            while len(running) < room:
                task = waiting.pop(0) if waiting else next(following, None)
                if task is None:
                    break
                begun[task.key] = begun.get(task.key, 0) + 1
                running[pool.submit(done, task)] = task
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            broken = False
            for future in finished:
                task = running.pop(future)
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    broken = True
                    waiting.append(task)
                elif error is not None:
                    raise error
                else:
                    yield future.result()
            if broken:
                waiting = [*running.values(), *waiting]
                running = {}
                _end(pool)
                pool = _pool(workers)
                given_up = [task for task in waiting if begun[task.key] >= ATTEMPTS]
                waiting = sorted((t for t in waiting if begun[t.key] < ATTEMPTS), key=lambda t: -begun[t.key])
                for task in given_up:
                    yield Done(task.key, error=f"the process that worked on it died, {ATTEMPTS} times")
    finally:
        _end(pool)


def _pool(workers: int) -> ProcessPoolExecutor:
    """Return a pool; processes are forked on Linux, which takes milliseconds, and started afresh elsewhere."""
    method = "fork" if sys.platform == "linux" else "spawn"
    return ProcessPoolExecutor(workers, mp_context=get_context(method), initializer=_begin, initargs=(os.getpid(),))


def _begin(parent: int) -> None:
    """Leave Ctrl-C to the process that started this one, and end when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _end(pool: ProcessPoolExecutor) -> None:
    """End a pool at once, whatever its processes are doing."""
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        with contextlib.suppress(OSError, ValueError):
            process.kill()
    for process in processes:
        with contextlib.suppress(OSError, ValueError, AssertionError):
            process.join(5.0)
