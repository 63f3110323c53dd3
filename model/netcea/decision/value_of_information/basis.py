"""Regression columns for EVPPI: cubic B-splines of a quantity, their products for several; the penalised roughness."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from netcea.arrays import Array

DEGREE: Final = 3
FEW_VALUES: Final = 12
"""A quantity with so few different values (counts) is a factor: one column for each value."""
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
    columns : Array (draw, column)
        Without the constant; centred. [1]
    penalty : Array (column, column)
        Roughness of coefficients b is b' penalty b. [1]
    """

    columns: Array
    penalty: Array


def smooth_design(parameters: Array) -> SmoothDesign | None:
    """Columns of a smooth function of some quantities.

    Splines of one quantity, every product of splines for two or three, splines and products of pairs for more.

    Parameters
    ----------
    parameters : Array (draw, k)
        Values of the quantities. [any units]

    Returns
    -------
    SmoothDesign or None
        None when none of the quantities varies.

    Examples
    --------
    >>> smooth_design(np.array([[0.0], [1.0], [1.0], [0.0]])).columns.tolist()  # two values: a column for each
    [[0.5, -0.5], [-0.5, 0.5], [-0.5, 0.5], [0.5, -0.5]]
    """
    varying = varying_columns(parameters)
    k = varying.shape[1]
    if k == 0:
        return None
    if k == 1:
        return _centred(*_smooth(varying[:, 0], KNOTS_OF_ONE))
    if k in KNOTS_OF_SEVERAL:
        return _tensor([_smooth(x, KNOTS_OF_SEVERAL[k]) for x in varying.T])
    return _main_and_pairs(varying)


def varying_columns(parameters: Array) -> Array:
    """Quantities that vary, standardised; of several that are linear in one another only the first.

    Parameters
    ----------
    parameters : Array (draw, k)
        Values of the quantities. [any units]

    Returns
    -------
    Array (draw, at most k)
        Mean 0 and variance 1. [1]

    Examples
    --------
    >>> varying_columns(np.array([[1.0, 5.0, 10.0], [3.0, 5.0, 30.0]])).tolist()  # the second never varies
    [[-1.0], [1.0]]
    """
    kept: list[Array] = []
    for x in parameters.T:
        deviation = float(x.std())
        if deviation <= 1e-12 * max(1.0, float(np.abs(x).max())):
            continue
        z = (x - x.mean()) / deviation
        if not any(abs(float(np.mean(z * other))) > 1.0 - 1e-10 for other in kept):
            kept.append(z)
    return np.stack(kept, axis=1) if kept else np.empty((len(parameters), 0))


def _smooth(x: Array, intervals: int) -> tuple[Array, Array]:
    """Return columns of a smooth function of one quantity, and their roughness (second differences)."""
    values = np.unique(x)
    if len(values) <= FEW_VALUES:
        return (x[:, np.newaxis] == values).astype(np.float64), 1e-6 * np.eye(len(values))
    knots = np.unique(np.quantile(x, np.linspace(0.0, 1.0, intervals + 1)))
    columns = b_splines(x, knots)
    return columns, _roughness(columns.shape[1], knots)


def b_splines(x: Array, knots: Array) -> Array:
    """Cubic B-splines on knots, by de Boor's recursion.

    Parameters
    ----------
    x : Array (draw,)
        Between the first and the last knot. [any unit]
    knots : Array (knot,)
        Rising, the ends included. [the same unit]

    Returns
    -------
    Array (draw, knot + 2)
        Each row adds up to 1. [1]

    Examples
    --------
    >>> b_splines(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0])).tolist()[1]
    [0.125, 0.375, 0.375, 0.125]
    """
    full = _with_repeated_ends(knots)
    last = len(knots) - 2
    interval = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, last)
    columns = np.zeros((len(x), len(knots) + DEGREE - 1))
    local = np.zeros((len(x), DEGREE + 1))
    local[:, 0] = 1.0
    at = interval + DEGREE
    for degree in range(1, DEGREE + 1):
        saved = np.zeros(len(x))
        for j in range(degree):
            right, left = full[at + j + 1] - x, x - full[at + 1 - degree + j]
            share = local[:, j] / (right + left)
            local[:, j] = saved + right * share
            saved = left * share
        local[:, degree] = saved
    rows = np.arange(len(x))
    for j in range(DEGREE + 1):
        columns[rows, interval + j] = local[:, j]
    return columns


def _roughness(count: int, knots: Array) -> Array:
    """Return second differences of the coefficients over the places of their splines (Greville's), squared."""
    full = _with_repeated_ends(knots)
    places = np.array([full[i + 1 : i + 1 + DEGREE].mean() for i in range(count)])
    slopes = np.diff(np.eye(count), axis=0) / np.diff(places)[:, np.newaxis]
    bends = np.diff(slopes, axis=0)
    return np.asarray(bends.T @ bends, dtype=np.float64)


def _with_repeated_ends(knots: Array) -> Array:
    return np.concatenate([np.repeat(knots[0], DEGREE), knots, np.repeat(knots[-1], DEGREE)])


def _tensor(smooths: list[tuple[Array, Array]]) -> SmoothDesign:
    """Return every product of columns; roughness along each quantity."""
    columns, penalty = smooths[0][0], _scaled(smooths[0][1])
    for more, rough in smooths[1:]:
        n, left, right = len(columns), columns.shape[1], more.shape[1]
        columns = (columns[:, :, np.newaxis] * more[:, np.newaxis, :]).reshape(n, left * right)
        penalty = np.kron(penalty, np.eye(right)) + np.kron(np.eye(left), _scaled(rough))
    return _centred(columns, penalty)


def _main_and_pairs(x: Array) -> SmoothDesign:
    """Return splines of each quantity, and products of pairs: straight x straight, bent x straight, straight x bent."""
    smooths = [_smooth(column, MAIN_KNOTS) for column in x.T]
    mains = [columns for columns, _ in smooths]
    penalties = [_scaled(rough) for _, rough in smooths]
    pairs = list(combinations(range(x.shape[1]), 2))[:MOST_PAIRS]
    bent = (x**2 - 1.0) / np.sqrt(2.0)
    products = [p for i, j in pairs for p in (x[:, i] * x[:, j], bent[:, i] * x[:, j], x[:, i] * bent[:, j])]
    columns = np.concatenate([*mains, *([np.stack(products, axis=1)] if products else [])], axis=1)
    penalty = np.zeros((columns.shape[1], columns.shape[1]))
    start = 0
    for rough in penalties:
        penalty[start : start + len(rough), start : start + len(rough)] = rough
        start += len(rough)
    penalty[start:, start:] = np.eye(columns.shape[1] - start)
    return _centred(columns, penalty)


def _scaled(rough: Array) -> Array:
    return rough / max(float(np.trace(rough)) / len(rough), 1e-300)


def _centred(columns: Array, penalty: Array) -> SmoothDesign:
    return SmoothDesign(columns - columns.mean(axis=0), penalty)
