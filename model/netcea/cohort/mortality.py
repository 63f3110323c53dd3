"""Life tables -> survival of the general population that a cohort is part of.

References
----------
Office for National Statistics: national life tables, by single year of age and sex.
NICE DSU TSD 21: background mortality belongs into an extrapolation of overall survival by one mechanism, on hazards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array

Sex: TypeAlias = Literal["male", "female"]

SMALLEST_SURVIVAL: Final = float(np.finfo(np.float64).tiny)
"""Share that survives a year of age with qx = 1: 2e-308, nobody, but with a finite hazard (708 a year)."""


@dataclass(frozen=True, eq=False)
class LifeTable:
    """Probability of dying within a year of age.

    Attributes
    ----------
    age : Array (ages,)
        Consecutive whole years. [years]
    qx_male, qx_female : Array (ages,)
        Probability that someone of exactly that age dies before the next birthday, 0 to 1.
    """

    age: Array
    qx_male: Array
    qx_female: Array

    @classmethod
    def from_columns(
        cls, age: Sequence[float] | Array, qx_male: Sequence[float] | Array, qx_female: Sequence[float] | Array
    ) -> LifeTable:
        """Make a life table of the columns of a file.

        Parameters
        ----------
        age : sequence of float
            Consecutive whole years. [years]
        qx_male, qx_female : sequence of float
            Probability of dying before the next birthday, 0 to 1.

        Returns
        -------
        LifeTable
            With the columns as arrays.

        Raises
        ------
        ValueError
            Unless ages are consecutive whole years and each qx lies between 0 and 1.

        Examples
        --------
        >>> LifeTable.from_columns([60, 61], [0.01, 0.011], [0.006, 0.007]).qx_female.tolist()
        [0.006, 0.007]
        """
        table = cls(*(np.array(column, dtype=np.float64) for column in (age, qx_male, qx_female)))
        if not len(table.age) or np.any(table.age % 1.0 != 0.0) or np.any(np.diff(table.age) != 1.0):
            raise ValueError("expected ages of a life table in consecutive whole years")
        for name, qx in (("qx_male", table.qx_male), ("qx_female", table.qx_female)):
            if qx.shape != table.age.shape or not np.all((qx >= 0.0) & (qx <= 1.0)):
                raise ValueError(f"expected {name} for each age, between 0 and 1")
        return table

    def hazard(self, sex: Sex) -> Array:
        """Hazard within each year of age, -ln(1 - qx).

        Parameters
        ----------
        sex : {'male', 'female'}
            Whose.

        Returns
        -------
        Array (ages,)
            708 where qx = 1. [per year]

        Examples
        --------
        >>> LifeTable.from_columns([0, 1], [0.0, 0.5], [0.0, 0.2]).hazard("male").round(6).tolist()
        [0.0, 0.693147]
        """
        qx = {"male": self.qx_male, "female": self.qx_female}[sex]
        return -np.log1p(
            -np.minimum(qx, 1.0 - 2.0**-53), where=qx < 1.0, out=np.full_like(qx, np.log(SMALLEST_SURVIVAL))
        )


def cumulative_hazard(life_table: LifeTable, sex: Sex, start_age: float | Array, t: Array) -> Array:
    """Cumulative hazard of one sex, H(t) = integral of the hazard from start_age to start_age + t.

    The hazard is constant from one birthday to the next: a start at 60.5 has half a year of age 60 before it.
    Before the table's first age its first hazard holds; beyond its last age its last hazard goes on. With
    qx = 1 the hazard is 708 a year: all die, and nothing is infinite.

    Parameters
    ----------
    life_table : LifeTable
        Of the general population.
    sex : {'male', 'female'}
        Whose.
    start_age : float or Array (draw, 1)
        May be fractional. [years]
    t : Array (T,)
        Time since start, not negative. [years]

    Returns
    -------
    Array (T,) or (draw, T)
        H, from 0.

    Examples
    --------
    >>> table = LifeTable.from_columns([0, 1], [0.0, 0.5], [0.0, 0.5])
    >>> np.exp(-cumulative_hazard(table, "male", 0.5, np.array([0.5, 1.5, 2.5]))).round(12).tolist()
    [1.0, 0.5, 0.25]
    """
    hazard = life_table.hazard(sex)
    at_birthday = np.concatenate([[0.0], np.cumsum(hazard[:-1])])

    def since_first_age(age: Array) -> Array:
        years = age - life_table.age[0]
        k = np.clip(np.floor(years), 0, len(hazard) - 1).astype(np.intp)
        return np.asarray(at_birthday[k] + hazard[k] * (years - k), dtype=np.float64)

    start = np.asarray(start_age, dtype=np.float64)
    return since_first_age(start + t) - since_first_age(start)


def population_cumulative_hazard(
    life_table: LifeTable, start_age: float | Array, proportion_female: float | Array, t: Array
) -> Array:
    """Cumulative hazard of the general population with the cohort's age and sexes at the start.

    S(t) = p S_female(t) + (1 - p) S_male(t), H(t) = -ln S(t): the mixture grows more female as men die first.
    Computed in logarithms: H stays finite where S underflows.

    Parameters
    ----------
    life_table : LifeTable
        Of the general population.
    start_age : float or Array (draw, 1)
        Of the cohort. [years]
    proportion_female : float or Array (draw, 1)
        The share p at the start, 0 to 1.
    t : Array (T,)
        Time since start. [years]

    Returns
    -------
    Array (1, T), or (draw, T) where ages or sexes differ between draws
        H, from 0.

    Examples
    --------
    >>> table = LifeTable.from_columns([0], [0.5], [0.0])
    >>> np.exp(-population_cumulative_hazard(table, 0.0, 0.5, np.array([0.0, 1.0, 2.0]))).round(12).tolist()
    [[1.0, 0.75, 0.625]]
    """
    age, female, which = distinct_cohorts(start_age, proportion_female)
    with np.errstate(divide="ignore"):  # of one sex only: ln 0 = -inf, and the other sex's term alone is left
        log_female, log_male = np.log(female), np.log1p(-female)
    hazard = np.logaddexp(log_female, log_male) - np.logaddexp(
        log_female - cumulative_hazard(life_table, "female", age, t),
        log_male - cumulative_hazard(life_table, "male", age, t),
    )
    return hazard if which is None else hazard[which]


def share_of_women(
    life_table: LifeTable,
    start_age: float | Array,
    proportion_female: float | Array,
    edges: Array,
    weights: tuple[Array, Array],
) -> Array:
    """Women's share of the time that the general population of the cohort's age and sexes lives in each cycle.

    p L_female / (p L_female + (1 - p) L_male) with L the person-time of one sex in the cycle, counted as the model
    counts it: the mixture grows more female as men die first. Computed in logarithms: it holds where nobody is left.

    Parameters
    ----------
    life_table : LifeTable
        Of the general population.
    start_age : float or Array (draw, 1)
        Of the cohort. [years]
    proportion_female : float or Array (draw, 1)
        The share p at the start, 0 to 1.
    edges : Array (N + 1,)
        Of the cycles. [years]
    weights : tuple of Array (N,)
        Of the occupancy at the start and at the end of each cycle: `person_time_weights`. [years]

    Returns
    -------
    Array (1 or draw, N)
        0 to 1.

    Examples
    --------
    Half of the men and none of the women die in each year: 0.5 of 1, 0.5 of 0.75.

    >>> table, edges = LifeTable.from_columns([0], [0.5], [0.0]), np.array([0.0, 1.0, 2.0])
    >>> share_of_women(table, 0.0, 0.5, edges, (np.ones(2), np.zeros(2))).round(9).tolist()
    [[0.5, 0.666666667]]
    """
    age, female = (np.asarray(x, dtype=np.float64).reshape(-1, 1) for x in (start_age, proportion_female))
    start, end = weights

    def log_years(sex: Sex) -> Array:
        hazard = cumulative_hazard(life_table, sex, age, edges)
        return np.asarray(np.log(start + end * np.exp(-np.diff(hazard))) - hazard[:, :-1], dtype=np.float64)

    with np.errstate(divide="ignore", over="ignore"):  # of one sex only: ln 0 = -inf, and the share is 0 or 1
        more_men = np.log1p(-female) + log_years("male") - (np.log(female) + log_years("female"))
        return np.asarray(1.0 / (1.0 + np.exp(more_men)), dtype=np.float64)


def distinct_cohorts(
    start_age: float | Array, proportion_female: float | Array
) -> tuple[Array, Array, NDArray[np.intp] | None]:
    """Return the distinct ages and proportions, each Array (distinct, 1), and which of them each draw has.

    The last is None where all draws have the same, so that one row can serve them all.

    Parameters
    ----------
    start_age : float or Array (draw, 1)
        [years]
    proportion_female : float or Array (draw, 1)
        At the start, 0 to 1.

    Examples
    --------
    >>> age, female, which = distinct_cohorts(np.array([60.0, 61.0, 60.0]), 0.5)
    >>> age.tolist(), female.tolist(), which.tolist()
    ([[60.0], [61.0]], [[0.5], [0.5]], [0, 1, 0])
    """
    age, female = np.broadcast_arrays(
        np.asarray(start_age, dtype=np.float64).reshape(-1, 1),
        np.asarray(proportion_female, dtype=np.float64).reshape(-1, 1),
    )
    if np.all(age == age[0]) and np.all(female == female[0]):
        return age[:1], female[:1], None
    distinct, which = np.unique(np.hstack([age, female]), axis=0, return_inverse=True)
    return distinct[:, :1], distinct[:, 1:], which.reshape(-1)


def life_expectancy(life_table: LifeTable, sex: Sex, age: float = 0.0) -> float:
    """Mean remaining life of one sex at an age, the integral of S(t) [years]; inf where the last hazard is 0.

    Within a year of age S falls exponentially, so each piece from a to b is (S(a) - S(b)) / h; the last goes
    on forever.

    Parameters
    ----------
    life_table : LifeTable
        Of the general population.
    sex : {'male', 'female'}
        Whose.
    age : float
        From which years are counted. [years]

    Returns
    -------
    float
        [years]

    Examples
    --------
    >>> round(life_expectancy(LifeTable.from_columns([0, 1], [0.0, 0.5], [0.0, 0.5]), "male"), 6)
    2.442695
    """
    hazard = life_table.hazard(sex)
    birthdays = life_table.age[life_table.age > age]
    edges = np.concatenate([[age], birthdays])
    survival = np.exp(-cumulative_hazard(life_table, sex, age, edges - age))
    h = hazard[np.clip(np.floor(edges - life_table.age[0]), 0, len(hazard) - 1).astype(np.intp)]
    after = np.append(survival[1:], 0.0)
    length = np.append(np.diff(edges), np.inf)
    unchanging = np.multiply(survival, length, where=(h <= 0.0) & (survival > 0.0), out=np.zeros_like(survival))
    years = np.divide(survival - after, h, where=h > 0.0, out=unchanging)
    return float(years.sum())
