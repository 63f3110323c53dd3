"""Treatment-effect waning: the hazard moves from a strategy's own to another's, cycle by cycle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from netcea.arrays import Array
from netcea.survival.moments import rise_in_cycles


def own_weights(starts: Array, ends: Array, edges: Array) -> tuple[Array, Array]:
    """Weight of the own hazard in each cycle: 1 until the effect begins to fade, 0 from where it has ended.

    Parameters
    ----------
    starts, ends : Array (draw, 1) or (1, 1)
        When the effect begins to fade, and from when hazards are equal; the same for a sudden end. [years]
    edges : Array (cycle + 1,)
        Rising. [years]

    Returns
    -------
    weight : Array (draw, cycle)
        Taken at the middle of the cycle; where the end is sudden, 0 for the cycle that holds it. [share]
    sudden : Array (draw, 1)
        Times of sudden ends, infinite where the effect fades. [years]

    Examples
    --------
    A fading from 1 to 3 years in yearly cycles: at 1.5 years three quarters are left, at 2.5 one.

    >>> own_weights(np.array([[1.0]]), np.array([[3.0]]), np.arange(5.0))[0].tolist()
    [[1.0, 0.75, 0.25, 0.0]]
    """
    sudden = starts >= ends
    before, after = edges[np.newaxis, :-1], edges[np.newaxis, 1:]
    length = np.where(sudden, 1.0, ends - starts)
    fading = np.clip((ends - (before + after) / 2.0) / length, 0.0, 1.0)
    weight = np.where(sudden, after <= starts, fading)
    return np.asarray(weight, dtype=np.float64), np.asarray(np.where(sudden, starts, np.inf), dtype=np.float64)


def cycles_of_effect(weight: Array) -> int:
    """Number of cycles, from the first, after which no row has an effect of its own; the last may hold a sudden end.

    Parameters
    ----------
    weight : Array (draw, cycle)
        Of the own hazard. [share]

    Returns
    -------
    int
        One more than the cycles with a weight, if there are so many.

    Examples
    --------
    >>> cycles_of_effect(np.array([[1.0, 0.5, 0.0, 0.0]]))
    3
    """
    weighed = np.flatnonzero(weight.any(axis=0))
    last = int(weighed[-1]) + 1 if len(weighed) else 0
    return min(last + 1, int(weight.shape[1]))


def waned(
    own: Array, other: Array, weight: Array, sudden: Array, edges: Array, at: Callable[[Array], tuple[Array, Array]]
) -> Array:
    """Cumulative hazard of a curve whose effect wanes.

    Parameters
    ----------
    own : Array (draw, edge of effect)
        Cumulative hazard without waning, at the edges of the cycles that have an effect (`cycles_of_effect`). [1]
    other : Array (draw, edge)
        That of the curve towards which it wanes. [1]
    weight, sudden : Array (draw, cycle), Array (draw, 1)
        See `own_weights`. [share], [years]
    edges : Array (edge,)
        [years]
    at : callable t -> (own, other)
        Both at times of sudden ends, Array (draw, 1). [1]

    Returns
    -------
    Array (draw, edge)
        [1]

    Notes
    -----
    H(t_i) = H_other(t_i) + sum over cycles j up to i of w_j (rise of H_own in j - rise of H_other in j). A sudden end
    at T splits the rise of the cycle that holds T: own until T, the other's after.

    Nobody is left once H_own is infinite, or H_other becomes so while its weight is above 0. Where the other has nobody
    left before its hazard is taken on, there is no such hazard and H is no number.

    Examples
    --------
    Hazards of 1 and 2 a year, weights 1, 1/2 and 0: rises of 1, 1.5 and 2.

    >>> edges = np.arange(4.0)
    >>> h = waned(np.array([[0.0, 1.0, 2.0, 3.0]]), 2.0 * edges[np.newaxis], np.array([[1.0, 0.5, 0.0]]),
    ...           np.array([[np.inf]]), edges, lambda t: (t, 2.0 * t))
    >>> h.tolist()
    [[0.0, 1.0, 2.5, 4.5]]
    """
    if not (np.isfinite(own[:, -1]).all() and np.isfinite(other[:, -1]).all()):
        return _waned_to_nobody(own, other, weight, sudden, edges, at)
    last = own.shape[1] - 1
    gap = rise_in_cycles(own) - rise_in_cycles(other[:, : last + 1])
    gap = gap * weight[:, :last]
    if np.isfinite(sudden).any():
        _until_sudden_end(gap, own, other, sudden, edges, at)
    added = np.cumsum(gap, axis=1)
    h = np.empty((max(len(added), len(other)), other.shape[1]))
    h[:, 0] = 0.0
    np.add(other[:, 1 : last + 1], added, out=h[:, 1 : last + 1])
    np.add(other[:, last + 1 :], added[:, -1:], out=h[:, last + 1 :])
    return h


def _waned_to_nobody(
    own: Array, other: Array, weight: Array, sudden: Array, edges: Array, at: Callable[[Array], tuple[Array, Array]]
) -> Array:
    """Cumulative hazard of a curve whose effect wanes, where hazards may be infinite: each rise by its own weight."""
    rows, last = max(len(own), len(other), len(weight)), own.shape[1] - 1
    own = np.broadcast_to(own, (rows, last + 1))
    other = np.broadcast_to(other, (rows, other.shape[1]))
    own_rise, other_rise = np.zeros((rows, len(edges) - 1)), rise_in_cycles(other)
    own_rise[:, :last] = rise_in_cycles(own)
    share = np.broadcast_to(weight, own_rise.shape)
    with np.errstate(invalid="ignore"):
        rise = np.where(share > 0.0, share * own_rise, 0.0) + np.where(share < 1.0, (1.0 - share) * other_rise, 0.0)
    times = np.broadcast_to(sudden, (rows, 1))[:, 0]
    cycle = np.searchsorted(edges, times, side="right") - 1
    held = np.flatnonzero(cycle < len(edges) - 1)
    if len(held):
        found = at(np.where(np.isfinite(sudden), sudden, 0.0))
        own_t, other_t = (np.broadcast_to(x, (rows, 1))[held, 0] for x in found)
        k = cycle[held]
        with np.errstate(invalid="ignore"):
            rise[held, k] = (own_t - own[held, k]) + (other[held, k + 1] - other_t)
    gone = np.zeros((rows, other.shape[1]), dtype=np.bool_)
    gone[:, 1:] = np.logical_or.accumulate(np.isposinf(rise), axis=1)
    h = np.zeros((rows, other.shape[1]))
    np.cumsum(rise, axis=1, out=h[:, 1:])
    h[gone] = np.inf
    return h


def _until_sudden_end(
    gap: Array, own: Array, other: Array, sudden: Array, edges: Array, at: Callable[[Array], tuple[Array, Array]]
) -> None:
    """Write, in place, what the own curve adds in the cycle that holds a sudden end: own minus other until T."""
    if len(sudden) == 1:
        at_once = int(np.searchsorted(edges, sudden[0, 0], side="right")) - 1
        if at_once < len(edges) - 1:
            own_t, other_t = at(sudden)
            gap[:, at_once] = (own_t[:, 0] - own[:, at_once]) - (other_t[:, 0] - other[:, at_once])
        return
    times = np.broadcast_to(sudden, (len(gap), 1))[:, 0]
    cycle = np.searchsorted(edges, times, side="right") - 1
    rows = np.flatnonzero(cycle < len(edges) - 1)
    if not len(rows):
        return
    own_t, other_t = at(np.where(np.isfinite(sudden), sudden, 0.0))
    k = cycle[rows]

    def pick(h: Array, column: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Array:
        return np.asarray(np.broadcast_to(h, (len(gap), h.shape[1]))[rows, column], dtype=np.float64)

    first = np.zeros_like(k)
    gap[rows, k] = (pick(own_t, first) - pick(own, k)) - (pick(other_t, first) - pick(other, k))
