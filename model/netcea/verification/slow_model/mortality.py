"""The general population of the slow model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from netcea.arrays import Array
from netcea.cohort.mortality import LifeTable
from netcea.scenario.scenario import Scenario
from netcea.verification.slow_model.cycles import A_MOMENT, cycle_edges, discount_factors, person_time, rates_of

Row: TypeAlias = Mapping[str, float]
"""Address -> value. [years, per year, GBP]"""
OLDEST: Final = 110.0
"""Age at which the general population's QALYs end. [years]"""
NOBODY: Final = -math.log(2.2250738585072014e-308)
"""Hazard of a year in which everybody dies: what is left is the smallest number that there is. [per year]"""


def table_lookup(ages: Sequence[float] | Array, column: Sequence[float] | Array, age: float) -> float:
    """Value of a table by whole years of age; before its first and beyond its last age the nearest."""
    k = math.floor(age + A_MOMENT) - int(ages[0])
    return float(column[min(max(k, 0), len(column) - 1)])


@lru_cache(maxsize=4096)
def hazard_of_one_sex(life_table: LifeTable, sex: str, start_age: float, t: float) -> float:
    """Cumulative hazard between start_age and start_age + t: -ln(1 - qx) constant within each year of age."""
    qx = life_table.qx_female if sex == "female" else life_table.qx_male
    end, total = start_age + t, 0.0
    last = len(qx) - 1
    first_year, last_year = (min(max(math.floor(a - float(life_table.age[0])), 0), last) for a in (start_age, end))
    for j in range(first_year, last_year + 1):
        age = float(life_table.age[j])
        begins = -math.inf if j == 0 else age
        finishes = math.inf if j == last else age + 1.0
        years = min(end, finishes) - max(start_age, begins)
        if years > 0.0:
            total += (-math.log1p(-float(qx[j])) if qx[j] < 1.0 else NOBODY) * years
    return total


def general_population(scenario: Scenario, row: Row) -> tuple[float, float]:
    """Discounted QALYs and life years: each sex on the model's grid until age 110, then averaged."""
    settings, population = scenario.file.settings, scenario.file.population
    age, p = row[population.start_age], row[population.proportion_female]
    edges = cycle_edges(OLDEST - age, settings.cycle_days)
    factor = discount_factors(edges, rates_of(settings, "qalys"), settings.discounting)
    norms = scenario.severity_norms
    qalys = years = 0.0
    for sex, share, norm in (("female", p, norms.female), ("male", 1.0 - p, norms.male)):
        alive = [math.exp(-hazard_of_one_sex(scenario.life_table, sex, age, t)) for t in edges]
        lived = person_time(edges, alive, settings.half_cycle_correction)
        for i in range(len(lived)):
            years += share * factor[i] * lived[i]
            qalys += share * factor[i] * lived[i] * table_lookup(norms.age, norm, age + edges[i])
    return qalys, years
