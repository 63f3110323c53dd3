"""Switching from visit to visit: logistic regression pooled over the visits of all patients."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.natural_spline import natural_spline
from netcea.fitting.newton import SMALLEST_EIGENVALUE
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.switching.switchers import Switchers, Visits

STEPS: Final = 60
SEPARATED: Final = "the likelihood has no finite maximum: what was recorded tells who switches without doubt"
KNOTS: Final = (0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0)
"""Quantiles of the times of switching at which the cubic spline of time has its knots."""


class Logistic(NamedTuple):
    """A logistic regression.

    Attributes
    ----------
    coefficients : Array (column,)
        Log odds ratios. [log]
    robust : Array (column, column)
        Covariance in which rows of one patient hang together. [log^2]
    fitted : Array (row,)
        Probabilities. [share]
    """

    coefficients: Array
    robust: Array
    fitted: Array


class RowsAtRisk(NamedTuple):
    """Visits at which patients might switch.

    Attributes
    ----------
    visit : Array (row,)
        Which row of the visits.
    patient : Array (row,)
        Whose, counted from 0.
    switches : Array (row,)
        1 for the one at which the patient does. [0 or 1]
    design : Array (row, column)
        1, the spline of time, covariates at randomisation, and those of the visit.
    baseline : Array (row, column)
        The same without those of the visit.
    """

    visit: NDArray[np.intp]
    patient: NDArray[np.intp]
    switches: Array
    design: Array
    baseline: Array


def pooled_logistic(outcome: Array, design: Array, patient: NDArray[np.intp]) -> Logistic:
    """Logistic regression by maximum likelihood, with a covariance that is robust to rows of one patient.

    Parameters
    ----------
    outcome : Array (row,)
        [0 or 1]
    design : Array (row, column)
        With a column of ones.
    patient : Array (row,)
        Whose row, counted from 0.

    Returns
    -------
    Logistic
        At the maximum.

    Raises
    ------
    NotIdentified
        No finite maximum, or columns that the data do not tell apart.

    Examples
    --------
    One of four: log odds log(1/3).

    >>> found = pooled_logistic(np.array([1.0, 0, 0, 0]), np.ones((4, 1)), np.arange(4))
    >>> round(float(found.coefficients[0]), 4)
    -1.0986
    """
    b = np.zeros(design.shape[1])
    value = _log_likelihood(outcome, design @ b)
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-(design @ b)))
        information = design.T @ (design * (p * (1.0 - p))[:, np.newaxis])
        step = _step(information, design.T @ (outcome - p))
        higher = _log_likelihood(outcome, design @ (b + step))
        while not higher >= value - 1e-12 * abs(value):
            step = step / 2.0
            higher = _log_likelihood(outcome, design @ (b + step))
        b, value = b + step, higher
        if float(np.abs(step).max(initial=0.0)) < 1e-9 * (1.0 + float(np.abs(b).max())):
            break
    else:
        raise NotIdentified(SEPARATED)
    inverse = np.linalg.inv(information)
    scores = np.zeros((int(patient.max()) + 1, design.shape[1]))
    np.add.at(scores, patient, design * (outcome - p)[:, np.newaxis])
    influence = scores @ inverse
    return Logistic(b, influence.T @ influence, p)


def _log_likelihood(outcome: Array, line: Array) -> float:
    return float((outcome * line - np.logaddexp(0.0, line)).sum())


def _step(information: Array, score: Array) -> Array:
    """Return Newton's step; refuse columns that are not told apart, or a likelihood that is flat."""
    size = np.sqrt(np.maximum(np.diag(information), 1e-300))
    scaled = information / np.outer(size, size)
    if not np.isfinite(scaled).all() or float(np.linalg.eigvalsh(scaled)[0]) < SMALLEST_EIGENVALUE:
        raise NotIdentified(f"{SEPARATED}, or covariates are not told apart")
    return np.asarray(np.linalg.solve(scaled, score / size) / size, dtype=np.float64)


def at_risk_of_switching(patients: Switchers, *, from_progression: bool) -> RowsAtRisk:
    """Return the visits at which patients might switch: from progression, or the start, to the switch or the end.

    A switch belongs to the visit whose interval it begins or lies in.

    Parameters
    ----------
    patients : Switchers
        With visits.
    from_progression : bool
        Whether nobody could switch before.

    Returns
    -------
    RowsAtRisk
        In the order of the visits.

    Raises
    ------
    NotIdentified
        No visit is left.
    """
    visits = patients.visits
    if visits is None:
        raise NotIdentified("what was recorded from visit to visit is needed")
    switch = patients.switch[visits.patient]
    since = patients.progression[visits.patient] if from_progression else np.zeros(len(visits.start))
    begun = np.isfinite(since) & (visits.stop > since) & (visits.start <= switch)
    at = begun & (switch >= visits.start) & (switch < visits.stop)
    last = begun & (switch == visits.stop) & (visits.stop >= patients.time[visits.patient])
    rows = np.flatnonzero(begun)
    if not len(rows):
        raise NotIdentified("no visit at which anybody might switch")
    switches = (at | last)[rows].astype(np.float64)
    whose = visits.patient[rows]
    elapsed = np.maximum(visits.start[rows] - since[rows], 0.0)
    baseline = np.column_stack([np.ones(len(rows)), _spline(elapsed, switches), patients.covariates[whose]])
    return RowsAtRisk(
        rows, whose, switches, _varying(np.column_stack([baseline, _standardised(visits, rows)])), _varying(baseline)
    )


def _standardised(visits: Visits, rows: NDArray[np.intp]) -> Array:
    x = visits.covariates[rows]
    spread = x.std(axis=0)
    return np.asarray((x - x.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0))


def _varying(design: Array) -> Array:
    """Return a design without columns that say nothing: those after the first that are constant."""
    keep = np.ptp(design, axis=0) > 0.0
    keep[0] = True
    return design[:, keep]


def _spline(time: Array, switches: Array) -> Array:
    """Return a natural cubic spline of time, knots at quantiles of the times of switching, scaled to 0 to 1."""
    at = time[switches == 1.0]
    knots = np.unique(np.quantile(at, KNOTS)) if len(at) else np.zeros(1)
    if len(knots) < 3:
        return np.asarray(time[:, np.newaxis] / max(float(np.abs(time).max(initial=0.0)), 1e-300))
    return natural_spline(time, knots)[:, 1:]
