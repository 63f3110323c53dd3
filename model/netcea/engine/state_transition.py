"""State-transition models of three states: progression-free -> progressed -> dead, and progression-free -> dead.

Patients leave PF as the PFS curve says. Within a cycle they enter PD evenly and die from it at a constant hazard, so
that clock-forward and clock-reset are one model where the hazard after progression is constant, and that a
partitioned-survival model is the state-transition model of its own implied hazard.

References
----------
NICE DSU TSD 19: partitioned survival beside state-transition models. Woods 2020, Med Decis Making 40(5).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.cohort.mortality import SMALLEST_SURVIVAL

LARGEST_RISE: Final = float(-np.log(SMALLEST_SURVIVAL))
"""Rise of the cumulative hazard in a cycle that nobody survives."""
MOST_STEPS: Final = 200
"""Of Newton's method for an implied hazard; it needs about five."""
ENOUGH: Final = 1e-14
"""Relative change at which an implied hazard is found."""
GAUSS: Final = np.polynomial.legendre.leggauss(8)
"""Points and weights of an average over a cycle."""


def alive_of_entrants(rise: Array) -> Array:
    """Return the share of those who enter evenly within a cycle that is alive at its end, (1 - exp(-x)) / x.

    Parameters
    ----------
    rise : Array
        Of the cumulative hazard over the cycle, x, not below 0. [1]

    Returns
    -------
    Array
        1 where x is 0. [share]

    Examples
    --------
    >>> alive_of_entrants(np.array([0.0, 1.0, 700.0])).round(6).tolist()
    [1.0, 0.632121, 0.001429]
    """
    return np.divide(-np.expm1(-rise), rise, out=np.ones_like(rise), where=rise > 0.0)


def clock_forward(progressions: Array, rises: Array) -> Array:
    """Progressed where the hazard after progression is one of time since the start.

    PD_i = PD_i-1 exp(-x_i) + p_i (1 - exp(-x_i)) / x_i

    Parameters
    ----------
    progressions : Array (draw, N) or (1, N)
        In each cycle, p. [share]
    rises : Array (draw, N) or (1, N)
        Of the cumulative hazard after progression in each cycle, x. [1]

    Returns
    -------
    Array (draw, N + 1)
        At the edges, from 0. [share]

    Examples
    --------
    >>> clock_forward(np.array([[0.5, 0.0]]), np.array([[0.0, np.log(2.0)]])).tolist()
    [[0.0, 0.5, 0.25]]
    """
    p, x = np.broadcast_arrays(progressions, rises)
    stay, entered = np.exp(-x), p * alive_of_entrants(x)
    progressed = np.zeros((p.shape[0], p.shape[1] + 1))
    for i in range(p.shape[1]):
        progressed[:, i + 1] = progressed[:, i] * stay[:, i] + entered[:, i]
    return progressed


def implied_rises(progressed: Array, progressions: Array) -> Array:
    """Rises of the cumulative hazard after progression that a course of PD implies: `clock_forward` the other way.

    Parameters
    ----------
    progressed : Array (draw, N + 1)
        At the edges. [share]
    progressions : Array (draw, N)
        In each cycle. [share]

    Returns
    -------
    Array (draw, N)
        The x >= 0 [1] with PD_i = PD_i-1 exp(-x) + p_i (1 - exp(-x)) / x; `LARGEST_RISE` where nobody is left; nan
        where there was nobody.

    Notes
    -----
    log(PD_i-1 exp(-x) + p_i (1 - exp(-x)) / x) is convex and falls: Newton's method from 0 comes from below.

    Examples
    --------
    >>> implied_rises(np.array([[0.0, 0.5, 0.25]]), np.array([[0.5, 0.0]])).round(6).tolist()
    [[0.0, 0.693147]]
    """
    before, after = progressed[:, :-1], progressed[:, 1:]
    there = before + progressions
    asked = (there > 0.0) & (after > 0.0) & (after < there)
    was, came, wanted = before[asked], np.broadcast_to(progressions, before.shape)[asked], np.log(after[asked])
    found = np.where(there > 0.0, np.where(after > 0.0, 0.0, LARGEST_RISE), np.nan)
    found[asked] = _solved(was, came, wanted)
    return found


def _solved(was: Array, came: Array, wanted: Array) -> Array:
    """Return the x at which log(was exp(-x) + came (1 - exp(-x)) / x) is what is wanted, Array (place,).

    Places at which a step changes nothing any more are left alone: few need more than four, some swing in the last
    digit for ever.
    """
    found, at, x = np.zeros_like(wanted), np.arange(len(wanted)), np.zeros_like(wanted)
    standing = 0.0
    for _ in range(MOST_STEPS):
        step = _newton_step(x, was, came, wanted)
        new = np.clip(x + step, 0.0, LARGEST_RISE)
        size, moves = np.abs(step) / (1e-3 + new), new != x
        found[at] = new
        if max(float(size.max(initial=0.0)), standing) < ENOUGH:
            break
        standing = max(float(size[~moves].max(initial=0.0)), standing)
        at, x, was, came, wanted = at[moves], new[moves], was[moves], came[moves], wanted[moves]
    return found


def _newton_step(x: Array, was: Array, came: Array, wanted: Array) -> Array:
    stay, entered = np.exp(-x), alive_of_entrants(x)
    small = x < 1e-4  # the slope of (1 - exp(-x)) / x cancels near 0
    slope = np.where(small, -0.5 + x / 3.0, (stay - entered) / np.where(small, 1.0, x))
    left = np.maximum(was * stay + came * entered, SMALLEST_SURVIVAL)
    return (np.log(left) - wanted) * left / np.maximum(was * stay - came * slope, SMALLEST_SURVIVAL)


def rises_since_progression(hazard: Callable[[Array], Array], length: float, cycles: int) -> Array:
    """Rises of the cumulative hazard of those who progressed evenly within a cycle, by cycles since then.

    Parameters
    ----------
    hazard : function of times since progression -> cumulative hazard
        [years]
    length : float
        Of a cycle. [years]
    cycles : int
        How many.

    Returns
    -------
    Array (cycles,)
        First -log of the share alive at the end of the cycle of progression, then the rise in each later cycle. [1]

    Examples
    --------
    >>> rises_since_progression(lambda t: 2.0 * t, 0.5, 3).round(9).tolist()
    [0.458675145, 1.0, 1.0]
    """
    start = np.arange(cycles) * length
    nodes, weights = (GAUSS[0] + 1.0) / 2.0, GAUSS[1] / 2.0
    at = hazard(start[:, np.newaxis] + length * nodes[np.newaxis, :])
    least = at[:, :1]
    total = least[:, 0] - np.log(np.exp(least - at) @ weights)
    return np.diff(total, prepend=0.0)


def clock_reset(progressions: Array, since: Array, last: Array, population: Array) -> Array:
    """Progressed where the hazard after progression is one of time since progression, and at least the population's.

    PD_i = sum over j <= i of p_j exp(-X_ji), X_ji = sum over cycles j..i of max(rise by time since progression,
    population's rise).

    Parameters
    ----------
    progressions : Array (N,)
        In each cycle, p. [share]
    since : Array (N,)
        Of `rises_since_progression`. [1]
    last : Array (2,)
        In the last cycle, which may be shorter: of those who progress in it, and the factor of all other rises. [1]
    population : Array (N,)
        Rise of the population's cumulative hazard in each cycle; zeros for no floor. [1]

    Returns
    -------
    Array (N + 1,)
        At the edges, from 0. [share]

    Examples
    --------
    >>> since, none = np.array([0.1, 0.2, 0.2]), np.zeros(3)
    >>> clock_reset(np.array([0.5, 0.0, 0.0]), since, np.array([0.1, 1.0]), none).round(6).tolist()
    [0.0, 0.452419, 0.370409, 0.303265]
    """
    n = len(progressions)
    lag = np.arange(n)[np.newaxis, :] - np.arange(n)[:, np.newaxis]  # entry, cycle
    rise = np.where(lag >= 0, since[np.maximum(lag, 0)], 0.0)
    rise[:-1, -1] *= last[1]
    rise[-1, -1] = last[0]
    np.maximum(rise, np.where(lag > 0, population, 0.0), out=rise)
    entering = np.arange(n)
    rise[entering, entering] = np.maximum(rise[entering, entering], -np.log(alive_of_entrants(population)))
    there = np.where(lag >= 0, np.exp(-np.cumsum(rise, axis=1)), 0.0)
    return np.concatenate([[0.0], progressions @ there])
