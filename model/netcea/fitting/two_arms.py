"""Both arms of a trial, with one common shape, from two medians and a hazard ratio."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.fitting.cox import cox_limit, expected_score
from netcea.fitting.numerics import jacobian, real, root
from netcea.fitting.published_figures import (
    SUMMARY_FAMILIES,
    Figure,
    FigureFit,
    NotIdentified,
    SummaryFit,
    check_figures,
    covariance_of,
)
from netcea.survival.base import Distribution
from netcea.survival.distributions import distribution

Solve: TypeAlias = Callable[[Array], Array]
Curves: TypeAlias = tuple[dict[str, Array], dict[str, Array]]


def fit_trial(
    family: str,
    median_placebo: Figure,
    median_cabozantinib: Figure,
    hazard_ratio: Figure,
    correlation: Array,
    follow_up: float,
    share_treated: float = 2.0 / 3.0,
    fixed_shape: float | None = None,
    *,
    spread: bool = True,
) -> SummaryFit:
    """Fit both arms of a trial with one common shape to their medians and hazard ratio.

    - weibull, weibull_ph, gompertz: proportional hazards; all three figures exactly. For the Weibull
      shape = -log(ratio) / log(m1 / m0).
    - exponential, or any family with a fixed shape: each arm's median exactly; the published ratio is missed, and
      reported.
    - log_normal, log_logistic, gamma: each arm's median exactly, and the shape for which the limit of Cox's estimator
      over the follow-up equals the published ratio.
    - generalised_gamma: refused; three figures do not identify two shapes and two locations.

    Parameters
    ----------
    family : str
    median_placebo, median_cabozantinib, hazard_ratio : Figure
    correlation : Array (3, 3)
        Of the logarithms, in this order.
    follow_up : float
        Median follow-up; censoring is taken as uniform from 0 to twice this. [unit of time]
    share_treated : float
        Of the patients, between 0 and 1.
    fixed_shape : float, optional
    spread : bool
        Whether to compute the covariance; a base case does without.

    Raises
    ------
    NotIdentified

    Examples
    --------
    >>> fit = fit_trial("weibull", Figure("median", 4.4, 0.17), Figure("median", 13.8, 0.18),
    ...                 Figure("hazard_ratio", 0.23, 0.32), np.eye(3), 13.8)
    >>> round(fit.estimates["shape"], 2)
    1.29
    """
    figures = (median_placebo, median_cabozantinib, hazard_ratio)
    _check(family, figures, follow_up, share_treated)
    y = np.array([figure.working for figure in figures])
    covariance = covariance_of(figures, correlation)
    names, scales, solve = _trial_form(family, follow_up, share_treated, fixed_shape)
    theta = solve(y)
    used = 2 if fixed_shape is not None or family == "exponential" else 3
    found = np.zeros((len(theta), len(theta)))
    if spread:
        slope = jacobian(solve, y)[:, :used]
        found = slope @ covariance[:used, :used] @ slope.T
        found = (found + found.T) / 2.0
    fit = SummaryFit(family, names, scales, theta, found, ())
    modelled = _modelled(family, fit.estimates, follow_up, share_treated, fixed_shape)
    fits = tuple(FigureFit(f, value, i < used) for i, (f, value) in enumerate(zip(figures, modelled, strict=True)))
    if any(item.used and not abs(item.miss_on_working_scale) < 1e-8 for item in fits):
        raise NotIdentified("no two curves of this family with one shape meet the figures")
    return SummaryFit(family, names, scales, theta, found, fits, _note(fit, used))


def _check(family: str, figures: tuple[Figure, ...], follow_up: float, share_treated: float) -> None:
    if family not in SUMMARY_FAMILIES:
        raise NotIdentified(f"a {family} is not identified by two medians and a hazard ratio")
    if [figure.kind for figure in figures] != ["median", "median", "hazard_ratio"]:
        raise NotIdentified("a trial's figures are the median of each arm, placebo first, and the hazard ratio")
    check_figures(figures)
    if not 0.0 < follow_up < np.inf:
        raise NotIdentified(f"the median follow-up is {follow_up:g}; expected a time above 0")
    if not 0.0 < share_treated < 1.0:
        raise NotIdentified(f"the share of patients treated is {share_treated:g}; expected between 0 and 1")


def _note(fit: SummaryFit, used: int) -> str:
    if used == 2:
        return "the published hazard ratio is not used: the family has no free shape to meet it"
    error = float(np.sqrt(fit.covariance[0, 0]))
    if fit.scales[0] == "log" and error > 1.0:
        return f"the figures hardly determine the shape: the standard error of its logarithm is {error:.1f}"
    return ""


# ------------------------------------------------------------------------------------------------ from figures
def _trial_form(
    family: str, follow_up: float, share_treated: float, fixed_shape: float | None
) -> tuple[tuple[str, ...], tuple[str, ...], Solve]:
    """Return parameter names, their real lines, and the function from the three logarithms to them."""
    model = distribution(family)
    shape_name = model.shape_parameters[0] if model.shape_parameters else ""
    location = next(p for p in model.parameters if p.name != shape_name)
    arms = (f"{location.name}_placebo", f"{location.name}_cabozantinib")

    def place(log_median: float, shape: float | None) -> float:
        return real(float(_with_median(model, log_median, shape)[location.name]), location.real_line)

    if not shape_name:
        return arms, (location.real_line,) * 2, lambda y: np.array([place(m, None) for m in y[:2]])
    scale = next(p for p in model.parameters if p.name == shape_name).real_line
    if fixed_shape is not None:
        if not np.isfinite(fixed_shape) or (scale == "log" and fixed_shape <= 0.0):
            raise NotIdentified(f"the shape is fixed at {fixed_shape:g}; expected a number above 0")
        return arms, (location.real_line,) * 2, lambda y: np.array([place(m, fixed_shape) for m in y[:2]])
    if model.proportional_hazards:

        def proportional(y: Array) -> Array:
            shape = _proportional_shape(family, y)
            return np.array([real(shape, scale), place(y[0], shape), y[2]])

        return (shape_name, arms[0], "hazard_ratio"), (scale, location.real_line, "log"), proportional

    def by_cox_limit(y: Array) -> Array:
        shape = _shape_with_limit(model, y, follow_up, share_treated)
        return np.array([real(shape, scale), *(place(m, shape) for m in y[:2])])

    return (shape_name, *arms), (scale, location.real_line, location.real_line), by_cox_limit


def _with_median(model: Distribution, log_median: float, shape: float | None) -> dict[str, Array]:
    if model.with_median is None:
        raise NotIdentified(f"a {model.name} has no median form")
    shapes = {} if shape is None else {name: np.array(shape) for name in model.shape_parameters}
    return model.with_median(np.array(np.exp(log_median)), shapes)


def _proportional_shape(family: str, y: Array) -> float:
    """Return the shape for which the treated curve, the placebo's hazard times the ratio, has its own median."""
    longer = float(y[1] - y[0])
    if longer * float(y[2]) >= 0.0:
        raise NotIdentified("a hazard ratio below 1 needs a longer median with treatment, and one above 1 a shorter")
    if family in ("weibull", "weibull_ph"):
        return -float(y[2]) / longer
    m0, m1, ratio = (float(x) for x in np.exp(y))

    def gap(shape: float) -> float:  # log of H0(m1) ratio / H0(m0), H0 proportional to expm1(shape t)
        if abs(shape) * m1 < 1e-8:
            return float(np.log(ratio * m1 / m0) + shape * (m1 - m0) / 2.0)
        return float(np.log(ratio) + _log_expm1(shape * m1) - _log_expm1(shape * m0))

    return root(gap, -50.0 / m0, 50.0 / m0)


def _log_expm1(x: float) -> float:
    """Return log|exp(x) - 1| without overflow."""
    return float(x + np.log1p(-np.exp(-x))) if x > 0 else float(np.log(-np.expm1(x)))


def _shape_with_limit(model: Distribution, y: Array, follow_up: float, share_treated: float) -> float:
    def score(log_shape: float) -> float:
        shape = float(np.exp(log_shape))
        curves = _with_median(model, y[0], shape), _with_median(model, y[1], shape)
        return _expected_score(model, curves, follow_up, share_treated)(float(y[2]))

    low, high = np.log(0.05), np.log(20.0)
    if not score(low) * score(high) < 0.0:
        raise NotIdentified("no shape of this family has this hazard ratio between these medians")
    return float(np.exp(root(score, low, high)))


# ------------------------------------------------------------------------------------------------ back to figures
def _modelled(
    family: str, estimates: dict[str, float], follow_up: float, share_treated: float, fixed_shape: float | None
) -> tuple[float, float, float]:
    """Return the two medians and the ratio that the fitted parameters have."""
    model = distribution(family)
    placebo, treated = _curves(model, estimates, fixed_shape)
    m0, m1 = (float(model.quantile(np.array(0.5), curve)) for curve in (placebo, treated))
    if model.proportional_hazards:
        t = np.array(m0)
        ratio = float(model.cumulative_hazard(t, treated) / model.cumulative_hazard(t, placebo))
    else:
        ratio = cox_limit(_expected_score(model, (placebo, treated), follow_up, share_treated))
    return m0, m1, ratio


def _curves(model: Distribution, estimates: dict[str, float], fixed_shape: float | None) -> Curves:
    """Return the parameters of the placebo's curve and of the treated arm's."""
    arms: list[dict[str, Array]] = []
    for arm in ("placebo", "cabozantinib"):
        values = {} if fixed_shape is None else {name: np.array(fixed_shape) for name in model.shape_parameters}
        for p in model.parameters:
            value = estimates.get(p.name, estimates.get(f"{p.name}_{arm}", estimates.get(f"{p.name}_placebo")))
            if p.name not in values and value is not None:
                values[p.name] = np.array(value)
        arms.append(values)
    if "hazard_ratio" in estimates:
        location = next(p.name for p in model.parameters if p.name not in model.shape_parameters)
        # the hazard is proportional to the rate, to the scale of weibull_ph, and to scale^-shape of weibull
        power = -1.0 / estimates["shape"] if model.name == "weibull" else 1.0
        arms[1][location] = arms[1][location] * estimates["hazard_ratio"] ** power
    return arms[0], arms[1]


def _expected_score(
    model: Distribution, curves: Curves, follow_up: float, share_treated: float
) -> Callable[[float], float]:
    """Return the expected score of Cox's partial likelihood for two curves, a function of the log ratio."""

    def survival(t: Array) -> tuple[Array, Array]:
        return model.survival(t, curves[0]), model.survival(t, curves[1])

    def density(t: Array) -> tuple[Array, Array]:
        s0, s1 = survival(t)
        return s0 * model.hazard(t, curves[0]), s1 * model.hazard(t, curves[1])

    return expected_score(survival, density, share_treated, 2.0 * follow_up)
