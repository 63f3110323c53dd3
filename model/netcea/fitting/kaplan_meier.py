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
    times : Array (k,)
        Distinct times of events and censorings, rising. [unit of time]
    at_risk, events : Array (k,)
        Just before and at each time.
    survival : Array (k,)
        After each time.
    log_log_se : Array (k,)
        Standard error of log(-log S), by Greenwood's formula; nan where S is 0 or 1.
    """

    times: Array
    at_risk: Array
    events: Array
    survival: Array
    log_log_se: Array

    def at(self, t: float) -> float:
        """Return S(t)."""
        before = np.searchsorted(self.times, t, side="right")
        return 1.0 if before == 0 else float(self.survival[before - 1])

    def log_log_se_at(self, t: float) -> float:
        """Return the standard error of log(-log S(t))."""
        before = np.searchsorted(self.times, t, side="right")
        return float("nan") if before == 0 else float(self.log_log_se[before - 1])

    @property
    def median(self) -> float:
        """Return the first time at which S is one half or less; inf where it never is."""
        reached = np.flatnonzero(self.survival <= 0.5 + 1e-12)
        return float(self.times[reached[0]]) if len(reached) else float("inf")


def kaplan_meier(time: Array, event: Array) -> KaplanMeier:
    """Return the Kaplan-Meier estimate of right-censored times; events come before censorings at the same time.

    Parameters
    ----------
    time : Array (n,)
        [unit of time]
    event : Array (n,)
        1 for an event, 0 for a censoring.

    Examples
    --------
    >>> km = kaplan_meier(np.array([1.0, 2.0, 2.0, 3.0]), np.array([1.0, 0.0, 1.0, 1.0]))
    >>> km.survival.round(4).tolist(), km.median
    ([0.75, 0.5, 0.0], 2.0)
    """
    times, inverse = np.unique(time, return_inverse=True)
    leaving = np.bincount(inverse)
    events = np.bincount(inverse, weights=event)
    at_risk = (len(time) - np.concatenate([[0], np.cumsum(leaving)[:-1]])).astype(np.float64)
    survival = np.cumprod(1.0 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        se = np.sqrt(greenwood) / np.abs(np.log(survival))
    se[(survival <= 0.0) | (survival >= 1.0)] = np.nan
    return KaplanMeier(times, at_risk, events.astype(np.float64), survival.astype(np.float64), se.astype(np.float64))
