"""Utility norms of the general population, and the age adjustment of state utilities.

References
----------
NICE DSU TSD 12, Ara and Brazier: state utilities are multiplied by the general population's at each age.
Hernandez Alava, Pudney and Wailoo 2022: norms of England by age and sex (EQ-5D-3L).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netcea.arrays import Array
from netcea.cohort.mortality import LifeTable, distinct_cohorts, share_of_women
from netcea.cohort.timeline import completed_years


@dataclass(frozen=True, eq=False)
class UtilityNorms:
    """Mean utility of the general population by age and sex.

    Attributes
    ----------
    age : Array (ages,)
        Consecutive completed years. [years]
    male, female : Array (ages,)
        [utility]
    value_set : str
        By which they are valued.
    """

    age: Array
    male: Array
    female: Array
    value_set: str = ""

    @classmethod
    def from_columns(
        cls,
        age: Sequence[float] | Array,
        male: Sequence[float] | Array,
        female: Sequence[float] | Array,
        value_set: str = "",
    ) -> UtilityNorms:
        """Make norms of the columns of a file.

        Parameters
        ----------
        age : sequence of float
            Consecutive whole years. [years]
        male, female : sequence of float
            At most 1. [utility]
        value_set : str
            By which they are valued.

        Returns
        -------
        UtilityNorms
            With the columns as arrays.

        Raises
        ------
        ValueError
            Unless ages are consecutive whole years, with a utility of at most 1 for each and both sexes.

        Examples
        --------
        >>> UtilityNorms.from_columns([60, 61], [0.8, 0.7], [0.6, 0.5]).female.tolist()
        [0.6, 0.5]
        """
        ages, men, women = (np.array(column, dtype=np.float64) for column in (age, male, female))
        norms = cls(ages, men, women, value_set)
        if not len(norms.age) or np.any(norms.age % 1.0 != 0.0) or np.any(np.diff(norms.age) != 1.0):
            raise ValueError("expected ages of utility norms in consecutive whole years")
        for name, column in (("male", norms.male), ("female", norms.female)):
            if column.shape != norms.age.shape or not np.all(column <= 1.0):
                raise ValueError(f"expected norms of the {name} population for each age, at most 1")
        return norms

    def at(self, age: float | Array, proportion_female: float | Array) -> Array:
        """Norm at an age in completed years: p x female + (1 - p) x male.

        Below the table's first age its first norm holds, above its last age its last. An age within a
        billionth of a year below a birthday has reached it.

        Parameters
        ----------
        age : float or Array
            [years]
        proportion_female : float or Array
            The share p, 0 to 1; broadcasts with the age.

        Returns
        -------
        Array
            [utility]

        Examples
        --------
        >>> norms = UtilityNorms.from_columns([60, 61], [0.8, 0.7], [0.6, 0.5])
        >>> norms.at(np.array([16.0, 60.99, 61.0, 99.0]), 0.5).round(12).tolist()
        [0.7, 0.7, 0.6, 0.6]
        """
        k = np.clip(completed_years(age) - self.age[0], 0, len(self.age) - 1).astype(np.intp)
        weight = np.asarray(proportion_female, dtype=np.float64)
        return np.asarray(weight * self.female[k] + (1.0 - weight) * self.male[k], dtype=np.float64)


def norm_profile(
    norms: UtilityNorms,
    life_table: LifeTable,
    start_age: float | Array,
    proportion_female: float | Array,
    edges: Array,
    weights: tuple[Array, Array],
) -> Array:
    """Norm in each cycle: at the age in completed years at its start, weighted by the time that each sex lives in it.

    Both sides of a QALY shortfall have this profile. What the general population would have (`general_population` in
    `netcea.decision.severity`), the mean over the sexes of each sex's QALYs, is person-time x this profile; state
    utilities are adjusted along it. So a cohort that dies as the population does, with utilities at the norm, has
    the population's QALYs. Weights of the sexes at the start would hold men's norms against years that women live.

    Parameters
    ----------
    norms : UtilityNorms
        Of the general population.
    life_table : LifeTable
        Of the general population: which sex lives how long.
    start_age : float or Array (draw, 1)
        Of the cohort. [years]
    proportion_female : float or Array (draw, 1)
        At the start of the model; 0 to 1.
    edges : Array (N + 1,)
        Of the cycles. [years]
    weights : tuple of Array (N,)
        Of the occupancy at the start and at the end of each cycle: `person_time_weights`. [years]

    Returns
    -------
    Array (1, N), or (draw, N) where ages or sexes differ between draws
        [utility]

    Examples
    --------
    >>> norms = UtilityNorms.from_columns([60, 61], [0.8, 0.7], [0.6, 0.5])
    >>> equal = LifeTable.from_columns([60], [0.1], [0.1])
    >>> edges, half = np.array([0.0, 0.5, 1.0, 1.5]), np.full(3, 0.25)
    >>> norm_profile(norms, equal, 60.25, 0.5, edges, (half, half)).round(12).tolist()
    [[0.7, 0.7, 0.6]]
    >>> no_men_left = LifeTable.from_columns([60], [1.0], [0.0])
    >>> norm_profile(norms, no_men_left, 60.25, 0.5, edges, (half, half)).round(12).tolist()
    [[0.666666666667, 0.6, 0.5]]
    """
    age, female, which = distinct_cohorts(start_age, proportion_female)
    women = share_of_women(life_table, age, female, edges, weights)
    profile = norms.at(age + edges[np.newaxis, :-1], women)
    return profile if which is None else profile[which]


def capped_level(
    utility: float | Array, norms: UtilityNorms, anchor_age: float | Array, proportion_female: float | Array
) -> Array:
    """What multiplies the norm's profile: min(u_state / norm(anchor), 1).

    The age-adjusted utility u(t) = u_state norm(age0 + t) / norm(anchor), never above the norm, is this level
    (a number for each draw) times `norm_profile` (a number for each cycle).

    Parameters
    ----------
    utility : float or Array (draw,)
        Of the state, in the utility study. [utility]
    norms : UtilityNorms
        Of the general population, of the same value set.
    anchor_age : float or Array (draw,)
        Mean age in the utility study. [years]
    proportion_female : float or Array (draw,)
        0 to 1.

    Returns
    -------
    Array (draw,) or ()
        At most 1.

    Examples
    --------
    >>> norms = UtilityNorms.from_columns([60, 61], [0.8, 0.7], [0.8, 0.7])
    >>> capped_level(np.array([0.6, 0.9]), norms, 60.0, 0.5).round(12).tolist()
    [0.75, 1.0]
    """
    return np.minimum(np.asarray(utility, dtype=np.float64) / norms.at(anchor_age, proportion_female), 1.0)
