"""Cox's regression with covariates, intervals at risk, weights and a robust covariance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.newton import covariance_of
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.risk_sets import RiskSets, each_death, own_residuals, risk_sets

STEPS = 50
FURTHEST = 25.0
"""A logarithm of a ratio beyond which the partial likelihood has no maximum."""


class CoxRegression(NamedTuple):
    """Estimates of Cox's regression.

    Attributes
    ----------
    log_ratios : Array (covariate,)
        [log]
    covariance : Array (covariate, covariate)
        Inverse of the observed information. [log^2]
    robust : Array (covariate, covariate)
        Lin and Wei's, which stands whether or not weights are right and rows of one patient hang together. [log^2]
    martingale : Array (row,)
        Deaths less those expected of each row. [deaths]
    expected : Array (row,)
        Rise of the cumulative hazard over each row: what is expected of it. [deaths]
    """

    log_ratios: Array
    covariance: Array
    robust: Array
    martingale: Array
    expected: Array


def cox_regression(
    time: Array,
    event: Array,
    covariates: Array,
    entry: Array | None = None,
    weight: Array | None = None,
    patient: NDArray[np.intp] | None = None,
) -> CoxRegression:
    """Cox's partial likelihood with several covariates, ties by Efron.

    Parameters
    ----------
    time : Array (row,)
        To death, censoring or the end of the row. [unit of time]
    event : Array (row,)
        1 where the row ends with a death. [0 or 1]
    covariates : Array (row, covariate)
        [any]
    entry : Array (row,), optional
        After which the row is at risk; 0 when left out. [unit of time]
    weight : Array (row,), optional
        1 each when left out. [patients]
    patient : Array (row,), optional
        Whose row, counted from 0; each its own when left out.

    Returns
    -------
    CoxRegression
        At the maximum.

    Raises
    ------
    NotIdentified
        No death, no finite maximum, or covariates that the data do not tell apart.

    References
    ----------
    Therneau and Grambsch (2000), Modeling Survival Data, 3.3 (ties), 7.2 (robust covariance).

    Examples
    --------
    Deaths at 1, 2, 3 and 4, of treated patients at 1 and 3; see `netcea.fitting.cox.cox_hazard_ratio`.

    >>> found = cox_regression(np.arange(1.0, 5.0), np.ones(4), np.array([[1.0], [0.0], [1.0], [0.0]]))
    >>> found.log_ratios.round(4).tolist(), np.sqrt(found.covariance).round(4).tolist()
    ([0.9406], [[1.2403]])
    """
    n = len(time)
    given = np.zeros(n) if entry is None else entry
    w = np.ones(n) if weight is None else weight
    whose = np.arange(n) if patient is None else patient
    if not (event * w).any():
        raise NotIdentified("no death: hazards cannot be compared")
    centre = np.average(covariates, axis=0, weights=w)
    x = covariates - centre
    rows = risk_sets(given, time, event, w)
    b = np.zeros(x.shape[1])
    value, score, information = _likelihood(rows, x, b)
    for _ in range(STEPS):
        step = _solved(information, score)
        there = _likelihood(rows, x, b + step)
        for _ in range(STEPS):
            if there[0] >= value - 1e-10 * abs(value):
                break
            step = step / 2.0
            there = _likelihood(rows, x, b + step)
        b, (value, score, information) = b + step, there
        if float(np.abs(step).max(initial=0.0)) < 1e-10:
            break
        if float(np.abs(b * np.maximum(np.ptp(x, axis=0), 1e-12)).max(initial=0.0)) > FURTHEST:
            raise NotIdentified("the partial likelihood has no finite maximum: a covariate separates the deaths")
    covariance = covariance_of(-information) if len(b) else information
    residuals, martingale = _residuals(rows, x, b)
    each = np.zeros((int(whose.max()) + 1, x.shape[1]))
    np.add.at(each, whose, residuals * w[:, np.newaxis])
    influence = each @ covariance
    return CoxRegression(b, covariance, influence.T @ influence, martingale, event - martingale)


def _solved(information: Array, score: Array) -> Array:
    if not len(score):
        return score
    try:
        return np.asarray(np.linalg.solve(information, score), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise NotIdentified("the information is singular: the data do not tell the covariates apart") from None


def _likelihood(rows: RiskSets, x: Array, b: Array) -> tuple[float, Array, Array]:
    """Return the logarithm of the partial likelihood, its gradient, and the information."""
    line = x @ b
    at = each_death(rows, x, rows.weight * np.exp(line))
    died = rows.dying
    value = float((rows.weight * line)[died].sum() - (at.weight * np.log(at.at_risk)).sum())
    score = (rows.weight[:, np.newaxis] * x)[died].sum(axis=0) - (at.weight[:, np.newaxis] * at.mean).sum(axis=0)
    information = (at.weight[:, np.newaxis, np.newaxis] * at.variance).sum(axis=0)
    return value, score, information


def _residuals(rows: RiskSets, x: Array, b: Array) -> tuple[Array, Array]:
    """Return score residuals and martingale residuals of every row."""
    risk = np.exp(x @ b)
    at = each_death(rows, x, rows.weight * risk)
    hazard = at.weight / at.at_risk

    def by_time(values: Array) -> Array:
        found = np.zeros((len(rows.at), *values.shape[1:]))
        np.add.at(found, at.which, values)
        return found

    rise, moved = by_time(hazard), by_time(hazard[:, np.newaxis] * at.mean)
    less, less_moved = by_time(at.gone * hazard), by_time((at.gone * hazard)[:, np.newaxis] * at.mean)

    def until(values: Array) -> Array:
        total = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
        last = np.searchsorted(rows.at, rows.time, side="right")
        return np.asarray(total[last] - total[np.searchsorted(rows.at, rows.entry, side="right")], dtype=np.float64)

    expected, expected_moved = until(rise) * risk, until(moved) * risk[:, np.newaxis]
    own_time = np.searchsorted(rows.at, rows.time[rows.dying])
    expected[rows.dying] -= less[own_time] * risk[rows.dying]
    expected_moved[rows.dying] -= less_moved[own_time] * risk[rows.dying, np.newaxis]
    own = own_residuals(rows, x, at)
    return own - (x * expected[:, np.newaxis] - expected_moved), rows.event - expected
