"""Ctrl-C in a command that has processes to end and a lock to take away."""

from __future__ import annotations

import contextlib
import signal
import time
from typing import Final

PATIENCE: Final = 2.0
"""Time after Ctrl-C in which another one changes nothing. [seconds]"""


def interrupt_once() -> None:
    """Let a second Ctrl-C wait while the first one ends the processes and takes the lock away, which is quick."""
    first: list[float] = []

    def interrupted(_signal: int, _frame: object) -> None:
        if not first or time.monotonic() > first[0] + PATIENCE:
            first.append(time.monotonic())
            raise KeyboardInterrupt

    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, interrupted)


def ignore_from_now() -> None:
    """Let a process that is about to end do so with its own exit code."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
