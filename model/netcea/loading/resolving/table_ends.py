"""No table is read beyond its ends in silence: refused, or a warning that says what goes on there.

National life tables end at 100, where their last rate goes on; one that ends earlier with people of the cohort's age
and sexes alive is refused. Norms are often open at their last age: a warning says how many live beyond it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np

from netcea.cohort.mortality import LifeTable, population_cumulative_hazard
from netcea.cohort.table_ages import LAST_AGE, outside, refused
from netcea.cohort.utilities import Utilities
from netcea.errors import ModelWarning
from netcea.loading.reading.csv_file import Table
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.population import life_table_at
from netcea.plain_number import read
from netcea.quantities.units import UNITS
from netcea.scenario.scenario import Population
from netcea.survival.curve import Curve

OLDEST: Final = 110
"""Age at which the general population's QALYs end. [years]"""
FEW: Final = 0.01
"""Of the cohort's general population: so few beyond the end of a table change nothing that is printed. [share]"""


def check_ages(population: Population, numbers: Numbers) -> None:
    """Refuse a life table or norms that do not have the cohort's ages; warn of norms that end early.

    Parameters
    ----------
    population : Population
        Of the scenario, its numbers and tables looked up.
    numbers : Numbers
        Where they were looked up, and where faults and warnings go.
    """
    kinds = [numbers.tables[a][0].kind for a in (population.life_table, population.norms) if a in numbers.tables]
    people = {population.start_age, population.proportion_female}
    if kinds != ["life_table", "utility_norms"] or not people <= set(numbers.quantities):
        return
    start = numbers.model_value(population.start_age)
    if UNITS[numbers.quantities[population.start_age].unit].dimension != "duration" or not 0.0 <= start < OLDEST:
        return  # said where it is named
    if not (_starts(numbers, population.life_table, start) and _starts(numbers, population.norms, start)):
        return
    table = numbers.tables[population.life_table][1]
    left = _left_after(population, numbers, max(table["age"]))
    if left > FEW:
        row = len(table) - 1
        found = f"the last age {table['age'][row]}, at which {left:.0%} of people of the cohort's age and sexes live"
        expected = f"ages up to {LAST_AGE} or more: the general population's QALYs are counted until 110"
        numbers.faults.add(table.place(row, "age").problem(found, expected, "add the missing ages"))
    norms = numbers.tables[population.norms][1]
    last = max(norms["age"])
    left = _left_after(population, numbers, last)
    if left > FEW:
        message = (
            f"{norms.shown_as} ends at age {last}: the norm of that age goes on, for {left:.0%} of the general "
            "population and for everybody of the cohort who lives longer"
        )
        numbers.warnings.append(ModelWarning("table_end", population.norms, message))


def check_anchor_age(utilities: Utilities, norms: str, numbers: Numbers) -> None:
    """Refuse an anchor age that the norms do not have, or say whose norm stands for it where their ends are open.

    Parameters
    ----------
    utilities : Utilities
        Of the scenario, its numbers looked up.
    norms : str
        Address of the population's norms.
    numbers : Numbers
        Where they were looked up, and where faults and warnings go.
    """
    anchor = utilities.anchor_age
    if utilities.age_adjustment == "none" or anchor not in numbers.quantities or norms not in numbers.tables:
        return
    table, age = numbers.tables[norms][1], numbers.model_value(anchor)
    ages = np.sort(np.unique(np.asarray(table["age"], dtype=np.float64)))
    if not 0.0 <= age < OLDEST or not outside(ages, np.array([age]))[0]:
        return
    end = ages[0] if age < ages[0] else ages[-1]
    found = f"{read(age)} years, while {table.shown_as} has the norms of ages {read(ages[0])} to {read(ages[-1])}"
    place = numbers.inputs.place(f"{anchor}.value")
    if refused(ages, np.array([age]))[0]:
        hint = "utilities are divided by the norm at the anchor age: add that age to the norms"
        numbers.faults.add(place.problem(found, "an age that the norms have", hint))
        return
    message = f"{found}: state utilities are divided by the norm at {read(end)}"
    numbers.warnings.append(ModelWarning("table_end", anchor, message))


def _starts(numbers: Numbers, address: str, age: float) -> bool:
    """Say whether a table has the age at the start; note it where it has not."""
    table = numbers.tables[address][1]
    ages = table["age"]
    whole, start = np.sort(np.asarray(ages, dtype=np.float64)), np.array([age])
    if not outside(whole, start)[0]:
        return True
    row = int(np.argmin(ages)) if age < whole[0] else int(np.argmax(ages))
    found = f"ages {min(ages)} to {max(ages)}, while the cohort is {read(age)} at the start"
    if refused(whole, start)[0]:
        numbers.faults.add(table.place(row, "age").problem(found, "a table with that age", f"used as {address}"))
        return False
    message = f"{table.shown_as} has {found}: the row of age {ages[row]} stands for the ages that it does not have"
    numbers.warnings.append(ModelWarning("table_end", address, message))
    return True


def _left_after(population: Population, numbers: Numbers, last: int) -> float:
    """Return the share of the cohort's general population that outlives the last age of a table; 0 of a whole table."""
    if last >= LAST_AGE:
        return 0.0
    start, female = numbers.model_value(population.start_age), numbers.model_value(population.proportion_female)
    life_table = life_table_at(population.life_table, numbers)
    return _survival(life_table, start, female, max(last + 1 - start, 0.0))


@lru_cache(maxsize=64)
def _survival(life_table: LifeTable, start: float, female: float, years: float) -> float:
    """Return the share of a general population that lives for so many years; scenarios of one run mostly share it."""
    return float(np.exp(-population_cumulative_hazard(life_table, start, female, np.array([years])))[0, 0])


def faults_of_points(table: Table, *, may_end: bool, numbers: Numbers) -> bool:
    """Note rows of which no curve can be made; say whether there are any.

    Parameters
    ----------
    table : Table
        Of kind survival_table.
    may_end : bool
        Whether survival may reach 0.
    numbers : Numbers
        Where faults go.
    """
    before = len(numbers.faults.problems)
    times, survival = table["time"], table["survival"]
    for row, share in enumerate(survival):
        if share == 0.0 and not may_end:
            expected = "survival above 0: the hazard of a tabulated curve that ends at 0 is infinite"
            hint = "leave the row out, or take kaplan_meier, whose curve may fall to 0"
            numbers.faults.add(table.place(row, "survival").problem("0", expected, hint))
            break
    if max(times) == 0.0:
        numbers.faults.add(table.place(0, "time").problem("no time after 0", "at least one"))
    return len(numbers.faults.problems) > before


def ends_of_curve(address: str, curve: Curve, table: Table, horizon: float) -> Iterator[ModelWarning]:
    """Yield what a curve does before the first and after the last row of its table.

    Parameters
    ----------
    address : str
        Of the curve.
    curve : Curve
        Of kaplan_meier or tabulated.
    table : Table
        Its table.
    horizon : float
        In the curve's unit of time.
    """
    times, survival = table["time"], table["survival"]
    unit, file = curve.time_unit, table.shown_as
    first = 1.0 - survival[0]
    if times[0] > 0.0 and first > 0.1:
        how = "its hazard is constant" if curve.family == "tabulated" else "nothing happens"
        words = (
            f"{file} begins at {read(times[0])} {unit} with a survival of {read(survival[0])}: {how} between 0 and then"
        )
        yield ModelWarning("table_end", address, words)
    end, left = times[-1], survival[-1]
    if left <= 0.0:
        return
    if curve.family == "kaplan_meier":
        until = min(curve.tail_from or 0.0, horizon)
        if end < until:
            words = (
                f"{file} ends at {read(end)} {unit}, tail_from is {read(curve.tail_from or 0.0)}: "
                f"survival stays at {read(left)} between "
                f"the two, which adds up to {read(left * (until - end), 3)} {unit} of life"
            )
            yield ModelWarning("table_end", address, words)
    elif end < horizon:
        whole, ahead = [0.0, *times], [1.0, *survival]
        steps = [i for i in range(1, len(whole)) if whole[i] > whole[i - 1]]
        i = steps[-1]
        rate = float(np.log(ahead[i - 1] / ahead[i])) / (whole[i] - whole[i - 1])
        beyond = left * (horizon - end if rate <= 0.0 else -np.expm1(-rate * (horizon - end)) / rate)
        words = (
            f"{file} ends at {read(end)} {unit} with a survival of {read(left)}: "
            f"the hazard of its last interval, {read(rate, 3)} "
            f"per {unit.removesuffix('s')}, goes on to the horizon, which adds {read(beyond, 3)} {unit} of life"
        )
        yield ModelWarning("table_end", address, words)
