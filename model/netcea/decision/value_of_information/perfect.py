"""Expected value of perfect information, per patient and for a population."""

from __future__ import annotations

import math

import numpy as np

from netcea.arrays import Array


def evpi(nmb: Array) -> tuple[float, float]:
    """Return EVPI, E[max NMB] - max E[NMB], and its Monte Carlo standard error. [GBP per patient]

    Parameters
    ----------
    nmb : Array (strategy, draw)
        Net monetary benefit. [GBP]

    Examples
    --------
    >>> evpi(np.array([[0.0, 0.0], [3.0, -1.0]]))
    (0.5, 0.5)
    """
    best = int(np.argmax(nmb.mean(axis=1)))
    gain = nmb.max(axis=0) - nmb[best]
    return float(gain.mean()), float(gain.std(ddof=1) / math.sqrt(len(gain)))


def people_reached(each_year: float, years: float, discount_rate: float) -> float:
    """Return the patients whom a decision reaches, later ones discounted.

    Patients come evenly through the years for which the decision stands, each discounted from the moment of coming:
    each_year x integral of (1 + r)^-t dt = each_year x (1 - (1 + r)^-years) / ln(1 + r).

    Parameters
    ----------
    each_year : float
    years : float
    discount_rate : float
        [per year], from 0

    Examples
    --------
    >>> people_reached(100.0, 10.0, 0.0), round(people_reached(100.0, 10.0, 0.035), 2)
    (1000.0, 846.13)
    """
    if discount_rate == 0.0:
        return each_year * years
    rate = math.log1p(discount_rate)
    return each_year * -math.expm1(-rate * years) / rate
