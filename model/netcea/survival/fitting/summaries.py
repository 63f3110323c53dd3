"""Curves from published figures: medians, landmark survivals, restricted means, hazard ratios, with their intervals.

Working scales: the logarithm of medians, restricted means and ratios; log(-log S) of survivals. Covariances are on
the real line of the parameters, by the delta method.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution
from netcea.survival.distributions import distribution
from netcea.survival.fitting.cox import cox_limit, expected_score

FigureKind: TypeAlias = Literal["median", "survival_at", "restricted_mean", "hazard_ratio"]
LOG_2: Final = float(np.log(2.0))
SUMMARY_FAMILIES: Final = (
    "exponential", "weibull", "weibull_ph", "gompertz", "log_normal", "log_logistic", "gamma",
)  # fmt: skip
"""Families with at most a location and a shape, which a few published figures can identify."""


class NotIdentified(ValueError):  # noqa: N818 - what it says, not a fault of the program
    """The figures do not determine the curve, or contradict it."""


@dataclass(frozen=True)
class Figure:
    """One published figure.

    Attributes
    ----------
    kind : {'median', 'survival_at', 'restricted_mean', 'hazard_ratio'}
    value : float
        [unit of time] or 1
    se : float or None
        Standard error on the working scale.
    time : float or None
        For survival_at and restricted_mean. [unit of time]
    address : str
        Where the figure is defined.
    """

    kind: FigureKind
    value: float
    se: float | None = None
    time: float | None = None
    address: str = ""

    @property
    def working(self) -> float:
        """The figure on its working scale."""
        return float(np.log(-np.log(self.value)) if self.kind == "survival_at" else np.log(self.value))


@dataclass(frozen=True)
class FigureFit:
    """A published figure and what the fitted curve says; `used` when the fit was made to meet it."""

    figure: Figure
    modelled: float
    used: bool

    @property
    def miss_in_standard_errors(self) -> float | None:
        """(modelled - published) / standard error, on the working scale."""
        if not self.figure.se:
            return None
        modelled = Figure(self.figure.kind, self.modelled, time=self.figure.time).working
        return (modelled - self.figure.working) / self.figure.se


@dataclass(frozen=True)
class SummaryFit:
    """A fit to published figures.

    Attributes
    ----------
    family : str
    names : tuple of str
        Parameters; of a trial the common shape first, then each arm's location or the hazard ratio.
    scales : tuple of str
        The real line of each: log or identity.
    real_line : Array (k,)
    covariance : Array (k, k)
        On the real line.
    figures : tuple of FigureFit
    note : str
    """

    family: str
    names: tuple[str, ...]
    scales: tuple[str, ...]
    real_line: Array
    covariance: Array
    figures: tuple[FigureFit, ...]
    note: str = ""

    @property
    def estimates(self) -> dict[str, float]:
        """Parameters on their published scale."""
        pairs = zip(self.names, self.scales, self.real_line, strict=True)
        return {name: float(np.exp(x)) if scale == "log" else float(x) for name, scale, x in pairs}


# ------------------------------------------------------------------------------------------------ one curve
def fit_curve(family: str, figures: Sequence[Figure], through: Sequence[int] | None = None) -> SummaryFit:
    """Fit one curve to medians, landmark survivals and restricted means.

    As many figures as parameters are met exactly; with more, weighted least squares on the working scales; fewer are
    refused.

    Parameters
    ----------
    family : str
        One of `SUMMARY_FAMILIES`.
    figures : sequence of Figure
    through : sequence of int, optional
        Which figures must be met exactly; the others are reported, not used.

    Raises
    ------
    NotIdentified

    Examples
    --------
    >>> fit = fit_curve("weibull", [Figure("survival_at", 0.82, 0.2, 12.0), Figure("survival_at", 0.355, 0.1, 60.0)])
    >>> round(fit.estimates["shape"], 2)
    1.03
    """
    model = _summary_family(family)
    used = list(range(len(figures))) if through is None else list(through)
    size = len(model.parameters)
    if through is None and size == 1 and len(figures) > 1:
        used = [0]
    if len(used) < size:
        raise NotIdentified(f"a {family} has {size} parameters; {len(used)} figures do not identify it")
    _check_falling(figures)
    chosen = [figures[i] for i in used]
    if len(chosen) > size and any(figure.se is None for figure in chosen):
        raise NotIdentified("figures without an interval cannot be weighed against each other")
    target = np.array([figure.working for figure in chosen])
    errors = np.array([figure.se or np.nan for figure in chosen])
    weights = 1.0 / errors if len(chosen) > size else np.ones(len(chosen))

    def misses(theta: Array) -> Array:
        return (_modelled(model, theta, chosen) - target) * weights

    theta = _solved(misses, _start(model, figures), exact=len(chosen) == size)
    slope = _jacobian(lambda x: _modelled(model, x, chosen), theta)
    covariance = np.linalg.inv(slope.T @ np.diag(1.0 / errors**2) @ slope)
    return SummaryFit(
        family,
        tuple(parameter.name for parameter in model.parameters),
        tuple(parameter.real_line for parameter in model.parameters),
        theta,
        covariance,
        tuple(
            FigureFit(figure, _natural(figure, _modelled(model, theta, [figure])[0]), i in used)
            for i, figure in enumerate(figures)
        ),
    )


def _summary_family(family: str) -> Distribution:
    if family not in SUMMARY_FAMILIES:
        raise NotIdentified(
            f"a {family} is not identified by a few published figures; expected one of {', '.join(SUMMARY_FAMILIES)}"
        )
    return distribution(family)


def _check_falling(figures: Sequence[Figure]) -> None:
    """Refuse survivals that do not fall with time."""
    points = [(0.0, 1.0)]
    points += [(f.value, 0.5) for f in figures if f.kind == "median"]
    points += [(f.time or 0.0, f.value) for f in figures if f.kind == "survival_at"]
    points.sort()
    for (t0, s0), (t1, s1) in pairwise(points):
        if not (t1 > t0 and s1 < s0):
            raise NotIdentified(
                f"survival does not fall from {s0:g} at {t0:g} to {s1:g} at {t1:g}: no curve goes through both"
            )


def _start(model: Distribution, figures: Sequence[Figure]) -> Array:
    figure = figures[0]
    if figure.kind == "median":
        median = figure.value
    elif figure.kind == "survival_at":
        median = (figure.time or 1.0) * LOG_2 / -np.log(figure.value)
    else:
        median = figure.value * LOG_2
    shapes = {"gompertz": 0.01 / median, "log_logistic": 1.3}
    shape = {name: np.array(shapes.get(model.name, 1.0)) for name in model.shape_parameters}
    if model.with_median is None:
        raise NotIdentified(f"a {model.name} has no median form")
    values = model.with_median(np.array(median), shape)
    return np.array([_real(float(values[p.name]), p.real_line) for p in model.parameters])


def _modelled(model: Distribution, theta: Array, figures: Sequence[Figure]) -> Array:
    """Return the curve's figures on their working scales."""
    parameters = {
        p.name: np.array(np.exp(x) if p.real_line == "log" else x) for p, x in zip(model.parameters, theta, strict=True)
    }
    values = []
    for figure in figures:
        if figure.kind == "median":
            values.append(np.log(model.quantile(np.array(0.5), parameters)))
        elif figure.kind == "survival_at":
            values.append(np.log(model.cumulative_hazard(np.array(figure.time), parameters)))
        elif figure.kind == "restricted_mean":
            values.append(np.log(model.restricted_mean(np.array(figure.time), parameters)))
        else:
            raise NotIdentified("a hazard ratio belongs to a trial, not to one curve")
    return np.array(values, dtype=np.float64).reshape(-1)


def _natural(figure: Figure, working: float) -> float:
    return float(np.exp(-np.exp(working)) if figure.kind == "survival_at" else np.exp(working))


def _solved(misses: Callable[[Array], Array], start: Array, *, exact: bool) -> Array:
    from scipy.optimize import least_squares  # noqa: PLC0415 - closed forms do without scipy

    def finite(x: Array) -> Array:
        return np.nan_to_num(misses(x), nan=1e3, posinf=1e3, neginf=-1e3)

    with np.errstate(all="ignore"):
        found = least_squares(finite, start, x_scale="jac", ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=2000)
        theta = np.asarray(found.x, dtype=np.float64)
        for _ in range(20 if exact else 0):  # Newton to the last digits
            miss = misses(theta)
            if not np.all(np.isfinite(miss)) or np.max(np.abs(miss)) < 1e-15:
                break
            theta = theta - np.linalg.solve(_jacobian(misses, theta), miss)
        if not np.all(np.isfinite(theta)) or (exact and np.max(np.abs(misses(theta))) > 1e-9):
            raise NotIdentified("no curve of this family goes through the figures")
    return theta


def _jacobian(function: Callable[[Array], Array], at: Array) -> Array:
    """Return derivatives by central differences."""
    columns = []
    for i in range(len(at)):
        step = 1e-5 * max(1.0, abs(at[i]))
        forward, backward = at.copy(), at.copy()
        forward[i] += step
        backward[i] -= step
        columns.append((function(forward) - function(backward)) / (2.0 * step))
    return np.array(columns).T


def _real(value: float, scale: str) -> float:
    return float(np.log(value)) if scale == "log" else value


# ------------------------------------------------------------------------------------------------ two arms of a trial
def fit_trial(
    family: str,
    median_placebo: Figure,
    median_cabozantinib: Figure,
    hazard_ratio: Figure,
    correlation: Array,
    follow_up: float,
    share_treated: float = 2.0 / 3.0,
    fixed_shape: float | None = None,
) -> SummaryFit:
    """Fit both arms of a trial with one common shape to their medians and hazard ratio.

    - weibull, weibull_ph, gompertz: proportional hazards; all three figures exactly. For the Weibull
      shape = -log(ratio) / log(m1 / m0).
    - exponential, or a Weibull with a fixed shape: each arm's median exactly; the published ratio is missed, and
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
    fixed_shape : float, optional

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
    if family not in SUMMARY_FAMILIES:
        raise NotIdentified(f"a {family} is not identified by two medians and a hazard ratio")
    y = np.array([figure.working for figure in figures])
    errors = np.array([figure.se or np.nan for figure in figures])
    covariance = np.diag(errors) @ correlation @ np.diag(errors)
    names, scales, solve = _trial_form(family, follow_up, share_treated, fixed_shape)
    theta = solve(y)
    slope = _jacobian(solve, y)
    spread = slope @ covariance @ slope.T
    modelled = _trial_figures(family, dict(zip(names, theta, strict=True)), y, follow_up, share_treated, fixed_shape)
    met = "hazard_ratio" in names or (fixed_shape is None and family != "exponential")
    return SummaryFit(
        family,
        names,
        scales,
        theta,
        (spread + spread.T) / 2.0,
        tuple(
            FigureFit(figure, value, figure.kind != "hazard_ratio" or met)
            for figure, value in zip(figures, modelled, strict=True)
        ),
        "" if met else "the published hazard ratio is not used: the family has no free shape to meet it",
    )


Solve: TypeAlias = Callable[[Array], Array]


def _trial_form(
    family: str, follow_up: float, share_treated: float, fixed_shape: float | None
) -> tuple[tuple[str, ...], tuple[str, ...], Solve]:
    """Return parameter names, their real lines, and the function from the three logarithms to them."""
    model = distribution(family)
    shape_name = model.shape_parameters[0] if model.shape_parameters else ""
    location = next(p for p in model.parameters if p.name != shape_name)
    arms = (f"{location.name}_placebo", f"{location.name}_cabozantinib")
    with_median = model.with_median
    if with_median is None:
        raise NotIdentified(f"a {family} has no median form")

    def place(median: float, shape: float | None) -> float:
        shapes = {} if shape is None else {shape_name: np.array(shape)}
        return _real(float(with_median(np.array(median), shapes)[location.name]), location.real_line)

    if not shape_name or fixed_shape is not None:

        def by_medians(y: Array) -> Array:
            return np.array([place(float(np.exp(y[0])), fixed_shape), place(float(np.exp(y[1])), fixed_shape)])

        return arms, (location.real_line,) * 2, by_medians
    scale = next(p for p in model.parameters if p.name == shape_name).real_line
    if model.proportional_hazards:

        def proportional(y: Array) -> Array:
            shape = _proportional_shape(family, y)
            return np.array([_real(shape, scale), place(float(np.exp(y[0])), shape), y[2]])

        return (shape_name, arms[0], "hazard_ratio"), (scale, location.real_line, "log"), proportional

    def by_cox_limit(y: Array) -> Array:
        shape = _shape_with_limit(family, y, follow_up, share_treated)
        places = [place(float(np.exp(m)), shape) for m in y[:2]]
        return np.array([_real(shape, scale), *places])

    return (shape_name, *arms), (scale, location.real_line, location.real_line), by_cox_limit


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
        a, b = shape * m1, shape * m0
        return float(np.log(ratio) + _log_expm1(a) - _log_expm1(b))

    return _root(gap, -50.0 / m0, 50.0 / m0)


def _log_expm1(x: float) -> float:
    """Return log|exp(x) - 1| without overflow."""
    return float(x + np.log1p(-np.exp(-x))) if x > 0 else float(np.log(-np.expm1(x)))


def _shape_with_limit(family: str, y: Array, follow_up: float, share_treated: float) -> float:
    def score(log_shape: float) -> float:
        return _expected_score(family, float(np.exp(log_shape)), y, follow_up, share_treated)(float(y[2]))

    low, high = np.log(0.05), np.log(20.0)
    if score(low) * score(high) > 0.0:
        raise NotIdentified("no shape of this family has this hazard ratio between these medians")
    return float(np.exp(_root(score, low, high)))


def _limit(family: str, shape: float, y: Array, follow_up: float, share_treated: float) -> float:
    return cox_limit(_expected_score(family, shape, y, follow_up, share_treated))


def _expected_score(
    family: str, shape: float, y: Array, follow_up: float, share_treated: float
) -> Callable[[float], float]:
    """Return the expected score of Cox's partial likelihood, a function of the log ratio, for two arms of one shape."""
    model = distribution(family)
    if model.with_median is None:
        raise NotIdentified(f"a {family} has no median form")
    shapes = {name: np.array(shape) for name in model.shape_parameters}
    arms = [model.with_median(np.array(np.exp(m)), shapes) for m in y[:2]]

    def survival(t: Array) -> tuple[Array, Array]:
        return model.survival(t, arms[0]), model.survival(t, arms[1])

    def density(t: Array) -> tuple[Array, Array]:
        s0, s1 = survival(t)
        return s0 * model.hazard(t, arms[0]), s1 * model.hazard(t, arms[1])

    return expected_score(survival, density, share_treated, 2.0 * follow_up)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq  # noqa: PLC0415 - the Weibull does without scipy

    if function(low) * function(high) > 0.0:
        raise NotIdentified("no curve of this family meets the figures")
    return float(brentq(function, low, high, xtol=1e-14, rtol=1e-14, maxiter=500))


def _trial_figures(
    family: str,
    theta: dict[str, float],
    y: Array,
    follow_up: float,
    share_treated: float,
    fixed_shape: float | None,
) -> tuple[float, float, float]:
    """Return the two medians and the ratio that the fitted curves have."""
    m0, m1 = float(np.exp(y[0])), float(np.exp(y[1]))
    if "hazard_ratio" in theta:
        return m0, m1, float(np.exp(theta["hazard_ratio"]))
    if family == "exponential":
        return m0, m1, m0 / m1
    if fixed_shape is not None:
        proportional = distribution(family).proportional_hazards and family != "gompertz"
        ratio = (m0 / m1) ** fixed_shape if proportional else _limit(family, fixed_shape, y, follow_up, share_treated)
        return m0, m1, ratio
    shape = float(np.exp(next(iter(theta.values()))))
    return m0, m1, _limit(family, shape, y, follow_up, share_treated)
