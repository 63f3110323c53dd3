"""Columns of a regression: cubic B-splines of one quantity, products of several; the roughness that is penalised."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from netcea.arrays import Array

DEGREE: Final = 3
FEW: Final = 12
"""A quantity with so few different values (counts) is a factor: one column for each value."""
KNOTS_OF_ONE: Final = 20
KNOTS_OF_SEVERAL: Final = {2: 6, 3: 3}
"""Number of quantities -> intervals between knots of each, where every product of columns is taken."""
MAIN_KNOTS: Final = 6
MOST_PAIRS: Final = 60
"""Larger groups: splines of each quantity, and products of straight and bent lines of pairs."""


@dataclass(frozen=True)
class Design:
    """Columns of a regression and what keeps them smooth.

    Attributes
    ----------
    columns : Array (draw, column)
        Without the constant; centred.
    penalty : Array (column, column)
        Roughness of coefficients b is b' penalty b.
    """

    columns: Array
    penalty: Array


def design(parameters: Array) -> Design | None:
    """Return the columns for some quantities; None when none of them varies.

    Parameters
    ----------
    parameters : Array (draw, k)
    """
    varying = distinct(parameters)
    k = varying.shape[1]
    if k == 0:
        return None
    if k == 1:
        return _centred(*_smooth(varying[:, 0], KNOTS_OF_ONE))
    if k in KNOTS_OF_SEVERAL:
        return _tensor([_smooth(x, KNOTS_OF_SEVERAL[k]) for x in varying.T])
    return _main_and_pairs(varying)


def distinct(parameters: Array) -> Array:
    """Return the columns that vary, each once, standardised."""
    kept: list[Array] = []
    for x in parameters.T:
        spread = float(x.std())
        if spread <= 1e-12 * max(1.0, float(np.abs(x).max())):
            continue
        z = (x - x.mean()) / spread
        if not any(abs(float(np.mean(z * other))) > 1.0 - 1e-10 for other in kept):
            kept.append(z)
    return np.stack(kept, axis=1) if kept else np.empty((len(parameters), 0))


def _smooth(x: Array, intervals: int) -> tuple[Array, Array]:
    """Return columns of a smooth function of one quantity, and their roughness (second differences)."""
    values = np.unique(x)
    if len(values) <= FEW:
        return (x[:, np.newaxis] == values).astype(np.float64), 1e-6 * np.eye(len(values))
    knots = np.unique(np.quantile(x, np.linspace(0.0, 1.0, intervals + 1)))
    columns = b_splines(x, knots)
    return columns, _roughness(columns.shape[1], knots)


def b_splines(x: Array, knots: Array) -> Array:
    """Return cubic B-splines on knots (rising, the ends included), Array (draw, knots + 2); each row adds up to 1.

    >>> b_splines(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0])).tolist()[1]
    [0.125, 0.375, 0.375, 0.125]
    """
    full = np.concatenate([np.repeat(knots[0], DEGREE), knots, np.repeat(knots[-1], DEGREE)])
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
    full = np.concatenate([np.repeat(knots[0], DEGREE), knots, np.repeat(knots[-1], DEGREE)])
    places = np.array([full[i + 1 : i + 1 + DEGREE].mean() for i in range(count)])
    slopes = np.diff(np.eye(count), axis=0) / np.diff(places)[:, np.newaxis]
    bends = np.diff(slopes, axis=0)
    return np.asarray(bends.T @ bends, dtype=np.float64)


def _tensor(smooths: list[tuple[Array, Array]]) -> Design:
    """Return every product of columns; roughness along each quantity."""
    columns, penalty = smooths[0][0], _scaled(smooths[0][1])
    for more, rough in smooths[1:]:
        n, left, right = len(columns), columns.shape[1], more.shape[1]
        columns = (columns[:, :, np.newaxis] * more[:, np.newaxis, :]).reshape(n, left * right)
        penalty = np.kron(penalty, np.eye(right)) + np.kron(np.eye(left), _scaled(rough))
    return _centred(columns, penalty)


def _main_and_pairs(x: Array) -> Design:
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


def _centred(columns: Array, penalty: Array) -> Design:
    return Design(columns - columns.mean(axis=0), penalty)
