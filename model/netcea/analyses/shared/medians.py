"""Medians and landmarks of finished curves, adjustments and all, at one row of parameters."""

from __future__ import annotations

import numpy as np

from netcea.quantities.units import MONTHS_PER_YEAR
from netcea.survival.evaluate import Curves
from netcea.survival.moments import Moments

FINER = 1024
"""Parts into which the cycle that holds a median is divided; log-linear between them."""


def median_months(curves: Curves, address: str, left: float = 0.5) -> float:
    """Return the time at which survival passes one half [months]; inf where it does not within the horizon.

    Parameters
    ----------
    curves : Curves
        Of one row.
    address : str
        ``strategies.<strategy>.<endpoint>``
    left : float
        Another share than one half. [share]
    """
    below = np.flatnonzero(curves.survival_at_edges(address)[0] <= left)
    if not len(below):
        return float("inf")
    last = int(below[0])
    t = np.linspace(curves.edges[last - 1], curves.edges[last], FINER + 1)
    survival = curves.survival_at(address, Moments.between(curves.edges, t))[0]
    passed = int(np.argmax(survival <= left))
    if survival[passed] <= 0.0:  # all who were left at once
        return float(t[passed]) * MONTHS_PER_YEAR
    return float(np.interp(-np.log(left), -np.log(survival[: passed + 1]), t[: passed + 1])) * MONTHS_PER_YEAR


def survival_at(curves: Curves, address: str, years: float) -> float:
    """Return survival at a time [years] within the horizon."""
    moments = Moments.between(curves.edges, np.array([years]))
    return float(curves.survival_at(address, moments)[0, 0])


def restricted_mean_years(curves: Curves, address: str, years: float) -> float:
    """Return the area under survival until a time within the horizon, by trapezia of 1/1024 of it. [years]

    Parameters
    ----------
    curves : Curves
        Of one row.
    address : str
        ``strategies.<strategy>.<endpoint>``
    years : float
        [years]
    """
    t = np.linspace(0.0, years, FINER + 1)
    survival = curves.survival_at(address, Moments.between(curves.edges, t))[0]
    return float((survival[1:] + survival[:-1]) @ np.diff(t) / 2.0)
