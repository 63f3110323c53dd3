"""Results that are worked out once and kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from netcea.arrays import Array

T = TypeVar("T")


class Kept(Generic[T]):
    """Results by everything they depend on: nobody can tell whether one was there before.

    Examples
    --------
    >>> squares: Kept[int] = Kept()
    >>> squares.get(3, lambda: 9), squares.get(3, lambda: 10)
    (9, 9)
    """

    def __init__(self) -> None:
        self._results: dict[Hashable, T] = {}

    def get(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return the result of some work, done the first time that this key is asked for.

        Parameters
        ----------
        key : hashable
            All that the result depends on, beside what never changes.
        work : callable () -> T
            Depends on nothing else.

        Returns
        -------
        T
            The same object each time.
        """
        if key in self._results:
            return self._results[key]
        result = self._results[key] = work()
        return result

    def all(self) -> Iterable[T]:
        """Return every result.

        Returns
        -------
        iterable of T
            In the order in which they were first asked for.
        """
        return self._results.values()


def content(x: Array | None) -> bytes | None:
    """Return an array's numbers as part of a key; None for no array.

    Parameters
    ----------
    x : Array or None
        Of any [unit].

    Returns
    -------
    bytes or None
        The same for the same numbers.

    Examples
    --------
    >>> import numpy as np
    >>> content(np.array([1.0])) == content(np.array([1.0])), content(None)
    (True, None)
    """
    return None if x is None else x.tobytes()
