"""The maximum of a log-likelihood by Newton's method, which goes by the scores where the Hessian does not curve down."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.log_likelihood import At
from netcea.fitting.published_figures import NotIdentified

STEPS = 200
SMALLEST_EIGENVALUE = 1e-11
"""Of the information scaled to ones on its diagonal: below it the data do not tell parameters apart."""


class Maximum(NamedTuple):
    """Where a log-likelihood is highest.

    Attributes
    ----------
    parameters : Array (parameter,)
        [real line]
    at : At
        The log-likelihood there.
    covariance : Array (parameter, parameter)
        Inverse of the observed information. [squares of the same]
    """

    parameters: Array
    at: At
    covariance: Array


def maximise(log_likelihood: Callable[[Array], At], start: Array) -> Maximum:
    """Climb to the nearest maximum of a log-likelihood.

    Parameters
    ----------
    log_likelihood : callable Array (parameter,) -> At
        [log]
    start : Array (parameter,)
        From which to climb. [real line]

    Returns
    -------
    Maximum

    Raises
    ------
    NotIdentified
        No finite value at the start, no maximum, or a Hessian there that is not negative definite.

    Notes
    -----
    Steps solve (I + c S) step = gradient, I the observed information and S the sum of the outer products of the
    scores, c raised until the step is uphill and gains; all of it is the same in any units of the parameters.

    References
    ----------
    Berndt, Hall, Hall and Hausman (1974), Annals of Economic and Social Measurement 3:653-665.
    Levenberg (1944), Quarterly of Applied Mathematics 2:164-168.

    Examples
    --------
    >>> def normal(x):  # log density of a standard normal around 3
    ...     return At(-0.5 * float((x[0] - 3.0) ** 2), 3.0 - x, -np.eye(1), np.eye(1))
    >>> found = maximise(normal, np.zeros(1))
    >>> found.parameters.tolist(), found.covariance.tolist()
    ([3.0], [[1.0]])
    """
    theta, damping = np.asarray(start, dtype=np.float64), 0.0
    here = log_likelihood(theta)
    if not here.is_finite:
        raise NotIdentified("the likelihood is not finite where the search begins")
    for _ in range(STEPS):
        step = _step(here, damping)
        gain = 0.0 if step is None else float(here.gradient @ step)
        if step is not None and damping == 0.0 and gain < 1e-18 * (1.0 + abs(here.value)):
            return Maximum(theta, here, covariance_of(here.hessian))
        there = None if step is None else log_likelihood(theta + step)
        rounding = 1e-13 * (1.0 + abs(here.value))
        if step is None or there is None or not there.is_finite or there.value < here.value + 1e-4 * gain - rounding:
            if damping > 1e12:
                break
            damping = max(10.0 * damping, 1e-3)
        else:
            settled = damping == 0.0 and gain < 1e-11
            theta, here = theta + step, there
            damping = 0.0 if damping < 1e-2 else damping / 10.0
            if settled:
                return Maximum(theta, here, covariance_of(here.hessian))
    if damping > 1e12 and _decrement(here) < 1e-9:
        return Maximum(theta, here, covariance_of(here.hessian))
    raise NotIdentified(f"the likelihood has no maximum: after {STEPS} steps it still rises")


def _step(at: At, damping: float) -> Array | None:
    """Return the step, or None where it would not lead uphill."""
    ridge = at.scores + np.diag(1e-8 * np.diag(at.scores) + 1e-300)
    try:
        root = np.linalg.cholesky(-at.hessian + damping * ridge)
    except np.linalg.LinAlgError:
        return None
    step = np.linalg.solve(root.T, np.linalg.solve(root, at.gradient))
    return step if np.isfinite(step).all() else None


def _decrement(at: At) -> float:
    step = _step(at, 0.0)
    return np.inf if step is None else float(at.gradient @ step)


def covariance_of(hessian: Array) -> Array:
    """Covariance of maximum likelihood estimates: the inverse of the observed information.

    Parameters
    ----------
    hessian : Array (parameter, parameter)
        Of the log-likelihood at its maximum. [log / parameter^2]

    Returns
    -------
    Array (parameter, parameter)
        [squares of the parameters]

    Raises
    ------
    NotIdentified
        The information is not positive definite.

    Examples
    --------
    >>> covariance_of(np.diag([-4.0, -1.0])).tolist()
    [[0.25, 0.0], [0.0, 1.0]]
    """
    information = -hessian
    diagonal = np.diag(information)
    if not (diagonal > 0.0).all():
        raise NotIdentified("the information is not positive definite: the likelihood is flat in a parameter")
    scale = 1.0 / np.sqrt(diagonal)
    correlated = information * np.outer(scale, scale)
    smallest = float(np.linalg.eigvalsh(correlated)[0])
    if smallest < SMALLEST_EIGENVALUE:
        raise NotIdentified(
            f"the information is not positive definite (smallest eigenvalue {smallest:.1e}): the data do not tell the "
            "parameters apart"
        )
    inverse = np.linalg.inv(correlated) * np.outer(scale, scale)
    return np.asarray((inverse + inverse.T) / 2.0, dtype=np.float64)
