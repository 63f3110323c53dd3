"""The Kaplan-Meier estimator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netcea.arrays import Array


@dataclass(frozen=True)
class KaplanMeier:
    """A product-limit estimate.

    Attributes
    ----------
    times : Array (time,)
        Distinct times of events and censorings, rising. [unit of time]
    at_risk, events : Array (time,)
        Just before and at each time. [patients]
    survival : Array (time,)
        After each time. [share]
    log_log_se : Array (time,)
        Standard error of log(-log S), by Greenwood's formula; nan where S is 0 or 1. [1]

    References
    ----------
    Kaplan and Meier (1958), J Am Stat Assoc 53:457-481.

    Examples
    --------
    Two deaths among three, one patient censored between them: S = 2/3, then 0.

    >>> found = kaplan_meier(np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 1.0]))
    >>> round(found.at(2.5), 4), found.median
    (0.6667, 3.0)
    """

    times: Array
    at_risk: Array
    events: Array
    survival: Array
    log_log_se: Array

    def at(self, t: float) -> float:
        """Survival S(t), a step function.

        Parameters
        ----------
        t : float
            [unit of time]

        Returns
        -------
        float
            After the events at t. [share]
        """
        before = np.searchsorted(self.times, t, side="right")
        return 1.0 if before == 0 else float(self.survival[before - 1])

    def log_log_se_at(self, t: float) -> float:
        """Standard error of log(-log S(t)), by Greenwood's formula.

        Parameters
        ----------
        t : float
            [unit of time]

        Returns
        -------
        float
            Not a number where S is 0 or 1. [1]
        """
        before = np.searchsorted(self.times, t, side="right")
        return float("nan") if before == 0 else float(self.log_log_se[before - 1])

    @property
    def median(self) -> float:
        """First time at which S is one half or less; inf where it never is. [unit of time]."""
        reached = np.flatnonzero(self.survival <= 0.5 + 1e-12)
        return float(self.times[reached[0]]) if len(reached) else float("inf")


def kaplan_meier(time: Array, event: Array, entry: Array | None = None, weight: Array | None = None) -> KaplanMeier:
    """Kaplan-Meier estimate of right-censored times; events come before censorings at the same time.

    Parameters
    ----------
    time : Array (patient,)
        To the event or to censoring, not negative. [unit of time]
    event : Array (patient,)
        1 for an event, 0 for a censoring. [0 or 1]
    entry : Array (patient,), optional
        After which each is at risk; from the start when left out. [unit of time]
    weight : Array (patient,), optional
        1 each when left out. [patients]

    Returns
    -------
    KaplanMeier
        At every time of an event or a censoring.

    Notes
    -----
    S(t) = product over times up to t of (1 - d / n); var log(-log S) = sum of d / (n (n - d)) / (log S)^2.

    Examples
    --------
    One of four dies at 1, one of three at 2: 3/4, 3/4 x 2/3 = 1/2.

    >>> km = kaplan_meier(np.array([1.0, 2.0, 2.0, 3.0]), np.array([1.0, 0.0, 1.0, 1.0]))
    >>> km.survival.round(4).tolist(), km.median
    ([0.75, 0.5, 0.0], 2.0)
    """
    each = np.ones(len(time)) if weight is None else weight
    times, inverse = np.unique(time, return_inverse=True)
    leaving = np.bincount(inverse, weights=each)
    events = np.bincount(inverse, weights=event * each)
    at_risk = (each.sum() - np.concatenate([[0.0], np.cumsum(leaving)[:-1]])).astype(np.float64)
    if entry is not None:
        order = np.argsort(entry)
        later = np.concatenate([np.cumsum(each[order][::-1])[::-1], [0.0]])
        at_risk = at_risk - later[np.searchsorted(entry[order], times, side="left")] * (times > 0.0)
    survival = np.cumprod(1.0 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        se = np.sqrt(greenwood) / np.abs(np.log(survival))
    se[(survival <= 0.0) | (survival >= 1.0)] = np.nan
    return KaplanMeier(times, at_risk, events.astype(np.float64), survival.astype(np.float64), se.astype(np.float64))
