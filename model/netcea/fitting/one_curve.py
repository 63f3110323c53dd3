"""One curve through medians, quantiles, landmark survivals and restricted means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netcea.arrays import Array
from netcea.fitting.published_figures import Figure, NotIdentified, SummaryFit, check_figures
from netcea.fitting.summary_fit import ALL, ArmFigure, fit_figures
from netcea.fitting.trial import HazardRatio
from netcea.survival.base import Distribution
from netcea.survival.distributions import distribution


def fit_curve(
    family: str | Distribution,
    figures: Sequence[Figure],
    through: Sequence[int] | None = None,
    correlation: Array | None = None,
    fixed: Mapping[str, float] | None = None,
    near: Array | None = None,
) -> SummaryFit:
    """Fit one curve to medians, quantiles, landmark survivals and restricted means.

    As many figures as parameters are met exactly; with more, weighted least squares on the working scales; fewer are
    refused. A family with one parameter goes through the first figure where one of them has no interval.

    Parameters
    ----------
    family : str or Distribution
        A family without structure by its name, or one with its knots, breaks or base.
    figures : sequence of Figure
        One unit of time throughout.
    through : sequence of int, optional
        Which figures must be met exactly, as many as parameters; the others are reported, not used.
    correlation : Array (figure, figure), optional
        Of all figures on their working scales, -1 to 1; independent when left out. See `landmark_correlation`. [1]
    fixed : mapping of str to float, optional
        Parameters that are given; they are not in the result. [as the family says]
    near : Array (parameter,), optional
        The estimate at figures much like these. [real line]

    Returns
    -------
    SummaryFit
        Estimates, their covariance, and what the curve says of every figure.

    Raises
    ------
    NotIdentified
        The figures contradict each other, or do not determine the curve.

    Notes
    -----
    See `netcea.fitting.summary_fit.fit_figures`.

    Examples
    --------
    log(log(0.355) / log(0.82)) / log(60 / 12) = log(5.219) / log(5) = 1.03:

    >>> fit = fit_curve("weibull", [Figure("survival_at", 0.82, 0.2, 12.0), Figure("survival_at", 0.355, 0.1, 60.0)])
    >>> round(fit.estimates["shape"], 2)
    1.03
    """
    model = without_structure(family) if isinstance(family, str) else family
    items = [HazardRatio("", "", f) if f.kind == "hazard_ratio" else ArmFigure(ALL, f) for f in figures]
    if any(isinstance(item, HazardRatio) for item in items):
        check_figures(figures)
        raise NotIdentified("a hazard ratio belongs to a trial, not to one curve")
    return fit_figures(model, items, (ALL,), correlation, None, fixed, through, near=near)


def without_structure(family: str) -> Distribution:
    """A family by its name, where it can be fitted and has no knots, breaks or base that would have to be given.

    Parameters
    ----------
    family : str
        Its name.

    Returns
    -------
    Distribution
        Without parameters.

    Raises
    ------
    NotIdentified
        A table, an unknown name, or a family that needs its structure.

    Examples
    --------
    >>> without_structure("gamma")
    gamma(shape, rate)
    """
    if family in ("kaplan_meier", "tabulated"):
        raise NotIdentified(f"a {family} is a table: it is not fitted to figures")
    try:
        return distribution(family)
    except (TypeError, ValueError) as error:
        raise NotIdentified(f"a {family} needs its structure, or is no family: {error}") from None


def landmark_correlation(figures: Sequence[Figure]) -> Array:
    """Correlations of landmark survivals that were read from one Kaplan-Meier curve, on their working scale.

    Parameters
    ----------
    figures : sequence of Figure
        Landmark survivals with their standard errors.

    Returns
    -------
    Array (figure, figure)
        0 to 1. [1]

    Raises
    ------
    NotIdentified
        A figure other than a landmark with its standard error, or variances that fall with time.

    Notes
    -----
    The cumulative hazard's estimate has independent increments, so cov(H(s), H(t)) = var H(s) for s < t. With
    var H = (se H)^2, se the standard error of log H: correlation = se_s H_s / (se_t H_t) (Greenwood's formula).

    Examples
    --------
    0.16 x 0.198 / (0.09 x 1.036) = 0.34:

    >>> landmarks = [Figure("survival_at", 0.82, 0.16, 12.0), Figure("survival_at", 0.355, 0.09, 60.0)]
    >>> round(float(landmark_correlation(landmarks)[0, 1]), 2)
    0.34
    """
    check_figures(figures)
    if any(f.kind != "survival_at" or not f.se for f in figures):
        raise NotIdentified("correlations are known between landmark survivals with intervals only")
    times = np.array([f.time for f in figures])
    deviations = np.array([f.error / f.value if f.plain else f.error * -np.log(f.value) for f in figures])
    if np.any(np.diff(deviations[np.argsort(times)]) <= 0.0):
        raise NotIdentified(
            "the landmarks' intervals are not of one Kaplan-Meier curve: their variance falls with time"
        )
    result = np.minimum.outer(deviations, deviations) / np.maximum.outer(deviations, deviations)
    return np.asarray(result, dtype=np.float64)
