"""What a command is doing, for who waits: a bar on a terminal, elsewhere a plain line every ten seconds.

A command is `watched`; inside, whatever takes time says so: `progress` and `counted` where its steps are known, `stage`
where they are not. Nothing is shown of what is done in a moment, and nothing goes to standard output.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from netcea.execution.terminal import has_styles

if TYPE_CHECKING:
    from rich.progress import Progress

Advance: TypeAlias = Callable[[Iterable[Any]], Iterator[Any]]
Step: TypeAlias = Callable[[], None]

SWITCH: Final = "NETCEA_PROGRESS"
"""Of the environment: `off` shows nothing, for programs that compare what is printed."""
BAR_AFTER: Final = 1.0
"""A terminal shows a bar from then on. [seconds]"""
BAR_EVERY: Final = 0.25
"""[seconds]"""
LINE_EVERY: Final = 10.0
"""Of plain lines, where standard error is no terminal. [seconds]"""
_WATCHES: Final[list[Any]] = []
"""The one of the command that runs, if any; a forked process has none."""
_ALONE: Final = threading.RLock()
"""Held while something is shown: no process is forked meanwhile."""


@dataclass
class Work:
    """Something that takes time.

    Attributes
    ----------
    what : str
        In words, for who waits.
    total : int
        Steps, all in all; 0 where they are not known.
    done : int
        Steps that are done.
    began : float
        When it did. [seconds]
    """

    what: str
    total: int = 0
    done: int = 0
    began: float = field(default_factory=time.monotonic)

    def line(self, now: float) -> str:
        """Return how far it is, in words.

        Parameters
        ----------
        now : float
            [seconds]

        Examples
        --------
        >>> Work("psa", 60, 12, 0.0).line(24.0), Work("writing the sheets", began=0.0).line(20.4)
        ('psa: 12 of 60, 0.5/s, 96 s left', 'writing the sheets: 20 s so far')
        """
        seconds = now - self.began
        if not self.total:
            return f"{self.what}: {seconds:.0f} s so far"
        if self.done >= self.total:
            return f"{self.what}: all {self.total:,} done, summing up, {seconds:.0f} s so far"
        if not self.done or seconds <= 0.0:
            return f"{self.what}: {self.done:,} of {self.total:,}, {seconds:.0f} s so far"
        rate = self.done / seconds
        speed = f"{rate:.1f}/s" if rate >= 0.1 else f"{1.0 / rate:.0f} s each"
        return f"{self.what}: {self.done:,} of {self.total:,}, {speed}, {(self.total - self.done) / rate:.0f} s left"


@contextlib.contextmanager
def watched(what: str, *, quiet: bool = False) -> Iterator[None]:
    """Show what is done inside, as long as it takes time; inside another one it does nothing.

    Parameters
    ----------
    what : str
        Shown as long as nothing inside says what it does.
    quiet : bool
        Show nothing.
    """
    if _WATCHES or sys.stderr is None or os.environ.get(SWITCH, "").lower() == "off":
        yield
        return
    watch = _Watch([Work(what)], quiet=quiet)
    _WATCHES.append(watch)
    watch.start()
    try:
        yield
    finally:
        watch.end()
        _WATCHES.clear()


def called(what: str) -> None:
    """Say what the command that runs is called.

    Parameters
    ----------
    what : str
        Its name.
    """
    for watch in _WATCHES:
        watch.works[0].what = what


def hush() -> None:
    """Show nothing of the command that runs from now on: `--quiet`."""
    for watch in _WATCHES:
        watch.quiet = True
        watch.hide()


def note(words: str) -> None:
    """Print a line on standard error, unless the command that runs is to be quiet.

    Parameters
    ----------
    words : str
        About how it ran.
    """
    for watch in _WATCHES:
        if not watch.quiet:
            watch.hide()
            sys.stderr.write(f"{words}\n")


def hide() -> None:
    """Take the bar away before something is printed; it comes back when the command goes on for long."""
    for watch in _WATCHES:
        watch.hide()


@contextlib.contextmanager
def stage(what: str) -> Iterator[None]:
    """Say what is done inside; nothing where nobody watches.

    Parameters
    ----------
    what : str
        In words, for who waits.
    """
    with _work(what):
        yield


@contextlib.contextmanager
def counted(what: str, *, quiet: bool = False) -> Iterator[Callable[[int], Step]]:
    """Yield a function that takes the number of steps to come and returns what is called after each.

    Parameters
    ----------
    what : str
        In words, for who waits.
    quiet : bool
        Show nothing of it.
    """
    with contextlib.nullcontext() if quiet else watched(what), _work("" if quiet else what) as work:

        def begin(total: int) -> Step:
            work.total, work.done, work.began = total, 0, time.monotonic()

            def step() -> None:
                work.done += 1

            return step

        yield begin


@contextlib.contextmanager
def progress(total: int, what: str, *, quiet: bool = False) -> Iterator[Advance]:
    """Yield a function that passes values on and counts them.

    Parameters
    ----------
    total : int
        Number of values that will come.
    what : str
        In words, for who waits.
    quiet : bool
        Show nothing of it.
    """
    with counted(what, quiet=quiet) as begin:
        step = begin(total)

        def advance(values: Iterable[Any]) -> Iterator[Any]:
            for value in values:
                step()
                yield value

        yield advance


def steps(values: Iterable[Any], what: str) -> Iterator[Any]:
    """Yield values, and count those that are done with; nothing where nobody watches.

    Parameters
    ----------
    values : iterable
        With a length, or else taken whole before the first is done.
    what : str
        In words, for who waits.
    """
    several = list(values)
    with _work(what) as work:
        work.total = len(several)
        for value in several:
            yield value
            work.done += 1


@contextlib.contextmanager
def _work(what: str) -> Iterator[Work]:
    """Put a work on top of those of the command that runs."""
    work, watch = Work(what), _WATCHES[-1] if _WATCHES and what else None
    if watch is None:
        yield work
        return
    watch.works.append(work)
    try:
        yield work
    finally:
        with contextlib.suppress(ValueError):
            watch.works.remove(work)


class _Watch:
    """Looks at the works of a command now and then, from a thread of its own."""

    def __init__(self, works: list[Work], *, quiet: bool) -> None:
        self.works, self.quiet = works, quiet
        self._bar: Progress | None = None
        self._shown = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="netcea-progress", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def end(self) -> None:
        """Show nothing any more."""
        self._over.set()
        self._thread.join(5.0)
        self.hide()

    def hide(self) -> None:
        """Take the bar away for the time being."""
        with _ALONE:
            if self._bar is not None:
                self._bar.stop()
                self._bar = None
            if has_styles(sys.stderr):
                self._shown = time.monotonic()

    def _run(self) -> None:
        while not self._over.wait(BAR_EVERY):
            with _ALONE, contextlib.suppress(OSError, ValueError, AttributeError):  # standard error was closed
                if not self.quiet and not self._over.is_set():
                    self._look()

    def _look(self) -> None:
        """Show the innermost work of those that are going on."""
        now = time.monotonic()
        on_terminal = has_styles(sys.stderr)
        if self._bar is None and now - self._shown < (BAR_AFTER if on_terminal else LINE_EVERY):
            return
        work = self.works[-1]
        command = self.works[0].what
        what = work.what if work.what.startswith(command) else f"{command}: {work.what}"
        if on_terminal:
            self._show_bar(what, work)
            return
        self._shown = now
        sys.stderr.write(f"{Work(what, work.total, work.done, work.began).line(now)}\n")
        sys.stderr.flush()

    def _show_bar(self, what: str, work: Work) -> None:
        if self._bar is None:
            self._bar = _new_bar()
            self._bar.add_task("", count="", left="")
            self._bar.start()
        seconds = time.monotonic() - work.began
        rate = work.done / seconds if seconds > 0.0 else 0.0
        going_on = rate > 0.0 and work.done < work.total
        left = f"{(work.total - work.done) / rate:.0f} s left" if going_on else f"{seconds:.0f} s"
        total = work.total or None
        count = f"{work.done:,} of {work.total:,}" if total else ""
        self._bar.update(self._bar.task_ids[0], total=total, completed=work.done, description=what)
        self._bar.update(self._bar.task_ids[0], count=count, left=left)
        self._bar.refresh()


def _new_bar() -> Progress:
    """Return a bar that is drawn when it is told to, and leaves nothing behind."""
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.TextColumn("{task.fields[count]}", markup=False),
        bars.TextColumn("{task.fields[left]}", markup=False),
    )
    return bars.Progress(
        *columns,
        console=Console(file=sys.stderr),
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _in_a_child() -> None:
    """A forked process shows nothing: it has no thread that looks."""
    _WATCHES.clear()
    _ALONE.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_ALONE.acquire, after_in_parent=_ALONE.release, after_in_child=_in_a_child)
