"""A progress bar on the terminal: what is done, the rate, the time left. Nothing when nobody watches."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from netcea.execution.terminal import has_styles

Advance: TypeAlias = Callable[[Iterable[Any]], Iterator[Any]]
Step: TypeAlias = Callable[[], None]


@contextlib.contextmanager
def progress(total: int, what: str, *, quiet: bool = False) -> Iterator[Advance]:
    """Yield a function that passes values on and moves the bar by one for each.

    Parameters
    ----------
    total : int
        Number of values that will come.
    what : str
        Stands before the bar.
    quiet : bool
        Show nothing; nothing is shown either where standard error is no terminal.
    """
    if quiet or not has_styles(sys.stderr):
        yield iter
        return
    with _bar(what) as begin:
        step = begin(total)

        def advance(values: Iterable[Any]) -> Iterator[Any]:
            for value in values:
                step()
                yield value

        yield advance


@contextlib.contextmanager
def counted(what: str, *, quiet: bool = False) -> Iterator[Callable[[int], Step]]:
    """Yield a function that takes the number of steps to come and returns what is called after each.

    On a terminal a bar with rate and time left; elsewhere a line now and then; nothing when quiet.

    Parameters
    ----------
    what : str
        Stands before the bar.
    quiet : bool
        Show nothing.
    """
    if quiet:
        yield lambda _total: lambda: None
    elif has_styles(sys.stderr):
        with _bar(what) as begin:
            yield begin
    else:
        yield lambda total: _lines(what, total)


@contextlib.contextmanager
def _bar(what: str) -> Iterator[Callable[[int], Step]]:
    """Yield a function that takes the number of steps to come, shows a bar, and returns what moves it by one."""
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[rate]}"),
        bars.TimeElapsedColumn(),
        bars.TextColumn("left"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def begin(total: int) -> Step:
            shown = bar.add_task(what, total=total, rate="")

            def step() -> None:
                speed = bar.tasks[0].speed
                bar.update(shown, advance=1, rate=f"{speed:.1f}/s" if speed else "")

            return step

        yield begin


def _lines(what: str, total: int) -> Step:
    """Return a step that says every tenth part of the way on standard error."""
    count = 0
    start = time.monotonic()

    def step() -> None:
        nonlocal count
        count += 1
        if total >= 10 and count % max(total // 10, 1) == 0:
            rate = count / max(time.monotonic() - start, 1e-9)
            left = (total - count) / rate
            sys.stderr.write(f"{what}: {count} of {total}, {rate:.1f}/s, {left:.0f} s left\n")
            sys.stderr.flush()

    return step
