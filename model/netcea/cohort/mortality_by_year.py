"""Life tables of several calendar years: mortality by age, sex and year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netcea.arrays import Array
from netcea.cohort.mortality import LifeTable, Sex


@dataclass(frozen=True, eq=False)
class LifeTablesByYear:
    """A life table for each calendar year.

    Attributes
    ----------
    years : Array (year,)
        Consecutive whole calendar years. [year]
    tables : tuple of LifeTable
        Of each, with the same ages.
    """

    years: Array
    tables: tuple[LifeTable, ...]

    @classmethod
    def from_columns(
        cls,
        year: Sequence[float] | Array,
        age: Sequence[float] | Array,
        qx_male: Sequence[float] | Array,
        qx_female: Sequence[float] | Array,
    ) -> LifeTablesByYear:
        """Make life tables of the columns of a file.

        Parameters
        ----------
        year : sequence of float
            Calendar year of each row. [year]
        age : sequence of float
            In each year the same consecutive whole years. [years]
        qx_male, qx_female : sequence of float
            Probability of dying before the next birthday, 0 to 1.

        Returns
        -------
        LifeTablesByYear
            The years in order.

        Raises
        ------
        ValueError
            Unless years are consecutive and have the same ages, consecutive, each with a qx between 0 and 1.

        Examples
        --------
        >>> both = LifeTablesByYear.from_columns([2019, 2020], [60, 60], [0.01, 0.02], [0.006, 0.01])
        >>> both.years.tolist(), both.tables[1].qx_male.tolist()
        ([2019.0, 2020.0], [0.02])
        """
        columns = [np.array(column, dtype=np.float64) for column in (year, age, qx_male, qx_female)]
        order = np.lexsort((columns[1], columns[0]))
        of, ages, male, female = (column[order] for column in columns)
        years = np.unique(of)
        if not len(years) or np.any(years % 1.0 != 0.0) or np.any(np.diff(years) != 1.0):
            raise ValueError("expected life tables of consecutive calendar years")
        tables = tuple(LifeTable.from_columns(ages[of == y], male[of == y], female[of == y]) for y in years)
        if any(len(t.age) != len(tables[0].age) or np.any(t.age != tables[0].age) for t in tables):
            raise ValueError("expected the same ages in every calendar year")
        return cls(years, tables)

    def hazards(self, sex: Sex) -> Array:
        """Hazard within each year of age, calendar year by calendar year.

        Parameters
        ----------
        sex : {'male', 'female'}
            Whose.

        Returns
        -------
        Array (year, age)
            [per year]

        Examples
        --------
        >>> both = LifeTablesByYear.from_columns([2019, 2020], [60, 60], [0.0, 0.5], [0.0, 0.0])
        >>> both.hazards("male").round(6).tolist()
        [[0.0], [0.693147]]
        """
        return np.array([table.hazard(sex) for table in self.tables])
