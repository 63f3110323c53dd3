"""Expected value of perfect information (EVPI), per patient and for a population."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.cohort.timeline import Steps

ZERO: Final = 1e-6
"""A mean difference of so few standard errors is 0 because the threshold was chosen so."""


def evpi(nmb: ArrayLike, rises: ArrayLike | None = None) -> tuple[float, float]:
    """Expected value of perfect information per patient, and its Monte Carlo standard error.

    Parameters
    ----------
    nmb : Array (strategy, draw)
        Net monetary benefit. [GBP per patient]
    rises : Array (strategy, draw), optional
        What net benefit gains with the threshold, where that is the one at which the decision of these draws switches:
        another seed would move it. [QALYs]

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
    influence = gain
    if rises is not None:
        differences, slopes = differences_from_best(benefit), differences_from_best(np.asarray(rises), benefit)
        chosen = (differences == differences.max(axis=0)) & (differences > 0.0)
        influence = gain - shares_of_means(differences, chosen, slopes) @ differences
    return float(gain.mean()), float(influence.std(ddof=1) / math.sqrt(len(gain)))


def differences_from_best(nmb: Array, best_of: Array | None = None) -> Array:
    """Net benefit of every other strategy minus that of the best in expectation.

    Parameters
    ----------
    nmb : Array (strategy, draw)
        Net monetary benefit, or a part of it. [GBP per patient]
    best_of : Array (strategy, draw), optional
        Net monetary benefit by which a strategy is the best, where `nmb` is a part. [GBP per patient]

    Returns
    -------
    Array (strategy - 1, draw)
        [GBP per patient]

    Examples
    --------
    >>> differences_from_best(np.array([[0.0, 0.0], [3.0, -1.0]])).tolist()
    [[-3.0, 1.0]]
    """
    best = int(np.argmax((nmb if best_of is None else best_of).mean(axis=1)))
    return np.asarray(np.delete(nmb, best, axis=0) - nmb[best], dtype=np.float64)


def error_of_mean(difference: Array) -> float:
    """Standard error of a mean difference in net benefit.

    Parameters
    ----------
    difference : Array (draw,)
        [GBP per patient]

    Returns
    -------
    float
        0 where the mean is 0 because the threshold was chosen so. [GBP per patient]

    Examples
    --------
    >>> error_of_mean(np.array([0.0, 4.0])), error_of_mean(np.array([-2.0, 2.0]))  # 2 / sqrt(2)
    (1.414213562373095, 0.0)
    """
    error = float(difference.std()) / math.sqrt(len(difference))
    return error if abs(float(difference.mean())) > ZERO * error else 0.0


def shares_of_means(differences: Array, chosen: Array, slopes: Array | None) -> Array:
    """How much less a value of information is for each pound by which means are higher.

    Parameters
    ----------
    differences : Array (strategy - 1, draw)
        Net benefit of every other strategy less the best's. [GBP per patient]
    chosen : Array (strategy - 1, draw) of bool
        Where each would be chosen.
    slopes : Array (strategy - 1, draw) or None
        What differences gain with the threshold, where that is the one at which the decision switches. [QALYs]

    Returns
    -------
    Array (strategy - 1,)
        The probability that a mean is above 0, so that it counts in max(0, E[NB]). Where a mean is 0 by choice of the
        threshold a higher one would lower the threshold: the share of gains with the threshold that fall to draws in
        which the decision changes. [1]

    Examples
    --------
    >>> chosen = np.array([[False, True]])
    >>> shares_of_means(np.array([[-1.0, 1.0]]), chosen, np.array([[0.1, 0.3]])).round(6).tolist()
    [0.75]
    """
    found = []
    for at, difference in enumerate(differences):
        error = error_of_mean(difference)
        if error > 0.0:
            found.append(0.5 * math.erfc(-float(difference.mean()) / error / math.sqrt(2.0)))
        elif slopes is None or not abs(float(slopes[at].mean())) > 0.0:
            found.append(float(chosen[at].mean()))
        else:
            found.append(float((slopes * chosen).sum(axis=0).mean() / slopes[at].mean()))
    return np.array(found)


def people_reached(each_year: float, years: float, discount_rate: float | Steps) -> float:
    """Patients whom a decision reaches while it stands, later ones discounted: what turns EVPI into population EVPI.

    Parameters
    ----------
    each_year : float
        Who come evenly through each year, from 0. [patients per year]
    years : float
        For which the decision stands, from 0. [years]
    discount_rate : float, or steps
        From 0; as `netcea.cohort.timeline.cycle_discount` takes it. [per year]

    Returns
    -------
    float
        Each discounted from the moment of coming. [patients]

    Notes
    -----
    each_year x integral of (1 + r)^-t dt = each_year x (1 - (1 + r)^-years) / ln(1 + r), of steps one after another.

    Examples
    --------
    >>> people_reached(100.0, 10.0, 0.0), round(people_reached(100.0, 10.0, 0.035), 2)
    (1000.0, 846.13)
    >>> round(people_reached(100.0, 10.0, ((0.0, 0.035), (5.0, 0.0))), 2)
    880.35
    """
    steps = discount_rate if isinstance(discount_rate, tuple) else ((0.0, discount_rate),)
    people, factor = 0.0, 1.0
    for (start, each), end in zip(steps, [*(start for start, _ in steps[1:]), math.inf], strict=True):
        lasts, rate = min(years, end) - start, math.log1p(each)
        if lasts > 0.0:
            people += factor * (lasts if rate == 0.0 else -math.expm1(-rate * lasts) / rate)
            factor *= math.exp(-rate * lasts)
    return each_year * people
