"""One curve through medians, landmark survivals and restricted means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from netcea.arrays import Array
from netcea.fitting.numerics import estimate, real
from netcea.fitting.published_figures import (
    SUMMARY_FAMILIES,
    Figure,
    FigureFit,
    NotIdentified,
    SummaryFit,
    check_figures,
    covariance_of,
)
from netcea.plain_number import read
from netcea.survival.base import Distribution
from netcea.survival.distributions import distribution
from netcea.survival.parameter import Parameter


def fit_curve(
    family: str,
    figures: Sequence[Figure],
    through: Sequence[int] | None = None,
    correlation: Array | None = None,
    fixed: Mapping[str, float] | None = None,
) -> SummaryFit:
    """Fit one curve to medians, landmark survivals and restricted means.

    As many figures as parameters are met exactly; with more, weighted least squares on the working scales; fewer are
    refused. A family with one parameter goes through the first figure, unless `through` names another.

    Parameters
    ----------
    family : str
        One of `SUMMARY_FAMILIES`.
    figures : sequence of Figure
        One unit of time throughout.
    through : sequence of int, optional
        Which figures must be met exactly, as many as parameters; the others are reported, not used.
    correlation : Array (figure, figure), optional
        Of all figures on their working scales, -1 to 1; independent when left out. See `landmark_correlation`. [1]
    fixed : mapping of str to float, optional
        Parameters that are given; they are not in the result. [as the family says]

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
    With y the figures on their working scales, V their covariance, g the curve's and J its derivatives with respect to
    the parameters on the real line: the estimate minimises (g - y)' V^-1 (g - y), and its covariance is
    (J' V^-1 J)^-1; J^-1 V J^-T where the figures are met exactly (the delta method).

    Examples
    --------
    log(log(0.355) / log(0.82)) / log(60 / 12) = log(5.219) / log(5) = 1.03:

    >>> fit = fit_curve("weibull", [Figure("survival_at", 0.82, 0.2, 12.0), Figure("survival_at", 0.355, 0.1, 60.0)])
    >>> round(fit.estimates["shape"], 2)
    1.03
    """
    model = _summary_family(family)
    free, curve = _free_parameters(model, fixed or {})
    check_figures(figures)
    used, note = _chosen(family, len(free), figures, through)
    _check_falling(figures)
    chosen = [figures[i] for i in used]

    def modelled(theta: Array, of: Sequence[Figure] = chosen) -> Array:
        return _working(model, curve(theta), of)

    theta, covariance = estimate(
        modelled,
        np.array([figure.working for figure in chosen]),
        covariance_of(figures, correlation)[np.ix_(used, used)],
        _start(model, figures, free, fixed or {}),
    )
    everything = modelled(theta, figures)
    fits = (FigureFit(f, _natural(f, everything[i]), i in used) for i, f in enumerate(figures))
    names, scales = tuple(p.name for p in free), tuple(p.real_line for p in free)
    return SummaryFit(family, names, scales, theta, covariance, tuple(fits), note)


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
    deviations = np.array([f.error * -np.log(f.value) for f in figures])
    if np.any(np.diff(deviations[np.argsort(times)]) <= 0.0):
        raise NotIdentified(
            "the landmarks' intervals are not of one Kaplan-Meier curve: their variance falls with time"
        )
    result = np.minimum.outer(deviations, deviations) / np.maximum.outer(deviations, deviations)
    return np.asarray(result, dtype=np.float64)


# ------------------------------------------------------------------------------------------------ which figures
def _summary_family(family: str) -> Distribution:
    if family not in SUMMARY_FAMILIES:
        raise NotIdentified(
            f"a {family} is not identified by a few published figures; expected one of {', '.join(SUMMARY_FAMILIES)}"
        )
    return distribution(family)


def _chosen(family: str, size: int, figures: Sequence[Figure], through: Sequence[int] | None) -> tuple[list[int], str]:
    """Return which figures are used, and a note."""
    used = list(range(len(figures))) if through is None else list(through)
    note = ""
    if through is None and size == 1 and len(figures) > 1:
        used, note = [0], "one parameter: the curve goes through the first figure; the others are not used"
    if not set(used) <= set(range(len(figures))) or len(set(used)) < len(used):
        raise NotIdentified(f"through names figures {used}; expected different ones of 0 to {len(figures) - 1}")
    if len(used) < size:
        raise NotIdentified(f"parameters of a {family}: {size}; figures: {len(used)}: they do not identify it")
    if through is not None and len(used) > size:
        raise NotIdentified(
            f"parameters of a {family}: {size}; figures to go through: {len(used)}: not all can be met exactly"
        )
    if any(figure.kind == "hazard_ratio" for figure in figures):
        raise NotIdentified("a hazard ratio belongs to a trial, not to one curve")
    return used, note


def _check_falling(figures: Sequence[Figure]) -> None:
    """Refuse survivals that do not fall with time."""
    points = [(0.0, 1.0)]
    points += [(f.value, 0.5) for f in figures if f.kind == "median"]
    points += [(f.time or 0.0, f.value) for f in figures if f.kind == "survival_at"]
    points.sort()
    for (t0, s0), (t1, s1) in pairwise(points):
        if not (t1 > t0 and s1 < s0):
            raise NotIdentified(
                f"survival does not fall from {read(s0)} at {read(t0)} to "
                f"{read(s1)} at {read(t1)}: no curve goes through both"
            )


# ------------------------------------------------------------------------------------------------ the curve
def _free_parameters(
    model: Distribution, fixed: Mapping[str, float]
) -> tuple[list[Parameter], Callable[[Array], dict[str, Array]]]:
    """Return the parameters to fit, and the function from their real line to the whole set."""
    free = [p for p in model.parameters if p.name not in fixed]
    for name, value in fixed.items():
        scale = next((p.real_line for p in model.parameters if p.name == name), None)
        if scale is None:
            expected = ", ".join(p.name for p in model.parameters)
            raise NotIdentified(f"a {model.name} has no parameter {name!r}; expected one of {expected}")
        if not np.isfinite(value) or (scale == "log" and value <= 0.0):
            raise NotIdentified(f"{name} is fixed at {read(value)}; expected a number above 0")
    if not free:
        raise NotIdentified("every parameter is fixed: nothing is left to fit")

    def curve(theta: Array) -> dict[str, Array]:
        values = {p.name: np.array(np.exp(x) if p.real_line == "log" else x) for p, x in zip(free, theta, strict=True)}
        return values | {name: np.array(value) for name, value in fixed.items()}

    return free, curve


def _start(
    model: Distribution, figures: Sequence[Figure], free: Sequence[Parameter], fixed: Mapping[str, float]
) -> Array:
    """Return a curve near the first figure, on the real line."""
    figure = figures[0]
    if figure.kind == "median":
        median = figure.value
    elif figure.kind == "survival_at":
        median = (figure.time or 1.0) * np.log(2.0) / -np.log(figure.value)
    else:
        median = figure.value * np.log(2.0)
    shapes = {"gompertz": 0.01 / median, "log_logistic": 1.3}
    default = shapes.get(model.name, 1.0)
    shape = {name: np.array(fixed.get(name, default)) for name in model.shape_parameters}
    if model.with_median is None:
        raise NotIdentified(f"a {model.name} has no median form")
    values = model.with_median(np.array(median), shape)
    return np.array([real(float(values[p.name]), p.real_line) for p in free])


def _working(model: Distribution, parameters: dict[str, Array], figures: Sequence[Figure]) -> Array:
    """Return the curve's figures on their working scales."""
    values = []
    for figure in figures:
        if figure.kind == "median":
            values.append(np.log(model.quantile(np.array(0.5), parameters)))
        elif figure.kind == "survival_at":
            values.append(np.log(model.cumulative_hazard(np.array(figure.time), parameters)))
        else:
            values.append(np.log(model.restricted_mean(np.array(figure.time), parameters)))
    return np.array(values, dtype=np.float64).reshape(-1)


def _natural(figure: Figure, working: float) -> float:
    return float(np.exp(-np.exp(working)) if figure.kind == "survival_at" else np.exp(working))
