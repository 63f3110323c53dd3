"""The correlation of a trial's medians and hazard ratio, by parametric bootstrap.

``python -m netcea.survival.fitting.bootstrap INPUTS`` prints what is stored in inputs/survival/ beside what it computes
now, and exits with 1 where they differ. Only the correlation is used by the model: standard errors are the published ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array

REPLICATES: Final = 2000
SEED: Final = 20240824


@dataclass(frozen=True)
class BootstrapResult:
    """Correlations of log median (placebo), log median (cabozantinib), log hazard ratio.

    Attributes
    ----------
    correlation : Array (3, 3)
    sd : Array (3,)
        Standard deviations of the three logarithms over the replicates.
    replicates, used : int
        Drawn, and with both medians reached.
    shape : float
        Of the Weibull that was simulated.
    """

    correlation: Array
    sd: Array
    replicates: int
    used: int
    shape: float


def bootstrap_correlation(
    median_placebo: float, median_cabozantinib: float, hazard_ratio: float, patients_placebo: int,
    patients_cabozantinib: int, follow_up: float, replicates: int = REPLICATES, seed: int = SEED,
) -> BootstrapResult:  # fmt: skip
    """Simulate a trial many times from the Weibull through its three figures, and correlate what each replicate reports.

    Uniform administrative censoring between 0 and twice the median follow-up; Kaplan-Meier medians; Cox's ratio. A
    replicate in which an arm does not reach its median is left out and counted.

    Parameters
    ----------
    median_placebo, median_cabozantinib, follow_up : float
        One unit of time.
    hazard_ratio : float
    patients_placebo, patients_cabozantinib : int
    replicates, seed : int
    """
    shape = -np.log(hazard_ratio) / np.log(median_cabozantinib / median_placebo)
    random = np.random.Generator(np.random.PCG64(seed))
    arms = []
    for median, patients in ((median_placebo, patients_placebo), (median_cabozantinib, patients_cabozantinib)):
        scale = median / np.log(2.0) ** (1.0 / shape)
        failing = scale * random.standard_exponential((replicates, patients)) ** (1.0 / shape)
        censored = random.uniform(0.0, 2.0 * follow_up, (replicates, patients))
        arms.append((np.minimum(failing, censored), failing <= censored))
    medians = [_medians(time, event) for time, event in arms]
    log_ratio = _log_hazard_ratios(arms)
    found = np.array([np.log(medians[0]), np.log(medians[1]), log_ratio])
    used = np.isfinite(found).all(axis=0)
    found = found[:, used]
    return BootstrapResult(
        np.corrcoef(found), found.std(axis=1, ddof=1), replicates, int(used.sum()), float(shape)
    )


def _medians(time: Array, event: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Array:
    """Return the Kaplan-Meier median of each replicate; inf where it is not reached."""
    order = np.argsort(time, axis=1)
    time, event = np.take_along_axis(time, order, axis=1), np.take_along_axis(event, order, axis=1)
    at_risk = time.shape[1] - np.arange(time.shape[1])
    survival = np.cumprod(np.where(event, 1.0 - 1.0 / at_risk, 1.0), axis=1)
    reached = survival <= 0.5 + 1e-12
    first = np.argmax(reached, axis=1)
    at = np.take_along_axis(time, first[:, np.newaxis], axis=1)[:, 0]
    return np.where(reached.any(axis=1), at, np.inf)


def _log_hazard_ratios(
    arms: list[tuple[Array, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]],
) -> Array:
    """Return Cox's log hazard ratio of each replicate, by Newton's method on all of them at once."""
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
    beta = np.zeros(len(time))
    for _ in range(60):
        ratio = np.exp(beta)[:, np.newaxis]
        share = at_risk_treated * ratio / (at_risk_treated * ratio + at_risk_other)
        score = np.sum(np.where(event, treated - share, 0.0), axis=1)
        information = np.sum(np.where(event, share * (1.0 - share), 0.0), axis=1)
        step = np.clip(score / np.maximum(information, 1e-300), -1.0, 1.0)
        beta += step
        if np.max(np.abs(step)) < 1e-12:
            break
    return np.where(np.abs(step) < 1e-8, beta, np.nan)
