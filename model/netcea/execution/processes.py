"""A pool of processes that leaves Ctrl-C to the program that made it, ends at once, and never outlives it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path


def new_pool(workers: int, folder: Path) -> ProcessPoolExecutor:
    """Return a pool; processes are forked on Linux, which takes milliseconds, and started afresh elsewhere.

    Parameters
    ----------
    workers : int
        How many processes.
    folder : Path
        Of tasks and results; a process whose program is gone removes it.
    """
    method = "fork" if sys.platform == "linux" else "spawn"
    return ProcessPoolExecutor(workers, get_context(method), initializer=_begin, initargs=(os.getpid(), folder))


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
    """Leave Ctrl-C to the process that started this one; when that one is gone, remove the folder and end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent, folder), daemon=True).start()


def _end_with(parent: int, folder: Path) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)
