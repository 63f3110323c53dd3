"""What a regression asks of its columns, which are never all in memory: sums over draws, and values at draws.

Several quantities have hundreds of columns: they are made in blocks of draws, each time that they are needed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array

BLOCK: Final = 2048
"""Draws whose columns are in memory at a time; always the same, and with it the order of sums."""
ROOM: Final = 32_000_000
"""Columns of one regression that may be in memory at once. [bytes]"""


class Columns(ABC):
    """Columns of a regression, one row a draw.

    Examples
    --------
    >>> from netcea.decision.value_of_information.piecewise import PiecewiseColumns
    >>> two = PiecewiseColumns.factor(np.array([0.0, 1.0, 1.0]), np.array([0.0, 1.0]))  # a column for each value
    >>> two.project(np.array([[5.0, 6.0, 7.0]])).tolist(), two.expand(np.array([[2.0, 3.0]])).tolist()
    ([[5.0, 13.0]], [[2.0, 3.0, 3.0]])
    >>> two.gram().tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """

    @property
    @abstractmethod
    def draws(self) -> int:
        """Number of rows."""

    @property
    @abstractmethod
    def constant(self) -> Array:
        """Coefficients whose columns add up to 1 in every draw, Array (column,). [1]"""

    def held(self) -> Columns:
        """The same columns, made once if there is room for them.

        Returns
        -------
        Columns
            All that they yield is the same.
        """
        return self

    @abstractmethod
    def project(self, values: Array) -> Array:
        """Sums of values times columns.

        Parameters
        ----------
        values : Array (response, draw)
            [any units]

        Returns
        -------
        Array (response, column)
            [the values' units]
        """

    @abstractmethod
    def expand(self, coefficients: Array) -> Array:
        """Sums of columns times coefficients.

        Parameters
        ----------
        coefficients : Array (response, column)
            [any units]

        Returns
        -------
        Array (response, draw)
            [the coefficients' units]
        """

    @abstractmethod
    def gram(self, scale: Array | None = None) -> Array:
        """Sums over draws of products of two columns.

        Parameters
        ----------
        scale : Array (draw,), optional
            What each draw's columns are multiplied by; 1 when left out. [any unit]

        Returns
        -------
        Array (column, column)
            [the scale's unit squared]
        """

    @abstractmethod
    def left_out(self, turn: Array, weights: Array, residuals: Array) -> tuple[Array, Array]:
        """Residual of each draw by the regression without it, and what the noise of draws adds to coefficients.

        Parameters
        ----------
        turn : Array (column, orthonormal column)
            What orthonormal columns z are made of. [1]
        weights : Array (response, orthonormal column)
            How much w of each coefficient the penalty leaves. [1]
        residuals : Array (response, draw)
            Of the regression with every draw. [any units]

        Returns
        -------
        held_out : Array (response, draw)
            Residual / (1 - 1/n - sum w z^2). [the residuals' units]
        noise : Array (response, orthonormal column)
            Sum over draws of residual x held-out residual x z^2. [the residuals' units squared]
        """


def held_out_residuals(residuals: Array, leverages: Array) -> Array:
    """Residuals of draws by the regression without each.

    Parameters
    ----------
    residuals : Array (response, draw)
        Of the regression with every draw. [any units]
    leverages : Array (response, draw)
        How much each draw's response moves its own fitted value, the mean's share included. [1]

    Returns
    -------
    Array (response, draw)
        [the residuals' units]

    Examples
    --------
    >>> held_out_residuals(np.array([[1.0]]), np.array([[0.5]])).tolist()
    [[2.0]]
    """
    return np.asarray(residuals / np.maximum(1.0 - leverages, 1e-6), dtype=np.float64)


class BlockedColumns(Columns):
    """Columns that are made in blocks of draws.

    Examples
    --------
    >>> from netcea.decision.value_of_information.basis import smooth_design
    >>> made = smooth_design([np.repeat([0.0, 1.0], 2), np.tile([0.0, 1.0], 2)]).columns  # products of two factors
    >>> made.project(np.array([[1.0, 2.0, 3.0, 4.0]])).tolist()
    [[1.0, 2.0, 3.0, 4.0]]
    """

    @abstractmethod
    def block(self, rows: slice) -> Array:
        """Columns of some draws, one after the other in memory, Array (column, row). [1]

        Parameters
        ----------
        rows : slice
            Numbers of draws, from one to another.
        """

    def held(self) -> Columns:
        """The same columns, made once if there is room for them."""
        if not room_for(self.draws * len(self.constant)):
            return self
        return HeldColumns(self, tuple(block for _, block in self._blocks()))

    def _blocks(self) -> Iterator[tuple[slice, Array]]:
        for start in range(0, self.draws, BLOCK):
            rows = slice(start, min(start + BLOCK, self.draws))
            yield rows, self.block(rows)

    def project(self, values: Array) -> Array:
        """Sums of values times columns."""
        return summed(values[:, rows] @ block.T for rows, block in self._blocks())

    def expand(self, coefficients: Array) -> Array:
        """Sums of columns times coefficients."""
        found = np.empty((len(coefficients), self.draws))
        for rows, block in self._blocks():
            found[:, rows] = coefficients @ block
        return found

    def gram(self, scale: Array | None = None) -> Array:
        """Sums over draws of products of two columns."""
        scaled = (block if scale is None else block * scale[rows] for rows, block in self._blocks())
        return summed(block @ block.T for block in scaled)

    def left_out(self, turn: Array, weights: Array, residuals: Array) -> tuple[Array, Array]:
        """Residual of each draw by the regression without it, and what the noise of draws adds to coefficients."""
        held_out, noise = np.empty_like(residuals), np.zeros_like(weights)
        for rows, block in self._blocks():
            squares = (turn.T @ block) ** 2
            held_out[:, rows] = held_out_residuals(residuals[:, rows], 1.0 / self.draws + weights @ squares)
            noise += (residuals[:, rows] * held_out[:, rows]) @ squares.T
        return held_out, noise


@dataclass(frozen=True)
class HeldColumns(BlockedColumns):
    """Columns in memory.

    Attributes
    ----------
    made_by : BlockedColumns
        What they are.
    blocks : tuple of Array (column, row)
        In order of draws, as many in each as `BlockedColumns` makes at a time.

    Examples
    --------
    >>> from netcea.decision.value_of_information.basis import smooth_design
    >>> made = smooth_design([np.repeat([0.0, 1.0], 2), np.tile([0.0, 1.0], 2)]).columns
    >>> np.array_equal(made.held().block(slice(0, 4)), made.block(slice(0, 4)))
    True
    """

    made_by: BlockedColumns
    blocks: tuple[Array, ...]

    @property
    def draws(self) -> int:
        """Number of rows."""
        return self.made_by.draws

    @property
    def constant(self) -> Array:
        """Coefficients whose columns add up to 1 in every draw, Array (column,). [1]"""
        return self.made_by.constant

    def block(self, rows: slice) -> Array:
        """Columns of some draws, one after the other in memory, Array (column, row)."""
        return self.blocks[int(rows.start) // BLOCK]


def room_for(count: int) -> bool:
    """Whether columns of one regression may be in memory at once.

    Parameters
    ----------
    count : int
        Numbers in all of them.

    Returns
    -------
    bool
        True for at most 32 MB.

    Examples
    --------
    >>> room_for(10_000), room_for(1_000_000_000)
    (True, False)
    """
    return count * np.dtype(np.float64).itemsize <= ROOM


def summed(parts: Iterable[Array]) -> Array:
    """Sum of arrays of one shape, in their order; the first is added to.

    Parameters
    ----------
    parts : iterable of Array
        One or more. [any units]

    Returns
    -------
    Array
        [the same units]

    Examples
    --------
    >>> summed([np.array([1.0, 2.0]), np.array([10.0, 20.0])]).tolist()
    [11.0, 22.0]
    """
    each = iter(parts)
    found: Array = next(each)
    for part in each:
        found += part
    return found
