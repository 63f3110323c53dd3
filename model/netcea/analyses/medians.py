"""Medians and landmarks of a curve known at the edges, log-linear between them."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array
from netcea.units import MONTHS_PER_YEAR


def median_months(edges: Array, survival: Array) -> float:
    """Return the time at which survival passes one half [months], log-linear between the edges; inf where never.

    >>> t = np.arange(0.0, 10.0)
    >>> round(median_months(t, np.exp(-t * np.log(2.0) / 2.5)), 9)
    30.0
    """
    below = np.flatnonzero(survival <= 0.5)
    if not len(below):
        return float("inf")
    if survival[below[0]] == 0.5:
        return float(edges[below[0]] * MONTHS_PER_YEAR)
    return _time_at(edges, survival, int(below[0])) * MONTHS_PER_YEAR


def _time_at(edges: Array, survival: Array, after: int) -> float:
    high, low = -np.log(survival[after]) if survival[after] > 0 else np.inf, -np.log(survival[after - 1])
    share = (np.log(2.0) - low) / (high - low)
    return float(edges[after - 1] + share * (edges[after] - edges[after - 1]))


def survival_at(edges: Array, survival: Array, years: float) -> float:
    """Return survival at a time, log-linear between the edges."""
    with np.errstate(divide="ignore"):
        return float(np.exp(np.interp(years, edges, np.log(survival))))
