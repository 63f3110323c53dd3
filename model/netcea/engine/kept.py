"""Results that are worked out once and kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Final, Generic, TypeVar, cast

from netcea.arrays import Array

T = TypeVar("T")
_NOTHING: Final = object()


class Kept(Generic[T]):
    """Results by everything they depend on: nobody can tell whether one was there before.

    Parameters
    ----------
    most : int, optional
        How many are kept, of what lives as long as the program: all are forgotten when there are more.

    Examples
    --------
    >>> squares: Kept[int] = Kept()
    >>> squares.get(3, lambda: 9), squares.get(3, lambda: 10)
    (9, 9)
    """

    def __init__(self, most: int | None = None) -> None:
        self._results: dict[Hashable, T] = {}
        self._most = most

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
            The same object each time, as long as it is kept.
        """
        found = self._results.get(key, _NOTHING)
        if found is not _NOTHING:
            return cast("T", found)
        result = work()
        if self._most is not None and len(self._results) >= self._most:
            self._results.clear()
        self._results[key] = result
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
