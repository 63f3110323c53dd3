"""Population survival: published life expectancy, closed forms, and a loop over days of life."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcea.cohort.mortality import LifeTable, cumulative_hazard, life_expectancy, population_cumulative_hazard

FILE = Path(__file__).parents[1] / "reference_data" / "ons_lifetable_england_2018_2020.csv"
EDGES = np.minimum(np.arange(523) * 28 / 365.25, 40.0)


def ons() -> LifeTable:
    """Office for National Statistics, national life tables, England 2018-2020 (Open Government Licence)."""
    with FILE.open(encoding="utf8") as lines:
        rows = list(csv.DictReader(lines))
    return LifeTable.from_columns(*([float(row[name]) for row in rows] for name in ("age", "qx_male", "qx_female")))


ONS = ons()


def slow_survival(table: LifeTable, sex: str, start_age: float, t: float) -> float:
    """Survive year of age by year of age, a part of a year at either end."""
    qx = {"male": table.qx_male, "female": table.qx_female}[sex]
    survival, age, end = 1.0, start_age, start_age + t
    while age < end:
        until = min(math.floor(age) + 1.0, end)
        year = min(math.floor(age), len(qx) - 1)
        survival *= (1.0 - qx[year]) ** (until - age)
        age = until
    return survival


def test_published_life_expectancy():
    assert life_expectancy(ONS, "male") == pytest.approx(79.33, abs=0.1)
    assert life_expectancy(ONS, "female") == pytest.approx(83.12, abs=0.1)


@pytest.mark.parametrize("age", [0.0, 60.0, 60.4, 99.5, 103.2])
def test_life_expectancy_is_the_integral_of_survival(age):
    t = np.linspace(0.0, 150.0, 300_001)
    survival = np.exp(-cumulative_hazard(ONS, "male", age, t))
    assert life_expectancy(ONS, "male", age) == pytest.approx(np.trapezoid(survival, t), rel=1e-6)


@pytest.mark.parametrize("sex", ["male", "female"])
@pytest.mark.parametrize("start_age", [0.0, 59.999, 60.0, 60.5, 98.7, 104.0])
def test_slow_twin(sex, start_age):
    found = np.exp(-cumulative_hazard(ONS, sex, start_age, EDGES))
    slow = [slow_survival(ONS, sex, start_age, t) for t in EDGES]
    assert found == pytest.approx(slow, rel=1e-10)


def test_qx_of_each_year_from_a_birthday():
    t = np.arange(0.0, 41.0)
    survival = np.exp(-cumulative_hazard(ONS, "female", 60.0, t))
    assert 1.0 - survival[1:] / survival[:-1] == pytest.approx(ONS.qx_female[60:100], rel=1e-10)


def test_last_hazard_goes_on():
    h = np.diff(cumulative_hazard(ONS, "male", 100.0, np.arange(0.0, 12.0)))
    assert h == pytest.approx(-math.log(1.0 - ONS.qx_male[100]), rel=1e-12)


def test_mixture_of_the_sexes():
    found = np.exp(-population_cumulative_hazard(ONS, 60.0, 0.45, EDGES))
    male, female = (np.exp(-cumulative_hazard(ONS, sex, 60.0, EDGES)) for sex in ("male", "female"))
    assert found.shape == (1, len(EDGES))
    assert found[0] == pytest.approx(0.45 * female + 0.55 * male, rel=1e-13)
    assert found[0, 0] == 1.0


@pytest.mark.parametrize(("proportion", "sex"), [(0.0, "male"), (1.0, "female")])
def test_one_sex_alone(proportion, sex):
    found = population_cumulative_hazard(ONS, 60.0, proportion, EDGES)
    assert np.array_equal(found[0], cumulative_hazard(ONS, sex, 60.0, EDGES))


def test_certain_death_kills_all_without_infinities():
    table = LifeTable.from_columns([0, 1, 2], [0.0, 1.0, 0.5], [0.0, 0.5, 1.0])
    t = np.arange(0.0, 50.0, 0.25)
    for proportion in (0.0, 0.3, 1.0):
        found = population_cumulative_hazard(table, 0.5, proportion, t)
        assert np.all(np.isfinite(found))
        assert np.all(np.diff(found) >= 0.0)
        assert np.exp(-found[0, 1]) == 1.0
        assert np.exp(-found[0, -1]) < 1e-300
    alive = np.exp(-cumulative_hazard(table, "male", 0.0, np.array([1.0, 2.0])))
    assert alive[0] == 1.0
    assert alive[1] < 1e-300


def test_draws_gather_the_same_numbers():
    age = np.array([[60.0], [65.5], [60.0], [65.5]])
    female = np.array([[0.4], [0.4], [0.4], [0.5]])
    found = population_cumulative_hazard(ONS, age, female, EDGES)
    assert found.shape == (4, len(EDGES))
    for row in range(4):
        alone = population_cumulative_hazard(ONS, age[row : row + 1], female[row : row + 1], EDGES)
        assert np.array_equal(found[row : row + 1], alone)
    assert population_cumulative_hazard(ONS, age[:1].repeat(5, axis=0), 0.4, EDGES).shape == (1, len(EDGES))


@given(st.floats(0.0, 105.0), st.floats(0.0, 1.0))
def test_survival_starts_at_one_and_never_rises(age, female):
    hazard = population_cumulative_hazard(ONS, age, female, EDGES)
    assert hazard[0, 0] == 0.0
    assert np.all(np.diff(hazard) > -1e-15)


@pytest.mark.parametrize(
    ("age", "qx"),
    [
        ([0, 2], [0.1, 0.1]),
        ([0.5, 1.5], [0.1, 0.1]),
        ([0, 1], [0.1, 1.1]),
        ([0, 1], [0.1, -0.1]),
        ([0, 1], [0.1, math.nan]),
        ([0, 1], [0.1]),
        ([], []),
    ],
)
def test_impossible_tables_are_refused(age, qx):
    with pytest.raises(ValueError, match="expected"):
        LifeTable.from_columns(age, qx, qx)


def test_life_expectancy_where_nobody_survives_a_year():
    """All die at once, as a hazard of 708 a year has it; nothing is left to live forever."""
    assert life_expectancy(LifeTable.from_columns(range(101), [1.0] * 101, [1.0] * 101), "male") < 0.01
    assert life_expectancy(LifeTable.from_columns([0, 1], [1.0, 0.0], [1.0, 0.0]), "male") == math.inf
