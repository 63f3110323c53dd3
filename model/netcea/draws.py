"""Rows of parameters: one column per address, (draw, 1), in model units.

A column that is the same in all rows is stored once, as (1, 1), and broadcasts. Rows of random parameters are made in
`netcea.sampling`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from netcea.arrays import Array


@dataclass(frozen=True)
class Draws:
    """Rows of parameters.

    Attributes
    ----------
    n : int
        Number of rows.
    columns : mapping of address -> Array (n, 1) or (1, 1)
        [model units: years, per year, GBP of the scenario's price year]

    Examples
    --------
    >>> draws = Draws(3, {"rate": np.array([[1.0], [2.0], [3.0]]), "price": np.array([[5.0]])})
    >>> part = draws.rows(1, 9)
    >>> part.n, part["rate"].tolist(), part["price"].tolist()
    (2, [[2.0], [3.0]], [[5.0]])
    """

    n: int
    columns: Mapping[str, Array]

    def __getitem__(self, address: str) -> Array:
        """Return a column, (n, 1) or (1, 1)."""
        return self.columns[address]

    def rows(self, start: int, stop: int) -> Draws:
        """Return some of the rows: views, no copies.

        Parameters
        ----------
        start, stop : int
            First row, and the row after the last; there may be fewer.

        Returns
        -------
        Draws
            Columns that are the same in all rows stay (1, 1). [model units]
        """
        return Draws(min(stop, self.n) - start, Cut.of(self.columns, start, stop))

    def blocks(self, size: int) -> Iterator[tuple[int, Draws]]:
        """Yield the rows block by block.

        Parameters
        ----------
        size : int
            Most rows of a block.

        Yields
        ------
        tuple of (int, Draws)
            Number of the first row, and the rows. [model units]
        """
        for start in range(0, self.n, size):
            yield start, self.rows(start, start + size)


class Cut(Mapping[str, Array]):
    """Some rows of columns, each cut when it is asked for: of hundreds, a block of rows reads a few dozen.

    Parameters
    ----------
    whole : mapping of address -> Array (n, 1) or (1, 1)
        All rows. [model units]
    rows : slice
        Which are wanted, of columns that have more than one.

    Examples
    --------
    >>> part = Cut.of(Cut.of({"rate": np.array([[1.0], [2.0], [3.0]])}, 1, 3), 1, 2)
    >>> part["rate"].tolist(), len(part), dict(part) == part
    ([[3.0]], 1, True)
    """

    def __init__(self, whole: Mapping[str, Array], rows: slice) -> None:
        self.whole, self.rows = whole, rows

    @classmethod
    def of(cls, columns: Mapping[str, Array], start: int, stop: int) -> Cut:
        """Return rows of columns, or of rows that were cut before.

        Parameters
        ----------
        columns : mapping of address -> Array (n, 1) or (1, 1)
            Of any rows. [model units]
        start, stop : int
            First row, and the row after the last; there may be fewer.

        Returns
        -------
        Cut
            [model units]
        """
        if isinstance(columns, Cut):
            before = columns.rows
            return cls(columns.whole, slice(before.start + start, min(before.start + stop, before.stop)))
        return cls(columns, slice(start, stop))

    def __getitem__(self, address: str) -> Array:
        """Return a column: views, no copies."""
        column = self.whole[address]
        return column[self.rows] if len(column) > 1 else column

    def __iter__(self) -> Iterator[str]:
        """Yield the addresses."""
        return iter(self.whole)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.whole)

    def __reduce__(self) -> tuple[type, tuple[dict[str, Array]]]:
        """Leave the other rows behind where these go to another process."""
        return dict, (dict(self),)


def from_real_line(x: Array, scale: str) -> Array:
    """Return values on the published scale from those on the real line on which they are sampled.

    Parameters
    ----------
    x : Array
        Of any shape. [1 on a log or logit scale, else the parameter's unit]
    scale : {'log', 'logit', 'identity'}
        exp(x), 1 / (1 + exp(-x)), or x itself.

    Returns
    -------
    Array
        [the parameter's unit]

    Examples
    --------
    >>> float(from_real_line(np.array(0.0), "log")), float(from_real_line(np.array(0.0), "logit"))
    (1.0, 0.5)
    >>> float(from_real_line(np.array(-1000.0), "logit"))
    0.0
    """
    if scale == "log":
        return np.exp(x)
    if scale == "logit":
        with np.errstate(over="ignore"):  # far below 0 the exponential is infinite, and the share 0
            return 1.0 / (1.0 + np.exp(-x))
    return x


def to_real_line(x: Array, scale: str) -> Array:
    """Return values on the real line on which they are sampled: the inverse of `from_real_line`.

    Parameters
    ----------
    x : Array
        Of any shape; above 0 on a log scale, between 0 and 1 on a logit scale. [the parameter's unit]
    scale : {'log', 'logit', 'identity'}
        log(x), log(x / (1 - x)), or x itself.

    Returns
    -------
    Array
        [1 on a log or logit scale, else the parameter's unit]

    Examples
    --------
    >>> float(to_real_line(np.array(1.0), "log")), float(to_real_line(np.array(0.5), "logit"))
    (0.0, 0.0)
    """
    if scale == "log":
        return np.log(x)
    if scale == "logit":
        return np.log(x / (1.0 - x))
    return x
