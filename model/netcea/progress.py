"""A progress bar on the terminal: what is done, the rate, the time left. Nothing when nobody watches."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

Advance: TypeAlias = Callable[[Iterable[Any]], Iterator[Any]]


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
    if quiet or not sys.stderr.isatty():
        yield iter
        return
    from rich import progress as bars  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415 - rich takes time to import

    columns = (
        bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[rate]}"), bars.TimeElapsedColumn(), bars.TextColumn("left"),
        bars.TimeRemainingColumn(),
    )  # fmt: skip
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task(what, total=total, rate="")

        def advance(values: Iterable[Any]) -> Iterator[Any]:
            for value in values:
                speed = bar.tasks[0].speed
                bar.update(shown, advance=1, rate=f"{speed:.1f}/s" if speed else "")
                yield value

        yield advance
