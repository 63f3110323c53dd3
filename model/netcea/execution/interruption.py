"""Ctrl-C, and what ends a program otherwise (SIGTERM, a closed terminal): everything is cleaned up, then it ends."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from typing import Any, Final

PATIENCE: Final = 2.0
"""Time after the first of them in which another one changes nothing. [seconds]"""
ENDING: Final = frozenset(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let what ends a program interrupt it as Ctrl-C does, once, so that temporary files and locks are taken away.

    A second one waits while the first one cleans up, which is quick. What was ignored before stays ignored (nohup).
    """
    first: list[float] = []

    def interrupted(_signal: int, _frame: object) -> None:
        if not first or time.monotonic() > first[0] + PATIENCE:
            first.append(time.monotonic())
            raise KeyboardInterrupt

    before: dict[int, Any] = {}
    with contextlib.suppress(ValueError):  # not the main thread
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, interrupted)
    try:
        yield
    finally:
        for number, handler in before.items():  # a program that is about to end does so with its own exit code
            signal.signal(number, signal.SIG_IGN if first else handler)
