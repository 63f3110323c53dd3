"""An effect that wanes from each patient's own end of treatment: the cohort is a mixture over discontinuation times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.survival.moments import hazard_at_own_times
from netcea.survival.treatment_end import NOBODY, Leaving

FEW: Final = 1e-200
"""A share of the cohort that is nobody."""


class _Band(NamedTuple):
    """Those who discontinued some cycles ago, in each cycle in which their effect may be fading.

    Attributes
    ----------
    cycles : slice
        In which they discontinued.
    edges : slice
        So many cycles later.
    since : Array (draw, cycle)
        Time from their discontinuation to the edge. [years]
    """

    cycles: slice
    edges: slice
    since: Array


def survival_kept(own: Array, other: Array, starts: Array, ends: Array, leaving: Leaving, edges: Array) -> Array:
    """Cumulative hazard of a cohort in which each patient's hazard moves to the other's after discontinuation.

    Parameters
    ----------
    own, other : Array (draw, edge)
        Cumulative hazards with the strategy's own effect and of the curve towards which it wanes. [1]
    starts, ends : Array (draw, 1)
        From a patient's discontinuation until the effect begins to fade, and until it has ended. [years]
    leaving : Leaving
        Who discontinues in each cycle, and when.
    edges : Array (edge,)
        Rising, from 0. [years]

    Returns
    -------
    Array (draw, edge)
        [1]

    Notes
    -----
    A patient who discontinues at s has the hazard u(t - s) h_own(t) + (1 - u(t - s)) h_other(t), where u falls linearly
    from 1 at T1 to 0 at T2. With the difference D = H_own - H_other and its integral I, this adds up to

        H(t | s) = H_own(t)                                                    until s + T1
                 = H_other(t) + [D(t) (s + T2 - t) + I(t) - I(s + T1)] / (T2 - T1)    until s + T2
                 = H_other(t) + [I(s + T2) - I(s + T1)] / (T2 - T1)                   afterwards

    (D(s + T1) in place of the last bracket where T1 = T2), and S(t) = K(t_N) exp(-H_own(t)) + sum over cycles j of
    k_j exp(-H(t | s_j)). Within cycles both hazards are constant. It is the survival of a patient-level model in which
    the time of discontinuation does not depend on the time of the event, and both hazards are those of whole cohorts:
    an approximation, since neither is the hazard of those who happen to have discontinued.

    Where the other curve has nobody left before somebody takes on its hazard, there is no such hazard: no number.

    Examples
    --------
    Half of the cohort discontinues at 1 year (all at the middle of the second cycle) and has a hazard of 1, not 0.

    >>> edges = np.array([0.0, 0.5, 1.5, 2.5])
    >>> gone = Leaving(np.array([[1.0, 1.0, 0.5, 0.5]]), np.array([[0.0, 0.5, 0.0]]), np.array([[0.25, 1.0, 2.0]]))
    >>> h = survival_kept(np.zeros((1, 4)), edges[np.newaxis], np.zeros((1, 1)), np.zeros((1, 1)), gone, edges)
    >>> np.exp(-h).round(6).tolist(), round(0.5 + 0.5 * float(np.exp(-0.5)), 6)
    ([[1.0, 1.0, 0.803265, 0.611565]], 0.803265)
    """
    rows = max(map(len, (own, other, starts, ends, leaving.left)))
    wide = [np.broadcast_to(x, (rows, x.shape[1])) for x in (own, other, starts, ends, *leaving)]
    h = np.empty((rows, len(edges)))
    for chosen, first, last in _alike(wide[2], wide[3], edges):
        own, other, starts, ends, left, share, at = (x[chosen] for x in wide)
        h[chosen] = _mixed(own, other, (starts, ends), Leaving(left, share, at), edges, (first, last))
    return h


def shares_of_effect(starts: Array, ends: Array, leaving: Leaving, edges: Array) -> Array:
    """Mean over patients of what is left of the effect at each edge, by when they discontinue.

    Parameters
    ----------
    starts, ends : Array (draw, 1)
        From a patient's discontinuation until the effect begins to fade, and until it has ended. [years]
    leaving : Leaving
        Who discontinues in each cycle, and when.
    edges : Array (edge,)
        Rising, from 0. [years]

    Returns
    -------
    Array (draw, edge)
        Sum over cycles, w(t) = K(t_N) + sum_j k_j u(t - s_j). [share]

    Examples
    --------
    >>> edges = np.array([0.0, 0.5, 1.5, 2.5])
    >>> gone = Leaving(np.array([[1.0, 1.0, 0.5, 0.5]]), np.array([[0.0, 0.5, 0.0]]), np.array([[0.25, 1.0, 2.0]]))
    >>> shares_of_effect(np.zeros((1, 1)), np.ones((1, 1)), gone, edges).tolist()
    [[1.0, 1.0, 0.75, 0.5]]
    """
    rows = max(map(len, (starts, ends, leaving.left)))
    wide = [np.broadcast_to(x, (rows, x.shape[1])) for x in (starts, ends, *leaving)]
    w = np.empty((rows, len(edges)))
    for chosen, first, last in _alike(wide[0], wide[1], edges):
        starts, ends, left, share, at = (x[chosen] for x in wide)
        found = _still_whole(left, first)
        for band in _bands(at, edges, first, last):
            effect = share_left(band.since, starts, ends)
            found[:, band.edges] += share[:, band.cycles] * effect
        w[chosen] = found
    return w


def share_left(since: Array, starts: Array, ends: Array) -> Array:
    """What is left of an effect some time after it began to count: 1 until T1, 0 from T2.

    Parameters
    ----------
    since : Array (draw, time)
        [years]
    starts, ends : Array (draw, 1)
        T1, T2. [years]

    Returns
    -------
    Array (draw, time)
        (T2 - t) / (T2 - T1), between 0 and 1. [share]

    Examples
    --------
    >>> share_left(np.array([[0.5, 1.0, 1.5, 2.0]]), np.array([[1.0]]), np.array([[2.0]])).tolist()
    [[1.0, 1.0, 0.5, 0.0]]
    >>> share_left(np.array([[0.5, 1.0]]), np.array([[1.0]]), np.array([[1.0]])).tolist()
    [[1.0, 0.0]]
    """
    sudden = starts >= ends
    with np.errstate(invalid="ignore"):
        fading = np.clip((ends - since) / np.where(sudden, 1.0, ends - starts), 0.0, 1.0)
    return np.asarray(np.where(sudden, since < starts, fading), dtype=np.float64)


# ------------------------------------------------------------------------------------------------ by cycles since then
def _alike(starts: Array, ends: Array, edges: Array) -> Iterator[tuple[np.ndarray, int, int]]:
    """Yield rows whose effects fade over the same cycles since discontinuation: rows, and between which two.

    Up to `first` cycles after discontinuation the effect is whole in every row, from `last` cycles it has ended.
    """
    cycle, n = edges[1] - edges[0], len(edges) - 1
    first = np.clip(np.floor(starts[:, 0] / cycle) - 1.0, -1.0, n).astype(int)
    last = np.clip(np.ceil(ends[:, 0] / cycle) + 1.0, 0.0, n + 1.0).astype(int)
    pairs, which = np.unique(np.stack([first, last], axis=1), axis=0, return_inverse=True)
    for number, (low, high) in enumerate(pairs.tolist()):
        yield np.flatnonzero(which.ravel() == number), low, high


def _still_whole(left: Array, first: int) -> Array:
    """Return the share of patients who cannot have been off treatment for more than so many cycles, at the edges."""
    found = np.ones_like(left)
    if first + 1 < left.shape[1]:
        found[:, first + 1 :] = left[:, : left.shape[1] - first - 1]
    return found


def _bands(at: Array, edges: Array, first: int, last: int) -> Iterator[_Band]:
    n = len(edges) - 1
    for later in range(first + 1, min(last, n)):
        cycles, then = slice(0, n - later), slice(later + 1, n + 1)
        yield _Band(cycles, then, edges[np.newaxis, then] - at[:, cycles])


def _mixed(
    own: Array, other: Array, times: tuple[Array, Array], leaving: Leaving, edges: Array, fading: tuple[int, int]
) -> Array:
    """Return the cumulative hazard of rows whose effects fade over the same cycles since discontinuation."""
    (starts, ends), (first, last) = times, fading
    own, other = np.minimum(own, NOBODY), np.minimum(other, NOBODY)
    gap = own - other
    area = np.zeros_like(gap)
    np.cumsum((gap[:, :-1] + gap[:, 1:]) / 2.0 * np.diff(edges), axis=1, out=area[:, 1:])
    begun, ended = (_at(leaving.at + t, gap, area, edges) for t in (starts, ends))
    sudden, length = starts >= ends, np.where(starts >= ends, 1.0, ends - starts)
    whole = np.where(sudden, begun[0], (ended[1] - begun[1]) / length)
    joined, on_own = np.zeros_like(own), _still_whole(leaving.left, first)
    if last < len(edges) - 1:
        cumulated = np.cumsum(leaving.share * np.exp(-whole), axis=1)
        joined[:, last + 1 :] = np.exp(-other[:, last + 1 :]) * cumulated[:, : len(edges) - 1 - last]
    for cycles, then, since in _bands(leaving.at, edges, first, last):
        share = leaving.share[:, cycles]
        partly = (gap[:, then] * (ends - since) + area[:, then] - begun[1][:, cycles]) / length
        added = np.where(sudden | (since >= ends), whole[:, cycles], partly)
        before = since <= starts
        on_own[:, then] += np.where(before, share, 0.0)
        joined[:, then] += np.where(before, 0.0, share * np.exp(-(other[:, then] + np.where(before, 0.0, added))))
    finished = np.where(np.isfinite(whole), leaving.share * np.exp(-whole), 0.0)
    _where_nobody_is_left((own, other), (on_own, joined), finished, leaving.at + ends, edges)
    total = np.exp(-own) * on_own + joined
    h = -np.log(np.maximum(total, np.exp(-NOBODY)))
    return np.where(total == 1.0, 0.0, h)


def _where_nobody_is_left(
    hazards: tuple[Array, Array], patients: tuple[Array, Array], finished: Array, ended: Array, edges: Array
) -> None:
    """Correct, in place, who is on the own hazard and who has joined the other, where one of both becomes infinite.

    With the own die all whose effect has not ended in the cycle before; with the other all who have joined it. Who is
    still to join it then has no hazard.
    """
    (own, other), (on_own, joined) = hazards, patients
    for row in np.flatnonzero(own[:, -1] >= NOBODY):
        c = int(np.argmax(own[row] >= NOBODY))
        if c:
            on_own[row, c:] = 0.0
            left = finished[row][ended[row] <= edges[c - 1]].sum()
            joined[row, c:] = left * np.exp(-other[row, c:])
    for row in np.flatnonzero(other[:, -1] >= NOBODY):
        c = int(np.argmax(other[row] >= NOBODY))
        joined[row, c:] = 0.0
        joining = np.flatnonzero((np.diff(on_own[row, c:]) < -FEW) & (own[row, c:-1] < NOBODY))
        if len(joining):
            joined[row, c + 1 + int(joining[0]) :] = np.nan


def _at(t: Array, gap: Array, area: Array, edges: Array) -> tuple[Array, Array]:
    """Return a piecewise linear function and its integral at other times, from those at the edges."""
    t = np.minimum(t, edges[-1])
    found = hazard_at_own_times(edges, gap, t)
    k = np.clip(np.searchsorted(edges, t.ravel(), side="right") - 1, 0, len(edges) - 2).reshape(t.shape)
    low, before = np.take_along_axis(gap, k, axis=1), np.take_along_axis(area, k, axis=1)
    return found, before + (low + found) / 2.0 * (t - edges[k])
