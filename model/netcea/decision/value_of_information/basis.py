"""Regression columns for EVPPI: cubic B-splines of a quantity, their products for several; the penalised roughness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.decision.value_of_information.columns import BlockedColumns, Columns
from netcea.decision.value_of_information.piecewise import DEGREE, PiecewiseColumns, with_repeated_ends
from netcea.decision.value_of_information.products import Products

FEW_VALUES: Final = 12
"""A quantity with so few different values (counts) is a factor: one column for each value."""
MANY: Final = 100
"""Draws that are looked at first: most quantities have another value in each."""
KNOTS_OF_ONE: Final = 20
KNOTS_OF_SEVERAL: Final = {2: 6, 3: 3}
"""Number of quantities -> intervals between knots of each, where every product of columns is taken."""
MAIN_KNOTS: Final = 6
MOST_PAIRS: Final = 60
"""Larger groups: splines of each quantity, and products of straight and bent lines of pairs."""


@dataclass(frozen=True)
class SmoothDesign:
    """Columns of a penalised regression, and the roughness that is penalised.

    Attributes
    ----------
    columns : Columns
        The constant is among what they add up to. [1]
    penalty : Array (column, column)
        Roughness of coefficients b is b' penalty b. [1]
    """

    columns: Columns
    penalty: Array


@dataclass(frozen=True)
class Standardised:
    """A quantity less its mean and over its standard deviation, made when it is needed.

    Attributes
    ----------
    x : Array (draw,)
        [any unit]
    mean, deviation : float
        [the same unit]
    """

    x: Array
    mean: float
    deviation: float

    def __getitem__(self, rows: slice | NDArray[np.intp]) -> Array:
        """Return some draws of it, Array (row,). [1]"""
        return np.asarray((self.x[rows] - self.mean) / self.deviation, dtype=np.float64)


def smooth_design(quantities: Sequence[Array]) -> SmoothDesign | None:
    """Columns of a smooth function of some quantities.

    Splines of one quantity, every product of splines for two or three, splines and products of pairs for more.

    Parameters
    ----------
    quantities : sequence of Array (draw,)
        Values of each. [any units]

    Returns
    -------
    SmoothDesign or None
        None when none of the quantities varies.

    Examples
    --------
    >>> smooth_design([np.array([0.0, 1.0, 1.0, 0.0])]).columns.gram().tolist()  # two values: a column for each
    [[2.0, 0.0], [0.0, 2.0]]
    """
    varying = varying_columns(quantities)
    k = len(varying)
    if k == 0:
        return None
    if k == 1:
        return SmoothDesign(*_smooth(varying[0], KNOTS_OF_ONE))
    if k in KNOTS_OF_SEVERAL:
        return _tensor([_smooth(x, KNOTS_OF_SEVERAL[k]) for x in varying])
    return _main_and_pairs(varying)


def varying_columns(quantities: Sequence[Array]) -> list[Standardised]:
    """Quantities that vary, standardised; of several that are linear in one another only the first.

    Parameters
    ----------
    quantities : sequence of Array (draw,)
        Values of each. [any units]

    Returns
    -------
    list of Standardised
        At most as many; mean 0 and variance 1. [1]

    Examples
    --------
    >>> rows = np.array([[1.0, 3.0], [5.0, 5.0], [10.0, 30.0]])  # the second never varies, the last is linear
    >>> [x[:].tolist() for x in varying_columns(rows)]
    [[-1.0, 1.0]]
    """
    kept: list[Standardised] = []
    for x in quantities:
        deviation = float(x.std())
        if deviation <= 1e-12 * max(1.0, float(np.abs(x).max())):
            continue
        z = Standardised(x, float(x.mean()), deviation)
        if not any(abs(float(np.mean(z[:] * other[:]))) > 1.0 - 1e-10 for other in kept):
            kept.append(z)
    return kept


def _smooth(quantity: Standardised, intervals: int) -> tuple[PiecewiseColumns, Array]:
    """Return columns of a smooth function of one quantity, and their roughness (second differences)."""
    x = quantity.x
    values = np.unique(x[:MANY])
    if len(values) <= FEW_VALUES and len(values := np.unique(x)) <= FEW_VALUES:
        return PiecewiseColumns.factor(x, values), 1e-6 * np.eye(len(values))
    knots = np.unique(np.quantile(x, np.linspace(0.0, 1.0, intervals + 1)))
    return PiecewiseColumns.splines(x, knots), _roughness((knots - quantity.mean) / quantity.deviation)


def _roughness(knots: Array) -> Array:
    """Return second differences of the coefficients over the places of their splines (Greville's), squared."""
    full, count = with_repeated_ends(knots), len(knots) + DEGREE - 1
    places = np.array([full[i + 1 : i + 1 + DEGREE].mean() for i in range(count)])
    slopes = np.diff(np.eye(count), axis=0) / np.diff(places)[:, np.newaxis]
    bends = np.diff(slopes, axis=0)
    return np.asarray(bends.T @ bends, dtype=np.float64)


@dataclass(frozen=True)
class MainAndPairs(BlockedColumns):
    """Columns of each quantity, and for pairs: straight x straight, bent x straight, straight x bent.

    Attributes
    ----------
    quantities : tuple of Standardised
    mains : tuple of PiecewiseColumns
        Of each quantity.
    pairs : tuple of (int, int)
        Numbers of quantities.

    Examples
    --------
    >>> x = Standardised(np.array([-1.0, 1.0]), 0.0, 1.0)
    >>> two = PiecewiseColumns.factor(x.x, x.x)
    >>> MainAndPairs((x, x), (two, two), ((0, 1),)).block(slice(1, 2)).T.tolist()  # two values each, three products
    [[0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0]]
    """

    quantities: tuple[Standardised, ...]
    mains: tuple[PiecewiseColumns, ...]
    pairs: tuple[tuple[int, int], ...]

    @property
    def draws(self) -> int:
        """Number of rows."""
        return self.mains[0].draws

    @property
    def constant(self) -> Array:
        """Coefficients whose columns add up to 1 in every draw: the first quantity's do, Array (column,). [1]"""
        count = sum(main.count for main in self.mains) + 3 * len(self.pairs)
        return np.asarray(np.arange(count) < self.mains[0].count, dtype=np.float64)

    def block(self, rows: slice) -> Array:
        """Columns of some draws, Array (column, row)."""
        x = [quantity[rows] for quantity in self.quantities]
        bent = [(z**2 - 1.0) / np.sqrt(2.0) for z in x]
        products = [p for i, j in self.pairs for p in (x[i] * x[j], bent[i] * x[j], x[i] * bent[j])]
        return np.concatenate([*(main.block(rows) for main in self.mains), np.array(products)])


def _tensor(smooths: Sequence[tuple[PiecewiseColumns, Array]]) -> SmoothDesign:
    """Return every product of columns; roughness along each quantity."""
    penalty = _scaled(smooths[0][1])
    for _, rough in smooths[1:]:
        left, right = len(penalty), len(rough)
        penalty = np.kron(penalty, np.eye(right)) + np.kron(np.eye(left), _scaled(rough))
    return SmoothDesign(Products(tuple(columns for columns, _ in smooths)), penalty)


def _main_and_pairs(quantities: Sequence[Standardised]) -> SmoothDesign:
    """Return splines of each quantity, and products of pairs, whose coefficients are penalised themselves."""
    smooths = [_smooth(x, MAIN_KNOTS) for x in quantities]
    pairs = tuple(combinations(range(len(quantities)), 2))[:MOST_PAIRS]
    columns = MainAndPairs(tuple(quantities), tuple(main for main, _ in smooths), pairs)
    penalty = np.eye(len(columns.constant))
    start = 0
    for _, rough in smooths:
        end = start + len(rough)
        penalty[start:end, start:end] = _scaled(rough)
        start = end
    return SmoothDesign(columns, penalty)


def _scaled(rough: Array) -> Array:
    return rough / max(float(np.trace(rough)) / len(rough), 1e-300)
