"""Roots, derivatives and conditional means for the fits of published figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from netcea.arrays import Array
from netcea.fitting.published_figures import NotIdentified


def real(value: float, scale: str) -> float:
    """Parameter on its real line.

    Parameters
    ----------
    value : float
        On its published scale. [as the family says]
    scale : {'log', 'identity', 'logit'}
        Its real line.

    Returns
    -------
    float
        [log, logit, or as published]

    Examples
    --------
    >>> real(1.0, "log"), real(2.0, "identity"), real(0.5, "logit")
    (0.0, 2.0, 0.0)
    """
    if scale == "logit":
        return float(np.log(value) - np.log1p(-value))
    return float(np.log(value)) if scale == "log" else value


def jacobian(function: Callable[[Array], Array], at: Array) -> Array:
    """Derivatives of a function by central differences.

    Parameters
    ----------
    function : callable Array (argument,) -> Array (value,)
        [any]
    at : Array (argument,)
        [any]

    Returns
    -------
    Array (value, argument)
        Steps are 1e-5 of an argument, or 1e-5 where it is small. [value / argument]

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
    """Root of a function of one number, between two ends at which it has opposite signs.

    Parameters
    ----------
    function : callable float -> float
        Continuous. [any]
    low, high : float
        The ends. [any]

    Returns
    -------
    float
        To the last bits. [as the ends]

    Raises
    ------
    NotIdentified
        The same sign at both ends.

    Notes
    -----
    Ridders' method; scipy's own roots would cost a cold start 0.4 s.

    References
    ----------
    Ridders (1979), IEEE Trans. Circuits Syst. 26:979-980.

    Examples
    --------
    >>> round(root(lambda x: x**3 - 2.0, 0.0, 2.0), 12)
    1.259921049895
    """
    f_low, f_high = function(low), function(high)
    if not f_low * f_high <= 0.0:
        raise NotIdentified("no curve of this family meets the figures")
    for _ in range(200):
        middle = (low + high) / 2.0
        f_middle = function(middle)
        slope = np.sqrt(f_middle**2 - f_low * f_high)
        if slope == 0.0 or abs(high - low) <= 1e-15 * max(abs(low), abs(high)):
            return middle
        x = middle + (middle - low) * np.sign(f_low - f_high) * f_middle / slope
        f = function(x)
        if f == 0.0:
            return float(x)
        ends = sorted([(low, f_low), (middle, f_middle), (float(x), f), (high, f_high)])
        before = max(i for i in range(3) if ends[i][1] * ends[i + 1][1] <= 0.0)
        if (ends[before + 1][0] - ends[before][0]) >= (high - low) and f_middle * f_low > 0.0:
            break  # nothing gained: the last bits
        (low, f_low), (high, f_high) = ends[before], ends[before + 1]
    return (low + high) / 2.0


def conditional_shift(covariance: Array, given: Sequence[int], shift: Array) -> Array:
    """Return how far the means of jointly normal numbers move where some of them have moved.

    Parameters
    ----------
    covariance : Array (k, k)
        Of all, on the scale on which they are normal. [squares of that scale]
    given : sequence of int
        Which have moved.
    shift : Array (..., g)
        How far, in their order. [that scale]

    Returns
    -------
    Array (..., k)
        C_kg C_gg^+ shift; of those that have moved, exactly their shift. [that scale]

    Notes
    -----
    The pseudo-inverse leaves the others alone where a given number has no variance.

    References
    ----------
    Anderson (2003), An introduction to multivariate statistical analysis, 2.5.1: conditional normal distributions.

    Examples
    --------
    Standard deviations of 1 and 2, a correlation of 0.5: one more of the first means 0.5 x 2 / 1 more of the second.

    >>> conditional_shift(np.array([[1.0, 1.0], [1.0, 4.0]]), [0], np.array([1.0])).tolist()
    [1.0, 1.0]
    """
    given = list(given)
    slope = covariance[:, given] @ np.linalg.pinv(covariance[np.ix_(given, given)])
    moved = np.asarray(shift @ slope.T, dtype=np.float64)
    moved[..., given] = shift
    return moved
