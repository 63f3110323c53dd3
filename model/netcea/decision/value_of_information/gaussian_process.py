"""Gaussian-process regression for groups of quantities: a length-scale for each, by marginal likelihood.

The process with a linear mean and a squared-exponential covariance is fitted on all draws through inducing points,
which makes it a penalised regression on the columns k(x, points) with the penalty k(points, points); the noise is
chosen by GCV like the smoothness of splines. Length-scales maximise the marginal likelihood of a subset of draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.decision.value_of_information.basis import SmoothDesign, Standardised, varying_columns
from netcea.decision.value_of_information.columns import BlockedColumns
from netcea.decision.value_of_information.regression import Fit, orthonormal, penalised_fits

SUBSET: Final = 250
"""Draws on which length-scales are chosen."""
INDUCING_POINTS: Final = 300
"""Draws at which the process is represented."""
FIRST_GUESSES: Final = (1.0, 4.0)
"""First guesses of the length-scales, in standard deviations (times the root of their number)."""


@dataclass(frozen=True)
class ProcessColumns(BlockedColumns):
    """The constant, straight lines, and how near each draw is to every inducing point.

    Attributes
    ----------
    quantities : tuple of Standardised
        [standard deviations]
    scales : Array (k,)
        Length-scale of each. [standard deviations]
    points : Array (point, k)
        Inducing points. [length-scales]

    References
    ----------
    Strong, Oakley, Brennan (2014), Med Decis Making 34:311-326.
    """

    quantities: tuple[Standardised, ...]
    scales: Array
    points: Array

    @property
    def draws(self) -> int:
        """Number of rows."""
        return len(self.quantities[0].x)

    @property
    def constant(self) -> Array:
        """Coefficients whose columns add up to 1 in every draw, Array (column,). [1]"""
        return np.asarray(np.arange(1 + len(self.scales) + len(self.points)) == 0, dtype=np.float64)

    def block(self, rows: slice) -> Array:
        """Columns of some draws, Array (column, row)."""
        x = _matrix(self.quantities, rows)
        return np.concatenate([np.ones((1, len(x))), x.T, _kernel(self.points, x / self.scales)])


def process_fits(quantities: Sequence[Array], responses: Array) -> list[Fit]:
    """Gaussian-process regression of each response on some quantities.

    Parameters
    ----------
    quantities : sequence of Array (draw,)
        Values of each. [any units]
    responses : Array (response, draw)
        Differences in net benefit. [GBP]

    Returns
    -------
    list of Fit
        One for each response. [GBP]

    References
    ----------
    Strong, Oakley, Brennan (2014), Med Decis Making 34:311-326.
    """
    x = varying_columns(quantities)
    return [penalised_fits(orthonormal(_design(x, y)).held(), y[np.newaxis])[0] for y in responses]


def _design(quantities: Sequence[Standardised], y: Array) -> SmoothDesign:
    n, k = len(y), len(quantities)
    every = np.linspace(0, n - 1, min(SUBSET, n)).astype(np.intp)
    scales = length_scales(_matrix(quantities, every), y[every])
    points = _matrix(quantities, np.linspace(0, n - 1, min(INDUCING_POINTS, n)).astype(np.intp)) / scales
    columns = ProcessColumns(tuple(quantities), scales, points)
    penalty = np.zeros((1 + k + len(points), 1 + k + len(points)))
    penalty[1 + k :, 1 + k :] = _kernel(points, points)
    return SmoothDesign(columns, penalty)


def _matrix(quantities: Sequence[Standardised], rows: slice | NDArray[np.intp]) -> Array:
    """Return some draws of quantities, Array (row, k)."""
    return np.stack([quantity[rows] for quantity in quantities], axis=1)


def length_scales(x: Array, y: Array) -> Array:
    """Length-scale of each quantity, over which net benefit changes, with the highest marginal likelihood.

    Parameters
    ----------
    x : Array (draw, k)
        Standardised quantities. [standard deviations]
    y : Array (draw,)
        Difference in net benefit. [GBP]

    Returns
    -------
    Array (k,)
        0.05 to 50. [standard deviations]
    """
    from scipy.optimize import minimize

    n, k = x.shape
    lines = np.concatenate([np.ones((n, 1)), x], axis=1)
    rest = y - lines @ np.linalg.lstsq(lines, y, rcond=None)[0]
    deviation = float(rest.std())
    if deviation <= 1e-12 * max(float(np.abs(y).max()), 1e-300):
        return np.full(k, 10.0)
    z = rest / deviation
    squared = (x[:, np.newaxis, :] - x[np.newaxis, :, :]) ** 2
    bounds = [*[(np.log(0.05), np.log(50.0))] * k, (np.log(1e-3), np.log(1e2)), (np.log(1e-4), np.log(2.0))]
    best = None
    for start in FIRST_GUESSES:
        first = np.concatenate([np.full(k, np.log(start * np.sqrt(k))), [0.0, np.log(0.5)]])
        found = minimize(
            _minus_log_likelihood,
            first,
            (squared, z),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 40},
        )
        if best is None or found.fun < best.fun:
            best = found
    return np.asarray(np.exp(best.x[:k]) if best is not None else np.ones(k), dtype=np.float64)


def _minus_log_likelihood(logs: Array, squared: Array, z: Array) -> tuple[float, Array]:
    """Return minus the log marginal likelihood and its gradient; logs of length-scales, variance, noise variance."""
    n, k = len(z), squared.shape[2]
    inverse = np.exp(-2.0 * logs[:k])
    kernel = np.exp(logs[k]) * np.exp(-0.5 * squared @ inverse)
    noise = np.exp(logs[k + 1])
    lower = np.linalg.cholesky(kernel + (noise + 1e-8) * np.eye(n))
    whole = np.linalg.inv(lower)
    precision = whole.T @ whole
    alpha = precision @ z
    value = 0.5 * float(z @ alpha) + float(np.log(np.diag(lower)).sum())
    outer = precision - np.outer(alpha, alpha)
    weighted = outer * kernel
    gradient = np.empty(k + 2)
    gradient[:k] = 0.5 * np.einsum("ij,ijk->k", weighted, squared) * inverse
    gradient[k] = 0.5 * float(weighted.sum())
    gradient[k + 1] = 0.5 * noise * float(np.trace(outer))
    return value, gradient


def _kernel(x: Array, points: Array) -> Array:
    squared = (x**2).sum(axis=1)[:, np.newaxis] + (points**2).sum(axis=1) - 2.0 * x @ points.T
    return np.asarray(np.exp(-0.5 * np.maximum(squared, 0.0)), dtype=np.float64)
