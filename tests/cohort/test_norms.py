"""Utility norms: ages in completed years, the ends of the table, the sexes, the cap."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcea.cohort.norms import UtilityNorms, capped_level, norm_profile

AGES = np.arange(16, 101)
NORMS = UtilityNorms.from_columns(AGES, 0.95 - AGES / 400.0, 0.92 - AGES / 400.0)
EDGES = np.minimum(np.arange(523) * 28 / 365.25, 40.0)


def test_completed_years_and_the_ends_of_the_table():
    found = NORMS.at(np.array([3.0, 16.0, 60.0, 60.999, 61.0, 100.0, 130.0]), 0.0)
    assert found == pytest.approx([0.91, 0.91, 0.8, 0.8, 0.7975, 0.7, 0.7], rel=1e-12)


def test_an_age_a_rounding_below_a_birthday_has_reached_it():
    assert NORMS.at(np.nextafter(61.0, 0.0), 0.0) == NORMS.at(61.0, 0.0)


@pytest.mark.parametrize("cycle_days", [365.25 / 7, 365.25 / 49, 30.4375])
def test_norm_changes_at_the_birthday_of_any_grid(cycle_days):
    per_year = round(365.25 / cycle_days)
    edges = np.arange(10 * per_year + 1) * cycle_days / 365.25
    profile = norm_profile(NORMS, 60.0, 1.0, edges)[0]
    assert profile == pytest.approx([0.92 - (60 + i // per_year) / 400.0 for i in range(10 * per_year)])


def test_profile_slow_twin():
    profile = norm_profile(NORMS, 62.3, 0.45, EDGES)
    slow = []
    for t in EDGES[:-1]:
        age = min(math.floor(62.3 + t), 100)
        slow.append(0.45 * (0.92 - age / 400.0) + 0.55 * (0.95 - age / 400.0))
    assert profile.shape == (1, 522)
    assert profile[0] == pytest.approx(slow, rel=1e-12)


def test_draws_gather_the_same_numbers():
    age, female = np.array([[60.0], [65.5], [60.0]]), np.array([[0.4], [0.4], [0.5]])
    found = norm_profile(NORMS, age, female, EDGES)
    assert found.shape == (3, 522)
    for row in range(3):
        alone = norm_profile(NORMS, age[row : row + 1], female[row : row + 1], EDGES)
        assert np.array_equal(found[row : row + 1], alone)
    assert norm_profile(NORMS, np.full((4, 1), 60.0), np.full((4, 1), 0.4), EDGES).shape == (1, 522)


def test_age_adjustment_starts_at_the_utility_and_keeps_its_ratio_to_the_norm():
    adjusted = capped_level(0.6, NORMS, 60.0, 0.45) * norm_profile(NORMS, 60.0, 0.45, EDGES)[0]
    assert adjusted[0] == pytest.approx(0.6, rel=1e-14)
    assert adjusted[-1] == pytest.approx(0.6 * NORMS.at(99.0, 0.45) / NORMS.at(60.0, 0.45), rel=1e-14)


@given(st.floats(-0.5, 1.0), st.floats(16.0, 90.0), st.floats(16.0, 90.0), st.floats(0.0, 1.0))
def test_adjusted_utility_never_exceeds_the_norm(utility, age, anchor, female):
    profile = norm_profile(NORMS, age, female, EDGES)
    adjusted = capped_level(utility, NORMS, anchor, female) * profile
    assert np.all(adjusted <= profile)
    uncapped = utility / NORMS.at(anchor, female) * profile
    assert adjusted == pytest.approx(np.minimum(uncapped, profile), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("age", "column"), [([16, 18], [0.9, 0.9]), ([16], [1.1]), ([16, 17], [0.9]), ([16], [math.nan]), ([], [])]
)
def test_impossible_norms_are_refused(age, column):
    with pytest.raises(ValueError, match="expected"):
        UtilityNorms.from_columns(age, column, column)
