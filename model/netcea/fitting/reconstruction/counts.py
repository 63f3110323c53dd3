"""Whole patients that leave between two numbers at risk, so that the curve follows its levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.reconstruction.monotone import never_rising

Whole = NDArray[np.int64]
HAZARDS: Final = np.concatenate([[0.0], np.geomspace(1e-3, 300.0, 240)])
"""Hazards of censoring after the last number at risk that are tried, over the length of that interval."""
SHAPES: Final = np.array([1.0, 0.25, 0.5, 2.0, 4.0, 8.0])
"""Powers of the share of an interval that has passed, after which so many of its censorings may have happened."""
COUNTED: Final = 2.0
"""Standard errors of a level that an event more or less than a click counts is worth. [1]"""
TELLING: Final = 0.3
"""Standard error of the number at risk that the height of a step gives, up to which it says when patients were
censored. [patients]"""


class State(NamedTuple):
    """Where the reconstruction stands.

    Attributes
    ----------
    at_risk : int
        [patients]
    survival : float
        Of the patients so far. [share]
    """

    at_risk: int
    survival: float


@dataclass(frozen=True, eq=False)
class Interval:
    """Time between two numbers at risk, cut where the curve was clicked.

    Attributes
    ----------
    start : float
        [unit of time]
    ends : Array (cell,)
        Of the cells, rising; the last is the interval's. [unit of time]
    survival : Array (cell,)
        Level at each end. [share]
    noise : float
        Standard error of a level. [share]
    at_ends : bool
        Whether events fall on the ends of cells (feet of steps), or are spread over them.
    last_clicked : bool
        Whether the last end is a click too.
    expected : Array (cell,), optional
        Events that the clicks count, where they were made at steps. [patients]
    """

    start: float
    ends: Array
    survival: Array
    noise: float
    at_ends: bool
    last_clicked: bool = True
    expected: Array | None = None

    @property
    def lengths(self) -> Array:
        """Of the cells. [unit of time]."""
        return np.diff(np.concatenate([[self.start], self.ends]))


@dataclass(frozen=True, eq=False)
class Counts:
    """Patients that leave in each cell of an interval.

    Attributes
    ----------
    interval : Interval
    events, censored : Array (cell,)
        [patients]
    end : State
        After the last cell.
    """

    interval: Interval
    events: Whole
    censored: Whole
    end: State

    def times(self) -> tuple[Array, Array]:
        """Times of events, and of censorings, spread evenly over their cells.

        Returns
        -------
        tuple of Array (patient,)
            Events, at the ends of cells where clicks were made at steps; censorings. [unit of time]

        Examples
        --------
        >>> interval = Interval(0.0, np.array([1.0, 2.0]), np.array([0.9, 0.8]), 0.001, at_ends=True)
        >>> count_between(interval, State(20, 1.0), 4).times()[0].tolist()
        [1.0, 1.0, 2.0, 2.0]
        """
        starts = self.interval.ends - self.interval.lengths
        events = _spread(starts, self.interval.ends, self.events)
        if self.interval.at_ends:
            inside = len(self.events) if self.interval.last_clicked else len(self.events) - 1
            clicked = int(self.events[:inside].sum())
            events[:clicked] = np.repeat(self.interval.ends[:inside], self.events[:inside])
        return events, _spread(starts, self.interval.ends, self.censored)


def _spread(starts: Array, ends: Array, counts: Whole) -> Array:
    """Return times in the middle of equal parts of each cell, one for each patient."""
    before = np.concatenate([[0], np.cumsum(counts)[:-1]])
    rank = np.arange(int(counts.sum())) - np.repeat(before, counts)
    part = (rank + 0.5) / np.maximum(np.repeat(counts, counts), 1)
    return np.asarray(np.repeat(starts, counts) + part * np.repeat(ends - starts, counts))


def count_between(interval: Interval, begin: State, leaving: int) -> Counts:
    """Count events and censorings, where so many leave in all.

    Parameters
    ----------
    interval : Interval
        Between two numbers at risk.
    begin : State
        At its start.
    leaving : int
        Difference of the two numbers, from 0 to all at risk. [patients]

    Returns
    -------
    Counts
        That add up to `leaving`.

    Notes
    -----
    Every number of censorings from 0 to `leaving` is tried once: they are spread over the interval (where clicks count
    events, earlier and later too), and in each cell as many events fall as bring the curve nearest to its level. The
    one whose events and censorings leave the right number at risk is taken; where none does, what is missing is
    censored. Events are what the curve says, never what the numbers at risk lack.

    Examples
    --------
    >>> interval = Interval(0.0, np.array([1.0, 2.0]), np.array([0.9, 0.8]), 0.001, at_ends=True)
    >>> found = count_between(interval, State(20, 1.0), 4)
    >>> found.events.tolist(), found.censored.tolist()
    ([2, 2], [0, 0])
    """
    powers = np.array([1.0]) if interval.expected is None else SHAPES
    tried = np.tile(np.arange(leaving + 1), len(powers))
    weight = interval.lengths * (interval.survival + 1e-9)
    total = float(weight.sum())
    share = np.cumsum(weight) / total if total > 0.0 else np.linspace(0.0, 1.0, len(weight) + 1)[1:]
    shapes = np.repeat(np.minimum(share, 1.0) ** powers[:, None], leaving + 1, axis=0)
    censored = _steps(np.round(tried[:, None] * shapes))
    found = _follow(interval, begin, censored, leaving - tried)
    missing = leaving - tried - found.events.sum(axis=1)
    best = int(np.lexsort((found.cost + _uncounted(interval, found.events), missing))[0])
    more = int(tried[best] + missing[best])
    events = found.events[best]
    spread = _steps(np.round(more * shapes[best])[None, :])
    spread = _told_by_steps(interval, begin, events, spread)
    return _at(interval, begin, spread, events)


def _uncounted(interval: Interval, events: Whole) -> Array:
    """Return, for each try, how far events are from what the clicks count, as a cost like that of levels."""
    if interval.expected is None:
        return np.zeros(len(events))
    return np.asarray(((events - interval.expected) ** 2).sum(axis=1)) * (COUNTED * interval.noise) ** 2


def count_after(interval: Interval, begin: State, hazard: float, events: int | None = None) -> Counts:
    """Count events and censorings after the last number at risk.

    Parameters
    ----------
    interval : Interval
        From the last number at risk to the end of the curve.
    begin : State
        At its start.
    hazard : float
        Of censoring, as before it. [1 / unit of time]
    events : int, optional
        How many there should be: the hazard of censoring is then the one that comes nearest. [patients]

    Returns
    -------
    Counts
        Those left at the end are not among them.

    Examples
    --------
    Nobody is censored where the hazard is 0:

    >>> interval = Interval(0.0, np.array([1.0, 2.0]), np.array([0.9, 0.8]), 0.001, at_ends=True)
    >>> count_after(interval, State(20, 1.0), 0.0).events.tolist()
    [2, 2]
    """
    length = float(interval.lengths.sum())
    hazards = np.array([hazard]) if events is None or length <= 0.0 else HAZARDS / length
    past = interval.ends - interval.start
    level = interval.survival / max(begin.survival, 1e-9)
    before = np.concatenate([[1.0], level[:-1]])
    middle = (before + level) / 2.0
    gone = np.exp(-np.outer(hazards, past - interval.lengths)) - np.exp(-np.outer(hazards, past))
    expected = np.cumsum(begin.at_risk * gone * middle, axis=1)
    censored = _steps(np.asarray(np.round(np.minimum(expected, begin.at_risk)), dtype=np.float64))
    found = _follow(interval, begin, censored, begin.at_risk - censored.sum(axis=1))
    off = np.abs(found.events.sum(axis=1) - (0 if events is None else events))
    best = int(np.lexsort((found.cost, off))[0])
    return _at(interval, begin, censored[best : best + 1], found.events[best])


def _steps(cumulative: Array) -> Whole:
    """Return how much running totals gain in each cell; Array (try, cell)."""
    whole = cumulative.astype(np.int64)
    whole[:, 1:] -= whole[:, :-1].copy()
    return whole


class _Followed(NamedTuple):
    events: Whole
    cost: Array
    survival: Array


def _follow(interval: Interval, begin: State, censored: Whole, most: Whole) -> _Followed:
    """Return, for each way of censoring, events (try, cell) that keep the curve nearest to its levels."""
    tries, cells = censored.shape
    n, survival = np.full(tries, float(begin.at_risk)), np.full(tries, begin.survival)
    cost, left = np.zeros(tries), most.astype(np.float64)
    events = np.zeros((tries, cells), dtype=np.int64)
    for cell in range(cells):
        at_risk = n - censored[:, cell] * (1.0 if interval.at_ends else 0.5)
        target = interval.survival[cell] / np.maximum(survival, 1e-12)
        died = np.floor(at_risk * (1.0 - np.minimum(target, 1.0)) + 0.5)
        died = np.clip(died, 0.0, np.minimum(left, np.floor(at_risk)))
        survival = survival * (1.0 - died / np.maximum(at_risk, 1e-9))
        n, left = n - censored[:, cell] - died, left - died
        cost += (survival - interval.survival[cell]) ** 2
        events[:, cell] = died
    return _Followed(events, cost, survival)


def _told_by_steps(interval: Interval, begin: State, events: Whole, censored: Whole) -> Whole:
    """Return when patients were censored, where the heights of steps say how many were at risk."""
    level = np.concatenate([[begin.survival], interval.survival])
    height = level[:-1] - level[1:]
    at = np.flatnonzero((events > 0) & (height > 0.0))
    if not len(at) or not interval.at_ends:
        return censored
    n = events[at] * level[at] / height[at]
    error = n * n / np.maximum(level[at], 1e-9) * interval.noise * 1.5 / events[at]
    if float(np.quantile(error, 0.8)) > TELLING:
        return censored
    died = np.cumsum(events)[at] - events[at]
    gone = -never_rising(-(begin.at_risk - died - n))
    total = int(censored.sum())
    known = np.clip(np.round(gone), 0, total).astype(np.int64)
    spread = np.cumsum(censored[0])
    low = np.zeros(len(spread), dtype=np.int64)
    low[at] = known
    low = np.maximum.accumulate(low)
    after = np.full(len(spread), total, dtype=np.int64)
    after[at] = known
    high = np.minimum.accumulate(after[::-1])[::-1]
    cumulative = np.clip(spread, low, np.maximum(high, low))
    cumulative[-1] = total
    return np.diff(np.maximum.accumulate(cumulative), prepend=0)[None, :]


def _at(interval: Interval, begin: State, censored: Whole, events: Whole) -> Counts:
    """Return counts with the state after them."""
    n, survival = begin.at_risk, begin.survival
    for out, died in zip(censored[0].tolist(), events.tolist(), strict=True):
        at_risk = n - out * (1.0 if interval.at_ends else 0.5)
        survival *= 1.0 - died / at_risk if at_risk > 0.0 else 1.0
        n -= out + died
    return Counts(interval, events, censored[0], State(n, max(survival, 0.0)))
