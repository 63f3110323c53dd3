"""Severity: boundaries in exact arithmetic, the flips, and the general population against a loop."""

import csv
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
from netcea.decision.severity import general_population, severity_weight, shortfall
from netcea.scenario.method_pack import MethodPack, SeverityRules

RULES = SeverityRules((12.0, 18.0), (0.85, 0.95), (1.0, 1.2, 1.7))
FILE = Path(__file__).parents[1] / "reference_data" / "ons_lifetable_england_2018_2020.csv"
AGES = np.arange(16, 101)
NORMS = UtilityNorms.from_columns(AGES, 0.98 - AGES / 400.0, 0.95 - AGES / 400.0)
MODEL = (28.0, "trapezium", "mid_cycle", 0.035)


def ons() -> LifeTable:
    with FILE.open(encoding="utf8") as lines:
        rows = list(csv.DictReader(lines))
    columns = ([float(row[name]) for row in rows] for name in ("age", "qx_male", "qx_female"))
    return LifeTable.from_columns(*columns)


ONS = ons()


@pytest.mark.parametrize(
    ("general", "current", "weight"),
    [
        (13.7, 1.7, 1.7 if 12.0 / 13.7 >= 0.95 else 1.2),
        (30.0, 18.0, 1.2),
        (30.1, 18.1, 1.2),
        (29.9, 17.9, 1.2),
        (30.0, 18.0 + 1e-9, 1.0),
        (30.0, 12.0, 1.7),
        (30.1, 12.1, 1.7),
        (30.0, 12.0 + 1e-9, 1.2),
        (10.0, 1.5, 1.2),
        (10.38, 1.557, 1.2),
        (9.2, 1.38, 1.2),
        (10.38, 1.557 + 1e-9, 1.0),
        (10.0, 0.5, 1.7),
        (9.2, 0.46, 1.7),
        (9.2, 0.46 + 1e-9, 1.2),
    ],
)
def test_exactly_on_a_boundary_takes_the_higher_weight(general, current, weight):
    assert shortfall(general, current, RULES).severity_weight == weight


def test_rounding_below_the_boundary_counts_as_on_it():
    pairs = [(q / 100, 0.15 * (q / 100)) for q in range(1, 1400)]
    below = [(general, current) for general, current in pairs if (general - current) / general < 0.85]
    assert below  # without a tolerance these would have the lower weight
    for general, current in below:
        assert shortfall(general, current, RULES).severity_weight == 1.2
    pairs = [(q / 100, (q - 1200) / 100) for q in range(1500, 4000)]
    below = [(general, current) for general, current in pairs if general - current < 12.0]
    assert below
    for general, current in below:
        assert shortfall(general, current, RULES).severity_weight == 1.2
    assert severity_weight(1.0, 1.0 - 0.8499999999999999, RULES) == 1.2


@given(st.integers(1, 4000), st.integers(0, 4000))
def test_weights_in_exact_arithmetic(general, current):
    absolute, proportional = Fraction(general - current, 100), Fraction(general - current, general)
    level = max(sum(absolute >= cut for cut in (12, 18)), sum(proportional >= Fraction(cut, 100) for cut in (85, 95)))
    found = shortfall(general / 100, current / 100, RULES)
    assert found.severity_weight == RULES.weights[level]
    assert found.severity_weight == max(found.weight_absolute, found.weight_proportional)
    assert severity_weight(general / 100, current / 100, RULES) == found.severity_weight


@given(st.floats(0.5, 35.0), st.floats(0.0, 35.0))
def test_the_weight_flips_where_it_is_said_to(general, current):
    found = shortfall(general, current, RULES)

    def at(qalys):
        return shortfall(general, qalys, RULES).severity_weight

    if found.qalys_for_higher_weight is None:
        assert found.severity_weight == 1.7
    else:
        assert found.qalys_for_higher_weight <= current
        assert at(found.qalys_for_higher_weight) > found.severity_weight
        assert at(found.qalys_for_higher_weight + 1e-6 * general) <= max(found.severity_weight, 1.0)
    if found.qalys_for_lower_weight is None:
        assert found.severity_weight == 1.0
    else:
        assert current <= found.qalys_for_lower_weight + 1e-13 * general
        assert at(found.qalys_for_lower_weight) >= found.severity_weight
        assert at(found.qalys_for_lower_weight + 1e-6 * general) < found.severity_weight


def test_distances_to_the_nearest_boundaries():
    found = shortfall(10.0, 1.7, RULES)
    assert found.absolute_shortfall == pytest.approx(8.3)
    assert found.distance_absolute == pytest.approx(3.7)
    assert found.distance_proportional == pytest.approx(0.02)
    assert found.next_boundary == "proportional shortfall 0.85"
    assert (found.qalys_for_higher_weight, found.qalys_for_lower_weight) == (pytest.approx(1.5), None)
    above = shortfall(25.0, 6.5, RULES)
    assert above.distance_absolute == pytest.approx(-0.5)
    assert above.next_boundary == "absolute shortfall 18 QALYs"


def test_current_care_better_than_the_population():
    found = shortfall(10.0, 11.0, RULES)
    assert (found.absolute_shortfall, found.severity_weight) == (-1.0, 1.0)
    assert found.proportional_shortfall == pytest.approx(-0.1)
    assert found.qalys_for_higher_weight == pytest.approx(1.5)


def test_no_qalys_to_lose_is_refused():
    with pytest.raises(ValueError, match="expected more than 0"):
        shortfall(0.0, 0.0, RULES)


def test_weights_of_draws():
    general, current = np.array([10.0, 10.38, 30.1, 20.0]), np.array([2.0, 1.557, 12.1, 8.0 + 1e-6])
    assert severity_weight(general, current, RULES).tolist() == [1.0, 1.2, 1.7, 1.0]


@pytest.mark.parametrize(
    ("correction", "discounting"), [("trapezium", "mid_cycle"), ("start", "annual"), ("end", "cycle_start")]
)
def test_general_population_slow_twin(correction, discounting):
    age, days, rate = 64.5, 91.0, 0.035
    qalys = years = 0.0
    for share, qx, norm in ((0.4, ONS.qx_female, NORMS.female), (0.6, ONS.qx_male, NORMS.male)):
        survival, t = 1.0, 0.0
        cycle = 0
        while t < 110.0 - age:
            cycle += 1
            end = min(cycle * days / 365.25, 110.0 - age)
            later, at = survival, age + t
            while at < age + end - 1e-12:
                until = min(math.floor(at + 1e-12) + 1.0, age + end)
                later *= (1.0 - qx[min(math.floor(at + 1e-12), 100)]) ** (until - at)
                at = until
            counted = {"trapezium": (survival + later) / 2, "start": survival, "end": later}[correction]
            when = {"mid_cycle": (t + end) / 2, "cycle_start": t, "annual": math.floor(t)}[discounting]
            person_time = (end - t) * counted / (1.0 + rate) ** when
            years += share * person_time
            qalys += share * person_time * norm[min(math.floor(age + t), 100) - 16]
            survival, t = later, end
    found = general_population(ONS, NORMS, [(age, 1.0)], 0.4, days, correction, discounting, rate)
    assert found == pytest.approx((qalys, years), rel=1e-10)


def test_ages_are_averaged_after_not_before():
    young, old = (general_population(ONS, NORMS, [(age, 1.0)], 0.45, *MODEL) for age in (40.0, 80.0))
    both = general_population(ONS, NORMS, [(40.0, 1.0), (80.0, 3.0)], 0.45, *MODEL)
    assert both == pytest.approx([(a + 3 * b) / 4 for a, b in zip(young, old, strict=True)], rel=1e-14)
    at_mean_age = general_population(ONS, NORMS, [(70.0, 1.0)], 0.45, *MODEL)
    assert abs(both[0] - at_mean_age[0]) > 0.1


def test_sexes_are_averaged():
    women, men = (general_population(ONS, NORMS, [(60.0, 1.0)], p, *MODEL) for p in (1.0, 0.0))
    both = general_population(ONS, NORMS, [(60.0, 1.0)], 0.45, *MODEL)
    assert both == pytest.approx([0.45 * w + 0.55 * m for w, m in zip(women, men, strict=True)], rel=1e-14)
    assert women[1] > men[1]


@pytest.mark.parametrize("ages", [[], [(60.0, 0.0)], [(110.0, 1.0)]])
def test_impossible_ages_are_refused(ages):
    with pytest.raises(ValueError, match="expected ages below 110"):
        general_population(ONS, NORMS, ages, 0.45, *MODEL)


@pytest.mark.parametrize(
    "rules", [((12.0,), (0.85, 0.95), (1.0, 1.2)), ((), (), (1.0,)), ((18.0, 12.0), (0.85, 0.95), (1.0, 1.2, 1.7))]
)
def test_impossible_rules_are_refused(rules):
    with pytest.raises(ValueError, match="expected"):
        SeverityRules(*rules)


def test_a_pack_is_frozen_data():
    pack = MethodPack("nice", (25_000.0, 35_000.0), 0.035, 0.035, RULES, valid_from="2026-03")
    with pytest.raises(AttributeError):
        pack.name = "other"
