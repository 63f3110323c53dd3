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
        return Draws(
            min(stop, self.n) - start,
            {address: c[start:stop] if len(c) > 1 else c for address, c in self.columns.items()},
        )

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
