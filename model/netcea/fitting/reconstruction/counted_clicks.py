"""Clicks that count events: the heights of all of them say when patients were censored between them."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.reconstruction.exact import spread_between

SHARES: Final = (1.0, 0.5, 0.2, 0.0)
"""Of a step of the linearisation that are tried."""
ROUNDS: Final = 3
"""Of the linearisation around when patients were censored."""
NOISE: Final = (0.5, 0.7, 1.0, 1.4, 2.0, 4.0)
"""Standard errors of a click that are tried, over that of the levels."""
FINER: Final = (0.84, 1.19)
"""Those tried then, over the likeliest of them."""
CLUMPED: Final = (1.0, 10.0, 100.0, 1000.0)
"""Variances of when patients were censored that are tried, over that of patients who are censored one by one."""
BEFORE_END: Final = 0.5
"""Share of those censored after the last number at risk who are expected to be so before the end of the curve."""
LEAST_VARIANCE: Final = 0.02
"""Of the censorings of an interval in which nobody is censored. [patients^2]"""
NEAR: Final = 1.3
"""Root mean square of the clicks' distances from the curve of whole patients, over their noise, at most. [1]"""
LOWEST: Final = 1e-3
"""Survival below which the height of a click says nothing. [share]"""


class Followed(NamedTuple):
    """What the heights of clicks say where each counts so many events.

    Attributes
    ----------
    log_likelihood : float
        Of the heights. [log]
    censored : Array (click,)
        Since the last number at risk, before each click. [patients]
    noise : float
        Standard error of a click. [share]
    """

    log_likelihood: float
    censored: Array
    noise: float


@dataclass(frozen=True, eq=False)
class CountedClicks:
    """Clicks after the first, each with its events, in intervals between numbers at risk.

    Attributes
    ----------
    time, survival : Array (click,)
        [unit of time], [share]
    events : Array (click,)
        At each. [patients]
    interval : Array (click,)
        Number of that in which it lies, from 0.
    starts, ends : Array (interval,)
        [unit of time]
    leave : Array (interval,)
        Who are censored in each. [patients]
    most : Array (click,)
        At risk before each, if nobody had been censored since the last number at risk. [patients]
    is_read : Array (click,)
        Whether survival is known then: 0 at a time that is only a cut. [0 or 1]
    """

    time: Array
    survival: Array
    events: Array
    interval: NDArray[np.intp]
    starts: Array
    ends: Array
    leave: Array
    most: Array
    is_read: Array

    @classmethod
    def of(
        cls,
        time: Array,
        survival: Array,
        events: Array,
        at_risk: tuple[Array, Array],
        end: float,
        is_read: Array | None = None,
    ) -> CountedClicks:
        """Put clicks into intervals.

        Parameters
        ----------
        time, survival, events : Array (click,)
            After the first. [unit of time], [share], [patients]
        at_risk : tuple of Array (time,)
            Times and numbers at risk. [unit of time], [patients]
        end : float
            Of the curve. [unit of time]
        is_read : Array (click,), optional
            0 at a time that is only a cut. [0 or 1]

        Returns
        -------
        CountedClicks
            An event on a time at which numbers at risk are known counts as at risk then, unless it stands at a cut.

        Examples
        --------
        >>> clicks = CountedClicks.of(np.array([1.0, 4.0]), np.array([0.9, 0.8]), np.ones(2),
        ...     (np.array([0.0, 3.0]), np.array([10.0, 8.0])), 5.0)
        >>> clicks.interval.tolist(), clicks.most.tolist(), clicks.leave.tolist()
        ([0, 1], [10.0, 8.0], [1.0, 7.0])
        """
        times, numbers = at_risk
        read = np.ones(len(time)) if is_read is None else is_read
        on_or_after = np.searchsorted(times, time, side="right")
        interval = np.where(read > 0.0, on_or_after, np.searchsorted(times, time, side="left")) - 1
        per_interval = np.bincount(interval, weights=events, minlength=len(times))
        earlier = np.concatenate([[0.0], np.cumsum(per_interval)])[interval]
        most = numbers[interval] - (np.cumsum(events) - events - earlier)
        leave = numbers - np.append(numbers[1:], 0.0) - per_interval
        return cls(time, survival, events, interval, times, np.append(times[1:], end), leave, most, read)

    @property
    def _passed(self) -> Array:
        """Share of its interval's censorings before each click, if they were even. [share]."""
        start, end = self.starts[self.interval], self.ends[self.interval]
        share = np.clip((self.time - start) / np.maximum(end - start, 1e-300), 0.0, 1.0)
        return np.where(self.interval == len(self.starts) - 1, BEFORE_END * share, share)

    @property
    def _bridge(self) -> tuple[Array, Array]:
        """What is left of a difference from the even course of censorings from click to click, and what is added.

        Of r censorings still to come, so many fall before the next click as a binomial with its share of the time left.
        """
        passed = self._passed
        is_first = np.diff(self.interval, prepend=-1) > 0
        before = np.where(is_first, 0.0, np.append(0.0, passed[:-1]))
        left = np.maximum(1.0 - before, 1e-12)
        share = np.clip((passed - before) / left, 0.0, 1.0)
        to_come = np.maximum(self.leave[self.interval], 0.0) * left + LEAST_VARIANCE
        return np.where(is_first, 0.0, 1.0 - share), to_come * share * (1.0 - share)

    def likeliest(self, noise: float) -> Followed:
        """Follow the clicks with the clumping and the noise that have the highest likelihood.

        Parameters
        ----------
        noise : float
            Near which it is looked for. [share]

        Returns
        -------
        Followed
            At those.

        Examples
        --------
        >>> clicks = CountedClicks.of(np.array([1.0, 4.0]), np.array([0.9, 0.78]), np.ones(2),
        ...     (np.array([0.0, 3.0]), np.array([10.0, 8.0])), 5.0)
        >>> clicks.likeliest(0.01).censored.round(2).tolist()  # of the second interval's 7
        [0.09, 0.51]
        """
        clumped = max(CLUMPED, key=lambda factor: self.follow(noise, factor).log_likelihood)
        tried = {factor: self.follow(factor * noise, clumped) for factor in NOISE}
        best = max(tried, key=lambda factor: tried[factor].log_likelihood)
        finer = (self.follow(best * factor * noise, clumped) for factor in FINER)
        return max((tried[best], *finer), key=lambda one: one.log_likelihood)

    def follow(self, noise: float, clumped: float) -> Followed:
        """Find when patients were censored: Kalman's filter and smoother around the course found before.

        Parameters
        ----------
        noise : float
            Standard error of a click. [share]
        clumped : float
            Variance of when patients were censored, over that of one by one. [ratio]

        Returns
        -------
        Followed
            After `ROUNDS` linearisations.

        Examples
        --------
        >>> clicks = CountedClicks.of(np.array([1.0, 4.0]), np.array([0.9, 0.78]), np.ones(2),
        ...     (np.array([0.0, 3.0]), np.array([10.0, 8.0])), 5.0)
        >>> clicks.follow(1e-5, 1.0).censored.round(2).tolist()  # 0.78 = 0.9 (1 - 1 / (8 - 0.5))
        [0.0, 0.5]
        """
        even: Array = np.asarray(self.leave[self.interval] * self._passed, dtype=np.float64)
        log_likelihood, censored = 0.0, even
        for _ in range(ROUNDS):
            level = self._level(censored)
            n = np.maximum(self.most - censored, 1.0)
            slope = np.where(n > self.events + 0.5, self.events / (n * np.maximum(n - self.events, 0.5)), 0.0)
            log_likelihood, away = self._smoothed(noise, clumped, level, slope, np.asarray(censored - even))
            censored = self._nearer(censored, self._in_order(even + away))
        return Followed(log_likelihood, censored, noise)

    def is_near(self, found: Followed) -> bool:
        """Say whether the clicks lie about the curve of whole patients as their noise says.

        Parameters
        ----------
        found : Followed
            When they were censored.

        Returns
        -------
        bool
            By the root mean square, within `NEAR`.
        """
        away = self.survival - self._level(np.round(found.censored))
        return bool(float((away**2).mean()) <= (NEAR * found.noise) ** 2)

    def _level(self, censored: Array) -> Array:
        """Return survival after each click."""
        n = np.maximum(self.most - censored, 1.0)
        return np.asarray(np.cumprod(np.where(self.events < n, 1.0 - self.events / n, 1e-9)))

    def _in_order(self, censored: Array) -> Array:
        """Return censorings that never fall within an interval, and are no more than there can be."""
        found = np.clip(censored, 0.0, np.minimum(self.leave[self.interval], self.most - self.events))
        for j in np.unique(self.interval).tolist():
            own = self.interval == j
            found[own] = np.maximum.accumulate(found[own])
        return np.asarray(found)

    def _nearer(self, old: Array, new: Array) -> Array:
        """Return the course of censorings between two at which survival is nearest to the clicks."""
        tried = [old + share * (new - old) for share in SHARES]
        return min(tried, key=lambda one: float((self.is_read * (self.survival - self._level(one)) ** 2).sum()))

    def _smoothed(self, noise: float, clumped: float, level: Array, slope: Array, around: Array) -> tuple[float, Array]:
        """Return the log-likelihood and the censorings less their even course, linearised around another such course.

        The state is that difference x, and the change l of the logarithm of survival that goes with it: l falls by
        `slope` x at each event.
        """
        stay, variance = self._bridge
        variance = variance * clumped
        usable = np.maximum(level, LOWEST)
        heights = (self.survival - level) / usable - np.where(level > LOWEST, np.cumsum(slope * around), 0.0)
        errors = noise / usable
        x = change = xx = xc = cc = total = 0.0
        course: list[tuple[float, ...]] = []
        is_seen = (level > LOWEST) * self.is_read
        columns = (heights, errors, slope, stay, variance, is_seen, self.is_read)
        for height, error, a, kept, more, seen, read in zip(*(column.tolist() for column in columns), strict=True):
            x, xx, xc = kept * x, kept * kept * xx + more, kept * xc
            change -= a * x
            cc += -2.0 * a * xc + a * a * xx
            xc -= a * xx
            whole = seen * cc + error * error
            miss = height - seen * change
            total -= 0.5 * read * (log(whole) + miss * miss / whole)
            course.append((x, xx, xc, cc, seen / whole, miss, a, kept))
            if seen:
                x, change = x + xc / whole * miss, change + cc / whole * miss
                xx, xc, cc = xx - xc * xc / whole, xc - xc * cc / whole, cc - cc * cc / whole
        total -= float(
            (np.log(usable) * self.is_read).sum()
        )  # of the heights themselves, which are not divided by their level
        return total, _backwards(course)

    def patients(self, censored: Array) -> tuple[Array, Array]:
        """Times of events, and of censorings.

        Parameters
        ----------
        censored : Array (click,)
            Since the last number at risk, before each click. [patients]

        Returns
        -------
        tuple of Array (patient,)
            Whole patients; events at the clicks, censorings spread evenly between them. [unit of time]

        Examples
        --------
        >>> clicks = CountedClicks.of(np.array([1.0, 4.0]), np.array([0.9, 0.8]), np.ones(2),
        ...     (np.array([0.0, 3.0]), np.array([10.0, 8.0])), 5.0)
        >>> clicks.patients(np.array([0.0, 6.0]))[0].tolist()
        [1.0, 4.0]
        """
        lost: list[float] = []
        for j, (start, end) in enumerate(zip(self.starts.tolist(), self.ends.tolist(), strict=True)):
            own = self.interval == j
            cells = [start, *self.time[own].tolist(), end]
            gone = np.concatenate([[0.0], np.round(censored[own]), [self.leave[j]]])
            for cell, count in enumerate(np.diff(gone).astype(np.int64).tolist()):
                lost += spread_between(cells[cell], cells[cell + 1], count)
        return np.repeat(self.time, self.events.astype(np.int64)), np.array(lost)


def _backwards(course: list[tuple[float, ...]]) -> Array:
    """Return the first part of the smoothed states: Durbin and Koopman's recursion, which inverts no covariance."""
    found = np.zeros(len(course))
    of_x = of_change = 0.0  # T' r of the state after: what later heights say
    for k in range(len(course) - 1, -1, -1):
        x, xx, xc, cc, weight, miss, a, kept = course[k]
        of_change += (miss - xc * of_x - cc * of_change) * weight
        found[k] = x + xx * of_x + xc * of_change
        of_x = kept * (of_x - a * of_change)
    return found
