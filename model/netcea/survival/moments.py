"""Times between the edges of cycles, and hazards that are known at the edges and linear between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from netcea.arrays import Array
from netcea.kernel.choice import KERNEL


@dataclass(frozen=True)
class Moments:
    """Times other than the edges, with their place between the edges.

    Attributes
    ----------
    times : Array (1, moment)
        From 0. [years]
    cycle : integer array (moment,)
        The cycle that holds each time, from 0.
    fraction : Array (moment,)
        How far into the cycle, 0 to 1; more after the last edge. [share]
    edges_from_start : bool
        Every time is an edge, and they are the first edges in their order.
    """

    times: Array
    cycle: np.ndarray[tuple[int], np.dtype[np.intp]]
    fraction: Array
    edges_from_start: bool

    @cached_property
    def key(self) -> bytes:
        """The times themselves: what was computed at these moments is found again by them."""
        return self.times.tobytes()

    @classmethod
    def between(cls, edges: Array, times: Array) -> Moments:
        """Place times between edges; those after the last edge belong to the last cycle.

        Parameters
        ----------
        edges : Array (edge,)
            Rising, two or more. [years]
        times : Array (moment,)
            From the first edge on. [years]

        Returns
        -------
        Moments
            In the order of the times.

        Examples
        --------
        >>> found = Moments.between(np.array([0.0, 1.0, 2.0]), np.array([0.25, 2.5]))
        >>> found.cycle.tolist(), found.fraction.tolist()
        ([0, 1], [0.25, 1.5])
        """
        cycle = np.clip(np.searchsorted(edges, times, side="right") - 1, 0, len(edges) - 2)
        fraction = (times - edges[cycle]) / (edges[cycle + 1] - edges[cycle])
        on_edges = len(times) <= len(edges) and np.array_equal(times, edges[: len(times)])
        return cls(times[np.newaxis, :], cycle, fraction, bool(on_edges))


def hazard_at(hazard: Array, moments: Moments) -> Array:
    """Cumulative hazard at moments that all rows share, linear between the edges.

    Parameters
    ----------
    hazard : Array (draw, edge)
        Cumulative, at the edges. [1]
    moments : Moments
        Placed between the same edges.

    Returns
    -------
    Array (draw, moment)
        [1]

    Examples
    --------
    >>> moments = Moments.between(np.array([0.0, 1.0, 2.0]), np.array([0.5, 1.5]))
    >>> hazard_at(np.array([[0.0, 0.2, 0.6]]), moments).round(3).tolist()
    [[0.1, 0.4]]
    """
    compiled = KERNEL.compiled()
    if compiled is not None and not _ends_in_nobody(hazard):
        found: Array = compiled.at_moments(hazard, moments.cycle, moments.fraction)
        return found
    low = np.take(hazard, moments.cycle, axis=1)
    high = np.take(hazard, moments.cycle + 1, axis=1)
    if _ends_in_nobody(hazard):
        return _between(low, high, moments.fraction)
    high -= low
    high *= moments.fraction
    high += low
    return high


def _ends_in_nobody(hazard: Array) -> bool:
    """Say whether a cumulative hazard becomes infinite: where it does, it is at the last edge."""
    return not bool(np.isfinite(hazard[:, -1]).all())


def _between(low: Array, high: Array, fraction: Array) -> Array:
    """Return low + fraction (high - low) where either may be infinite: nobody is left as soon as the hazard is."""
    with np.errstate(invalid="ignore"):
        found = low + fraction * (high - low)
    return np.asarray(np.where(np.isinf(low) | (fraction == 0.0), low, found), dtype=np.float64)


def hazard_at_own_times(edges: Array, hazard: Array, t: Array) -> Array:
    """Cumulative hazard at times that may differ from row to row, linear between the edges.

    Parameters
    ----------
    edges : Array (edge,)
        Rising. [years]
    hazard : Array (1 or draw, edge)
        Cumulative, at the edges. [1]
    t : Array (1 or draw, moment)
        After the last edge the last cycle's hazard goes on. [years]

    Returns
    -------
    Array (draw, moment)
        [1]

    Examples
    --------
    >>> hazard_at_own_times(np.array([0.0, 1.0]), np.array([[0.0, 0.2]]), np.array([[0.5], [2.0]])).tolist()
    [[0.1], [0.4]]
    """
    cycle = np.clip(np.searchsorted(edges, t.ravel(), side="right") - 1, 0, len(edges) - 2).reshape(t.shape)
    fraction = (t - edges[cycle]) / (edges[cycle + 1] - edges[cycle])
    rows = max(len(t), len(hazard))
    wide = np.broadcast_to(hazard, (rows, hazard.shape[1]))
    cycle = np.broadcast_to(cycle, (rows, t.shape[1]))
    low = np.take_along_axis(wide, cycle, axis=1)
    high = np.take_along_axis(wide, cycle + 1, axis=1)
    if _ends_in_nobody(hazard):
        return _between(low, high, fraction)
    return np.asarray(low + fraction * (high - low), dtype=np.float64)


def rise_in_cycles(hazard: Array) -> Array:
    """Rise of a cumulative hazard in each cycle.

    Parameters
    ----------
    hazard : Array (draw, edge)
        At the edges. [1]

    Returns
    -------
    Array (draw, edge - 1)
        [1]

    Notes
    -----
    The rows are taken as one long row, which is twice as quick. Once nobody is left, a rise is no number.

    Examples
    --------
    >>> rise_in_cycles(np.array([[0.0, 1.0, 3.0], [0.0, 2.0, 2.0]])).tolist()
    [[1.0, 2.0], [2.0, 0.0]]
    """
    long = np.ascontiguousarray(hazard).ravel()
    rises = np.empty_like(long)
    with np.errstate(invalid="ignore"):
        np.subtract(long[1:], long[:-1], out=rises[:-1])
    rises[-1] = 0.0
    return rises.reshape(hazard.shape)[:, :-1]


def from_rises(rises: Array) -> Array:
    """Cumulative hazard at the edges from its rise in each cycle.

    Parameters
    ----------
    rises : Array (draw, cycle)
        [1]

    Returns
    -------
    Array (draw, cycle + 1)
        From 0. [1]

    Examples
    --------
    >>> from_rises(np.array([[1.0, 2.0]])).tolist()
    [[0.0, 1.0, 3.0]]
    """
    hazard = np.empty((rises.shape[0], rises.shape[1] + 1))
    hazard[:, 0] = 0.0
    np.cumsum(rises, axis=1, out=hazard[:, 1:])
    return hazard
