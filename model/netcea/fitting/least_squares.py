"""Parameters that meet published figures exactly, or weigh them against each other, with their covariance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.numerics import jacobian
from netcea.fitting.published_figures import NotIdentified


class Estimated(NamedTuple):
    """Parameters that meet published figures best.

    Attributes
    ----------
    parameters : Array (parameter,)
        [real line]
    covariance : Array (parameter, parameter)
        [squares of the same]
    influence : Array (parameter, figure)
        Derivatives of the parameters by the figures. [real line / working scale]
    chi_square : float
        Of the misses, weighed by the figures' covariance. [1]
    """

    parameters: Array
    covariance: Array
    influence: Array
    chi_square: float


MOST_ALIKE = 1e8
"""Condition of the figures' derivatives from which they leave a direction of the parameters open."""


DAMPED_STEPS = 80
MOST_DAMPED = 1e12
NOTHING_GAINED = 1e-12
"""What a step gains of the sum of squares, as a share, that is the last that is damped."""
NOTHING_MISSED = 1e-20
"""The same where all figures are met."""
AGREED = 1e-9
"""Difference of sums of squares of two searches that have led to the same."""


def estimate(
    modelled: Callable[[Array], Array],
    published: Array,
    covariance: Array,
    starts: Sequence[Array],
    slopes: Callable[[Array], Array] | None = None,
    names: Sequence[str] = (),
    agreeing: int = 2,
) -> Estimated:
    """Return the parameters that meet published figures best, their covariance, and how they follow the figures.

    As many figures as parameters are met exactly, more are weighed against each other by their covariance.

    Parameters
    ----------
    modelled : callable Array (parameter,) -> Array (figure,)
        What parameters say of the figures. [as published]
    published : Array (figure,)
        The figures, on the scale on which their errors are normal. [any]
    covariance : Array (figure, figure)
        Theirs. [squares of the same]
    starts : sequence of Array (parameter,)
        From which to look: where figures are weighed the lowest sum of all, where they are met the first that gets
        there. [real line]
    slopes : callable Array (parameter,) -> Array (figure, parameter), optional
        Derivatives of `modelled`; central differences when left out. [as published / real line]
    names : sequence of str
        Of the parameters, for messages.
    agreeing : int
        Searches from different starts that have to lead to the same before no other is tried. [1]

    Returns
    -------
    Estimated
        With the covariance of the parameters and how they follow the figures. [real line]

    Raises
    ------
    NotIdentified
        No parameters meet the figures, or many do; figures without error, or with an unknown one, to be weighed.

    Notes
    -----
    The estimate minimises (g - y)' V^-1 (g - y); with J the derivatives of g it follows the figures by B = J^-1 where
    they are met exactly and B = (J' V^-1 J)^-1 J' V^-1 where they are weighed; its covariance is B V B' (the delta
    method).

    Examples
    --------
    Two readings of one number, 1 and 2 with variances 1 and 4: (1 / 1 + 2 / 4) / (1 / 1 + 1 / 4) = 1.2, variance
    1 / 1.25 = 0.8, (0.2 / 1)^2 + (0.8 / 2)^2 = 0.2.

    >>> found = estimate(
    ...     lambda x: np.array([x[0], x[0]]), np.array([1.0, 2.0]), np.diag([1.0, 4.0]), [np.array([1.0])])
    >>> [round(float(x), 6) for x in (found.parameters[0], found.covariance[0, 0], found.chi_square)]
    [1.2, 0.8, 0.2]
    """
    exact = len(published) == len(starts[0])
    whitening = np.eye(len(published)) if exact else _whitening(covariance)

    def misses(x: Array) -> Array:
        return np.asarray(whitening @ (modelled(x) - published))

    def slope_of(x: Array) -> Array:
        return np.asarray(whitening @ (jacobian(modelled, x) if slopes is None else slopes(x)))

    theta = _best(misses, slope_of if slopes is not None else None, starts, agreeing, exact=exact)
    slope = slope_of(theta)
    _check_identified(slope, names)
    chi_square = 0.0 if exact else float(np.sum(misses(theta) ** 2))
    inverse = np.linalg.pinv(slope)
    influence = np.asarray(inverse @ whitening, dtype=np.float64)
    found = inverse @ (covariance if exact else np.eye(len(published))) @ inverse.T
    return Estimated(theta, (found + found.T) / 2.0, influence, chi_square)


def _best(
    misses: Callable[[Array], Array],
    slopes: Callable[[Array], Array] | None,
    starts: Sequence[Array],
    agreeing: int,
    *,
    exact: bool,
) -> Array:
    """Return the best of what is found from several starts; raise what the last says where nothing is found."""
    found: list[tuple[float, Array]] = []
    for number, start in enumerate(starts, 1):
        try:
            theta = least_squares(misses, start, slopes, exact=exact)
        except NotIdentified:
            if not found and number == len(starts):
                raise
            continue
        if exact:
            return theta
        found.append((float(np.sum(misses(theta) ** 2)), theta))
        lowest = min(total for total, _ in found)
        if sum(total <= lowest + AGREED * (1.0 + lowest) for total, _ in found) >= agreeing:
            break
    return min(found, key=lambda pair: pair[0])[1]


def _check_identified(slope: Array, names: Sequence[str]) -> None:
    """Refuse figures that leave a direction of the parameters open, and name what is in it."""
    size = np.linalg.norm(slope, axis=0)
    scaled = slope / np.where(size > 0.0, size, 1.0)
    if np.all(np.isfinite(slope)) and np.all(size > 0.0) and np.linalg.cond(scaled) < MOST_ALIKE:
        return
    said = "the figures do not identify the curve: some say the same, or say nothing of its shape"
    if names and np.all(np.isfinite(slope)):
        open_way = np.abs(np.linalg.svd(scaled)[2][-1]) if np.all(size > 0.0) else (size == 0.0).astype(np.float64)
        which = [name for name, share in zip(names, open_way, strict=True) if share > 0.3 * open_way.max()]
        said += f" ({', '.join(which)}): add a figure at a time where they count"
    raise NotIdentified(said)


def _whitening(covariance: Array) -> Array:
    """Return the matrix that makes the figures' errors independent with variance 1."""
    if not np.all(np.isfinite(covariance)):
        raise NotIdentified("figures without an interval cannot be weighed against each other")
    try:
        return np.asarray(np.linalg.inv(np.linalg.cholesky(covariance)), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        if not np.all(np.diag(covariance) > 0.0):
            raise NotIdentified("figures without error cannot be weighed against each other") from error
        raise NotIdentified("by their correlations some figures follow from the others: leave one out") from error


def least_squares(
    misses: Callable[[Array], Array], start: Array, slopes: Callable[[Array], Array] | None = None, *, exact: bool
) -> Array:
    """Arguments with the smallest sum of squared misses, or with no miss at all.

    Parameters
    ----------
    misses : callable Array (argument,) -> Array (miss,)
        [any]
    start : Array (argument,)
        From which to look. [any]
    slopes : callable Array (argument,) -> Array (miss, argument), optional
        Derivatives of `misses`; central differences when left out. [any]
    exact : bool
        There are as many misses as arguments, and all are to be 0.

    Returns
    -------
    Array (argument,)
        [as the start]

    Raises
    ------
    NotIdentified
        There are no such arguments.

    Examples
    --------
    >>> least_squares(lambda x: np.array([x[0] ** 2 - 2.0]), np.array([1.0]), exact=True).round(6).tolist()
    [1.414214]
    """
    with np.errstate(all="ignore"):
        theta = _newton(misses, start, slopes) if exact else start
        miss = misses(theta)
        if not exact or not np.all(np.isfinite(miss)) or np.max(np.abs(miss)) > 1e-12:
            theta = _levenberg_marquardt(misses, start, slopes)
            theta = _newton(misses, theta, slopes) if exact else theta
            miss = misses(theta)
    if not np.all(np.isfinite(theta)) or not np.all(np.isfinite(miss)) or (exact and not np.max(np.abs(miss)) < 1e-9):
        raise NotIdentified("no curve of this family goes through the figures")
    return theta


def _newton(misses: Callable[[Array], Array], start: Array, slopes: Callable[[Array], Array] | None = None) -> Array:
    """Return where Newton's method leads from a start, steps of at most 1; scipy is not needed where it gets there."""
    theta = start
    for _ in range(40):
        miss = misses(theta)
        if not np.all(np.isfinite(miss)) or np.max(np.abs(miss)) < 1e-15:
            break
        try:
            step = np.linalg.solve(jacobian(misses, theta) if slopes is None else slopes(theta), miss)
        except np.linalg.LinAlgError:
            break
        if not np.all(np.isfinite(step)):
            break
        theta = theta - step / max(1.0, float(np.max(np.abs(step))))
        if np.max(np.abs(step)) < 1e-15 * max(1.0, float(np.max(np.abs(theta)))):
            break
    return theta


def _levenberg_marquardt(
    misses: Callable[[Array], Array], start: Array, slopes: Callable[[Array], Array] | None = None
) -> Array:
    if slopes is not None:
        return _damped(misses, start, slopes)
    from scipy import optimize

    def finite(x: Array) -> Array:
        return np.nan_to_num(misses(x), nan=1e3, posinf=1e3, neginf=-1e3)

    found = optimize.least_squares(finite, start, x_scale="jac", ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=2000)
    return np.asarray(found.x, dtype=np.float64)


def _damped(misses: Callable[[Array], Array], start: Array, slopes: Callable[[Array], Array]) -> Array:
    """Return where Gauss and Newton's steps lead that are damped until they gain (Levenberg and Marquardt).

    A step is (J'J + d diag(J'J))^-1 J' miss; d falls where it gains and rises where it does not.
    """
    theta: Array = start
    miss, damping = misses(start), 1e-3
    for _ in range(DAMPED_STEPS):
        slope = slopes(theta)
        square, downhill = slope.T @ slope, slope.T @ miss
        if not np.all(np.isfinite(square)) or not np.all(np.isfinite(downhill)):
            break
        before = float(miss @ miss)
        shift: Array = np.zeros(len(theta))
        while damping < MOST_DAMPED:
            added = np.diag(damping * np.maximum(np.diag(square), 1e-300))
            shift = np.asarray(np.linalg.lstsq(square + added, downhill, rcond=None)[0], dtype=np.float64)
            there = misses(theta - shift)
            if np.all(np.isfinite(there)) and float(there @ there) <= before:
                break
            damping *= 4.0
        else:
            break
        theta, miss, damping = np.asarray(theta - shift), there, max(damping / 9.0, 1e-15)
        if float(downhill @ shift) <= max(NOTHING_GAINED * before, NOTHING_MISSED):
            break
    return _polished(theta, misses, slopes)


def _polished(theta: Array, misses: Callable[[Array], Array], slopes: Callable[[Array], Array]) -> Array:
    """Return where Gauss and Newton's whole steps lead as long as each is shorter than the one before."""
    longest = np.inf
    for _ in range(DAMPED_STEPS):
        slope, miss = slopes(theta), misses(theta)
        if not np.all(np.isfinite(slope)) or not np.all(np.isfinite(miss)):
            break
        shift = np.linalg.lstsq(slope, miss, rcond=None)[0]
        length = float(np.max(np.abs(shift)))
        if not length < 0.9 * longest or length == 0.0:
            break
        theta, longest = np.asarray(theta - shift), length
        if length < 1e-14 * max(1.0, float(np.max(np.abs(theta)))):
            break
    return theta
