"""Utility norms: ages in completed years, the ends of the table, the sexes, the cap."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcea.cohort import norms
from netcea.cohort.mortality import LifeTable, share_of_women
from netcea.cohort.norms import UtilityNorms, capped_level
from netcea.cohort.timeline import person_time_weights, timeline

AGES = np.arange(16, 101)
NORMS = UtilityNorms.from_columns(AGES, 0.95 - AGES / 400.0, 0.92 - AGES / 400.0)
EDGES = timeline(40.0, 28.0).edges
RISK = np.minimum(np.exp(0.1 * (np.arange(101) - 60.0) - 4.5), 1.0)
LIFE = LifeTable.from_columns(np.arange(101), RISK, RISK / 1.5)
"""Men die at one and a half times the women's rate; nobody lives a year from 105."""


def half(edges, correction="trapezium"):
    start, end = {"trapezium": (0.5, 0.5), "start": (1.0, 0.0), "end": (0.0, 1.0)}[correction]
    return start * np.diff(edges), end * np.diff(edges)


def norm_profile(table, age, female, edges, life=LIFE, correction="trapezium"):
    return norms.norm_profile(table, life, age, female, edges, half(edges, correction))


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


def alive(risk, start, t):
    """Share that is alive after t years, year of age by year of age."""
    share, at = 1.0, start
    while at < start + t - 1e-12:
        until = min(math.floor(at + 1e-12) + 1.0, start + t)
        share *= (1.0 - risk[min(math.floor(at + 1e-12), 100)]) ** (until - at)
        at = until
    return share


@pytest.mark.parametrize(("correction", "counted"), [("trapezium", (0.5, 0.5)), ("start", (1, 0)), ("end", (0, 1))])
def test_profile_slow_twin(correction, counted):
    profile = norm_profile(NORMS, 62.3, 0.45, EDGES, correction=correction)
    slow = []
    for start, end in pairwise(EDGES):
        women, men = (
            share * sum(w * alive(risk, 62.3, t) for w, t in zip(counted, (start, end), strict=True))
            for share, risk in ((0.45, RISK / 1.5), (0.55, RISK))
        )
        age = min(math.floor(62.3 + start), 100)
        slow.append((women * (0.92 - age / 400.0) + men * (0.95 - age / 400.0)) / (women + men))
    assert profile.shape == (1, 522)
    assert profile[0] == pytest.approx(slow, rel=1e-10)


def test_the_mix_of_the_sexes_changes_as_men_die_first():
    women = share_of_women(LIFE, 60.0, 0.45, EDGES, half(EDGES))[0]
    assert women[0] == pytest.approx(0.45, abs=1e-3)
    assert np.all(np.diff(women) > 0.0)
    assert women[-1] > 0.8
    for alone in (0.0, 1.0):
        assert np.all(share_of_women(LIFE, 60.0, alone, EDGES, half(EDGES)) == alone)
    equal = LifeTable.from_columns(LIFE.age, RISK, RISK)
    assert share_of_women(equal, 60.0, 0.45, EDGES, half(EDGES)) == pytest.approx(0.45, rel=1e-12)


@pytest.mark.parametrize("correction", ["trapezium", "start", "end"])
def test_the_mix_where_nobody_is_left(correction):
    """All die within a year of age 61: shares of nobody are shares all the same."""
    certain = LifeTable.from_columns([60, 61], [0.1, 1.0], [0.05, 1.0])
    edges = timeline(40.0, 366.0).edges
    women = share_of_women(certain, 60.0, 0.45, edges, person_time_weights(timeline(40.0, 366.0), correction))
    assert np.all((women > 0.4) & (women < 0.6))


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
    assert adjusted[0] == pytest.approx(0.6, rel=1e-4)  # a few men fewer in the middle of the first cycle
    women = share_of_women(LIFE, 60.0, 0.45, EDGES, half(EDGES))[0]
    assert adjusted[-1] == pytest.approx(0.6 * NORMS.at(99.0, women[-1]) / NORMS.at(60.0, 0.45), rel=1e-14)


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
