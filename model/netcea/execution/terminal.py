"""What standard output is: a terminal with styles, one without, or none; and what happens when its reader has gone."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Final, TextIO

EXIT_CLOSED_PIPE: Final = 141
"""As of a program that SIGPIPE ends: 128 + 13."""
_DUMB: Final = frozenset(("dumb", "unknown"))


def is_terminal(stream: TextIO | None) -> bool:
    """Say whether somebody watches a stream; a process without one has None.

    Parameters
    ----------
    stream : TextIO or None
        Standard output or standard error.

    Examples
    --------
    >>> is_terminal(None)
    False
    """
    return stream is not None and not stream.closed and stream.isatty()


def has_styles(stream: TextIO | None) -> bool:
    """Say whether a stream is a terminal on which colours, bold text and moving bars are wanted.

    ``NO_COLOR`` (set to anything but nothing) and ``TERM=dumb`` say that they are not.

    Parameters
    ----------
    stream : TextIO or None
        Standard output or standard error.

    References
    ----------
    https://no-color.org
    """
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM", "").lower() not in _DUMB
    return wanted and is_terminal(stream)


@contextlib.contextmanager
def reader_may_leave() -> Iterator[None]:
    """End the program without a word when whoever reads its output has seen enough (``netcea list | head -1``).

    What is left in memory goes nowhere, so that nothing is said of it at the end either.
    """
    try:
        try:
            yield
        finally:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None and not stream.closed:
                    stream.flush()
    except BrokenPipeError:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for stream in (sys.stdout, sys.stderr):
                os.dup2(nowhere, stream.fileno())
        sys.exit(EXIT_CLOSED_PIPE)
