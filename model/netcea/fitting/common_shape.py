"""The shape that two curves of one family share when their medians and their hazard ratio are known."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from netcea.arrays import Array
from netcea.fitting.cox import expected_score
from netcea.fitting.numerics import root
from netcea.fitting.published_figures import NotIdentified
from netcea.survival.base import Distribution
from netcea.survival.parameter import Parameters


def common_shape(
    model: Distribution, log_medians: tuple[float, float], log_ratio: float, share: float, follow_up: float
) -> float:
    """Return the shape for which two curves with these medians have this hazard ratio.

    Under proportional hazards the ratio of their hazards; in other families the limit of Cox's estimator over the
    follow-up.

    Parameters
    ----------
    model : Distribution
        With one shape and one location.
    log_medians : tuple of float
        Of the reference arm and of the other. [log of the unit of time]
    log_ratio : float
        Of the other arm over the reference. [log]
    share : float
        Patients of the other arm among those of both, between 0 and 1. [share]
    follow_up : float
        Median follow-up. [unit of time]

    Returns
    -------
    float
        On its published scale. [as the family says]

    Raises
    ------
    NotIdentified
        No such shape.

    Notes
    -----
    Weibull: (m1 / m0)^shape = 1 / ratio, hence shape = -log(ratio) / log(m1 / m0). Gompertz, with cumulative hazards
    proportional to exp(shape t) - 1: ratio (exp(shape m1) - 1) = exp(shape m0) - 1.

    Examples
    --------
    >>> from netcea.survival.distributions import distribution
    >>> round(common_shape(distribution("weibull"), (0.0, np.log(2.0)), np.log(0.25), 0.5, 1.0), 12)
    2.0
    """
    if model.proportional_hazards:
        return _proportional_shape(model.name, *log_medians, log_ratio)

    @cache
    def score(log_shape: float) -> float:
        shapes = dict.fromkeys(model.shape_parameters, np.array(np.exp(log_shape)))
        reference, other = (with_median(model, log_median, shapes) for log_median in log_medians)
        return score_of(model, reference, other, share, follow_up)(log_ratio)

    low, high = np.log(0.05), np.log(20.0)
    if not score(low) * score(high) < 0.0:
        raise NotIdentified("no shape of this family has this hazard ratio between these medians")
    return float(np.exp(root(score, low, high)))


def with_median(model: Distribution, log_median: float, shapes: Parameters) -> dict[str, Array]:
    """Parameters of the curve with a median and shape parameters.

    Parameters
    ----------
    model : Distribution
        A family with a median form.
    log_median : float
        [log of the unit of time]
    shapes : mapping of str -> Array ()
        The family's shape parameters. [as the family says]

    Returns
    -------
    dict of str -> Array ()
        Every parameter. [as the family says]

    Raises
    ------
    NotIdentified
        The family has no such form.

    Examples
    --------
    >>> from netcea.survival.distributions import distribution
    >>> round(float(with_median(distribution("exponential"), np.log(2.0), {})["rate"]), 4)  # log(2) / 2
    0.3466
    """
    if model.with_median is None:
        raise NotIdentified(f"a {model.name} has no median form")
    return model.with_median(np.array(np.exp(log_median)), shapes)


def score_of(
    model: Distribution, reference: Parameters, other: Parameters, share: float, follow_up: float
) -> Callable[[float], float]:
    """Return the expected score of Cox's partial likelihood for two curves, a function of the log hazard ratio [log].

    Censoring is uniform from 0 to twice the median follow-up; see `netcea.fitting.cox.expected_score`.

    Parameters
    ----------
    model : Distribution
        Of both curves.
    reference, other : mapping of str -> Array ()
        Their parameters. [as the family says]
    share : float
        Patients of the other arm among those of both, between 0 and 1. [share]
    follow_up : float
        Median follow-up, above 0. [unit of time]

    Returns
    -------
    callable log ratio -> float
        The score for each patient; it falls with the ratio. [1]

    Examples
    --------
    At the ratio of proportional hazards the expected score is 0:

    >>> from netcea.survival.distributions import distribution
    >>> rates = [{"rate": np.array(rate)} for rate in (1.0, 0.5)]
    >>> abs(round(score_of(distribution("exponential"), *rates, 0.5, 1.5)(np.log(0.5)), 12))
    0.0
    """

    def survival(t: Array) -> tuple[Array, Array]:
        return model.survival(t, reference), model.survival(t, other)

    def hazard(t: Array) -> tuple[Array, Array]:
        return model.hazard(t, reference), model.hazard(t, other)

    return expected_score(survival, hazard, share, 2.0 * follow_up)


def _proportional_shape(family: str, log_m0: float, log_m1: float, log_ratio: float) -> float:
    """Return the shape for which the curve with the first median, its hazard times the ratio, has the second median."""
    longer = float(log_m1 - log_m0)
    if longer * log_ratio >= 0.0:
        raise NotIdentified("a hazard ratio below 1 needs a longer median with treatment, and one above 1 a shorter")
    if family in ("weibull", "weibull_ph"):
        return float(-log_ratio / longer)
    m0, m1, ratio = (float(x) for x in np.exp([log_m0, log_m1, log_ratio]))

    def gap(shape: float) -> float:  # log of H0(m1) ratio / H0(m0), H0 proportional to expm1(shape t)
        if abs(shape) * m1 < 1e-8:
            return float(np.log(ratio * m1 / m0) + shape * (m1 - m0) / 2.0)
        return float(np.log(ratio) + _log_expm1(shape * m1) - _log_expm1(shape * m0))

    return root(gap, -50.0 / m0, 50.0 / m0)


def _log_expm1(x: float) -> float:
    """Return log|exp(x) - 1| without overflow."""
    return float(x + np.log1p(-np.exp(-x))) if x > 0 else float(np.log(-np.expm1(x)))
