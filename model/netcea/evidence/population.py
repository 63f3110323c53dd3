"""The general population of the same age and sexes, which extrapolations are compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.cohort.mortality import LifeTable, population_cumulative_hazard
from netcea.errors import InputError, Place
from netcea.evidence.matched_population import Population
from netcea.fitting.summaries import HORIZON_YEARS
from netcea.loading.merging.inputs import Inputs
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.population import life_table_at
from netcea.plain_number import read
from netcea.quantities.addresses import Kind
from netcea.scenario.number_hints import number_hint
from netcea.survival.survival_curve import SurvivalCurve

OLDEST: Final = 120.0
"""Age above which no cohort is. [years]"""
STEP: Final = 1.0 / 12.0
"""Over which hazards are compared. [years]"""
LIFE_TABLE: Final = Kind(table="life_table")


@dataclass(frozen=True, eq=False)
class GeneralPopulation:
    """People of the patients' age and sexes at the start, and their mortality.

    Attributes
    ----------
    life_table : LifeTable
    name : str
        Of the life table.
    age : float
        At time 0. [years]
    female : float
        Share of women at time 0. [share]
    """

    life_table: LifeTable
    name: str
    age: float
    female: float

    def __post_init__(self) -> None:
        """Refuse an age or a share that cannot be."""
        faults = []
        if not 0.0 <= self.age <= OLDEST:
            faults.append(Place("age").problem(read(self.age), f"an age in years, 0 to {read(OLDEST)}"))
        if not 0.0 <= self.female <= 1.0:
            hint = f"in percent? write {read(self.female / 100.0)}" if 1.0 < self.female <= 100.0 else ""
            faults.append(Place("female").problem(read(self.female), "a share of women, 0 to 1", hint))
        if faults:
            raise InputError(faults)

    def cumulative_hazard(self, years: Array) -> Array:
        """Return H at times since the start [years]."""
        return np.asarray(population_cumulative_hazard(self.life_table, self.age, self.female, years)[0])

    def survival(self, years: Array) -> Array:
        """Return S at times since the start [years]."""
        return np.exp(-self.cumulative_hazard(years))

    def __str__(self) -> str:
        """Say who they are."""
        women = read(round(100.0 * self.female, 1), 3)
        return f"age {read(self.age, 4)}, {women}% women, {self.name}"


def below_population(curve: SurvivalCurve, people: Population, per_year: float) -> float | None:
    """Return the first month in which a hazard is below the general population's, to `HORIZON_YEARS`.

    Parameters
    ----------
    curve : SurvivalCurve
        Of one draw.
    people : Population
    per_year : float
        Units of the curve's time in a year. [unit of time / year]

    Returns
    -------
    float or None
        Its start; None where there is none. [years]
    """
    months = np.arange(round(HORIZON_YEARS / STEP) + 1, dtype=np.float64) * STEP
    with np.errstate(invalid="ignore"):
        own = np.diff(np.asarray(curve.cumulative_hazard(months * per_year)))
        below = np.flatnonzero(own < np.diff(people.cumulative_hazard(months)))
    return float(months[below[0]]) if len(below) else None


def general_population(
    address: str | None, age: str | float | None, female: str | float | None, inputs: Path | None
) -> GeneralPopulation | None:
    """Look up the population that options name.

    Parameters
    ----------
    address : str or None
        Of a life table in inputs/.
    age, female : str, float or None
        At the start. [years], [share]
    inputs : Path or None
        Of a project.

    Returns
    -------
    GeneralPopulation or None
        None where none of them was named.

    Raises
    ------
    InputError
        Some of them alone; no number; no such life table.
    """
    given = {"life-table": address, "age": age, "female": female}
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        return None
    if missing:
        others = [f"--{name}" for name, value in given.items() if value is not None]
        raise InputError(
            [
                Place(f"--{name}").problem("nothing", f"a value, because {' and '.join(others)} stands there")
                for name in missing
            ]
        )
    years, share = _number("age", age, "an age in years, such as 63"), _number("female", female, "a share, such as 0.4")
    if inputs is None:
        raise Place("--life-table").error("no project", "a folder with inputs/ that has the life table")
    return GeneralPopulation(_table(str(address), inputs), str(address).rpartition(".")[2], years, share)


def _number(name: str, given: str | float | None, expected: str) -> float:
    try:
        number = float(str(given))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Place(f"--{name}").error(repr(given), expected, number_hint(str(given), "years" if name == "age" else ""))
    return number


def _table(address: str, inputs: Path) -> LifeTable:
    return life_table_at(address, looked_up(address, LIFE_TABLE, inputs))


def looked_up(address: str, kind: Kind, inputs: Path) -> Numbers:
    """Return numbers among which a table of inputs/ was looked up.

    Parameters
    ----------
    address : str
        Of the table.
    kind : Kind
        What it must be.
    inputs : Path
        Of a project.

    Raises
    ------
    InputError
        No such table.
    """
    numbers = Numbers(Inputs(inputs), "", Place)
    numbers.table(address, kind, lambda: Place("--life-table"))
    numbers.faults.raise_if_any()
    return numbers
