"""Every arm of a trial, with one common shape, from medians and hazard ratios."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array
from netcea.fitting.numerics import estimate
from netcea.fitting.published_figures import SUMMARY_FAMILIES, FigureFit, NotIdentified, SummaryFit, covariance_of
from netcea.fitting.trial import Trial
from netcea.fitting.trial_curves import TrialCurves
from netcea.survival.distributions import distribution


def fit_trial(
    family: str,
    trial: Trial,
    correlation: Array | None = None,
    fixed_shape: float | None = None,
    *,
    with_covariance: bool = True,
) -> SummaryFit:
    """Fit every arm of a trial, with one common shape, to the trial's medians and hazard ratios.

    With two arms, their medians and the hazard ratio:

    - weibull, weibull_ph, gompertz: proportional hazards; all three figures exactly.
    - log_normal, log_logistic, gamma: each arm's median exactly, and the shape for which the limit of Cox's estimator
      over the follow-up equals the published ratio.
    - exponential, or any family with a fixed shape: each arm's median exactly; the published ratio is missed, and
      reported.

    More arms or ratios: as many figures as there are arms and one (for the shape) are met exactly; more are weighed
    against each other by least squares. An arm without a median is placed by its hazard ratio.

    Parameters
    ----------
    family : str
        One of `SUMMARY_FAMILIES`; others have two shapes, which these figures do not identify.
    trial : Trial
        One unit of time throughout.
    correlation : Array (figure, figure), optional
        Of all figures on their logarithms, in the order of `Trial.figures`, -1 to 1; independent when left out. [1]
    fixed_shape : float, optional
        The common shape, on its published scale. [as the family says]
    with_covariance : bool
        Whether to compute the covariance; a base case does without.

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
    if family not in SUMMARY_FAMILIES:
        raise NotIdentified(f"a {family} is not identified by medians and hazard ratios")
    curves = TrialCurves(distribution(family), trial, fixed_shape)
    y = np.array([figure.working for figure in trial.figures])
    used = curves.used
    covariance = covariance_of(trial.figures, correlation)[np.ix_(used, used)]
    if curves.direct:
        theta, found = curves.placed(y), np.zeros((len(curves.names),) * 2)
        if with_covariance:
            slope = curves.slopes(theta, y)[:, used]
            found = slope @ covariance @ slope.T
            found = (found + found.T) / 2.0
    else:
        theta, found = estimate(lambda x: curves.figures(x)[used], y[used], covariance, curves.start(y))
    modelled = np.exp(curves.figures(theta))
    fits = tuple(FigureFit(figure, float(modelled[i]), i in used) for i, figure in enumerate(trial.figures))
    exact = len(used) == len(theta)
    if exact and any(item.used and not abs(item.miss_on_working_scale) < 1e-8 for item in fits):
        raise NotIdentified("no curves of this family with one shape meet the figures")
    return SummaryFit(family, curves.names, curves.scales, theta, found, fits, _note(curves, found), curves.arms)


def _note(curves: TrialCurves, covariance: Array) -> str:
    published, used, parameters = len(curves.trial.figures), len(curves.used), len(curves.names)
    if used < published:
        several = len(curves.trial.hazard_ratios) > 1
        ratios, them = ("published hazard ratios are", "them") if several else ("the published hazard ratio is", "it")
        return f"{ratios} not used: the family has no free shape to meet {them}"
    if used > parameters:
        return f"{used} figures for {parameters} parameters are weighed against each other: none is met exactly"
    error = float(np.sqrt(covariance[0, 0]))
    if curves.shape is not None and curves.shape.real_line == "log" and error > 1.0:
        return f"the figures hardly determine the shape: the standard error of its logarithm is {error:.1f}"
    return ""
