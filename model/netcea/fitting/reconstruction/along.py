"""Events put where a curve steps: when those counted from clicks anywhere along it happened, by the heights it has."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.reconstruction.clicks import Levels
from netcea.fitting.reconstruction.counted_clicks import CountedClicks, Followed
from netcea.fitting.reconstruction.exact import spread_between
from netcea.special import special

ROUNDS: Final = 4
"""Of when events happened, given the heights of the curve, and when patients were censored, given the events."""
CLUMPED: Final = (1.0, 30.0)
"""Variances of when patients were censored that are tried, over that of patients who are censored one by one."""
LARGEST: Final = 3_000_000
"""Clicks times events, beyond which single events are not told apart."""
WINDOW: Final = 25
"""Parts of the clicks on either side of one, from which the events between it and the next are expected."""
FURTHEST: Final = 4.0
"""Standard errors of a click by which it may be off the curve, where none was by more before. [1]"""
LEAST_EVENTS: Final = 1e-3
"""Expected between two clicks. [patients]"""


class _Cells(NamedTuple):
    """Time cut at every click and at every number at risk.

    Attributes
    ----------
    ends : Array (cell,)
        [unit of time]
    survival, variance : Array (cell,)
        Height of the click at each end, and its variance. [share], [share^2]
    is_click : Array (cell,)
        0 where a number at risk cuts. [0 or 1]
    """

    ends: Array
    survival: Array
    variance: Array
    is_click: Array

    @property
    def starts(self) -> Array:
        """Of the cells. [unit of time]."""
        return np.append(0.0, self.ends[:-1])

    @property
    def lengths(self) -> Array:
        """Of the cells. [unit of time]."""
        return self.ends - self.starts


class _Path(NamedTuple):
    """How many events there were by the end of each cell.

    Attributes
    ----------
    log_likelihood : float
        Of the heights; minus infinity where they cannot be. [log]
    events : Array (cell,)
        Medians. [patients]
    """

    log_likelihood: float
    events: Array


def at_the_steps(
    died: Array, censored: Array, clicks: tuple[Array, Array], at_risk: tuple[Array, Array], levels: Levels, end: float
) -> tuple[Array, Array] | None:
    """Move events to where the clicks step, and censorings with them; no more and no fewer between numbers at risk.

    Parameters
    ----------
    died, censored : Array (patient,)
        Times as counted. [unit of time]
    clicks : tuple of Array (click,)
        Times, and survival; the first is (0, 1). [unit of time], [share]
    at_risk : tuple of Array (time,)
        Times and numbers at risk. [unit of time], [patients]
    levels : Levels
        Of the clicks: their variance.
    end : float
        Of the curve. [unit of time]

    Returns
    -------
    tuple of Array (patient,) or None
        Times of events and of censorings, as many as there were; None where there are too many to be told apart, or
        the clicks are no nearer to the curve than before. [unit of time]

    Notes
    -----
    After m events a curve has one height, the product of 1 - 1 / n, if it is known when patients were censored. How
    many events there were by each click follows from those heights by the forward and backward recursions of a hidden
    Markov chain, in which events between clicks are Poisson; the median of each is taken, so that the median survival
    is the median of what it may be. When patients were censored follows from the events by `CountedClicks.follow`.
    Both take turns, a fixed number of times; the likeliest is kept.

    References
    ----------
    Rabiner (1989), Proc IEEE 77:257-286: hidden Markov models.

    Examples
    --------
    Two patients, one death at 3.5, counted as if at 2:

    >>> from netcea.fitting.reconstruction.clicks import levels_of
    >>> t, s = np.arange(9.0), np.array([1.0, 0.99, 1.0, 1.01, 0.5, 0.49, 0.5, 0.51, 0.5])
    >>> risk = np.array([0.0, 8.0]), np.array([2.0, 1.0])
    >>> levels = levels_of(t, s, risk, "anywhere")
    >>> at_the_steps(np.array([2.0]), np.array([8.0]), (t, s), risk, levels, 8.0)[0].tolist()
    [3.5]
    """
    if not len(died) or len(clicks[0]) * len(died) > LARGEST:
        return None
    cells = _cells(*clicks, at_risk, levels, end)
    interval = _intervals(cells, at_risk[0])
    until = np.append(np.searchsorted(np.sort(died), at_risk[0], side="left"), len(died)).astype(np.float64)
    expected = _expected(cells, np.sort(died))
    heights = _after_each(np.sort(died), np.sort(censored))
    best: tuple[_Path, CountedClicks, Followed] | None = None
    for _ in range(ROUNDS):
        path = _path(cells, expected, heights)
        if not np.isfinite(path.log_likelihood):
            break
        events = np.clip(path.events, until[interval], until[interval + 1])
        is_last = np.append(np.diff(interval) > 0, True)
        events[is_last] = until[interval[is_last] + 1]
        counts = np.diff(np.maximum.accumulate(events), prepend=0.0)
        counted = CountedClicks.of(cells.ends, cells.survival, counts, at_risk, end, cells.is_click)
        tried = (counted.follow(levels.noise, clumped) for clumped in CLUMPED)
        found = max(tried, key=lambda one: one.log_likelihood)
        if best is None or path.log_likelihood > best[0].log_likelihood:
            best = path, counted, found
        heights = _heights(counted, found)
    if best is None:
        return None
    moved = _times(cells, best[1], best[2])
    before, after = (np.abs(_misses(cells, *times)) for times in ((died, censored), moved))
    is_nearer = (after**2).sum() <= (before**2).sum() and after.max() <= max(float(before.max()), FURTHEST)
    return moved if is_nearer else None


def _misses(cells: _Cells, died: Array, censored: Array) -> Array:
    """Return how far clicks are from the curve of patients, over their standard errors. [1]."""
    at, clicked = np.sort(died), cells.is_click > 0.0
    level = _after_each(at, np.sort(censored))[np.searchsorted(at, cells.ends[clicked], side="right")]
    return np.asarray((cells.survival[clicked] - level) / cells.variance[clicked] ** 0.5)


def _times(cells: _Cells, counted: CountedClicks, found: Followed) -> tuple[Array, Array]:
    """Return times of events, spread over the cell they fall into, and of censorings."""
    rows = zip(cells.starts.tolist(), cells.ends.tolist(), counted.events.astype(np.int64).tolist(), strict=True)
    died = [time for start, stop, count in rows for time in spread_between(start, stop, count)]
    return np.array(died), counted.patients(found.censored)[1]


def _cells(time: Array, survival: Array, at_risk: tuple[Array, Array], levels: Levels, end: float) -> _Cells:
    """Cut time; of a number at risk and a click at one time the number comes first, since the event was at risk."""
    cuts = at_risk[0][(at_risk[0] > 0.0) & (at_risk[0] < end)]
    cuts = np.append(cuts, end) if end > time[-1] else cuts
    none = np.zeros(len(cuts))
    ends, is_click = np.concatenate([time[1:], cuts]), np.append(np.ones(len(time) - 1), none)
    variance = np.append(levels.click_variance, none + 1.0)
    order = np.lexsort((is_click, ends))
    return _Cells(ends[order], np.append(survival[1:], none)[order], variance[order], is_click[order])


def _intervals(cells: _Cells, times: Array) -> NDArray[np.intp]:
    """Return the interval between numbers at risk in which each cell lies, as `CountedClicks.of` does."""
    after, before = (np.searchsorted(times, cells.ends, side=side) for side in ("right", "left"))
    return np.asarray(np.where(cells.is_click > 0.0, after, before) - 1)


def _expected(cells: _Cells, died: Array) -> Array:
    """Return events expected in each cell, from those around. [patients]."""
    running = np.searchsorted(died, cells.ends, side="right").astype(np.float64)
    i, width = np.arange(len(running)), max(2, len(running) // WINDOW)
    low, high = np.maximum(i - width, 0), np.minimum(i + width, len(running) - 1)
    span = np.maximum(cells.ends[high] - cells.ends[low], 1e-300)
    return (running[high] - running[low]) / span * cells.lengths + LEAST_EVENTS


def _after_each(died: Array, censored: Array) -> Array:
    """Return survival after 0, 1, 2 ... events; Array (event,)."""
    n = len(died) - np.arange(len(died)) + len(censored) - np.searchsorted(censored, died, side="left")
    return np.cumprod(np.append(1.0, 1.0 - 1.0 / n))


def _heights(counted: CountedClicks, found: Followed) -> Array:
    """Return survival after 0, 1, 2 ... events, where patients were censored so; Array (event,)."""
    counts = counted.events.astype(np.int64)
    own = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    at_risk = np.maximum(np.repeat(counted.most - found.censored, counts) - own, 1.0)
    return np.cumprod(np.append(1.0, 1.0 - 1.0 / at_risk))


def _path(cells: _Cells, expected: Array, heights: Array) -> _Path:
    """Return the likelihood of the clicks, and the median of events by each cell: forward and backward."""
    size, last = len(heights), len(expected) - 1
    variance = cells.variance[:, None]
    emitted = -0.5 * cells.is_click[:, None] * ((cells.survival[:, None] - heights) ** 2 / variance + np.log(variance))
    top = emitted.max(axis=1)
    emitted = np.exp(emitted - top[:, None])
    kernels = [_poisson(one, size) for one in expected.tolist()]
    forward, log_likelihood = np.zeros((last + 1, size)), float(top.sum())
    now = np.eye(1, size)[0]
    for k, kernel in enumerate(kernels):
        now = np.convolve(now, kernel)[:size] * emitted[k]
        whole = float(now.sum())
        if not whole > 0.0:
            return _Path(-np.inf, np.zeros(last + 1))
        now = now / whole
        forward[k], log_likelihood = now, log_likelihood + float(np.log(whole))
    later, events = np.ones(size), np.zeros(last + 1)
    for k in range(last, -1, -1):
        known = np.cumsum(forward[k] * later)
        events[k] = float(np.searchsorted(known, 0.5 * known[-1]))
        later = np.convolve((later * emitted[k])[::-1], kernels[k])[:size][::-1]
        later = later / later.max()
    return _Path(log_likelihood, np.maximum.accumulate(events))


def _poisson(mean: float, size: int) -> Array:
    """Return probabilities of 0, 1, 2 ... events; Array (event,)."""
    count = np.arange(min(size, int(mean + 6.0 * mean**0.5 + 5.0)))
    return np.asarray(np.exp(count * np.log(mean) - mean - special.gammaln(count + 1.0)))
