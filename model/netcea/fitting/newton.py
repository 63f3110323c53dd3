"""The maximum of a log-likelihood by Newton's method, which leaves saddles and flat ridges uphill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.log_likelihood import At
from netcea.fitting.published_figures import NotIdentified
from netcea.plain_number import read
from netcea.survival.elementwise import quietly

STEPS = 100
HALVINGS = 40
IDLE_STEPS = 8
"""In a row that gain nothing where the Hessian does not curve down: the likelihood rises towards no maximum."""
ENOUGH = 1e-11
"""Gain of the last step. [log]"""
SMALLEST_EIGENVALUE = 1e-11
"""Of the information scaled to ones on its diagonal: below it the data do not tell parameters apart."""

RUNNING: Final = 0.5
"""Newton's step that is no rounding: an e-fold of a rate or of odds, nearly. [real line]"""


class NoMaximum(NotIdentified):
    """The likelihood still rises where the search was given up.

    Parameters
    ----------
    parameters : Array (parameter,)
        Until there. [real line]
    value : float
        The log-likelihood there. [log]
    """

    def __init__(self, parameters: Array, value: float) -> None:
        super().__init__("the likelihood has no maximum")
        self.parameters, self.value = parameters, value


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


@quietly
def maximise(log_likelihood: Callable[[Array], At], start: Array, enough: float = ENOUGH) -> Maximum:
    """Climb to the nearest maximum of a log-likelihood.

    Parameters
    ----------
    log_likelihood : callable Array (parameter,) -> At
        [log]
    start : Array (parameter,)
        From which to climb. [real line]
    enough : float
        What a step gains that is the last; by a step of Newton's the next gains about its square. [log]

    Returns
    -------
    Maximum
        With the covariance there.

    Raises
    ------
    NotIdentified
        No finite value at the start, no maximum, or a Hessian there that is not negative definite.

    Notes
    -----
    Newton's steps where the Hessian curves down. Elsewhere its curvatures, measured by the sum S of the outer products
    of the scores, are taken by their size: with S = R R', the step is R^-T V |L|^-1 V' R^-1 gradient, V and L of the
    eigenvalues of -R^-1 H R^-T. Either is the same in any units of the parameters.

    References
    ----------
    Berndt, Hall, Hall and Hausman (1974), Annals of Economic and Social Measurement 3:653-665.
    Dauphin et al. (2014), Advances in Neural Information Processing Systems 27: steps that leave saddles.

    Examples
    --------
    >>> def normal(x):  # log density of a standard normal around 3
    ...     return At(-0.5 * float((x[0] - 3.0) ** 2), 3.0 - x, -np.eye(1), np.eye(1))
    >>> found = maximise(normal, np.zeros(1))
    >>> found.parameters.tolist(), found.covariance.tolist()
    ([3.0], [[1.0]])
    """
    climb = _Climb(log_likelihood, np.asarray(start, dtype=np.float64), enough)
    for _ in range(STEPS):
        if climb.is_over():
            return Maximum(climb.theta, climb.here, covariance_of(climb.here.hessian))
    raise NoMaximum(climb.theta, climb.here.value)


@dataclass
class _Climb:
    """Steps uphill, each halved until it gains a part of what it should."""

    log_likelihood: Callable[[Array], At]
    theta: Array
    enough: float

    def __post_init__(self) -> None:
        self.here = self.log_likelihood(self.theta)
        if not self.here.is_finite:
            raise NotIdentified("the likelihood is not finite where the search begins")
        self.idle = 0

    def is_over(self) -> bool:
        """Say whether the maximum is reached; go one step where it is not."""
        step, curves_down = _step(self.here)
        gain = float(self.here.gradient @ step)
        rounding = 1e-13 * (1.0 + abs(self.here.value))
        if curves_down and gain < 1e-5 * rounding:
            return True
        for halving in range(HALVINGS):
            length = 0.5**halving
            there = self.log_likelihood(self.theta + length * step)
            if there.is_finite and there.value >= self.here.value + 1e-4 * length * gain - rounding:
                break
        else:
            if curves_down and gain < 1e-9:  # what is left is rounding
                return True
            raise NoMaximum(self.theta, self.here.value)
        idle = not curves_down and there.value - self.here.value < 1e-10
        self.idle = self.idle + 1 if idle else 0
        self.theta, self.here = self.theta + length * step, there
        if self.idle == IDLE_STEPS:
            raise NoMaximum(self.theta, self.here.value)
        return curves_down and length == 1.0 and gain < self.enough


def runs_away(at: At) -> int | None:
    """Parameter that goes on to an end of its real line where a likelihood has all but levelled off.

    Towards such an end a likelihood rises like 1 - exp(-x): its gain dies away, but Newton's step stays as long as the
    whole unit in which the gain falls.

    Parameters
    ----------
    at : At
        Where a search ended.

    Returns
    -------
    int or None
        None where the steps have died away with the gain: a maximum. [1]

    Examples
    --------
    >>> far = At(0.0, np.array([-1e-14]), np.array([[-1e-14]]), np.eye(1))
    >>> runs_away(far), runs_away(far._replace(gradient=np.array([-1e-18])))
    (0, None)
    """
    step, curves_down = _step(at)
    furthest = int(np.abs(step).argmax())
    return furthest if curves_down and abs(float(step[furthest])) > RUNNING else None


def _step(at: At) -> tuple[Array, bool]:
    """Return the step uphill, and whether it is Newton's own: the likelihood curves down in every direction."""
    try:
        root = np.linalg.cholesky(-at.hessian)
        return np.linalg.solve(root.T, np.linalg.solve(root, at.gradient)), True
    except np.linalg.LinAlgError:
        pass
    size = np.sqrt(np.maximum(np.diag(at.scores), 1e-300))
    root = np.linalg.cholesky(at.scores / np.outer(size, size) + 1e-8 * np.eye(len(size)))
    inverse = np.linalg.inv(root) / size
    scaled = inverse @ -at.hessian @ inverse.T
    if not np.isfinite(scaled).all():  # a direction without any score: numbers beyond all bounds
        return at.gradient / max(float(np.linalg.norm(at.gradient)), 1.0), False
    curvature, axes = np.linalg.eigh(scaled)
    along = axes.T @ (inverse @ at.gradient)
    step = inverse.T @ (axes @ (along / np.maximum(np.abs(curvature), 1e-4)))
    return np.asarray(step, dtype=np.float64), False


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
            f"the information is not positive definite (smallest eigenvalue {read(smallest, 2)}): the data do not tell "
            "the parameters apart"
        )
    inverse = np.linalg.inv(correlated) * np.outer(scale, scale)
    return np.asarray((inverse + inverse.T) / 2.0, dtype=np.float64)
