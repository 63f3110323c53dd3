"""The general population matched to the patients of an arm, and what they and an excess hazard make together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.cohort.matched import LifeTables, People, expected_survival
from netcea.fitting.numerics import root
from netcea.plain_number import read
from netcea.survival.survival_curve import SurvivalCurve

MONTHS: Final = 12
"""Steps in a year in which expected survival is worked out; between them its hazard is constant."""
LONGEST: Final = 60.0
"""Years after which the last month's hazard goes on. [years]"""
FURTHEST: Final = 1e4
"""Years at which a median that is not reached is infinite. [years]"""


class Population(Protocol):
    """Mortality of people like the patients."""

    def cumulative_hazard(self, years: Array) -> Array:
        """Return H at times since the start [years]."""

    def survival(self, years: Array) -> Array:
        """Return S at times since the start [years]."""


@dataclass(frozen=True, eq=False)
class MatchedPopulation:
    """People of the general population, each matched to a patient: by the first method of Ederer.

    Attributes
    ----------
    life_table : LifeTable or LifeTablesByYear
        Of the general population.
    name : str
        Of the life table.
    people : People
        At time 0.
    weights : Array (person,)
        Of the patients. [patients]
    """

    life_table: LifeTables
    name: str
    people: People
    weights: Array

    @cached_property
    def _edges(self) -> Array:
        return np.arange(round(LONGEST) * MONTHS + 1) / MONTHS

    @cached_property
    def _hazard(self) -> Array:
        return -np.log(expected_survival(self.life_table, self.people, self.weights, self._edges))

    def cumulative_hazard(self, years: Array) -> Array:
        """Return H at times since the start [years]."""
        last = (self._hazard[-1] - self._hazard[-2]) * MONTHS
        beyond = np.maximum(np.asarray(years) - LONGEST, 0.0)
        return np.asarray(np.interp(years, self._edges, self._hazard) + last * beyond)

    def survival(self, years: Array) -> Array:
        """Return S at times since the start [years]."""
        return np.exp(-self.cumulative_hazard(years))

    def __str__(self) -> str:
        """Say who they are."""
        women = read(round(100.0 * float(np.average(self.people.female, weights=self.weights)), 1), 3)
        age = read(float(np.average(self.people.age, weights=self.weights)), 3)
        return f"matched to each patient (mean age {age}, {women}% women), {self.name}"


@dataclass(frozen=True, eq=False)
class AllCauses:
    """A curve of relative survival times the survival of the general population: survival from all causes.

    Every patient has the same excess hazard, so that the average over patients of S* S_excess is the average of S*
    times S_excess.

    Attributes
    ----------
    excess : SurvivalCurve
        Of one draw.
    people : Population
        Those to whom the patients are matched.
    per_year : float
        Units of the curve's time in a year. [unit of time / year]

    Examples
    --------
    >>> from netcea.cohort.mortality import LifeTable
    >>> from netcea.survival import exponential
    >>> flat = LifeTable.from_columns([0], [0.5], [0.5])
    >>> them = MatchedPopulation(flat, "flat", People(np.zeros(1), np.zeros(1)), np.ones(1))
    >>> both = AllCauses(exponential(rate=np.log(2.0)), them, 1.0)
    >>> round(float(both.survival(1.0)), 6), round(both.median, 6)  # 1/2 x 1/2
    (0.25, 0.5)
    """

    excess: SurvivalCurve
    people: Population
    per_year: float

    def cumulative_hazard(self, t: ArrayLike) -> Array:
        """Return H at times [unit of time]."""
        times = np.asarray(t, dtype=np.float64)
        return np.asarray(self.excess.cumulative_hazard(times)) + self._people(times / self.per_year)

    def survival(self, t: ArrayLike) -> Array:
        """Return S at times [unit of time]."""
        return np.exp(-self.cumulative_hazard(t))

    def hazard(self, t: ArrayLike) -> Array:
        """Return h at times [unit of time], the population's of the month around."""
        times = np.asarray(t, dtype=np.float64)
        years = times / self.per_year
        low, high = np.maximum(years - 0.5 / MONTHS, 0.0), years + 0.5 / MONTHS
        rise = (self._people(high) - self._people(low)) / (high - low)
        return np.asarray(np.asarray(self.excess.hazard(times)) + rise / self.per_year)

    def _people(self, years: Array) -> Array:
        """Return the population's cumulative hazard at times of any shape."""
        return self.people.cumulative_hazard(years.reshape(-1)).reshape(years.shape)

    @property
    def median(self) -> float:
        """Time by which half have died from any cause; infinite where they never do. [unit of time]."""

        def left(t: float) -> float:
            return float(self.cumulative_hazard(t)) - float(np.log(2.0))

        end = self.per_year
        while left(end) < 0.0:
            if end > FURTHEST * self.per_year:
                return float("inf")
            end *= 2.0
        return root(left, 0.0, end)
