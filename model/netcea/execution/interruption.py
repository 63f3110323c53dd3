"""Ctrl-C, and what ends a program otherwise (SIGTERM, a closed terminal): everything is cleaned up, then it ends."""

from __future__ import annotations

import _thread
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

PATIENCE: Final = 2.0
"""Time after the first of them in which another one changes nothing. [seconds]"""
AGAIN: Final = 0.02
"""Time after which an interruption that Python swallowed comes again. [seconds]"""
ENDING: Final = frozenset(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let what ends a program interrupt it as Ctrl-C does, once, so that temporary files and locks are taken away.

    A second one waits while the first one cleans up, which is quick. What was ignored before stays ignored (nohup).
    One that comes where Python swallows exceptions (as an object is taken away, or a process forked) comes again.
    """
    first: list[float] = []
    before: dict[signal.Signals, Any] = {}
    hook = sys.unraisablehook

    def swallowed(what: sys.UnraisableHookArgs) -> None:
        if not issubclass(what.exc_type, KeyboardInterrupt):
            hook(what)
            return
        first.clear()
        threading.Timer(AGAIN, _interrupt, (next(iter(before)),)).start()

    def interrupted(_signal: int, _frame: object) -> None:
        if not first or time.monotonic() > first[0] + PATIENCE:
            first.append(time.monotonic())
            raise KeyboardInterrupt

    with contextlib.suppress(ValueError):  # not the main thread
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, interrupted)
    if before:
        sys.unraisablehook = swallowed
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():  # a program that is about to end does so with its own exit code
            signal.signal(number, signal.SIG_IGN if first else handler)


def _interrupt(number: signal.Signals) -> None:
    """Send a signal to the main thread, which wakes where it waits."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, number)
    else:
        _thread.interrupt_main(number)
