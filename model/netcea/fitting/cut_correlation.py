"""The correlation of a placebo median and a hazard ratio of immature survival, by parametric bootstrap of a data cut.

As `netcea.fitting.trial_correlation`, for a trial of which a cut published the median of the reference arm and the
ratio, and few patients had died. Three things differ, because such data differ:

- The curve's shape is given, not fitted: an immature ratio and two medians imply impossible shapes.
- Patients are followed as long as it takes for the published deaths: entry is uniform over the time up to the cut, and
  a later cut of the same patients comes so much later that its deaths are met.
- A Kaplan-Meier median of immature data is not reached in many replicates, and those that reach it are no sample of
  all. The median of the likeliest curve with the given shape is known in every replicate with a death, and it is the
  estimate whose standard error 1/sqrt(deaths) is. Both are reported: which belongs to a published median is a question
  of how many replicates reach theirs, and of whose spread is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.numerics import root
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.trial_correlation import FEWEST, REPLICATES, Times, kaplan_meier_medians, log_hazard_ratios
from netcea.plain_number import read

NODES: Final = 64
"""Of the mean over entry times."""
LONGEST: Final = 1e3
"""Medians until the cut, at most."""


@dataclass(frozen=True)
class DataCut:
    """A trial of two arms at the cut of its median and at that of its ratio, which may be the same.

    Attributes
    ----------
    median : float
        Of the reference arm, above 0. [unit of time]
    hazard_ratio : float
        Of the other arm over the reference arm, above 0. [1]
    shape : float
        Of both arms' Weibull curves, above 0. [1]
    patients : tuple of float
        Randomised to the reference arm and to the other, 1 or more. [patients]
    deaths : float
        In both arms, at the cut of the median; more than 0 and fewer than the patients. [deaths]
    later_deaths : float
        In both arms, at the cut of the ratio; no fewer. [deaths]

    Raises
    ------
    NotIdentified
        When it is made: figures that no such trial can have.

    Examples
    --------
    >>> DataCut(31.1, 0.95, 1.03, (31, 64), 31, 31).later_deaths
    31
    """

    median: float
    hazard_ratio: float
    shape: float
    patients: tuple[float, float]
    deaths: float
    later_deaths: float

    def __post_init__(self) -> None:
        if not all(0.0 < x < np.inf for x in (self.median, self.hazard_ratio, self.shape)):
            raise NotIdentified("the median, the hazard ratio and the shape are numbers above 0")
        if not all(1.0 <= n < np.inf for n in self.patients):
            raise NotIdentified(
                f"patients: {read(self.patients[0])} and {read(self.patients[1])}; expected 1 or more an arm"
            )
        if not 0.0 < self.deaths <= self.later_deaths < sum(self.patients):
            found = (
                f"{read(self.deaths)} deaths at the cut of the median, {read(self.later_deaths)} at that of the ratio"
            )
            raise NotIdentified(f"{found}; expected no fewer later, and fewer than {read(sum(self.patients))} patients")

    @property
    def scales(self) -> tuple[float, float]:
        """Scale of each arm's Weibull. [unit of time]."""
        reference = self.median / np.log(2.0) ** (1.0 / self.shape)
        return float(reference), float(reference * self.hazard_ratio ** (-1.0 / self.shape))

    def expected_deaths(self, entry: float, later: float = 0.0) -> float:
        """Deaths that are expected at a cut.

        Parameters
        ----------
        entry : float
            Time from the first patient's entry to the first cut, over which entries are uniform. [unit of time]
        later : float
            From the first cut to this one. [unit of time]

        Returns
        -------
        float
            [deaths]

        Notes
        -----
        Sum over arms of patients x mean of 1 - exp(-((c + later) / scale)^shape) over c from 0 to entry, by
        Gauss-Legendre quadrature.

        Examples
        --------
        One year of a hazard of 1, for everybody at the end of an entry in no time: 100 (1 - exp(-1)) = 63.2.

        >>> round(DataCut(np.log(2.0), 1.0, 1.0, (50, 50), 60, 60).expected_deaths(1e-9, 1.0), 1)
        63.2
        """
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        followed = entry * (nodes + 1.0) / 2.0 + later
        dead = [1.0 - np.exp(-((followed / scale) ** self.shape)) for scale in self.scales]
        return float(sum(n * np.vecdot(d, weights) / 2.0 for n, d in zip(self.patients, dead, strict=True)))

    def times(self) -> tuple[float, float]:
        """Time over which patients entered until the cut of the median, and from then to that of the ratio.

        Returns
        -------
        tuple of (float, float)
            So that deaths are expected as published. [unit of time]

        Raises
        ------
        NotIdentified
            Deaths that no follow-up gives.
        """
        longest = LONGEST * self.median
        entry = root(lambda t: self.expected_deaths(t) - self.deaths, 0.0, longest)
        if self.later_deaths <= self.deaths:
            return entry, 0.0
        return entry, root(lambda t: self.expected_deaths(entry, t) - self.later_deaths, 0.0, longest)


class Together(NamedTuple):
    """A median and the ratio over replicates.

    Attributes
    ----------
    correlation : float
        Of their logarithms; nan of fewer than 50 replicates. [1]
    sd : tuple of float
        Of both logarithms. [log]
    used : int
        Replicates with both.
    """

    correlation: float
    sd: tuple[float, float]
    used: int


@dataclass(frozen=True)
class CutResult:
    """What a simulated data cut says of its median and Cox's ratio.

    Attributes
    ----------
    kaplan_meier : Together
        With the Kaplan-Meier median, in the replicates that reach it.
    maximum_likelihood : Together
        With the median of the likeliest curve.
    replicates, seed : int
        Drawn, and what they were drawn with.
    entry, later : float
        See `DataCut.times`. [unit of time]
    """

    kaplan_meier: Together
    maximum_likelihood: Together
    replicates: int
    seed: int
    entry: float
    later: float


def cut_correlation(cut: DataCut, replicates: int = REPLICATES, seed: int = 1) -> CutResult:
    """Simulate a trial up to its data cuts many times; correlate the median and the ratio that replicates report.

    Parameters
    ----------
    cut : DataCut
        One unit of time throughout.
    replicates : int
        At least 50.
    seed : int
        From 0 to 2^32 - 1.

    Returns
    -------
    CutResult
        The correlations, and how immature the data are.

    Raises
    ------
    NotIdentified
        Fewer than 50 replicates with both figures, or deaths that no follow-up gives.

    Notes
    -----
    With d deaths on the reference arm and e on the other, the logarithms of the likeliest median and of the ratio have
    the asymptotic correlation sqrt(e / (d + e)) at one cut: var = 1 / (k^2 d) and 1 / d + 1 / e, cov = 1 / (k d), k the
    shape. With a later cut of the ratio (D, E deaths) it is (1 / D) / sqrt((1 / d) (1 / D + 1 / E)): what comes after
    the first cut is independent of it. Patients are followed to the cut; nobody is lost. What is simulated is survival
    as randomised, which contains crossover.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 6.5: the parametric bootstrap.
    Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, 2nd ed., section 3.4.

    Examples
    --------
    Twice as many deaths on the other arm, sqrt(2 / 3) = 0.82:

    >>> found = cut_correlation(DataCut(31.1, 0.95, 1.03, (31, 64), 31, 31), 500)
    >>> bool(0.75 < found.maximum_likelihood.correlation < 0.9), found.kaplan_meier.used < 400
    (True, True)
    """
    entry, later = cut.times()
    random = np.random.Generator(np.random.PCG64(seed))
    first: list[Times] = []
    second: list[Times] = []
    for scale, patients in zip(cut.scales, cut.patients, strict=True):
        size = (replicates, round(patients))
        failing = scale * random.standard_exponential(size) ** (1.0 / cut.shape)
        followed = random.uniform(0.0, entry, size)
        for found, until in ((first, followed), (second, followed + later)):
            found.append((np.minimum(failing, until), failing <= until))
    with np.errstate(divide="ignore"):
        likeliest = _log_median(*first[0], cut.shape)
        stepped = np.log(kaplan_meier_medians(*first[0]))
    ratio = log_hazard_ratios(second)
    result = CutResult(_together(stepped, ratio), _together(likeliest, ratio), replicates, seed, entry, later)
    if result.maximum_likelihood.used < FEWEST:
        used = result.maximum_likelihood.used
        raise NotIdentified(f"{used} of {replicates} simulated trials report both figures: too few to correlate them")
    return result


def _together(median: Array, ratio: Array) -> Together:
    """Return what replicates with both say."""
    known = np.isfinite(median) & np.isfinite(ratio)
    used = int(known.sum())
    if used < FEWEST:
        return Together(np.nan, (np.nan, np.nan), used)
    sd = float(median[known].std(ddof=1)), float(ratio[known].std(ddof=1))
    return Together(float(np.corrcoef(median[known], ratio[known])[0, 1]), sd, used)


def _log_median(time: Array, event: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], shape: float) -> Array:
    """Return the log median of the likeliest Weibull with a shape, of each replicate: scale^k = sum t^k / deaths."""
    return np.asarray((np.log(np.sum(time**shape, axis=1) / event.sum(axis=1)) + np.log(np.log(2.0))) / shape)
