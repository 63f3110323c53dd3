"""Who is at risk and who dies at each time of a death, and sums over them: what Cox's partial likelihood is made of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array


class RiskSets(NamedTuple):
    """At each time of a death: who dies, and who is at risk.

    Attributes
    ----------
    at : Array (moment,)
        Different times of deaths, rising. [unit of time]
    dying : Array (row,)
        Whether a row ends with a death. [0 or 1]
    entry, time, event, weight : Array (row,)
        As given. [unit of time, unit of time, 0 or 1, patients]
    """

    at: Array
    dying: NDArray[np.bool_]
    entry: Array
    time: Array
    event: Array
    weight: Array


class Deaths(NamedTuple):
    """What each death is compared with; tied deaths stand one after another, by Efron.

    Attributes
    ----------
    which : Array (death,)
        Place of its time among those of deaths. [index]
    gone : Array (death,)
        Part of those who die then that has gone before. [share]
    weight : Array (death,)
        Mean weight of those who die then. [patients]
    at_risk : Array (death,)
        Sum of the relative hazards of those at risk. [patients]
    mean : Array (death, covariate)
        Of those at risk, weighed by their hazards. [any]
    variance : Array (death, covariate, covariate)
        Of the same. [square of the same]
    died : Array (moment,)
        How many die at each time. [rows]
    """

    which: NDArray[np.intp]
    gone: Array
    weight: Array
    at_risk: Array
    mean: Array
    variance: Array
    died: Array


def risk_sets(entry: Array, time: Array, event: Array, weight: Array) -> RiskSets:
    """Times of deaths, and whose they are.

    Parameters
    ----------
    entry, time : Array (row,)
        After which and until when each is at risk. [unit of time]
    event : Array (row,)
        1 where the row ends with a death. [0 or 1]
    weight : Array (row,)
        [patients]

    Returns
    -------
    RiskSets
        With times at which someone of a weight above 0 dies.

    Examples
    --------
    >>> one = np.ones(3)
    >>> risk_sets(0 * one, np.array([1.0, 2.0, 2.0]), one, one).at.tolist()
    [1.0, 2.0]
    """
    dying = (event == 1.0) & (weight > 0.0)
    return RiskSets(np.unique(time[dying]), dying, entry, time, event, weight)


def each_death(rows: RiskSets, x: Array, relative: Array) -> Deaths:
    """Mean and variance of covariates among those at risk at each death.

    Parameters
    ----------
    rows : RiskSets
        Of the data.
    x : Array (row, covariate)
        [any]
    relative : Array (row,)
        Weight times relative hazard. [patients]

    Returns
    -------
    Deaths
        In the order of their times.

    References
    ----------
    Efron (1977), J Am Stat Assoc 72:557-565.

    Examples
    --------
    Deaths at 1 and 2 of two patients with x = 0 and 1:

    >>> one = np.ones(2)
    >>> rows = risk_sets(0 * one, np.array([1.0, 2.0]), one, one)
    >>> each_death(rows, np.array([[0.0], [1.0]]), one).mean.tolist()
    [[0.5], [1.0]]
    """
    xx = x[:, :, np.newaxis] * x[:, np.newaxis, :]
    r1, r2 = relative[:, np.newaxis] * x, relative[:, np.newaxis, np.newaxis] * xx
    died = _dying(rows, np.ones(len(x)))
    which = np.repeat(np.arange(len(died)), died.astype(np.intp))
    gone = (np.arange(len(which)) - np.repeat(np.cumsum(died) - died, died.astype(np.intp))) / died[which]
    s0 = _at_risk(rows, relative)[which] - gone * _dying(rows, relative)[which]
    s1 = _at_risk(rows, r1)[which] - gone[:, np.newaxis] * _dying(rows, r1)[which]
    s2 = _at_risk(rows, r2)[which] - gone[:, np.newaxis, np.newaxis] * _dying(rows, r2)[which]
    mean = s1 / s0[:, np.newaxis]
    variance = s2 / s0[:, np.newaxis, np.newaxis] - mean[:, :, np.newaxis] * mean[:, np.newaxis, :]
    return Deaths(which, gone, (_dying(rows, rows.weight) / died)[which], s0, mean, variance, died)


def own_residuals(rows: RiskSets, x: Array, deaths: Deaths) -> Array:
    """Schoenfeld residuals: covariates of who dies, less their mean among those at risk.

    Parameters
    ----------
    rows : RiskSets
        Of the data.
    x : Array (row, covariate)
        [any]
    deaths : Deaths
        At the estimates.

    Returns
    -------
    Array (row, covariate)
        0 where a row ends without a death. [any]

    References
    ----------
    Schoenfeld (1982), Biometrika 69:239-241.

    Examples
    --------
    >>> one = np.ones(2)
    >>> rows, x = risk_sets(0 * one, np.array([1.0, 2.0]), one, one), np.array([[0.0], [1.0]])
    >>> own_residuals(rows, x, each_death(rows, x, one)).tolist()
    [[-0.5], [0.0]]
    """
    average = np.zeros((len(rows.at), x.shape[1]))
    np.add.at(average, deaths.which, deaths.mean / deaths.died[deaths.which][:, np.newaxis])
    own = np.zeros_like(x)
    own[rows.dying] = x[rows.dying] - average[np.searchsorted(rows.at, rows.time[rows.dying])]
    return own


def _at_risk(rows: RiskSets, values: Array) -> Array:
    """Return, for each time of a death, the sum of values over rows that entered before it and end at it or later."""

    def beyond(moments: Array, side: str) -> Array:
        order = np.argsort(moments, kind="stable")
        total = np.concatenate([np.cumsum(values[order][::-1], axis=0)[::-1], np.zeros((1, *values.shape[1:]))])
        return np.asarray(total[np.searchsorted(moments[order], rows.at, side=side)], dtype=np.float64)  # type: ignore[call-overload]

    return np.asarray(beyond(rows.time, "left") - beyond(rows.entry, "left"), dtype=np.float64)


def _dying(rows: RiskSets, values: Array) -> Array:
    found = np.zeros((len(rows.at), *values.shape[1:]))
    np.add.at(found, np.searchsorted(rows.at, rows.time[rows.dying]), values[rows.dying])
    return found
