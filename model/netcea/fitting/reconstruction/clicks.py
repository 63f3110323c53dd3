"""What clicks on a survival curve say of its levels: where they were made, how noisy they are, the curve below them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from scipy.linalg import solveh_banded

from netcea.arrays import Array
from netcea.fitting.reconstruction.monotone import never_rising

Pattern: TypeAlias = Literal["steps", "corners", "anywhere"]
PATTERNS: Final[tuple[Pattern, ...]] = get_args(Pattern)
"""Where clicks were made: at the foot of every step, at its top and its foot, or anywhere on the curve."""

NOISE: Final = np.geomspace(2e-5, 0.06, 26)
"""Standard errors of a click that are tried. [share]"""
USUAL_NOISE: Final = 0.003
"""Standard error of a click that is expected, within a factor of e, where there are too few clicks to tell. [share]"""
DISPERSION: Final = np.array([0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0])
"""Variances of the events between two clicks, over that of Poisson's distribution, that are tried."""
SIDEWAYS: Final = np.array([0.0, 1.0])
"""Whether times are as noisy as survival, both as a share of their axis."""
LIKELY: Final = {"steps": (0.55, 1.7), "corners": (0.28, 0.85)}
"""Events for each click between which a pattern is thought of."""
WINDOWS: Final = (50, 20, 10)
"""Parts of the curve over which the events for each click are averaged, at the same time."""
DOUBT: Final = 30.0
"""Difference of log-likelihoods by which clicks count events though they do not lie in time as events do. [log]"""


@dataclass(frozen=True, eq=False)
class Levels:
    """The curve that clicks were made on.

    Attributes
    ----------
    time : Array (click,)
        Rising from 0. [unit of time]
    survival : Array (click,)
        Never rising from 1. [share]
    pattern : Pattern
        Where the clicks were made.
    noise : float
        Standard error of a click. [share]
    factor : Array (click - 1,)
        Survival expected after a click over that before it. [ratio]
    drop_variance : Array (click - 1,)
        Of what is lost beyond that. [share^2]
    click_variance : Array (click - 1,)
        Of the clicks. [share^2]
    expected : Array (click - 1,), optional
        Events that each click counts, where they were made at steps. [patients]
    log_likelihood : float
        Of the clicks. [log]
    """

    time: Array
    survival: Array
    pattern: Pattern
    noise: float
    factor: Array
    drop_variance: Array
    click_variance: Array
    expected: Array | None = None
    log_likelihood: float = -np.inf

    def clicked(self, pattern: Pattern) -> Levels:
        """Return the same levels, where the clicks were made elsewhere and do not count events.

        Parameters
        ----------
        pattern : Pattern
            Where they were made.

        Returns
        -------
        Levels
            With the same survival.

        Examples
        --------
        >>> risk = (np.zeros(1), np.array([10.0]))
        >>> found = levels_of(np.arange(6.0), np.array([1.0, 0.9, 0.8, 0.7, 0.6, 0.5]), risk, "anywhere")
        >>> found.clicked("steps").pattern
        'steps'
        """
        return replace(self, pattern=pattern, expected=None)

    def at(self, times: Array, survival: Array | None = None) -> Array:
        """Survival between the clicks: a step at each where they were made at steps, else a straight line.

        Parameters
        ----------
        times : Array (time,)
            Not negative; after the last click its level stays. [unit of time]
        survival : Array (click,), optional
            In place of the levels' own. [share]

        Returns
        -------
        Array (time,)
            [share]

        Examples
        --------
        >>> risk = (np.zeros(1), np.array([10.0]))
        >>> found = levels_of(np.arange(6.0), np.array([1.0, 0.9, 0.8, 0.7, 0.6, 0.5]), risk, "anywhere")
        >>> found.at(np.array([1.5])).round(2).tolist(), found.clicked("steps").at(np.array([1.5])).round(2).tolist()
        ([0.85], [0.9])
        """
        own = self.survival if survival is None else survival
        if self.pattern == "steps":
            return np.asarray(own[np.searchsorted(self.time, times, side="right") - 1])
        return np.interp(times, self.time, own)

    def tilted(self, direction: Array) -> tuple[Array, float]:
        """How the levels move, at least cost to the clicks, for a weighted sum of them to move.

        Parameters
        ----------
        direction : Array (click - 1,)
            Weights of the levels after the first. [any]

        Returns
        -------
        moves : Array (click,)
            For one standard error of the sum. [share]
        standard_error : float
            Of the sum. [any]

        Notes
        -----
        C w / sqrt(w' C w), C the covariance of the levels given the clicks: their regression on the sum.

        References
        ----------
        Durbin and Koopman (2012), Time series analysis by state space methods, 2nd ed., 4.4.
        """
        moves = solveh_banded(self._precision, direction)
        error = max(float(direction @ moves), 0.0) ** 0.5
        return np.concatenate([[0.0], moves / error if error > 0.0 else 0.0 * moves]), error

    @property
    def _precision(self) -> Array:
        return _precision(self.factor, self.drop_variance, self.click_variance)


@dataclass(frozen=True, eq=False)
class _Found:
    pattern: Pattern
    log_likelihood: float
    levels: Levels


def levels_of(
    time: Array, survival: Array, at_risk: tuple[Array, Array], pattern: Pattern | None = None, most: float = 1.0
) -> Levels:
    """Estimate the curve below clicks, with the noise of the clicks.

    Parameters
    ----------
    time, survival : Array (click,)
        In order; the first is (0, 1), which is certain. [unit of time], [share]
    at_risk : tuple of Array (time,)
        Times from 0, and numbers at risk then. [unit of time], [patients]
    pattern : Pattern, optional
        Where the clicks were made; found where it is left out.
    most : float
        Factor by which the events may be overestimated, where nothing says how many were censored. [ratio]

    Returns
    -------
    Levels
        At the noise with the highest likelihood.

    Notes
    -----
    The level after a click is that before it, less the share m / n of it, plus noise of variance phi m (S / n)^2: m
    events are expected between two clicks, n are at risk. At feet of steps m is 1, at corners 0 and 1 in turn,
    elsewhere what the clicks around lose. phi, the noise of clicks and that of times have the highest likelihood of a
    Kalman filter on a grid. Clicks are taken to count events where they lie in time as the events do, at least twice
    as closely as they lie evenly (by the largest difference of the cumulative shares). phi is
    near 0 where every click is one event: the curve then follows from counting, and noise hardly matters.

    References
    ----------
    Durbin and Koopman (2012), Time series analysis by state space methods, 2nd ed., 7.2.
    """
    around = never_rising(survival)
    n = _about_at_risk(time, around, *at_risk)
    lost = -np.diff(around) / np.maximum(around[:-1], 1e-9) * n[:-1]
    events = float(lost.sum()) / max(len(time) - 1, 1)
    found = {"anywhere": _smooth(time, survival, lost, n)}
    for name, counted in _counted(len(time) - 1, events, pattern, most):
        these = _counted_at_risk(time, around, counted, *at_risk)
        one = _best(name, time, survival, counted, these)
        if name not in found or one.log_likelihood > found[name].log_likelihood:
            found[name] = one
    if pattern is not None:
        return found.get(pattern, replace(found["anywhere"], levels=found["anywhere"].levels.clicked(pattern))).levels
    if len(found) == 1 or events <= 0.0:
        return found["anywhere"].levels
    share = np.arange(len(time)) / (len(time) - 1)
    as_time = np.abs(share - time / time[-1]).max()
    as_events = np.abs(share - np.concatenate([[0.0], np.cumsum(lost)]) / lost.sum()).max()
    counts = [one for name, one in found.items() if name != "anywhere"]
    best = max(counts, key=lambda one: one.log_likelihood)
    is_counted = as_events < as_time / 2.0 or best.log_likelihood > found["anywhere"].log_likelihood + DOUBT
    return (best if is_counted else found["anywhere"]).levels


def _smooth(time: Array, survival: Array, lost: Array, n: Array) -> _Found:
    """Return the levels where clicks say nothing of events: what is lost is like what is lost around, near or far."""
    clicks, running = len(lost), np.concatenate([[0.0], np.cumsum(lost)])
    found: list[_Found] = []
    for width in sorted({max(2, clicks // part) for part in WINDOWS}):
        local = np.maximum(_centred(running, width)[1:], 0.02 * float(lost.sum()) / clicks + 1e-6)
        one = _best("anywhere", time, survival, local, n)
        found.append(replace(one, log_likelihood=one.log_likelihood - 0.25 * clicks / width))
    return max(found, key=lambda one: one.log_likelihood)


def _counted(clicks: int, events: float, pattern: Pattern | None, most: float) -> Iterator[tuple[Pattern, Array]]:
    """Yield patterns in which clicks count events, and how many events each click adds."""
    turns = (np.arange(clicks) % 2).astype(np.float64)
    of: tuple[tuple[Pattern, Array], ...] = (("steps", np.ones(clicks)), ("corners", turns), ("corners", 1.0 - turns))
    for name, counted in of:
        low, high = LIKELY[name]
        if pattern in (None, name) and low <= events <= high * most:
            yield name, counted


def _about_at_risk(time: Array, survival: Array, times: Array, numbers: Array) -> Array:
    """Return about how many are at risk at each click: between the numbers that are known, then as survival falls."""
    between = np.interp(time, times, numbers.astype(np.float64))
    known = float(np.interp(times[-1], time, survival))
    after = numbers[-1] * survival / max(known, 1e-9)
    return np.maximum(np.where(time > times[-1], after, between), 1.0)


def _counted_at_risk(time: Array, survival: Array, counted: Array, times: Array, numbers: Array) -> Array:
    """Return how many are at risk before each click, where each click takes so many."""
    n = _about_at_risk(time, survival, times, numbers)
    where = np.searchsorted(times, time[1:], side="left") - 1
    for j in range(len(times)):
        own = np.flatnonzero(where == j)
        if not len(own):
            continue
        taken = np.concatenate([[0.0], np.cumsum(counted[own])])
        share = (time[own + 1] - times[j]) / (times[j + 1] - times[j]) if j + 1 < len(times) else 0.0 * own
        gone = float(numbers[j] - numbers[j + 1]) if j + 1 < len(times) else float(taken[-1])
        scale = min(1.0, gone / taken[-1]) if taken[-1] > 0.0 else 0.0
        censored = gone - scale * taken[-1] if j + 1 < len(times) else 0.0
        n[own] = np.maximum(numbers[j] - scale * taken[:-1] - censored * share, 1.0)
    return n


def _centred(cumulative: Array, width: int) -> Array:
    """Return how much a running total gains for each click, around each."""
    i = np.arange(len(cumulative))
    low, high = np.maximum(i - width, 0), np.minimum(i + width, len(cumulative) - 1)
    return np.asarray((cumulative[high] - cumulative[low]) / np.maximum(high - low, 1))


def _best(pattern: Pattern, time: Array, survival: Array, events: Array, at_risk: Array) -> _Found:
    """Return the levels at the noise and dispersion with the highest likelihood."""
    noise, dispersion, sideways = (x.ravel() for x in np.meshgrid(NOISE, DISPERSION, SIDEWAYS, indexing="ij"))
    around = never_rising(survival)
    n = at_risk[:-1]
    factor = 1.0 - np.minimum(events / n, 0.95)
    unit = np.maximum(events, 0.02) * (np.maximum(around[:-1], 0.5 / n) / n) ** 2
    width = max(2, len(time) // 20)
    slope = -_centred(around, width) / np.maximum(_centred(time, width), 1e-12) * time[-1]
    steep = np.minimum(slope[1:], 10.0) ** 2
    log_likelihood = _filter(survival, factor, unit, (noise, dispersion, sideways), steep)
    log_likelihood -= 0.5 * np.log(noise / USUAL_NOISE) ** 2
    best = int(np.argmax(log_likelihood))
    drop = dispersion[best] * unit
    drop[-1] = max(1.0, dispersion[best]) * unit[-1]
    click = noise[best] ** 2 * (1.0 + sideways[best] * steep)
    bands = _precision(factor, drop, click)
    right = survival[1:] / click
    right[0] += factor[0] / drop[0]
    solved = solveh_banded(bands, right)
    level = np.clip(never_rising(np.concatenate([[1.0], solved])), 0.0, 1.0)
    expected = None if pattern == "anywhere" else events
    highest = float(log_likelihood[best])
    levels = Levels(time, level, pattern, float(noise[best]), factor, drop, click, expected, highest)
    return _Found(pattern, highest, levels)


def _filter(survival: Array, factor: Array, unit: Array, grid: tuple[Array, Array, Array], steep: Array) -> Array:
    """Return the log-likelihood of clicks at each noise, dispersion and sideways noise: Kalman's filter."""
    noise, dispersion, sideways = grid
    mean, variance, total = np.ones(len(noise)), np.zeros(len(noise)), np.zeros(len(noise))
    square = noise**2
    for i, click in enumerate(survival[1:].tolist()):
        more = np.maximum(dispersion, 1.0) if i == len(unit) - 1 else dispersion
        mean, variance = mean * factor[i], variance * factor[i] ** 2 + more * unit[i]
        whole = variance + square * (1.0 + sideways * steep[i])
        miss = click - mean
        gain = variance / whole
        total -= 0.5 * (np.log(whole) + miss * miss / whole)
        mean, variance = mean + gain * miss, variance * (1.0 - gain)
    return total


def _precision(factor: Array, drop: Array, click: Array) -> Array:
    """Return the inverse covariance of the levels after the first, as the two upper bands of a matrix."""
    bands = np.zeros((2, len(click)))
    bands[1] = 1.0 / click + 1.0 / drop
    bands[1, :-1] += factor[1:] ** 2 / drop[1:]
    bands[0, 1:] = -factor[1:] / drop[1:]
    return bands
