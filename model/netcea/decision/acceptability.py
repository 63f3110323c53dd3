"""Decision uncertainty: acceptability curves and frontier, expected loss, the cost-effectiveness plane, convergence.

Arrays are (strategy, draw); thresholds (threshold,) [GBP/QALY]. Nothing of size strategy x threshold x draw is held.

References
----------
Fenwick, Claxton, Sculpher (2001), Health Economics 10:779-787 (CEAC, frontier); Alarid-Escudero et al. (2019), Value in
Health 22:611-618 (expected loss).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netcea.arrays import Array
from netcea.decision.incremental import fully_incremental
from netcea.decision.net_benefit import nmb

Counts: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.intp]]"


@dataclass(frozen=True)
class AcceptabilityCurves:
    """Acceptability, expected loss and the frontier of all strategies over thresholds.

    Attributes
    ----------
    thresholds : Array (threshold,)
        [GBP/QALY]
    ceac : Array (strategy, threshold)
        Probability of the highest net monetary benefit; draws in which several share it count for each in equal parts.
        [share]
    expected_loss : Array (strategy, threshold)
        Mean of the highest net monetary benefit minus the strategy's. [GBP]
    optimal : Array of int (threshold,)
        Strategy with the highest expected net benefit (the first of equal ones).
    ceaf : Array (threshold,)
        The optimal strategy's probability of being best: the acceptability frontier. [share]
    evpi : Array (threshold,)
        The optimal strategy's expected loss: the expected value of perfect information. [GBP per patient]
    """

    thresholds: Array
    ceac: Array
    expected_loss: Array
    optimal: Counts
    ceaf: Array
    evpi: Array


def acceptability_curves(costs: ArrayLike, qalys: ArrayLike, thresholds: ArrayLike) -> AcceptabilityCurves:
    """Acceptability curves, acceptability frontier, expected loss and EVPI of draws of costs and QALYs.

    Parameters
    ----------
    costs : Array (strategy, draw)
        [GBP]
    qalys : Array (strategy, draw)
        Of the same draws. [QALYs]
    thresholds : Array (threshold,)
        What a QALY may cost, from 0. [GBP/QALY]

    Returns
    -------
    AcceptabilityCurves
        One value for each threshold, and for each strategy where they differ.

    Notes
    -----
    With NB_d the net monetary benefit of strategy d: CEAC_d = P(NB_d = max NB), loss_d = E[max NB - NB_d],
    EVPI = min over d of loss_d.

    References
    ----------
    Fenwick, Claxton, Sculpher (2001), Health Economics 10:779-787. Alarid-Escudero et al. (2019), Value in Health
    22:611-618.

    Examples
    --------
    >>> found = acceptability_curves([[0, 0], [10, 10]], [[1.0, 1.0], [1.5, 1.1]], [0, 30])
    >>> found.ceac.tolist()
    [[1.0, 0.5], [0.0, 0.5]]
    >>> found.expected_loss.round(9).tolist(), found.optimal.tolist()  # 30 x 0.5 - 10 = 5 in half of the draws
    ([[0.0, 2.5], [10.0, 3.5]], [0, 0])
    """
    costs, qalys, thresholds = _arrays(costs, qalys, thresholds)
    shape = (len(costs), len(thresholds))
    probability, loss = np.zeros(shape), np.zeros(shape)
    for i, threshold in enumerate(thresholds):
        benefit = nmb(costs, qalys, float(threshold))
        best = benefit.max(axis=0)
        probability[:, i] = _shares_of_wins(benefit == best)
        loss[:, i] = best.mean() - benefit.mean(axis=1)
    optimal = np.argmin(loss, axis=0)
    at = np.arange(len(thresholds))
    loss -= np.minimum(loss.min(axis=0), 0.0)  # rounding: a loss is never negative
    return AcceptabilityCurves(thresholds, probability, loss, optimal, probability[optimal, at], loss[optimal, at])


def _shares_of_wins(winners: NDArray[np.bool_]) -> Array:
    """Return the share of draws that each strategy wins, Array (strategy,), from who wins each, (strategy, draw)."""
    wins = np.count_nonzero(winners, axis=1)
    if wins.sum() == winners.shape[1]:  # nobody shares a draw
        return np.asarray(wins / winners.shape[1], dtype=np.float64)
    return np.asarray(np.mean(winners / winners.sum(axis=0), axis=1), dtype=np.float64)


def probability_best(costs: ArrayLike, qalys: ArrayLike, threshold: float) -> Array:
    """Probability of each strategy of having the highest net benefit at one threshold.

    Parameters
    ----------
    costs : Array (strategy, draw)
        [GBP]
    qalys : Array (strategy, draw)
        Of the same draws. [QALYs]
    threshold : float
        What a QALY may cost, from 0. [GBP/QALY]

    Returns
    -------
    Array (strategy,)
        They add up to 1. [share]

    Examples
    --------
    >>> probability_best([[0, 0], [10, 10]], [[1.0, 1.0], [1.5, 1.1]], 30.0).tolist()
    [0.5, 0.5]
    """
    return acceptability_curves(costs, qalys, [threshold]).ceac[:, 0]


def probability_cost_effective(
    incremental_costs: ArrayLike, incremental_qalys: ArrayLike, threshold: float, severity_weight: ArrayLike = 1.0
) -> float:
    """Share of draws with a positive incremental net benefit; draws of exactly 0 count half.

    Parameters
    ----------
    incremental_costs : Array (draw,)
        Costs minus the comparator's. [GBP]
    incremental_qalys : Array (draw,)
        QALYs minus the comparator's, unweighted. [QALYs]
    threshold : float
        What a QALY may cost, from 0. [GBP/QALY]
    severity_weight : float or Array (draw,)
        Multiplies incremental QALYs. [1]

    Returns
    -------
    float
        0 to 1. [share]

    Examples
    --------
    >>> probability_cost_effective([10, 10, 10], [1.0, 0.5, 0.1], 20.0)  # 10, 0 and -8 of net benefit
    0.5
    """
    costs, qalys, weight = _arrays(incremental_costs, incremental_qalys, severity_weight)
    benefit = threshold * (weight * qalys) - costs
    return float(np.mean(benefit > 0.0) + 0.5 * np.mean(benefit == 0.0))


def switch_points(mean_costs: ArrayLike, mean_qalys: ArrayLike) -> Array:
    """Thresholds at which the optimal strategy changes: the ICERs along the efficiency frontier of the means.

    Parameters
    ----------
    mean_costs : Array (strategy,)
        Over the draws. [GBP]
    mean_qalys : Array (strategy,)
        Over the draws. [QALYs]

    Returns
    -------
    Array (switch point,)
        Rising; empty where one strategy dominates all others. [GBP/QALY]

    Examples
    --------
    >>> switch_points([0, 10, 40], [1.0, 1.5, 2.0]).tolist()
    [20.0, 60.0]
    """
    costs, qalys = _arrays(mean_costs, mean_qalys)
    rows = fully_incremental([str(i) for i in range(len(costs))], costs.tolist(), qalys.tolist())
    return np.array([row.icer for row in rows if row.icer is not None and not row.label], dtype=np.float64)


@dataclass(frozen=True)
class Ellipse:
    """Ellipse on the cost-effectiveness plane that holds a share of the draws if they are bivariate normal.

    Attributes
    ----------
    centre : (float, float)
        Mean incremental QALYs and costs. [QALYs], [GBP]
    line : Array (place, 2)
        Its line: incremental QALYs, incremental costs. [QALYs], [GBP]
    level : float
        The share it holds. [share]
    """

    centre: tuple[float, float]
    line: Array
    level: float


def ellipse(
    incremental_qalys: ArrayLike, incremental_costs: ArrayLike, level: float = 0.95, places: int = 181
) -> Ellipse:
    """Ellipse of a level on the cost-effectiveness plane, from the means and the covariance of the draws.

    Parameters
    ----------
    incremental_qalys : Array (draw,)
        QALYs minus the comparator's. [QALYs]
    incremental_costs : Array (draw,)
        Costs minus the comparator's. [GBP]
    level : float
        Between 0 and 1. [share]
    places : int
        Of its line.

    Returns
    -------
    Ellipse
        A single place where nothing varies.

    Notes
    -----
    (x - m)' C^-1 (x - m) = -2 ln(1 - level), the chi-squared quantile of two degrees of freedom.

    Examples
    --------
    >>> found = ellipse([-1, 1, 0, 0], [0, 0, -1, 1])  # a circle: both variances are 2/3
    >>> radius = np.hypot(found.line[:, 0], found.line[:, 1])
    >>> bool(np.allclose(radius, np.sqrt(-2.0 * np.log(0.05) * 2.0 / 3.0)))
    True
    """
    both = np.stack(_arrays(incremental_qalys, incremental_costs))
    centre = both.mean(axis=1)
    scale = np.where(both.std(axis=1) > 0.0, both.std(axis=1), 1.0)
    covariance = np.cov((both - centre[:, np.newaxis]) / scale[:, np.newaxis])
    values, vectors = np.linalg.eigh(covariance)
    angle = np.linspace(0.0, 2.0 * np.pi, places)
    circle = np.sqrt(-2.0 * np.log(1.0 - level)) * np.stack([np.cos(angle), np.sin(angle)])
    line = vectors @ (np.sqrt(np.clip(values, 0.0, None))[:, np.newaxis] * circle)
    return Ellipse((float(centre[0]), float(centre[1])), (centre[:, np.newaxis] + scale[:, np.newaxis] * line).T, level)


QUADRANTS = ("north_east", "south_east", "south_west", "north_west")


def quadrants(incremental_qalys: ArrayLike, incremental_costs: ArrayLike) -> dict[str, float]:
    """Share of draws in each quadrant of the cost-effectiveness plane.

    Parameters
    ----------
    incremental_qalys : Array (draw,)
        QALYs minus the comparator's; 0 counts as better. [QALYs]
    incremental_costs : Array (draw,)
        Costs minus the comparator's; 0 counts as dearer. [GBP]

    Returns
    -------
    dict of str -> float
        By `QUADRANTS`; they add up to 1. [share]

    Examples
    --------
    >>> quadrants([1, -1, 1, 0], [1, 1, -1, 0])
    {'north_east': 0.5, 'south_east': 0.25, 'south_west': 0.0, 'north_west': 0.25}
    """
    qalys, costs = _arrays(incremental_qalys, incremental_costs)
    better, dearer = qalys >= 0.0, costs >= 0.0
    shares = (better & dearer, better & ~dearer, ~better & ~dearer, ~better & dearer)
    return {name: float(np.mean(where)) for name, where in zip(QUADRANTS, shares, strict=True)}


def running_mean(values: ArrayLike, after: Counts) -> tuple[Array, Array]:
    """Mean and Monte Carlo standard error after so many draws: whether a probabilistic analysis has converged.

    Parameters
    ----------
    values : Array (draw,)
        Incremental net benefit, for instance. [any unit]
    after : Array of int (count,)
        Numbers of draws, at least 2.

    Returns
    -------
    mean : Array (count,)
        [the values' unit]
    mcse : Array (count,)
        Standard error of the mean of independent draws, sd / sqrt(n). [the values' unit]

    Examples
    --------
    >>> mean, mcse = running_mean([1, 3, 2], np.array([2, 3]))
    >>> mean.tolist(), mcse.round(6).tolist()
    ([2.0, 2.0], [1.0, 0.57735])
    """
    (x,) = _arrays(values)
    n = np.asarray(after, dtype=np.float64)
    shift = float(x[0])
    total, squares = np.cumsum(x - shift)[after - 1], np.cumsum((x - shift) ** 2)[after - 1]
    mean = total / n
    variance = np.maximum(squares - n * mean**2, 0.0) / (n - 1.0)
    return shift + mean, np.sqrt(variance / n)


def _arrays(*numbers: ArrayLike) -> list[Array]:
    return [np.asarray(x, dtype=np.float64) for x in numbers]
