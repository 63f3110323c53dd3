"""One thread for linear algebra: sums in one order, so that results do not depend on the number of processors."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import AbstractContextManager, ContextDecorator
from functools import lru_cache
from typing import Any, Final, Self

VARIABLES: Final = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "OMP_NUM_THREADS",
)
"""What libraries of linear algebra (OpenBLAS, MKL, BLIS, Accelerate) read when they are loaded."""


def one_thread_from_the_start() -> None:
    """Let this process and those it starts do linear algebra in one thread; for a program that is all netcea.

    A library that was loaded before does not look again: `ONE_THREAD` is for these.
    """
    if "numpy" not in sys.modules:
        os.environ.update(dict.fromkeys(VARIABLES, "1"))
        ONE_THREAD.since_start = True


class OneThread(ContextDecorator):
    """Linear algebra in one thread for a while, in a process that is somebody else's; afterwards as before.

    The library's threads are those of the whole process. Where two threads of Python work with netcea at once, the one
    that stays longer may have the library's own number again, and with it other last digits.

    Attributes
    ----------
    since_start : bool
        One thread is all that there is: nothing to do.
    """

    def __init__(self) -> None:
        self.since_start = False
        self._of_this_thread = threading.local()

    def __enter__(self) -> Self:
        if not self.since_start:
            depth = getattr(self._of_this_thread, "depth", 0)
            if depth == 0:
                self._of_this_thread.limits = _limits()
            self._of_this_thread.depth = depth + 1
        return self

    def __exit__(self, *_: object) -> None:
        if not self.since_start:
            self._of_this_thread.depth -= 1
            if self._of_this_thread.depth == 0:
                self._of_this_thread.limits.__exit__(None, None, None)


def _limits() -> AbstractContextManager[object]:
    """Limit the libraries that are loaded by now; what comes back gives them their threads again."""
    import numpy as np  # noqa: F401 - the library that is to be limited
    import threadpoolctl  # noqa: F401 - before modules are counted

    limits: AbstractContextManager[object] = _libraries(len(sys.modules)).limit(limits=1, user_api="blas")
    return limits


@lru_cache(maxsize=1)
def _libraries(modules: int) -> Any:  # noqa: ARG001 - by which it is known that some were imported
    """Look for the libraries of this process, again when modules were imported since: it takes as long as a cohort."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


ONE_THREAD: Final = OneThread()
"""``with ONE_THREAD:``, or above a function."""
