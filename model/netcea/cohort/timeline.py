"""Cycles: edges, person-time weights, discount factors, windows of time.

References
----------
NICE health technology evaluations: the manual (PMG36), 4.2.22-25: the horizon; 4.5: discounting, 3.5% for costs and
QALYs in the reference case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.quantities.units import DAYS_PER_YEAR

HalfCycleCorrection: TypeAlias = Literal["trapezium", "start", "end"]
Discounting: TypeAlias = Literal["mid_cycle", "cycle_start", "annual"]

Steps: TypeAlias = tuple[tuple[float, float], ...]
"""Rates that hold one after another: (year from which, rate a year), the first from 0, rising."""

TIME_TOLERANCE: Final = 1e-9
"""Two times closer than this are one moment. [years] (0.03 seconds)"""


@dataclass(frozen=True)
class Timeline:
    """The grid of a model.

    Attributes
    ----------
    edges : Array (N + 1,)
        t_0 = 0 to t_N = the horizon; cycle i lies between t_i-1 and t_i. [years]
    horizon_years : float
        [years]
    cycle_days : float
        Length of a cycle but for the last. [days]
    """

    edges: Array
    horizon_years: float
    cycle_days: float

    @property
    def n_cycles(self) -> int:
        """Number of cycles, N."""
        return len(self.edges) - 1

    @property
    def lengths(self) -> Array:
        """Length of each cycle, Array (N,). [years]"""
        return np.diff(self.edges)


def timeline(horizon_years: float, cycle_days: float) -> Timeline:
    """Cycles from 0 to the horizon.

    t_i = min(i x cycle_days / 365.25, horizon), i = 0..N, N = ceil(horizon / cycle): the last cycle is cut at
    the horizon. A horizon within `TIME_TOLERANCE` of a whole number of cycles has no sliver of a cycle at its
    end. Days are multiplied before they are divided: i packs of 28 days meet edge i of 28-day cycles to the
    last bit.

    Parameters
    ----------
    horizon_years : float
        Above 0. [years]
    cycle_days : float
        Above 0. [days]

    Returns
    -------
    Timeline
        Of N cycles.

    Raises
    ------
    ValueError
        Unless both are positive and finite.

    Examples
    --------
    >>> timeline(1.0, 146.1).edges.round(12).tolist()
    [0.0, 0.4, 0.8, 1.0]
    >>> timeline(40.0, 28.0).n_cycles
    522
    """
    if not (0.0 < horizon_years < np.inf and 0.0 < cycle_days < np.inf):
        raise ValueError(f"found horizon {horizon_years} years, cycle {cycle_days} days; expected both above 0")
    n = max(1, int(np.ceil((horizon_years - TIME_TOLERANCE) * DAYS_PER_YEAR / cycle_days)))
    edges = np.minimum(np.arange(n + 1) * cycle_days / DAYS_PER_YEAR, horizon_years)
    edges[-1] = horizon_years
    return Timeline(edges, horizon_years, cycle_days)


def person_time_weights(time: Timeline, half_cycle_correction: HalfCycleCorrection) -> tuple[Array, Array]:
    """Half-cycle correction: weights with person-time = start_i x X_i-1 + end_i x X_i.

    ``trapezium`` counts the mean of both ends, ``start`` the occupancy at the cycle's start, ``end`` at its
    end.

    Parameters
    ----------
    time : Timeline
        The cycles.
    half_cycle_correction : {'trapezium', 'start', 'end'}
        What stands for the occupancy of a cycle.

    Returns
    -------
    start : Array (N,)
        Weight of the occupancy at the start of each cycle. [years]
    end : Array (N,)
        Weight of the occupancy at its end. [years]

    Raises
    ------
    ValueError
        Another correction.

    Examples
    --------
    >>> person_time_weights(timeline(1.0, 146.1), "trapezium")[0].round(9).tolist()
    [0.2, 0.2, 0.1]
    """
    shares = {"trapezium": (0.5, 0.5), "start": (1.0, 0.0), "end": (0.0, 1.0)}
    if half_cycle_correction not in shares:
        raise ValueError(f"found {half_cycle_correction!r}; expected one of {', '.join(shares)}")
    start, end = shares[half_cycle_correction]
    return start * time.lengths, end * time.lengths


def completed_years(t: Array | float) -> Array:
    """Whole years passed; a time within `TIME_TOLERANCE` below a whole year has reached it.

    Parameters
    ----------
    t : Array or float
        [years]

    Returns
    -------
    Array
        [years]

    Examples
    --------
    >>> completed_years(np.array([0.99, 1.0 - 1e-16, 1.0])).tolist()
    [0.0, 1.0, 1.0]
    """
    return np.asarray(np.floor(np.asarray(t, dtype=np.float64) + TIME_TOLERANCE), dtype=np.float64)


def cycle_discount(time: Timeline, rate: float | Array | Steps, convention: Discounting) -> Array:
    """Discount factor of each cycle.

    ``mid_cycle``: (1 + r)^-((t_i-1 + t_i) / 2); ``cycle_start``: (1 + r)^-t_i-1;
    ``annual``: (1 + r)^-floor(t_i-1).

    Parameters
    ----------
    time : Timeline
        The cycles.
    rate : float, Array (draw, 1), or steps
        The rate r, above -1. [per year] Of steps, each discounts the years in which it holds: in the place of
        (1 + r)^-t stands the product of (1 + r_k)^-(years of t from year_k until year_k+1).
    convention : {'mid_cycle', 'cycle_start', 'annual'}
        To which time a cycle is discounted.

    Returns
    -------
    Array (N,), or (draw, N) where the rate differs by draw
        1 at the start.

    Raises
    ------
    ValueError
        Another convention.

    Examples
    --------
    >>> cycle_discount(timeline(2.0, 365.25), 0.25, "cycle_start").tolist()
    [1.0, 0.8]
    >>> cycle_discount(timeline(4.0, 365.25), ((0.0, 0.25), (2.0, 0.0)), "cycle_start").round(12).tolist()
    [1.0, 0.8, 0.64, 0.64]
    """
    start, end = time.edges[:-1], time.edges[1:]
    if convention == "mid_cycle":
        return _factor(rate, (start + end) / 2.0)
    return _factor(rate, _counted_from(start, convention))


def moment_discount(time: Timeline, t: Array, rate: float | Array | Steps, convention: Discounting) -> Array:
    """Discount factor at moments (when packs are dispensed), by the convention of the cycles.

    ``mid_cycle``: (1 + r)^-t, the moment itself; ``cycle_start``: the factor of the cycle that holds t;
    ``annual``: (1 + r)^-floor(t). A moment on an edge belongs to the cycle that it starts.

    Parameters
    ----------
    time : Timeline
        The cycles.
    t : Array (moments,)
        Between 0 and the horizon. [years]
    rate : float, Array (draw, 1), or steps
        The rate r, above -1, as of `cycle_discount`. [per year]
    convention : {'mid_cycle', 'cycle_start', 'annual'}
        That of the cycles.

    Returns
    -------
    Array (moments,), or (draw, moments) where the rate differs by draw
        1 at the start.

    Raises
    ------
    ValueError
        Another convention.

    Examples
    --------
    >>> moment_discount(timeline(2.0, 365.25), np.array([0.5, 1.0, 1.5]), 0.25, "cycle_start").tolist()
    [1.0, 0.8, 0.8]
    """
    if convention == "mid_cycle":
        return _factor(rate, t)
    if convention == "cycle_start":
        cycle = np.searchsorted(time.edges, t + TIME_TOLERANCE, side="right") - 1
        t = time.edges[np.clip(cycle, 0, time.n_cycles - 1)]
    return _factor(rate, _counted_from(t, convention))


def edge_weights(start: Array, end: Array, profile: Array) -> Array:
    """Edge weights w: sum over cycles of profile_i (start_i X_i-1 + end_i X_i) = sum over edges of w_j X_j.

    Parameters
    ----------
    start, end : Array (N,)
        Of `person_time_weights`. [years]
    profile : Array (N,), (1, N) or (draw, N)
        What a year in each cycle counts: discount factor x utility norm x share in a window ...

    Returns
    -------
    Array (N + 1,), (1, N + 1) or (draw, N + 1)
        [years]

    Examples
    --------
    >>> edge_weights(np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.array([1.0, 0.8])).tolist()
    [0.5, 0.9, 0.4]
    """
    weights = np.zeros((*profile.shape[:-1], profile.shape[-1] + 1))
    np.multiply(profile, start, out=weights[..., :-1])
    weights[..., 1:] += profile * end
    return weights


def fall_weights(factor: Array) -> Array:
    """Edge weights of a fall: sum over cycles of factor_i (X_i-1 - X_i) = sum over edges of w_j X_j.

    Parameters
    ----------
    factor : Array (N,), (1, N) or (draw, N)
        Discount factor x whatever else an event in each cycle counts.

    Returns
    -------
    Array (N + 1,), (1, N + 1) or (draw, N + 1)
        [as the factor]

    Examples
    --------
    >>> fall_weights(np.array([1.0, 0.75])).tolist()
    [1.0, -0.25, -0.75]
    """
    weights = np.zeros((*factor.shape[:-1], factor.shape[-1] + 1))
    weights[..., :-1] = factor
    weights[..., 1:] -= factor
    return weights


def window_fraction(edges: Array, from_years: float | Array, to_years: float | Array) -> Array:
    """Share of each cycle that lies in [from, to), for what is paid only between two times.

    Parameters
    ----------
    edges : Array (N + 1,)
        Of the cycles. [years]
    from_years, to_years : float or Array (draw, 1)
        The end may be inf. Nothing lies in a window that ends before it starts. [years]

    Returns
    -------
    Array (1, N) or (draw, N)
        Between 0 and 1.

    Examples
    --------
    >>> window_fraction(np.array([0.0, 1.0, 2.0, 3.0]), 0.5, 2.25).tolist()
    [[0.5, 1.0, 0.25]]
    """
    start, end = edges[np.newaxis, :-1], edges[np.newaxis, 1:]
    inside = np.minimum(end, to_years) - np.maximum(start, from_years)
    return np.clip(inside / (end - start), 0.0, 1.0)


def _counted_from(t: Array, convention: str) -> Array:
    """Return the time from which a convention counts: t itself, or the completed years."""
    if convention == "cycle_start":
        return t
    if convention == "annual":
        return completed_years(t)
    raise ValueError(f"found {convention!r}; expected one of mid_cycle, cycle_start, annual")


def _factor(rate: float | Array | Steps, t: Array) -> Array:
    if not isinstance(rate, tuple):
        return np.asarray((1.0 + rate) ** -t, dtype=np.float64)
    ends = [start for start, _ in rate[1:]] + [np.inf]
    factor = np.ones_like(t)
    for (start, each), end in zip(rate, ends, strict=True):
        factor = factor * (1.0 + each) ** -(np.clip(t, start, end) - start)
    return factor
