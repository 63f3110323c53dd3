"""Decision uncertainty over thresholds: acceptability, frontier, expected loss, the cloud on the plane, convergence.

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

from netcea.arrays import Array
from netcea.decision.incremental import fully_incremental
from netcea.decision.net_benefit import nmb

Counts: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.intp]]"


@dataclass(frozen=True)
class Frontier:
    """Acceptability of all strategies over thresholds.

    Attributes
    ----------
    thresholds : Array (threshold,)
        [GBP/QALY]
    ceac : Array (strategy, threshold)
        Probability of the highest net monetary benefit; draws in which several share it count for each in equal parts.
    expected_loss : Array (strategy, threshold)
        Mean of the highest net monetary benefit minus the strategy's. [GBP]
    optimal : integer array (threshold,)
        Strategy with the highest expected net benefit (the first of equal ones).
    ceaf, evpi : Array (threshold,)
        The optimal strategy's probability of being best; its expected loss [GBP].
    """

    thresholds: Array
    ceac: Array
    expected_loss: Array
    optimal: Counts
    ceaf: Array
    evpi: Array


def frontier(costs: Array, qalys: Array, thresholds: Array) -> Frontier:
    """Return acceptability curves, frontier, expected loss and EVPI in one pass over the thresholds.

    Parameters
    ----------
    costs, qalys : Array (strategy, draw)
        [GBP], [QALYs]
    thresholds : Array (threshold,)
        [GBP/QALY]

    Examples
    --------
    >>> costs, qalys = np.array([[0.0, 0.0], [10.0, 10.0]]), np.array([[1.0, 1.0], [1.5, 1.1]])
    >>> found = frontier(costs, qalys, np.array([0.0, 30.0]))
    >>> found.ceac.tolist()
    [[1.0, 0.5], [0.0, 0.5]]
    >>> found.expected_loss.round(9).tolist(), found.optimal.tolist()
    ([[0.0, 2.5], [10.0, 3.5]], [0, 0])
    """
    shape = (len(costs), len(thresholds))
    probability, loss = np.zeros(shape), np.zeros(shape)
    for i, threshold in enumerate(thresholds):
        benefit = nmb(costs, qalys, float(threshold))
        best = benefit.max(axis=0)
        winners = benefit == best
        probability[:, i] = np.mean(winners / winners.sum(axis=0), axis=1)
        loss[:, i] = best.mean() - benefit.mean(axis=1)
    optimal = np.argmin(loss, axis=0)
    at = np.arange(len(thresholds))
    loss -= np.minimum(loss.min(axis=0), 0.0)  # rounding: a loss is never negative
    return Frontier(
        np.asarray(thresholds, dtype=np.float64),
        probability,
        loss,
        optimal,
        probability[optimal, at],
        loss[optimal, at],
    )


def probability_best(costs: Array, qalys: Array, threshold: float) -> Array:
    """Return each strategy's probability of the highest net benefit at one threshold, Array (strategy,)."""
    return frontier(costs, qalys, np.array([threshold])).ceac[:, 0]


def probability_cost_effective(
    incremental_costs: Array, incremental_qalys: Array, threshold: float, severity_weight: float | Array = 1.0
) -> float:
    """Return the share of draws with positive incremental net benefit; draws of exactly 0 count half.

    >>> probability_cost_effective(np.array([10.0, 10.0, 10.0]), np.array([1.0, 0.5, 0.1]), 20.0)
    0.5
    """
    benefit = threshold * (severity_weight * incremental_qalys) - incremental_costs
    return float(np.mean(benefit > 0.0) + 0.5 * np.mean(benefit == 0.0))


def switch_points(mean_costs: Array, mean_qalys: Array) -> Array:
    """Return the thresholds at which the optimal strategy changes: the ICERs along the frontier of the means.

    Parameters
    ----------
    mean_costs, mean_qalys : Array (strategy,)

    Examples
    --------
    >>> switch_points(np.array([0.0, 10.0, 40.0]), np.array([1.0, 1.5, 2.0])).tolist()
    [20.0, 60.0]
    """
    names = [str(i) for i in range(len(mean_costs))]
    rows = fully_incremental(names, [float(c) for c in mean_costs], [float(q) for q in mean_qalys])
    return np.array([row.icer for row in rows if row.icer is not None and not row.label], dtype=np.float64)


@dataclass(frozen=True)
class Ellipse:
    """Ellipse that holds a share of the draws if they are bivariate normal.

    Attributes
    ----------
    centre : (float, float)
        Mean incremental QALYs and costs.
    points : Array (point, 2)
        Its line: incremental QALYs, incremental costs.
    level : float
    """

    centre: tuple[float, float]
    points: Array
    level: float


def ellipse(incremental_qalys: Array, incremental_costs: Array, level: float = 0.95, n_points: int = 181) -> Ellipse:
    """Return the ellipse of a level from the covariance of the draws: (x - m)' C^-1 (x - m) = -2 ln(1 - level).

    >>> e = ellipse(np.array([-1.0, 1.0, 0.0, 0.0]), np.array([0.0, 0.0, -1.0, 1.0]))
    >>> radius = np.hypot(e.points[:, 0], e.points[:, 1])
    >>> bool(np.allclose(radius, np.sqrt(-2.0 * np.log(0.05) * 2.0 / 3.0)))
    True
    """
    both = np.stack([incremental_qalys, incremental_costs])
    centre = both.mean(axis=1)
    scale = np.where(both.std(axis=1) > 0.0, both.std(axis=1), 1.0)
    covariance = np.cov((both - centre[:, np.newaxis]) / scale[:, np.newaxis])
    values, vectors = np.linalg.eigh(covariance)
    angle = np.linspace(0.0, 2.0 * np.pi, n_points)
    circle = np.sqrt(-2.0 * np.log(1.0 - level)) * np.stack([np.cos(angle), np.sin(angle)])
    line = vectors @ (np.sqrt(np.clip(values, 0.0, None))[:, np.newaxis] * circle)
    return Ellipse((float(centre[0]), float(centre[1])), (centre[:, np.newaxis] + scale[:, np.newaxis] * line).T, level)


QUADRANTS = ("north_east", "south_east", "south_west", "north_west")


def quadrants(incremental_qalys: Array, incremental_costs: Array) -> dict[str, float]:
    """Return the share of draws in each quadrant; on the horizontal axis counts as dearer, on the vertical as better.

    >>> quadrants(np.array([1.0, -1.0, 1.0, 0.0]), np.array([1.0, 1.0, -1.0, 0.0]))
    {'north_east': 0.5, 'south_east': 0.25, 'south_west': 0.0, 'north_west': 0.25}
    """
    better, dearer = incremental_qalys >= 0.0, incremental_costs >= 0.0
    shares = (better & dearer, better & ~dearer, ~better & ~dearer, ~better & dearer)
    return {name: float(np.mean(where)) for name, where in zip(QUADRANTS, shares, strict=True)}


def running_mean(values: Array, points: Counts) -> tuple[Array, Array]:
    """Return the mean and its Monte Carlo standard error after so many draws.

    Parameters
    ----------
    values : Array (draw,)
    points : integer array (point,)
        Numbers of draws, at least 2.

    Returns
    -------
    mean, mcse : Array (point,)
        Standard error of the mean of independent draws: sd / sqrt(n).

    Examples
    --------
    >>> mean, mcse = running_mean(np.array([1.0, 3.0, 2.0]), np.array([2, 3]))
    >>> mean.tolist(), mcse.round(6).tolist()
    ([2.0, 2.0], [1.0, 0.57735])
    """
    n = np.asarray(points, dtype=np.float64)
    shift = float(values[0])
    total, squares = np.cumsum(values - shift)[points - 1], np.cumsum((values - shift) ** 2)[points - 1]
    mean = total / n
    variance = np.maximum(squares - n * mean**2, 0.0) / (n - 1.0)
    return shift + mean, np.sqrt(variance / n)
