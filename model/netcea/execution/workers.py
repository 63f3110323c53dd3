"""Many tasks, in this process, in others, or on a Dask cluster: a loop over what is finished.

A worker that is killed costs the task it was working on, which is done again; a task that kills its workers is reported
as failed and the rest go on. The order in which tasks finish is not fixed: whoever collects them puts them in order.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from netcea.errors import InputError, Problem
from netcea.execution.task_files import TaskFolder, read_task, write_result

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


def completed(tasks: Iterable[Task], workers: int = 1, scheduler: str = "") -> Generator[Done]:
    """Yield tasks as they finish, in any order; closed, it ends its processes.

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
        from netcea.execution.cluster import completed_on_cluster

        return completed_on_cluster(tasks, scheduler)
    return _here(tasks) if workers <= 1 else _in_processes(tasks, workers)


def done(task: Task) -> Done:
    """Do a task; whatever goes wrong becomes its error, so that the others go on."""
    try:
        return Done(task.key, task.function(*task.arguments))
    except InputError as error:
        return Done(task.key, error=str(error), problems=error.problems)
    except (OSError, MemoryError) as error:
        return Done(task.key, error=f"{type(error).__name__}: {error}")
    except Exception as error:  # noqa: BLE001 - one task of thousands must not stop the others
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return Done(task.key, error=f"a fault of netcea ({type(error).__name__} in {where}: {error}); please report it")


def number_of_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _here(tasks: Iterable[Task]) -> Generator[Done]:
    for task in tasks:
        yield done(task)


def _in_processes(tasks: Iterable[Task], workers: int) -> Generator[Done]:
    """Yield tasks done by a pool of processes, which is made anew when one of them dies."""
    tasks = iter(tasks)
    task_folder = TaskFolder()
    waiting: list[Task] = []  # to be done again
    begun: Counter[str] = Counter()
    running: dict[Future[str], Task] = {}
    pool = _pool(workers, task_folder)
    try:
        while True:
            alone = bool(waiting) and begun[waiting[0].key] >= ATTEMPTS - 1
            room = 1 if alone else AHEAD * workers
            whole = _hand_out(pool, task_folder, room, waiting, tasks, running, begun)
            if whole and not running:
                return
            if whole:
                wait(running, return_when=FIRST_COMPLETED)
            for future in [future for future in running if future.done()]:
                task = running.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    whole = False
                    waiting.append(task)
                else:
                    yield _result(future, task_folder, task)
            if not whole:
                waiting = sorted([*running.values(), *waiting], key=lambda task: -begun[task.key])
                running = {}
                _end(pool)
                pool = _pool(workers, task_folder)
                while waiting and begun[waiting[0].key] >= ATTEMPTS:
                    task = waiting.pop(0)
                    task_folder.drop(task)
                    yield Done(task.key, error=f"the process that worked on it died, {ATTEMPTS} times")
    finally:
        _end(pool)
        task_folder.close()


def _do(folder: Path, number: int) -> str:
    """Do a task of a task_folder in the process that is called; return why its result cannot be written, or nothing."""
    return write_result(folder, number, done(read_task(folder, number)))


def _result(future: Future[str], task_folder: TaskFolder, task: Task) -> Done:
    try:
        reason = future.result()
    except (OSError, MemoryError) as error:  # the task cannot be read
        reason = f"{type(error).__name__}: {error}"
    if not reason:
        return task_folder.take(task)
    task_folder.drop(task)
    return Done(task.key, error=reason)


def _hand_out(
    pool: ProcessPoolExecutor,
    task_folder: TaskFolder,
    room: int,
    waiting: list[Task],
    tasks: Iterator[Task],
    running: dict[Future[str], Task],
    begun: Counter[str],
) -> bool:
    """Hand out tasks until `room` are running; say whether the pool is whole: a process may have died meanwhile."""
    while len(running) < room:
        task = waiting.pop(0) if waiting else next(tasks, None)
        if task is None:
            break
        try:
            with _uninterrupted():
                running[pool.submit(_do, task_folder.folder, task_folder.put(task))] = task
        except BrokenProcessPool:
            waiting.append(task)
            return False
        begun[task.key] += 1
    return True


def _pool(workers: int, task_folder: TaskFolder) -> ProcessPoolExecutor:
    """Return a pool; processes are forked on Linux, which takes milliseconds, and started afresh elsewhere."""
    method = "fork" if sys.platform == "linux" else "spawn"
    whose = (os.getpid(), task_folder.folder)
    return ProcessPoolExecutor(workers, mp_context=get_context(method), initializer=_begin, initargs=whose)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put Ctrl-C off while processes are made: they have it put off too until they ignore it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(parent: int, folder: Path) -> None:
    """Leave Ctrl-C to the process that started this one; when that one is gone, remove its task_folder and end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent, folder), daemon=True).start()


def _end_with(parent: int, folder: Path) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    shutil.rmtree(folder, ignore_errors=True)
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
