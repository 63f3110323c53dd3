"""Patients from clicks that count events, where the heights of the clicks bear it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.reconstruction.clicks import Levels, Pattern
from netcea.fitting.reconstruction.counted_clicks import CountedClicks, Followed

ROUNDING: Final = 5.0
"""Log-likelihood by which counting may fall short of levels that are freer than it. [log]"""


class Counted(NamedTuple):
    """Patients where every click counts its events.

    Attributes
    ----------
    died, censored : Array (patient,)
        [unit of time]
    pattern : Pattern
        Where the clicks were made.
    """

    died: Array
    censored: Array
    pattern: Pattern


def counted_patients(
    time: Array, survival: Array, at_risk: tuple[Array, Array], levels: Levels, end: float, events: int | None = None
) -> Counted | None:
    """Patients where every click counts its events, if the heights of the clicks bear it out.

    Parameters
    ----------
    time, survival : Array (click,)
        At feet of steps, or tops and feet; the first is (0, 1). [unit of time], [share]
    at_risk : tuple of Array (time,)
        Times and numbers at risk. [unit of time], [patients]
    levels : Levels
        Estimated without counting: their pattern, events of each click, noise and likelihood.
    end : float
        Of the curve. [unit of time]
    events : int, optional
        In all. [patients]

    Returns
    -------
    Counted or None
        None where clicks do not count events, the numbers at risk leave no room for so many, the total is another, or
        the levels are more likely.

    Notes
    -----
    With a death at each click, survival follows from how many were at risk: from the number at risk, less deaths, less
    those censored since. These are a bridge between the numbers at risk (even in time, binomial around it or more
    clumped), which the heights of all clicks move: S falls by S / n at each, so that fewer at risk make all later
    clicks lower. The bridge given the heights is a Kalman smoother, linearised anew around its own course. The last
    click may be the end of the curve and count nothing; the likelihood says which.

    References
    ----------
    Durbin and Koopman (2012), Time series analysis by state space methods, 2nd ed., 4.3-4.4.
    """
    if len(at_risk[0]) < 2:
        return None
    best: tuple[Followed, CountedClicks, Pattern] | None = None
    for pattern, counted in _ways(levels, len(time) - 1):
        if events is not None and counted.sum() != events:
            continue
        clicks = CountedClicks.of(time[1:], survival[1:], counted, at_risk, end)
        if (clicks.leave < 0.0).any() or (clicks.most < counted).any():
            continue
        found = clicks.likeliest(levels.noise)
        if clicks.is_near(found) and (best is None or found.log_likelihood > best[0].log_likelihood):
            best = found, clicks, pattern
    if best is None or best[0].log_likelihood < levels.log_likelihood - ROUNDING:
        return None
    return Counted(*best[1].patients(best[0].censored), best[2])


def _ways(levels: Levels, clicks: int) -> Iterator[tuple[Pattern, Array]]:
    """Yield what each click may count, by where the clicks may have been made; the last may be the curve's end."""
    turns = (np.arange(clicks) % 2).astype(np.float64)
    of: tuple[tuple[Pattern, Array], ...] = (("steps", np.ones(clicks)), ("corners", turns), ("corners", 1.0 - turns))
    for pattern, counted in of if levels.expected is None else ((levels.pattern, levels.expected),):
        yield pattern, counted
        if counted[-1] > 0.0:
            yield pattern, np.append(counted[:-1], 0.0)
