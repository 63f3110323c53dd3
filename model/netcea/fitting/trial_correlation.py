"""The correlations of a trial's medians and hazard ratios, by parametric bootstrap.

The same patients stand behind all figures of a trial, so their errors are correlated: a placebo arm that did badly by
chance has a short median and a low hazard ratio. Publications give the intervals and never the correlations. Only the
correlations are used; standard errors are the published ones.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.fitting.published_figures import Figure, NotIdentified
from netcea.fitting.refit import with_figures
from netcea.fitting.trial import Trial
from netcea.fitting.trial_fit import fit_trial

METHOD: Final = 1
"""To be raised when the same figures would give other correlations: what was kept is then computed again."""
REPLICATES: Final = 2000
FEWEST: Final = 50
"""Replicates with every figure, below which correlations are not estimated."""
USUAL_ERROR: Final = 0.15
"""Standard error by which figures without an interval are weighed for the curve that is simulated. [working scale]"""
Times: TypeAlias = tuple[Array, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]
"""Times of one arm in all replicates, and whether each ended in an event: (replicate, patient)."""


@dataclass(frozen=True)
class BootstrapResult:
    """Correlations of a trial's figures.

    Attributes
    ----------
    correlation : Array (figure, figure)
        Of the logarithms, in the order of `Trial.figures`. [1]
    sd : Array (figure,)
        Standard deviations of the logarithms over the replicates. [log]
    replicates, used : int
        Drawn, and with every figure.
    shape : float
        Of the Weibull that was simulated.
    seed : int
    unreached : int
        Replicates left out because an arm does not reach its median.
    without_ratio : int
        Replicates left out because Cox's partial likelihood has no finite maximum; they may be among `unreached` too.
    """

    correlation: Array
    sd: Array
    replicates: int
    used: int
    shape: float
    seed: int
    unreached: int = 0
    without_ratio: int = 0


def seed_of(trial: Trial, replicates: int = REPLICATES) -> int:
    """Seed that belongs to a trial: the same for the same figures, patients and follow-up, whatever its arms' names.

    Parameters
    ----------
    trial : Trial
        Its values count, not its standard errors.
    replicates : int
        As many as are simulated.

    Returns
    -------
    int
        From 0 to 2^32 - 1.

    Examples
    --------
    >>> from netcea.fitting import Figure
    >>> one, other = (Trial(("any",), (Figure("median", m),), (), (50,), 12.0) for m in (9.0, 9.1))
    >>> seed_of(one) == seed_of(one), seed_of(one) == seed_of(other)
    (True, False)
    """
    between = [(trial.arms.index(r.arm), trial.arms.index(r.versus)) for r in trial.hazard_ratios]
    content: list[Any] = [
        [(f.kind, f.value) for f in trial.figures],
        between,
        trial.patients,
        trial.follow_up,
        replicates,
    ]
    if trial.further:
        content.append([(trial.arms.index(arm), f.time, f.failed) for arm, f in trial.further])
    return int.from_bytes(hashlib.sha256(json.dumps(content).encode()).digest()[:4], "big")


def bootstrap_correlation(trial: Trial, replicates: int = REPLICATES, seed: int | None = None) -> BootstrapResult:
    """Simulate a trial many times from the Weibull through its figures; correlate what each replicate reports.

    Uniform administrative censoring between 0 and twice the median follow-up; Kaplan-Meier medians; Cox's ratios. A
    replicate in which an arm does not reach its median, or whose ratio is not finite, is left out and counted. Where no
    Weibull with proportional hazards goes through the figures, each arm is exponential with its own median.

    Parameters
    ----------
    trial : Trial
        One unit of time throughout.
    replicates : int
        At least 50.
    seed : int, optional
        The trial's own (`seed_of`) when left out.

    Returns
    -------
    BootstrapResult
        Correlations, standard deviations, and how many replicates were left out.

    Raises
    ------
    NotIdentified
        Fewer than 50 replicates with every figure, or an arm that no figure places.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 6.5: the parametric bootstrap.

    Examples
    --------
    A longer median of the reference arm goes with a higher ratio, one of the other arm with a lower:

    >>> from netcea.fitting import Figure, HazardRatio
    >>> ratio = HazardRatio("drug", "placebo", Figure("hazard_ratio", 0.23))
    >>> medians = Figure("median", 4.4), Figure("median", 13.8)
    >>> found = bootstrap_correlation(Trial(("placebo", "drug"), medians, (ratio,), (31, 64), 13.8), 200)
    >>> found.correlation.shape, bool(found.correlation[1, 2] < 0.0 < found.correlation[0, 2])
    ((3, 3), True)
    """
    shape, scales = _weibull(trial)
    seed = seed_of(trial, replicates) if seed is None else seed
    random = np.random.Generator(np.random.PCG64(seed))
    arms: dict[str, Times] = {}
    for arm, scale, patients in zip(trial.arms, scales, trial.patients, strict=True):
        size = (replicates, round(patients))
        failing = scale * random.standard_exponential(size) ** (1.0 / shape)
        censored = random.uniform(0.0, 2.0 * trial.follow_up, size)
        arms[arm] = (np.minimum(failing, censored), failing <= censored)
    medians = [
        np.log(kaplan_meier_medians(*arms[a])) for a, m in zip(trial.arms, trial.medians, strict=True) if m is not None
    ]
    further = [kaplan_meier_figure(figure, *arms[arm]) for arm, figure in trial.further]
    ratios = [log_hazard_ratios([arms[ratio.versus], arms[ratio.arm]]) for ratio in trial.hazard_ratios]
    found = np.array([*medians, *further, *ratios])
    finite, of_arms = np.isfinite(found), len(medians) + len(further)
    unreached, without_ratio = ~finite[:of_arms].all(axis=0), ~finite[of_arms:].all(axis=0)
    found = found[:, finite.all(axis=0)]
    used = found.shape[1]
    if used < FEWEST:
        raise NotIdentified(f"{used} of {replicates} simulated trials report every figure: too few to correlate them")
    return BootstrapResult(
        np.corrcoef(found).reshape(len(found), len(found)),
        found.std(axis=1, ddof=1),
        replicates,
        used,
        shape,
        seed,
        int(unreached.sum()),
        int(without_ratio.sum()),
    )


def _weibull(trial: Trial) -> tuple[float, list[float]]:
    """Return the common shape and each arm's scale of the curves that are simulated."""
    if trial.further:  # they are weighed, whether their intervals are known or not
        trial = with_figures(trial, tuple(f if f.se else f._replace(se=USUAL_ERROR) for f in trial.figures))
    try:
        fit = fit_trial("weibull", trial, with_covariance=False)
    except NotIdentified:
        fit = fit_trial("weibull", trial, fixed_shape=1.0, with_covariance=False)
    found = fit.estimates
    shape = found.get("shape", 1.0)
    ratios = [found[arm.hazard_ratio] if arm.hazard_ratio else 1.0 for arm in fit.arms]
    scales = [found[arm.parameters["scale"]] for arm in fit.arms]
    return shape, [scale * ratio ** (-1.0 / shape) for scale, ratio in zip(scales, ratios, strict=True)]


def kaplan_meier_medians(time: Array, event: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Array:
    """Kaplan-Meier median of one arm in each replicate.

    Parameters
    ----------
    time : Array (replicate, patient)
        To the event or to censoring. [unit of time]
    event : Array (replicate, patient)
        Whether it ended in an event.

    Returns
    -------
    Array (replicate,)
        Infinite where it is not reached. [unit of time]

    Examples
    --------
    >>> time, event = np.array([[1.0, 2.0, 3.0]] * 2), np.array([[True] * 3, [False] * 3])
    >>> kaplan_meier_medians(time, event).tolist()
    [2.0, inf]
    """
    return _first_below(*_steps(time, event), 0.5)


Steps: TypeAlias = tuple[Array, Array]
"""Rising times Array (replicate, patient) and the Kaplan-Meier survival from each on."""


def _steps(time: Array, event: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Steps:
    order = np.argsort(time, axis=1)
    died = np.take_along_axis(event, order, axis=1)
    at_risk = time.shape[1] - np.arange(time.shape[1])
    left = np.where(died, 1.0 - 1.0 / at_risk, 1.0)
    return np.take_along_axis(time, order, axis=1), np.asarray(np.cumprod(left, axis=1), dtype=np.float64)


def _first_below(time: Array, survival: Array, level: float) -> Array:
    """Return the time from which so few are left, Array (replicate,); infinite where that is not reached."""
    reached = survival <= level + 1e-12
    first = np.argmax(reached, axis=1)
    at = np.take_along_axis(time, first[:, np.newaxis], axis=1)[:, 0]
    return np.where(reached.any(axis=1), at, np.inf)


def kaplan_meier_figure(figure: Figure, time: Array, event: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Array:
    """A figure of one arm as each replicate reports it, on its working scale.

    Parameters
    ----------
    figure : Figure
        A quantile, a landmark survival or a restricted mean, whose value is not looked at.
    time : Array (replicate, patient)
        To the event or to censoring. [unit of time]
    event : Array (replicate, patient)
        Whether it ended in an event.

    Returns
    -------
    Array (replicate,)
        Not finite where it is not reached: a quantile, a survival of 1 or 0, a time until which nobody is followed.
        [log, or log(-log S)]

    Examples
    --------
    Four deaths at 1, 2, 3 and 4: S(2) = 1/2, area until 2 is 1 + 3/4.

    >>> time, event = np.array([[1.0, 2.0, 3.0, 4.0]]), np.ones((1, 4), dtype=bool)
    >>> [round(float(np.exp(kaplan_meier_figure(f, time, event)[0])), 4) for f in (
    ...     Figure("survival_at", 0.5, time=2.0), Figure("restricted_mean", 1.0, time=2.0))]  # log 2, 1.75
    [0.6931, 1.75]
    """
    at, survival = _steps(time, event)
    seen = (at[:, -1] >= (figure.time or 0.0)) | (survival[:, -1] == 0.0)
    if figure.kind == "quantile":
        return np.asarray(np.log(_first_below(at, survival, 1.0 - (figure.failed or 0.5))))
    end = figure.time or 0.0
    if figure.kind == "survival_at":
        left = np.min(np.where(at <= end, survival, 1.0), axis=1)
        inside = (left > 0.0) & (left < 1.0) & seen
        return np.where(inside, np.log(-np.log(np.where(inside, left, 0.5))), np.nan)
    edges = np.concatenate([np.zeros((len(at), 1)), np.minimum(at, end), np.full((len(at), 1), end)], axis=1)
    left = np.concatenate([np.ones((len(at), 1)), survival], axis=1)
    return np.where(seen, np.log((np.diff(edges, axis=1) * left).sum(axis=1)), np.nan)


def log_hazard_ratios(arms: list[Times]) -> Array:
    """Cox's log hazard ratio of the second arm over the first in each replicate.

    Parameters
    ----------
    arms : list of (time, event)
        Two arms, each Array (replicate, patient). [unit of time, whether it ended in an event]

    Returns
    -------
    Array (replicate,)
        Not a number where the partial likelihood has no finite maximum: while both arms are at risk, all events are in
        one of them. [log]

    Notes
    -----
    Newton's method on all replicates at once.

    Examples
    --------
    Alike arms have a ratio near 1; ties break in the order of the arms:

    >>> alike = np.array([[1.0, 2.0, 3.0, 4.0]]), np.ones((1, 4), dtype=bool)
    >>> bool(abs(log_hazard_ratios([alike, alike])[0]) < 0.5)
    True
    """
    (time0, event0), (time1, event1) = arms
    time = np.concatenate([time0, time1], axis=1)
    event = np.concatenate([event0, event1], axis=1)
    treated = np.concatenate([np.zeros(time0.shape), np.ones(time1.shape)], axis=1)
    order = np.argsort(time, axis=1)
    event = np.take_along_axis(event, order, axis=1)
    treated = np.take_along_axis(treated, order, axis=1)
    at_risk_treated = np.cumsum(treated[:, ::-1], axis=1)[:, ::-1]
    at_risk = time.shape[1] - np.arange(time.shape[1])
    at_risk_other = at_risk - at_risk_treated
    telling = event & (at_risk_treated > 0) & (at_risk_other > 0)
    telling_treated = np.sum(np.where(telling, treated, 0.0), axis=1)
    finite = (telling_treated > 0) & (telling_treated < telling.sum(axis=1))
    beta = np.zeros(len(time))
    for _ in range(60):
        ratio = np.exp(beta)[:, np.newaxis]
        share = at_risk_treated * ratio / (at_risk_treated * ratio + at_risk_other)
        score = np.sum(np.where(event, treated - share, 0.0), axis=1)
        information = np.sum(np.where(event, share * (1.0 - share), 0.0), axis=1)
        step = np.where(finite, np.clip(score / np.maximum(information, 1e-300), -1.0, 1.0), 0.0)
        beta += step
        if np.max(np.abs(step)) < 1e-12:
            break
    return np.where(finite & (np.abs(step) < 1e-8), beta, np.nan)
