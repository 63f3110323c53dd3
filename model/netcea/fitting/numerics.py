"""Roots and derivatives for the fits of published figures."""

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
    scale : {'log', 'identity'}
        Its real line.

    Returns
    -------
    float
        [log, or as published]

    Examples
    --------
    >>> real(1.0, "log"), real(2.0, "identity")
    (0.0, 2.0)
    """
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


def estimate(
    modelled: Callable[[Array], Array], published: Array, covariance: Array, start: Array
) -> tuple[Array, Array]:
    """Return the parameters that meet published figures best, and their covariance.

    As many figures as parameters are met exactly, more are weighed against each other by their covariance.

    Parameters
    ----------
    modelled : callable Array (parameter,) -> Array (figure,)
        What parameters say of the figures. [as published]
    published : Array (figure,)
        The figures, on the scale on which their errors are normal. [any]
    covariance : Array (figure, figure)
        Theirs. [squares of the same]
    start : Array (parameter,)
        From which to look. [real line]

    Returns
    -------
    parameters : Array (parameter,)
        [real line]
    covariance : Array (parameter, parameter)
        [squares of the same]

    Raises
    ------
    NotIdentified
        No parameters meet the figures, or many do; figures without error, or with an unknown one, to be weighed.

    Notes
    -----
    The estimate minimises (g - y)' V^-1 (g - y); with J the derivatives of g its covariance is J^-1 V J^-T where the
    figures are met exactly and (J' V^-1 J)^-1 where they are weighed (the delta method).

    Examples
    --------
    Two readings of one number, 1 and 2 with variances 1 and 4: (1 / 1 + 2 / 4) / (1 / 1 + 1 / 4) = 1.2, variance
    1 / 1.25 = 0.8.

    >>> at, variance = estimate(
    ...     lambda x: np.array([x[0], x[0]]), np.array([1.0, 2.0]), np.diag([1.0, 4.0]), np.array([1.0]))
    >>> round(float(at[0]), 6), round(float(variance[0, 0]), 6)
    (1.2, 0.8)
    """
    exact = len(published) == len(start)
    whitening = np.eye(len(published)) if exact else _whitening(covariance)
    theta = least_squares(lambda x: whitening @ (modelled(x) - published), start, exact=exact)
    slope = jacobian(modelled, theta)
    if not np.linalg.cond(slope / np.linalg.norm(slope, axis=0)) < 1e8:
        raise NotIdentified("the figures do not identify the curve: some say the same, or say nothing of its shape")
    inverse = np.linalg.pinv(whitening @ slope)
    found = inverse @ (covariance if exact else np.eye(len(published))) @ inverse.T
    return theta, (found + found.T) / 2.0


def _whitening(covariance: Array) -> Array:
    """Return the matrix that makes the figures' errors independent with variance 1."""
    if not np.all(np.isfinite(covariance)):
        raise NotIdentified("figures without an interval cannot be weighed against each other")
    try:
        return np.asarray(np.linalg.inv(np.linalg.cholesky(covariance)), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise NotIdentified("figures without error cannot be weighed against each other") from error


def least_squares(misses: Callable[[Array], Array], start: Array, *, exact: bool) -> Array:
    """Arguments with the smallest sum of squared misses, or with no miss at all.

    Parameters
    ----------
    misses : callable Array (argument,) -> Array (miss,)
        [any]
    start : Array (argument,)
        From which to look. [any]
    exact : bool
        There are as many misses as arguments, and all are to be 0.

    Returns
    -------
    Array (argument,)
        [as the start]

    Raises
    ------
    NotIdentified
        `exact`, and there are no such arguments.

    Examples
    --------
    >>> least_squares(lambda x: np.array([x[0] ** 2 - 2.0]), np.array([1.0]), exact=True).round(6).tolist()
    [1.414214]
    """
    with np.errstate(all="ignore"):
        theta = _newton(misses, start) if exact else start
        miss = misses(theta)
        if not exact or not np.all(np.isfinite(miss)) or np.max(np.abs(miss)) > 1e-12:
            theta = _levenberg_marquardt(misses, start)
            theta = _newton(misses, theta) if exact else theta
            miss = misses(theta)
    if not np.all(np.isfinite(theta)) or (exact and not np.max(np.abs(miss)) < 1e-9):
        raise NotIdentified("no curve of this family goes through the figures")
    return theta


def _newton(misses: Callable[[Array], Array], start: Array) -> Array:
    """Return where Newton's method leads from a start, steps of at most 1; scipy is not needed where it gets there."""
    theta = start
    for _ in range(40):
        miss = misses(theta)
        if not np.all(np.isfinite(miss)) or np.max(np.abs(miss)) < 1e-15:
            break
        try:
            step = np.linalg.solve(jacobian(misses, theta), miss)
        except np.linalg.LinAlgError:
            break
        if not np.all(np.isfinite(step)):
            break
        theta = theta - step / max(1.0, float(np.max(np.abs(step))))
        if np.max(np.abs(step)) < 1e-15 * max(1.0, float(np.max(np.abs(theta)))):
            break
    return theta


def _levenberg_marquardt(misses: Callable[[Array], Array], start: Array) -> Array:
    from scipy import optimize

    def finite(x: Array) -> Array:
        return np.nan_to_num(misses(x), nan=1e3, posinf=1e3, neginf=-1e3)

    found = optimize.least_squares(finite, start, x_scale="jac", ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=2000)
    return np.asarray(found.x, dtype=np.float64)


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
