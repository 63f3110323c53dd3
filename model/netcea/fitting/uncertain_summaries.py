"""Standard errors and intervals of what fitted curves say: by the delta method, and over a bootstrap's replicates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.draws import from_real_line
from netcea.fitting.bootstrap import Replicates
from netcea.fitting.maximum_likelihood import LikelihoodFit
from netcea.fitting.summaries import HORIZON_YEARS, LANDMARK_YEARS
from netcea.plain_number import read
from netcea.survival.elementwise import quietly
from netcea.survival.survival_curve import SurvivalCurve
from netcea.uncertainty.normal import HALF_WIDTH

STEP: Final = 1e-4
"""Of central differences, in standard errors. [1]"""
FEWEST_FOUND: Final = 2


class Scale(NamedTuple):
    """On which an interval is symmetric.

    Attributes
    ----------
    to : callable
        Quantity -> scale.
    back : callable
        Scale -> quantity.
    """

    to: Callable[[Array], Array]
    back: Callable[[Array], Array]


class Uncertain(NamedTuple):
    """A number that a fit gives, with its uncertainty two ways.

    Attributes
    ----------
    name : str
        Of a parameter; or what it is: S(5 years), median ...
    value : float
        At the estimates. [own unit]
    delta_se, bootstrap_se : float
        Standard errors. [own unit]
    delta, bootstrap : tuple of float
        95% intervals: symmetric on the real line, log(-log S) or the logarithm; 2.5% and 97.5% of the replicates.
    """

    name: str
    value: float
    delta_se: float
    delta: tuple[float, float]
    bootstrap_se: float
    bootstrap: tuple[float, float]


def _log_minus_log(s: Array) -> Array:
    return np.asarray(np.log(-np.log(s)))


LOG: Final = Scale(np.log, np.exp)
LOG_MINUS_LOG: Final = Scale(_log_minus_log, lambda x: np.asarray(np.exp(-np.exp(x))))


@quietly
def uncertain_summaries(
    replicates: Replicates, last: float, per_year: float, covariates: Mapping[str, float] | None = None
) -> list[Uncertain]:
    """Parameters, survival at landmarks, the median and restricted means of a fit, with their uncertainty.

    Parameters
    ----------
    replicates : Replicates
        Of the fit.
    last : float
        End of the data. [unit of time]
    per_year : float
        Units of time in a year. [unit of time / year]
    covariates : mapping of str -> float, optional
        Of whom; 0 where one is left out. [as given]

    Returns
    -------
    list of Uncertain
        Parameters on their published scale, landmarks as shares, times in years. NaN where there is no number: of a
        median that is not reached, or of too few replicates.

    References
    ----------
    Efron and Tibshirani (1993), 13: percentile intervals. The delta method with central differences.
    """
    fit = replicates.fit
    found = _parameters(replicates)
    ends = sorted({min(last / per_year, HORIZON_YEARS), HORIZON_YEARS})
    said: list[tuple[str, Scale, Callable[[SurvivalCurve], Array]]] = [
        *((f"S({read(y)} years)", LOG_MINUS_LOG, _survival(y * per_year)) for y in LANDMARK_YEARS),
        ("median", LOG, lambda curve: np.asarray(curve.median) / per_year),
        *((f"mean to {read(y, 3)} years", LOG, _mean(y * per_year, per_year)) for y in ends),
    ]
    for name, scale, what in said:
        found.append(_uncertain(name, scale, partial(_of_curve, what, fit, covariates), replicates))
    return found


def _of_curve(
    what: Callable[[SurvivalCurve], Array], fit: LikelihoodFit, covariates: Mapping[str, float] | None, x: Array
) -> Array:
    return what(fit.curve_at(x, covariates))


def _survival(time: float) -> Callable[[SurvivalCurve], Array]:
    return lambda curve: np.asarray(curve.survival(time))


def _mean(time: float, per_year: float) -> Callable[[SurvivalCurve], Array]:
    return lambda curve: np.asarray(curve.restricted_mean(time)) / per_year


def _parameters(replicates: Replicates) -> list[Uncertain]:
    fit, found = replicates.fit, []
    for i, (name, scale) in enumerate(zip(fit.names, fit.scales, strict=True)):
        se = float(np.sqrt(fit.covariance[i, i]))
        ends = fit.real_line[i] + se * HALF_WIDTH * np.array([0.0, -1.0, 1.0])
        value, low, high = from_real_line(ends, scale).tolist()
        step = STEP * se
        slope = np.diff(from_real_line(fit.real_line[i] + np.array([-step, step]), scale))[0] / (2.0 * step)
        again = from_real_line(replicates.found[:, i], scale)
        found.append(Uncertain(name, value, abs(float(slope)) * se, (low, high), *_spread(again)))
    return found


def _uncertain(name: str, scale: Scale, of: Callable[[Array], Array], replicates: Replicates) -> Uncertain:
    fit = replicates.fit
    steps = STEP * np.sqrt(np.diag(fit.covariance))
    around = np.concatenate([[fit.real_line], fit.real_line + np.diag(steps), fit.real_line - np.diag(steps)])
    values, k = of(around), len(steps)
    natural, scaled = ((x[1 : k + 1] - x[k + 1 :]) / (2.0 * steps) for x in (values, scale.to(values)))
    se, scaled_se = (float(np.sqrt(slope @ fit.covariance @ slope)) for slope in (natural, scaled))
    middle = scale.to(values[:1])
    low, high = sorted(float(scale.back(middle + sign * HALF_WIDTH * scaled_se)[0]) for sign in (-1.0, 1.0))
    again = of(replicates.found) if len(replicates.found) else np.zeros(0)
    return Uncertain(name, float(values[0]), se, (low, high), *_spread(again))


def _spread(values: Array) -> tuple[float, tuple[float, float]]:
    """Return the standard deviation of replicates, and their 2.5% and 97.5%."""
    if len(values) < FEWEST_FOUND:
        return float("nan"), (float("nan"), float("nan"))
    low, high = np.quantile(values, [0.025, 0.975]).tolist()
    return float(np.std(values, ddof=1)), (low, high)
