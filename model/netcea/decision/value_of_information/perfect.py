"""Expected value of perfect information (EVPI), per patient and for a population."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike


def evpi(nmb: ArrayLike) -> tuple[float, float]:
    """Expected value of perfect information per patient, and its Monte Carlo standard error.

    Parameters
    ----------
    nmb : Array (strategy, draw)
        Net monetary benefit. [GBP per patient]

    Returns
    -------
    value : float
        [GBP per patient]
    standard_error : float
        [GBP per patient]

    Notes
    -----
    EVPI = E[max_d NB_d] - max_d E[NB_d].

    Examples
    --------
    >>> evpi([[0, 0], [3, -1]])  # means 0 and 1; the better of both 3 and 0
    (0.5, 0.5)
    """
    benefit = np.asarray(nmb, dtype=np.float64)
    best = int(np.argmax(benefit.mean(axis=1)))
    gain = benefit.max(axis=0) - benefit[best]
    return float(gain.mean()), float(gain.std(ddof=1) / math.sqrt(len(gain)))


def people_reached(each_year: float, years: float, discount_rate: float) -> float:
    """Patients whom a decision reaches while it stands, later ones discounted: what turns EVPI into population EVPI.

    Parameters
    ----------
    each_year : float
        Who come evenly through each year, from 0. [patients per year]
    years : float
        For which the decision stands, from 0. [years]
    discount_rate : float
        From 0. [per year]

    Returns
    -------
    float
        Each discounted from the moment of coming. [patients]

    Notes
    -----
    each_year x integral of (1 + r)^-t dt = each_year x (1 - (1 + r)^-years) / ln(1 + r).

    Examples
    --------
    >>> people_reached(100.0, 10.0, 0.0), round(people_reached(100.0, 10.0, 0.035), 2)
    (1000.0, 846.13)
    """
    if discount_rate == 0.0:
        return each_year * years
    rate = math.log1p(discount_rate)
    return each_year * -math.expm1(-rate * years) / rate
