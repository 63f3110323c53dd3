"""Arithmetic shared by the distributions: no warnings at the ends of the scale, no needless arrays."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array

LOG_2 = 0.6931471805599453

quietly = np.errstate(divide="ignore", over="ignore", invalid="ignore")
"""Decorator for functions whose limits (log 0, overflow to inf) are meant."""


def into(function: np.ufunc, a: Array, b: Array | float) -> Array:
    """Apply a binary function and store the result in its first argument where it fits.

    Examples
    --------
    >>> a = np.array([[1.0, 2.0]])
    >>> into(np.add, a, 1.0) is a
    True
    >>> into(np.add, a, np.array([[1.0], [2.0]])).shape
    (2, 2)
    """
    fits = isinstance(a, np.ndarray) and np.broadcast_shapes(a.shape, np.shape(b)) == a.shape
    result: Array = function(a, b, out=a) if fits else function(a, b)
    return result


def exp_into(a: Array) -> Array:
    """Return exp(a), stored in ``a``.

    Examples
    --------
    >>> float(exp_into(np.zeros(1))[0])
    1.0
    """
    return np.exp(a, out=a) if isinstance(a, np.ndarray) else np.asarray(np.exp(a))


@quietly
def hazard_to_reach(p: Array) -> Array:
    """Return the cumulative hazard at which a share p has failed: -log(1 - p).

    Examples
    --------
    >>> round(float(hazard_to_reach(np.array(0.5))), 4)
    0.6931
    """
    return np.asarray(-np.log1p(-np.asarray(p, dtype=np.float64)))


@quietly
def powered(exponent: Array, logarithm: Array) -> Array:
    """Return exp(exponent x logarithm), 1 where the exponent is 0 even if the logarithm is infinite.

    Examples
    --------
    >>> powered(np.array([0.0, 1.0]), np.array([-np.inf, 0.0])).tolist()
    [1.0, 1.0]
    """
    return np.asarray(np.exp(np.where(np.asarray(exponent) == 0.0, 0.0, exponent * logarithm)))


@quietly
def constant_hazard_area(hazard: Array, duration: Array) -> Array:
    """Return the area under exp(-hazard x u) for u from 0 to ``duration``; ``duration`` itself at hazard 0.

    Examples
    --------
    >>> round(float(constant_hazard_area(np.array(1.0), np.array(1.0))), 4)
    0.6321
    """
    x = np.asarray(hazard * duration)
    small = x < 1e-300
    return np.asarray(np.where(small, duration, duration * (-np.expm1(-x) / np.where(small, 1.0, x))))
