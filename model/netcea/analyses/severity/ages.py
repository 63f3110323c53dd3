"""Distributions of patients' ages at the start: all of one age, normal, uniform over a range, or normal within one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.draws import Draws
from netcea.errors import InputError, Place, Problem
from netcea.plain_number import read
from netcea.quantities.limits import ends_of, problems_of
from netcea.scenario.options import SeverityOptions
from netcea.scenario.scenario import Scenario
from netcea.special import special

FURTHEST: Final = 5.0
"""A normal distribution is cut off so many standard deviations from its mean, unless possible ages end before."""
LEAST_STEPS: Final = 40
"""Steps into which a range of ages is cut at least; one a year where that is more."""


@dataclass(frozen=True)
class AgeDistribution:
    """How patients' ages at the start are distributed.

    Attributes
    ----------
    label : str
        What tables call it.
    sd : float or None
        Of a normal distribution around the mean age, before it is cut off; None: uniform, or one age. [years]
    low, high : float or None
        Ages of the youngest and the oldest patients; None: as far as ages are possible. [years]
    least, most : float
        Between which the age at the start is possible. [years]
    """

    label: str
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    least: float = 0.0
    most: float = 109.0

    @property
    def spread(self) -> bool:
        """Whether patients differ in age."""
        return self.sd is not None or self.low is not None

    def around(self, mean: float) -> Sequence[tuple[float, float]]:
        """Return ages and weights that stand for the distribution: the middles of equal steps of at most a year.

        Parameters
        ----------
        mean : float
            Mean age of the model's cohort, where a normal distribution is centred. [years]

        Returns
        -------
        sequence of (age, weight)
            Weights add up to 1. [years], [1]

        Notes
        -----
        The weight of a step [a, b] is Phi((b - mean) / sd) - Phi((a - mean) / sd), or b - a where uniform, over their
        sum.

        Examples
        --------
        >>> AgeDistribution("one age").around(60.0)
        [(60.0, 1.0)]
        >>> found = AgeDistribution("range", low=50.0, high=70.0).around(66.0)
        >>> len(found), round(sum(age * weight for age, weight in found), 9)
        (40, 60.0)
        """
        if not self.spread:
            return [(mean, 1.0)]
        wide = math.inf if self.sd is None else FURTHEST * self.sd
        low = max(self.least, mean - wide) if self.low is None else self.low
        high = min(self.most, mean + wide) if self.high is None else self.high
        edges = np.linspace(low, high, max(LEAST_STEPS, math.ceil(high - low)) + 1)
        below = edges if self.sd is None else special.ndtr((edges - mean) / self.sd)
        weights = np.diff(below) / (below[-1] - below[0])
        middles = (edges[1:] + edges[:-1]) / 2.0
        return [(float(age), float(weight)) for age, weight in zip(middles, weights, strict=True)]

    def moved(self, mean: float, to: float) -> Sequence[tuple[float, float]]:
        """Return ages and weights of the distribution with every age so many years higher that its mean moves.

        Parameters
        ----------
        mean : float
            Mean age of the model's cohort. [years]
        to : float
            What it becomes; ages that are impossible afterwards are left out. [years]

        Examples
        --------
        >>> AgeDistribution("range", low=50.0, high=70.0).moved(60.0, 65.0)[0]
        (55.25, 0.025)
        """
        found = [(age + (to - mean), weight) for age, weight in self.around(mean)]
        inside = [(age, weight) for age, weight in found if self.least <= age <= self.most]
        total = math.fsum(weight for _, weight in inside)
        return [(age, weight / total) for age, weight in inside]

    def step(self, mean: float) -> float:
        """Return the years between two of the ages; 0 where all are of one."""
        ages = [age for age, _ in self.around(mean)[:2]]
        return ages[1] - ages[0] if len(ages) > 1 else 0.0


def age_distributions(scenario: Scenario, options: SeverityOptions, base: Draws) -> tuple[AgeDistribution, ...]:
    """Return every distribution of ages that is asked for: one age first, which is the model's own.

    Parameters
    ----------
    scenario : Scenario
    options : SeverityOptions
    base : Draws
        The row of the point estimates.

    Raises
    ------
    InputError
        Ages that no cohort can have, or a normal distribution whose mean lies outside the range of ages.
    """
    address = scenario.file.population.start_age
    mean = float(base[address][0, 0])
    least, most, _ = ends_of(scenario.limits[address])
    factor = scenario.factors[address]
    ends = (least * factor, most * factor)
    sd = options.age_sd
    if sd is None and options.age_sd_from is not None:
        sd = float(base[options.age_sd_from][0, 0])
    low, high = options.youngest, options.oldest
    _refuse(scenario, options, mean, sd)
    found = [AgeDistribution(f"all aged {read(mean)}")]
    if sd is not None:
        found.append(AgeDistribution(f"normal, mean {read(mean)}, SD {read(sd)}", sd, None, None, *ends))
    if low is not None and high is not None:
        if sd is not None:
            label = f"normal, mean {read(mean)}, SD {read(sd)}, within {read(low)} to {read(high)}"
            found.append(AgeDistribution(label, sd, low, high, *ends))
        found.append(AgeDistribution(f"uniform, {read(low)} to {read(high)}", None, low, high, *ends))
    return tuple(found)


def _refuse(scenario: Scenario, options: SeverityOptions, mean: float, sd: float | None) -> None:
    """Raise every problem of the ages asked for."""
    address = scenario.file.population.start_age
    factor = scenario.factors[address]
    problems: list[Problem] = []
    for name in ("youngest", "oldest", "search_from", "search_to"):
        age = getattr(options, name)
        if age is not None:
            place = Place(f"--{name.replace('_', '-')} (or analyses.severity.{name})")
            problems += problems_of(scenario.limits[address], age / factor, place)
    low, high = options.youngest, options.oldest
    if sd is not None and low is not None and high is not None and not low < mean < high:
        place = Place("--youngest, --oldest (or analyses.severity)")
        expected = f"ages on both sides of the mean, {read(mean)} years ({address})"
        problems.append(place.problem(f"{read(low)} to {read(high)} years", expected))
    if sd is not None and not sd > 0.0:
        problems.append(Place("analyses.severity.age_sd_from").problem(f"{read(sd)} years", "a value above 0"))
    if problems:
        raise InputError(problems)
