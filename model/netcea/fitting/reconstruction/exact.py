"""Patients read off a curve that is known to many digits: the height of each step says how many were at risk."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array

TOLERANCE: Final = 0.1
"""How far from a whole number of patients at risk each step may be. [patients]"""
FEWEST: Final = 5
"""Steps that must agree."""
LOWEST: Final = 1e-7
"""Height of a step. [share]"""


class Known(NamedTuple):
    """A time at which the number at risk is known.

    Attributes
    ----------
    time : float
        [unit of time]
    at_risk, events : int
        Just before, and then. [patients]
    """

    time: float
    at_risk: int
    events: int


def exact_patients(
    time: Array, survival: Array, at_risk: tuple[Array, Array], end: float
) -> tuple[Array, Array] | None:
    """Read patients off a curve without noise, where every step is that of whole patients.

    Parameters
    ----------
    time, survival : Array (click,)
        At feet of steps, or tops and feet; the first is (0, 1). [unit of time], [share]
    at_risk : tuple of Array (time,)
        Times and numbers at risk. [unit of time], [patients]
    end : float
        Of the curve. [unit of time]

    Returns
    -------
    tuple of Array (patient,) or None
        Times of events and of censorings; None where the steps do not agree with whole patients. [unit of time]

    Notes
    -----
    A step of d events from S lowers it by S d / n, so that n = d S / height; d is the largest for which n is no more
    than are left; a step to 0, which any number would make, is taken for one event. When patients between two such
    times were censored cannot be known: they are spread evenly.

    Examples
    --------
    >>> t, s = np.arange(6.0), np.array([1.0, 0.9, 0.8, 0.7, 0.6, 0.45])  # of 10; one censored after the fourth death
    >>> died, censored = exact_patients(t, s, (np.zeros(1), np.array([10.0])), 5.0)
    >>> died.tolist(), censored.tolist()
    ([1.0, 2.0, 3.0, 4.0, 5.0], [4.25, 4.75, 5.0, 5.0, 5.0])
    """
    known = _steps(time, survival, at_risk)
    if known is None or sum(one.events > 0 for one in known) < FEWEST:
        return None
    died: list[float] = []
    censored: list[float] = []
    before = Known(0.0, int(at_risk[1][0]), 0)
    for one in known:
        gone = before.at_risk - before.events - one.at_risk
        if gone < 0:
            return None
        censored += spread_between(before.time, one.time, gone)
        died += [one.time] * one.events
        before = one
    left = before.at_risk - before.events
    censored += [before.time + (end - before.time) * (i + 1) / left for i in range(left)]
    return np.array(died), np.array(censored)


def spread_between(start: float, end: float, count: int) -> list[float]:
    """Times in the middle of equal parts of an interval.

    Parameters
    ----------
    start, end : float
        Of the interval. [unit of time]
    count : int
        How many. [patients]

    Returns
    -------
    list of float
        [unit of time]

    Examples
    --------
    >>> spread_between(0.0, 4.0, 2)
    [1.0, 3.0]
    """
    return [start + (end - start) * (i + 0.5) / count for i in range(count)]


def _steps(time: Array, survival: Array, at_risk: tuple[Array, Array]) -> list[Known] | None:
    """Return steps and numbers at risk in the order of time; None where a step is not that of whole patients."""
    left, found = int(at_risk[1][0]), []
    waiting = [(float(t), int(n)) for t, n in zip(*at_risk, strict=True)]
    for i in (np.flatnonzero(np.diff(survival) < -LOWEST) + 1).tolist():
        while waiting and waiting[0][0] <= time[i]:
            t, left = waiting.pop(0)
            found.append(Known(t, left, 0))
        for_one = survival[i - 1] / (survival[i - 1] - survival[i])
        events = int((left + TOLERANCE) // for_one) if survival[i] > LOWEST else min(left, 1)
        n = events * for_one
        if events < 1 or abs(n - round(n)) > TOLERANCE:
            return None
        found.append(Known(float(time[i]), round(n), events))
        left = round(n) - events
    return [*found, *(Known(t, n, 0) for t, n in waiting)]
