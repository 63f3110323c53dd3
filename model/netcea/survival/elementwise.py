"""Arithmetic that the families share: no warnings at the ends of the scale, no needless arrays."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array

LOG_2 = 0.6931471805599453

quietly = np.errstate(divide="ignore", over="ignore", invalid="ignore")
"""Decorator for functions whose limits (log 0, overflow to inf) are meant."""


def in_place(function: np.ufunc, a: Array, b: Array | float) -> Array:
    """Apply a binary function and store the result in its first argument where it fits.

    Parameters
    ----------
    function : numpy.ufunc
        Of two arguments.
    a : Array (draw, time) or (1, time)
        Not needed afterwards. [any unit]
    b : Array (draw, 1) or float
        The other argument. [any unit]

    Returns
    -------
    Array (draw, time)
        ``a`` itself where the result has its shape. [any unit]

    Examples
    --------
    >>> a = np.array([[1.0, 2.0]])
    >>> in_place(np.add, a, 1.0) is a
    True
    >>> in_place(np.add, a, np.array([[1.0], [2.0]])).shape
    (2, 2)
    """
    fits = isinstance(a, np.ndarray) and np.broadcast_shapes(a.shape, np.shape(b)) == a.shape
    result: Array = function(a, b, out=a) if fits else function(a, b)
    return result


def exp_in_place(a: Array) -> Array:
    """Return exp(a), Array of the same shape, stored in ``a``.

    Parameters
    ----------
    a : Array (draw, time)
        Not needed afterwards. [1]

    Examples
    --------
    >>> float(exp_in_place(np.zeros(1))[0])
    1.0
    """
    return np.exp(a, out=a) if isinstance(a, np.ndarray) else np.asarray(np.exp(a))


@quietly
def softplus(x: Array) -> Array:
    """Return log(1 + exp(x)), Array of the same shape, accurate at both ends. [1]

    Parameters
    ----------
    x : Array (draw, time)
        Any number. [1]

    Notes
    -----
    max(x, 0) + log(1 + exp(-|x|)): the three functions are vectorised where ``np.logaddexp`` is not, and it takes a
    third of its time.

    Examples
    --------
    >>> softplus(np.array([0.0, -np.inf, 800.0])).round(4).tolist()  # log 2
    [0.6931, 0.0, 800.0]
    """
    small = np.abs(x)
    small = exp_in_place(np.negative(small))
    small = np.log1p(small, out=small) if isinstance(small, np.ndarray) else np.asarray(np.log1p(small))
    return in_place(np.add, small, np.maximum(x, 0.0))


@quietly
def hazard_to_reach(p: Array) -> Array:
    """Return the cumulative hazard at which a share p has failed, -log(1 - p). [1]

    Parameters
    ----------
    p : Array (draw, share)
        0 to 1. [share]

    Examples
    --------
    >>> round(float(hazard_to_reach(np.array(0.5))), 4)  # log 2
    0.6931
    """
    return np.asarray(-np.log1p(-np.asarray(p, dtype=np.float64)))


@quietly
def power(exponent: Array, logarithm: Array) -> Array:
    """Return exp(exponent x logarithm), 1 where the exponent is 0 even if the logarithm is infinite. [1]

    Parameters
    ----------
    exponent : Array (draw, 1)
        Any number. [1]
    logarithm : Array (draw, time)
        Of what is raised to a power; -inf for 0. [1]

    Examples
    --------
    >>> power(np.array([0.0, 1.0]), np.array([-np.inf, 0.0])).tolist()  # 0^0, 1^1
    [1.0, 1.0]
    """
    return np.asarray(np.exp(np.where(np.asarray(exponent) == 0.0, 0.0, exponent * logarithm)))


@quietly
def constant_hazard_area(hazard: Array, duration: Array) -> Array:
    """Area under exp(-hazard u) for u from 0 to ``duration``, (1 - exp(-hazard duration)) / hazard.

    Parameters
    ----------
    hazard : Array (draw, 1)
        From 0. [1 / unit of time]
    duration : Array (draw, time)
        From 0. [unit of time]

    Returns
    -------
    Array (draw, time)
        ``duration`` itself at hazard 0. [unit of time]

    Examples
    --------
    >>> round(float(constant_hazard_area(np.array(1.0), np.array(1.0))), 4)  # 1 - 1/e
    0.6321
    """
    x = np.asarray(hazard * duration)
    small = x < 1e-300
    return np.asarray(np.where(small, duration, duration * (-np.expm1(-x) / np.where(small, 1.0, x))))
