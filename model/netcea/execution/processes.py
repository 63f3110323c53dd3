"""A pool of processes that leaves Ctrl-C to the program that made it, ends at once, and never outlives it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from netcea.execution.interruption import ENDING
from netcea.execution.sealed import Sealed
from netcea.execution.task_files import TaskFolder

_RUN: Final[list[Sealed]] = []
"""Of the run that this process is one of; set when it begins."""


def new_pool(workers: int, files: TaskFolder) -> ProcessPoolExecutor:
    """Return a pool; processes are forked on Linux, which takes milliseconds, and started afresh elsewhere.

    Parameters
    ----------
    workers : int
        How many processes.
    files : TaskFolder
        Of tasks and results, and of what processes write for a time; a process whose program is gone removes it.
    """
    method = "fork" if sys.platform == "linux" else "spawn"
    return ProcessPoolExecutor(
        workers, get_context(method), initializer=_begin, initargs=(os.getpid(), files.folder, files.sealed)
    )


def end_pool(pool: ProcessPoolExecutor) -> None:
    """End a pool at once, whatever its processes are doing.

    Parameters
    ----------
    pool : ProcessPoolExecutor
        Made by `new_pool`.
    """
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        with contextlib.suppress(OSError, ValueError):
            process.kill()
    for process in processes:
        with contextlib.suppress(OSError, ValueError, AssertionError):
            process.join(5.0)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Put off what ends a program while processes are made: they have it put off too until they have their own way."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def sealed_of_this_process() -> Sealed:
    """Return what seals the messages of the run that this process is one of."""
    return _RUN[0]


def _begin(parent: int, folder: Path, sealed: Sealed) -> None:
    """Leave Ctrl-C and a closed terminal to the program that started this process; when that is gone, end.

    What is written for a time goes into the run's folder, which the program removes whatever becomes of this process.
    """
    _RUN[:] = [sealed]
    tempfile.tempdir = str(folder)
    for name, what in (("SIGINT", signal.SIG_IGN), ("SIGHUP", signal.SIG_IGN), ("SIGTERM", signal.SIG_DFL)):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), what)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    threading.Thread(target=_end_with, args=(parent, folder), daemon=True).start()


def _end_with(parent: int, folder: Path) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)
