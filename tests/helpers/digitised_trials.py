"""Simulated trials of known truth, their curves clicked with error, and how far a reconstruction is from the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.fitting.reconstruction.digitised_curve import NotACurveError, digitised_curve
from netcea.fitting.reconstruction.reconstruct import reconstruct

FAMILIES = ("exponential", "weibull", "piecewise")
CLICKED = ("steps", "corners", "100 points", "300 points")


@dataclass(frozen=True)
class Trial:
    """Times [months] and events of an arm, and its numbers at risk."""

    time: np.ndarray
    event: np.ndarray
    at_risk: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Errors:
    """Integrated curve error [share], errors of the median and of the events [ratio]."""

    curve: float
    median: float
    events: float


def simulate(random, family, n, censored, every):
    """Return a trial with a median of about 12 months and about such a share of censored patients."""
    u = random.uniform(size=n)
    if family == "exponential":
        died = -np.log(u) / np.log(2.0) * 12.0
    elif family == "weibull":
        died = 12.0 * (-np.log(u) / np.log(2.0)) ** (1.0 / random.uniform(0.7, 1.6))
    else:  # the rate changes at 6 and 18 months
        rate = np.log(2.0) / 12.0 * np.exp(random.normal(0.0, 0.5, 3))
        h = -np.log(u)
        first, second = 6.0 * rate[0], 6.0 * rate[0] + 12.0 * rate[1]
        later = np.where(h < second, 6.0 + (h - first) / rate[1], 18.0 + (h - second) / rate[2])
        died = np.where(h < first, h / rate[0], later)
    v = random.uniform(size=n)
    shape = 0.5 + v if random.integers(2) else -np.log(v)  # entry over a time and one cut, or lost at random
    low, high = 0.01, 1e4
    for _ in range(60):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if (middle * shape < died).mean() > censored else (low, middle)
    time, event = np.minimum(died, high * shape), (died <= high * shape).astype(float)
    times = np.arange(0.0, time.max(), every)
    return Trial(time, event, (times, np.array([float((time >= t).sum()) for t in times])))


def steps(time, event):
    """Return times of events, and survival after each."""
    km = kaplan_meier(time, event)
    return km.times[km.events > 0], km.survival[km.events > 0]


def clicks(random, trial, clicked, noise, sideways=0.0):
    """Return points of a trial's curve, in the order of the curve: survival (and time) off by a share of its axis."""
    at, level = steps(trial.time, trial.event)
    end = trial.time.max()
    if clicked == "steps":
        t, s = np.concatenate([[0.0], at, [end]]), np.concatenate([[1.0], level, level[-1:]])
    elif clicked == "corners":
        t = np.concatenate([[0.0], np.repeat(at, 2), [end]])
        before = np.concatenate([[1.0], level[:-1]])
        s = np.concatenate([[1.0], np.column_stack([before, level]).ravel(), level[-1:]])
    else:
        t = np.linspace(0.0, end, int(clicked.split()[0]))
        s = np.concatenate([[1.0], level])[np.searchsorted(at, t, side="right")]
    return t + random.normal(0.0, max(sideways, 0.0) * end, len(t)), s + random.normal(0.0, noise, len(s))


def rebuilt(points, trial, **options):
    """Return the reconstruction of clicks on a trial's curve."""
    curve = digitised_curve(*points, trial.at_risk, survival_unit="fraction", **options)
    return reconstruct(curve.time, curve.survival, (curve.at_risk_times, curve.at_risk), curve.events, curve.pattern)


def errors(trial, patients):
    """Return how far patients are from those of a trial."""
    own, other = steps(trial.time, trial.event), steps(patients.time, patients.event)
    end = trial.time.max()
    grid = np.unique(np.concatenate([[0.0], own[0], other[0], [end]]))
    grid = grid[grid <= end]
    a, b = (np.concatenate([[1.0], s])[np.searchsorted(t, grid, side="right")] for t, s in (own, other))
    curve = float((np.abs(a - b)[:-1] * np.diff(grid)).sum() / end)
    medians = [kaplan_meier(x.time, x.event).median for x in (trial, patients)]
    known = all(np.isfinite(medians))
    median = abs(medians[1] / medians[0] - 1.0) if known else float("nan")
    return Errors(curve, median, abs(patients.event.sum() / trial.event.sum() - 1.0))


def designs(number, clicked, seed, *, sideways=False):
    """Yield so many trials with clicks and their noise: n 50-600, censoring 10-70%, numbers at risk each 3-6 months."""
    random = np.random.default_rng(seed)
    for k in range(number):
        trial = simulate(
            random,
            FAMILIES[k % 3],
            int(random.integers(50, 601)),
            random.uniform(0.1, 0.7),
            float(random.integers(3, 7)),
        )
        noise = random.uniform(0.002, 0.01)
        yield trial, clicks(random, trial, clicked, noise, noise if sideways else 0.0), noise


def sample(number, clicked, seed, *, sideways=False):
    """Return errors of the reconstructions of `designs`; nan where the clicks were refused as no curve."""
    return [attempt(trial, points) for trial, points, _ in designs(number, clicked, seed, sideways=sideways)]


def attempt(trial, points):
    """Return the errors of one reconstruction; nan where it was refused."""
    try:
        return errors(trial, rebuilt(points, trial).patients)
    except NotACurveError:
        return Errors(float("nan"), float("nan"), float("nan"))


def quantiles(found, what):
    """Return the median and 95% quantile of an error."""
    values = np.array([getattr(one, what) for one in found])
    return float(np.nanquantile(values, 0.5)), float(np.nanquantile(values, 0.95))
