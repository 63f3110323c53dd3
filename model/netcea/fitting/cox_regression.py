"""Cox's regression with covariates, intervals at risk, weights and a robust covariance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.newton import covariance_of
from netcea.fitting.published_figures import NotIdentified

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


class _Risk(NamedTuple):
    """At each time of a death: who dies, and who is at risk."""

    at: Array
    dying: NDArray[np.bool_]
    entry: Array
    time: Array
    event: Array
    weight: Array


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
    rows = _rows(given, time, event, w)
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


def _rows(entry: Array, time: Array, event: Array, weight: Array) -> _Risk:
    at = np.unique(time[(event == 1.0) & (weight > 0.0)])
    return _Risk(at, (event == 1.0) & (weight > 0.0), entry, time, event, weight)


class _Sums(NamedTuple):
    """Sums over those at risk at each time of a death, and over those who die then."""

    s0: Array
    s1: Array
    s2: Array
    d0: Array
    d1: Array
    d2: Array
    died: Array
    weight: Array


def _at_risk(rows: _Risk, values: Array) -> Array:
    """Return, for each time of a death, the sum of values over rows that entered before it and end at it or later."""

    def beyond(moments: Array, side: str) -> Array:
        order = np.argsort(moments, kind="stable")
        total = np.concatenate([np.cumsum(values[order][::-1], axis=0)[::-1], np.zeros((1, *values.shape[1:]))])
        return np.asarray(total[np.searchsorted(moments[order], rows.at, side=side)], dtype=np.float64)  # type: ignore[call-overload]

    return np.asarray(beyond(rows.time, "left") - beyond(rows.entry, "left"), dtype=np.float64)


def _dying(rows: _Risk, values: Array) -> Array:
    found = np.zeros((len(rows.at), *values.shape[1:]))
    np.add.at(found, np.searchsorted(rows.at, rows.time[rows.dying]), values[rows.dying])
    return found


def _sums(rows: _Risk, x: Array, relative: Array) -> _Sums:
    xx = x[:, :, np.newaxis] * x[:, np.newaxis, :]
    r1, r2 = relative[:, np.newaxis] * x, relative[:, np.newaxis, np.newaxis] * xx
    return _Sums(
        _at_risk(rows, relative),
        _at_risk(rows, r1),
        _at_risk(rows, r2),
        _dying(rows, relative),
        _dying(rows, r1),
        _dying(rows, r2),
        _dying(rows, np.ones(len(x))),
        _dying(rows, rows.weight),
    )


def _shares(sums: _Sums) -> tuple[NDArray[np.intp], Array]:
    """Return, for every death, at which time it is, and which part of those who die then has gone before (Efron)."""
    died = sums.died.astype(np.intp)
    which = np.repeat(np.arange(len(died)), died)
    within = np.arange(len(which)) - np.repeat(np.cumsum(died) - died, died)
    return which, within / sums.died[which]


def _likelihood(rows: _Risk, x: Array, b: Array) -> tuple[float, Array, Array]:
    """Return the logarithm of the partial likelihood, its gradient, and the information."""
    line = x @ b
    relative = rows.weight * np.exp(line)
    sums = _sums(rows, x, relative)
    which, gone = _shares(sums)
    mean_weight = (sums.weight / sums.died)[which]
    s0 = sums.s0[which] - gone * sums.d0[which]
    s1 = sums.s1[which] - gone[:, np.newaxis] * sums.d1[which]
    s2 = sums.s2[which] - gone[:, np.newaxis, np.newaxis] * sums.d2[which]
    mean = s1 / s0[:, np.newaxis]
    died = rows.dying
    value = float((rows.weight * line)[died].sum() - (mean_weight * np.log(s0)).sum())
    score = (rows.weight[:, np.newaxis] * x)[died].sum(axis=0) - (mean_weight[:, np.newaxis] * mean).sum(axis=0)
    second = s2 / s0[:, np.newaxis, np.newaxis] - mean[:, :, np.newaxis] * mean[:, np.newaxis, :]
    information = (mean_weight[:, np.newaxis, np.newaxis] * second).sum(axis=0)
    return value, score, information


def _residuals(rows: _Risk, x: Array, b: Array) -> tuple[Array, Array]:
    """Return score residuals and martingale residuals of every row."""
    risk = np.exp(x @ b)
    sums = _sums(rows, x, rows.weight * risk)
    which, gone = _shares(sums)
    mean_weight = (sums.weight / sums.died)[which]
    s0 = sums.s0[which] - gone * sums.d0[which]
    mean = (sums.s1[which] - gone[:, np.newaxis] * sums.d1[which]) / s0[:, np.newaxis]
    hazard = mean_weight / s0

    def by_time(values: Array) -> Array:
        found = np.zeros((len(rows.at), *values.shape[1:]))
        np.add.at(found, which, values)
        return found

    rise, moved = by_time(hazard), by_time(hazard[:, np.newaxis] * mean)
    less, less_moved = by_time(gone * hazard), by_time((gone * hazard)[:, np.newaxis] * mean)

    def until(values: Array) -> Array:
        total = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
        last = np.searchsorted(rows.at, rows.time, side="right")
        return np.asarray(total[last] - total[np.searchsorted(rows.at, rows.entry, side="right")], dtype=np.float64)

    expected, expected_moved = until(rise) * risk, until(moved) * risk[:, np.newaxis]
    at = np.searchsorted(rows.at, rows.time[rows.dying])
    expected[rows.dying] -= less[at] * risk[rows.dying]
    expected_moved[rows.dying] -= less_moved[at] * risk[rows.dying, np.newaxis]
    average = np.zeros((len(rows.at), x.shape[1]))
    np.add.at(average, which, mean / sums.died[which][:, np.newaxis])
    own = np.zeros_like(x)
    own[rows.dying] = x[rows.dying] - average[at]
    return own - (x * expected[:, np.newaxis] - expected_moved), rows.event - expected
