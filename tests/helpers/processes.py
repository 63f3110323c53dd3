"""Processes that tests start, watch, interrupt and kill."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

PATIENCE: Final = 300.0
"""Seconds after which something is taken to hang; no test says how quick anything is."""


def wait_until(holds) -> bool:
    """Wait for a condition, as long as patience lasts."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.005)
    return False


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started (Linux)."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def kill(process: subprocess.Popen, number: int = signal.SIGKILL) -> None:
    """Send a signal to the process alone, not to its workers."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, number)


def kill_group(process: subprocess.Popen, number: int) -> None:
    """Send a signal to the process and its workers, as Ctrl-C in a terminal does."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
