"""What a fitted curve says that reviewers compare: landmarks, median, means, hazards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.fitting.maximum_likelihood import LikelihoodFit
from netcea.survival.survival_curve import SurvivalCurve

LANDMARK_YEARS: Final = (1.0, 2.0, 5.0, 10.0, 20.0)
"""Survival and hazards are shown at these. [years]"""
HORIZON_YEARS: Final = 40.0
"""Of the restricted mean that stands beside the full one. [years]"""
FURTHEST: Final = 200.0
"""Logarithm of the multiple of the horizon at which a mean that still grows is infinite. [1]"""
PANELS: Final = 8000
"""Of the quadrature beyond the horizon. [1]"""


@dataclass(frozen=True)
class Summary:
    """What a fit says of survival, in years.

    Attributes
    ----------
    fit : LikelihoodFit
    rank_aic, rank_bic : int
        1 is the lowest among the fits of the same arm. [1]
    survival, hazards : tuple of float
        At `LANDMARK_YEARS`. [share, 1 / year]
    median : float
        Infinite where half never fail. [years]
    restricted_mean_data, restricted_mean : float
        To the end of the data, to `HORIZON_YEARS`. [years]
    mean : float
        Infinite where it is. [years]
    """

    fit: LikelihoodFit
    rank_aic: int
    rank_bic: int
    survival: tuple[float, ...]
    hazards: tuple[float, ...]
    median: float
    restricted_mean_data: float
    restricted_mean: float
    mean: float


def summaries(fits: Iterable[LikelihoodFit], last: float, per_year: float) -> tuple[Summary, ...]:
    """Summaries of the fits of one arm, in their order.

    Parameters
    ----------
    fits : iterable of LikelihoodFit
        To the same patients.
    last : float
        End of the data. [unit of time]
    per_year : float
        Units of time in a year. [unit of time / year]

    Returns
    -------
    tuple of Summary
        In the order of the fits.

    Examples
    --------
    >>> from netcea.fitting.maximum_likelihood import fit_patients
    >>> from netcea.fitting.candidates import Candidate
    >>> from netcea.fitting.patients import Patients
    >>> fits = fit_patients(Patients.of([6.0, 18.0], [1, 1]), [Candidate("exponential")])
    >>> found = summaries(fits, 18.0, 12.0)[0]  # one event a year
    >>> round(found.survival[0], 4), round(found.median, 4), round(found.mean, 4)  # 1/e, log 2
    (0.3679, 0.6931, 1.0)
    """
    found = list(fits)
    aic, bic = (_ranks([getattr(fit, name) for fit in found]) for name in ("aic", "bic"))
    return tuple(_summary(fit, *ranks, last, per_year) for fit, *ranks in zip(found, aic, bic, strict=True))


def _summary(fit: LikelihoodFit, rank_aic: int, rank_bic: int, last: float, per_year: float) -> Summary:
    curve, landmarks = fit.curve(), np.array(LANDMARK_YEARS) * per_year
    return Summary(
        fit,
        rank_aic,
        rank_bic,
        tuple(np.asarray(curve.survival(landmarks)).tolist()),
        tuple((np.asarray(curve.hazard(landmarks)) * per_year).tolist()),
        float(curve.median) / per_year,
        float(curve.restricted_mean(last)) / per_year,
        float(curve.restricted_mean(HORIZON_YEARS * per_year)) / per_year,
        mean(curve, HORIZON_YEARS * per_year) / per_year,
    )


def mean(curve: SurvivalCurve, start: float) -> float:
    """Mean survival time: the restricted mean at a horizon, and the area beyond it over the logarithm of time.

    Parameters
    ----------
    curve : SurvivalCurve
        Of one draw.
    start : float
        The horizon. [unit of time]

    Returns
    -------
    float
        Infinite where the area does not end: some never fail, or the tail is too heavy. [unit of time]

    Notes
    -----
    With x = log t the area beyond is the integral of S(exp x) exp x, by Simpson's rule until exp(200) horizons.

    Examples
    --------
    >>> from netcea.survival import exponential, log_logistic
    >>> round(mean(exponential(rate=0.5), 1.0), 6), mean(log_logistic(shape=0.9, scale=1.0), 1.0)
    (2.0, inf)
    """
    x = np.linspace(0.0, FURTHEST, PANELS + 1)
    times = start * np.exp(x)
    rising = np.asarray(curve.survival(times)) * times
    weights = np.where(np.arange(PANELS + 1) % 2 == 1, 4.0, 2.0)
    weights[[0, -1]] = 1.0
    total = float(curve.restricted_mean(start)) + float(rising @ weights) * FURTHEST / PANELS / 3.0
    return total if rising[-1] <= 1e-8 * total else float("inf")


def _ranks(values: Sequence[float]) -> list[int]:
    """Return 1 for the lowest value, 2 for the next ...; equal ones share the lower rank."""
    return [1 + sum(other < value - 1e-9 for other in values) for value in values]
