"""Rules on tables: a life table's ages in order, norms that go smoothly with age, the two sexes told apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
from netcea.plain_number import read
from netcea.plausibility.facts import Doubt, Facts

FROM_AGE: Final = 40
"""Age from which mortality rises from year to year in every national life table. [years]"""
BESIDE: Final = 1.4
"""How many times the geometric mean of both neighbours a probability of dying may be, or its inverse; 0.9 to 1.2 in the
shipped tables."""
STEP: Final = 0.1
"""By how much norms may change between two ages; those by bands of ages step by 0.08 in shipped tables. [utility]"""


def tables(facts: Facts) -> Iterator[Doubt]:
    """Yield ages of a life table and of norms that do not go with their neighbours, and sexes that are not told apart.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    population = facts.scenario.file.population
    for text in _of_life_table(facts.scenario.life_table):
        yield population.life_table, text
    for text in _of_norms(facts.scenario.severity_norms):
        yield population.norms, text


def _of_life_table(table: LifeTable) -> Iterator[str]:
    for sex, column in (("male", table.qx_male), ("female", table.qx_female)):
        age = _out_of_line(table.age, column)
        if age is not None:
            i = int(np.flatnonzero(table.age == age)[0])
            around = " and ".join(read(float(column[k])) for k in (i - 1, i + 1))
            found = f"the probability of dying at {read(age)} ({sex}) is {read(float(column[i]))}"
            yield f"{found}, of its neighbours {around}: is a decimal point misplaced, or are rows exchanged?"
    if len(table.age) > 1 and np.array_equal(table.qx_male, table.qx_female):
        yield "men and women die alike at every age: is one column that of the other sex, or of both?"


def _out_of_line(ages: Array, column: Array) -> float | None:
    """Return the first age from 40 on whose probability is far from what both neighbours have; the last may be 1."""
    inner = np.flatnonzero((ages[1:-1] >= FROM_AGE) & (column[2:] < 1.0)) + 1
    middle = np.sqrt(column[inner - 1] * column[inner + 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        times = column[inner] / middle
    wrong = inner[(times > BESIDE) | (times < 1.0 / BESIDE)]
    if not len(wrong):
        return None
    worst = max(
        wrong.tolist(), key=lambda i: abs(np.log(max(column[i], 1e-12) / np.sqrt(column[i - 1] * column[i + 1])))
    )
    return float(ages[worst])


def _of_norms(norms: UtilityNorms) -> Iterator[str]:
    for sex, column in (("male", norms.male), ("female", norms.female)):
        steps = np.abs(np.diff(column))
        if len(steps) and float(steps.max()) > STEP:
            i = int(np.argmax(steps))
            values = f"{read(float(column[i]))} and {read(float(column[i + 1]))}"
            text = f"norms of {values} at {read(float(norms.age[i]))} and {read(float(norms.age[i + 1]))} ({sex})"
            yield f"{text}: a year of age changes them by less; was one mistyped?"
    if len(norms.age) > 1 and float(np.mean(norms.female - norms.male)) > 0.0:
        yield "women's norms are above men's, as in no survey of EQ-5D: are the columns of the sexes exchanged?"
