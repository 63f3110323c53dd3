"""Roots and derivatives for the fits of published figures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from netcea.arrays import Array
from netcea.survival.fitting.figures import NotIdentified


def real(value: float, scale: str) -> float:
    """Return a parameter on its real line."""
    return float(np.log(value)) if scale == "log" else value


def jacobian(function: Callable[[Array], Array], at: Array) -> Array:
    """Return derivatives by central differences, (values, arguments).

    Examples
    --------
    >>> jacobian(lambda x: np.array([x[0] ** 2, x[0] * x[1]]), np.array([3.0, 2.0])).round(6).tolist()
    [[6.0, 0.0], [2.0, 3.0]]
    """
    columns = []
    for i in range(len(at)):
        step = 1e-5 * max(1.0, abs(at[i]))
        forward, backward = at.copy(), at.copy()
        forward[i] += step
        backward[i] -= step
        columns.append((function(forward) - function(backward)) / (2.0 * step))
    return np.array(columns).T


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function of one number is 0; it has opposite signs at both ends.

    Raises
    ------
    NotIdentified
        The same sign at both ends.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - the Weibull does without scipy

    if not function(low) * function(high) <= 0.0:
        raise NotIdentified("no curve of this family meets the figures")
    return float(brentq(function, low, high, xtol=1e-14, rtol=1e-14, maxiter=500))


def least_squares(misses: Callable[[Array], Array], start: Array, *, exact: bool) -> Array:
    """Return the arguments with the smallest sum of squares; `exact`: with no miss at all.

    Raises
    ------
    NotIdentified
        `exact`, and there is no such curve.
    """
    from scipy import optimize  # noqa: PLC0415 - closed forms do without scipy

    def finite(x: Array) -> Array:
        return np.nan_to_num(misses(x), nan=1e3, posinf=1e3, neginf=-1e3)

    with np.errstate(all="ignore"):
        found = optimize.least_squares(finite, start, x_scale="jac", ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=2000)
        theta = np.asarray(found.x, dtype=np.float64)
        for _ in range(20 if exact else 0):  # Newton to the last digits
            miss = misses(theta)
            if not np.all(np.isfinite(miss)) or np.max(np.abs(miss)) < 1e-15:
                break
            try:
                theta = theta - np.linalg.solve(jacobian(misses, theta), miss)
            except np.linalg.LinAlgError:
                break
        miss = misses(theta)
    if not np.all(np.isfinite(theta)) or (exact and not np.max(np.abs(miss)) < 1e-9):
        raise NotIdentified("no curve of this family goes through the figures")
    return theta
