"""Every arm of a trial, with one common shape, from medians and hazard ratios."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array
from netcea.fitting.least_squares import estimate
from netcea.fitting.one_curve import without_structure
from netcea.fitting.published_figures import (
    SUMMARY_FAMILIES,
    FigureFit,
    NotIdentified,
    SummaryFit,
    covariance_of,
    weighed_words,
)
from netcea.fitting.summary_fit import ArmFigure, Observed, fit_figures
from netcea.fitting.trial import HazardRatio, Trial
from netcea.fitting.trial_curves import TrialCurves
from netcea.survival.base import Distribution


def fit_trial(
    family: str | Distribution,
    trial: Trial,
    correlation: Array | None = None,
    fixed_shape: float | None = None,
    *,
    with_covariance: bool = True,
    near: Array | None = None,
) -> SummaryFit:
    """Fit every arm of a trial together, to the trial's medians, hazard ratios and further figures.

    With two arms, their medians and the hazard ratio, in a family with one shape:

    - weibull, weibull_ph, gompertz: proportional hazards; all three figures exactly.
    - log_normal, log_logistic, gamma: each arm's median exactly, and the shape for which the limit of Cox's estimator
      over the follow-up equals the published ratio.
    - exponential, or any family with a fixed shape: each arm's median exactly; the published ratio is missed, and
      reported.

    More arms or ratios: as many figures as there are arms and one (for the shape) are met exactly; more are weighed
    against each other by least squares. An arm without a median is placed by its hazard ratio. With quantiles, landmark
    survivals or restricted means, and in families with more parameters, see `netcea.fitting.summary_fit.fit_figures`.

    Parameters
    ----------
    family : str or Distribution
        A family without structure by its name, or one with its knots, breaks or base.
    trial : Trial
        One unit of time throughout.
    correlation : Array (figure, figure), optional
        Of all figures on their working scales, in the order of `Trial.figures`, -1 to 1; independent when left out. [1]
    fixed_shape : float, optional
        The common shape, on its published scale. [as the family says]
    with_covariance : bool
        Whether to compute the covariance; a base case does without.
    near : Array (parameter,), optional
        The estimate at figures much like these, where it has to be looked for. [real line]

    Returns
    -------
    SummaryFit
        Parameters: the common shape, if it is free; then under proportional hazards the reference arm's location and
        each other arm's hazard ratio to it, otherwise the location of every arm. `arms` says which make which curve.

    Raises
    ------
    NotIdentified
        The figures contradict each other, or do not determine the curves.

    Notes
    -----
    Two Weibull curves S(t) = exp(-(t / b)^a) with one shape a have the hazard ratio (b0 / b1)^a, and medians
    b ln(2)^(1 / a); hence a = -log(ratio) / log(m1 / m0). The covariance is J V J', V that of the figures and J the
    derivatives of the parameters, both on the real line (the delta method); where figures are weighed,
    (D' V^-1 D)^-1 with D the derivatives of the figures.

    References
    ----------
    Struthers and Kalbfleisch (1986), Biometrika 73:363-369: the limit of Cox's estimator.

    Examples
    --------
    -log(0.23) / log(13.8 / 4.4) = 1.4697 / 1.1431 = 1.29:

    >>> from netcea.fitting import Figure, HazardRatio
    >>> medians = Figure("median", 4.4, 0.17), Figure("median", 13.8, 0.18)
    >>> ratio = HazardRatio("drug", "placebo", Figure("hazard_ratio", 0.23, 0.32))
    >>> fit = fit_trial("weibull", Trial(("placebo", "drug"), medians, (ratio,), (31, 64), 13.8))
    >>> {name: round(value, 2) for name, value in fit.estimates.items()}
    {'shape': 1.29, 'scale_placebo': 5.85, 'hazard_ratio': 0.23}
    """
    model = without_structure(family) if isinstance(family, str) else family
    if model.name not in SUMMARY_FAMILIES or trial.further or any(figure.plain for figure in trial.figures):
        return _of_any_figures(model, trial, correlation, fixed_shape, near)
    curves = TrialCurves(model, trial, fixed_shape)
    y = np.array([figure.working for figure in trial.figures])
    used = curves.used
    covariance = covariance_of(trial.figures, correlation)[np.ix_(used, used)]
    influence, chi_square = np.zeros((len(curves.names), len(y))), 0.0
    if curves.direct:
        theta, found = curves.placed(y), np.zeros((len(curves.names),) * 2)
        if with_covariance:
            slope = curves.slopes(theta, y)[:, used]
            found = slope @ covariance @ slope.T
            found = (found + found.T) / 2.0
            influence[:, used] = slope
    else:
        starts = [curves.start(y)]
        theta, found, influence[:, used], chi_square = estimate(
            lambda x: curves.figures(x)[used], y[used], covariance, starts, names=curves.names
        )
    modelled = np.exp(curves.figures(theta))
    fits = tuple(FigureFit(figure, float(modelled[i]), i in used) for i, figure in enumerate(trial.figures))
    exact = len(used) == len(theta)
    if exact and any(item.used and not abs(item.miss_on_working_scale) < 1e-8 for item in fits):
        raise NotIdentified("no curves of this family with one shape meet the figures")
    note, known = _note(curves, found, chi_square), influence if with_covariance else None
    return SummaryFit(model.name, curves.names, curves.scales, theta, found, fits, note, curves.arms, known, chi_square)


def _of_any_figures(
    model: Distribution, trial: Trial, correlation: Array | None, fixed_shape: float | None, near: Array | None
) -> SummaryFit:
    """Fit every arm to the trial's figures, in a family of any number of parameters."""
    placed = [(arm, median) for arm, median in zip(trial.arms, trial.medians, strict=True) if median is not None]
    of_arms = [ArmFigure(arm, figure) for arm, figure in (*placed, *trial.further)]
    figures: list[ArmFigure | HazardRatio] = [*of_arms, *trial.hazard_ratios]
    fixed = {} if fixed_shape is None else dict.fromkeys(model.shape_parameters, fixed_shape)
    observed = Observed(dict(zip(trial.arms, trial.patients, strict=True)), trial.follow_up)
    return fit_figures(model, figures, trial.arms, correlation, observed, fixed, near=near)


def _note(curves: TrialCurves, covariance: Array, chi_square: float) -> str:
    published, used, parameters = len(curves.trial.figures), len(curves.used), len(curves.names)
    if used < published:
        several = len(curves.trial.hazard_ratios) > 1
        ratios, them = ("published hazard ratios are", "them") if several else ("the published hazard ratio is", "it")
        return f"{ratios} not used: the family has no free shape to meet {them}"
    if used > parameters:
        return weighed_words(used, parameters, chi_square)
    error = float(np.sqrt(covariance[0, 0]))
    if curves.shape is not None and curves.shape.real_line == "log" and error > 1.0:
        return f"the figures hardly determine the shape: the standard error of its logarithm is {error:.1f}"
    return ""
