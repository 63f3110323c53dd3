"""Smooth functions of one quantity: cubic splines, polynomials between knots; or one value for each of few.

Between two knots every column is a polynomial of where a draw lies between them. So a regression needs no columns, only
moments of the draws between each two knots, and one polynomial a response to evaluate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.decision.value_of_information.columns import Columns, held_out_residuals

DEGREE: Final = 3
EVERY: Final = slice(None)


@dataclass(frozen=True)
class PiecewiseColumns(Columns):
    """Columns that are polynomials of one quantity between its knots.

    Attributes
    ----------
    x : Array (draw,)
        Values of the quantity. [any unit]
    piece : Array (draw,) of uint8
        Between which knots each lies.
    starts, widths : Array (piece,)
        Where each piece begins, and how wide it is. [the quantity's unit]
    table : Array (piece, power, column)
        Coefficients of every column's polynomial of the share of the piece's width that a draw lies above its start; 0
        but for as many columns as powers, from that of the piece's own number. [1]

    Examples
    --------
    >>> made = PiecewiseColumns.splines(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0]))
    >>> made.project(np.array([[0.0, 8.0, 0.0]])).tolist()  # 8 times the columns at a half
    [[1.0, 3.0, 3.0, 1.0]]
    >>> made.expand(np.array([[2.0, 2.0, 2.0, 2.0]])).tolist()
    [[2.0, 2.0, 2.0]]
    """

    x: Array
    piece: NDArray[np.uint8]
    starts: Array
    widths: Array
    table: Array

    @classmethod
    def splines(cls, x: Array, knots: Array) -> Self:
        """Cubic B-splines on knots.

        Parameters
        ----------
        x : Array (draw,)
            Between the first and the last knot. [any unit]
        knots : Array (knot,)
            Rising, the ends included. [the same unit]

        Returns
        -------
        PiecewiseColumns
            Of knot + 2 columns; each row adds up to 1. [1]

        Examples
        --------
        >>> PiecewiseColumns.splines(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0])).block(slice(1, 2)).T.tolist()
        [[0.125, 0.375, 0.375, 0.125]]
        """
        piece = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, len(knots) - 2).astype(np.uint8)
        return cls(x, piece, knots[:-1], np.diff(knots), _polynomials(knots))

    @classmethod
    def factor(cls, x: Array, values: Array) -> Self:
        """One column for each of few values: 1 where the quantity has it, 0 elsewhere.

        Parameters
        ----------
        x : Array (draw,)
            [any unit]
        values : Array (value,)
            Every value that occurs, rising. [the same unit]

        Returns
        -------
        PiecewiseColumns
            Each row adds up to 1. [1]

        Examples
        --------
        >>> PiecewiseColumns.factor(np.array([2.0, 5.0]), np.array([2.0, 5.0])).block(slice(2)).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
        """
        count = len(values)
        piece = np.searchsorted(values, x).astype(np.uint8)
        return cls(x, piece, values, np.ones(count), np.eye(count)[:, np.newaxis, :])

    @property
    def draws(self) -> int:
        """Number of rows."""
        return len(self.x)

    @property
    def count(self) -> int:
        """Number of columns."""
        return int(self.table.shape[2])

    @property
    def constant(self) -> Array:
        """Coefficients whose columns add up to 1 in every draw, Array (column,)."""
        return np.ones(self.count)

    @property
    def powers(self) -> int:
        """Coefficients of a polynomial."""
        return int(self.table.shape[1])

    def block(self, rows: slice) -> Array:
        """Columns of some draws, one after the other in memory.

        Parameters
        ----------
        rows : slice
            Numbers of draws, from one to another.

        Returns
        -------
        Array (column, row)
            [1]
        """
        at, share = self._shares(rows)
        coefficients = np.take(self._own_columns, at, axis=2)
        values = coefficients[-1]
        for lower in coefficients[-2::-1]:
            values = values * share + lower
        found = np.zeros((self.count, len(at)))
        places = (np.arange(self.powers)[:, np.newaxis] + at) * len(at) + np.arange(len(at))
        found.reshape(-1)[places] = values
        return found

    @cached_property
    def _own_columns(self) -> Array:
        """Return the columns of each piece that are not 0 there, Array (power, column, piece)."""
        pieces = np.arange(len(self.starts))
        return np.array([self.table[pieces, :, pieces + j].T for j in range(self.powers)]).swapaxes(0, 1)

    def project(self, values: Array) -> Array:
        """Sums of values times columns."""
        moments = self._moments(values, self.powers)
        return np.asarray(moments.reshape(len(values), -1) @ self.table.reshape(-1, self.count), dtype=np.float64)

    def expand(self, coefficients: Array) -> Array:
        """Sums of columns times coefficients."""
        return self._evaluated(np.moveaxis(self.table @ coefficients.T, -1, 0))

    def gram(self, scale: Array | None = None) -> Array:
        """Sums over draws of products of two columns."""
        values = np.ones(self.draws) if scale is None else scale**2
        return self._products(self._moments(values[np.newaxis], 2 * self.powers - 1)[0])

    def left_out(self, turn: Array, weights: Array, residuals: Array) -> tuple[Array, Array]:
        """Residual of each draw by the regression without it, and what the noise of draws adds to coefficients."""
        held_out = held_out_residuals(residuals, 1.0 / self.draws + self._squares(turn, weights))
        grams = map(self._products, self._moments(residuals * held_out, 2 * self.powers - 1))
        return held_out, np.array([(turn * (gram @ turn)).sum(axis=0) for gram in grams])

    def _squares(self, turn: Array, weights: Array) -> Array:
        """Return weighted squares of turned columns in each draw, Array (response, draw)."""
        found = np.zeros((len(weights), len(self.starts), 2 * self.powers - 1))
        turned = self.table @ turn
        for at, weight in enumerate(weights):
            both = (turned * weight) @ np.swapaxes(turned, 1, 2)
            for power in range(self.powers):
                found[at, :, power : power + self.powers] += both[:, power]
        return self._evaluated(found)

    def _shares(self, rows: slice = EVERY) -> tuple[NDArray[np.intp], Array]:
        """Return the piece in which each draw lies, and how far up, 0 to 1, Array (draw,)."""
        at = self.piece[rows].astype(np.intp)
        return at, (self.x[rows] - self.starts[at]) / self.widths[at]

    def _moments(self, values: Array, count: int) -> Array:
        """Return sums of values times powers of shares in each piece, Array (response, piece, power)."""
        at, share = self._shares()
        found = np.empty((len(values), len(self.starts), count))
        for response, value in enumerate(values):
            weighted = value
            for power in range(count):
                if power:
                    weighted = weighted * share
                found[response, :, power] = np.bincount(at, weighted, len(self.starts))
        return found

    def _evaluated(self, polynomials: Array, rows: slice = EVERY) -> Array:
        """Return polynomials of shares at every draw, Array (response, draw), of Array (response, piece, power)."""
        at, share = self._shares(rows)
        found = np.empty((len(polynomials), len(at)))
        for response, polynomial in enumerate(np.moveaxis(polynomials, 2, 1)):
            values = np.take(polynomial[-1], at, out=found[response])
            for coefficients in polynomial[-2::-1]:
                values *= share
                values += coefficients[at]
        return found

    def _products(self, moments: Array) -> Array:
        """Return sums over draws of products of two columns, of moments, Array (piece, power)."""
        powers = np.arange(self.powers)
        inner = moments[:, powers[:, np.newaxis] + powers]
        return np.asarray((np.swapaxes(self.table, 1, 2) @ inner @ self.table).sum(axis=0), dtype=np.float64)


def _polynomials(knots: Array) -> Array:
    """Return every cubic B-spline as polynomials of the share of each piece, Array (piece, power, column).

    De Boor's recursion on polynomials: what multiplies a spline of lower degree is linear in the share.
    """
    full = with_repeated_ends(knots)
    starts, widths = knots[:-1], np.diff(knots)
    pieces = np.arange(len(starts))
    local = np.zeros((DEGREE + 1, DEGREE + 1, len(starts)))  # spline, power, piece
    local[0, 0] = 1.0
    for degree in range(1, DEGREE + 1):
        saved = np.zeros_like(local[0])
        for j in range(degree):
            right, left = full[pieces + DEGREE + j + 1] - starts, starts - full[pieces + DEGREE + 1 - degree + j]
            share = local[j] / (right + left)
            times_share = np.concatenate([np.zeros((1, len(starts))), share[:-1]])
            local[j] = saved + right * share - widths * times_share
            saved = left * share + widths * times_share
        local[degree] = saved
    table = np.zeros((len(starts), DEGREE + 1, len(knots) + DEGREE - 1))
    for j in range(DEGREE + 1):
        table[pieces, :, pieces + j] = local[j].T
    return table


def with_repeated_ends(knots: Array) -> Array:
    """Knots with the first and the last so often that cubic splines end there.

    Parameters
    ----------
    knots : Array (knot,)
        Rising. [any unit]

    Returns
    -------
    Array (knot + 6,)
        [the same unit]

    Examples
    --------
    >>> with_repeated_ends(np.array([0.0, 1.0])).tolist()
    [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    """
    return np.concatenate([np.repeat(knots[0], DEGREE), knots, np.repeat(knots[-1], DEGREE)])
