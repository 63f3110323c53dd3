"""What a fitted curve says that reviewers compare: landmarks, median, means, hazards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.fitting.maximum_likelihood import LikelihoodFit

LANDMARK_YEARS: Final = (1.0, 2.0, 5.0, 10.0, 20.0)
"""Survival and hazards are shown at these. [years]"""
HORIZON_YEARS: Final = 40.0
"""Of the restricted mean that stands beside the full one. [years]"""
FURTHEST: Final = 200.0
"""Logarithm of the multiple of the last horizon at which a mean that still grows is infinite. [1]"""
PANEL: Final = 0.25
"""Width of a panel of the quadrature. [log(unit of time)]"""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)


class Shown(Protocol):
    """A curve of one draw."""

    def survival(self, t: ArrayLike) -> float | Array:
        """Survival S(t).

        Parameters
        ----------
        t : float or Array (time,)
            Not negative. [unit of time]

        Returns
        -------
        float or Array (time,)
            From 0. [share]
        """

    def hazard(self, t: ArrayLike) -> float | Array:
        """Hazard h(t).

        Parameters
        ----------
        t : float or Array (time,)
            Not negative. [unit of time]

        Returns
        -------
        float or Array (time,)
            From 0. [1 / unit of time]
        """

    @property
    def median(self) -> float | Array:
        """Time by which half have failed. [unit of time]."""


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


def summaries(
    fits: Iterable[LikelihoodFit],
    last: float,
    per_year: float,
    covariates: Mapping[str, float] | None = None,
    shown: Callable[[LikelihoodFit], Shown] | None = None,
) -> tuple[Summary, ...]:
    """Summaries of the fits of one arm, in their order.

    Parameters
    ----------
    fits : iterable of LikelihoodFit
        To the same patients.
    last : float
        End of the data. [unit of time]
    per_year : float
        Units of time in a year. [unit of time / year]
    covariates : mapping of str -> float, optional
        Of whom; 0 where one is left out. [as given]
    shown : callable LikelihoodFit -> curve, optional
        In place of the fit's own curve.

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
    aic, bic = (ranks([getattr(fit, name) for fit in found]) for name in ("aic", "bic"))
    curves = [fit.curve(covariates) if shown is None else shown(fit) for fit in found]
    return tuple(
        _summary(fit, curve, (a, b), (last, per_year)) for fit, curve, a, b in zip(found, curves, aic, bic, strict=True)
    )


def _summary(fit: LikelihoodFit, curve: Shown, ranks: tuple[int, int], times: tuple[float, float]) -> Summary:
    last, per_year = times
    landmarks = np.array(LANDMARK_YEARS) * per_year
    horizon = HORIZON_YEARS * per_year
    ends = sorted({min(last, horizon), horizon})
    means = mean_times(curve, ends, _kinks(fit))
    return Summary(
        fit,
        *ranks,
        tuple(np.asarray(curve.survival(landmarks)).tolist()),
        tuple((np.asarray(curve.hazard(landmarks)) * per_year).tolist()),
        float(curve.median) / per_year,
        means[0] / per_year,
        means[-2] / per_year,
        means[-1] / per_year,
    )


def _kinks(fit: LikelihoodFit) -> list[float]:
    """Return the knots or breaks of a family. [unit of time]"""
    constants = list(fit.family.constants.values())
    return [float(np.exp(c)) for c in constants] if fit.candidate.scale is not None else constants


def mean_times(curve: Shown, ends: Sequence[float], kinks: Sequence[float] = ()) -> tuple[float, ...]:
    """Restricted means at some times, and the full mean.

    Parameters
    ----------
    curve : SurvivalCurve, or another with a survival
        Of one draw.
    ends : sequence of float
        Rising, above 0. [unit of time]
    kinks : sequence of float
        Times at which S is not smooth. [unit of time]

    Returns
    -------
    tuple of float
        At each end, then without end: infinite where the area does not end, because some never fail or the tail is too
        heavy. [unit of time]

    Notes
    -----
    With x = log t the area is the integral of S(exp x) exp x, by Gauss-Legendre quadrature on panels of a width of 1/4,
    which end at kinks and ends, until exp(200) times the last end.

    Examples
    --------
    >>> from netcea.survival import exponential, log_logistic
    >>> [round(area, 6) for area in mean_times(exponential(rate=0.5), [2.0])]  # 2 (1 - 1/e), 2
    [1.264241, 2.0]
    >>> mean_times(log_logistic(shape=0.9, scale=1.0), [1.0])[-1]
    inf
    """
    first, last = 1e-9 * ends[0], ends[-1]
    even = first * np.exp(np.arange(0.0, FURTHEST + np.log(last / first), PANEL))
    inside = [t for t in (*kinks, *ends) if first < t]
    edges = np.unique(np.concatenate([even, inside]))
    x, half = np.log(edges), np.diff(np.log(edges)) / 2.0
    times = np.exp(((x[1:] + x[:-1]) / 2.0)[:, None] + half[:, None] * _NODES)
    rising = np.asarray(curve.survival(times.reshape(-1))).reshape(times.shape) * times
    areas = first + np.concatenate([[0.0], np.cumsum((rising @ _WEIGHTS) * half)])
    found = [float(areas[np.searchsorted(edges, end)]) for end in ends]
    total = float(areas[-1])
    return (*found, total if rising[-1, -1] <= 1e-8 * total else float("inf"))


def ranks(values: Sequence[float]) -> list[int]:
    """Return 1 for the lowest value, 2 for the next ...; equal ones share the lower rank.

    Parameters
    ----------
    values : sequence of float
        Such as AICs of the fits of one arm. [1]

    Returns
    -------
    list of int
        In the order of the values. [1]

    Examples
    --------
    >>> ranks([280.8, 281.1, 279.8])
    [2, 3, 1]
    """
    return [1 + sum(other < value - 1e-9 for other in values) for value in values]
