"""The least error of the median that any reconstruction can have: that of somebody who knows all but the clicks' errors."""

import numpy as np

from helpers.digitised_trials import steps
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.special import special

NEAR = 20
"""Parts of the clicks on either side of one, whose events say how many are expected between it and the next."""


def bound(trial, points, clicked, noise, sideways):
    """Return the relative error of the median of somebody who knows every height of the curve and the noise.

    Of points along the curve: and at which time each was aimed; not when the steps were. Of clicks on steps: which step
    each is of, so that only an error in time is left; and when the steps before and after were.
    """
    at, level = steps(trial.time, trial.event)
    median = kaplan_meier(trial.time, trial.event).median
    if not np.isfinite(median):
        return float("nan")
    which = int(np.flatnonzero(level <= 0.5 + 1e-12)[0])
    if clicked in ("steps", "corners"):
        return _of_steps(trial, points[0], at, which, sideways / (1.0 if clicked == "steps" else 2.0**0.5), clicked)
    times = np.linspace(0.0, trial.time.max(), len(points[0]))
    by = _until(which + 1, times, points[1], np.concatenate([[1.0], level]), at, noise)
    k = min(max(by, 1), len(times) - 1)
    return abs((times[k - 1] + times[k]) / 2.0 / median - 1.0)


def _of_steps(trial, times, at, which, share, clicked):
    """Return the error of the best guess between the neighbouring steps, from one click on the step or two."""
    if share <= 0.0:
        return 0.0
    own = times[1 + which : 2 + which] if clicked == "steps" else times[1 + 2 * which : 3 + 2 * which]
    error = share * trial.time.max()
    low = at[which - 1] if which else 0.0
    high = at[which + 1] if which + 1 < len(at) else trial.time.max()
    ends = special.ndtr((np.array([low, high]) - own.mean()) / error)
    guess = own.mean() + error * special.ndtri(np.clip(ends.mean(), 1e-12, 1.0 - 1e-12))
    return abs(min(max(guess, low), high) / at[which] - 1.0)


def _until(number, times, survival, heights, at, noise):
    """Return the click by which there were so many events as likely as not: forward and backward over all clicks."""
    clicks, size = len(times), len(heights)
    events = np.searchsorted(at, times, side="right")
    i, width = np.arange(clicks), max(3, clicks // NEAR)
    low, high = np.maximum(i - width, 0), np.minimum(i + width, clicks - 1)
    mean = np.maximum((events[high] - events[low]) / (high - low), 0.02)
    emitted = -0.5 * ((survival[:, None] - heights[None, :]) / noise) ** 2
    emitted = np.exp(emitted - emitted.max(axis=1, keepdims=True))
    kernels = []
    for one in mean.tolist():
        count = np.arange(min(size, int(one + 6.0 * one**0.5 + 5.0)))
        kernels.append(np.exp(count * np.log(one) - one - special.gammaln(count + 1.0)))
    forward = np.zeros((clicks, size))
    forward[0, 0] = 1.0
    for k in range(1, clicks):
        now = np.convolve(forward[k - 1], kernels[k])[:size] * emitted[k]
        forward[k] = now / now.sum()
    later, reached = np.ones(size), np.zeros(clicks)
    for k in range(clicks - 1, -1, -1):
        both = forward[k] * later
        reached[k] = both[number:].sum() / both.sum()
        later = np.convolve((later * emitted[k])[::-1], kernels[k])[:size][::-1]
        later = later / later.max()
    return int(np.searchsorted(reached, 0.5))
