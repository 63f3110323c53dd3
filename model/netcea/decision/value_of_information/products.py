"""Every product of columns of two or three quantities, which need not be made: sums over them are done in turn.

A sum over products costs as much as one over the columns of one quantity after the other. A column of a quantity
overlaps with few others, so that products of two of them are few as well: what is quadratic in columns is linear in
those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.decision.value_of_information.columns import BLOCK, BlockedColumns, held_out_residuals, room_for, summed
from netcea.decision.value_of_information.piecewise import PiecewiseColumns


@dataclass(frozen=True)
class Products(BlockedColumns):
    """Every product of columns of some quantities.

    Attributes
    ----------
    factors : tuple of PiecewiseColumns
        Of each quantity.

    Examples
    --------
    >>> two = PiecewiseColumns.factor(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    >>> Products((two, two)).block(slice(0, 2)).T.tolist()  # low x low, low x high, high x low, high x high
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """

    factors: tuple[PiecewiseColumns, ...]

    @property
    def draws(self) -> int:
        """Number of rows."""
        return self.factors[0].draws

    @property
    def constant(self) -> Array:
        """Coefficients whose columns add up to 1 in every draw: each factor's do, Array (column,). [1]"""
        return np.ones(int(np.prod([factor.count for factor in self.factors])))

    def held(self) -> Products:
        """The same columns, those of each quantity made once if there is room for them."""
        if not room_for(self.draws * sum(factor.count for factor in self.factors)):
            return self
        return HeldProducts(self.factors, tuple(each for _, each in self._blocks_of_factors()))

    def block(self, rows: slice) -> Array:
        """Columns of some draws, Array (column, row)."""
        return _all_products(self.factors_at(rows))

    def factors_at(self, rows: slice) -> tuple[Array, ...]:
        """Columns of each quantity at some draws.

        Parameters
        ----------
        rows : slice
            Numbers of draws, from one to another.

        Returns
        -------
        tuple of Array (column, row)
            [1]
        """
        return tuple(factor.block(rows) for factor in self.factors)

    def project(self, values: Array) -> Array:
        """Sums of values times columns."""
        return summed(_projected(values[:, rows], each) for rows, each in self._blocks_of_factors())

    def expand(self, coefficients: Array) -> Array:
        """Sums of columns times coefficients."""
        found = np.empty((len(coefficients), self.draws))
        for rows, each in self._blocks_of_factors():
            found[:, rows] = _expanded(coefficients, each)
        return found

    def gram(self, scale: Array | None = None) -> Array:
        """Sums over draws of products of two columns.

        Those from which columns are made orthonormal are of the columns themselves: among many products some are
        nearly linear in others, and what is left of them would be of the rounding of another way.
        """
        return super().gram() if scale is None else self._grams(scale[np.newaxis] ** 2)[0]

    def left_out(self, turn: Array, weights: Array, residuals: Array) -> tuple[Array, Array]:
        """Residual of each draw by the regression without it, and what the noise of draws adds to coefficients."""
        folded = np.array([self._overlaps.folded((turn * weight) @ turn.T) for weight in weights])
        leverages = np.empty_like(residuals)
        for rows, each in self._blocks_of_factors():
            leverages[:, rows] = _expanded(folded, self._overlaps.of(each))
        held_out = held_out_residuals(residuals, 1.0 / self.draws + leverages)
        return held_out, np.array([(turn * (gram @ turn)).sum(axis=0) for gram in self._grams(residuals * held_out)])

    def _grams(self, values: Array) -> Array:
        """Return sums over draws of values times products of two columns, Array (response, column, column)."""
        found = summed(_projected(values[:, rows], self._overlaps.of(each)) for rows, each in self._blocks_of_factors())
        return np.array([self._overlaps.unfolded(each) for each in found])

    @cached_property
    def _overlaps(self) -> _Overlaps:
        return _Overlaps([(factor.count, factor.powers) for factor in self.factors])

    def _blocks_of_factors(self) -> Iterator[tuple[slice, tuple[Array, ...]]]:
        for start in range(0, self.draws, BLOCK):
            rows = slice(start, min(start + BLOCK, self.draws))
            yield rows, self.factors_at(rows)


@dataclass(frozen=True)
class HeldProducts(Products):
    """Products of columns that are in memory.

    Attributes
    ----------
    blocks : tuple of tuple of Array (column, row)
        Of each quantity, in order of draws, as many in each as `Products` makes at a time.

    Examples
    --------
    >>> two = PiecewiseColumns.factor(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    >>> Products((two, two)).held().block(slice(0, 2)).T.tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """

    blocks: tuple[tuple[Array, ...], ...]

    def held(self) -> Products:
        """These columns."""
        return self

    def factors_at(self, rows: slice) -> tuple[Array, ...]:
        """Columns of each quantity at some draws."""
        return self.blocks[int(rows.start) // BLOCK]


class _Overlaps:
    """Products of two columns that are not 0 everywhere, of each quantity; and where those of all products stand."""

    def __init__(self, sizes: Sequence[tuple[int, int]]) -> None:
        """Find them for quantities of so many columns each, any of which overlaps with so many."""
        self._powers = [min(powers, count) for count, powers in sizes]
        pairs = [_overlapping(count, powers) for (count, _), powers in zip(sizes, self._powers, strict=True)]
        self._shape = [len(first) + 1 for first, _ in pairs]  # the last stands for pairs that do not overlap
        places: NDArray[np.intp] = np.zeros((1, 1), dtype=np.intp)
        for (count, _), (first, second), size in zip(sizes, pairs, self._shape, strict=True):
            own = np.full((count, count), size - 1)
            own[first, second] = own[second, first] = np.arange(size - 1)
            both = places[:, np.newaxis, :, np.newaxis] * size + own[np.newaxis, :, np.newaxis, :]
            places = both.reshape(len(places) * count, -1)
        self._places = places
        self._inside = tuple(slice(0, size - 1) for size in self._shape)

    def of(self, blocks: Sequence[Array]) -> list[Array]:
        """Return them for each quantity, Array (pair, row), of its columns, Array (column, row)."""
        return [
            np.concatenate([block[: len(block) - apart] * block[apart:] for apart in range(powers)])
            for block, powers in zip(blocks, self._powers, strict=True)
        ]

    def unfolded(self, values: Array) -> Array:
        """Return what stands for each two products, Array (column, column), of one value for each that overlap."""
        whole = np.zeros(self._shape)
        whole[self._inside] = values.reshape([size - 1 for size in self._shape])
        return np.asarray(whole.reshape(-1)[self._places], dtype=np.float64)

    def folded(self, values: Array) -> Array:
        """Return sums of values of each two products, Array (column, column), that are the same."""
        sums = np.bincount(self._places.reshape(-1), values.reshape(-1), int(np.prod(self._shape)))
        return np.asarray(sums.reshape(self._shape)[self._inside].reshape(-1), dtype=np.float64)


def _overlapping(count: int, powers: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the numbers of each two columns that are not 0 in the same pieces: a column itself, with the next, ..."""
    first = np.concatenate([np.arange(count - apart) for apart in range(powers)])
    apart = np.repeat(np.arange(powers), count - np.arange(powers))
    return first, first + apart


def _all_products(factors: Sequence[Array]) -> Array:
    """Return every product of rows of some arrays, the last one's number running quickest, Array (product, draw)."""
    found, *others = factors
    for other in others:
        found = (found[:, np.newaxis] * other).reshape(-1, found.shape[1])
    return found


def _projected(values: Array, factors: Sequence[Array]) -> Array:
    """Return sums of values, Array (response, draw), times products of rows, Array (response, product)."""
    sums = _all_products([values, *factors[:-1]]) @ factors[-1].T
    return np.asarray(sums.reshape(len(values), -1), dtype=np.float64)


def _expanded(coefficients: Array, factors: Sequence[Array]) -> Array:
    """Return sums of products of rows times coefficients, Array (response, draw)."""
    found = coefficients.reshape(-1, len(factors[-1])) @ factors[-1]
    for factor in reversed(factors[:-1]):
        found = np.einsum("fpd,pd->fd", found.reshape(-1, *factor.shape), factor)
    return found
