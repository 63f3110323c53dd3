"""Area under a survival curve by Gauss-Legendre quadrature, for families without a closed form.

Each panel's nodes are taken together and summed row by row, so that a row's result does not depend on the rows
computed with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np

from netcea.arrays import Array

Grading: TypeAlias = Literal["even", "start", "both"]

NODES = 14
LOG_RANGE = 40.0
"""The first panel begins at t exp(-40): what lies before is below 1e-17 of t."""


@lru_cache(maxsize=32)
def _rule(panels: int, grading: Grading) -> tuple[tuple[Array, Array], ...]:
    """Return (positions, weights) on 0 to 1 of each panel; they are finer at the start, or at both ends, if graded."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    v = (np.arange(panels)[:, np.newaxis] + (x + 1.0) / 2.0) / panels
    weights = np.tile(w / 2.0 / panels, (panels, 1))
    if grading == "start":
        v, weights = v**2, weights * 2.0 * v
    elif grading == "both":
        v, weights = v**2 * (3.0 - 2.0 * v), weights * 6.0 * v * (1.0 - v)
    return tuple(zip(v, weights, strict=True))


def integral(
    function: Callable[[Array], Array], lower: Array, upper: Array, panels: int, grading: Grading = "even"
) -> Array:
    """Integral of a smooth function between two limits, elementwise, by Gauss-Legendre quadrature.

    Parameters
    ----------
    function : callable (x) -> Array
        Elementwise. [any unit]
    lower : Array (draw, time)
        Finite. [unit of x]
    upper : Array (draw, time)
        Finite; both limits broadcast. [unit of x]
    panels : int
        Each has 14 Gauss-Legendre nodes.
    grading : {'even', 'start', 'both'}
        Equal panels, or panels that grow quadratically from the lower limit, or from both.

    Returns
    -------
    Array (draw, time)
        [unit of the function x unit of x]

    Examples
    --------
    >>> round(float(integral(np.exp, np.array(0.0), np.array(1.0), panels=1)), 12)  # e - 1
    1.718281828459
    """
    lower, width = np.broadcast_arrays(lower, np.asarray(upper - lower))
    whole = (*lower.shape[:-1], -1)
    total: Array = np.zeros(())
    for positions, weights in _rule(panels, grading):
        x = lower[..., np.newaxis] + width[..., np.newaxis] * positions
        values = function(x.reshape(whole) if lower.ndim else x)
        values = values.reshape(*values.shape[:-1], -1, NODES)
        total = total + np.einsum("...j,j->...", values, weights)
    return np.asarray(width * (total if lower.ndim or total.ndim > 1 else total[0]))


def area(survival: Callable[[Array], Array], t: Array) -> Array:
    """Area under a survival curve from 0 to t, by quadrature on panels of equal width in log time.

    A survival that falls like t^shape with shape < 1 at t = 0 is smooth in log time. Accurate to 1e-10 for
    curves whose log time spreads over 0.1 or more and that have no kink.

    Parameters
    ----------
    survival : callable (t) -> Array
        S(t), elementwise. [share]
    t : Array (draw, time)
        From 0, finite. [unit of time]

    Returns
    -------
    Array (draw, time)
        [unit of time]

    Examples
    --------
    >>> round(float(area(lambda t: np.exp(-t), np.array(1.0))), 12)  # 1 - 1/e
    0.632120558829
    """
    t = np.asarray(t, dtype=np.float64)
    last = np.log(np.where(t > 0.0, t, 1.0))

    def in_log_time(x: Array) -> Array:
        u = np.exp(x)
        return np.asarray(survival(u) * u)

    return np.where(t > 0.0, integral(in_log_time, last - LOG_RANGE, last, panels=120), 0.0)


def area_from(survival: Callable[[Array], Array], start: float, t: Array, panels: int = 64) -> Array:
    """Area under a survival curve from ``start`` to t, by quadrature on panels of equal width in log time.

    Parameters
    ----------
    survival : callable (t) -> Array
        S(t), elementwise. [share]
    start : float
        Above 0. [unit of time]
    t : Array (draw, time)
        Finite. [unit of time]
    panels : int
        Each has 14 Gauss-Legendre nodes.

    Returns
    -------
    Array (draw, time)
        0 where t is not later than ``start``. [unit of time]

    Examples
    --------
    >>> round(float(area_from(lambda t: np.exp(-t), 1.0, np.array(2.0))), 12)  # exp(-1) - exp(-2)
    0.232544157935
    """
    ratio = np.log(np.maximum(t, start) / start)

    def in_log_time(x: Array) -> Array:
        u = start * np.exp(x)
        return np.asarray(survival(u) * u)

    return integral(in_log_time, np.zeros(()), ratio, panels)
